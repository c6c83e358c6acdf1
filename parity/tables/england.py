"""England's tables: files that publishers gave out, taken in edition by edition beside those that are there."""

from functools import cache, partial
from hashlib import sha256
from pathlib import Path

import polars as pl

from parity.assumptions.ethnic_risks import ethnic_risks
from parity.assumptions.projection_errors import projection_errors
from parity.assumptions.reference_rates import reference_rates
from parity.sources.shelf import SHELF, publication_of, read_edition
from parity.tables.desk import Desk, Offered, offer_table
from parity.tables.figures import AREAS
from parity.tables.store import ENGLAND_SCOPE, Store
from parity.terms.areas import ENGLAND, kind_of
from parity.terms.derived import DERIVED, Derived
from parity.terms.errors import NotFound
from parity.terms.indicator import Indicator
from parity.terms.publication import Publication
from parity.terms.release import ID_LENGTH, Release

NAMES = ("area", "name", "kind", "within")
"""The columns of the table of areas: code, name, kind, and the code of the area above where that is known."""
ELSEWHERE = r"^[^E]\d{8}$"
"""Codes of areas outside England, which several publications list beside its own."""


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
        lookup=publication.lookup,
    )
    store.add(frame.sort("area", maintain_order=True) if publication.by_area else frame, release)
    return release


def recognised(file: Path) -> Publication:
    """The publication that a file is of, by its name. Raises NotFound where the name tells of none."""
    found = publication_of(file)
    if found is None:
        raise NotFound(f"{file.name} has no name by which it is known: say which publication it is of.")
    return found


def compute_tables(store: Store) -> list[str]:
    """The stems of the tables that are computed from England's, each computed now, so that no reader waits for it."""
    desk = Desk(store, ENGLAND_SCOPE)
    return [stem for stem in DERIVED if desk.table(stem) is not None]


def _areas(**tables: pl.DataFrame) -> pl.DataFrame:
    """Every area that a publication names, once: by the last of its names, of those that are not all in capitals."""
    parts = [
        frame.select(
            area=pl.col(naming.code).cast(pl.String),
            name=pl.col(naming.name).cast(pl.String).str.strip_chars(),
            kind=pl.lit(naming.kind),
            within=pl.col(naming.within) if naming.within else pl.lit(None, dtype=pl.String),
        ).unique(maintain_order=True)
        for stem, frame in tables.items()
        for naming in SHELF[stem].names
    ]
    country = pl.DataFrame([(ENGLAND, "England", "country", None)], schema=parts[0].schema, orient="row")
    listed = pl.concat([*parts, country]).drop_nulls(["area", "name"]).filter(~pl.col("area").str.contains(ELSEWHERE))
    named = listed.group_by("area", maintain_order=True)
    written = pl.col("name").filter(pl.col("name") != pl.col("name").str.to_uppercase()).last()
    last = named.agg(
        written.fill_null(pl.col("name").last()), pl.col("kind").last(), pl.col("within").drop_nulls().last()
    )
    kinds = [kind_of(code, kind) for code, kind in last.select("area", "kind").iter_rows()]
    return last.with_columns(kind=pl.Series(kinds, dtype=pl.String)).select(NAMES).sort("area")


DERIVED[AREAS] = Derived(
    stem=AREAS,
    words="Every area that a publication names: code, name, kind, and the area above",
    version=2,
    by_area=False,
    tables=(),
    optional_tables=tuple(stem for stem, publication in SHELF.items() if publication.names),
    assumptions=(),
    function=_areas,
)


def is_of_england(definition: Indicator) -> bool:
    """True where an indicator rests on what is published and adopted alone: it speaks of any place in England."""
    return bool(definition.tables) and set(definition.tables) <= {*SHELF, *DERIVED, *HOUSE_TABLES}


HOUSE_TABLES = {
    "reference_rates": reference_rates,
    "projection_errors": projection_errors,
    "ethnic_risks": ethnic_risks,
}
"""Tables of numbers that we adopt, which indicators read as they read what is published."""


@cache
def _house_table(stem: str) -> Offered:
    """A table of numbers that we adopt, with a release that follows from its content."""
    frame = HOUSE_TABLES[stem]()
    digest = sha256(frame.write_csv().encode()).hexdigest()
    words = f"Parity’s {stem.replace('_', ' ')}"
    release = Release(stem, ENGLAND_SCOPE, digest[:ID_LENGTH], digest, "", "", frame.height, credit=words)
    return frame, release


for _stem in HOUSE_TABLES:
    offer_table(_stem, partial(lambda stem, scope, viewer: _house_table(stem), _stem))
