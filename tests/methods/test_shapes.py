"""Shapes get fewer points, and neighbours stay neighbours."""

import json

import polars as pl
import shapely

from parity.methods.shapes import simplified

SCHEMA = {"area": pl.String, "layer": pl.String, "geometry": pl.String}


def square(left: float) -> str:
    """A square with a needless corner in the middle of each upright side."""
    ring = [[left, 50], [left + 1, 50], [left + 1, 50.50001], [left + 1, 51], [left, 51], [left, 50.50001], [left, 50]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def test_needless_points_go_and_neighbours_share_their_edge() -> None:
    shapes = pl.DataFrame({"area": ["A", "B"], "layer": ["x", "x"], "geometry": [square(0), square(1)]})
    simple = simplified(shapes, tolerance=0.01)
    first, second = map(shapely.from_geojson, simple["geometry"])
    assert (first.area, second.area) == (1.0, 1.0)
    assert shapely.intersection(first, second).length == 1.0
    assert len(simple["geometry"][0]) < len(square(0))


def test_layers_are_simplified_apart_and_keep_their_order() -> None:
    shapes = pl.DataFrame(
        {"area": ["A", "B", "C"], "layer": ["x", "y", "x"], "geometry": [square(0), square(0.5), square(1)]}
    )
    simple = simplified(shapes, tolerance=0.01)
    assert simple.select("area", "layer").rows() == [("A", "x"), ("C", "x"), ("B", "y")]


def test_coordinates_keep_three_decimals() -> None:
    ring = [[0.12345, 50.98765], [1.5, 50.98765], [1.5, 51.25], [0.12345, 50.98765]]
    shapes = pl.DataFrame(
        {"area": ["A"], "layer": ["x"], "geometry": [json.dumps({"type": "Polygon", "coordinates": [ring]})]}
    )
    assert json.loads(simplified(shapes, tolerance=0)["geometry"][0])["coordinates"][0][0] == [0.123, 50.987]


def test_of_no_shapes_there_are_none() -> None:
    empty = pl.DataFrame(schema=SCHEMA)
    assert simplified(empty, tolerance=0.01).equals(empty)
