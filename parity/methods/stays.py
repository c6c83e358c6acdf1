"""Lengths of stay that are known only by band, such as 8 to 14 days."""

from collections.abc import Sequence

import polars as pl

from parity.methods.columns import total


def median_of_bands(bands: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """A row a group of `by`: value (days, the median stay), lower and upper (the ends of its band), and missing.

    `bands` has days_from, days_to (null where the band has no end) and stays. Stays are taken to be spread evenly over
    the days of their band, the last day included. Missing where a band's stays are unknown, there are none, or the
    median lies in the band without end.

    Source: median of grouped data by linear interpolation within the median class.
    """
    ordered = bands.sort("days_from", maintain_order=True)
    counted = ordered.with_columns(
        end=pl.col("days_to") + 1,
        half=total("stays").over(*by) / 2,
        before=pl.col("stays").cum_sum().over(*by) - pl.col("stays"),
    )
    reached = (pl.col("before") + pl.col("stays") >= pl.col("half")) & (pl.col("stays") > 0)
    middle = counted.filter(reached & (pl.col("half") > 0)).unique(by, keep="first", maintain_order=True)
    into = (pl.col("half") - pl.col("before")) / pl.col("stays")
    found = middle.select(
        *by,
        value=pl.col("days_from") + into * (pl.col("end") - pl.col("days_from")),
        lower=pl.when(pl.col("days_to").is_not_null()).then(pl.col("days_from").cast(pl.Float64)),
        upper=pl.col("end").cast(pl.Float64),
        open=pl.format("The median lies in the open band of {} days and more.", "days_from"),
    )
    groups = bands.group_by(by, maintain_order=True).agg(all=total("stays"))
    unknown = (
        pl.when(pl.col("all").is_null())
        .then(pl.lit("The number of stays of a band is not known."))
        .when(pl.col("all") == 0)
        .then(pl.lit("There were no stays."))
        .otherwise("open")
    )
    joined = groups.join(found, on=list(by), how="left", maintain_order="left")
    return joined.select(*by, "value", "lower", "upper", missing=pl.when(pl.col("value").is_null()).then(unknown))
