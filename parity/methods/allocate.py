"""Allocation: a budget shared out by population weighted for need, deprivation and rurality.

Every index is relative to 1, the average place. Weights are published before they are used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from math import prod

import polars as pl

from parity.methods.money import exactly, largest_remainder
from parity.terms.errors import WrongState

POPULATION, RURALITY = "population", "rurality"
_SCHEMA = {"area": pl.String, "weighted": pl.Float64, "share": pl.Float64, "value": pl.Int64, "missing": pl.String}


class Form(Enum):
    """How the indices act together: their weighted sum, or the product of their powers."""

    ADDITIVE = "weighted sum of the indices"
    MULTIPLICATIVE = "product of the indices, each to the power of its weight"


@dataclass(frozen=True, slots=True)
class Formula:
    """The weights of population (plain heads) and of each index, which add up to 1, and the rurality factor.

    A place wholly rural (1) counts 1 + `rurality` times.
    """

    weights: Mapping[str, float]
    rurality: float = 0
    form: Form = Form.ADDITIVE

    def __post_init__(self) -> None:
        if sum(exactly(weight) for weight in self.weights.values()) != 1:
            raise WrongState("The weights of the formula must add up to 1.")

    @property
    def indices(self) -> tuple[str, ...]:
        """The columns that hold the indices.

        Source: the formula's own weights.
        """
        return tuple(name for name in self.weights if name != POPULATION)


def allocate(districts: pl.DataFrame, *, formula: Formula, budget: int, floor: float | None = None) -> pl.DataFrame:
    """A row an area: weighted (people), share (0–1), value (whole pounds that add up to the budget) and missing.

    `districts` has area, population, rurality (0–1) and a column for each index. `floor` is the least share of any
    area: those below it get it, the others share the rest in proportion, until none is below. Where an input is
    missing, no area has a value, since every share depends on every area. Raises WrongState where the floors of all
    areas are over the whole.

    Source: NHS England, Technical Guide to Allocation Formulae: share = W / sum W, with
    W = population x (k0 + k1 x index1 + …) x (1 + r x rurality).
    """
    lowest = exactly(floor or 0)
    if lowest * districts.height > 1:
        raise WrongState("The floor times the number of areas is over the whole budget: choose a lower floor.")
    gap = _gap(districts, formula)
    if gap:
        return _nothing(districts, gap)
    weighted = {row["area"]: _weight(row, formula) for row in districts.iter_rows(named=True)}
    if weighted and sum(weighted.values()) == 0:
        return _nothing(districts, "The weighted population is zero everywhere, so there is nothing to share by.")
    shares = _raised_to_floor(weighted, lowest)
    pounds = largest_remainder(shares, whole=budget) if shares else {}
    rows = [(area, float(weighted[area]), float(shares[area]), pounds[area], None) for area in weighted]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def factor_effects(
    districts: pl.DataFrame, *, formula: Formula, budget: int, floor: float | None = None
) -> pl.DataFrame:
    """A row an area and factor: value (pounds), without (pounds with that factor off), effect (pounds) and missing.

    An index is off when it is 1 everywhere, so that its weight counts plain heads; rurality when its factor is 0.

    Source: allocation run again with one factor off; effects need not add up.
    """
    with_all = allocate(districts, formula=formula, budget=budget, floor=floor).select("area", "value", "missing")
    runs = []
    for factor in (*formula.indices, RURALITY):
        changed = replace(formula, rurality=0) if factor == RURALITY else formula
        level = districts if factor == RURALITY else districts.with_columns(pl.lit(1).alias(factor))
        without = allocate(level, formula=changed, budget=budget, floor=floor)["value"]
        effect = pl.col("value") - pl.col("without")
        runs.append(
            with_all.with_columns(pl.lit(factor).alias("factor"), without.alias("without")).select(
                "area",
                "factor",
                "value",
                pl.when(pl.col("value").is_not_null()).then("without").alias("without"),
                effect.alias("effect"),
                "missing",
            )
        )
    return pl.concat(runs)


def _gap(districts: pl.DataFrame, formula: Formula) -> str | None:
    """The sentence that says why the budget cannot be shared; None where it can."""
    if districts["area"].n_unique() < districts.height:
        raise WrongState("An area stands twice in the table of districts.")
    columns = (POPULATION, RURALITY, *formula.indices)
    for name in columns:
        unknown = districts.filter(pl.col(name).is_null())["area"]
        if len(unknown):
            return f"The {name} of {', '.join(unknown)} is not known, and every share depends on it."
    return None


def _nothing(districts: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Every area without a value, for one reason."""
    empty = [pl.lit(None, dtype=kind).alias(name) for name, kind in _SCHEMA.items() if name not in ("area", "missing")]
    return districts.select("area", *empty, pl.lit(reason).alias("missing"))


def _weight(row: dict[str, float], formula: Formula) -> Fraction:
    """The weighted population of one area."""
    indices = {name: exactly(1 if name == POPULATION else row[name]) for name in formula.weights}
    weights = {name: exactly(weight) for name, weight in formula.weights.items()}
    if formula.form is Form.ADDITIVE:
        need = sum((weights[name] * index for name, index in indices.items()), start=Fraction(0))
    else:
        need = exactly(prod(float(index) ** float(weights[name]) for name, index in indices.items()))
    return exactly(row[POPULATION]) * need * (1 + exactly(formula.rurality) * exactly(row[RURALITY]))


def _raised_to_floor(weighted: Mapping[str, Fraction], lowest: Fraction) -> dict[str, Fraction]:
    """The share of each area, none below the floor."""
    held: set[str] = set()
    while True:
        free = sum(weight for area, weight in weighted.items() if area not in held)
        left = 1 - lowest * len(held)
        shares = {area: lowest if area in held else left * weight / free for area, weight in weighted.items()}
        below = {area for area, share in shares.items() if share < lowest}
        if not below:
            return shares
        held |= below
