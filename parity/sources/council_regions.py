"""Which region each council of England is in (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

GIVEN = ("ltla24_code", "ltla24_name", "region24_code", "region24_name")
EDITION = "2024"


def tidy(file: Path) -> Edition:
    """The lookup of 2024. Raises SourceChanged where a column is missing."""
    code, name, region, region_name = GIVEN
    table = read_table(file, wanted=GIVEN)
    return Edition(
        EDITION,
        table.select(edition=pl.lit(EDITION), area=code, area_name=name, region=region, region_name=region_name),
    )


PUBLICATION = Publication(
    stem="council_regions",
    title="Councils and the region they are in",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    frequency="when boundaries change",
    caveat="England only, lower-tier and unitary councils as they stood in 2024 (and since April 2023).",
    files=("lad24_region24.csv",),
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
