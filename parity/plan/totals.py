"""Totals of money that keep what may not be mixed apart: bases and price years."""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import total

KEPT_APART = ("basis", "price_year")
UNLIKE = "The lines are on different bases or in prices of different years, so they cannot be added up."
UNKNOWN = "The amount of a line is not known, so there is no total."


def totals(lines: pl.DataFrame, *, by: Sequence[str], amount: str = "amount_gbp") -> pl.DataFrame:
    """A row a group: value (pounds, the sum of its lines), basis and price_year where the lines have them, missing.

    A group with an unknown amount, or with lines on different bases or in prices of different years, has no total.
    """
    kept = [name for name in KEPT_APART if name in lines.columns]
    mixed = pl.any_horizontal(pl.lit(False), *(pl.col(name).n_unique() > 1 for name in kept))
    summed = lines.group_by(*by, maintain_order=True).agg(
        *(only(name) for name in kept), value=total(amount), mixed=mixed.first()
    )
    missing = pl.when("mixed").then(pl.lit(UNLIKE)).when(pl.col("value").is_null()).then(pl.lit(UNKNOWN))
    return summed.select(
        *by, *kept, value=pl.when(~pl.col("mixed")).then("value"), missing=missing.otherwise(pl.lit(None, pl.String))
    )


def only(name: str) -> pl.Expr:
    """The one value of a column within a group, under its own name; null where there are several."""
    column = pl.col(name)
    return pl.when(column.n_unique() == 1).then(column.first()).alias(name)
