"""Headcounts: people by area, period, sex and single year of age as one block of numbers, and areas made of others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
import polars as pl

from parity.methods.age_bands import AGES, OLDEST
from parity.terms.errors import WrongState

SEXES = ("female", "male")
CELLS = len(SEXES) * AGES
"""Sex and age together: women of 0 to 90, then men of 0 to 90."""
NAMED_AT_MOST = 3
PLAIN = "national rates"


@dataclass(frozen=True)
class Headcount:
    """People (areas × periods × 182 cells of sex and age); a count that is not known is NaN.

    `variant` says in words whether national rates apply to them as they are, or how they were weighted beforehand.
    """

    areas: tuple[str, ...]
    periods: tuple[str, ...]
    people: np.ndarray
    variant: str = PLAIN


def headcount(population: pl.DataFrame, *, absent: float = np.nan) -> Headcount:
    """The people of a frame with area, period, sex (female, male), age (0–90, 90 for 90 and over) and people.

    Areas and periods keep the order in which they first stand. A row without people is not known, nor is one that is
    not there, unless `absent` says what such a row holds: 0 for a table that leaves out who is not there. Raises
    WrongState for another sex or age, or for a row that stands twice.

    Source: convention of this package.
    """
    names = ("area", "period")
    kept = {name: population[name].cast(pl.String).unique(maintain_order=True) for name in names}
    codes = [_codes(population[name].cast(pl.String), kept[name].to_list()) for name in names]
    sex = _codes(population["sex"].cast(pl.String), SEXES)
    age = population["age"].cast(pl.Int64)
    if sex.null_count() or age.null_count() or not age.is_between(0, OLDEST).all():
        raise WrongState("A population is counted by the sexes female and male and by ages from 0 to 90 (and over).")
    shape = (len(kept["area"]), len(kept["period"]), CELLS)
    area, period = (code.to_numpy().astype(np.int64) for code in codes)
    cells = (area * shape[1] + period) * CELLS + sex.to_numpy().astype(np.int64) * AGES + age.to_numpy()
    if len(cells) and np.bincount(cells).max() > 1:
        raise WrongState("A row of the population stands twice: the same area, period, sex and age.")
    people = np.full(prod(shape), absent, float)
    people[cells] = population["people"].cast(pl.Float64).to_numpy()
    return Headcount(tuple(kept["area"]), tuple(kept["period"]), people.reshape(shape))


def shared_out(people: Headcount, shares: pl.DataFrame) -> Headcount:
    """The people of areas that each hold a share of one of the areas of `people`, in the order they first stand.

    `shares` has area, whole (the area it is a part of), age and share (0–1), which holds for both sexes and every
    period. An age without a share is not known. Raises WrongState where an area is a part of two, or of none of them.

    Source: the people of an area are its share of those of its council, age by age.
    """
    pairs = shares.select("area", "whole").unique(maintain_order=True)
    if pairs["area"].is_duplicated().any():
        raise WrongState("An area cannot be a part of two: give each of its parts a name.")
    whole = _codes(pairs["whole"], people.areas)
    if whole.null_count():
        raise WrongState("An area is a part of one whose people are not there.")
    names = pairs["area"].to_list()
    held = np.full((len(names), AGES), np.nan)
    held[_codes(shares["area"], names).to_numpy(), shares["age"].cast(pl.Int64).to_numpy()] = shares["share"].to_numpy()
    both = np.tile(held, len(SEXES))[:, None]
    return replace(people, areas=tuple(names), people=people.people[whole.to_numpy()] * both)


def _codes(names: pl.Series, known: Sequence[str]) -> pl.Series:
    """The place of each name among those known; null where it is not among them."""
    return names.cast(pl.Enum(known), strict=False).to_physical()


def in_groups(people: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """… × groups: the people of each group, where `matrix` (groups × cells) holds how much each cell counts in it.

    A group is not known (NaN) where a cell that counts in it is not; other groups do not suffer from that.

    Source: arithmetic.
    """
    unknown = np.isnan(people)
    if not unknown.any():
        return people @ matrix.T
    found = np.where(unknown, 0, people) @ matrix.T
    found[unknown.astype(float) @ (matrix != 0).T > 0] = np.nan
    return found


@dataclass(frozen=True)
class Whole:
    """Areas made of others: their names and how much of each part they hold (areas × parts, mostly 0 and 1)."""

    areas: tuple[str, ...]
    weights: np.ndarray


def whole_of(parts: pl.DataFrame, areas: Sequence[str]) -> Whole:
    """The areas of a frame with area, part and, where it is not 1, weight; each part is one of `areas`.

    An area that is shown as it is stands in the frame as its own part. Raises WrongState where a part is not among
    `areas`, since a total without it would be too small, or where a part stands twice in one area.

    Source: convention of this package.
    """
    absent = sorted(set(parts["part"]) - set(areas))
    if absent:
        more = f" and {len(absent) - NAMED_AT_MOST} more" if len(absent) > NAMED_AT_MOST else ""
        raise WrongState(f"There is no population of {', '.join(absent[:NAMED_AT_MOST])}{more}.")
    if parts.select("area", "part").is_duplicated().any():
        raise WrongState("A part stands twice in the same area.")
    names = parts["area"].unique(maintain_order=True).to_list()
    weights = np.zeros((len(names), len(areas)))
    share = parts["weight"].to_list() if "weight" in parts.columns else [1.0] * parts.height
    rows, columns = ({name: place for place, name in enumerate(group)} for group in (names, areas))
    for area, part, weight in zip(parts["area"], parts["part"], share, strict=True):
        weights[rows[area], columns[part]] = weight
    return Whole(tuple(names), weights)


def rolled_up(whole: Whole, values: np.ndarray) -> np.ndarray:
    """Areas × …: the sum over each area's parts of values whose first axis is the parts.

    A part that is not known (NaN) makes unknown only the areas that hold some of it.

    Source: arithmetic.
    """
    flat = values.reshape(len(values), prod(values.shape[1:]))
    summed = in_groups(flat.T, whole.weights.astype(flat.dtype)).T
    return np.ascontiguousarray(summed).reshape(len(whole.areas), *values.shape[1:])
