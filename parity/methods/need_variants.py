"""Variants of need: people weighted by an index of need or by their ethnic mix before national rates are applied.

A variant answers another question than the national rates do. It has a label of its own, and is never joined with them
or with another variant in one table.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from parity.methods.columns import total
from parity.methods.headcount import Headcount
from parity.methods.population import INDEX_OF_AVERAGE
from parity.terms.errors import WrongState


def weighted_by_index(people: Headcount, index: pl.DataFrame, *, name: str) -> Headcount:
    """The people of each area times its need index / 100, under the label “weighted by” and the name of the index.

    `index` has area and index_value. An area without an index is not known.

    Source: York Psychiatric Index (Smith, Sheldon and Martin 1996) and its successors: weighted population.
    """
    weights = index.select("area", (pl.col("index_value") / INDEX_OF_AVERAGE).alias("weight"))
    return _weighted(people, weights, label=f"weighted by {name}")


def weighted_by_ethnic_mix(people: Headcount, mix: pl.DataFrame, risks: pl.DataFrame, *, average: str) -> Headcount:
    """The people of each area times the mean risk of its ethnic mix over that of the average area, usually England.

    `mix` has area, group and share (0–1, adding up to 1 in each area); `risks` has group and relative_risk, against any
    one group. The risk is relative to the average, so that national rates still hold for the whole. An area is not
    known where a group has no risk or the mix is missing. Raises WrongState where the average area has no mean risk.

    Source: indirect standardisation by group: sum of share x relative risk, area over average.
    """
    means = (
        mix.join(risks, on="group", how="left", maintain_order="left")
        .group_by("area", maintain_order=True)
        .agg(total(pl.col("share") * pl.col("relative_risk")).alias("weight"))
    )
    middle = means.filter(pl.col("area") == average)["weight"].to_list()
    if not middle or not middle[0]:
        raise WrongState(f"The ethnic mix of {average} or a risk is missing, so no area can be held against it.")
    weights = means.select("area", pl.col("weight") / middle[0])
    return _weighted(people, weights, label="weighted by ethnic mix")


def _weighted(people: Headcount, weights: pl.DataFrame, *, label: str) -> Headcount:
    held = dict(weights.iter_rows())
    factor = np.array([np.nan if held.get(area) is None else held[area] for area in people.areas])
    return replace(people, people=people.people * factor[:, None, None], variant=label)


def joined(*tables: pl.DataFrame) -> pl.DataFrame:
    """The rows of all tables of need, one below the other.

    Source: the rule that variants are never mixed. Raises WrongState where they hold more than one variant.
    """
    rows = pl.concat(tables, how="diagonal")
    variants = rows["variant"].unique(maintain_order=True).to_list()
    if len(variants) > 1:
        raise WrongState(f"These are different variants and do not belong in one table: {', '.join(variants)}.")
    return rows
