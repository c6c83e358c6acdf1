"""Which ward and council each small area is best fitted to (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

GIVEN = ("lsoa21_code", "lsoa21_name", "ward24_code", "ward24_name", "ltla24_code", "ltla24_name")
TIDY = ("area", "area_name", "ward", "ward_name", "council", "council_name")
EDITION = "2024"


def tidy(file: Path) -> Edition:
    """The best-fit lookup of 2024. Raises SourceChanged where a column is missing."""
    table = read_table(file, wanted=GIVEN).rename(dict(zip(GIVEN, TIDY, strict=True)))
    return Edition(EDITION, table.with_columns(edition=pl.lit(EDITION)))


PUBLICATION = Publication(
    stem="lsoa_wards",
    title="Small areas (LSOA 2021), their ward and council",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="when boundaries change",
    caveat="England and Wales, a best fit: small areas do not nest in wards, and a ward smaller than any of them has "
    "none and is absent. One small area of West Northamptonshire is fitted to a ward of Cherwell; for councils use "
    "the council in the table of changes of small areas.",
    files=("lsoa21_ward24_lad24.parquet",),
    columns={
        "edition": Column(Kind.CODE, "Year of the wards and councils"),
        "area": Column(Kind.CODE, "ONS code of the small area (LSOA 2021)"),
        "area_name": Column(Kind.CODE, "Name of the small area"),
        "ward": Column(Kind.CODE, "ONS code of the ward it fits best"),
        "ward_name": Column(Kind.CODE, "Name of the ward"),
        "council": Column(Kind.CODE, "ONS code of the council of that ward"),
        "council_name": Column(Kind.CODE, "Name of the council"),
    },
    key=("edition", "area"),
    tidy=tidy,
    lookup=True,
    names=(
        Naming("ward", "ward_name", "ward", within="council"),
        Naming("council", "council_name", "council"),
    ),
)
