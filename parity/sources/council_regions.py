"""Which region each council of England is in (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.lookups import read_lookup
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

COLUMNS = {"area": "ltla_code", "area_name": "ltla_name", "region": "region_code", "region_name": "region_name"}


def tidy(file: Path) -> Edition:
    """One year's lookup; the year is in the names of its columns. Raises SourceChanged where a column is missing."""
    table, years = read_lookup(file, COLUMNS)
    return Edition(years["ltla"], table.with_columns(edition=pl.lit(years["ltla"])))


PUBLICATION = Publication(
    stem="council_regions",
    title="Councils and the region they are in",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="when boundaries change",
    caveat="England only, lower-tier and unitary councils ; those of 2024 have stood since April 2023.",
    files=("lad*_region*.csv", "local_authority_district*_to_region*.csv"),
    columns={
        "edition": Column(Kind.CODE, "Year of the boundaries"),
        "area": Column(Kind.CODE, "ONS code of the council"),
        "area_name": Column(Kind.CODE, "Name of the council"),
        "region": Column(Kind.CODE, "ONS code of the region"),
        "region_name": Column(Kind.CODE, "Name of the region"),
    },
    key=("edition", "area"),
    tidy=tidy,
    lookup=True,
    names=(Naming("area", "area_name", "council"), Naming("region", "region_name", "region")),
)
