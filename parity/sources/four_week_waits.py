"""Waits for community mental health care, adults and children, by England, ICB and provider (NHS England, MHSDS)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import PER_CENT, by_pattern, in_words, number_or_reason, read_text_table
from parity.sources.reading.written_periods import day, each, months
from parity.terms.areas import ENGLAND
from parity.terms.publication import Column, Edition, Kind, Publication

STARTS, ENDS, LEVEL, CODE, NAME = (
    "REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "BREAKDOWN", "PRIMARY_LEVEL", "PRIMARY_LEVEL_DESCRIPTION",
)  # fmt: skip
MEASURE, TITLE, VALUE = "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE"
LEVELS = {"England": "country", "ICB of GP Practice or Residence": "icb", "Provider": "provider"}
UNITS = {r"\(days\)": "days", "^Proportion": "share", "^Number": "referral spells"}
SIGNS = {"*": "Suppressed by NHS England: the number is below 5, or would give such a number away."}


def tidy(file: Path) -> Edition:
    """One month's file. Raises SourceChanged where a column is gone, or a level or a measure's unit is not known."""
    table = read_text_table(file, wanted=(STARTS, ENDS, LEVEL, CODE, NAME, MEASURE, TITLE, VALUE))
    table = table.with_columns(unit=by_pattern(table[TITLE], UNITS, file=file))
    ends = day(str(table[ENDS].max()))
    edition = months(ends, ends)
    value, missing = number_or_reason(VALUE, SIGNS)
    period = each(table[STARTS] + " " + table[ENDS], lambda both: months(*(day(one) for one in both.split())))
    return Edition(
        edition,
        table.select(
            edition=pl.lit(edition),
            level=in_words(table[LEVEL], LEVELS, file=file),
            area=pl.col(CODE).replace("England", ENGLAND),
            area_name=pl.col(NAME),
            period=period,
            measure=pl.col(MEASURE),
            measure_name=pl.col(TITLE),
            unit=pl.col("unit"),
            value=pl.when(pl.col("unit") == "share").then(value / PER_CENT).otherwise(value),
            missing=missing,
        ),
    )


PUBLICATION = Publication(
    stem="four_week_waits",
    title="Waits for community mental health care of adults, and for care of children and young people",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    address="https://digital.nhs.uk/data-and-information/publications/statistical/mental-health-services-monthly-statistics",
    frequency="once a month",
    caveat="Experimental statistics. Numbers of ICBs and providers are rounded to 5 and those below 5 are "
    "suppressed, so they do not add up. Starts, ends and waits that ended are of three months, those still "
    "waiting of one.",
    files=("mhsds_data_4ww_*.csv*", "mhsds*4ww*.csv*"),
    columns={
        "edition": Column(Kind.CODE, "The month of the file, such as 2024-04"),
        "level": Column(Kind.CODE, "country, icb or provider"),
        "area": Column(Kind.CODE, "England's ONS code, or the ODS code of the ICB or provider"),
        "area_name": Column(Kind.CODE, "Name of the area"),
        "period": Column(Kind.CODE, "Month, or three months"),
        "measure": Column(Kind.CODE, "Code of the measure, such as MRS01; CMH is for adults, CYP for children"),
        "measure_name": Column(Kind.CODE, "What the measure counts, in the publisher's words"),
        "unit": Column(Kind.CODE, "referral spells, share or days"),
        "value": Column(Kind.NUMBER, "The measure, in its unit; a share from 0 to 1"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "area", "measure"),
    tidy=tidy,
)
