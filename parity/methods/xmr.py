"""The arithmetic of XmR control charts, for many series in one pass over arrays; `spc` gives and takes tables."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
Places = NDArray[np.intp]

REACH = 2.66
"""Mean moving ranges from the mean to a limit: 3 over 1.128, the expected range of two normal values."""
NEAR = 2 / 3
"""Share of the way from the mean to a limit beyond which a point lies near it."""
RANGE_LIMIT = 3.267
"""Mean moving ranges from which a moving range is screened out."""
ROUNDING = 1e-12
"""Share of a number by which arithmetic may miss it: what lies nearer to a line than this lies on it."""


class Rule(IntEnum):
    """Why a point is marked; of several rules the first here."""

    NONE = 0
    OUTSIDE = 1
    TREND = 2
    TWO_OF_THREE = 3
    SHIFT = 4


@dataclass(frozen=True, slots=True)
class Charts:
    """For each point: mean and distance to the limits of its phase, points they rest on, its rule, and up 1 or down -1.

    Mean and reach are NaN where there are no two known points next to each other to calculate them from.
    """

    mean: Numbers
    reach: Numbers
    points: NDArray[np.int64]
    rule: Codes
    direction: Codes


def control_charts(
    values: Numbers, is_first: Flags, *, run: int, baseline: int | None = None, is_screened: bool = False
) -> Charts:
    """The charts of phases that lie one behind the other in `values`; `is_first` is true where a phase begins.

    A missing value is NaN: it ends runs, and no moving range is taken across it. `run` is how many points make a shift
    or a trend; limits rest on all known points of a phase, or on its first `baseline`; where `is_screened`, moving
    ranges from 3.267 times their mean are left out once, and their mean is taken anew.

    Source: NHS England, Making Data Count; rules as in the NHS-R Community's package NHSRplotthedots.
    """
    firsts = np.flatnonzero(is_first)
    lengths = np.diff(firsts, append=values.size)
    known = ~np.isnan(values)
    used = known if baseline is None else known & (_counted(known, firsts, lengths) <= baseline)
    ranges = np.abs(np.diff(values, prepend=np.nan))
    ranges[firsts] = np.nan
    ranged = used & ~np.isnan(ranges)
    mean, points = _means(values, used, firsts)
    mean_range, _ = _means(ranges, ranged, firsts)
    if is_screened:
        most = np.repeat(RANGE_LIMIT * mean_range, lengths)
        mean_range, _ = _means(ranges, ranged & ((ranges < most) | (most == 0)), firsts)
    mean[np.isnan(mean_range)] = np.nan
    middle, reach = np.repeat(mean, lengths), np.repeat(REACH * mean_range, lengths)
    rule, direction = _marks(values, middle, reach, is_first=is_first, run=run)
    return Charts(middle, reach, np.repeat(points, lengths), rule, direction)


def _means(numbers: Numbers, used: Flags, firsts: Places) -> tuple[Numbers, NDArray[np.int64]]:
    """For each phase the mean of those numbers that are used, NaN where none is, and how many are."""
    if not firsts.size:
        return np.empty(0), np.empty(0, np.int64)
    sums = np.add.reduceat(np.where(used, numbers, 0.0), firsts)
    count = np.add.reduceat(used, firsts, dtype=np.int64)
    return np.divide(sums, count, out=np.full(sums.size, np.nan), where=count > 0), count


def _counted(known: Flags, firsts: Places, lengths: Places) -> NDArray[np.int64]:
    """For each point how many known ones its phase has up to it."""
    reached = np.cumsum(known)
    return reached - np.repeat(reached[firsts] - known[firsts], lengths)


def _marks(values: Numbers, mean: Numbers, reach: Numbers, *, is_first: Flags, run: int) -> tuple[Codes, Codes]:
    """Each point's rule, and whether that points up or down."""
    deviation = values - mean
    slack = ROUNDING * (np.abs(mean) + reach)
    side = (deviation > slack).astype(np.int8) - (deviation < -slack)
    away = np.abs(deviation) - slack
    outside = away > reach
    near = (away > NEAR * reach) & ~outside
    trend = _trend(values, is_first, run)
    marks = {
        Rule.SHIFT: _runs(side, is_first, run)[0],
        Rule.TWO_OF_THREE: _two_of_three(side, near, is_first),
        Rule.TREND: trend != 0,
        Rule.OUTSIDE: outside,
    }
    rule = np.zeros(values.size, np.int8)
    for code, is_marked in marks.items():
        rule[is_marked] = code
    direction = np.where(rule == Rule.TREND, trend, side)
    direction[rule == Rule.NONE] = 0
    return rule, direction


def _runs(signs: Codes, is_first: Flags, least: int) -> tuple[Flags, Places]:
    """Where at least so many neighbours of one phase have the same sign and it is not 0, and where such runs begin."""
    begins = is_first.copy()
    begins[1:] |= signs[1:] != signs[:-1]
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=signs.size)
    is_long = (lengths >= least) & (signs[starts] != 0)
    return np.repeat(is_long, lengths), starts[is_long]


def _trend(values: Numbers, is_first: Flags, run: int) -> Codes:
    """1 or -1 where so many neighbours rise or fall, else 0; a point between two trends belongs to the first."""
    step = np.zeros(values.size, np.int8)
    step[1:] = (values[1:] > values[:-1]).astype(np.int8) - (values[1:] < values[:-1])
    step[is_first] = 0
    in_run, starts = _runs(step, is_first, run - 1)
    found = np.where(in_run, step, np.int8(0))
    opening = starts - 1
    found[opening] = np.where(found[opening] == 0, step[starts], found[opening])
    return found


def _two_of_three(side: Codes, near: Flags, is_first: Flags) -> Flags:
    """The near points among three neighbours of one phase and one side of the mean, two or more of them near."""
    alike = (side[2:] == side[1:-1]) & (side[1:-1] == side[:-2]) & ~(is_first[2:] | is_first[1:-1])
    ones = near.astype(np.int8)
    alike &= ones[2:] + ones[1:-1] + ones[:-2] >= 2
    among = np.zeros(near.size, bool)
    for part in (among[:-2], among[1:-1], among[2:]):
        part |= alike
    return among & near
