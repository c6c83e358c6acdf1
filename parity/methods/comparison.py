"""Comparison: with a comparator, a benchmark, a target, a population, or the rest of a group.

`polarity` says which way is good: a `Polarity` for all rows, or a column that holds `high`, `low` or `neutral`.
"""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import Column, column, divide
from parity.methods.intervals import z_for
from parity.terms.polarity import Polarity

PolarityColumn = Polarity | str | pl.Expr


def polarity_sign(polarity: PolarityColumn) -> pl.Expr:
    """1 where higher is better, -1 where lower is, 0 where neither; null where that is not said.

    Source: convention of this package.
    """
    given = pl.lit(polarity.name.lower()) if isinstance(polarity, Polarity) else column(polarity)
    return pl.when(given == "high").then(1).when(given == "low").then(-1).when(given == "neutral").then(0)


def z_statistic(proportion: Column, comparator: Column, of: Column) -> pl.Expr:
    """Standard errors between a proportion and its comparator (both 0–1), when `of` people were looked at.

    Source: normal approximation to the binomial, `(p - p0) / sqrt(p0 (1 - p0) / n)`. Null where nobody was looked at
    or the comparator is 0 or 1.
    """
    expected = column(comparator)
    return divide(column(proportion) - expected, divide(expected * (1 - expected), of).sqrt())


def significance(lower: Column, upper: Column, comparator: Column, *, polarity: PolarityColumn) -> pl.Expr:
    """Text: better, worse, similar, or higher and lower where neither is better; null where a part is missing.

    Source: OHID Technical Guide (2018): different where the comparator lies outside the interval. A comparator equal
    to a limit is similar.
    """
    benchmark, sign = column(comparator), polarity_sign(polarity)
    side = pl.when(benchmark < column(lower)).then(1).when(benchmark > column(upper)).then(-1).otherwise(0)
    known = pl.all_horizontal(column(part).is_not_null() for part in (lower, upper, comparator)) & sign.is_not_null()
    words = (
        pl.when(side == 0)
        .then(pl.lit("similar"))
        .when(sign == 0)
        .then(pl.when(side > 0).then(pl.lit("higher")).otherwise(pl.lit("lower")))
        .when(side == sign)
        .then(pl.lit("better"))
        .otherwise(pl.lit("worse"))
    )
    return pl.when(known).then(words)


def location_quotient(share: Column, comparator_share: Column) -> pl.Expr:
    """Ratio of a local share to a comparator's share: 1 means the same, 2 twice as large.

    Source: share over share, as in regional science. Null where the comparator's share is zero.
    """
    return divide(share, comparator_share)


def representation_ratio(
    count: Column, of: Column, *, comparator_count: Column, comparator_of: Column, confidence: float
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Ratio of two shares with its limits, named value, lower, upper: a group in a service against the population.

    Source: Katz and others 1978, log interval. Where either count is 0, 0.5 is added to each count and 1 to each total;
    null where a total is zero.
    """
    given = [column(part) for part in (count, of, comparator_count, comparator_of)]
    empty = (given[0] == 0) | (given[2] == 0)
    added = [pl.when(empty).then(more).otherwise(0.0) for more in (0.5, 1.0, 0.5, 1.0)]
    x1, n1, x0, n0 = (part + more for part, more in zip(given, added, strict=True))
    possible = (given[1] > 0) & (given[3] > 0)
    ratio = pl.when(possible).then((x1 / n1) / (x0 / n0))
    reach = (z_for(confidence) * (1 / x1 - 1 / n1 + 1 / x0 - 1 / n0).sqrt()).exp()
    return ratio.alias("value"), (ratio / reach).alias("lower"), (ratio * reach).alias("upper")


def disparity(lower: Column, upper: Column, *, under: float, over: float) -> pl.Expr:
    """Text: under-represented, over-represented or not shown, from the limits of a representation ratio.

    A disparity is shown where the whole interval lies below `under` or above `over`.

    Source: four-fifths rule (0.8, inverse 1.25) of the US Uniform Guidelines on Employee Selection Procedures 1978,
    asked here of the whole interval. Null where there is none.
    """
    low, high = column(lower), column(upper)
    return (
        pl.when(high < under)
        .then(pl.lit("under-represented"))
        .when(low > over)
        .then(pl.lit("over-represented"))
        .when(low.is_not_null() & high.is_not_null())
        .then(pl.lit("not shown"))
    )


def rank(value: Column, *, polarity: PolarityColumn, within: Sequence[str] = ()) -> pl.Expr:
    """Rank, 1 the best by polarity; equals share the best rank of their run. Each group of `within` has its own ranks.

    Source: 1 + the number strictly better. Null where the value is missing or neither way is better.
    """
    sign = polarity_sign(polarity)
    goodness = pl.when(sign != 0).then(column(value) * sign)
    ranked = goodness.rank("min", descending=True)
    return ranked.over(*within) if within else ranked


def percentile(rank: Column, count: Column) -> pl.Expr:
    """Share (0–1) of the others that do no better: 1 for the best of `count`, 0 for the last.

    Source: (n - rank) / (n - 1). Null where there is only one.
    """
    return divide(column(count) - column(rank), column(count) - 1)


def comparator_mean(value: Column, name: Column, *, comparators: Sequence[str], within: Sequence[str] = ()) -> pl.Expr:
    """Mean of the named comparators, in the value's unit; null where none of them has a value.

    Source: arithmetic mean, one voice each whatever their size. Comparators without a value are left out.
    """
    found = pl.when(column(name).is_in(list(comparators))).then(column(value)).mean()
    return found.over(*within) if within else found


def absolute_change(first: Column, last: Column) -> pl.Expr:
    """Last less first, in their unit.

    Source: arithmetic.
    """
    return column(last) - column(first)


def relative_change(first: Column, last: Column) -> pl.Expr:
    """Change as a share of the first value: 0.2 is a fifth more. Null where the first is zero.

    Source: (last - first) / first.
    """
    return divide(absolute_change(first, last), first)


def two_sources(one: Column, other: Column, *, tolerance: float) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Named difference (other less one, in their unit), change (as a share of the one) and state: agree, or differ.

    Two sources of one number agree where they are no further apart than `tolerance`, a share of the one.

    Source: arithmetic. Null where a source has no number; where the one is zero there is no change.
    """
    difference, change = absolute_change(one, other), relative_change(one, other)
    near = difference.abs() <= tolerance * column(one).abs()
    state = pl.when(near).then(pl.lit("agree")).when(~near).then(pl.lit("differ"))
    return difference.alias("difference"), change.alias("change"), state.alias("state")


def gap_to_benchmark(own_rate: Column, benchmark: Column, weighted_population: Column, *, per: float) -> pl.Expr:
    """Places, beds or posts short of the benchmark; negative where there are more than the benchmark.

    Source: (benchmark - own rate) / per x weighted population, as in the Sainsbury Centre's service mapping.
    """
    return (column(benchmark) - column(own_rate)) / per * column(weighted_population)


def variance_from_target(estimate: Column, target: Column) -> pl.Expr:
    """Estimate less target, as a share of the target. Null where the target is zero or not yet set.

    Source: (estimate - target) / target.
    """
    return relative_change(target, estimate)


def target_state(estimate: Column, target: Column, *, polarity: PolarityColumn) -> pl.Expr:
    """Text: met (reached or beaten), missed, or pending where no target is set yet.

    Source: polarity. Null where a target is set but the estimate is missing, or neither way is better.
    """
    aim, sign = column(target), polarity_sign(polarity)
    beyond = pl.when(sign != 0).then((column(estimate) - aim) * sign)
    return (
        pl.when(aim.is_null())
        .then(pl.lit("pending"))
        .when(beyond >= 0)
        .then(pl.lit("met"))
        .when(beyond < 0)
        .then(pl.lit("missed"))
    )
