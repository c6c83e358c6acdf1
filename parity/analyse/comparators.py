"""Figures beside the same figures of the areas they are compared with."""

from collections.abc import Sequence

import polars as pl


def beside_comparators(
    figures: pl.DataFrame,
    comparators: pl.DataFrame,
    *,
    use: str,
    on: Sequence[str] = (),
    areas: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """A row for each figure and each comparator of its area for this use that has the same figure (period and `on`).

    `comparator` is the comparator's name, or its code where `areas` does not name it; the columns of the comparator's
    figure have the suffix `_comparator`.
    """
    pairs = comparators.filter(pl.col("use") == use).select("area", pl.col("comparator").alias("code"))
    theirs = figures.rename({"area": "code"})
    joined = figures.join(pairs, on="area", maintain_order="left_right")
    beside = joined.join(theirs, on=["code", "period", *on], suffix="_comparator", maintain_order="left")
    return beside.with_columns(area_name("code", areas).alias("comparator"))


def area_name(code: str, areas: pl.DataFrame | None) -> pl.Expr:
    """The name of the area whose code stands in this column, or the code itself where it is not listed."""
    if areas is None:
        return pl.col(code)
    return pl.col(code).replace(dict(areas.select("area", "name").iter_rows()))
