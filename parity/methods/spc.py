"""Statistical process control: XmR charts of many series at once, as NHS England's Making Data Count draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.methods.columns import Column
from parity.methods.comparison import PolarityColumn, polarity_sign, significance
from parity.methods.xmr import NEAR, Charts, Flags, Rule, control_charts
from parity.terms.errors import WrongState
from parity.terms.polarity import Polarity

POINTS_OF_A_RUN = 7
"""Points that make a shift or a trend, as NHS England counts them; some trusts' templates take 6."""
FEWEST_POINTS = 12
"""Limits that rest on fewer points may still move."""

WORDS = {Rule.OUTSIDE: "outside", Rule.TREND: "trend", Rule.TWO_OF_THREE: "two of three", Rule.SHIFT: "shift"}
DIRECTIONS = ("down", None, "up")


@dataclass(frozen=True, slots=True)
class Drawing:
    """How charts are drawn: points that make a run, points a phase's limits rest on (None: all), screening of ranges.

    Raises WrongState for a run or a baseline of fewer than two points.
    """

    run: int = POINTS_OF_A_RUN
    baseline: int | None = None
    is_screened: bool = False

    def __post_init__(self) -> None:
        if self.run <= 1 or (self.baseline is not None and self.baseline <= 1):
            raise WrongState("A run and a baseline have two points or more.")


PLAIN = Drawing()


def control_chart(
    series: pl.DataFrame,
    *,
    by: Sequence[str] = ("area",),
    order: str = "period",
    polarity: PolarityColumn = Polarity.NEUTRAL,
    rebases: pl.DataFrame | None = None,
    drawing: Drawing = PLAIN,
) -> pl.DataFrame:
    """The points of every series in order, with the phase, limits and rule of each; limits are in the value's unit.

    `series` has `by` (what tells series apart), `order` and value; `rebases` has `by`, `order` (the first point of a
    new phase, or a time before it) and reason. Each phase has limits and runs of its own; a baseline counts in each.
    Added are phase (from 1) and reason; mean, lower, upper, near_lower and near_upper; rule (outside, trend, two of
    three or shift, the first that applies) and direction (up, down); verdict (improvement, concern, neutral, common
    cause); missing, why there is no value or no limit; warning, where limits rest on fewer than 12 points.
    A missing value ends runs and has no moving range; a time without a row is not missed. Raises WrongState for two
    points of one time or a rebase without a reason.

    Source: NHS England, Making Data Count: mean -/+ 2.66 x mean moving range; rules as in NHSRplotthedots.
    """
    points = _in_phases(series, by=by, order=order, rebases=rebases)
    is_series = _begins(points, by)
    is_phase = is_series | _begins(points, ["phase"])
    if not (is_series | _begins(points, [order])).all():
        raise WrongState("A series has two points of one time: choose one, or tell the series apart.")
    charts = control_charts(
        points["value"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        is_phase,
        run=drawing.run,
        baseline=drawing.baseline,
        is_screened=drawing.is_screened,
    )
    drawn = points.with_columns(_numbered(is_phase, is_series), *_drawn(charts))
    few = pl.lit(f"These limits rest on fewer than {FEWEST_POINTS} points and may still move.")
    return drawn.with_columns(
        _verdict(polarity).alias("verdict"),
        _missing().alias("missing"),
        pl.when(pl.Series(charts.points) < FEWEST_POINTS, pl.col("mean").is_not_null()).then(few).alias("warning"),
    )


def assurance(lower: Column, upper: Column, target: Column, *, polarity: PolarityColumn) -> pl.Expr:
    """Text: consistently pass, consistently fail, or hit and miss, which is what the process does unless it changes.

    The limits are those of the last phase: of the last point of a series. Null where a part is missing or neither way
    is better.

    Source: NHS England, Making Data Count: beyond the limits a target is always met or never; on a limit it may be.
    """
    words = {"better": "consistently pass", "worse": "consistently fail", "similar": "hit and miss"}
    found = significance(lower, upper, target, polarity=polarity)
    return pl.when(polarity_sign(polarity) != 0).then(found.replace_strict(words, default=None, return_dtype=pl.String))


def _in_phases(series: pl.DataFrame, *, by: Sequence[str], order: str, rebases: pl.DataFrame | None) -> pl.DataFrame:
    """The points in order, with phase (how many rebases lie before each) and the reason of the last of them."""
    if rebases is None:
        return _sorted(series, (*by, order)).with_columns(phase=0, reason=pl.lit(None, dtype=pl.String))
    if (rebases["reason"].fill_null("").str.strip_chars() == "").any():
        raise WrongState("A rebase has no reason: say what changed the process.")
    marks = rebases.select(*by, order, "reason", phase=1)
    both = pl.concat([marks, series.with_columns(phase=0)], how="diagonal_relaxed")
    counted = both.sort(*by, order, "phase", descending=[*(False for _ in by), False, True]).with_columns(
        pl.col("phase").cum_sum().over(*by), pl.col("reason").forward_fill().over(*by), is_point=pl.col("phase") == 0
    )
    return counted.filter("is_point").select(*series.columns, "phase", "reason")


def _sorted(series: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The rows in the order of these columns; texts as places among their own kind, which are sorted much faster."""
    texts = [series[name] for name in names if series.schema[name] == pl.String]
    kinds = {text.name: pl.Enum(text.drop_nulls().unique().sort()) for text in texts}
    return series.sort(*(pl.col(name).cast(kinds.get(name, series.schema[name])) for name in names))


def _begins(points: pl.DataFrame, names: Sequence[str]) -> Flags:
    """Where one of the columns is not what it was a row before, and the first row."""
    begins = np.zeros(points.height, bool)
    begins[:1] = True
    for name in names:
        begins |= points[name].ne_missing(points[name].shift()).to_numpy()
    return begins


def _numbered(is_phase: Flags, is_series: Flags) -> pl.Series:
    """The number of each point's phase in its series, from 1."""
    phases = np.cumsum(is_phase)
    before = np.maximum.accumulate(np.where(is_series, phases - 1, 0))
    return pl.Series("phase", np.subtract(phases, before))


def _drawn(charts: Charts) -> list[pl.Series]:
    """The lines, the rule and the direction of each point."""
    lines = {
        "mean": charts.mean,
        "lower": charts.mean - charts.reach,
        "upper": charts.mean + charts.reach,
        "near_lower": charts.mean - NEAR * charts.reach,
        "near_upper": charts.mean + NEAR * charts.reach,
    }
    rules = pl.Series("rule", [WORDS.get(rule) for rule in Rule], dtype=pl.String)
    directions = pl.Series("direction", DIRECTIONS, dtype=pl.String)
    return [
        *(pl.Series(name, line).fill_nan(None) for name, line in lines.items()),
        rules.gather(charts.rule),
        directions.gather(charts.direction + 1),
    ]


def _verdict(polarity: PolarityColumn) -> pl.Expr:
    """Text: what a point's mark means; null where there are no limits or the polarity is not said."""
    sign = polarity_sign(polarity)
    good = pl.when(sign > 0).then(pl.lit("up")).when(sign < 0).then(pl.lit("down"))
    words = (
        pl.when(pl.col("rule").is_null())
        .then(pl.lit("common cause"))
        .when(sign == 0)
        .then(pl.lit("neutral"))
        .when(pl.col("direction") == good)
        .then(pl.lit("improvement"))
        .otherwise(pl.lit("concern"))
    )
    return pl.when(pl.col("mean").is_not_null() & pl.col("value").is_not_null() & sign.is_not_null()).then(words)


def _missing() -> pl.Expr:
    """Text: why a point has no value, or no limits."""
    return (
        pl.when(pl.col("value").is_null())
        .then(pl.lit("There is no value."))
        .when(pl.col("mean").is_null())
        .then(pl.lit("No two known points of this phase follow each other, so it has no limits."))
    )
