"""Which upper-tier council each lower-tier council belongs to, by year (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.lookups import read_lookup
from parity.terms.areas import COUNTY
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

COLUMNS = {
    "area": "ltla_code",
    "area_name": "ltla_name",
    "upper_tier": "utla_code",
    "upper_tier_name": "utla_name",
}


def tidy(file: Path) -> Edition:
    """One year's lookup; the year is in the names of its columns. Raises SourceChanged where a column is missing."""
    table, years = read_lookup(file, COLUMNS)
    above = pl.col("upper_tier")
    county = pl.when(above.str.starts_with(COUNTY)).then(above)
    return Edition(years["ltla"], table.with_columns(edition=pl.lit(years["ltla"]), county=county))


PUBLICATION = Publication(
    stem="council_counties",
    title="Councils and the county or unitary council above them",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="when boundaries change",
    caveat="England and Wales. In 2023 the districts of Cumbria, North Yorkshire and Somerset became unitary "
    "councils: choose the year of the table it is joined to.",
    files=("lad*_utla*.csv", "lower_tier*_to_upper_tier*.csv"),
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
