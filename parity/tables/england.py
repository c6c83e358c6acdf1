"""England's tables: files that publishers gave out, taken in edition by edition beside those that are there."""

from hashlib import sha256
from pathlib import Path

from parity.sources.reading.shelf import publication_of, read_edition
from parity.tables.store import ENGLAND_SCOPE, Store
from parity.terms.errors import NotFound
from parity.terms.publication import Publication
from parity.terms.release import ID_LENGTH, Release


def take_edition(store: Store, publication: Publication, file: Path, *, at: str) -> Release:
    """The release that a publisher's file is now, in place of an earlier file of the same edition.

    `at` is the instant of reading. Raises SourceChanged, and keeps nothing, where the layout is not the one known;
    OSError where the file cannot be read.
    """
    digest = sha256(file.read_bytes()).hexdigest()
    name, frame = read_edition(publication, file)
    release = Release(
        stem=publication.stem,
        scope=ENGLAND_SCOPE,
        id=digest[:ID_LENGTH],
        sha256=digest,
        address=publication.address,
        at=at,
        rows=frame.height,
        edition=name,
        credit=publication.credit,
        by_area=publication.by_area,
    )
    store.add(frame.sort("area", maintain_order=True) if publication.by_area else frame, release)
    return release


def recognised(file: Path) -> Publication:
    """The publication that a file is of, by its name. Raises NotFound where the name tells of none."""
    found = publication_of(file)
    if found is None:
        raise NotFound(f"{file.name} has no name by which it is known: say which publication it is of.")
    return found
