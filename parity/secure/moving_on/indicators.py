"""Figures of people who move on: how many are at each step, and what share still live there after months."""

import polars as pl

from parity.analyse.shares import WILSON, counted_share
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

KEYS = ("area", "period", "setting", "stage")
STILL_THERE = "still there after "
IS_STILL = pl.col("stage").str.starts_with(STILL_THERE)
UNKNOWN = "The return does not say how many."


@indicator(
    rows="C24",
    title="People who move on, at each step",
    unit=Unit.PEOPLE,
    numerator="People who are prepared, have moved, are supported after it, or are back in the setting they left",
    formula="as the return counts them",
    purpose="See how far the programme has come, and where it is held up",
    dimensions=("setting", "stage"),
)
def moving_on_people(move_on_returns: pl.DataFrame) -> pl.DataFrame:
    """People by setting and step."""
    missing = pl.when(pl.col("people").is_null()).then(pl.lit(UNKNOWN))
    return move_on_returns.filter(~IS_STILL).select(*KEYS, value=pl.col("people").cast(pl.Float64), missing=missing)


@indicator(
    rows="C24",
    title="Share who still live where they moved to",
    unit=Unit.SHARE,
    numerator="People who live there yet, so many months after their move",
    denominator="People who moved at least so many months before, and were followed",
    formula="still there ÷ followed",
    purpose="See whether moves last, which the saving rests on",
    polarity=Polarity.HIGH,
    dimensions=("setting", "months"),
    interval=WILSON,
)
def moving_on_sustained_share(move_on_returns: pl.DataFrame, confidence_level: Assumption) -> pl.DataFrame:
    """Share (0–1) by setting and months since the move, such as “3 months”."""
    still = move_on_returns.filter(IS_STILL)
    months = pl.col("stage").str.strip_prefix(STILL_THERE)
    share = counted_share("people", "of_people", confidence_level=confidence_level)
    return still.select("area", "period", "setting", *share, months=months)
