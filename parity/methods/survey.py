"""Surveys: how far a sample's result may be off, and whether those who answered are like the population."""

from dataclasses import dataclass

import polars as pl

from parity.methods.columns import Column, column, divide
from parity.methods.distributions import chi_square_above
from parity.methods.intervals import z_for

FEWEST_EXPECTED = 5
"""Chi-square is unreliable where a group is expected to have fewer respondents than this (Cochran 1954)."""


def margin_of_error(
    share: Column, respondents: Column, *, confidence: float, population: Column | None = None
) -> pl.Expr:
    """Half the width of the interval of a share (0–1), in the same unit; 0.5 as the share gives the widest.

    With a population, it is narrowed for a sample that is a large part of it. Null where nobody answered.

    Source: Kish 1965, z sqrt(p (1 - p) / n) sqrt((N - n) / (N - 1)), for a simple random sample.
    """
    p, n = column(share), column(respondents)
    plain = z_for(confidence) * divide(p * (1 - p), n).sqrt()
    if population is None:
        return plain
    everyone = column(population)
    return pl.when(everyone >= n).then(plain * divide(everyone - n, everyone - 1).sqrt())


def share_of_stated(share: Column, not_stated: Column) -> pl.Expr:
    """A group's share (0–1) of those who stated their group. Null where nobody did.

    Source: share / (1 - share not stated).
    """
    return divide(share, 1 - column(not_stated))


def representation(respondent_share: Column, population_share: Column) -> pl.Expr:
    """Ratio of a group's share of respondents to its share of the population: above 1, over-represented.

    Source: share over share. Null where the group is not in the population.
    """
    return divide(respondent_share, population_share)


def implied_count(share: Column, respondents: Column, *, half_unit: float) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """People behind a rounded share, and the fewest and most there can be; named value, lower, upper.

    `half_unit` is half a unit of the share's last printed digit: 0.005 for whole percentages.

    Source: share x respondents.
    """
    part, n = column(share), column(respondents)
    lower = (part - half_unit).clip(lower_bound=0) * n
    upper = (part + half_unit).clip(upper_bound=1) * n
    return (part * n).alias("value"), lower.alias("lower"), upper.alias("upper")


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """A chi-square test: respondents counted, statistic, degrees of freedom, p, how many groups expect under five."""

    respondents: float | None
    statistic: float | None
    degrees: int | None
    p: float | None
    small_groups: int | None
    missing: str | None


def representativeness(
    groups: pl.DataFrame, *, respondents: str = "respondents", population: str = "population"
) -> ChiSquare:
    """Chi-square test of whether respondents are spread over groups as the population is.

    `groups` has a row a group: number of respondents who stated it, and the population as numbers or shares. Missing,
    with a sentence, under two groups, or where a number is unknown or a group has no population.

    Source: Pearson 1900, sum (O - E)² / E with groups - 1 degrees of freedom.
    """
    observed, people = groups[respondents], groups[population]
    if groups.height <= 1:
        return _no_test("Fewer than two groups are known, so there is nothing to compare.")
    if observed.null_count() or people.null_count():
        return _no_test("The respondents or the population of a group are not known.")
    if (people <= 0).any() or observed.sum() == 0:
        return _no_test("A group has no population, or nobody stated their group.")
    answered = float(observed.sum())
    expected = people * answered / people.sum()
    statistic = float(((observed - expected) ** 2 / expected).sum())
    degrees = groups.height - 1
    small = int((expected < FEWEST_EXPECTED).sum())
    return ChiSquare(answered, statistic, degrees, chi_square_above(statistic, degrees), small, None)


def _no_test(reason: str) -> ChiSquare:
    return ChiSquare(None, None, None, None, None, reason)
