"""Waterfall charts: from one amount to another by named steps that add up."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

from parity.documents.charts import as_chart
from parity.documents.drawing import (
    BAR,
    PALETTE,
    Point,
    height_of,
    label_axis,
    labels_of,
    specification,
    value_axis,
)
from parity.documents.model import Chart
from parity.documents.number_forms import shown_value
from parity.terms.figure import Figure
from parity.terms.units import Unit

FEWEST, MOST = 2, 10
TOTAL, UP, DOWN = "total", "adds", "takes away"
_LOOKS = {TOTAL: (PALETTE[0], PALETTE[0]), UP: ("#6BA0CF", PALETTE[0]), DOWN: ("white", PALETTE[0])}
"""Fill and edge of each kind of bar: what takes away is hollow, so that no colour is needed to see it."""
_EXACT = 1e-6
_CUT = 0.35
"""Where all levels lie within this share of the highest, the axis begins above nought: the steps would not be seen."""


def waterfall_chart(start: Point, steps: Sequence[Point], end: Point, *, slug: str, title: str, labels: str) -> Chart:
    """A bar for the start, a floating bar for each step up or down, and a bar for the end, each with its amount.

    A figure's interval is drawn as a line along its bar. Where the steps are small beside the amounts the axis does
    not begin at nought, and words say so. `labels` is the heading of the names. Raises ValueError for fewer than 2
    or more than 10 steps, missing values, more than one unit, a name that comes twice, and steps that do not add up.
    """
    points = [start, *steps, end]
    unit = _checked(points, slug)
    rows, floor = _rows(points, unit)
    axis = value_axis(unit) | {"scale": {"domain": _domain(rows, floor), "nice": False, "zero": False}}
    cut = f"axis begins at {unit.write(floor / shown_value(unit, 1.0))}" if floor else ""
    if cut:
        axis["axis"] |= {"title": f"{unit.label.capitalize()} ({cut})"}
    spec = specification(rows, _layers(rows, axis), encoding={"y": label_axis(points)}, height=height_of(points))
    described = f"{_described(points)} The {cut}, not at nought." if cut else _described(points)
    return as_chart(points, spec, slug=slug, title=title, labels=labels, description=described)


def _checked(points: Sequence[Point], slug: str) -> Unit:
    units = {point.figure.unit for point in points}
    if not FEWEST <= len(points) - 2 <= MOST:
        raise ValueError(f"{slug}: a waterfall has {FEWEST} to {MOST} steps, not {len(points) - 2}.")
    if len(units) != 1 or any(point.figure.value is None for point in points):
        raise ValueError(f"{slug}: a waterfall needs a value at every step, all in one unit.")
    if len(labels_of(points)) < len(points):
        raise ValueError(f"{slug}: every step of a waterfall needs a name of its own.")
    *before, last = (point.figure.value or 0.0 for point in points)
    if not math.isclose(math.fsum(before), last, rel_tol=_EXACT, abs_tol=_EXACT * max(map(abs, before))):
        raise ValueError(f"{slug}: the steps of a waterfall add up to its end; these do not.")
    return units.pop()


def _rows(points: Sequence[Point], unit: Unit) -> tuple[list[dict[str, Any]], float]:
    """A row a bar: where it begins and ends, its whisker, its words; and where the axis begins."""
    rows: list[dict[str, Any]] = []
    reached = 0.0
    for place, point in enumerate(points):
        figure = point.figure
        value = figure.value or 0.0
        total = place in {0, len(points) - 1}
        base = 0.0 if total else reached
        kind = TOTAL if total else UP if value >= 0 else DOWN
        reached = value if total else reached + value
        ends = {"base": base, "reached": reached}
        if figure.lower is not None and figure.upper is not None:
            ends |= {"lower": base + figure.lower, "upper": base + figure.upper}
        shown = {name: shown_value(unit, end) for name, end in ends.items()}
        text = figure.text if total else _signed(figure)
        rows.append({"label": point.label, "kind": kind, "text": text, **shown})
    floor = _floor(rows)
    for row in rows:
        row["base"] = max(row["base"], floor) if floor > 0 else row["base"]
        row["tip"] = max(row[name] for name in ("base", "reached", "upper") if name in row)
    return rows, floor


def _floor(rows: Sequence[dict[str, Any]]) -> float:
    """Where the axis begins: nought, or a round number below all levels where these lie close to each other."""
    levels = [row[name] for row in rows for name in ("reached", "lower", "upper") if name in row]
    low, high = min(levels), max(levels)
    if low <= 0 or high - low > _CUT * high:
        return 0.0
    step = 10.0 ** math.floor(math.log10(high - low or high))
    return max(0.0, math.floor((low - (high - low) / 2) / step) * step)


def _domain(rows: Sequence[dict[str, Any]], floor: float) -> list[float]:
    levels = [row[name] for row in rows for name in ("base", "reached", "lower", "upper") if name in row]
    low, high = min(floor, *levels), max(floor, *levels)
    room = (high - low) / 40 or 1.0
    return [low - room if low < floor else low, high + (room if high > 0 else 0.0)]


def _layers(rows: Sequence[dict[str, Any]], axis: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = list(_LOOKS)
    fills, edges = zip(*_LOOKS.values(), strict=True)
    scale = {"domain": kinds, "range": list(fills)}
    legend = {"values": [UP, DOWN], "symbolStrokeColor": PALETTE[0], "symbolStrokeWidth": 1.5}
    bars = {
        "mark": {"type": "bar", "height": BAR, "strokeWidth": 1.5, "stroke": edges[0]},
        "encoding": {"x": axis | {"field": "base"}, "x2": {"field": "reached"},
                     "fill": {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}},
    }  # fmt: skip
    words = {
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
        "encoding": {"x": {"field": "tip", "type": "quantitative"}, "text": {"field": "text", "type": "nominal"}},
    }
    return [_links(rows), bars, *_whiskers(rows), words]


def _links(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A thin line at the level that one bar reaches and the next begins from."""
    joined = [
        {"label": label, "level": row["reached"]}
        for row, after in itertools.pairwise(rows)
        for label in (row["label"], after["label"])
    ]
    steps = [row | {"pair": place // 2} for place, row in enumerate(joined)]
    encoding = {"x": {"field": "level", "type": "quantitative"}, "detail": {"field": "pair", "type": "nominal"},
                "order": {"field": "pair", "type": "quantitative"}}  # fmt: skip
    return {"data": {"values": steps}, "mark": {"type": "line", "color": "#768692", "strokeWidth": 1},
            "encoding": encoding}  # fmt: skip


def _whiskers(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The 95% bands, with ends, over a white shadow that keeps them visible on a dark bar."""
    if not any("lower" in row for row in rows):
        return []
    span = {"x": {"field": "lower", "type": "quantitative"}, "x2": {"field": "upper"}}
    only = [{"filter": "isValid(datum.lower)"}]
    marks = [{"type": "rule", "strokeWidth": 4, "color": "white"}, {"type": "rule", "strokeWidth": 1.8}]
    layers: list[dict[str, Any]] = [{"transform": only, "mark": mark, "encoding": span} for mark in marks]
    for name in ("lower", "upper"):
        mark = {"type": "tick", "orient": "vertical", "thickness": 1.8, "size": 10, "color": "black"}
        end = {"x": {"field": name, "type": "quantitative"}}
        layers.append({"transform": only, "mark": mark, "encoding": end})
    return layers


def _described(points: Sequence[Point]) -> str:
    """From what to what, and by which steps, in words."""
    start, *steps, end = points
    told = "; ".join(f"{point.label}, {_signed(point.figure)}" for point in steps)
    return (
        f"Waterfall chart. From {start.figure.text} ({start.label}) to {end.figure.text} ({end.label}) "
        f"in {len(steps)} steps: {told}."
    )


def _signed(figure: Figure) -> str:
    return figure.text if (figure.value or 0.0) <= 0 else f"+{figure.text}"
