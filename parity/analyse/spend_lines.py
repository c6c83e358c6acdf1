"""Lines of spending added up within one statement, with the basis and the prices that the sum is on."""

import polars as pl

from parity.methods.columns import total, why_not_divided
from parity.methods.money import share_of_total
from parity.terms.basis import Basis

STATEMENT = ("statement", "area", "period")
"""Lines of different statements are never added."""


def one_basis(column: str = "basis") -> pl.Expr:
    """The basis that all rows of a group share, or mixed."""
    basis = pl.col(column)
    return pl.when(basis.n_unique() > 1).then(pl.lit(Basis.MIXED.name.lower())).otherwise(basis.first()).alias(column)


def summed(spend: pl.DataFrame, *by: str) -> pl.DataFrame:
    """One row for each statement, area, period and `by`: amount (pounds), basis, and price_year where there is one."""
    prices = pl.col("price_year")
    return spend.group_by(*STATEMENT, *by, maintain_order=True).agg(
        amount=total("amount_gbp"),
        basis=one_basis(),
        price_year=pl.when(prices.n_unique() == 1).then(prices.first()),
    )


def shares(spend: pl.DataFrame, *by: str) -> pl.DataFrame:
    """One row for each statement, area, period and `by`: value (share of the statement, 0–1), missing and basis."""
    whole = total("amount").over(*STATEMENT)
    return summed(spend, *by).select(
        *STATEMENT,
        *by,
        why_not_divided("amount", whole, part_name="amount", whole_name="total of the statement"),
        one_basis().over(*STATEMENT),
        value=share_of_total("amount", within=STATEMENT),
    )


def same_basis_or_why(first: str, second: str) -> pl.Expr:
    """Text column: why amounts on these two bases are not compared; null where the basis is the same."""
    words = {basis.name.lower(): basis.value for basis in Basis}
    named = (pl.col(column).replace(words) for column in (first, second))
    return pl.when(pl.col(first) != pl.col(second)).then(
        pl.format("One amount is {} and the other {}: they are not compared.", *named)
    )


def price_note() -> pl.Expr:
    """Text column: whether a change from price_year_first to price_year is nominal or in the prices of one year."""
    same = pl.col("price_year") == pl.col("price_year_first")
    return (
        pl.when(same)
        .then(pl.format("In prices of {}.", "price_year"))
        .otherwise(pl.lit("Nominal: not corrected for the rise of prices."))
    )
