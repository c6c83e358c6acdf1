"""Shapes of areas made small enough for a page, without gaps or overlaps between neighbours."""

import re

import polars as pl
import shapely

_LONG = re.compile(r"(-?\d+\.\d{3})\d+")
"""A coordinate in degrees with more than three decimals; the third is about 100 metres."""


def simplified(shapes: pl.DataFrame, *, tolerance: float) -> pl.DataFrame:
    """The shapes (columns area, layer and geometry, GeoJSON text in degrees) with fewer points, each layer by itself.

    Edges that two areas share stay shared: what is left out of one is left out of the other. `tolerance` is in degrees,
    the side of the triangle that a corner may be off; coordinates keep three decimals. An area never vanishes.
    Source: Visvalingam and Whyatt 1993, on the edges of a coverage (GEOS `CoverageSimplify`).
    """
    layers = [part for _, part in shapes.group_by("layer", maintain_order=True)]
    return pl.concat([_layer(part, tolerance) for part in layers]) if layers else shapes


def _layer(part: pl.DataFrame, tolerance: float) -> pl.DataFrame:
    simple = shapely.coverage_simplify(shapely.from_geojson(part["geometry"].to_numpy()), tolerance)
    written = [_LONG.sub(r"\1", text) for text in shapely.to_geojson(simple)]
    return part.with_columns(geometry=pl.Series(written, dtype=pl.String))
