"""Options: what each costs, and what it releases."""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import Column, divide, total

COST, RELEASE = "cost", "release"


def option_totals(items: pl.DataFrame, *, by: Sequence[str] = ("option",)) -> pl.DataFrame:
    """A row an option: cost, release (savings, grants) and net = cost - release, in the unit of `gbp`, and missing.

    Items have `sign`, either `cost` or `release`; others, such as a published total, are left aside. An option with an
    item of unknown cost has no total.

    Source: seed 002, paragraphs 8.10 to 8.29, costed items less the release of a grant.
    """
    counted = items.filter(pl.col("sign").is_in([COST, RELEASE]))
    sums = counted.group_by(*by, maintain_order=True).agg(
        total(pl.when((pl.col("sign") == sign) | pl.col("gbp").is_null()).then("gbp").otherwise(0)).alias(sign)
        for sign in (COST, RELEASE)
    )
    unknown = pl.when(pl.col(COST).is_null()).then(pl.lit("The cost of an item of this option is not known."))
    return sums.with_columns((pl.col(COST) - pl.col(RELEASE)).alias("net"), unknown.alias("missing"))


def cost_per_wte(cost: Column, wte: Column) -> pl.Expr:
    """Pounds per whole-time equivalent. Null where no posts are given.

    Source: cost / posts.
    """
    return divide(cost, wte)
