"""Funnel limits: how far from the average places of a size may lie by chance, or by chance and true differences."""

import math
from collections.abc import Sequence
from enum import Enum
from functools import partial

import polars as pl

from parity.methods.columns import Column, column, divide
from parity.methods.distributions import poisson_quantile
from parity.methods.intervals import Limits, z_for


class Spread(Enum):
    """How limits are widened where places differ by more than chance; the value is the form's name in words."""

    ADDITIVE = "a variance between places, added to that of chance"
    MULTIPLICATIVE = "the variance of chance, multiplied alike for all places"


def proportion_limits(average: Column, of: Column, *, confidence: float) -> Limits:
    """Lower and upper limit (0–1) of a share among `of` people where all places share the average.

    Source: OHID Technical Guide (2018), the inverse of Wilson's interval. Null where there is nobody, a part is missing
    or the average is no share.
    """
    share, people = column(average), column(of)
    reach = z_for(confidence) * (share * (1 - share) / people).sqrt()
    possible = share.is_between(0, 1) & (people > 0)
    lower, upper = (pl.when(possible).then((share + side * reach).clip(0, 1)) for side in (-1, 1))
    return lower.alias("lower"), upper.alias("upper")


def count_limits(expected: Column, *, confidence: float) -> Limits:
    """Least and greatest count that chance explains where so many are expected; the limits themselves are inside.

    Divided by the expected count they are limits of a ratio, by the people those of a rate.

    Source: OHID Technical Guide (2018), quantiles of the Poisson distribution. Null where nothing is expected.
    """
    tail = (1 - confidence) / 2
    mean = column(expected).cast(pl.Float64)
    positive = pl.when(mean > 0).then(mean)
    lower, upper = (
        positive.map_elements(partial(poisson_quantile, share), return_dtype=pl.Int64) for share in (tail, 1 - tail)
    )
    return lower.alias("lower"), upper.alias("upper")


def signal(value: Column, *, warning: tuple[Column, Column], alarm: tuple[Column, Column]) -> pl.Expr:
    """Text: as expected, above or below (beyond the warning limits), far above or far below (beyond the alarm limits).

    Source: Spiegelhalter 2005; by custom 95% warns and 99.8% alarms. A limit itself is inside; null where a part is
    missing.
    """
    seen = column(value)
    known = pl.all_horizontal(column(part).is_not_null() for part in (value, *warning, *alarm))
    words = (
        pl.when(seen < column(alarm[0]))
        .then(pl.lit("far below"))
        .when(seen > column(alarm[1]))
        .then(pl.lit("far above"))
        .when(seen < column(warning[0]))
        .then(pl.lit("below"))
        .when(seen > column(warning[1]))
        .then(pl.lit("above"))
        .otherwise(pl.lit("as expected"))
    )
    return pl.when(known).then(words)


def dispersion(observed: Column, expected: Column, *, trim: float, within: Sequence[str] = ()) -> pl.Expr:
    """One number, phi: how much more than chance the counts of places vary; 1 where they vary as chance makes them.

    Before, the most extreme z, a share `trim` at either end, are drawn in to the quantiles there (0 leaves all as they
    are). Each group of `within` has its own. Null where no place has both counts and something expected.

    Source: Spiegelhalter 2005: the mean of z^2, z = 2 (sqrt O - sqrt E), winsorised.
    """
    z = _z(observed, expected)
    ends = (z.quantile(share, interpolation="linear") for share in (trim, 1 - trim))
    return _over((z.clip(*ends) ** 2).mean(), within)


def dispersion_threshold(observed: Column, expected: Column, *, within: Sequence[str] = ()) -> pl.Expr:
    """One number: the phi above which places differ by more than chance.

    Source: Spiegelhalter 2005: 1 + 2 sqrt(2 / N), N the places. Null where there is none.
    """
    places = _z(observed, expected).count()
    return _over(pl.when(places > 0).then(1 + 2 * (2 / places).sqrt()), within)


def variance_between(observed: Column, expected: Column, *, trim: float, within: Sequence[str] = ()) -> pl.Expr:
    """One number, tau squared: the variance between places of the square root of their ratio to the average.

    Source: Spiegelhalter 2005, after DerSimonian and Laird: (N phi - (N - 1)) / (sum w - sum w^2 / sum w), w = 4 E; not
    below 0, and 0 for a single place.
    """
    z = _z(observed, expected)
    weight = pl.when(z.is_not_null()).then(_precision(expected))
    beyond_chance = z.count() * dispersion(observed, expected, trim=trim) - (z.count() - 1)
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    return _over(pl.when(z.count() > 1).then((beyond_chance / spread).clip(lower_bound=0)).otherwise(0.0), within)


def wide_limits(
    observed: Column, expected: Column, *, confidence: float, spread: Spread, trim: float, within: Sequence[str] = ()
) -> Limits:
    """Lower and upper limit of each place's count, widened where places differ by more than chance.

    Where phi is not above its threshold the limits are those of `count_limits`.

    Source: Spiegelhalter 2005: E (1 -/+ z s)^2, where s^2 is phi / 4E, or 1 / 4E + tau squared. No limit is below 0.
    """
    mean = pl.when(column(expected) > 0).then(column(expected))
    phi = dispersion(observed, expected, trim=trim, within=within)
    if spread is Spread.ADDITIVE:
        variance = 1 / _precision(mean) + variance_between(observed, expected, trim=trim, within=within)
    else:
        variance = phi / _precision(mean)
    reach = z_for(confidence) * variance.sqrt()
    is_wide = phi > dispersion_threshold(observed, expected, within=within)
    lower, upper = (
        pl.when(is_wide).then(mean * (1 + side * reach).clip(lower_bound=0) ** 2).otherwise(plain)
        for side, plain in zip((-1, 1), count_limits(expected, confidence=confidence), strict=True)
    )
    return lower.alias("lower"), upper.alias("upper")


def wide_share_limits(
    count: Column, of: Column, *, confidence: float, trim: float, within: Sequence[str] = ()
) -> Limits:
    """Lower and upper limit (0-1) of each place's share, around the share of all places of its group together.

    Where places differ by more than chance, the variance between them is added to that of chance; else the limits are
    those of `proportion_limits`.

    Source: Spiegelhalter 2005 on the scale of asin sqrt p, whose variance by chance is 1 / 4n: phi, its threshold and
    tau squared as for counts. Null where nobody was looked at, or in no place of the group both numbers are known.
    """
    people = pl.when(column(of) > 0).then(column(of).cast(pl.Float64))
    share = pl.when(column(count).is_between(0, people)).then(column(count) / people)
    seen = pl.when(share.is_not_null()).then(people)
    average = _over(divide((share * seen).sum(), seen.sum()), within)
    weight, middle = _precision(seen), average.sqrt().arcsin()
    z = weight.sqrt() * (share.sqrt().arcsin() - middle)
    ends = (_over(z.quantile(end, interpolation="linear"), within) for end in (trim, 1 - trim))
    phi, places = (_over(part, within) for part in ((z.clip(*ends) ** 2).mean(), z.count()))
    spread = _over(weight.sum() - (weight**2).sum() / weight.sum(), within)
    is_wide = phi > 1 + 2 * (2 / places).sqrt()
    variance = 1 / _precision(people) + ((places * phi - (places - 1)) / spread).clip(lower_bound=0)
    reach = z_for(confidence) * variance.sqrt()
    lower, upper = (
        pl.when(is_wide).then((middle + side * reach).clip(0, math.pi / 2).sin() ** 2).otherwise(plain)
        for side, plain in zip((-1, 1), proportion_limits(average, people, confidence=confidence), strict=True)
    )
    return lower.alias("lower"), upper.alias("upper")


def _z(observed: Column, expected: Column) -> pl.Expr:
    """Standard deviations by which a count differs from the expected; null where one is missing or none is expected."""
    seen, mean = column(observed), column(expected)
    return pl.when((seen >= 0) & (mean > 0)).then(2 * (seen.sqrt() - mean.sqrt()))


def _precision(expected: Column) -> pl.Expr:
    """One over the variance by chance of the square root of a place's ratio: 4 E."""
    return 2**2 * column(expected)


def _over(number: pl.Expr, within: Sequence[str]) -> pl.Expr:
    return number.over(*within) if within else number
