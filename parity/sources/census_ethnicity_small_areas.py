"""Broad ethnic group of small areas at the census of 2021 (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.publication import Column, Edition, Kind, Publication

GROUPS = (
    "Asian, Asian British or Asian Welsh",
    "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed or Multiple ethnic groups",
    "Other ethnic group",
    "White",
)
PERIOD = "2021"


def tidy(file: Path) -> Edition:
    """One row a small area and group. Raises SourceChanged where the column of a group is missing."""
    table = read_table(file, wanted=("lsoa21_code", *GROUPS))
    counted = table.rename({"lsoa21_code": "area"}).unpivot(
        GROUPS, index="area", variable_name="broad_group", value_name="people"
    )
    return Edition(PERIOD, counted.with_columns(period=pl.lit(PERIOD)))


PUBLICATION = Publication(
    stem="census_ethnicity_small_areas",
    title="Census 2021: broad ethnic group by small area (LSOA 2021)",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.nomisweb.co.uk/sources/census_2021_bulk",
    frequency="every ten years",
    caveat="England and Wales. Counts are slightly altered by the publisher so that nobody can be known from them, "
    "so sums of small areas differ by a few from published totals.",
    files=("census2021_ethnic_group5_lsoa21.parquet",),
    columns={
        "area": Column(Kind.CODE, "ONS code of the small area (LSOA 2021)"),
        "period": Column(Kind.CODE, "Year of the census"),
        "broad_group": Column(Kind.CODE, "One of five broad ethnic groups"),
        "people": Column(Kind.WHOLE, "People usually resident at the census of 21 March 2021"),
    },
    key=("area", "period", "broad_group"),
    tidy=tidy,
    by_area=True,
)
