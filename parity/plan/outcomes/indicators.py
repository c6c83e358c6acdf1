"""Figures of the outcomes framework: outcomes, measures, and measures of each outcome."""

import polars as pl

from parity.analyse.scope import counted
from parity.terms.indicator import indicator
from parity.terms.units import Unit


@indicator(
    rows="B6",
    title="Outcomes",
    unit=Unit.COUNT,
    numerator="Outcomes of the framework",
    formula="number of different outcomes",
    purpose="See how much the framework promises",
)
def outcomes_count(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Different outcomes in the framework."""
    return counted(outcomes.unique("outcome"))


@indicator(
    rows="B6",
    title="Measures of outcomes",
    unit=Unit.COUNT,
    numerator="Measures and proxies of all outcomes",
    formula="number of pairs of outcome and measure",
    purpose="See how much would have to be measured",
)
def measures_count(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Measures of all outcomes; one that serves two outcomes counts twice."""
    return counted(outcomes)


@indicator(
    rows="B6",
    title="Measures of an outcome",
    unit=Unit.COUNT,
    numerator="Measures and proxies of the outcome",
    formula="number of its measures",
    purpose="Find outcomes that rest on a single measure",
    dimensions=("outcome",),
)
def measures_per_outcome(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Measures of each outcome, in the framework's order."""
    return counted(outcomes, "outcome")
