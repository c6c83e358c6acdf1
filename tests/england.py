"""A small England: two councils in one county, one beside it, four small areas, three ages; enough for every profile.

Northton and Southton make up the county Shire; Seaton stands alone. The health body Inland has Northton, and half of
Southton; Coast the rest. Who is counted follows from the letters, so that totals can be told in the head.
"""

import atexit
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path

import polars as pl

from parity.sources.shelf import SHELF
from parity.tables import ENGLAND_SCOPE, Desk, Store, compute_tables
from parity.terms.release import Release
from tests.given import READ_AT

NORTHTON, SOUTHTON, SEATON, SHIRE = "E07000001", "E07000002", "E06000001", "E10000001"
REGION, ENGLAND, INLAND, COAST = "E12000001", "E92000001", "E54000001", "E54000002"
PLACES = {NORTHTON: "Northton", SOUTHTON: "Southton", SEATON: "Seaton"}
NEIGHBOURS = {"lower": PLACES, "upper": {SHIRE: "Shire", SEATON: "Seaton"}}
SMALL = {"E01000001": NORTHTON, "E01000002": SOUTHTON, "E01000003": SOUTHTON, "E01000004": SEATON}
HEALTH = {"E01000001": INLAND, "E01000002": INLAND, "E01000003": COAST, "E01000004": COAST}
AGES = range(91)
YEARS = ("2018", "2026", "2036", "2043")
EDITION = {"edition": "2024"}


def _small_areas() -> pl.DataFrame:
    rows = [
        {
            "area": code,
            "area_name": f"Small {code[-1]}",
            "ward": f"E0500000{code[-1]}",
            "ward_name": f"Ward {code[-1]}",
            "council": council,
            "council_name": PLACES[council],
            **EDITION,
        }
        for code, council in SMALL.items()
    ]
    return pl.DataFrame(rows)


def _health() -> pl.DataFrame:
    rows = [
        {
            "area": code,
            "sub_icb": icb.replace("E54", "E38"),
            "sub_icb_name": f"Sub {icb[-1]}",
            "icb": icb,
            "icb_name": {INLAND: "NHS Inland", COAST: "NHS Coast"}[icb],
            "lsoa_year": "2021",
            **EDITION,
        }
        for code, icb in HEALTH.items()
    ]
    return pl.DataFrame(rows)


def _people() -> pl.DataFrame:
    """Ten women and ten men of each age in each council in 2018, one more each in every later year shown."""
    rows = [
        {
            "edition": "2018-based",
            "area": council,
            "area_name": PLACES[council],
            "period": year,
            "sex": sex,
            "age": age,
            "people": 10 + place,
        }
        for (place, year), council, sex, age in product(enumerate(YEARS), PLACES, ("female", "male"), AGES)
    ]
    return pl.DataFrame(rows, schema_overrides={"age": pl.Int16})


def _square(left: float) -> str:
    ring = [[left, 52], [left + 1, 52], [left + 1, 53], [left, 53], [left, 52]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def tables() -> Mapping[str, pl.DataFrame]:
    """Each table of the small England by its stem."""
    groups = {"White: British": 6, "Asian: Indian": 4}
    return {
        "lsoa_wards": _small_areas(),
        "lsoa_health": _health(),
        "lsoa_changes": pl.DataFrame(
            [
                {"area_2011": code, "area": code, "change": "unchanged", "council": council}
                for code, council in SMALL.items()
            ]
        ),
        "census_disability": pl.DataFrame(
            [
                {"area": code, "period": "2021", "disability": disability, "people": people}
                for code, (disability, people) in product(SMALL, {"disabled": 20, "not disabled": 80}.items())
            ]
        ),
        "population_small_areas": pl.DataFrame(
            [
                {"edition": "mid-2020", "area": code, "period": "2020", "age": age, "people": 5}
                for code, age in product(SMALL, AGES)
            ],
            schema_overrides={"age": pl.Int16},
        ),
        "population_projections": _people(),
        "council_counties": pl.DataFrame(
            [
                {
                    "area": code,
                    "area_name": name,
                    "county": None if code == SEATON else SHIRE,
                    "upper_tier": SEATON if code == SEATON else SHIRE,
                    "upper_tier_name": "Seaton" if code == SEATON else "Shire",
                    **EDITION,
                }
                for code, name in PLACES.items()
            ]
        ),
        "council_regions": pl.DataFrame(
            [
                {"area": code, "area_name": name, "region": REGION, "region_name": "The Region", **EDITION}
                for code, name in PLACES.items()
            ]
        ),
        "census_ethnicity": pl.DataFrame(
            [
                {"area": code, "period": "2021", "ethnic_group": group, "people": people * (2 if code == SEATON else 1)}
                for code, (group, people) in product(PLACES, groups.items())
            ]
        ),
        "census_religion": pl.DataFrame(
            [{"area": code, "period": "2021", "religion": "No religion", "people": 10} for code in PLACES]
        ),
        "census_ethnicity_small_areas": pl.DataFrame(
            [
                {"area": code, "period": "2021", "broad_group": group, "people": people}
                for code, (group, people) in product(SMALL, {"White": 7, "Asian": 3}.items())
            ]
        ),
        "deprivation": pl.DataFrame(
            [
                {
                    "edition": "2025",
                    "area": code,
                    "domain": "imd",
                    "domain_name": "multiple deprivation",
                    "score": 10.0 * place,
                    "rank": place,
                    "decile": place,
                }
                for place, code in enumerate(SMALL, start=1)
            ]
        ),
        "nearest_neighbours": pl.DataFrame(
            [
                {
                    "edition": "2025",
                    "tier": tier,
                    "area": code,
                    "area_name": name,
                    "place": place,
                    "neighbour": other,
                    "distance": 1.5 * place,
                }
                for tier, known in NEIGHBOURS.items()
                for code, name in known.items()
                for place, other in enumerate((each for each in known if each != code), start=1)
            ]
        ),
        "boundaries": pl.DataFrame(
            [
                {
                    "edition": "2024 council",
                    "layer": "council",
                    "area": code,
                    "area_name": name,
                    "geometry": _square(float(place)),
                }
                for place, (code, name) in enumerate(PLACES.items())
            ]
        ),
    }


def completed(frame: pl.DataFrame, stem: str) -> pl.DataFrame:
    """The frame with every column of its publication; those that it leaves out are empty."""
    types = SHELF[stem].types
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in types.items()
    )


def _published(changed: Mapping[str, pl.DataFrame | None]) -> Iterator[tuple[pl.DataFrame, Release]]:
    for stem, given in {**tables(), **changed}.items():
        if given is not None:
            frame = completed(given, stem)
            digest = sha256(frame.write_json().encode()).hexdigest()
            told = {"credit": SHELF[stem].credit, "by_area": SHELF[stem].by_area, "lookup": SHELF[stem].lookup}
            yield (
                frame,
                Release(stem, ENGLAND_SCOPE, digest[:8], digest, "", READ_AT, frame.height, edition="1", **told),
            )


@cache
def _whole() -> Path:
    """A home with the small England and all that is computed from it, made once for all tests of a process."""
    home = Path(tempfile.mkdtemp(prefix="parity-small-england-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    Store(home).save(ENGLAND_SCOPE, _published({}))
    compute_tables(Store(home))
    return home


def take_in(store: Store, **changed: pl.DataFrame | None) -> Desk:
    """England's desk over the small England, with tables changed, or left out for None."""
    shutil.copytree(_whole() / "tables", store.home / "tables", dirs_exist_ok=True)
    if changed:
        store.save(ENGLAND_SCOPE, _published(changed))
    return Desk(store, ENGLAND_SCOPE)
