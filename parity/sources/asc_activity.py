"""Weeks of adult social care that councils paid for, by reason, setting and provider (NHS England, ASC-FR)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import number_or_reason, read_text_table
from parity.sources.reading.social_care import CODED, areas, coded, year_of
from parity.terms.publication import Column, Edition, Kind, Publication

PROVISION = {"2": "provision by others", "3": "own provision"}
SIGNS = {":": "Not returned by the council: this number is voluntary, or was not available."}
VALUE = "ItemValue"


def tidy(file: Path) -> Edition:
    """One year's activity. Raises SourceChanged where a column is gone or a code is not known."""
    table = read_text_table(file, wanted=("FY_Ending", *CODED, "ActivityProvision_KEY", VALUE))
    year = year_of(table, file=file)
    value, missing = number_or_reason(VALUE, SIGNS)
    residence = pl.col("CareType_KEY") == "2"
    unit = pl.when(residence).then(pl.lit("weeks")).otherwise(pl.lit("as councils count it"))
    words = coded(table, {"ActivityProvision_KEY": ("provision", PROVISION)}, file=file)
    rest = table.select(unit=unit, value=value, missing=missing)
    return Edition(year, pl.concat([areas(table, year), words, rest], how="horizontal"))


PUBLICATION = Publication(
    stem="asc_activity",
    title="Adult social care: activity by council",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/adult-social-care-activity-and-finance-report",
    frequency="once a year",
    caveat="The file holds codes alone: words were given to those that the return of 2014/15 and the size of the "
    "numbers make certain, the others stay codes. Nursing and residential care are in weeks; the unit of "
    "short-term support is not said. 65 and over holds the bands 65 to 74, 75 to 84 and 85 and over, which "
    "are voluntary.",
    files=("ascfr_activity_*.csv*", "*ascfr activity*.csv*"),
    columns={
        "edition": Column(Kind.CODE, "Financial year"),
        "area": Column(Kind.CODE, "ONS code of the council, region or England"),
        "cassr": Column(Kind.CODE, "The council's number in social care returns; empty for regions and England"),
        "period": Column(Kind.CODE, "Financial year"),
        "age": Column(Kind.CODE, "Age band"),
        "reason": Column(Kind.CODE, "Primary support reason"),
        "care": Column(Kind.CODE, "long term or short term"),
        "setting": Column(Kind.CODE, "Setting of long-term support; none in short-term support"),
        "purpose": Column(Kind.CODE, "Purpose of short-term support; none in long-term support"),
        "provision": Column(Kind.CODE, "own provision or provision by others"),
        "unit": Column(Kind.CODE, "weeks, or as councils count it"),
        "value": Column(Kind.NUMBER, "Activity in the year"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "area", "age", "reason", "care", "setting", "purpose", "provision"),
    tidy=tidy,
)
