"""Quantiles: areas in tenths or fifths of equal size, the quarters of a group, and what lies far outside it."""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import Column, column

QUARTERS = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}


def quantile_group(value: Column, groups: int, *, highest_first: bool = True, within: Sequence[str] = ()) -> pl.Expr:
    """Whole number, 1 to `groups`: the group in which a value falls; 1 holds the highest, or the lowest if so chosen.

    Values that are equal fall in one group. Those that are missing fall in none and do not count; nothing falls in one
    where there are fewer values than groups. Each group of columns `within` is divided by itself.

    Source: OHID's package PHEindicatormethods: q + 1 - ceil((n + 1 - rank) q / n), in whole numbers; ranks from the
    lowest, or from the highest where 1 holds the highest, and equals share the lowest rank.
    """
    seen = column(value)
    count = seen.count().cast(pl.Int64)
    rank = seen.rank("min", descending=highest_first).cast(pl.Int64)
    below = (count + 1 - rank) * groups
    group = groups + 1 - (below + count - 1) // count
    found = pl.when(count >= groups).then(group)
    return found.over(*within) if within else found


def quartiles(value: Column, *, within: Sequence[str] = ()) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Named lower_quartile, median and upper_quartile, in the value's unit: what divides a group in four.

    Values that are missing do not count; null where there is none. Each group of `within` has its own.

    Source: linear interpolation between the ordered values, type 7 of Hyndman and Fan 1996.
    """
    seen = column(value)
    found = ((name, seen.quantile(share, interpolation="linear")) for name, share in QUARTERS.items())
    lower, middle, upper = ((part.over(*within) if within else part).alias(name) for name, part in found)
    return lower, middle, upper


def outlying(value: Column, *, reach: float, within: Sequence[str] = ()) -> pl.Expr:
    """Text: far below or far above the group, or within its range; null where the value is missing.

    Far is beyond a quartile by more than `reach` times the distance between the quartiles. Few odd values move neither
    the quartiles nor, so, the rule. A value at the limit is within the range.

    Source: Tukey 1977, Exploratory Data Analysis: the inner fences, whose reach is 1.5.
    """
    seen = column(value)
    lower, _, upper = quartiles(value, within=within)
    width = reach * (upper - lower)
    return (
        pl.when(seen < lower - width)
        .then(pl.lit("far below"))
        .when(seen > upper + width)
        .then(pl.lit("far above"))
        .when(seen.is_not_null())
        .then(pl.lit("within the range"))
    )
