"""A few published measures of four councils, a service and England, in the shape in which they rest."""

from pathlib import Path
from typing import Any

import polars as pl

from parity.analyse.published import ADULTS_IN_FOUR, BEGUN, RELIABLY, SELF_HARM, SERIOUS_REGISTER, SHAPE
from parity.methods.intervals import wilson
from parity.tables import Desk
from parity.terms.areas import ENGLAND, Area, Place
from tests.stages.analyse.frames import desk, table

COUNCILS = {"E10000001": "Ashire", "E10000002": "Beeshire", "E10000003": "Ceeshire", "E10000004": "Deeshire"}
SERVICE = "RXY"
ASHIRE = Place(
    Area("E10000001", "Ashire", "county"),
    (Area("E10000002", "Beeshire", "county"), Area("E10000003", "Ceeshire", "county")),
    "2026",
)
MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


def line(area: str, measure: str, value: float | None, **more: Any) -> dict[str, Any]:
    missing = None if value is not None else "Not published."
    return {"area": area, "period": "2024/25", "measure": measure, "value": value, "missing": missing, **more}


def shares(area: str, measure: str, count: int, of: int, **more: Any) -> dict[str, Any]:
    return line(area, measure, count / of, count=count, of=of, **more)


def measured(*lines: dict[str, Any]) -> pl.DataFrame:
    limits = wilson("count", "of", confidence=0.95)
    return pl.DataFrame(list(lines), schema=SHAPE).with_columns(*limits)


EVERYWHERE = (*COUNCILS, ENGLAND)
_ADMITTED = zip(EVERYWHERE, (150.0, 100.0, 150.0, None, 140.0), ("worse", "better", None, None, None), strict=True)
HARM = [line(code, SELF_HARM, value, compared=told) for code, value, told in _ADMITTED]
_SEEN = zip(EVERYWHERE, (300, 200, 210, 190, 225), strict=True)
SOON = [shares(code, ADULTS_IN_FOUR, count, 400) for code, count in _SEEN]
_LISTED = zip(EVERYWHERE, (90, 80, 85, 70, 85), strict=True)
REGISTER = [shares(code, SERIOUS_REGISTER, count, 10_000) for code, count in _LISTED]
OLD = [shares("E10000001", ADULTS_IN_FOUR, 100, 400) | {"period": "2023/24"}]
SERIES = [
    *(shares(SERVICE, RELIABLY, 50 + place % 2 + (30 if place > 20 else 0), 100) | {"period": month}
      for place, month in enumerate(MONTHS)),
    *(line(ENGLAND, BEGUN, 1000.0 + place % 3, period=month) for place, month in enumerate(MONTHS)),
    line("E10000002", BEGUN, 5.0, period="2025-12"),
]  # fmt: skip
OFFICIAL = measured(*HARM, *SOON, *REGISTER, *OLD, *SERIES)
AREAS = table(
    "areas",
    *({"area": code, "name": name, "kind": "county"} for code, name in COUNCILS.items()),
    {"area": ENGLAND, "name": "England", "kind": "country"},
    {"area": SERVICE, "name": "A trust", "kind": "provider"},
)
RELATED = pl.DataFrame({"area": ["E10000001", "E10000001"], "related": ["E10000004", SERVICE]})


def measured_desk(home: Path, **more: pl.DataFrame) -> Desk:
    """A desk that has these measures, the areas' names and what lies around Ashire, or other tables of these names."""
    return desk(home, **{"official_measures": OFFICIAL, "areas": AREAS, "related_areas": RELATED} | more)
