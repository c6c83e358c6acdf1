"""Boundaries of wards, councils, counties, regions and health bodies, as drawn (Office for National Statistics)."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from parity.sources.reading.official import unpacked
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

HEAD = re.compile(r"(?P<layer>[A-Z]+)(?P<year>\d{2})CD")
LAYERS = {
    "WD": "ward",
    "LAD": "council",
    "LTLA": "council",
    "CTYUA": "upper_tier",
    "UTLA": "upper_tier",
    "CTY": "county",
    "RGN": "region",
    "CTRY": "country",
    "ICB": "icb",
    "SICBL": "sub_icb",
    "CAUTH": "combined_authority",
}
"""How the publisher calls a layer, and how we do. Other layers keep the publisher's name in lower case."""
Ring = list[list[float]]


def tidy(file: Path) -> Edition:
    """One row an area, its boundary as the publisher drew it: GeoJSON of one layer, or TopoJSON of many.

    Raises SourceChanged where the file is neither, or does not tell layer and year.
    """
    read = {"FeatureCollection": _layer, "Topology": _topology}
    try:
        told = json.loads(unpacked(file))
        return read[told["type"]](told, file)
    except ValueError:
        raise SourceChanged(f"{file.name} cannot be read as JSON.") from None
    except KeyError as error:
        raise SourceChanged(f"{file.name} is no GeoJSON or TopoJSON as known: {error} is strange or missing.") from None


def _layer(told: dict[str, Any], file: Path) -> Edition:
    """The one layer of a GeoJSON file, whose properties carry layer and year in their names."""
    features = told["features"]
    first = features[0]["properties"] if features else {}
    found = next((found for name in first if (found := HEAD.fullmatch(name))), None)
    if found is None:
        raise SourceChanged(f"{file.name} has no property such as “LAD24CD”: its layout has changed.")
    code, name = found[0], found[0].removesuffix("CD") + "NM"
    rows = [(each["properties"][code], each["properties"][name], each["geometry"]) for each in features]
    return _edition([(found["layer"], rows)], f"20{found['year']}")


def _topology(told: dict[str, Any], file: Path) -> Edition:
    """The layers of a TopoJSON file, which share their arcs."""
    year = re.search(r"\d{4}", file.name)
    if year is None:
        raise SourceChanged(f"{file.name} does not tell the year of its boundaries, and nothing inside the file does.")
    arcs = list(_arcs(told))
    layers = [
        (layer, [(*_named(each), _geometry(each, arcs)) for each in held["geometries"]])
        for layer, held in told["objects"].items()
    ]
    return _edition(layers, year[0])


def _named(geometry: dict[str, Any]) -> tuple[str, str]:
    return geometry["properties"]["AREACD"], geometry["properties"]["AREANM"]


def _arcs(told: dict[str, Any]) -> Iterator[Ring]:
    """The arcs in degrees: whole steps from point to point, scaled and moved."""
    scale, move = told["transform"]["scale"], told["transform"]["translate"]
    for arc in told["arcs"]:
        x, y, points = 0, 0, []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append([round(x * scale[0] + move[0], 6), round(y * scale[1] + move[1], 6)])
        yield points


def _geometry(geometry: dict[str, Any], arcs: Sequence[Ring]) -> dict[str, Any]:
    """A GeoJSON geometry from the numbers of its arcs."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    drawn = [[_ring(ring, arcs) for ring in polygon] for polygon in polygons]
    return {"type": geometry["type"], "coordinates": drawn[0] if geometry["type"] == "Polygon" else drawn}


def _ring(numbers: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """A ring from its arcs: ~n is arc n backwards, and each arc begins where the one before it ends."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def _edition(layers: list[tuple[str, list[tuple[str, str, dict[str, Any]]]]], year: str) -> Edition:
    frames = [
        pl.DataFrame(
            [(code, name, json.dumps(geometry, separators=(",", ":"))) for code, name, geometry in rows],
            schema=["area", "area_name", "geometry"],
            orient="row",
        ).select(pl.lit(LAYERS.get(layer, layer.lower())).alias("layer"), pl.all())
        for layer, rows in layers
    ]
    kinds = " ".join(frame["layer"][0] for frame in frames) if len(frames) == 1 else "all layers"
    edition = f"{year} {kinds}"
    return Edition(edition, pl.concat(frames).with_columns(edition=pl.lit(edition)))


def feature_collection(boundaries: pl.DataFrame) -> str:
    """GeoJSON text of a FeatureCollection: a feature a row, in their order, with area and area_name as properties.

    Layers and editions are the caller's to choose, and so is how far boundaries were simplified before.
    """
    features = [
        {
            "type": "Feature",
            "properties": {"area": area, "area_name": name},
            "geometry": json.loads(geometry),
        }
        for area, name, geometry in boundaries.select("area", "area_name", "geometry").iter_rows()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"), ensure_ascii=False)


PUBLICATION = Publication(
    stem="boundaries",
    title="Boundaries of wards, councils, counties, regions and health bodies",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="when boundaries change",
    caveat="Generalised by the publisher for maps of the country; not for measuring. Contains OS data © Crown "
    "copyright and database right. Choose one layer of one edition.",
    files=("*_bsc.geojson*", "*_buc.geojson*", "*_bgc.geojson*", "*.topojson"),
    columns={
        "edition": Column(Kind.CODE, "Year of the boundaries and what the file holds"),
        "layer": Column(
            Kind.CODE,
            "ward, council, upper_tier, county, region, country, icb, sub_icb, or as the publisher calls it",
        ),
        "area": Column(Kind.CODE, "ONS code of the area"),
        "area_name": Column(Kind.CODE, "Name of the area"),
        "geometry": Column(Kind.TEXT, "The boundary as GeoJSON, in degrees of longitude and latitude (WGS 84)"),
    },
    key=("edition", "layer", "area"),
    tidy=tidy,
    lookup=True,
    attribution="Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Contains OS data © Crown copyright and database right {year}.",
)
