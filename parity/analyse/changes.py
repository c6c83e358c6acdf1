"""Figures beside the first of their series, for change over time."""

from collections.abc import Sequence

import polars as pl

from parity.terms.periods import span


def beside_first(figures: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Each figure after the first of its series, whose columns stand beside it with the suffix `_first`.

    `by` names what makes a series. The period is written “2008 to 2015”, from the first to this one.
    """
    first = figures.sort("period", maintain_order=True).unique(by, keep="first", maintain_order=True)
    beside = figures.join(first, on=list(by), suffix="_first", maintain_order="left")
    later = beside.filter(pl.col("period") != pl.col("period_first"))
    return later.with_columns(period=pl.format(span("{}", "{}"), "period_first", "period"))
