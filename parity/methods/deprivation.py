"""Deprivation of any area, summed up from its small areas as the English Indices of Deprivation are.

Each function sums up the small areas of one area, inside `group_by(...).agg(...)`. `rank` is a small area's rank in
England, 1 the most deprived; `of` is how many were ranked: 32,844 in 2019, 33,755 in 2025. `people` weight the small
areas; the publisher's own counts are not published with the ranks, and another year's move a result a little. Where
the score, rank or people of a small area is missing, the result is null.
"""

import polars as pl

from parity.methods.columns import Column, column, divide, total

TENTHS = 10
HUNDREDTHS = 100
FIRST = 11
LAST = 30
"""The hundredths of England's small areas over which the weight of the extent falls."""
AT_FIRST = 0.95
AT_LAST = 0.05
"""The weight of the extent in the first and in the last of these hundredths."""


def average_score(score: Column, people: Column) -> pl.Expr:
    """Mean score of an area's small areas, weighted by their people. Null where nobody lives there.

    Source: English Indices of Deprivation, technical report, summary measures of larger areas: average score.
    """
    return divide(total(column(score) * column(people)), total(people))


def average_rank(rank: Column, people: Column, *, of: Column) -> pl.Expr:
    """Mean rank of an area's small areas, weighted by their people: high where deprivation is, `of` at most.

    Source: English Indices of Deprivation, technical report, summary measures of larger areas: average rank. Small
    areas are ranked the other way round for it, so that the most deprived has the rank `of`.
    """
    return average_score(_turned(rank, of), people)


def share_most_deprived(rank: Column, *, of: Column) -> pl.Expr:
    """Share (0–1) of an area's small areas that are among the most deprived tenth of England, each counting as one.

    Source: English Indices of Deprivation, technical report, summary measures of larger areas: proportion of small
    areas in the most deprived 10% nationally. The tenth is rounded down to whole small areas.
    """
    among = (column(rank) * TENTHS <= column(of)).cast(pl.Float64)
    return divide(total(among), pl.len())


def extent(rank: Column, people: Column, *, of: Column) -> pl.Expr:
    """Share (0–1) of an area's people in the most deprived three tenths of England, the less deprived counting less.

    Those in the first tenth count whole; in the hundredths from the 11th to the 30th the weight falls from 0.95 to 0.05
    in equal steps; others do not count. Null where nobody lives there.

    Source: English Indices of Deprivation, technical report, summary measures of larger areas: extent.
    """
    hundredth = (column(rank) * HUNDREDTHS / column(of)).ceil()
    falling = AT_FIRST - (hundredth - FIRST) * (AT_FIRST - AT_LAST) / (LAST - FIRST)
    outside = pl.when(hundredth < FIRST).then(1.0).when(hundredth > LAST).then(0.0)
    return average_score(outside.otherwise(falling), people)


def local_concentration(rank: Column, people: Column, *, of: Column) -> pl.Expr:
    """Mean rank, turned as in `average_rank`, of the most deprived small areas that hold exactly a tenth of the people.

    The small area in which the tenth is reached counts with as many people as are still needed. Null where nobody
    lives there.

    Source: English Indices of Deprivation, technical report, summary measures of larger areas: local concentration.
    """
    counted = column(people).sort_by(column(rank))
    before = counted.cum_sum() - counted
    taken = pl.min_horizontal(counted, (total(people) / TENTHS - before).clip(0))
    return divide(total(_turned(rank, of).sort_by(column(rank)) * taken), total(taken))


def _turned(rank: Column, of: Column) -> pl.Expr:
    """The rank counted from the other end: `of` for the most deprived, 1 for the least."""
    return column(of) + 1 - column(rank)
