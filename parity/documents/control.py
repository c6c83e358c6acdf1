"""Control charts: a series over time with its mean and limits, and the points that are more than chance."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parity.documents.drawing import LINE_HEIGHT, PALETTE, WIDTH, period_axis, specification, value_axis
from parity.documents.figure_tables import period_words
from parity.documents.model import Cell, Chart, Column, Table
from parity.documents.number_forms import shown_value
from parity.terms.figure import Figure
from parity.terms.units import Unit

COMMON = "common cause"
_BY_CHANCE = "no more than chance"
VERDICTS = {
    COMMON: ("circle", "#768692"), "improvement": ("square", "#005EB8"), "concern": ("diamond", PALETTE[3]),
    "neutral": ("triangle-up", PALETTE[2]),
}  # fmt: skip
"""Shape and colour of what a point's mark means, as NHS England's Making Data Count colours them."""
RULES = {
    "outside": "outside the limits", "trend": "part of a trend", "two of three": "two of three near a limit",
    "shift": "part of a run on one side of the mean",
}  # fmt: skip
_LEGEND_COLUMNS = 2
_LINES = {"lower": [5, 4], "mean": [1, 0], "upper": [5, 4]}


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A figure with the mean and limits of its process in its unit, the rule it meets and what that means."""

    figure: Figure
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    rule: str | None = None
    verdict: str | None = None


def process_chart(points: Sequence[ControlPoint], *, slug: str, title: str) -> Chart:
    """The series in the order given as a line with marks, its mean, its dashed limits; the last value is written.

    A missing value breaks the line. Raises ValueError where there is no value or units differ.
    """
    units = {point.figure.unit for point in points}
    if len(units) != 1 or all(point.figure.value is None for point in points):
        raise ValueError(f"{slug}: a control chart needs values in one unit.")
    unit = units.pop()
    spec = specification([_row(point, unit) for point in points], _layers(points, unit), encoding={},
                         height=LINE_HEIGHT)  # fmt: skip
    spec["width"] = WIDTH + 40
    return Chart(title=title, description=_described(points, unit), spec=spec, table=_table(points, slug, title))


def _row(point: ControlPoint, unit: Unit) -> dict[str, Any]:
    ends = {"value": point.figure.value, "mean": point.mean, "lower": point.lower, "upper": point.upper}
    shown = {name: None if end is None else shown_value(unit, end) for name, end in ends.items()}
    label = period_words(point.figure.period)
    return {"label": label, **shown, "verdict": point.verdict or COMMON, "text": point.figure.text}


def _layers(points: Sequence[ControlPoint], unit: Unit) -> list[dict[str, Any]]:
    x = period_axis([period_words(point.figure.period) for point in points], labelPadding=9, ticks=False)
    y = value_axis(unit) | {"scale": {"zero": False}}
    lines = [
        {"mark": {"type": "line", "strokeDash": dash, "strokeWidth": 1.5, "color": PALETTE[4]},
         "encoding": {"x": x, "y": y | {"field": name}}}
        for name, dash in _LINES.items()
    ]  # fmt: skip
    series = {"mark": {"type": "line", "strokeWidth": 1.5, "color": "#768692"}, "encoding": {"x": x, "y": y}}
    shapes, colours = ([mark[place] for mark in VERDICTS.values()] for place in (0, 1))
    words = json.dumps({verdict: _meaning(verdict) for verdict in VERDICTS})
    legend = {"columns": _LEGEND_COLUMNS, "symbolType": None, "labelExpr": f"{words}[datum.label]"}
    key = {"field": "verdict", "type": "nominal", "legend": legend}
    dots = {
        "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1},
        "encoding": {
            "x": x,
            "y": y,
            "shape": key | {"scale": {"domain": list(VERDICTS), "range": shapes}},
            "color": key | {"scale": {"domain": list(VERDICTS), "range": colours}},
        },
    }
    return [*lines, series, dots, _end(points, unit)]


def _end(points: Sequence[ControlPoint], unit: Unit) -> dict[str, Any]:
    """The last value in words, right of its point."""
    figure = _last(points).figure
    mark = {"type": "text", "align": "left", "baseline": "middle", "dx": 10, "text": figure.text}
    at = {"x": {"datum": period_words(figure.period), "type": "ordinal"},
          "y": {"datum": shown_value(unit, figure.value or 0.0), "type": "quantitative"}}  # fmt: skip
    return {"data": {"values": [{}]}, "mark": mark, "encoding": at}


def _last(points: Sequence[ControlPoint]) -> ControlPoint:
    return [point for point in points if point.figure.value is not None][-1]


def _described(points: Sequence[ControlPoint], unit: Unit) -> str:
    """The last value, the last limits and how many points are more than chance, in words."""
    last = _last(points)
    sentences = [f"Control chart of {len(points)} periods.",
                 f"Last: {period_words(last.figure.period)}, {last.figure.text}: {said(last)}."]  # fmt: skip
    if last.mean is not None and last.lower is not None and last.upper is not None:
        sentences.append(f"Mean {unit.write(last.mean)}, limits {unit.write_range(last.lower, last.upper)}.")
    for verdict in list(VERDICTS)[1:]:
        count = sum(point.verdict == verdict for point in points)
        if count:
            sentences.append(f"Points that show {_meaning(verdict)}: {count}.")
    return " ".join(sentences)


def _meaning(verdict: str) -> str:
    return {COMMON: _BY_CHANCE, "neutral": "a change, neither good nor bad"}.get(verdict, verdict)


def said(point: ControlPoint) -> str:
    """What a point tells, in words."""
    if point.figure.value is None or point.mean is None:
        return "no value" if point.figure.value is None else "no limits"
    if point.rule is None:
        return _BY_CHANCE
    return f"{RULES[point.rule]}, {_meaning(point.verdict or 'neutral')}"


def _table(points: Sequence[ControlPoint], slug: str, title: str) -> Table:
    heads = (Column("Period"), Column("Value", numeric=True), Column("Mean"), Column("Limits"), Column("What it tells"))
    rows: list[tuple[Cell, ...]] = []
    for point in points:
        unit = point.figure.unit
        mean = "–" if point.mean is None else unit.write(point.mean)
        known = point.lower is not None and point.upper is not None
        limits = unit.write_range(point.lower or 0.0, point.upper or 0.0) if known else "–"
        rows.append((period_words(point.figure.period), point.figure, mean, limits, said(point)))
    return Table(slug, title, heads, tuple(rows), intervals=False)
