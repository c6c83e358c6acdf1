"""Shares with their intervals, whether a source prints two numbers or only what one is of the other."""

import polars as pl

from parity.methods.columns import divide, why_not_divided
from parity.methods.intervals import wilson
from parity.terms.assumption import Assumption

WILSON = "95% by Wilson's score method, where both numbers are known"
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
