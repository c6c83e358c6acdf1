"""Funnel charts: the rates of places by their size, with the limits within which chance would hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parity.documents.drawing import LINE_HEIGHT, PALETTE, specification, value_axis
from parity.documents.model import Cell, Chart, Column, Table
from parity.documents.number_forms import shown_value
from parity.documents.printable import clean
from parity.terms.figure import Figure
from parity.terms.units import Unit

Ends = tuple[float, float]
WIDE, NARROW = "99.8% limits", "95% limits"
OWN, COMPARED, OTHERS = "this area", "compared with", "others"
_ROLES = {OTHERS: ("circle", "#AEB7BD"), COMPARED: ("square", PALETTE[1]), OWN: ("diamond", PALETTE[2])}
_DASHES = {NARROW: [5, 4], WIDE: [1, 0]}


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A place's figure with the number of people it is of, its 95% and 99.8% limits, what that says, and its role."""

    figure: Figure
    of: float
    warning: Ends
    alarm: Ends
    signal: str
    role: str = OTHERS


def funnel_chart(points: Sequence[FunnelPoint], average: float, *, slug: str, title: str, size: str) -> Chart:
    """A point a place at its size, the average and the limits; the area and those compared stand out and are named.

    `average` is in the figures' unit, `size` the heading of the axis of sizes. Raises ValueError where there is no
    point, units differ, or a value is missing.
    """
    units = {point.figure.unit for point in points}
    if len(units) != 1 or any(point.figure.value is None for point in points):
        raise ValueError(f"{slug}: a funnel chart needs places with values in one unit.")
    unit = units.pop()
    ordered = sorted(points, key=lambda point: point.of)
    rows = [_row(point, unit) for point in sorted(ordered, key=lambda point: list(_ROLES).index(point.role))]
    spec = specification(rows, _layers(ordered, unit, average, size), encoding={}, height=LINE_HEIGHT)
    table = _table(ordered, slug, title, size)
    return Chart(title=title, description=_described(points, unit, average), spec=spec, table=table)


def _row(point: FunnelPoint, unit: Unit) -> dict[str, Any]:
    value = shown_value(unit, point.figure.value or 0.0)
    name = clean(point.figure.area.name)
    text = f"{point.figure.text} of {Unit.COUNT.write(point.of)}"
    named = "" if point.role == OTHERS else name
    return {"label": name, "of": point.of, "value": value, "role": point.role, "text": text, "named": named}


def _layers(points: Sequence[FunnelPoint], unit: Unit, average: float, size: str) -> list[dict[str, Any]]:
    limits = [
        {"of": point.of, "value": shown_value(unit, end), "limits": name, "end": side}
        for point in points
        for name, ends in ((NARROW, point.warning), (WIDE, point.alarm))
        for side, end in zip(("lower", "upper"), ends, strict=True)
    ]
    x = {"field": "of", "type": "quantitative", "title": size, "scale": {"zero": False}, "axis": {"tickCount": 5}}
    y = value_axis(unit) | {"scale": {"zero": False}}
    dashes = {"domain": list(_DASHES), "range": list(_DASHES.values())}
    lines = {
        "data": {"values": limits},
        "mark": {"type": "line", "strokeWidth": 1.5, "color": "#768692"},
        "encoding": {
            "x": x,
            "y": y,
            "detail": {"field": "end", "type": "nominal"},
            "strokeDash": {"field": "limits", "type": "nominal", "scale": dashes, "legend": {"symbolType": "stroke"}},
        },
    }
    middle = {"data": {"values": [{}]}, "mark": {"type": "rule", "color": PALETTE[4]},
              "encoding": {"y": {"datum": shown_value(unit, average)}}}  # fmt: skip
    shapes, colours = ([mark[place] for mark in _ROLES.values()] for place in (0, 1))
    key = {"field": "role", "type": "nominal", "legend": {"symbolType": None}}
    dots = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
        "encoding": {
            "x": x,
            "y": y,
            "shape": key | {"scale": {"domain": list(_ROLES), "range": shapes}},
            "color": key | {"scale": {"domain": list(_ROLES), "range": colours}},
        },
    }
    words = {"mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "fontSize": 12},
             "encoding": {"x": x, "y": y, "text": {"field": "named", "type": "nominal"}}}  # fmt: skip
    return [lines, middle, dots, words]


def _described(points: Sequence[FunnelPoint], unit: Unit, average: float) -> str:
    """How many places lie where, and where the area lies, in words."""
    beyond = [point for point in points if point.signal.startswith("far")]
    sentences = [f"Funnel chart. {len(points)} places around {unit.write(average)}; {len(beyond)} lie outside the "
                 f"{WIDE}."]  # fmt: skip
    sentences += [
        f"{point.figure.area.name}: {point.figure.text}, {point.signal}." for point in points if point.role != OTHERS
    ]
    return " ".join(sentences)


def _table(points: Sequence[FunnelPoint], slug: str, title: str, size: str) -> Table:
    """A row a place; the others' values are words, for hundreds of figures with their notes would hide its own."""
    heads = (Column("Area"), Column(size, numeric=True), Column("Value", numeric=True), Column(NARROW), Column(WIDE),
             Column("Where it lies"))  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for point in points:
        figure = point.figure
        limits = (figure.unit.write_range(*ends) for ends in (point.warning, point.alarm))
        value = figure.text if point.role == OTHERS else figure
        rows.append((figure.area.name, Unit.COUNT.write(point.of), value, *limits, point.signal))
    return Table(slug, title, heads, tuple(rows), intervals=False)
