"""Price indices by financial year: GDP deflator, CPI and CPIH (HM Treasury, Office for National Statistics)."""

from pathlib import Path

import polars as pl

from parity.sources.reading.official import number_or_reason, read_text_table
from parity.sources.reading.written_periods import each, financial_year
from parity.terms.publication import Column, Edition, Kind, Publication

INDICES = {"gdp_deflator": "GDP deflator", "cpi_index": "CPI", "cpih_index": "CPIH"}
YEAR, FORECAST = "fiscal_year", "is_forecast"
SIGNS = {"": "This index has no forecast."}


def tidy(file: Path) -> Edition:
    """The indices. Raises SourceChanged where a column is gone."""
    table = read_text_table(file, wanted=(YEAR, FORECAST, *INDICES))
    table = table.with_columns(period=each(table[YEAR], financial_year), forecast=pl.col(FORECAST) == "true")
    edition = f"outturn to {table.filter(pl.col('forecast').not_())['period'].sort()[-1]}"
    value, missing = number_or_reason("index", SIGNS)
    long = table.unpivot(list(INDICES), index=["period", "forecast"], variable_name="measure", value_name="index")
    return Edition(
        edition,
        long.select(
            edition=pl.lit(edition),
            measure=pl.col("measure").replace_strict(INDICES),
            period=pl.col("period"),
            nature=pl.when(pl.col("forecast")).then(pl.lit("forecast")).otherwise(pl.lit("outturn")),
            value=value,
            missing=missing,
        ),
    )


PUBLICATION = Publication(
    stem="deflators",
    title="Price indices by financial year: GDP deflator, CPI and CPIH",
    publisher="HM Treasury and Office for National Statistics",
    licence="Open Government Licence v3.0",
    address="https://www.gov.uk/government/collections/gdp-deflators-at-market-prices-and-money-gdp",
    frequency="four times a year",
    caveat="Only ratios of two years of one index mean anything: the GDP deflator is 100 in its last outturn year, "
    "CPI and CPIH in 2015. Forecasts are those of the Office for Budget Responsibility and change with every "
    "Budget.",
    files=("uk_cost_indices*.csv*",),
    columns={
        "edition": Column(Kind.CODE, "The last year that is no forecast"),
        "measure": Column(Kind.CODE, "GDP deflator, CPI or CPIH"),
        "period": Column(Kind.CODE, "Financial year"),
        "nature": Column(Kind.CODE, "outturn or forecast"),
        "value": Column(Kind.NUMBER, "The index"),
        "missing": Column(Kind.CODE, "Why there is no number"),
    },
    key=("edition", "measure", "period"),
    tidy=tidy,
)
