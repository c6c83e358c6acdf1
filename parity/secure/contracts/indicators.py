"""Figures of the contract register: how long a contract can run, what it costs a year and over its longest life.

A figure's period is the contract's own, from its first day to its last if every extension is taken.
"""

from datetime import date

import polars as pl

from parity.analyse.scope import UNDATED
from parity.methods.columns import divide
from parity.methods.dates import MONTHS_OF_A_YEAR, contract_ends
from parity.terms.assumption import Assumption
from parity.terms.basis import Basis
from parity.terms.indicator import indicator
from parity.terms.periods import span
from parity.terms.units import Unit

KEYS = ("area", "period", "contract")
NO_VALUE = "The source gives no yearly value."


@indicator(
    rows="C8",
    title="Longest term of a contract",
    unit=Unit.YEARS,
    numerator="Months of the initial term and of every extension",
    denominator="12",
    formula="(initial months + extension months) ÷ 12",
    purpose="See how long the body is bound if it extends",
    dimensions=("contract",),
)
def contract_longest_years(contracts: pl.DataFrame) -> pl.DataFrame:
    """Years each contract can run."""
    return _terms(contracts).select(*KEYS, value="years")


@indicator(
    rows="C8",
    title="Time from a contract's first day until it must be decided on",
    unit=Unit.YEARS,
    numerator="Months of the initial term − months that a decision needs",
    denominator="12",
    formula="(initial months − months of notice) ÷ 12",
    purpose="See how much of the initial term there is to learn from before deciding",
    dimensions=("contract",),
)
def contract_years_to_decision(contracts: pl.DataFrame, contract_notice_months: Assumption) -> pl.DataFrame:
    """Years from the first day to the last day for a decision that takes effect when the initial term ends."""
    left = pl.col("initial_months") - contract_notice_months.value
    return _terms(contracts).select(*KEYS, value=divide(left, MONTHS_OF_A_YEAR))


@indicator(
    rows="C8",
    title="Yearly value of a contract",
    unit=Unit.GBP,
    numerator="Pounds a year as the source states them",
    formula="as stated",
    purpose="See what is committed each year",
    dimensions=("contract",),
    basis=Basis.NOT_STATED,
)
def contract_value_a_year(contracts: pl.DataFrame) -> pl.DataFrame:
    """Pounds a year of each contract."""
    unknown = pl.when(pl.col("annual_value_gbp").is_null()).then(pl.lit(NO_VALUE))
    return _terms(contracts).select(*KEYS, value="annual_value_gbp", missing=unknown)


@indicator(
    rows="C8",
    title="Value of a contract over its longest term",
    unit=Unit.GBP,
    numerator="Yearly value × years of the longest term",
    formula="yearly value × (initial months + extension months) ÷ 12",
    purpose="Know the value that decides which rules of procurement apply",
    dimensions=("contract",),
    basis=Basis.NOT_STATED,
)
def contract_lifetime_value(contracts: pl.DataFrame) -> pl.DataFrame:
    """Pounds of each contract if every extension is taken and the yearly value stays the same."""
    value = pl.col("annual_value_gbp") * pl.col("years")
    return _terms(contracts).select(*KEYS, value=value, missing=pl.when(value.is_null()).then(pl.lit(NO_VALUE)))


@indicator(
    rows="C8",
    title="Contracts",
    unit=Unit.COUNT,
    numerator="Contracts of the area with this status",
    formula="number of contracts",
    purpose="See how many contracts there are to manage",
    dimensions=("status",),
)
def contracts_count(contracts: pl.DataFrame) -> pl.DataFrame:
    """Contracts by status, over the time from the first start to the last possible end among them."""
    grouped = _terms(contracts).group_by("area", "status", maintain_order=True)
    return grouped.agg(value=pl.len(), period=_period(pl.col("start").min(), pl.col("last").max()))


def _terms(contracts: pl.DataFrame) -> pl.DataFrame:
    """The contracts with their longest term in years, their last possible day, and the period between."""
    terms = contracts.select("start", "initial_months", "extension_months").iter_rows()
    last = pl.Series([_last_day(*term) for term in terms], dtype=pl.Date)
    months = pl.col("initial_months") + pl.col("extension_months")
    ended = contracts.with_columns(last=last, years=divide(months, MONTHS_OF_A_YEAR))
    return ended.with_columns(period=_period(pl.col("start"), pl.col("last")))


def _last_day(start: date | None, months: int, extension_months: int) -> date | None:
    """The last day if every extension is taken; None where the first day is not known."""
    return contract_ends(start, months=months, extension_months=extension_months).extended if start else None


def _period(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """The period between two days; undated where a contract's first day is not known."""
    return pl.format(span("{}", "{}"), first.cast(pl.String), last.cast(pl.String)).fill_null(UNDATED)
