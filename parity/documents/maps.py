"""Maps: areas filled by the class their figure falls into, drawn and told like any other chart."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from parity.documents.charts import as_chart, summary
from parity.documents.drawing import FONT, SCHEMA, SHAPES, Point
from parity.documents.model import Chart

CLASSES = ("#DCE9F5", "#A6C8E4", "#6BA0CF", "#2F74B5", "#12436D")
"""From few to many: five steps of one blue, told apart in print and by those who see no colours."""
NONE, NOT_AVAILABLE = "#FFFFFF", "Not available"
MOST_CLASSES = len(CLASSES)
WIDTH, LEAST_HEIGHT, HEIGHT = 460, 160, 540
"""A map is as wide as this, and as high as its areas need, between these heights."""
NARROWED = math.cos(math.radians(53))
"""How much shorter a degree of longitude is than one of latitude, at the middle of England."""
OTHERS = "others"
"""The kind under which those stand for whose own no shape is left."""
_EDGE, _MARKED, _BESIDE = "#4C6272", "#D5281B", "#212B32"


@dataclass(frozen=True, slots=True)
class Spot:
    """Something at a place: what it is called, of which kind it is, and where, in degrees."""

    name: str
    kind: str
    longitude: float
    latitude: float


def area_map(
    points: Sequence[Point],
    shapes: Mapping[str, str],
    *,
    slug: str,
    title: str,
    marked: Sequence[str] = (),
    labels: str = "Area",
) -> Chart:
    """A map of the points' areas: each filled by its series, which is the words of its class, lowest class first.

    `shapes` holds GeoJSON geometries by area code, on longitude and latitude; an area without one stands in the table
    alone. A figure that is missing is white. `marked` are the codes of areas drawn with an edge: the first with a thick
    red one, the others with a black one. Raises ValueError for more classes than can be told apart.
    """
    found = sorted((point.figure.value, point.series) for point in points if point.figure.value is not None)
    classes = list(dict.fromkeys(name for _, name in found))
    if len(classes) > MOST_CLASSES:
        raise ValueError(f"A map shows at most {MOST_CLASSES} classes, not {len(classes)}.")
    features = [_feature(point, shapes[point.figure.area.code]) for point in points if point.figure.area.code in shapes]
    spec: dict[str, Any] = {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": _height(features),
        # flat, so that it does not matter which way round an outline was drawn
        "projection": {"type": "identity", "reflectY": True},
        "data": {"values": features, "format": {"type": "json"}},
        "config": {"font": FONT, "view": {"stroke": None}},
        "layer": [
            _filled(classes, labels),
            _edged(marked[1:], _BESIDE, 1.2),
            _edged(marked[:1], _MARKED, 2),
        ],
    }
    plain = [Point(point.label, point.figure) for point in points]
    names = [point.label for code in marked for point in points if point.figure.area.code == code]
    edges = f" With an edge: {', '.join(names)}." if names else ""
    described = f"{len(features)} areas on a map. {summary(plain)}{edges}"
    chart = as_chart(plain, spec, slug=slug, title=title, labels=labels, description=described)
    return replace(chart, small=True)


def with_spots(chart: Chart, spots: Sequence[Spot]) -> Chart:
    """The map with a mark at each spot: each kind by a shape of its own, which a key names and the words count.

    Kinds beyond the shapes there are stand together as the last of them. A chart without spots comes back as it is.
    """
    if not spots:
        return chart
    known = list(dict.fromkeys(spot.kind for spot in spots))
    kinds = known if len(known) <= len(SHAPES) else [*known[: len(SHAPES) - 1], OTHERS]
    told = [_spot(spot, spot.kind if spot.kind in kinds else OTHERS) for spot in spots]
    shapes = {"domain": kinds, "range": list(SHAPES[: len(kinds)])}
    key = {"title": None, "orient": "bottom", "columns": 2, "labelFontSize": 14}
    marks = {
        "data": {"values": told},
        "mark": {"type": "point", "filled": True, "color": _BESIDE, "stroke": "white", "size": 90, "opacity": 1},
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "shape": {"field": "kind", "type": "nominal", "scale": shapes, "legend": key},
            "tooltip": [{"field": "name", "type": "nominal", "title": "Name"}],
        },
    }
    counts = [f"{kind}, {sum(each['kind'] == kind for each in told)}" for kind in kinds]
    spec = {**chart.spec, "layer": [*chart.spec["layer"], marks], "resolve": {"scale": {"shape": "independent"}}}
    return replace(chart, spec=spec, description=f"{chart.description} Marked on it: {'; '.join(counts)}.")


def _spot(spot: Spot, kind: str) -> dict[str, Any]:
    longitude, latitude = _flattened([spot.longitude, spot.latitude])
    return {"name": spot.name, "kind": kind, "longitude": longitude, "latitude": latitude}


def _filled(classes: Sequence[str], labels: str) -> dict[str, Any]:
    """The layer that fills the areas by their classes, lowest first."""
    steps = CLASSES if len(classes) == MOST_CLASSES else CLASSES[-len(classes) :] if classes else ()
    return {
        "mark": {"type": "geoshape", "stroke": _EDGE, "strokeWidth": 0.4},
        "encoding": {
            "color": {
                "field": "properties.class",
                "type": "nominal",
                "scale": {"domain": [*classes, NOT_AVAILABLE], "range": [*steps, NONE]},
                "legend": {
                    "title": None,
                    "orient": "top",
                    "columns": 3,
                    "labelFontSize": 14,
                    "symbolStrokeColor": _EDGE,
                },
            },
            "tooltip": [
                {"field": "properties.label", "type": "nominal", "title": labels},
                {"field": "properties.text", "type": "nominal", "title": "Value"},
            ],
        },
    }


def _edged(codes: Sequence[str], colour: str, width: float) -> dict[str, Any]:
    """The layer that draws the edges of these areas."""
    return {
        "transform": [{"filter": f"indexof({json.dumps(list(codes))}, datum.properties.code) >= 0"}],
        "mark": {"type": "geoshape", "fill": None, "stroke": colour, "strokeWidth": width},
    }


def _feature(point: Point, shape: str) -> dict[str, Any]:
    """The area as a GeoJSON feature with what the map tells of it."""
    figure = point.figure
    told = {
        "code": figure.area.code,
        "label": point.label,
        "text": figure.text,
        "class": NOT_AVAILABLE if figure.value is None else point.series,
    }
    geometry = json.loads(shape)
    flat = {"type": geometry["type"], "coordinates": _flattened(geometry["coordinates"])}
    return {"type": "Feature", "properties": told, "geometry": flat}


def _height(features: Sequence[Mapping[str, Any]]) -> int:
    """The height at which the areas fill the width of the map, or the greatest where they are narrow."""
    points = [point for each in features for point in _points(each["geometry"]["coordinates"])]
    if not points:
        return LEAST_HEIGHT
    wide, high = (max(ends) - min(ends) for ends in zip(*points, strict=True))
    return min(HEIGHT, max(LEAST_HEIGHT, round(WIDTH * high / wide))) if wide else HEIGHT


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Every point of a geometry's coordinates, however deep they are nested."""
    if isinstance(coordinates[0], list):
        for part in coordinates:
            yield from _points(part)
    else:
        yield coordinates[0], coordinates[1]


def _flattened(coordinates: Any) -> Any:
    """Longitudes and latitudes on a plane: as wide as they are at the middle of England (equirectangular)."""
    if isinstance(coordinates[0], list):
        return [_flattened(part) for part in coordinates]
    longitude, latitude = coordinates
    return [round(longitude * NARROWED, 4), latitude]
