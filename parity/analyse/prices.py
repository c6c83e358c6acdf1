"""Amounts of different years with the index by which prices rose between them."""

import polars as pl

DEFLATOR = "GDP deflator"


def priced(amounts: pl.DataFrame, deflators: pl.DataFrame) -> pl.DataFrame:
    """The amounts with deflator, the GDP deflator of their year; and base and base_year, those of the latest outturn.

    Null where a year is not among the deflators. A forecast is no outturn.
    """
    index = deflators.filter(pl.col("measure") == DEFLATOR)
    last = index.filter(pl.col("nature") == "outturn").sort("period").tail(1)
    known = amounts.join(index.select("period", deflator="value"), on="period", how="left", maintain_order="left")
    return known.with_columns(
        base=pl.lit(last["value"].max(), dtype=pl.Float64), base_year=pl.lit(last["period"].max(), dtype=pl.String)
    )
