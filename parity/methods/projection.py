"""Projections: expected cases by age band and sex."""

from collections.abc import Mapping, Sequence

import polars as pl

from parity.methods.columns import total
from parity.terms.errors import WrongState

GROUP = ("sex", "band")
PLACE_AND_TIME = ("area", "period")


def expected_by_band(
    population: pl.DataFrame,
    rates: pl.DataFrame,
    *,
    per: float = 1,
    merges: Mapping[str, str] | None = None,
    by: Sequence[str] = PLACE_AND_TIME,
) -> pl.DataFrame:
    """A row for each of `by`: value, people expected to have a condition (unrounded), and missing.

    `population` has `by`, sex, band and people; `rates` has sex, band and rate per `per` people. Where rates have a
    column `role`, only rows of the role `band` are summed (a total is a check, not a part). `merges` renames bands of
    the population that the rates hold together, such as 90-94 and 95+ to 90+. Every band must have both people and a
    rate, else the value is missing and the sentence names the band. Raises WrongState for rates of two sources in one
    sum, or for two rates of one band.

    Source: Institute of Public Care, POPPI and PANSI: sum of population x national rate over bands and sexes.
    """
    used = _one_rate_a_band(rates)
    people = population.with_columns(pl.col("band").replace(dict(merges or {})))
    people = people.group_by(*by, *GROUP, maintain_order=True).agg(total("people").alias("people"))
    wanted = people.select(*by).unique(maintain_order=True).join(used, how="cross")
    joined = people.join(wanted, on=[*by, *GROUP], how="full", coalesce=True, maintain_order="left_right")
    known = pl.col("rate").is_not_null(), pl.col("people").is_not_null()
    lacking = pl.when(~known[0]).then(pl.lit("rate")).when(~known[1]).then(pl.lit("population"))
    sentence = pl.format("There is no {} for {}, {}.", lacking, "sex", "band").drop_nulls()
    cases = pl.col("people") * pl.col("rate") / per
    return joined.group_by(*by, maintain_order=True).agg(
        total(cases).alias("value"), pl.when(sentence.len() > 0).then(sentence.str.join(" ")).first().alias("missing")
    )


def _one_rate_a_band(rates: pl.DataFrame) -> pl.DataFrame:
    """Sex, band and rate of the rows that may be summed."""
    parts = rates.filter(pl.col("role") == "band") if "role" in rates.columns else rates
    if "source" in parts.columns and parts["source"].n_unique() > 1:
        raise WrongState("Rates of more than one source cannot be summed: choose one source.")
    if parts.select(GROUP).is_duplicated().any():
        raise WrongState("A band has two rates: choose the one that applies.")
    return parts.select(*GROUP, "rate")
