"""Fan charts: forecasts by month, each a line with the bands in which chance and doubt would hold it."""

import json
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from parity.documents.charts import as_chart
from parity.documents.drawing import (
    LINE_HEIGHT,
    WIDTH,
    Point,
    colour_scale,
    dash_scale,
    period_axis,
    series_of,
    specification,
    value_axis,
)
from parity.documents.figure_tables import period_words
from parity.documents.model import Chart
from parity.documents.number_forms import shown_value
from parity.documents.printable import clean
from parity.terms.units import Unit

MOST_SCENARIOS = 3
COLUMNS = ("scenario", "period", "value", "lower_80", "upper_80", "lower_95", "upper_95")
BANDS = {"95": 0.2, "80": 0.35}
"""Each band with how dense it is drawn, the wider first."""
SURE = "nothing is uncertain"
_NUMBERS = COLUMNS[2:]
_ACROSS = WIDTH + 40
_LINE, _LETTERS, _MOST_LINES = 15, 22, 2
_YEAR, _YEAR_WIDTH = 4, 46
_YEAR_STARTS = "-01"
_INK, _BLACK, _PALE = "#4C6272", "#212B32", "#D8DDE0"
_AT_NOUGHT = {"gridColor": {"condition": {"test": "datum.value === 0", "value": _BLACK}, "value": _PALE}}
"""A dark line at nought, where anything lies below it."""
_DIGITS = 6


def fan_chart(
    months: pl.DataFrame,
    ends: Sequence[Point],
    *,
    slug: str,
    title: str,
    event: tuple[str, str] | None = None,
    note: str = "",
) -> Chart:
    """A line for each scenario, as stated, over its 80% band (darker) and its 95% band (lighter).

    `months` has a row a scenario and month (`2027-04`): `COLUMNS`, in the unit of the figures. `ends` are the figures
    of the table behind it, each at its label in words (the end of a year) and its scenario; the last of a scenario is
    written at the end of its line. `event` is a month with the words for what happens in it. `note` says where the
    numbers of all months stand. A band without width is not drawn, and the words say that nothing is uncertain.
    Raises ValueError for no scenario or more than three, for scenarios that the figures do not have, for a month that
    a scenario lacks, and for an event outside the months.
    """
    names = months["scenario"].unique(maintain_order=True).to_list()
    periods = sorted(months["period"].unique())
    _check(months, ends, slug, event)
    unit = ends[0].figure.unit
    shown = _shown(months, unit)
    domain = _domain(shown)
    wide = {row["series"] for row in shown if _has_width(row)}
    axes, dash = _encoding(periods, unit, domain), _series(names)
    layers = [*_bands(wide, dash), _lines(dash), *_event(event, periods), *_end_words(shown, ends, domain)]
    spec = specification(shown, layers, encoding=axes | {"color": dash["color"]}, height=LINE_HEIGHT)
    spec["width"] = _ACROSS
    described = _described(ends, periods, wide, event)
    chart = as_chart(ends, spec, slug=slug, title=title, labels="At the end of", description=described)
    return replace(chart, table=replace(chart.table, notes=(note,) if note else ()))


def _check(months: pl.DataFrame, ends: Sequence[Point], slug: str, event: tuple[str, str] | None) -> None:
    names = months["scenario"].unique(maintain_order=True).to_list()
    if not 0 < len(names) <= MOST_SCENARIOS:
        raise ValueError(f"{slug}: a fan chart shows one to {MOST_SCENARIOS} scenarios, not {len(names)}.")
    if series_of(ends) != [clean(name) for name in names] or len({point.figure.unit for point in ends}) != 1:
        raise ValueError(f"{slug}: a fan chart needs figures of each of its scenarios, in its order and in one unit.")
    if months.select("scenario", "period").n_unique() < len(names) * months["period"].n_unique():
        raise ValueError(f"{slug}: every scenario needs every month once.")
    if event is not None and event[0] not in months["period"]:
        raise ValueError(f"{slug}: {period_words(event[0])} is none of the months shown.")


def _shown(months: pl.DataFrame, unit: Unit) -> list[dict[str, Any]]:
    """The months in order, names fit to print, numbers on the scale readers see."""
    numbers = (pl.col(_NUMBERS) * shown_value(unit, 1.0)).round_sig_figs(_DIGITS)
    shown = months.lazy().sort("period", maintain_order=True).select("scenario", numbers, label="period").collect()
    series = {name: clean(name) for name in shown["scenario"].unique()}
    return [
        {"label": row["label"], "series": series[row["scenario"]], **{name: row[name] for name in _NUMBERS}}
        for row in shown.to_dicts()
    ]


def _domain(shown: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """The range of all lines and bands with nought, and room above and, where there are negatives, below."""
    values = [row[name] for row in shown for name in _NUMBERS if row[name] is not None]
    low, high = min(0.0, *values), max(0.0, *values)
    room = (high - low) / 20 or 1.0
    return (low - room if low < 0 else 0.0), high + room


def _has_width(row: Mapping[str, Any]) -> bool:
    """Whether a band of the month has one end above the other."""
    ends = [(row[f"lower_{band}"], row[f"upper_{band}"]) for band in BANDS]
    return any(lower < upper for lower, upper in ends if lower is not None and upper is not None)


def _series(names: Sequence[str]) -> dict[str, Any]:
    """How scenarios are told apart: by colour everywhere, and by dashes where lines are drawn."""
    series = [clean(name) for name in names]
    legend = None if _fits(series) else {"symbolType": "stroke", "symbolSize": 500, "symbolStrokeWidth": 2.5,
                                         "columns": 1, "orient": "bottom"}  # fmt: skip
    own = {"legend": legend}
    return {"color": colour_scale(series, legend=False) | own, "strokeDash": dash_scale(series) | own}


def _encoding(periods: Sequence[str], unit: Unit, domain: tuple[float, float]) -> dict[str, Any]:
    y = value_axis(unit) | {"scale": {"domain": list(domain), "nice": False, "zero": False}}
    y["axis"] |= {"grid": True, **(_AT_NOUGHT if domain[0] < 0 else {})}
    x = period_axis(periods) | {"scale": {"type": "point", "padding": 0}}
    x["axis"] |= {"ticks": True, **_written(periods, x["axis"]["values"])}
    return {"x": x, "y": y}


def _written(periods: Sequence[str], some: Sequence[str]) -> dict[str, Any]:
    """The years at their Januaries, as many as there is room for; months where there are less than two years."""
    starts = [period for period in periods if period.endswith(_YEAR_STARTS)]
    if len(starts) > 1:
        step = math.ceil(len(starts) / (_ACROSS // _YEAR_WIDTH))
        return {"values": starts[::step], "labelExpr": f"slice(datum.value, 0, {_YEAR})"}
    words = json.dumps({period: period_words(period) for period in some})
    return {"values": list(some[::2]), "labelExpr": f"{words}[datum.value]"}


def _bands(wide: set[str], dash: dict[str, Any]) -> list[dict[str, Any]]:
    """The bands of the scenarios that have any, the wider below, with edges so that they are told apart in print."""
    only = {"filter": {"field": "series", "oneOf": sorted(wide)}}
    layers: list[dict[str, Any]] = []
    for band, density in BANDS.items() if wide else ():
        mark = {"type": "area", "opacity": density, "line": False}
        ends = {"y": {"field": f"lower_{band}", "type": "quantitative"}, "y2": {"field": f"upper_{band}"}}
        layers.append({"transform": [only], "mark": mark, "encoding": ends})
    for side in ("lower_95", "upper_95") if wide else ():
        mark = {"type": "line", "strokeWidth": 0.8}
        edge = {"y": {"field": side, "type": "quantitative"}, "strokeDash": dash["strokeDash"]}
        layers.append({"transform": [only], "mark": mark, "encoding": edge})
    return layers


def _lines(dash: dict[str, Any]) -> dict[str, Any]:
    return {"mark": {"type": "line", "strokeWidth": 2.5}, "encoding": {"strokeDash": dash["strokeDash"]}}


def _event(event: tuple[str, str] | None, periods: Sequence[str]) -> list[dict[str, Any]]:
    """A line through the month of the event, named above the chart on the side that has room."""
    if event is None:
        return []
    period, words = event
    late = periods.index(period) > len(periods) / 2
    once: dict[str, Any] = {"values": [{}]}
    plain = {"color": {"value": _INK}}
    at = {"x": {"datum": period, "type": "ordinal"}}
    line = {"type": "rule", "strokeWidth": 1.5}
    text = {"type": "text", "baseline": "bottom", "dy": -5, "align": "right" if late else "left",
            "text": f"{clean(words)}, {period_words(period)}"}  # fmt: skip
    top, bottom = {"value": 0}, {"value": "height"}
    dash = {"strokeDash": {"value": [3, 3]}}
    return [
        {"data": once, "mark": line, "encoding": {**at, **plain, **dash, "y": top, "y2": bottom}},
        {"data": once, "mark": text, "encoding": {**at, **plain, "y": top}},
    ]


def _fits(names: Sequence[str]) -> bool:
    """Whether the names of the scenarios have room at the ends of their lines."""
    return all(len(textwrap.wrap(name, _LETTERS)) <= _MOST_LINES for name in names)


def _end_words(
    shown: Sequence[Mapping[str, Any]], ends: Sequence[Point], domain: tuple[float, float]
) -> list[dict[str, Any]]:
    """Each scenario's name and last value right of its line's end, moved apart where they would overlap."""
    names = series_of(ends)
    lasts = {point.series: point.figure for point in ends}
    words = {name: [*(textwrap.wrap(name, _LETTERS) if _fits(names) else []), lasts[name].text] for name in names}
    values = {row["series"]: row["value"] for row in shown if row["value"] is not None}
    low, high = domain
    heights = {name: (high - value) / (high - low) * LINE_HEIGHT for name, value in values.items()}
    placed = _apart(heights, {name: len(words[name]) * _LINE for name in names})
    return [
        {
            "data": {"values": [{}]},
            "mark": {"type": "text", "align": "left", "baseline": "top", "dx": 8, "lineHeight": _LINE,
                     "text": words[name], "fontWeight": "bold"},
            "encoding": {"x": {"value": _ACROSS}, "y": {"value": top}, "color": {"value": _BLACK}},
        }
        for name, top in placed.items()
    ]  # fmt: skip


def _apart(middles: dict[str, float], high: dict[str, int]) -> dict[str, float]:
    """The top of each block of words at its middle, pushed down by the one above and up from the foot of the chart."""
    ordered = sorted(middles, key=lambda name: middles[name])
    tops: dict[str, float] = {}
    reached = -float(_LINE)
    for name in ordered:
        tops[name] = max(middles[name] - high[name] / 2, reached)
        reached = tops[name] + high[name] + 2
    floor = LINE_HEIGHT + _LINE / 2
    for name in reversed(ordered):
        tops[name] = round(min(tops[name], floor - high[name]), 1)
        floor = tops[name] - 2
    return tops


def _described(ends: Sequence[Point], periods: Sequence[str], wide: set[str], event: tuple[str, str] | None) -> str:
    """From when to when, where each scenario begins and ends with its interval, and what is not uncertain."""
    names = series_of(ends)
    parts = [f"Forecast by month, {period_words(periods[0])} to {period_words(periods[-1])}."]
    for name in names:
        last = [point for point in ends if point.series == name][-1]
        band = f" (95% of draws: {last.figure.interval_text})" if last.figure.interval_text and name in wide else ""
        sure = "" if name in wide else f", {SURE}"
        parts.append(f"{name}: {last.figure.text}{band} at the end of {last.label}{sure}.")
    if wide:
        parts.append("Darker band: 80% of draws; lighter band: 95%.")
    if event is not None:
        parts.append(f"Line at {period_words(event[0])}: {clean(event[1])}.")
    return " ".join(parts)
