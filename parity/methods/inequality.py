"""Inequality across a population: how much better or worse its most deprived end fares than its least deprived one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.methods.columns import Column, column
from parity.methods.intervals import z_for

FEWEST_GROUPS = 5
MOST_GROUPS = 100
DRAWS = 100_000
"""As many as OHID draws for each group."""

Numbers = NDArray[np.float64]
INDICES = ("intercept", "slope", "slope_lower", "slope_upper", "ratio", "ratio_lower", "ratio_upper")


class Scale(Enum):
    """The scale on which values vary by chance; the value is its name in words."""

    LINEAR = "the value itself"
    LOG = "the logarithm of a rate"
    LOGIT = "the log odds of a proportion"

    def of(self, values: Numbers) -> Numbers:
        """The values' places on the scale; not finite for what has none."""
        if self is Scale.LINEAR:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(values if self is Scale.LOG else values / (1 - values))

    def back(self, places: Numbers) -> Numbers:
        """The values at places of the scale."""
        if self is Scale.LINEAR:
            return places
        return np.exp(places) if self is Scale.LOG else 1 / (1 + np.exp(-places))


@dataclass(frozen=True, slots=True)
class Line:
    """How the line is drawn: the scale, whether it is straight on the scale or for the values, and the multiplier.

    Recommended is a line on the scale: log for rates, log odds for proportions. A negative `per` turns the polarity.
    """

    scale: Scale
    is_on_scale: bool = True
    per: float = 1


@dataclass(frozen=True, slots=True)
class Simulation:
    """How limits are simulated: the seed, the confidence of the values' limits and of the result's, the draws."""

    seed: int
    confidence: float
    draws: int = DRAWS


def relative_rank(people: Column, *, within: Sequence[str] = ()) -> pl.Expr:
    """Share (0–1) of all people who are in the groups before, and half of the group's own; rows are in order.

    Source: OHID's package PHEindicatormethods. Null where the people of the group are not known.
    """
    counted = column(people)
    rank = (counted.cum_sum() - counted / 2) / counted.sum()
    return rank.over(*within) if within else rank


def slope_index(
    groups: pl.DataFrame,
    *,
    line: Line,
    simulation: Simulation | None = None,
    by: Sequence[str] = ("area", "period"),
) -> pl.DataFrame:
    """The slope and the relative index of inequality, in the value's unit and as a ratio: a row for each of `by`.

    `groups` has `by`, group (in order, the most deprived first), value and people, for a simulation also lower and
    upper. The columns are intercept, the fitted value of the most deprived end; slope, that of the least deprived end
    less the intercept, times the line's `per`; ratio, the one over the other, inverted where `per` is negative and null
    where it would be over zero; the limits slope_lower, slope_upper, ratio_lower and ratio_upper, null without a
    simulation; and missing, a sentence unless there are 5 to 100 different groups, all known, with people, and with
    places on the scale. Every place is simulated with the same random numbers, so that one place more changes no other.

    Source: OHID's package PHEindicatormethods: least squares weighted by people, on relative rank; limits from lines
    through values that are drawn about the groups' own.
    """
    rows = []
    ranked = groups.sort(*by, "group").with_columns(relative_rank("people", within=by).alias("rank"))
    for key, place in ranked.group_by(*by, maintain_order=True):
        missing = _why_not(place, line.scale, needs_limits=simulation is not None)
        rows.append((*key, *([None] * len(INDICES) if missing else _indices(place, line, simulation)), missing))
    schema = groups.select(*by).schema | dict.fromkeys(INDICES, pl.Float64()) | {"missing": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(INDICES).fill_nan(None))


def _why_not(place: pl.DataFrame, scale: Scale, *, needs_limits: bool) -> str | None:
    """Why no line is drawn through the groups of a place; None where one is."""
    names = ["value", "lower", "upper"] if needs_limits else ["value"]
    if not FEWEST_GROUPS <= place.height <= MOST_GROUPS:
        return f"A line of inequality needs {FEWEST_GROUPS} to {MOST_GROUPS} groups; there are {place.height}."
    if place["group"].is_duplicated().any():
        return "A group stands twice."
    if sum(place.select(*names, "people").null_count().row(0)):
        return "The value, its limits or the people of a group are not known."
    if not (place["people"] > 0).all():
        return "A group has no people."
    if not np.isfinite(scale.of(place.select(names).cast(pl.Float64).to_numpy())).all():
        return f"A value or a limit of a group has no place on the scale, {scale.value}."
    return None


def _indices(place: pl.DataFrame, line: Line, simulation: Simulation | None) -> list[float | None]:
    """The indices of one place, in the order of `INDICES`."""
    weights = _weights(place["people"].to_numpy(), place["rank"].to_numpy())
    centre = line.scale.of(place["value"].cast(pl.Float64).to_numpy())
    top, slope, ratio = _ends(centre[np.newaxis], weights, line)
    if simulation is None:
        return [top.item(), slope.item(), None, None, ratio.item(), None, None]
    lower, upper = (line.scale.of(place[name].cast(pl.Float64).to_numpy()) for name in ("lower", "upper"))
    error = (upper - lower) / (2 * z_for(simulation.confidence))
    _, slopes, ratios = _ends(centre + error * _chance(simulation, centre.size), weights, line)
    tail = (1 - simulation.confidence) / 2
    limits = [np.quantile(each, [tail, 1 - tail], method="inverted_cdf").tolist() for each in (slopes, ratios)]
    return [top.item(), slope.item(), *limits[0], ratio.item(), *limits[1]]


@lru_cache(maxsize=1)
def _chance(simulation: Simulation, count: int) -> Numbers:
    """Standard normal numbers, a row a draw, for as many groups; kept, since they take longer to draw than to use."""
    return np.random.default_rng(simulation.seed).standard_normal((simulation.draws, count))


def _weights(people: Numbers, rank: Numbers) -> Numbers:
    """Two columns: what each group's value counts in the line's value at the most and at the least deprived end."""
    share = people / people.sum()
    middle = share @ rank
    slope = share * (rank - middle) / (share @ (rank - middle) ** 2)
    return np.column_stack((share - slope * middle, share + slope * (1 - middle)))


def _ends(drawn: Numbers, weights: Numbers, line: Line) -> tuple[Numbers, Numbers, Numbers]:
    """For each row of places on the scale: the value at the most deprived end, the slope and the ratio."""
    ends = line.scale.back(drawn @ weights) if line.is_on_scale else line.scale.back(drawn) @ weights
    top, bottom = ends[:, 0], ends[:, 1]
    over, under = (bottom, top) if line.per > 0 else (top, bottom)
    ratio = np.divide(over, under, out=np.full(top.size, np.nan), where=under != 0)
    return top, (bottom - top) * line.per, ratio
