"""A chart on a page: its drawing, its words, and the specification by which a browser brings it to life."""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from parity.documents.model import Chart
from parity.documents.pictures import svg_of

DRAWINGS_KEPT = 512
TOLD_MARKS = ("bar", "point")


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A chart with the text that tells it from others; charts themselves cannot be looked up, holding dictionaries."""

    key: str
    slug: str
    chart: Chart = field(compare=False)


def chart_svg(chart: Chart) -> str:
    """The chart as an SVG file with title and description. Kept, as drawing takes up to 0.1 s."""
    key = json.dumps([chart.spec, chart.title, chart.description], sort_keys=True)
    return _drawn(_Sketch(key, chart.table.slug, chart))


def chart_words(chart: Chart) -> str:
    """What is said instead of the drawing to whoever does not see it."""
    return f"{chart.title}. {chart.description}"


def chart_json(chart: Chart) -> Markup:
    """The chart's specification as JSON that may stand inside a script element; it names no other host."""
    spec = {key: value for key, value in chart.spec.items() if key != "$schema"}
    spec["description"] = chart_words(chart)
    if "layer" in spec:
        spec["layer"] = [_answering(layer, chart) for layer in spec["layer"]]
    written = json.dumps(spec, separators=(",", ":"))
    for mark, code in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        written = written.replace(mark, code)
    return Markup(written)  # noqa: S704 -- the three characters that HTML reads are escaped above


def _answering(layer: dict[str, Any], chart: Chart) -> dict[str, Any]:
    """The layer, with a tooltip on its bars and points: the label, the series where there are several, the value.

    To a screen reader its marks are silent: a chart is one image, and the words and the table beside it tell the rest.
    """
    layer = {**layer, "mark": {**layer["mark"], "aria": False}}
    encoding = layer.get("encoding", {})
    rows = chart.spec.get("data", {}).get("values", [])
    if layer["mark"].get("type") not in TOLD_MARKS or "tooltip" in encoding or not rows:
        return layer
    titles = {"label": chart.table.columns[0].title, "series": "Group", "text": "Value"}
    told = [{"field": name, "type": "nominal", "title": title} for name, title in titles.items() if rows[0].get(name)]
    return {**layer, "encoding": {**encoding, "tooltip": told}}


@lru_cache(maxsize=DRAWINGS_KEPT)
def _drawn(sketch: _Sketch) -> str:
    return svg_of(sketch.chart, prefix=f"chart-{sketch.slug}")
