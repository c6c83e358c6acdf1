"""Figures of the data quality log: its issues by state, and those that are open by severity, by dataset and overdue.

A figure's period is the day the log was last looked at: the latest on which an issue was raised or reviewed.
"""

import polars as pl

from parity.analyse.scope import WHOLE_PROGRAMME
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

STATES = ("open", "in hand", "resolved", "accepted")
SEVERITIES = ("high", "medium", "low")


@indicator(
    rows="A45",
    title="Data quality issues",
    unit=Unit.COUNT,
    numerator="Issues in the state",
    formula="number of issues",
    purpose="Follow the data quality improvement plan",
    dimensions=("state",),
)
def data_issues_count(data_issues: pl.DataFrame) -> pl.DataFrame:
    """Issues in each state; zero where none is."""
    return _spread(data_issues, data_issues, pl.DataFrame({"state": STATES}))


@indicator(
    rows="A45",
    title="Open data quality issues of a severity",
    unit=Unit.COUNT,
    numerator="Issues of the severity that are open or in hand",
    formula="number of issues",
    purpose="See what must be mended first",
    polarity=Polarity.LOW,
    dimensions=("severity",),
)
def data_issues_open(data_issues: pl.DataFrame) -> pl.DataFrame:
    """Open issues of each severity, the gravest first; zero where there is none."""
    return _spread(data_issues, data_issues.filter(is_open()), pl.DataFrame({"severity": SEVERITIES}))


@indicator(
    rows="A45",
    title="Open data quality issues of a dataset",
    unit=Unit.COUNT,
    numerator="Issues of the dataset that are open or in hand",
    formula="number of issues",
    purpose="Know which figures to read with care",
    polarity=Polarity.LOW,
    dimensions=("dataset",),
)
def data_issues_of_dataset(data_issues: pl.DataFrame) -> pl.DataFrame:
    """Open issues of each dataset that the log names; zero where all are closed."""
    datasets = data_issues.select("dataset").unique(maintain_order=True)
    return _spread(data_issues, data_issues.filter(is_open()), datasets)


@indicator(
    rows="A45",
    title="Overdue data quality issues",
    unit=Unit.COUNT,
    numerator="Open issues whose day is past",
    formula="number of open issues whose due date lies before the day the log was last looked at",
    purpose="See whether the improvement plan keeps its dates",
    polarity=Polarity.LOW,
)
def data_issues_overdue(data_issues: pl.DataFrame) -> pl.DataFrame:
    """Open issues that were due before the log was last looked at; those without a date are never overdue."""
    late = data_issues.filter(is_overdue())
    return _log(data_issues).with_columns(value=pl.lit(late.height, dtype=pl.Int64))


def is_open() -> pl.Expr:
    """True for an issue that is neither resolved nor accepted."""
    return pl.col("state").is_in(STATES[:2])


def is_overdue() -> pl.Expr:
    """True for an open issue that was due before the day the whole log was last looked at."""
    return is_open() & (pl.col("due") < _last_day()).fill_null(value=False)


def _last_day() -> pl.Expr:
    return pl.max_horizontal(pl.col("raised").max(), pl.col("reviewed").max())


def _log(issues: pl.DataFrame) -> pl.DataFrame:
    """One row: area, and the day the log was last looked at; no row without issues."""
    everywhere = issues.with_columns(area=pl.lit(WHOLE_PROGRAMME))
    return everywhere.group_by("area").agg(period=_last_day().cast(pl.String))


def _spread(issues: pl.DataFrame, found: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """How many of the issues found fall in each place, in the order of the places."""
    counts = found.group_by(places.columns).agg(value=pl.len())
    joined = places.join(counts, on=places.columns, how="left", maintain_order="left")
    return _log(issues).join(joined.with_columns(pl.col("value").fill_null(0)), how="cross")
