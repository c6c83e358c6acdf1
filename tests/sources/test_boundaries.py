"""Boundaries: GeoJSON and TopoJSON give one table, drawn as published or rounded for a page."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.methods.shapes import simplified
from parity.sources.boundaries import PUBLICATION, feature_collection, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official

SQUARE = [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]
FEATURE = {
    "type": "Feature",
    "properties": {"FID": 1, "LAD24CD": "E06000001", "LAD24NM": "Hartlepool", "LAD24NMW": " "},
    "geometry": {"type": "Polygon", "coordinates": SQUARE},
}
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [-1, 50]},
    # two squares side by side: their common edge is arc 0, the rest of each is arcs 1 and 2
    "arcs": [[[2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2], [2, 0]], [[2, 0], [2, 0], [0, 2], [-2, 0]]],
    "objects": {
        "LTLA": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"AREACD": "W", "AREANM": "West"}},
                {"type": "MultiPolygon", "arcs": [[[2, ~0]]], "properties": {"AREACD": "E", "AREANM": "East"}},
            ],
        },
        "CTY": {"type": "GeometryCollection", "geometries": []},
    },
}


def saved(file: Path, told: dict[str, Any]) -> Path:
    file.write_text(json.dumps(told), encoding="utf-8")
    return file


def test_geojson_tells_layer_and_year_by_its_properties(tmp_path: Path) -> None:
    told = {"type": "FeatureCollection", "features": [FEATURE]}
    name, frame = read_edition(PUBLICATION, saved(tmp_path / "lad.geojson", told))
    geometry = '{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[1,0],[0,0]]]}'
    assert (name, frame.rows()) == ("2024 council", [("2024 council", "council", "E06000001", "Hartlepool", geometry)])


def test_topojson_shares_arcs_between_neighbours(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, saved(tmp_path / "all2022.topojson", TOPOLOGY))
    drawn = {area: json.loads(geometry) for area, geometry in frame.select("area", "geometry").iter_rows()}
    assert (name, frame["layer"].to_list()) == ("2022 all layers", ["council", "council"])
    assert drawn["W"]["coordinates"] == [[[0, 50], [0, 51], [-1, 51], [-1, 50], [0, 50]]]
    assert drawn["E"]["coordinates"] == [[[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("lad.geojson", "no JSON", "cannot be read as JSON"),
        ("lad.geojson", "{}", "no GeoJSON or TopoJSON as known: 'type' is strange or missing"),
        ("lad.geojson", '{"type": "Point"}', "'Point' is strange or missing"),
        ("lad.geojson", '{"type": "FeatureCollection", "features": []}', "has no property such as “LAD24CD”"),
        ("all.topojson", '{"type": "Topology"}', "does not tell the year of its boundaries"),
    ],
)
def test_another_layout_is_refused_by_name(name: str, text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceChanged, match=words):
        tidy(file)


def test_a_collection_has_a_feature_a_row(tmp_path: Path) -> None:
    told = {"type": "FeatureCollection", "features": [FEATURE]}
    _, frame = read_edition(PUBLICATION, saved(tmp_path / "lad.geojson", told))
    properties = {"area": "E06000001", "area_name": "Hartlepool"}
    assert json.loads(feature_collection(frame)) == {**told, "features": [{**FEATURE, "properties": properties}]}


def test_no_boundaries_are_an_empty_collection() -> None:
    empty = pl.DataFrame(schema={"area": pl.String, "area_name": pl.String, "geometry": pl.String})
    assert feature_collection(empty) == '{"type":"FeatureCollection","features":[]}'


@needs_data
@pytest.mark.parametrize(
    ("file", "layers"),
    [
        ("ctyua_dec2023_uk_bsc.geojson.gz", {"upper_tier": 218}),
        ("icb_apr2023_en_bsc.geojson.gz", {"icb": 42}),
        ("lad_may2024_uk_bsc.geojson.gz", {"council": 361}),
        ("region_dec2023_en_buc.geojson", {"region": 9}),
        ("subicb_apr2023_en_bsc.geojson.gz", {"sub_icb": 106}),
        (
            "ons_geogALL2022UK.topojson",
            {"itl1": 12, "itl2": 41, "itl3": 179, "uk": 1, "gb": 1, "ew": 1, "country": 4, "region": 12}
            | {"combined_authority": 10, "county": 32, "upper_tier": 217, "council": 374},
        ),
    ],
)
def test_every_layer_is_there_and_its_rings_close(file: str, layers: dict[str, int]) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    assert dict(frame.group_by("layer").len().iter_rows()) == layers
    for text in frame["geometry"]:
        geometry = json.loads(text)
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        assert all(ring[0] == ring[-1] and len(ring) > 3 for rings in polygons for ring in rings)


@needs_data
def test_a_map_of_england_is_small_enough_for_a_page() -> None:
    _, frame = read_edition(PUBLICATION, official("lad_may2024_uk_bsc.geojson.gz"))
    english = frame.filter(pl.col("area").str.starts_with("E"))
    drawn = feature_collection(simplified(english, tolerance=0.01))
    assert (english.height, len(json.loads(drawn)["features"])) == (296, 296)
    assert len(drawn) < 300_000
