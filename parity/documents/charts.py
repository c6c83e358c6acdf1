"""Charts from figures: bars, grouped and stacked bars, lines over periods, and points with intervals.

Each returns a `Chart` with a Vega-Lite specification, a description and the table behind it. Values are written on
the chart by `Figure.write`; series are told apart by words, order and shape too, never by colour alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from parity.documents.drawing import (
    ARROW,
    BAR,
    LINE_HEIGHT,
    PALETTE,
    WIDTH,
    Point,
    bar_labels,
    colour_scale,
    dash_scale,
    end_labels,
    height_of,
    label_axis,
    labels_of,
    own_colour,
    period_axis,
    reference_line,
    rows_of,
    series_of,
    shape_scale,
    specification,
    stacked_rows,
    value_axis,
    value_range,
    whiskers,
    whiskers_apart,
)
from parity.documents.model import Cell, Chart, Column, Table
from parity.documents.number_forms import says_more_than_a_sign
from parity.terms.figure import Figure
from parity.terms.units import Unit

OWN_NOTE = "In the chart {} and the darker bar mark {}."


def bar_chart(
    points: Sequence[Point], *, slug: str, title: str, labels: str, description: str = "", own: str = ""
) -> Chart:
    """Horizontal bars of one series, the longest first and missing values last, each with its value.

    `labels` is the heading of the labels, such as `Area`. A description is written where none is given. The label
    `own` is marked with an arrow and bold letters, its bar is darker, and description and notes say so.
    Raises ValueError where a label comes twice, units differ, there is no point, or there is more than one series.
    """
    if len(series_of(points)) > 1:
        raise ValueError(f"{slug}: a bar chart has one series; use grouped_bar_chart or stacked_bar_chart.")
    ordered = sorted(points, key=lambda point: (point.figure.value is None, -(point.figure.value or 0.0)))
    unit = _checked(ordered, slug)
    marked = own if own in labels_of(ordered) else ""
    bars = {
        "mark": {"type": "bar", "height": BAR, "color": PALETTE[0]},
        "encoding": {"x": value_axis(unit), **own_colour(marked)},
    }
    axis = {"y": label_axis(ordered, own=marked)}
    spec = specification(rows_of(ordered), [bars, *bar_labels()], encoding=axis, height=height_of(ordered))
    written = description or f"Bar chart. {summary(ordered)}"
    if not marked:
        return as_chart(ordered, spec, slug=slug, title=title, labels=labels, description=written)
    if (at := next(point.figure for point in ordered if point.label == marked)).value is not None:
        written += f" {marked}: {at.text}."
    chart = as_chart(ordered, spec, slug=slug, title=title, labels=labels, description=written)
    return replace(chart, table=replace(chart.table, notes=(OWN_NOTE.format(ARROW, marked),)))


def grouped_bar_chart(points: Sequence[Point], *, slug: str, title: str, labels: str, description: str = "") -> Chart:
    """Horizontal bars side by side, one for each series at each label, with the series named at every bar.

    Labels and series keep the order given. Raises ValueError as `bar_chart` does, and where a label lacks a series.
    """
    unit = _checked(points, slug)
    series = series_of(points)
    rows = [row | {"text": f"{row['series']}: {row['text']}"} for row in rows_of(points)]
    offset = {"field": "series", "type": "nominal", "sort": series, "scale": {"paddingInner": 0.1}}
    bars = {
        "mark": {"type": "bar"},
        "encoding": {"x": value_axis(unit), "yOffset": offset, "color": colour_scale(series, legend=False)},
    }
    words = bar_labels(offset=offset)
    height = height_of(points, bars=len(series))
    spec = specification(rows, [bars, *words], encoding={"y": label_axis(points)}, height=height)
    written = description or f"Grouped bar chart. {summary(points)}"
    return as_chart(points, spec, slug=slug, title=title, labels=labels, description=written)


def stacked_bar_chart(points: Sequence[Point], *, slug: str, title: str, labels: str, description: str = "") -> Chart:
    """Horizontal bars cut into series, in the order of the legend; a value is written where its part is wide enough.

    Raises ValueError as `grouped_bar_chart` does, and for a negative value, which cannot be stacked.
    """
    unit = _checked(points, slug)
    if any((point.figure.value or 0.0) < 0 for point in points):
        raise ValueError(f"{slug}: a negative value cannot be stacked.")
    series = series_of(points)
    rows = stacked_rows(points, series)
    x = value_axis(unit) | {"field": "start"}
    parts = {
        "mark": {"type": "bar", "stroke": "white", "strokeWidth": 1.5, "height": BAR},
        "encoding": {"x": x, "x2": {"field": "end"}, "color": colour_scale(series, legend=True)},
    }
    words = {
        "mark": {"type": "text", "baseline": "middle"},
        "encoding": {
            "x": {"field": "middle", "type": "quantitative"},
            "text": {"field": "inside", "type": "nominal"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }
    spec = specification(rows, [parts, words], encoding={"y": label_axis(points)}, height=height_of(points))
    written = description or f"Stacked bar chart. {summary(points)}"
    return as_chart(points, spec, slug=slug, title=title, labels=labels, description=written)


def line_chart(points: Sequence[Point], *, slug: str, title: str, labels: str, description: str = "") -> Chart:
    """Lines over periods in the order given, one a series, named with its last value at its end.

    A missing value breaks the line. Raises ValueError as `grouped_bar_chart` does.
    """
    unit = _checked(points, slug)
    series = series_of(points)
    low, high = value_range(points)
    y = value_axis(unit) | {"scale": {"domain": [low, high], "nice": False, "zero": False}}
    y["axis"] |= {"grid": True}
    x = period_axis(labels_of(points))
    colour = colour_scale(series, legend=False)
    lines = {
        "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {"y": y, "color": colour, "strokeDash": dash_scale(series)},
    }
    dots = {
        "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
        "encoding": {"y": y, "color": colour, "shape": shape_scale(series)},
    }
    ends = end_labels(points, (low, high))
    spans = whiskers_apart(points, colour) if len(series) > 1 else whiskers(points, "y")
    spec = specification(rows_of(points), [*spans, lines, dots, *ends], encoding={"x": x}, height=LINE_HEIGHT)
    spec["width"] = WIDTH + 40
    written = description or f"Line chart. {summary(points)}"
    return as_chart(points, spec, slug=slug, title=title, labels=labels, description=written)


def interval_chart(
    points: Sequence[Point],
    *,
    slug: str,
    title: str,
    labels: str,
    description: str = "",
    reference: Figure | None = None,
) -> Chart:
    """Points with their intervals as whiskers, the highest first, and a dashed line at the reference if one is given.

    Raises ValueError as `bar_chart` does, and where the reference has another unit.
    """
    if len(series_of(points)) > 1:
        raise ValueError(f"{slug}: an interval chart has one series.")
    ordered = sorted(points, key=lambda point: (point.figure.value is None, -(point.figure.value or 0.0)))
    unit = _checked(ordered, slug, reference)
    rows = [row | {"text": _with_interval(point.figure)} for row, point in zip(rows_of(ordered), ordered, strict=True)]
    dots = {
        "mark": {"type": "point", "filled": True, "size": 90, "color": PALETTE[0], "opacity": 1},
        "encoding": {"x": value_axis(unit)},
    }
    words = {
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 12},
        "encoding": {"x": {"value": WIDTH}, "text": {"field": "text", "type": "nominal"}},
    }
    layers = [*reference_line(reference), *whiskers(ordered, "x"), dots, words]
    spec = specification(rows, layers, encoding={"y": label_axis(ordered)}, height=height_of(ordered))
    written = description or f"Points with intervals. {summary(ordered)}"
    if reference is not None and not description:
        written += f" Dashed line: {reference.area.name}, {reference.text}."
    return as_chart(ordered, spec, slug=slug, title=title, labels=labels, description=written)


def _checked(points: Sequence[Point], slug: str, reference: Figure | None = None) -> Unit:
    """The points' one unit. Raises ValueError where they cannot stand in one chart."""
    figures = [point.figure for point in points] + ([reference] if reference is not None else [])
    units = {figure.unit for figure in figures}
    if not points or len(units) != 1:
        raise ValueError(f"{slug}: a chart needs figures, all in the same unit.")
    wanted = {(label, name) for label in labels_of(points) for name in series_of(points)}
    if len(points) != len(wanted):
        raise ValueError(f"{slug}: every label needs every series once; give missing figures where there is no value.")
    if len(series_of(points)) > len(PALETTE):
        raise ValueError(f"{slug}: a chart has at most {len(PALETTE)} series that can be told apart.")
    return units.pop()


def _with_interval(figure: Figure) -> str:
    return f"{figure.text} ({figure.interval_text})" if figure.interval_text else figure.text


def summary(points: Sequence[Point]) -> str:
    """Highest, lowest and missing in words."""
    present = [point for point in points if point.figure.value is not None]
    sentences = [f"{len(points)} figures of {points[0].figure.indicator.title}."]
    if present:
        highest = max(present, key=lambda point: point.figure.value or 0.0)
        lowest = min(present, key=lambda point: point.figure.value or 0.0)
        sentences.append(f"Highest: {_place(highest)}, {highest.figure.text}.")
        sentences.append(f"Lowest: {_place(lowest)}, {lowest.figure.text}.")
    if len(present) < len(points):
        sentences.append(f"Not available: {len(points) - len(present)}.")
    return " ".join(sentences)


def _place(point: Point) -> str:
    return f"{point.label}, {point.series}" if point.series else point.label


def as_chart(
    points: Sequence[Point], spec: dict[str, Any], *, slug: str, title: str, labels: str, description: str
) -> Chart:
    """The chart of a specification, with the table behind it: a row a label, a column a series."""
    found = {(point.label, point.series): point.figure for point in points}
    series = series_of(points)
    columns = (Column(labels), *(Column(name or points[0].figure.indicator.title, numeric=True) for name in series))
    rows: list[tuple[Cell, ...]] = [(label, *(found[label, name] for name in series)) for label in labels_of(points)]
    unit = points[0].figure.unit
    bare = says_more_than_a_sign(unit)
    caption = f"{title} ({unit.label})" if bare else title
    table = Table(slug=slug, caption=caption, columns=columns, rows=tuple(rows), bare=bare)
    return Chart(title=title, description=description, spec=spec, table=table)
