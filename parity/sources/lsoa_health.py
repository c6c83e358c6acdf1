"""Which sub-ICB location and integrated care board each small area is in (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.lookups import read_lookup
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

COLUMNS = {
    "area": "lsoa_code",
    "area_name": "lsoa_name",
    "sub_icb": "sicbl_code",
    "sub_icb_name": "sicbl_name",
    "sub_icb_ods": "sicbl_ods",
    "icb": "icb_code",
    "icb_name": "icb_name",
    "icb_ods": "icb_ods",
    "council": "ltla_code",
    "council_name": "ltla_name",
}


def tidy(file: Path) -> Edition:
    """One year's lookup, on the small areas of either census; the years are in the names of its columns.

    Raises SourceChanged where a column is missing; councils may be.
    """
    table, years = read_lookup(file, COLUMNS, optional=("council", "council_name"))
    told = {"edition": pl.lit(years["icb"]), "lsoa_year": pl.lit(years["lsoa"])}
    return Edition(years["icb"], table.with_columns(**told))


PUBLICATION = Publication(
    stem="lsoa_health",
    title="Small areas, their sub-ICB location and integrated care board",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="when boundaries change",
    caveat="England only. Each small area is given to one location, and each location to one board. Codes of boards "
    "and locations changed between 2022 and 2024 where their boundaries did.",
    files=("lsoa*_sicbl*_icb*.parquet", "lsoa_(*_to_*icb*.csv"),
    columns={
        "edition": Column(Kind.CODE, "Year of the health bodies"),
        "lsoa_year": Column(Kind.CODE, "Year of the small areas: 2011 or 2021"),
        "area": Column(Kind.CODE, "ONS code of the small area (LSOA)"),
        "area_name": Column(Kind.CODE, "Name of the small area"),
        "sub_icb": Column(
            Kind.CODE, "ONS code of the sub-ICB location, a clinical commissioning group until July 2022"
        ),
        "sub_icb_name": Column(Kind.CODE, "Name of the sub-ICB location"),
        "sub_icb_ods": Column(Kind.CODE, "ODS code of the sub-ICB location"),
        "icb": Column(Kind.CODE, "ONS code of the integrated care board"),
        "icb_name": Column(Kind.CODE, "Name of the integrated care board"),
        "icb_ods": Column(Kind.CODE, "ODS code of the integrated care board"),
        "council": Column(Kind.CODE, "ONS code of the council, where the file tells it"),
        "council_name": Column(Kind.CODE, "Name of the council, where the file tells it"),
    },
    key=("edition", "area"),
    tidy=tidy,
    lookup=True,
    names=(Naming("sub_icb", "sub_icb_name", "sub_icb", within="icb"), Naming("icb", "icb_name", "icb")),
)
