"""Quantiles and tails of the normal, Poisson and chi-square distributions, for whole counts and degrees of freedom.

Written out because they are three short sums, and the library that has them takes half of the time in which Parity
starts; the tests hold them against that library.
"""

import math
from functools import lru_cache
from statistics import NormalDist

MEANS_HELD = 1024
FAR = 12
"""Standard deviations below the mean of a Poisson distribution that no count ever reaches (about 1 in 10 to the 33)."""
HALVINGS = 200
"""More than enough to narrow any bracket of numbers down to two neighbours."""


def normal_quantile(share: float) -> float:
    """The number of standard deviations below which this share (0–1, ends excluded) of a normal distribution lies.

    Source: standard normal distribution (Wichura 1988, AS 241).
    """
    return NormalDist().inv_cdf(share)


def poisson_at_most(count: int, mean: float) -> float:
    """The probability of `count` events or fewer where `mean` are expected.

    Source: Poisson distribution, sum of e^-m m^i / i!, each term from its logarithm so that none overflows.
    """
    if mean <= 0:
        return 1.0
    logarithm = math.log(mean)
    return math.fsum(math.exp(i * logarithm - mean - math.lgamma(i + 1)) for i in range(count + 1))


@lru_cache(maxsize=MEANS_HELD)
def poisson_quantile(share: float, mean: float) -> int:
    """The least count for which that count or fewer have at least the probability `share` (0–1, ends excluded).

    Source: Poisson distribution. The sum begins so far below the mean that what it leaves out is nothing in practice.
    """
    if mean <= 0:
        return 0
    count = max(0, int(mean - FAR * math.sqrt(mean)))
    term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    reached = term
    while reached < share and term > 0:
        count += 1
        term *= mean / count
        reached += term
    return count


@lru_cache(maxsize=MEANS_HELD)
def poisson_mean(count: int, at_most: float) -> float:
    """The mean for which `count` events or fewer have the probability `at_most` (0–1, ends excluded).

    Source: Garwood 1936; the same as half a chi-square quantile with 2 (count + 1) degrees of freedom. By halving.
    """
    low, high = 0.0, count + 1.0
    while poisson_at_most(count, high) > at_most:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if poisson_at_most(count, middle) > at_most else (low, middle)
    return high


def chi_square_above(statistic: float, degrees: int) -> float:
    """The probability that a chi-square variable with these degrees of freedom exceeds the statistic.

    Source: recurrence of the incomplete gamma function in steps of one half-degree pair, from erfc (odd) or exp (even).
    """
    half = statistic / 2
    if half <= 0:
        return 1.0
    order = 1.0 if degrees % 2 == 0 else 0.5
    above = math.exp(-half) if degrees % 2 == 0 else math.erfc(math.sqrt(half))
    while order < degrees / 2:
        above += math.exp(order * math.log(half) - half - math.lgamma(order + 1))
        order += 1
    return above
