"""What the verbs on official files do: downloaded, taken in, and listed with who publishes them."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from parity.sources.reading.fetching import fetch
from parity.sources.shelf import SHELF, publication, publication_of
from parity.tables import ENGLAND_SCOPE, Store, compute_tables, recognised, take_edition
from parity.terms.errors import NotFound, ParityError
from parity.terms.publication import Publication
from parity.terms.release import Release

NOT_READ = "not read yet"


def import_files(given: Namespace) -> int:
    """0 where every file was taken in; 2 where one was refused, whose sentence is printed. The others are kept."""
    store, refused = Store(settings.PARITY_HOME), 0
    for file, source in _files(given.what):
        try:
            release = take_edition(store, source or recognised(file), file, at=_now())
        except ParityError as error:
            refused += 1
            print(error)
            continue
        print(f"{file.name}: {release.stem}, {release.edition}, {release.rows} rows.")
    print("Computing what rests on it …")
    print(f"Computed: {', '.join(compute_tables(store)) or 'nothing'}.")
    return 2 if refused else 0


def _files(what: Sequence[str]) -> Iterator[tuple[Path, Publication | None]]:
    """Each file to be read, with its publication where one was named; of a folder the files that are known by name."""
    named = publication(what[0]) if what[0] in SHELF and len(what) > 1 else None
    for place in map(Path, what[1:] if named else what):
        if not place.exists():
            raise NotFound(f"There is no file and no publication called {place}; `parity sources` lists publications.")
        if place.is_dir():
            yield from ((file, None) for file in sorted(place.rglob("*")) if publication_of(file) is not None)
        else:
            yield place, named


def fetch_file(given: Namespace) -> int:
    """0; the publication's file was downloaded into the folder. Raises NotFound where that must be done by hand."""
    file = fetch(publication(given.stem), Path(given.into))
    print(f"{file}\nNow say: parity import {given.stem} {file}")
    return 0


def list_sources(given: Namespace) -> int:
    """0; every publication is printed: stem, publisher, title, licence, address, and the editions that were read."""
    listed: dict[str, list[Release]] = {stem: [] for stem in SHELF}
    for release in Store(settings.PARITY_HOME).listed(ENGLAND_SCOPE):
        listed.setdefault(release.stem, []).append(release)
    for stem, source in SHELF.items():
        editions = ", ".join(sorted(release.edition for release in listed[stem])) or NOT_READ
        print(f"{stem}\n  {source.publisher}: {source.title}\n  {source.licence}; {source.frequency}")
        print(f"  {source.address}\n  Read: {editions}")
    return 0


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")
