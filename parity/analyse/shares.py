"""Shares with their intervals, whether a source prints two numbers or only what one is of the other."""

import polars as pl

from parity.methods.columns import divide, why_not_divided
from parity.methods.comparison import disparity, representation_ratio
from parity.methods.intervals import wilson
from parity.terms.assumption import Assumption

WILSON = "95% by Wilson's score method, where both numbers are known"
KATZ = "95% by Katz's method for the ratio of two shares; the population counts as counted in full"
COUNTED_IN_FULL = 1_000_000_000
"""People of whom a share of the population is taken to be: so many that it has no error of its own."""
TOO_MANY = "More were counted than there were to count."


def counted_share(
    people: str, of_people: str, *, confidence_level: Assumption, stated: str | None = None
) -> tuple[pl.Expr, ...]:
    """Columns value (people ÷ of_people, else the share as stated), lower and upper (Wilson), and missing.

    A share that is only stated has no interval. More people than there are have no share.
    """
    known = pl.lit(None, dtype=pl.Float64) if stated is None else pl.col(stated)
    impossible = (pl.col(people) > pl.col(of_people)).fill_null(value=False)
    value = pl.when(~impossible).then(pl.coalesce(divide(people, of_people), known))
    reason = (
        pl.when(impossible)
        .then(pl.lit(TOO_MANY))
        .otherwise(why_not_divided(people, of_people, part_name="number counted", whole_name="number of all"))
    )
    limits = wilson(people, of_people, confidence=confidence_level.value)
    return value.alias("value"), *limits, pl.when(value.is_null()).then(reason).alias("missing")


def represented(
    share: str, of_people: str, population_share: str, *, confidence_level: Assumption, four_fifths: Assumption
) -> tuple[pl.Expr, ...]:
    """Columns value (share ÷ share of the population), lower and upper (Katz), and flag, the interval's verdict.

    `share` is that of so many people, `of_people`. All are null where the population's share is zero or not known.
    """
    value = divide(share, population_share)
    _, lower, upper = representation_ratio(
        pl.col(share) * pl.col(of_people),
        of_people,
        comparator_count=pl.col(population_share) * COUNTED_IN_FULL,
        comparator_of=pl.lit(COUNTED_IN_FULL),
        confidence=confidence_level.value,
    )
    low, high = (pl.when(value.is_not_null()).then(limit).alias(limit.meta.output_name()) for limit in (lower, upper))
    flag = disparity(low, high, under=four_fifths.value, over=1 / four_fifths.value)
    words = pl.when(flag == "not shown").then(pl.lit("neither under- nor over-represented for certain")).otherwise(flag)
    return value.alias("value"), low, high, words.alias("flag")
