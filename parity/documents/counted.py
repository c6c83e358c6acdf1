"""Charts of counts over a model: what was counted as marks, what the model expects as lines, its range as a band."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from parity.documents.charts import as_chart
from parity.documents.drawing import (
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Point,
    end_labels,
    period_axis,
    specification,
    value_axis,
    value_range,
)
from parity.documents.figure_tables import period_words
from parity.documents.model import Chart
from parity.documents.number_forms import shown_value
from parity.terms.figure import Figure

COUNTED, STATED, EXPECTED = "Counted", "As stated", "As fitted"
_STYLES: dict[str, dict[str, Any]] = {
    STATED: {"type": "line", "strokeWidth": 1.5, "strokeDash": [5, 4], "color": PALETTE[4]},
    EXPECTED: {"type": "line", "strokeWidth": 2.5, "color": PALETTE[0]},
    COUNTED: {"type": "point", "filled": True, "size": 55, "opacity": 1, "color": PALETTE[3]},
}
"""How each series is drawn, the later over the earlier."""
_BAND = {"type": "area", "opacity": 0.2, "line": False, "color": PALETTE[0]}
_ACROSS = WIDTH + 40
_FIRST = "-01"


def counted_chart(
    counted: Sequence[Figure], *, stated: Sequence[Figure], expected: Sequence[Figure], slug: str, title: str
) -> Chart:
    """Counts by month as marks, what the model expects as stated (dashed) and as fitted, and where such counts lie.

    The three have a figure a month each, of the same months in order, `expected` with its range; months between them
    without a count stay open. Raises ValueError where there is none, or months or units differ.
    """
    found = {COUNTED: counted, STATED: stated, EXPECTED: expected}
    months = [figure.period for figure in counted]
    units = {figure.unit for figures in found.values() for figure in figures}
    if len(units) != 1 or any([figure.period for figure in figures] != months for figures in found.values()):
        raise ValueError(f"{slug}: counts and what is expected need the same months, and one unit.")
    points = [Point(period_words(figure.period), figure, name) for name, figures in found.items() for figure in figures]
    low, high = value_range(points)
    words = [period_words(month) for month in _between(months[0], months[-1])]
    x = period_axis(words)
    x["scale"] |= {"domain": words}
    y = value_axis(counted[0].unit) | {"scale": {"domain": [low, high], "nice": False, "zero": False}}
    y["axis"] |= {"grid": True}
    layers = [*_layers(y), *end_labels(points, (low, high))]
    spec = specification(_rows(points), layers, encoding={"x": x}, height=LINE_HEIGHT)
    spec["width"] = _ACROSS
    described = _described(found)
    return as_chart(points, spec, slug=slug, title=title, labels="Month", description=described)


def _between(first: str, last: str) -> list[str]:
    """The months from the first to the last."""
    start, end = (date.fromisoformat(month + _FIRST) for month in (first, last))
    return pl.date_range(start, end, interval="1mo", eager=True).dt.strftime("%Y-%m").to_list()


def _rows(points: Sequence[Point]) -> list[dict[str, Any]]:
    """A row a point: month, series, value and the ends of its range on the shown scale."""
    rows = []
    for point in points:
        figure = point.figure
        ends = {"value": figure.value, "lower": figure.lower, "upper": figure.upper}
        shown = {name: None if end is None else shown_value(figure.unit, end) for name, end in ends.items()}
        rows.append({"label": point.label, "series": point.series, **shown})
    return rows


def _layers(y: dict[str, Any]) -> list[dict[str, Any]]:
    """The band, and each series in its own style."""
    band = {"y": y | {"field": "lower"}, "y2": {"field": "upper"}}
    return [
        {"transform": [_only(EXPECTED)], "mark": _BAND, "encoding": band},
        *({"transform": [_only(name)], "mark": mark, "encoding": {"y": y}} for name, mark in _STYLES.items()),
    ]


def _only(name: str) -> dict[str, Any]:
    return {"filter": {"field": "series", "equal": name}}


def _described(found: dict[str, Sequence[Figure]]) -> str:
    """From when to when, how many counts lie in the band, and the last month, in words."""
    counted, stated, expected = found.values()
    inside = sum(
        wide.lower is not None and wide.upper is not None and wide.lower <= (one.value or 0.0) <= wide.upper
        for one, wide in zip(counted, expected, strict=True)
    )
    span = f"{period_words(counted[0].period)} to {period_words(counted[-1].period)}"
    last = f"{period_words(counted[-1].period)}: counted {counted[-1].text}, as stated {stated[-1].text}"
    return (
        f"Counts by month as marks, {span}, over what the model expects as stated (dashed line) and as fitted (line). "
        f"Band: where 95 of 100 such counts would lie; {inside} of {len(counted)} do. {last}, as fitted "
        f"{expected[-1].text} ({expected[-1].interval_text})."
    )
