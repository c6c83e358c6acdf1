"""Populations: weighted by need, expected cases, rates, and a denominator that a table used but does not print."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from itertools import accumulate

import polars as pl

from parity.methods.columns import Column, column, divide

INDEX_OF_AVERAGE = 100
"""A need index is printed so that the average place has 100."""


def weighted_population(population: Column, index: Column) -> pl.Expr:
    """People weighted by need: population x index / 100, where 100 is the average.

    Source: York Psychiatric Index (Smith, Sheldon and Martin 1996). Null where either is missing.
    """
    return column(population) * column(index) / INDEX_OF_AVERAGE


def expected_cases(population: Column, rate: Column, *, per: float) -> pl.Expr:
    """People expected to have a condition, unrounded: population x rate / per.

    Source: arithmetic of prevalence. Disorders overlap, so results for several are never added up.
    """
    return column(population) * column(rate) / per


def expected_range(population: Column, low: Column, high: Column, *, per: float) -> tuple[pl.Expr, pl.Expr]:
    """People expected at the low and the high end of a range of rates, named lower and upper.

    Source: arithmetic of prevalence.
    """
    ends = ((low, "lower"), (high, "upper"))
    lower, upper = (expected_cases(population, rate, per=per).alias(name) for rate, name in ends)
    return lower, upper


def treatment_gap(prevalence: Column, treated_share: Column) -> pl.Expr:
    """Those with a condition who are not treated: prevalence (people or share) x (1 - share treated).

    Source: Kohn and others 2004, the treatment gap.
    """
    return column(prevalence) * (1 - column(treated_share))


def rate(count: Column, population: Column, *, per: float) -> pl.Expr:
    """Places, posts, people or pounds per `per` people, weighted or not. Null where the population is zero.

    Source: count / population x per.
    """
    return divide(count, population, per=per)


class Fit(Enum):
    """How an unknown denominator is fitted; the value is the algorithm's name in words."""

    LEAST_ABSOLUTE = "least absolute deviations, each row weighted by the precision of its printed rate"
    LEAST_SQUARES = "least squares, each row weighted by the precision of its printed rate"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted denominator: its value, in whole people, how it was fitted, and the positions of the rows it saw."""

    value: float | None
    people: int | None
    algorithm: Fit
    rows: tuple[int, ...]


def fit_denominator(
    counts: Sequence[float | None],
    rates: Sequence[float | None],
    *,
    per: float,
    half_units: Sequence[float] | None = None,
    algorithm: Fit = Fit.LEAST_ABSOLUTE,
) -> Fitted:
    """The denominator d that best explains rows of `count = rate x d / per`, unrounded and in whole people.

    `half_units` is half a unit of the last printed digit of each rate (all alike if not given): the residual of a row,
    count - rate x d / per, is measured in it. Rows without a count or with no positive rate are not seen; with none
    left the value is None.

    Source: least squares (Gauss), least absolute deviations (Boscovich). The latter is a weighted median: one
    misprinted row does not move it, so it needs no row to be left out beforehand.
    """
    precisions = [1.0] * len(counts) if half_units is None else half_units
    given = zip(counts, rates, precisions, strict=True)
    seen = [
        (place, count, shown, 1 / half)
        for place, (count, shown, half) in enumerate(given)
        if count is not None and shown is not None and shown > 0
    ]
    places = tuple(place for place, *_ in seen)
    if not seen:
        return Fitted(None, None, algorithm, places)
    if algorithm is Fit.LEAST_SQUARES:
        above = sum(weight**2 * count * shown for _, count, shown, weight in seen)
        value = per * above / sum(weight**2 * shown**2 for _, _, shown, weight in seen)
    else:
        value = _weighted_median([(per * count / shown, weight * shown) for _, count, shown, weight in seen])
    people = int(Decimal(repr(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Fitted(value, people, algorithm, places)


def _weighted_median(values: list[tuple[float, float]]) -> float:
    """The value that half of the weight lies on either side of; the middle of two where it falls between them."""
    ordered = sorted(values)
    reached = list(accumulate(weight for _, weight in ordered))
    half = reached[-1] / 2
    place = next(place for place, weight in enumerate(reached) if weight >= half)
    value = ordered[place][0]
    return (value + ordered[place + 1][0]) / 2 if reached[place] == half else value
