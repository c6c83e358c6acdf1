"""What figures are of, where their tables name neither an area nor a period: the programme as a whole."""

import polars as pl

WHOLE_PROGRAMME = "whole programme"
UNDATED = "undated"


def of_the_programme(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with an area and a period that say: the programme as a whole, at no time of its own."""
    return rows.with_columns(area=pl.lit(WHOLE_PROGRAMME), period=pl.lit(UNDATED))


def counted(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """A row a group of the programme: value, its number of rows. Empty where there is none."""
    return of_the_programme(rows).group_by("area", "period", *by, maintain_order=True).agg(value=pl.len())
