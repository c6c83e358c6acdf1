"""Risk: rating, band and trend."""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import Column, column


def rating(impact: Column, likelihood: Column) -> pl.Expr:
    """Impact times likelihood, a score. Null where either is missing.

    Source: risk matrix, as in NPSA 2008 (five by five) and in seed 000, appendix B (three by three).
    """
    return column(impact) * column(likelihood)


def band(score: Column, *, bands: Sequence[tuple[int, str]]) -> pl.Expr:
    """Text: the band of a score, from pairs of lowest score and band; null below the lowest of them.

    Source: the table of bands that is given, such as NPSA 2008: 1 low, 4 moderate, 8 high, 15 extreme.
    """
    value = column(score)
    found = pl.lit(None, dtype=pl.String)
    for lowest, name in sorted(bands):
        found = pl.when(value >= lowest).then(pl.lit(name)).otherwise(found)
    return found


def trend(before: Column, now: Column) -> pl.Expr:
    """Text: rising, falling or steady, from the previous score to the present one; null where one is missing.

    Source: sign of the change.
    """
    change = column(now) - column(before)
    return (
        pl.when(change > 0)
        .then(pl.lit("rising"))
        .when(change < 0)
        .then(pl.lit("falling"))
        .when(change == 0)
        .then(pl.lit("steady"))
    )
