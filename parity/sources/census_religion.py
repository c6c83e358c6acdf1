"""Religion by council at the census of 2021 (Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

GIVEN = ("ltla24_code", "ltla24_name", "religion", "n")
TIDY = ("area", "area_name", "religion", "people")
PERIOD = "2021"


def tidy(file: Path) -> Edition:
    """One row a council and religion. Raises SourceChanged where a column is missing."""
    table = read_table(file, wanted=GIVEN).rename(dict(zip(GIVEN, TIDY, strict=True)))
    people = pl.col("people").cast(pl.Float64)
    return Edition(PERIOD, table.with_columns(people, period=pl.lit(PERIOD)))


PUBLICATION = Publication(
    stem="census_religion",
    title="Census 2021: religion by council",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/datasets/TS030",
    frequency="every ten years",
    caveat="England and Wales. Added up from small areas to the councils of 2024, so counts differ by a few from the "
    "published ones. The question was voluntary: those who did not answer are a group of their own.",
    files=("census2021_religion_lad24*.csv*",),
    columns={
        "area": Column(Kind.CODE, "ONS code of the council of 2024"),
        "area_name": Column(Kind.CODE, "Name of the council"),
        "period": Column(Kind.CODE, "Year of the census"),
        "religion": Column(Kind.CODE, "Religion, no religion, or not answered"),
        "people": Column(Kind.WHOLE, "People usually resident at the census of 21 March 2021"),
    },
    key=("area", "period", "religion"),
    tidy=tidy,
    names=(Naming("area", "area_name", "council"),),
)
