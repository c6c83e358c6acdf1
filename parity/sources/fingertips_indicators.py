"""Public health indicators by area (Office for Health Improvement and Disparities, Fingertips)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import PER_CENT, in_words, number_or_reason, read_text_table
from parity.sources.reading.written_periods import each, financial_year
from parity.terms.errors import SourceChanged
from parity.terms.periods import is_period
from parity.terms.publication import Column, Edition, Kind, Publication

WANTED = ("area_code", "area_name", "period", "value", "indicator", "measure", "unit")
COMPARED = ("significance", "compared_to_England")
UNITS = {
    "Proportion": "share", "Percentage": "share", "Age standardised rate per 100,000": "per 100,000, age-standardised",
    "Indirectly standardised ratio": "index, expected = 100",
}  # fmt: skip
SIGNS = {"NA": "Not published for this area and period.", "": "Not published for this area and period."}


def tidy(file: Path) -> Edition:
    """One indicator's file, in either layout. Raises SourceChanged where a column is gone or a unit is not known."""
    table = read_text_table(file, wanted=WANTED)
    compared = next((name for name in COMPARED if name in table.columns), None)
    if compared is None:
        raise SourceChanged(f"{file.name} has no comparison with England: its layout has changed.")
    unit = in_words(table["measure"], UNITS, file=file)
    value, missing = number_or_reason("value", SIGNS)
    period = each(table["period"], lambda text: text if is_period(text) else financial_year(text))
    names = table["indicator"].unique().sort()
    if names.len() != 1:
        raise SourceChanged(f"{file.name} holds {names.len()} indicators instead of one: its layout has changed.")
    edition = f"{names[0]}, to {period.sort()[-1]}"
    return Edition(
        edition,
        table.with_columns(unit_=unit).select(
            edition=pl.lit(edition),
            indicator=pl.col("indicator"),
            area=pl.col("area_code"),
            area_name=pl.col("area_name"),
            period=period,
            who=pl.col("unit").str.to_lowercase(),
            unit=pl.col("unit_"),
            value=pl.when(pl.col("unit_") == "share").then(value / PER_CENT).otherwise(value),
            compared=pl.col(compared).replace("NA", None),
            missing=missing,
        ),
    )


PUBLICATION = Publication(
    stem="fingertips_indicators",
    title="Public health profiles: indicators by council",
    publisher="Office for Health Improvement and Disparities",
    licence="Open Government Licence v3.0",
    address="https://fingertips.phe.org.uk/",
    frequency="once a year for most indicators",
    caveat="Values alone, without their intervals, counts and denominators; “compared” is the publisher's own "
    "judgement against England. Registers of practices depend on diagnosis: a low value can mean people who "
    "were not found.",
    files=("fingertips_*.csv*",),
    columns={
        "edition": Column(Kind.CODE, "The indicator, and the last period of its series"),
        "indicator": Column(Kind.CODE, "The publisher's name of the indicator"),
        "area": Column(Kind.CODE, "ONS code of the area"),
        "area_name": Column(Kind.CODE, "Name of the area"),
        "period": Column(Kind.CODE, "Year or financial year"),
        "who": Column(Kind.CODE, "Whom it counts: persons"),
        "unit": Column(Kind.CODE, "share, a rate, or an index"),
        "value": Column(Kind.NUMBER, "The indicator, in its unit; a share from 0 to 1"),
        "compared": Column(Kind.CODE, "Against England: Better, Worse, Higher, Lower, Similar or Not compared"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "area", "period"),
    tidy=tidy,
)
