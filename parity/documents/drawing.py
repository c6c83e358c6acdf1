"""The parts of a chart: data rows, axes, scales and layers in Vega-Lite's terms, in our look."""

import json
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parity.documents.number_forms import axis_label, shown_value
from parity.documents.printable import clean
from parity.terms.figure import Figure
from parity.terms.units import Unit

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
"""The Analysis Function's categorical colours, in its order."""

_ON_COLOUR = {"#12436D": "white", "#801650": "white", "#3D3D3D": "white"}
FONT = "Liberation Sans, Arial, sans-serif"
_INK = "#212B32"
ARROW = "►"
"""What marks the label of the place that a chart is about, with bold letters and a darker bar."""
_PALER = "#7C8FA6"
"""The bars beside that one: three times as dark as the page, as a drawing needs to be seen."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
_DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (4, 2, 1, 2))
_WHISKER_GAP = 3
WIDTH, LINE_HEIGHT = 420, 300
BAR, _GAP = 22, 12
_LABEL_LETTERS = 34
_LETTER_WIDTH, _LETTER_HEIGHT, _BETWEEN = 7, 15, 12
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True, slots=True)
class Point:
    """One figure to draw: the label it stands at (an area, a period) and the series it belongs to."""

    label: str
    figure: Figure
    series: str = ""

    def __post_init__(self) -> None:
        for name in ("label", "series"):
            object.__setattr__(self, name, clean(getattr(self, name)))


def labels_of(points: Sequence[Point]) -> list[str]:
    """The labels in the order given, each once."""
    return list(dict.fromkeys(point.label for point in points))


def series_of(points: Sequence[Point]) -> list[str]:
    """The series in the order given, each once."""
    return list(dict.fromkeys(point.series for point in points))


def rows_of(points: Sequence[Point]) -> list[dict[str, Any]]:
    """The points as rows of data: label, series, value on the shown scale, ends, and the value as text."""
    rows = []
    for point in points:
        figure, unit = point.figure, point.figure.unit
        ends = {
            name: None if end is None else shown_value(unit, end)
            for name, end in (("value", figure.value), ("lower", figure.lower), ("upper", figure.upper))
        }
        start = max(0.0, ends["value"] or 0.0)
        rows.append({"label": point.label, "series": point.series, **ends, "start": start, "text": figure.text})
    return rows


def stacked_rows(points: Sequence[Point], series: list[str]) -> list[dict[str, Any]]:
    """The rows with start, end and middle of each part, and its text where the part is wide enough to hold it."""
    rows = sorted(rows_of(points), key=lambda row: series.index(row["series"]))
    reached: dict[str, float] = dict.fromkeys(labels_of(points), 0.0)
    for row in rows:
        start = reached[row["label"]]
        end = start + (row["value"] or 0.0)
        colour = PALETTE[series.index(row["series"])]
        row |= {"start": start, "end": end, "middle": (start + end) / 2, "ink": _ON_COLOUR.get(colour, "black")}
        reached[row["label"]] = end
    widest = max(reached.values()) or 1.0
    for row in rows:
        room = (row["end"] - row["start"]) / widest * WIDTH
        row["inside"] = row["text"] if room > len(row["text"]) * _LETTER_WIDTH else ""
    return rows


def specification(
    rows: list[dict[str, Any]], layers: list[dict[str, Any]], *, encoding: dict[str, Any], height: int
) -> dict[str, Any]:
    """A layered Vega-Lite specification in our look."""
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": height,
        "data": {"values": rows},
        "encoding": encoding,
        "layer": layers,
        "config": {
            "font": FONT,
            "background": "white",
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 13, "titleFontSize": 13, "labelColor": _INK, "titleColor": _INK, "labelLimit": 0,
                "titleFontWeight": "normal", "gridColor": "#D8DDE0", "domainColor": "#768692", "tickColor": "#768692",
            },
            "legend": {"labelFontSize": 13, "labelColor": _INK, "labelLimit": 0, "orient": "top", "title": None,
                       "symbolType": "square", "symbolSize": 160},
            "text": {"fontSize": 13, "color": _INK, "font": FONT},
        },
    }  # fmt: skip


def value_axis(unit: Unit) -> dict[str, Any]:
    """The axis of values, titled with the unit."""
    axis = {
        "format": ",~f",
        "labelExpr": axis_label(unit),
        "tickCount": 5,
        "title": unit.label.capitalize(),
        "grid": False,
    }
    return {"field": "value", "type": "quantitative", "axis": axis}


def label_axis(points: Sequence[Point], *, own: str = "") -> dict[str, Any]:
    """The axis of labels in the order given, long ones on several lines; `own` with an arrow and in bold letters."""
    wrapped = _wrapped(points)
    axis: dict[str, Any] = {"ticks": False, "domain": False, "labelPadding": 8}
    if own:
        wrapped[own] = [f"{ARROW} {wrapped[own][0]}", *wrapped[own][1:]]
        axis["labelFontWeight"] = {"condition": {"test": _is(own, "value"), "value": "bold"}, "value": "normal"}
    axis["labelExpr"] = f"{json.dumps(wrapped)}[datum.value]"
    return {"field": "label", "type": "nominal", "sort": labels_of(points), "title": None, "axis": axis}


def own_colour(own: str) -> dict[str, Any]:
    """Bars paler but for that at the label `own`; nothing where there is none."""
    if not own:
        return {}
    return {"color": {"condition": {"test": _is(own, "label"), "value": PALETTE[0]}, "value": _PALER}}


def _is(label: str, name: str) -> str:
    """The expression that is true at this label."""
    return f"datum.{name} === {json.dumps(label)}"


def period_axis(periods: Sequence[str], **more: Any) -> dict[str, Any]:
    """The axis of periods in the order given, as many of them written as there is room for; `more` is of the axis."""
    room = max(map(len, periods), default=0) * _LETTER_WIDTH + _BETWEEN
    step = math.ceil(len(periods) * room / WIDTH) or 1
    axis = {"labelAngle": 0, "values": list(periods[::step]), "grid": False, **more}
    scale = {"type": "point", "padding": 0.3}
    return {"field": "label", "type": "ordinal", "sort": list(periods), "title": None, "axis": axis, "scale": scale}


def _wrapped(points: Sequence[Point]) -> dict[str, list[str]]:
    """Each label with the lines it is written on."""
    return {label: textwrap.wrap(label, _LABEL_LETTERS) or [label] for label in labels_of(points)}


def height_of(points: Sequence[Point], *, bars: int = 1) -> int:
    """The height at which neither the bars nor the lines of the longest label touch those of the next."""
    lines = max(len(lines) for lines in _wrapped(points).values())
    return (max(BAR * bars, _LETTER_HEIGHT * lines) + _GAP) * len(labels_of(points))


def bar_labels(*, offset: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The value in words at the end of each bar; a negative bar's at the axis, where there is room."""
    encoding = {"x": {"field": "start", "type": "quantitative"}, "text": {"field": "text", "type": "nominal"}}
    if offset is not None:
        encoding["yOffset"] = offset
    return [{"mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 5}, "encoding": encoding}]


def colour_scale(series: list[str], *, legend: bool) -> dict[str, Any]:
    """The palette dealt to the series, with a legend on top or none."""
    scale = {"domain": series, "range": PALETTE[: len(series)]}
    return {"field": "series", "type": "nominal", "scale": scale, "legend": {"columns": 3} if legend else None}


def shape_scale(series: list[str]) -> dict[str, Any]:
    """A shape of its own for each series."""
    scale = {"domain": series, "range": SHAPES[: len(series)]}
    return {"field": "series", "type": "nominal", "scale": scale, "legend": None}


def dash_scale(series: list[str]) -> dict[str, Any]:
    """A dashing of its own for each series."""
    scale = {"domain": series, "range": _DASHES[: len(series)]}
    return {"field": "series", "type": "nominal", "scale": scale, "legend": None}


def whiskers(points: Sequence[Point], axis: str) -> list[dict[str, Any]]:
    """Lines from lower to upper, where any figure has an interval."""
    if not any(point.figure.interval_text for point in points):
        return []
    encoding = {axis: {"field": "lower", "type": "quantitative"}, f"{axis}2": {"field": "upper"}}
    return [{"mark": {"type": "rule", "strokeWidth": 2, "color": "#768692"}, "encoding": encoding}]


def whiskers_apart(points: Sequence[Point], colour: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of several series beside each other at each label, in the colour of their series."""
    names = series_of(points)
    start = -(len(names) - 1) / 2
    layers = []
    for number, name in enumerate(names):
        for layer in whiskers([point for point in points if point.series == name], "y"):
            mark = {"type": "rule", "strokeWidth": 1.5, "xOffset": (start + number) * _WHISKER_GAP}
            shown = {"filter": _is(name, "series")}
            layers.append({"transform": [shown], "mark": mark, "encoding": layer["encoding"] | {"color": colour}})
    return layers


def reference_line(figure: Figure | None) -> list[dict[str, Any]]:
    """A dashed line at the figure, named above the chart."""
    if figure is None or figure.value is None:
        return []
    at = {"datum": shown_value(figure.unit, figure.value), "type": "quantitative"}
    # Data of its own, for a mark is drawn once for each row of the data it reads.
    once: dict[str, Any] = {"values": [{}]}
    line = {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.5, "color": PALETTE[2]}
    words = {"type": "text", "baseline": "bottom", "dy": -4, "color": PALETTE[2]}
    words["text"] = f"{figure.area.name}: {figure.text}"
    top, bottom = {"value": 0}, {"value": "height"}
    return [
        {"data": once, "mark": line, "encoding": {"x": at, "y": top, "y2": bottom}},
        {"data": once, "mark": words, "encoding": {"x": at, "y": top}},
    ]


def end_labels(points: Sequence[Point], domain: tuple[float, float]) -> list[dict[str, Any]]:
    """Each series' name and last value right of its last point, moved apart where they would overlap."""
    low, high = domain
    lasts = {point.series: point for point in points if point.figure.value is not None}
    heights = {}
    for name, point in lasts.items():
        value = shown_value(point.figure.unit, point.figure.value or 0.0)
        heights[name] = (high - value) / (high - low) * LINE_HEIGHT
    layers = []
    previous = -_LETTER_HEIGHT * 1.0
    for name in sorted(heights, key=lambda each: heights[each]):
        placed = max(heights[name], previous + _LETTER_HEIGHT)
        previous = placed
        text = f"{name}: {lasts[name].figure.text}" if name else lasts[name].figure.text
        mark = {"type": "text", "align": "left", "baseline": "middle", "dx": 10, "text": text}
        encoding = {"x": {"datum": lasts[name].label, "type": "ordinal"}, "y": {"value": placed}}
        layers.append({"data": {"values": [{}]}, "mark": mark, "encoding": encoding})
    return layers


def value_range(points: Sequence[Point]) -> tuple[float, float]:
    """The values' range with nought and a tenth above and, where there are negatives, below."""
    unit = points[0].figure.unit
    ends = [end for point in points for end in (point.figure.value, point.figure.lower, point.figure.upper)]
    shown = [0.0, *(shown_value(unit, end) for end in ends if end is not None)]
    room = (max(shown) - min(shown)) / 10 or 1.0
    return (min(shown) - room if min(shown) < 0 else 0.0), max(shown) + room
