"""Households by dimensions of deprivation in small areas at the census of 2021 (ONS)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.publication import Column, Edition, Kind, Publication

GROUPS = {
    "Household is not deprived in any dimension": "0",
    "Household is deprived in one dimension": "1",
    "Household is deprived in two dimensions": "2",
    "Household is deprived in three dimensions": "3",
    "Household is deprived in four dimensions": "4",
}
"""The publisher's headings, and what we call them."""
PERIOD = "2021"


def tidy(file: Path) -> Edition:
    """One row a small area and group. Raises SourceChanged where the column of a group is missing."""
    table = read_table(file, wanted=("lsoa21_code", *GROUPS))
    counted = table.rename({"lsoa21_code": "area", **GROUPS}).unpivot(
        list(GROUPS.values()), index="area", variable_name="dimensions", value_name="households"
    )
    return Edition(PERIOD, counted.with_columns(period=pl.lit(PERIOD)))


PUBLICATION = Publication(
    stem="census_household_deprivation",
    title="Census 2021: households by dimensions of deprivation and small area (LSOA 2021)",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.nomisweb.co.uk/sources/census_2021_bulk",
    frequency="every ten years",
    caveat="England and Wales. Counts are slightly altered by the publisher so that nobody can be known from them, "
    "so sums of small areas differ by a few from published totals.",
    files=("census2021_household_deprivation_lsoa21.parquet",),
    columns={
        "area": Column(Kind.CODE, "ONS code of the small area (LSOA 2021)"),
        "period": Column(Kind.CODE, "Year of the census"),
        "dimensions": Column(
            Kind.CODE,
            "In how many of four dimensions the household is deprived: employment, education, health, housing",
        ),
        "households": Column(Kind.WHOLE, "Households with somebody usually resident"),
    },
    key=("area", "period", "dimensions"),
    tidy=tidy,
    by_area=True,
)
