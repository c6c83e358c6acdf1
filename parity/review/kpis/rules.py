"""How an indicator stands against its target, in one word or a few."""

import polars as pl

from parity.methods.comparison import target_state

NO_DATA, NO_TARGET, NEITHER = "no data", "no target yet", "neither way is better"
NO_TARGET_BECAUSE = {
    "new": "The indicator is new and has no target yet.",
    "pending": "The target is pending.",
    "none": "The source sets no target.",
}
NO_ESTIMATE = "The source has no data for an estimate."


def state_of() -> pl.Expr:
    """Text: met, missed, no target yet, no data, or neither way is better; for rows of the table of indicators.

    An indicator without an estimate has no data, whether or not it has a target.
    """
    state = target_state("estimate", "target", polarity=pl.col("polarity"))
    return (
        pl.when(pl.col("estimate").is_null())
        .then(pl.lit(NO_DATA))
        .when(state == "pending")
        .then(pl.lit(NO_TARGET))
        .otherwise(state.fill_null(NEITHER))
    )


def no_target() -> pl.Expr:
    """Text: why a row has no target; null where it has one."""
    because = pl.col("target_state").replace_strict(NO_TARGET_BECAUSE, default=NO_TARGET_BECAUSE["none"])
    return pl.when(pl.col("target").is_null()).then(because)


def no_estimate() -> pl.Expr:
    """Text: why a row has no estimate; null where it has one."""
    return pl.when(pl.col("estimate").is_null()).then(pl.lit(NO_ESTIMATE))
