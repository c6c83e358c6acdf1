"""How far population projections go wrong: learnt from a record of estimates, and drawn from for the years to come.

The error of a projection is the logarithm of what came over what was projected, by age group. It has a part that all
areas share (the nation's), and a part of each council, which is likeness to its region, likeness to its neighbours and
its own. Its spread grows with the years projected and falls with the size of the council.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby, pairwise
from typing import Any

import numpy as np
import polars as pl

from parity.methods.age_bands import AGES
from parity.methods.chance import Chance, normals
from parity.methods.cohort_change import YEARS_POOLED, cohort_change, projected
from parity.methods.distributions import normal_quantile
from parity.methods.headcount import Headcount
from parity.terms.errors import WrongState

FIRST_AGES = (0, 16, 25, 45, 65, 75, 85)
"""Where each age group begins: children, students, young adults, and those who retire, age and need care."""
STANDARD_SIZE = 100_000
"""People in the council for which spreads are stated."""
SMALLEST_LEARNT = 20_000
"""Smaller councils (two in England) are not learnt from: a few people make their errors."""
DECADE = 10
WITHIN = 0.05
"""The share by which a census revision is called small in what is published about them."""
TINY = 1e-6
"""The least spread: an age group that never erred still has a logarithm and can be divided by."""


@dataclass(frozen=True)
class ProjectionError:
    """Spreads (standard deviations of log error) and likenesses (correlations, 0–1), by age group where a tuple.

    `national`: of the nation's part, a year ahead; it grows in proportion to the years. `area`: of the council's part,
    a year ahead, for 100,000 people; it is multiplied by the years to the power of `growth` and divided by
    (people / 100,000) to the power of `size`. `region`, `neighbours`: the share of the council's variance that it has
    in common with its region and, beyond that, with its neighbours. `ages`, `national_ages`: how alike the errors of
    two age groups are. `rolled_forward`: the spread of a year rolled forward from a census, over that of one projected.
    """

    national: tuple[float, ...]
    area: tuple[float, ...]
    growth: tuple[float, ...]
    size: tuple[float, ...]
    region: tuple[float, ...]
    neighbours: tuple[float, ...]
    ages: float
    national_ages: float
    rolled_forward: float


def group_matrix() -> np.ndarray:
    """Age groups × 91 ages: 1 where an age belongs to a group.

    Source: convention of this package.
    """
    edges = pairwise((*FIRST_AGES, AGES))
    return np.array([[float(first <= age < after) for age in range(AGES)] for first, after in edges])


def numbers_of(error: ProjectionError) -> pl.DataFrame:
    """A model's numbers: name, from_age (null where a number holds for all ages) and value.

    Source: convention of this package.
    """
    rows = []
    for each in fields(error):
        held = getattr(error, each.name)
        pairs = zip(FIRST_AGES, held, strict=True) if isinstance(held, tuple) else [(None, held)]
        rows += [(each.name, age, value) for age, value in pairs]
    return pl.DataFrame(rows, schema={"name": pl.String, "from_age": pl.Int64, "value": pl.Float64}, orient="row")


def error_from(numbers: pl.DataFrame) -> ProjectionError:
    """The model whose numbers `numbers_of` gives.

    Source: convention of this package. Raises WrongState where a number is missing.
    """
    held: dict[str, float | tuple[float, ...]] = {}
    for name, rows in groupby(numbers.sort("name", "from_age", maintain_order=True).iter_rows(), lambda row: row[0]):
        values = tuple((age, value) for _, age, value in rows)
        held[name] = values[0][1] if values[0][0] is None else tuple(value for _, value in values)
    absent = [each.name for each in fields(ProjectionError) if each.name not in held]
    if absent:
        raise WrongState(f"The model of projection errors has no number for {', '.join(absent)}.")
    return ProjectionError(**held)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Outlook:
    """What projections of a population rest on: the model of their errors, the base year, the census before it, places.

    `places` has area, council (whose error an area shares: itself, or the one it is a part of), people (of that council
    in the base year), neighbours and region (codes of the groups that the council belongs to).
    """

    error: ProjectionError
    base: int
    census: int
    places: pl.DataFrame


@dataclass(frozen=True)
class Errors:
    """Standard errors, drawn: the nation's (groups × draws) and each area's (areas × groups × draws), and sizes."""

    outlook: Outlook
    nation: np.ndarray
    area: np.ndarray
    size: np.ndarray

    def factors(self, year: int) -> np.ndarray:
        """Areas × groups × draws: what to multiply projected people by. Its mean is 1; all are 1 in a census year."""
        error, base = self.outlook.error, self.outlook.base
        ahead, rolled = max(0, year - base), max(0, min(year, base) - self.outlook.census)
        growth, national = np.array(error.growth), np.array(error.national)
        own = np.array(error.area) * np.hypot(ahead**growth, error.rolled_forward * rolled**growth)
        area = (own * self.size[:, None] ** -np.array(error.size)).astype(np.float32)
        nation = (national * np.hypot(ahead, error.rolled_forward * rolled)).astype(np.float32)
        logs = area[:, :, None] * self.area
        logs += (nation[:, None] * self.nation)[None]
        logs -= (area**2 + nation**2)[:, :, None] / 2
        return np.exp(logs, out=logs)


def drawn_errors(outlook: Outlook, areas: Sequence[str], *, chance: Chance) -> Errors:
    """The standard errors of these areas, drawn once for all years.

    A council's draw belongs to its code, its region's and neighbours' to theirs, the nation's to the seed: the same in
    every run, whichever areas are asked. Raises WrongState for an area that is not among the places.

    Source: as for `learnt`; one normal draw for each part and age group, of which a share is common to all groups.
    """
    rows = _rows_of(outlook.places, areas)
    error = outlook.error
    region, neighbours = np.array(error.region), np.array(error.neighbours)
    parts = (("region", region), ("neighbours", neighbours), ("council", 1 - region - neighbours))
    area = np.zeros((len(rows), len(FIRST_AGES), chance.draws), np.float32)
    for name, share in parts:
        codes = sorted({row[name] for row in rows})
        drawn = _alike(chance, [f"error|{name}|{code}" for code in codes], error.ages)
        drawn *= np.sqrt(share).astype(np.float32)[None, :, None]
        area += drawn[[codes.index(row[name]) for row in rows]]
    nation = _alike(chance, ["error|nation"], error.national_ages)[0]
    size = np.array([row["people"] for row in rows], float) / STANDARD_SIZE
    return Errors(outlook, nation, area, size)


def _rows_of(places: pl.DataFrame, areas: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of these areas, in their order. Raises WrongState for an area without one."""
    found = {row["area"]: row for row in places.iter_rows(named=True)}
    absent = [area for area in areas if area not in found]
    if absent:
        raise WrongState(f"The places have no row for {absent[0]}: say what it has in common with others.")
    return [found[area] for area in areas]


def _alike(chance: Chance, names: Sequence[str], likeness: float) -> np.ndarray:
    """Names × groups × draws: normal draws, any two groups of one name alike to this degree."""
    drawn = normals(chance, names, each=len(FIRST_AGES) + 1)
    common, own = drawn[:, :1], drawn[:, 1:]
    return np.float32(np.sqrt(likeness)) * common + np.float32(np.sqrt(1 - likeness)) * own


@dataclass(frozen=True)
class Trials:
    """Projections made inside a record: years ahead (trials), the nation's log errors (trials × groups) and each
    council's beyond the nation's (trials × councils × groups), and those of all ages together (trials × councils)."""

    ahead: np.ndarray
    nation: np.ndarray
    area: np.ndarray
    total: np.ndarray


def trials(record: np.ndarray) -> Trials:
    """Every projection that can be made and judged inside a record of councils × years × sexes × ages.

    Source: as for `cohort_change`, from each base year with three years of change before it, to each later year.
    """
    groups, years = group_matrix(), record.shape[1]
    ahead, came, wanted = [], [], []
    for base in range(YEARS_POOLED, years - 1):
        change = cohort_change(record, last=base)
        for step, people in enumerate(projected(record[:, base], change, years=years - 1 - base), start=1):
            ahead.append(step)
            came.append(record[:, base + step].sum(axis=1) @ groups.T)
            wanted.append(people.sum(axis=1) @ groups.T)
    if not ahead:
        raise WrongState("The record is too short to make a projection in and to judge it.")
    after, before = np.array(came), np.array(wanted)
    nation = np.log(after.sum(axis=1) / before.sum(axis=1))
    area = np.log(after / before) - nation[:, None]
    heads, wanted_heads = after.sum(axis=2), before.sum(axis=2)
    total = np.log(heads / wanted_heads) - np.log(heads.sum(axis=1) / wanted_heads.sum(axis=1))[:, None]
    return Trials(np.array(ahead), nation, area, total)


def learnt(record: Headcount, *, places: pl.DataFrame, revised_little: float) -> ProjectionError:
    """The model of errors that a record of estimates shows; every year of it must be one that could be known.

    The record holds councils, one period a year, in order; `places` has area, neighbours and region of each. In it,
    projections by cohort change are made from every base year and judged on every later one. For each age group, the
    spread of the councils' errors is a power of the years ahead and of the council's size (least squares on the
    logarithm of the error, scaled to the mean square); the nation's is the mean square of errors per year. A projection
    by cohort change is cruder than the official one, so the spread errs on the wide side. `revised_little` is the
    published share (0–1) of councils whose population a census revised by under 5% after ten years; held against errors
    of projections over ten years, it tells how much surer a year rolled forward is than one projected. Raises
    WrongState for a record too short, or a council that is not among the places.

    Source: Keyfitz 1981 and Stoto 1983, errors of past projections as the measure of those to come; Rayer, Smith and
    Tayman 2009, by size of place and years ahead.
    """
    people = record.people.reshape(*record.people.shape[:2], 2, AGES)
    size = record.people.sum(axis=2).mean(axis=1)
    kept = size >= SMALLEST_LEARNT
    made = trials(people[kept])
    spreads = [_spread(made.ahead, made.area[:, :, group], size[kept]) for group in range(len(FIRST_AGES))]
    area, growth, power = zip(*spreads, strict=True)
    standard = _standard_errors(made, size[kept], spreads)
    per_year = made.nation / made.ahead[:, None]
    national = np.maximum(np.sqrt((per_year**2).mean(axis=0)), TINY)
    rows = _rows_of(places, [name for name, keep in zip(record.areas, kept, strict=True) if keep])
    region, neighbours = _likeness_of_places(standard, rows)
    return ProjectionError(
        national=tuple(map(float, national)),
        area=area,
        growth=growth,
        size=power,
        region=region,
        neighbours=neighbours,
        ages=_likeness_of_ages(standard.reshape(-1, len(FIRST_AGES))),
        national_ages=_likeness_of_ages(per_year / national),
        rolled_forward=_rolled_forward(made, revised_little),
    )


def _spread(ahead: np.ndarray, errors: np.ndarray, size: np.ndarray) -> tuple[float, float, float]:
    """Spread a year ahead for 100,000 people, power of the years ahead, power of size; errors are trials × councils."""
    scale = np.log(size / STANDARD_SIZE)
    years, sizes = (grid.ravel() for grid in np.meshgrid(np.log(ahead), scale, indexing="ij"))
    columns = np.stack([np.ones(years.size), years, -sizes], axis=1)
    _, growth, power = np.linalg.lstsq(columns, np.log(np.abs(errors) + TINY).ravel(), rcond=None)[0]
    scaled = errors / (ahead[:, None] ** growth * np.exp(-power * scale))
    return max(float(np.sqrt((scaled**2).mean())), TINY), float(growth), float(power)


def _standard_errors(made: Trials, size: np.ndarray, spreads: Sequence[tuple[float, float, float]]) -> np.ndarray:
    """Trials × councils × groups: errors over their spread."""
    spread, growth, power = np.array(spreads).T
    expected = spread * made.ahead[:, None] ** growth
    return made.area / (expected[:, None] * (size / STANDARD_SIZE)[:, None] ** -power)


def _likeness_of_ages(standard: np.ndarray) -> float:
    """The mean product of the standard errors of two age groups."""
    products = standard.T @ standard / len(standard)
    groups = len(products)
    return float((products.sum() - np.trace(products)) / (groups * (groups - 1)))


def _likeness_of_places(
    standard: np.ndarray, places: Sequence[Mapping[str, str]]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """By age group: the likeness of councils of a region that are no neighbours, and what neighbours have beyond."""
    region, near = (np.array([row[name] for row in places]) for name in ("region", "neighbours"))
    same_region, same_near = (codes[:, None] == codes for codes in (region, near))
    np.fill_diagonal(same_near, val=False)
    apart = same_region & (near[:, None] != near)
    products = np.einsum("tag,tbg->abg", standard, standard) / len(standard)
    far, close = (
        products[pairs].mean(axis=0) if pairs.any() else np.zeros(products.shape[2]) for pairs in (apart, same_near)
    )
    shared = np.clip(far, 0, 1)
    beyond = np.clip(close - shared, 0, 1 - shared)
    return tuple(map(float, shared)), tuple(map(float, beyond))


def _rolled_forward(made: Trials, revised_little: float) -> float:
    """The spread of ten years rolled forward, which a census then revised, over that of ten years projected."""
    steps = np.unique(made.ahead)
    spread = [max(np.sqrt((made.total[made.ahead == step] ** 2).mean()), TINY) for step in steps]
    growth, level = np.polyfit(np.log(steps), np.log(spread), 1)
    revised = np.log1p(WITHIN) / normal_quantile((1 + revised_little) / 2)
    return float(revised / (np.exp(level) * DECADE**growth))
