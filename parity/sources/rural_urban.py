"""Rural–urban classification of small areas and councils (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_columns, read_table
from parity.terms.publication import Column, Edition, Kind, Publication

LAYOUTS = {
    "lsoa11_code": ("2011 small areas", "ruc11_code"),
    "lsoa21_code": ("2021 small areas", "ruc21_code"),
    "ltla24_code": ("2021 councils", "ruc21_code"),
}
"""By the column that holds the area: edition and the column that holds the class."""


def tidy(file: Path) -> Edition:
    """A classification of small areas or of councils. Raises SourceChanged where a column is missing."""
    table = read_table(file)
    area = next((name for name in LAYOUTS if name in table.columns), "lsoa21_code")
    edition, code = LAYOUTS[area]
    check_columns(table, (area, code, "classification", "ruc"), file=file)
    return Edition(
        edition,
        table.select(
            edition=pl.lit(edition),
            area=area,
            code=code,
            words="classification",
            settlement=pl.col("ruc").str.to_lowercase(),
        ),
    )


PUBLICATION = Publication(
    stem="rural_urban",
    title="Rural–urban class of small areas and councils",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/methodology/geography/geographicalproducts/ruralurbanclassifications",
    frequency="after each census",
    caveat="England and Wales. The classes of 2011 and 2021 are made differently and cannot be compared. A council "
    "is classed by where most of its people live: its class says little of its villages.",
    files=("ruc11_lsoa11.parquet", "ruc21_lsoa21.parquet", "ruc21_lad24.csv"),
    columns={
        "edition": Column(Kind.CODE, "The census the classes rest on, and what the areas are: small areas or councils"),
        "area": Column(Kind.CODE, "ONS code of the area"),
        "code": Column(Kind.CODE, "Code of the class"),
        "words": Column(Kind.CODE, "The class in words"),
        "settlement": Column(Kind.CODE, "rural or urban"),
    },
    key=("edition", "area"),
    tidy=tidy,
    lookup=True,
)
