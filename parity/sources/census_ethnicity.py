"""Ethnic group, 19 groups, by council at the census of 2021 (Office for National Statistics)."""

import re
from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.errors import SourceChanged
from parity.terms.publication import Column, Edition, Kind, Naming, Publication

GIVEN = ("ltla21_code", "ltla21_name", "ethnic_group", "value")
LABEL = re.compile(r"^(?P<group>.+?)\s*\((?P<measure>number|percent)\)$")
PERCENT = 100
PERIOD = "2021"


def tidy(file: Path) -> Edition:
    """One row a council and ethnic group.

    Raises SourceChanged where a column is missing, or a group says neither number nor percentage.
    """
    table = read_table(file, wanted=GIVEN)
    label = pl.col("ethnic_group").str.extract_groups(LABEL.pattern)
    told = table.with_columns(label.struct.field("group"), label.struct.field("measure"))
    strange = told.filter(pl.col("measure").is_null())["ethnic_group"].unique()
    if strange.len():
        raise SourceChanged(f"{file.name} has a group that says neither number nor percent: {strange[0]}.")
    value = pl.col("value").cast(pl.Float64)
    number, percent = (value.filter(pl.col("measure") == measure).first() for measure in ("number", "percent"))
    groups = told.group_by("ltla21_code", "ltla21_name", "group", maintain_order=True)
    return Edition(
        PERIOD,
        groups.agg(people=number, share=(percent / PERCENT).round(3)).select(
            "people",
            "share",
            area="ltla21_code",
            area_name="ltla21_name",
            period=pl.lit(PERIOD),
            broad_group=pl.col("group").str.split(": ").list.first(),
            ethnic_group="group",
        ),
    )


PUBLICATION = Publication(
    stem="census_ethnicity",
    title="Census 2021: ethnic group by council",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/datasets/TS021",
    frequency="every ten years",
    caveat="England and Wales, councils of 2021. Counts are slightly altered by the publisher so that nobody can be "
    "known from them.",
    files=("census2021_ethnic_group_ltla21.csv*",),
    columns={
        "area": Column(Kind.CODE, "ONS code of the council of 2021"),
        "area_name": Column(Kind.CODE, "Name of the council"),
        "period": Column(Kind.CODE, "Year of the census"),
        "broad_group": Column(Kind.CODE, "One of five groups"),
        "ethnic_group": Column(Kind.CODE, "One of nineteen groups, after its broad group"),
        "people": Column(Kind.WHOLE, "People usually resident at the census of 21 March 2021"),
        "share": Column(
            Kind.NUMBER, "Share of the council’s people (0–1), as published: rounded to a tenth of a per cent"
        ),
    },
    key=("area", "period", "ethnic_group"),
    tidy=tidy,
    names=(Naming("area", "area_name", "council"),),
)
