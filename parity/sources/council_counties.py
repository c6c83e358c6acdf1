"""Which upper-tier council each lower-tier council belongs to, by year (Office for National Statistics)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import check_columns, read_table
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

COUNTY = "E10"
HEADING = re.compile(r"ltla(\d{2})_code")


def tidy(file: Path) -> Edition:
    """One year's lookup; the year is in the names of its columns.

    Raises SourceChanged where a column is missing.
    """
    table = read_table(file)
    year = next((found[1] for head in table.columns if (found := HEADING.fullmatch(head))), "23")
    lower, upper = f"ltla{year}", f"utla{year}"
    check_columns(table, (f"{lower}_code", f"{lower}_name", f"{upper}_code", f"{upper}_name"), file=file)
    above = pl.col(f"{upper}_code")
    edition = f"20{year}"
    return Edition(
        edition,
        table.select(
            edition=pl.lit(edition),
            area=f"{lower}_code",
            area_name=f"{lower}_name",
            upper_tier=above,
            upper_tier_name=f"{upper}_name",
            county=pl.when(above.str.starts_with(COUNTY)).then(above),
        ),
    )


PUBLICATION = Publication(
    stem="council_counties",
    title="Councils and the county or unitary council above them",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="when boundaries change",
    caveat="England and Wales. In 2023 the districts of Cumbria, North Yorkshire and Somerset became unitary "
    "councils: choose the year of the table it is joined to.",
    files=("lad*_utla*.csv",),
    columns={
        "edition": Column(Kind.CODE, "Year of the boundaries"),
        "area": Column(Kind.CODE, "ONS code of the lower-tier or unitary council"),
        "area_name": Column(Kind.CODE, "Name of the council"),
        "upper_tier": Column(
            Kind.CODE, "ONS code of the council with social care duties: the county, or the council itself"
        ),
        "upper_tier_name": Column(Kind.CODE, "Name of the council with social care duties"),
        "county": Column(Kind.CODE, "ONS code of the county council; empty where the council is its own upper tier"),
    },
    key=("edition", "area"),
    tidy=tidy,
    lookup=True,
    names=(Naming("area", "area_name", "council", within="county"), Naming("county", "upper_tier_name", "county")),
)
