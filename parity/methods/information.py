"""Choice under uncertainty: which decision is best, what a wrong one costs, and what it is worth to know more.

Net benefits are decisions × draws, the same draws for all, so that what differs between decisions is not chance. Where
costs alone are compared, their negatives are net benefits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.methods.chance import quantiles
from parity.methods.flow import Numbers
from parity.terms.errors import WrongState

NOTHING = "There are no decisions or no draws to choose by."
NO_OUTCOME = "The outcome at one end of this parameter is not known."
CUBIC = 3
KNOTS = 6
"""Of a curve through draws: flexible enough for a bend or two, too few to follow chance."""


@dataclass(frozen=True, eq=False)
class Choice:
    """How decisions compare over all draws.

    By decision: `expected` net benefit and its `error` (a standard error from the number of draws), the `chance_best`
    (0–1; decisions that tie share a draw), and the `regret`: what it gives away on average against whatever is best.
    `best` is the place of the decision with the most expected net benefit, the first of those that tie. `evpi`, the
    expected value of perfect information, is what it would be worth to know how things turn out before choosing: the
    regret of the best decision, with its standard error.
    """

    expected: Numbers
    error: Numbers
    chance_best: Numbers
    regret: Numbers
    best: int
    evpi: float
    evpi_error: float


@dataclass(eq=False)
class _Moments:
    """How many draws were seen, and their mean and sum of squares about it, by decision."""

    count: int
    mean: Numbers
    squares: Numbers

    def add(self, block: Numbers) -> None:
        """Takes in the draws of a block, decisions × draws."""
        new, fresh = block.shape[1], block.mean(axis=1)
        apart = fresh - self.mean
        both = self.count + new
        self.squares += ((block - fresh[:, None]) ** 2).sum(axis=1) + apart**2 * (self.count * new / both)
        self.mean += apart * (new / both)
        self.count = both

    @property
    def error(self) -> Numbers:
        """Standard error of the mean; NaN with fewer than two draws."""
        if self.count <= 1:
            return np.full_like(self.mean, np.nan)
        return np.sqrt(self.squares / (self.count - 1) / self.count)


def weigh(blocks: Iterable[Numbers], *, least: float = 0.0) -> Choice:
    """The choice among decisions, from blocks of net benefit, each decisions × some of the draws: one block is held.

    Net benefits that differ by `least` or less, as rounding alone makes them, tie.

    Raises WrongState where there is no decision or no draw.

    Source: Claxton 1999 and Raiffa and Schlaifer 1961; moments of blocks are joined as Chan, Golub and LeVeque 1983.
    """
    net = regret = None
    wins = np.zeros(0)
    for block in blocks:
        if not block.size:
            continue
        if net is None or regret is None:
            net, regret = (_Moments(0, np.zeros(len(block)), np.zeros(len(block))) for _ in range(2))
            wins = np.zeros(len(block))
        lost = block.max(axis=0) - block
        lost[lost <= least] = 0
        is_best = lost == 0
        wins += (is_best / is_best.sum(axis=0)).sum(axis=1)
        net.add(block)
        regret.add(lost)
    if net is None or regret is None:
        raise WrongState(NOTHING)
    best = first_of_most(net.mean, least=least)
    return Choice(
        expected=net.mean,
        error=net.error,
        chance_best=wins / net.count,
        regret=regret.mean,
        best=best,
        evpi=float(regret.mean[best]),
        evpi_error=float(regret.error[best]),
    )


def first_of_most(expected: Numbers, *, least: float) -> int:
    """The place of the first number that is the most, or less than that by `least` or less.

    Source: convention of this package.
    """
    return int((expected >= expected.max() - least).argmax())


def choice_table(net: Numbers, names: Sequence[str], *, level: float) -> pl.DataFrame:
    """A row a decision, the best first: expected, standard_error, chance_best, regret, regret_median and regret_high.

    `net` is decisions × draws, `names` what the decisions are called; all but the chance (0–1) are in the unit of net
    benefit. `regret_high` is exceeded in a share of 1 - `level` of the draws.

    Source: as for `weigh`. Raises WrongState where there is no decision or no draw.
    """
    found = weigh([net])
    median, high = quantiles(net.max(axis=0) - net, [0.5, level]).T
    table = pl.DataFrame(
        {
            "decision": list(names),
            "expected": found.expected,
            "standard_error": found.error,
            "chance_best": found.chance_best,
            "regret": found.regret,
            "regret_median": median,
            "regret_high": high,
        }
    )
    return table.with_columns(pl.col("standard_error").fill_nan(None)).sort(
        "expected", descending=True, maintain_order=True
    )


def value_of_parameter(net: Numbers, parameter: Numbers, *, knots: int = KNOTS) -> float:
    """What it would be worth to know one parameter before choosing (EVPPI), in the unit of net benefit; never below 0.

    `net` is decisions × draws, `parameter` its value in each draw. Net benefit is regressed on a natural cubic spline
    of the parameter with so many knots, at equal shares of its draws; what the curves leave out is other chance. A
    spline fits a little of the chance too: with few draws the value is too high rather than too low, but never above
    the EVPI of the same draws. 0 for a parameter that does not vary, and where there is nothing to choose. Raises
    WrongState where there is no decision or no draw.

    Source: Strong, Oakley and Brennan 2014, by least squares on the spline of Hastie, Tibshirani and Friedman 2009,
    section 5.2.1.
    """
    if not net.size:
        raise WrongState(NOTHING)
    places = np.unique(np.quantile(parameter, np.linspace(0, 1, knots)))
    if len(places) <= 1:
        return 0.0
    basis = _natural_spline(parameter, places)
    found = basis @ np.linalg.lstsq(basis, net.T, rcond=None)[0]
    # a curve that bends too little can cross where net benefits never do
    return min(weigh([net]).evpi, max(0.0, float(found.max(axis=1).mean() - found.mean(axis=0).max())))


def _natural_spline(values: Numbers, knots: Numbers) -> Numbers:
    """Draws × knots: 1, the value, and cubic curves that are straight beyond the outer knots; all run from 0 to 1."""
    spread = knots[-1] - knots[0]
    at, ends = (values - knots[0]) / spread, (knots - knots[0]) / spread
    cubes = np.maximum(at[:, None] - ends, 0) ** CUBIC
    bends = (cubes[:, :-1] - cubes[:, -1:]) / (ends[-1] - ends[:-1])
    return np.column_stack([np.ones_like(at), at, bends[:, :-1] - bends[:, -1:]])


def values_of_parameters(net: Numbers, parameters: dict[str, Numbers], *, knots: int = KNOTS) -> pl.DataFrame:
    """A row a parameter, the most valuable first: parameter, value (as `value_of_parameter`) and share of the EVPI.

    The share is null where perfect information is worth nothing. Values do not add up: what two parameters are worth
    together is not the sum of what each is worth.

    Source: as for `value_of_parameter`.
    """
    whole = weigh([net]).evpi
    rows = [(name, value_of_parameter(net, draws, knots=knots)) for name, draws in parameters.items()]
    table = pl.DataFrame(rows, schema={"parameter": pl.String, "value": pl.Float64}, orient="row")
    share = pl.col("value") / whole if whole else pl.lit(None, pl.Float64)
    return table.with_columns(share.alias("share")).sort("value", descending=True, maintain_order=True)


def tornado(outcomes: pl.DataFrame, *, base: float) -> pl.DataFrame:
    """The rows of a table of outcomes (parameter, low, high), the largest swing first, with swing and missing.

    `low` and `high` are the outcome where the parameter alone is at its low or high value, `base` that where all are at
    theirs. The swing is the distance between the least and the most of the three, so that a parameter whose both ends
    are worse shows too. Null with a reason, and last, where an outcome is not known.

    Source: one-way sensitivity analysis (Eschenbach 1992).
    """
    known = pl.col("low").is_not_null() & pl.col("high").is_not_null()
    ends = ["low", "high", pl.lit(base)]
    swing = pl.when(known).then(pl.max_horizontal(ends) - pl.min_horizontal(ends))
    missing = pl.when(~known).then(pl.lit(NO_OUTCOME))
    return outcomes.with_columns(swing.alias("swing"), missing.alias("missing")).sort(
        "swing", descending=True, nulls_last=True, maintain_order=True
    )
