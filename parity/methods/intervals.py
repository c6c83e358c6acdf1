"""Confidence intervals of proportions, counts and crude rates, as OHID calculates them.

Each interval is a pair of expressions already named `lower` and `upper`, in the unit of the value they belong to.
"""

from collections.abc import Callable

import polars as pl

from parity.methods.columns import Column, column, divide
from parity.methods.distributions import normal_quantile, poisson_mean

Limits = tuple[pl.Expr, pl.Expr]

FEWEST_FOR_BYAR = 10
"""Byar's approximation is used from this count; below it the exact limits differ visibly."""


def z_for(confidence: float) -> float:
    """The number of standard deviations that a two-sided interval of this confidence (0–1) reaches: 1.959964 at 0.95.

    Source: quantile of the normal distribution. Raises ValueError outside 0–1.
    """
    return normal_quantile(1 - _tail(confidence))


def wilson(count: Column, of: Column, *, confidence: float) -> Limits:
    """Lower and upper limit (0–1) of the share that `count` is of `of`, by Wilson's score method.

    Source: OHID Technical Guide (2018), after Wilson 1927. Null where `of` is zero, either is missing, or the count is
    negative or more than `of`.
    """
    z, events, everyone = z_for(confidence), column(count), column(of)
    possible = (events >= 0) & (events <= everyone) & (everyone > 0)
    reach = z * (events * (1 - events / everyone) + (z / 2) ** 2).sqrt()
    limits = ((events + z**2 / 2 + side * reach) / (everyone + z**2) for side in (-1, 1))
    lower, upper = (pl.when(possible).then(limit.clip(0, 1)) for limit in limits)
    return _named(lower, upper)


def byar(count: Column, *, confidence: float) -> Limits:
    """Lower and upper limit of a count, by Byar's approximation.

    Source: OHID Technical Guide (2018), after Breslow and Day 1987. The lower limit of 0 is 0, and no limit is below 0;
    null where the count is missing or negative.
    """
    z = z_for(confidence)
    low, high = column(count), column(count) + 1
    lower = low * (1 - 1 / (9 * low) - z / (3 * low.sqrt())) ** 3
    upper = high * (1 - 1 / (9 * high) + z / (3 * high.sqrt())) ** 3
    return _named(
        pl.when(low > 0).then(lower.clip(lower_bound=0)).when(low == 0).then(0.0),
        pl.when(low >= 0).then(upper),
    )


def exact(count: Column, *, confidence: float) -> Limits:
    """Lower and upper limit of a count, exact for a Poisson distribution; a count is a whole number.

    Source: OHID Technical Guide (2018). A count of 0 has 0 as its lower limit and, at 95%, 3.688879 as its upper;
    null where the count is missing or negative.
    """
    tail = _tail(confidence)
    events = column(count)
    lower = _each(events, lambda seen: poisson_mean(seen - 1, 1 - tail) if seen else 0.0)
    upper = _each(events, lambda seen: poisson_mean(seen, tail))
    return _named(lower, upper)


def crude_rate(count: Column, of: Column, *, per: float) -> pl.Expr:
    """Events per `per` people; null where `of` is zero or either is missing.

    Source: OHID Technical Guide (2018).
    """
    return divide(count, of, per=per)


def crude_rate_interval(count: Column, of: Column, *, per: float, confidence: float) -> Limits:
    """Lower and upper limit of a crude rate per `per` people: exact under 10 events, Byar from 10.

    Source: OHID Technical Guide (2018). Null as for the rate itself.
    """
    few = column(count) < FEWEST_FOR_BYAR
    pairs = zip(exact(count, confidence=confidence), byar(count, confidence=confidence), strict=True)
    lower, upper = (divide(pl.when(few).then(small).otherwise(large), of, per=per) for small, large in pairs)
    return _named(lower, upper)


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence level lies between 0 and 1; {confidence} does not.")
    return (1 - confidence) / 2


def _named(lower: pl.Expr, upper: pl.Expr) -> Limits:
    return lower.alias("lower"), upper.alias("upper")


def _each(events: pl.Expr, limit: Callable[[int], float]) -> pl.Expr:
    """A limit of each count of none or more; null for the others."""
    counts = pl.when(events >= 0).then(events).cast(pl.Int64)
    return counts.map_elements(limit, return_dtype=pl.Float64, skip_nulls=True)
