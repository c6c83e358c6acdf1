"""Statistical neighbours: the areas most like an area, whatever lies between them."""

from collections.abc import Mapping, Sequence

import polars as pl

from parity.terms.errors import NotFound

HOME, OTHER = "area", "neighbour"
DIGITS = 12
"""Distances that differ only beyond so many decimals are equal."""


def neighbours(
    areas: pl.DataFrame,
    *,
    variables: Sequence[str],
    nearest: int,
    homes: Sequence[str] | None = None,
    weights: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """The `nearest` areas most like each home: area, neighbour, rank (1 the most alike) and distance, in rank's order.

    `areas` has area and the variables; homes are all of them unless named. A variable that is alike everywhere says
    nothing and is left out; an area without a value is taken to be average in it. Variables weigh 1 unless `weights`
    says otherwise; where two are as near, the lower code comes first. Raises NotFound for a home that is not among the
    areas, or a weight of what is not among the variables.

    Source: Euclidean distance of z scores, as in CIPFA's nearest neighbours: sqrt(sum w (z - z_home)^2), with the
    standard deviation of all areas, the home included.
    """
    absent = sorted(set(homes or ()) - set(areas[HOME]))
    if absent:
        raise NotFound(f"There is no area called {absent[0]} to find neighbours of.")
    given = weights or {}
    unknown = sorted(set(given) - set(variables))
    if unknown:
        raise NotFound(f"There is no variable called {unknown[0]} to be weighted.")
    scored = areas.select(HOME, *(_z(name) * given.get(name, 1) ** 0.5 for name in variables))
    others = scored.rename({HOME: OTHER})
    chosen = scored if homes is None else scored.filter(pl.col(HOME).is_in(list(homes)))
    apart = ((pl.col(name) - pl.col(f"{name}_right")) ** 2 for name in variables)
    return (
        chosen.join(others, how="cross")
        .filter(pl.col(HOME) != pl.col(OTHER))
        .select(HOME, OTHER, distance=pl.sum_horizontal(*apart).sqrt())
        .sort(HOME, pl.col("distance").round(DIGITS), OTHER)
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over(HOME))
        .filter(pl.col("rank") <= nearest)
        .select(HOME, OTHER, "rank", "distance")
    )


def _z(name: str) -> pl.Expr:
    """A variable's standard deviations from its mean over all areas; 0 where missing or alike everywhere."""
    values = pl.col(name)
    score = pl.when(values.max() > values.min()).then((values - values.mean()) / values.std(ddof=0))
    return score.fill_null(0).alias(name)
