"""Which ward and council each small area is best fitted to (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.lookups import read_lookup
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

COLUMNS = {
    "area": "lsoa_code",
    "area_name": "lsoa_name",
    "ward": "ward_code",
    "ward_name": "ward_name",
    "council": "ltla_code",
    "council_name": "ltla_name",
}


def tidy(file: Path) -> Edition:
    """One year's best fit; the year is in the names of its columns. Raises SourceChanged where a column is missing."""
    table, years = read_lookup(file, COLUMNS)
    return Edition(years["ward"], table.with_columns(edition=pl.lit(years["ward"])))


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
    files=("lsoa*_ward*_lad*.parquet", "lsoa_(*_to_*ward*.csv"),
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
