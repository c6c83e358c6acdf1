"""Index of need: how much more of a service an area's people need than people on average, who have 100.

Results have people, index, weighted_people (people counted by their need, who add up to the people) and missing. Where
something of an area is not known it has no index, and the average is that of the others.
"""

from collections.abc import Mapping, Sequence
from math import fsum, isclose

import polars as pl

from parity.methods.columns import divide, total
from parity.methods.population import INDEX_OF_AVERAGE, weighted_population
from parity.terms.errors import WrongState

PERIOD = ("period",)
AREA_AND_TIME = ("area", "period")


def composite_index(
    areas: pl.DataFrame, *, weights: Mapping[str, float], within: Sequence[str] = PERIOD
) -> pl.DataFrame:
    """The areas with index, weighted_people and missing: their measures multiplied, each to the power of its weight.

    `areas` has people and a column for each measure that `weights` names; more of it means more need, and its unit does
    not matter. Missing, with a sentence, where people or a measure are not known or not above 0. Each group of `within`
    has its own average. Raises WrongState unless the weights add up to 1.

    Source: weighted geometric mean, prod (x / x of England)^w, over its mean weighted by people, by which the values of
    England cancel out.
    """
    if not isclose(fsum(weights.values()), 1):
        raise WrongState("The weights of an index must add up to 1.")
    logs = (pl.when(pl.col(name) > 0).then(pl.col(name)).log() * weight for name, weight in weights.items())
    need = pl.sum_horizontal(*logs, ignore_nulls=False).exp()
    faults = [_fault(pl.col(name) > 0, f"{name} is not known, or not above 0.") for name in ("people", *weights)]
    missing = pl.concat_str(*faults, separator=" ", ignore_nulls=True)
    return _indexed(areas.with_columns(need=need, missing=pl.when(missing != "").then(missing)), within)


def fitted_index(
    people: pl.DataFrame,
    costs: pl.DataFrame,
    measures: pl.DataFrame,
    *,
    coefficients: Mapping[str, float],
    by: Sequence[str] = AREA_AND_TIME,
    groups: Sequence[str] = ("sex", "band"),
) -> pl.DataFrame:
    """A row for each of `by`: people, index, weighted_people and missing, by the ages of an area and a fitted model.

    `people` has `by`, groups and people; `costs` has groups and cost, what one person of a group needs on average, in
    pounds or admissions; `measures` has `by` and a column for each measure that `coefficients` names. Missing, with a
    sentence, where one of them is not known or there is nobody. The areas, the first column of `by`, have one average
    for each group of its other columns.

    Source: need = sum of people x cost x exp(sum of coefficient x measure); index = 100 x need a head over that of all
    areas together.
    """
    joined = people.join(costs, on=list(groups), how="left").join(measures, on=list(by), how="left")
    model = pl.sum_horizontal(*(pl.col(name) * given for name, given in coefficients.items()), ignore_nulls=False).exp()
    group = pl.concat_str(groups, separator=", ")
    faults = pl.coalesce(
        pl.when(pl.col("people").is_null()).then(pl.format("The people of {} are not known.", group)),
        pl.when(pl.col("cost").is_null()).then(pl.format("The cost of {} is not known.", group)),
        *(_fault(pl.col(name).is_not_null(), f"{name} is not known.") for name in coefficients),
    )
    told = faults.drop_nulls().unique(maintain_order=True)
    summed = joined.group_by(*by, maintain_order=True).agg(
        total("people").alias("people"),
        divide(total(pl.col("people") * pl.col("cost") * model), total("people")).alias("need"),
        pl.when(told.len() > 0).then(told.str.join(" ")).first().alias("missing"),
    )
    nobody = _fault(pl.col("people") > 0, "There is nobody.")
    return _indexed(summed.with_columns(pl.coalesce("missing", nobody)), by[1:])


def _fault(holds: pl.Expr, words: str) -> pl.Expr:
    """The words, where it is not known to hold."""
    return pl.when(~holds.fill_null(value=False)).then(pl.lit(words))


def _indexed(areas: pl.DataFrame, within: Sequence[str]) -> pl.DataFrame:
    """The areas with index and weighted_people instead of their need a head."""
    known = pl.col("missing").is_null()
    people, need = (pl.when(known).then(pl.col(name)) for name in ("people", "need"))
    average = (people * need).sum() / people.sum()
    index = need / (average.over(*within) if within else average) * INDEX_OF_AVERAGE
    indexed = areas.with_columns(index=index).drop("need")
    return indexed.with_columns(weighted_people=weighted_population("people", "index")).select(
        pl.exclude("missing"), "missing"
    )
