"""Statistical nearest neighbours of councils, with their distances (Office for National Statistics)."""

import re
from itertools import product
from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_sheet, sheet_names, under_heading
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Publication

TITLE = re.compile(
    r"(lower|upper) tier local authority (statistical nearest neighbours|relative distances)", re.IGNORECASE
)
TIERS = ("lower", "upper")
ORDER, DISTANCE = "order", "distance"
NEIGHBOUR = re.compile(r"neighbour (\d+)")
RELEASED = re.compile(r"released on \d{2}/\d{2}/(\d{4})")
COVER = "Contents"


def tidy(file: Path) -> Edition:
    """Every pair of councils of a tier: the neighbour's place in the order, and the distance between the two.

    Raises SourceChanged where the tables of neighbours and distances, or the day of release, cannot be found.
    """
    sheets = {}
    for name in sheet_names(file):
        cells = read_sheet(file, name)
        found = TITLE.search(str(cells.item(0, 0))) if cells.height else None
        if found is not None:
            sheets[found[1].lower(), ORDER if "neighbours" in found[2].lower() else DISTANCE] = cells
    if set(sheets) != set(product(TIERS, (ORDER, DISTANCE))):
        raise SourceChanged(
            f"{file.name} lacks a table of neighbours or of distances of a tier: its layout has changed."
        )
    edition = _released(file)
    parts = [_tier(sheets[tier, ORDER], sheets[tier, DISTANCE], tier, file) for tier in TIERS]
    return Edition(edition, pl.concat(parts).with_columns(edition=pl.lit(edition)))


def _released(file: Path) -> str:
    """The year in which the workbook came out, as its cover says."""
    told = read_sheet(file, COVER).to_series(0).drop_nulls().to_list()
    year = next((found[1] for text in told if (found := RELEASED.search(text))), None)
    if year is None:
        raise SourceChanged(f"{file.name} does not say on “{COVER}” when it was released: its layout has changed.")
    return year


def _tier(ordered: pl.DataFrame, distances: pl.DataFrame, tier: str, file: Path) -> pl.DataFrame:
    """The pairs of one tier."""
    code, name = f"{tier} tier local authority code", f"{tier} tier local authority name"
    order = under_heading(ordered, (code, name, "neighbour 1"), file=file).drop_nulls(code)
    places = {head: int(found[1]) for head in order.columns if (found := NEIGHBOUR.fullmatch(head))}
    ranked = order.unpivot(list(places), index=[code, name], variable_name="place", value_name="neighbour")
    matrix = under_heading(distances, (code, name), file=file).drop_nulls(code).drop(name)
    far = matrix.unpivot(index=code, variable_name="neighbour", value_name="distance")
    pairs = ranked.drop_nulls("neighbour").join(
        far.with_columns(pl.col("neighbour").str.to_uppercase()), on=[code, "neighbour"], how="left"
    )
    if pairs["distance"].null_count():
        raise SourceChanged(
            f"{file.name} has a neighbour of the {tier} tier without a distance: its layout has changed."
        )
    return pairs.select(
        "neighbour",
        tier=pl.lit(tier),
        area=code,
        area_name=name,
        place=pl.col("place").replace_strict(places),
        distance=pl.col("distance").cast(pl.Float64),
    )


PUBLICATION = Publication(
    stem="nearest_neighbours",
    title="Statistical nearest neighbours of councils in England, with distances",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/peoplepopulationandcommunity/wellbeing/methodologies/"
    "clusteringsimilarlocalauthoritiesandstatisticalnearestneighboursintheukmethodology",
    frequency="irregular",
    caveat="Councils as they stood on 31 December 2024. The method is still under development and may be revised. "
    "Distances compare within a tier only; being somebody's nearest neighbour does not make that somebody one's own.",
    files=("*nearestneighbours*.xlsx", "*nearest_neighbours*.xlsx"),
    columns={
        "edition": Column(Kind.CODE, "Year of release"),
        "tier": Column(Kind.CODE, "lower (districts and unitary councils) or upper (councils with social care duties)"),
        "area": Column(Kind.CODE, "ONS code of the council"),
        "area_name": Column(Kind.CODE, "Name of the council"),
        "place": Column(Kind.SMALL, "The neighbour's place, 1 the nearest"),
        "neighbour": Column(Kind.CODE, "ONS code of the neighbour"),
        "distance": Column(Kind.NUMBER, "Relative Euclidean distance between the two on standardised data"),
    },
    key=("edition", "tier", "area", "place"),
    tidy=tidy,
)
