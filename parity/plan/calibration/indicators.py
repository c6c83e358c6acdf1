"""Figures of a fit: what was counted and what the model expects, how well it meets it, and what the counts ask for.

They read `flow_fits`, where all is worked out, and `flow_counts`, so that a figure names what was counted.
"""

import polars as pl

from parity.methods.flow_levers import Operation
from parity.methods.flow_parameters import MEANINGS, Parameter
from parity.plan.flow_calibration import COUNT, NUMBER, SERIES, WHOLE
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

FIT = "the most likely numbers of the flow model after the counts, each moved within its interval"
RANGE = "where 95% of such counts would lie: what is not known of the numbers, and chance in the counts"
ALL = "All counts"
FEW = "There are too few counts to tell."
NOUGHT = "Nobody was counted in any of the months."
ENDS = {"lower": pl.col("fitted_lower"), "upper": pl.col("fitted_upper")}


def series_name() -> pl.Expr:
    """What a series of counts is called: `Residential care, people at the month's end`."""
    to = (
        pl.when(pl.col("destination").fill_null("") != "")
        .then(pl.format(" to {}", "destination"))
        .otherwise(pl.lit(""))
    )
    return pl.format("{}{}, {}", "setting", to, "counted")


def number_name() -> pl.Expr:
    """What a number that may move is called: `N03: arrivals a month, Residential care`."""
    to = pl.when(pl.col("destination") != "").then(pl.format(" to {}", "destination")).otherwise(pl.lit(""))
    where = pl.when(pl.col("setting") != "").then(pl.format("{}{}", "setting", to)).otherwise(pl.lit("the whole model"))
    return pl.format("{}: {}, {}", "code", "parameter", where)


def _by_series(flow_fits: pl.DataFrame, part: str, **columns: pl.Expr) -> pl.DataFrame:
    """The rows of a part that has one for each series of counts, or for each of its months."""
    return flow_fits.filter(part=part).select("area", "period", "model", series=series_name(), **columns)


def _by_number(flow_fits: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """The rows of numbers that may move."""
    return flow_fits.filter(part=NUMBER).select("area", "period", "model", number=number_name(), **columns)


def _or_why(name: str, *, why: str) -> dict[str, pl.Expr]:
    """The column as value, and why there is none."""
    missing = pl.when(pl.col(name).is_null()).then(pl.coalesce("missing", pl.lit(why)))
    return {"value": pl.col(name), "missing": missing}


@indicator(
    rows="B12 E20",
    title="People counted, to whom a flow model is fitted",
    unit=Unit.PEOPLE,
    numerator="People counted in the month, as the series says",
    formula="as counted",
    purpose="See what the model is to meet",
    dimensions=("model", "series"),
)
def calibration_counted(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """People of each month that were counted and are known."""
    return _by_series(flow_fits, COUNT, value=pl.col("people"))


@indicator(
    rows="B12 E20",
    title="People that a flow model expects with its numbers as stated, where people were counted",
    unit=Unit.PEOPLE,
    numerator="People of the series in the month, each number of the model as stated",
    formula="flow model of the programme with its numbers as stated",
    purpose="See how far the model was from what was counted before it was fitted",
    dimensions=("model", "series"),
)
def calibration_stated(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """People expected in each month that was counted, before the fit; half a person at least."""
    return _by_series(flow_fits, COUNT, value=pl.col("value"))


@indicator(
    rows="B12 E20",
    title="People that a flow model expects once it is fitted, where people were counted",
    unit=Unit.PEOPLE,
    numerator="People of the series in the month, the numbers of the model as fitted",
    formula=FIT,
    purpose="See whether the model meets what was counted",
    dimensions=("model", "series"),
    interval=RANGE,
)
def calibration_expected(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """People expected in each month that was counted, after the fit, with the range of 95% of such counts."""
    return _by_series(flow_fits, COUNT, value=pl.col("fitted"), **ENDS)


@indicator(
    rows="B12 E20",
    title="Share of the counts that lie within their range",
    unit=Unit.SHARE,
    numerator="Counts within the range in which the fitted model expects 95 of 100",
    denominator="Counts",
    formula="counts within their range ÷ counts",
    purpose="See whether the ranges of the model can be believed",
    polarity=Polarity.NEUTRAL,
    dimensions=("model", "series"),
)
def calibration_within(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of the counts of each series, and of all; 0.95 is what a model that is right would have."""
    cells = _or_why("within", why=FEW)
    every = flow_fits.filter(part=WHOLE).select("area", "period", "model", series=pl.lit(ALL), **cells)
    return pl.concat([every, _by_series(flow_fits, SERIES, **cells)])


@indicator(
    rows="B12 E20",
    title="How far the fitted model misses the counts on average",
    unit=Unit.SHARE,
    numerator="Sum over months of the distance of count and model, as a share of the count",
    denominator="Months in which somebody was counted",
    formula="mean of |count − model| ÷ count",
    purpose="See where the model misses what was counted",
    polarity=Polarity.LOW,
    dimensions=("model", "series"),
)
def calibration_error(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """Mean error of each series as a share (0–1) of the counts."""
    return _by_series(flow_fits, SERIES, **_or_why("error", why=NOUGHT))


@indicator(
    rows="B12 E20",
    title="How far chance alone would make the fitted model miss the counts on average",
    unit=Unit.SHARE,
    numerator="Sum over months of the distance that chance makes, as a share of the count",
    denominator="Months in which somebody was counted",
    formula="mean of √(2 × model ÷ π) ÷ count, by Poisson’s chance",
    purpose="Tell what the model misses from what nobody could foresee",
    dimensions=("model", "series"),
)
def calibration_error_by_chance(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """Mean error of each series that chance would make, as a share (0–1) of the counts."""
    return _by_series(flow_fits, SERIES, **_or_why("by_chance", why=NOUGHT))


@indicator(
    rows="B12 E20",
    title="By how much the counts differ from the fitted model, where chance alone is 1",
    unit=Unit.RATIO,
    numerator="Deviance of the counts from the fitted model",
    denominator="Counts less the numbers that they tell",
    formula="deviance by Poisson ÷ degrees of freedom",
    purpose="See whether the model may be relied on: above 2, it may not",
    polarity=Polarity.LOW,
    dimensions=("model",),
)
def calibration_misfit(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """The ratio for each model that is fitted; about 1 where chance explains what differs."""
    cells = _or_why("misfit", why=FEW)
    return flow_fits.filter(part=WHOLE).select("area", "period", "model", **cells)


@indicator(
    rows="B12 E20",
    title="Number of a flow model as fitted to what was counted",
    unit=Unit.NUMBER,
    numerator="The number, in its own unit",
    formula=FIT,
    purpose="See what the counts say of a number of the model",
    dimensions=("model", "number"),
    interval="95% interval, by the curvature at the most likely numbers",
)
def calibration_number(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """Each number of the model that has an interval, as fitted, in its own unit."""
    units = {one.value: MEANINGS[one].unit.name for one in Parameter}
    bare = pl.when(pl.col("operation") == Operation.TIMES.value).then(pl.lit(Unit.NUMBER.name))
    own = bare.otherwise(pl.col("parameter").replace_strict(units, default=None, return_dtype=pl.String))
    return _by_number(flow_fits, value=pl.col("fitted"), unit=own, **ENDS)


@indicator(
    rows="B12 E20",
    title="How much narrower the counts make the interval of a number of a flow model",
    unit=Unit.SHARE,
    numerator="Width of the interval as stated − width after the fit, on the scale of its draws",
    denominator="Width of the interval as stated",
    formula="1 − width after ÷ width before",
    purpose="See of which numbers the counts tell something, and which rest on their own source",
    polarity=Polarity.HIGH,
    dimensions=("model", "number"),
)
def calibration_learned(flow_fits: pl.DataFrame, flow_counts: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) by which the interval of each number became narrower; 0 where the counts tell nothing of it."""
    return _by_number(flow_fits, value=pl.col("shrunk"))
