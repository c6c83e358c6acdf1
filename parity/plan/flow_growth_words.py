"""What a chapter tells of arrivals that grow with need: with whom, and how many are expected first and last."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from parity.documents.figure_tables import joined, place_words
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.methods.flow_growth import last_year
from parity.plan.flow_growth import GROWS_WITH, rows_named
from parity.tables import Desk
from parity.terms.figure import Figure

HEADS = ("Arrivals to", "Grow with", "Years", "People in the first", "People in the last", "Source", "Place")
RULE = (
    "These arrivals hold as stated in the model’s first month. From then on they are as many times that as people "
    "expected in a month are of those expected in the first. Each projection is of the middle of a year; between two "
    "of them people lie on a straight line. Where projections have a band, each draw of them meets the same draw of "
    "the model. A change that sets arrivals to a number holds as it is told; one that multiplies or raises them builds "
    "on what has grown."
)


def growth_blocks(desk: Desk, model: Mapping[str, Any], numbers: pl.DataFrame, *, slug: str) -> list[Block]:
    """What arrivals of a model grow with, by the rows of its numbers; nothing where none grow."""
    grown = numbers.filter(pl.col(GROWS_WITH).is_not_null())
    ahead = desk.table("need_ahead") if grown.height else None
    if ahead is None:
        return []
    here = ahead[0].filter(area=model["area"])
    rows = [_row(desk, model, row, rows_named(row[GROWS_WITH], here)) for row in grown.to_dicts()]
    caption = f"What arrivals grow with, {model['model']}"
    table = joined(f"growth-{slug}", caption, HEADS, [row for row in rows if row])
    return [Heading("Arrivals that grow with need", 4), Paragraph((RULE,)), table] if table.rows else []


def _row(desk: Desk, model: Mapping[str, Any], row: Mapping[str, Any], told: pl.DataFrame) -> tuple[Cell, ...]:
    """One number that grows; nothing where it cannot, as several sources tell or not of all the model's years."""
    first, last = model["starts"].year, last_year(model["starts"], months=model["months"])
    years = told["period"].cast(pl.Int64)
    before, after = years.filter(years <= first), years.filter(years >= last)
    if told["rate_source"].n_unique() > 1 or before.is_empty() or after.is_empty():
        return ()
    ends = [str(before.max()), str(after.min())]
    by_year = {one["period"]: one for one in told.to_dicts()}
    people = [_figure(desk, by_year[year]) for year in ends]
    cited = row["source"] or "not said", place_words(row["place"] or "") or "–"
    return (row["setting"], row[GROWS_WITH], " to ".join(dict.fromkeys(ends)), *people, *cited)


def _figure(desk: Desk, told: Mapping[str, Any]) -> Figure:
    """The figure of stage one that tells of these people."""
    where = {name: told[name] for name in ("area", "period", "condition")}
    if told["is_own"]:
        return desk.figures("people_forecast").one(**where, estimate_source=told["rate_source"])
    return desk.figures("people_expected").one(**where, rate_source=told["rate_source"])
