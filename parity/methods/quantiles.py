"""Quantile groups: areas in tenths or fifths of equal size, by a value."""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import Column, column


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
