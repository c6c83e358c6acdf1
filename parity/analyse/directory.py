"""The directory of services as figures count it: those that people can use, and for when that was known."""

import polars as pl

from parity.terms.periods import SPAN, span

SERVICE = ("area", "service_type", "service")
"""What a service is called, in the directory and in the table of how much of it there is."""
CLOSED = ("inactive", "defunct")
UNSTATED = "not stated"


def in_use(directory: pl.DataFrame) -> pl.DataFrame:
    """The services that are open, or closed for a time."""
    return directory.filter(~pl.col("status").is_in(CLOSED))


def counted(directory: pl.DataFrame, by: str) -> pl.DataFrame:
    """One row for each area and value of `by`: value, the services in use, and the period over which that was known."""
    named = in_use(directory).with_columns(pl.col(by).fill_null(UNSTATED))
    known = (
        named.select("area", pl.col("period").str.split(SPAN))
        .group_by("area")
        .agg(first=pl.col("period").list.first().min(), last=pl.col("period").list.last().max())
    )
    counts = named.group_by("area", by, maintain_order=True).agg(value=pl.len().cast(pl.Float64))
    one = pl.col("first") == pl.col("last")
    period = pl.when(one).then("first").otherwise(pl.format(span("{}", "{}"), "first", "last"))
    return counts.join(known, on="area", maintain_order="left").select("area", by, "value", period=period)
