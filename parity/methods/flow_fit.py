"""A flow model fitted to what was counted: its uncertain numbers moved within their intervals, and how well it fits.

The numbers that have an interval are those that may move; the interval is what is known of them before. Each is moved
on the scale of its draws, where before the counts it is standard normal. The fit is the most likely set of numbers
after the counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from math import pi
from typing import Any

import numpy as np
import polars as pl

from parity.methods.estimates import LEVEL
from parity.methods.flow import Numbers
from parity.methods.flow_case import Told, case_of
from parity.methods.flow_explain import rows_told, uncertain_rows
from parity.methods.flow_fit_words import sentences_of
from parity.methods.flow_outcome import outcome_of
from parity.methods.flow_parameters import Drawing, as_stated, at_normals, name_of
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from parity.methods.intervals import z_for
from parity.terms.errors import WrongState

NUDGE = 1e-3
"""How far, in standard deviations, a number is moved either way to see what follows from it."""
FEWEST = 0.5
"""People below whom chance is taken to be as if as many were expected: a count of somebody is never impossible."""
MET = 1e-6
"""People by which a count may miss the model and still be met."""
CLOSE = 1e-9
"""A gain in log likelihood that is no gain any more."""
DAMPING = 1e-3
"""How much the first step is held back."""
LESS = 0.1
MORE = 10.0
"""How much less a step is held back after a good one, and how much more after a bad one."""
STUCK = 1e9
"""How much a step must be held back for the search to be at an end."""
FAR = 1.5
"""How far, in standard deviations, a number is moved either way for the search to start there too."""
MOST_STEPS = 60
WHERE = ("counted", "setting", "destination")


class Counted(Enum):
    """What is counted in a month."""

    PEOPLE = "people at the month's end"
    ARRIVED = "people who arrived"
    LEFT = "people who left services"
    MOVED = "people who moved"


SERIES = {
    Counted.PEOPLE: Series.PEOPLE,
    Counted.ARRIVED: Series.ARRIVED,
    Counted.LEFT: Series.LEFT,
    Counted.MOVED: Series.MOVED,
}


@dataclass(frozen=True, eq=False)
class Fit:
    """A model fitted to counts.

    `parameters` has a row for each number that may move: code, lever, parameter, setting, destination; value, lower and
    upper as stated; fitted, fitted_lower and fitted_upper; `moved`, in standard deviations of its draws, and `shrunk`,
    by what share (0–1) its interval became narrower on their scale. `points` has the counts that are known: period,
    counted, setting, destination, people; value, which the model as stated expects; fitted, and lower and upper,
    between which 95% of such counts would lie.
    `items` has for each series how many `counts` there are, the mean `error` as a share of the count, the error that
    Poisson's chance alone would make (`by_chance`), the longest run of counts on one side of the model, and the share
    `within` lower and upper. `deviance` is of counts by Poisson, `freedom` the
    counts less the numbers that they tell; `spread` is how much wider than by Poisson counts scatter, 1 at least.
    `sentences` say whether the model may be relied on.
    """

    has_settled: bool
    parameters: pl.DataFrame
    points: pl.DataFrame
    items: pl.DataFrame
    deviance: float
    freedom: float
    spread: float
    sentences: list[str]


@dataclass(frozen=True, eq=False)
class _Question:
    """What is to be fitted: the numbers that may move, by name, and where in a run each count is found."""

    told: Told
    scenario: str | None
    rows: Mapping[str, Mapping[str, Any]]
    points: pl.DataFrame

    @cached_property
    def counts(self) -> Numbers:
        return self.points["people"].cast(pl.Float64).to_numpy()

    @cached_property
    def places(self) -> list[tuple[Series, int, int]]:
        """Of each count, the series, the month and the row; the series of people begins with the start."""
        settings = list(self.told.settings["setting"])
        flows = list(case_of(self.told, as_stated).model.flows)
        periods = {period: month for month, period in enumerate(self.told.periods)}
        found = []
        for period, counted, *where in self.points.select("period", *WHERE).rows():
            series = SERIES[Counted(counted)]
            row = flows.index(tuple(where)) if series is Series.MOVED else settings.index(where[0])
            found.append((series, periods[period] + (series is Series.PEOPLE), row))
        return found

    def expected(self, normals: Numbers) -> Numbers:
        """Counts × columns: what the model expects where its numbers stand so (numbers × columns)."""
        if not self.places:
            return np.zeros((0, normals.shape[1]))
        drawing = _moved_by(dict(zip(self.rows, normals, strict=True)))
        case = case_of(self.told, drawing)
        levers = Levers()
        if self.scenario is not None:
            levers = levers_of(self.told, case, scenario=self.scenario, drawing=drawing)
        found = outcome_of(case, levers, keep={series for series, _, _ in self.places}).run.series
        width = (normals.shape[1],)
        return np.array([np.broadcast_to(found[series][month, row], width) for series, month, row in self.places])

    def around(self, normals: Numbers) -> tuple[Numbers, Numbers]:
        """Starts × counts: what is expected, `FEWEST` at least; starts × counts × numbers: how it changes with each.

        `normals` are starts × numbers; all are columns of one run.
        """
        starts, numbers = normals.shape
        nudges = NUDGE * np.eye(numbers)
        moved = normals[:, None] + np.concatenate([np.zeros((1, numbers)), nudges, -nudges])
        found = self.expected(moved.reshape(starts * (1 + 2 * numbers), numbers).T)
        found = np.maximum(found, FEWEST).reshape(-1, starts, 1 + 2 * numbers)
        slope = (found[..., 1 : 1 + numbers] - found[..., 1 + numbers :]) / (2 * NUDGE)
        return found[..., 0].T, slope.transpose(1, 0, 2)


def _moved_by(normals: Mapping[str, Numbers]) -> Drawing:
    """The drawing by which the numbers of these names stand at these standard normal draws."""

    def drawing(row: Mapping[str, Any]) -> Numbers:
        found = normals.get(name_of(row))
        return as_stated(row) if found is None else at_normals(row, found)

    return drawing


@dataclass(frozen=True, eq=False)
class _Peak:
    """The most likely numbers: where they stand, what follows, how it changes with each, and how sure they are."""

    normals: Numbers
    mean: Numbers
    slope: Numbers
    spread: float
    has_settled: bool

    @property
    def told(self) -> Numbers:
        """What the counts tell of the numbers."""
        return _information(self.mean, self.slope, spread=self.spread)

    @property
    def covariance(self) -> Numbers:
        """Of the numbers on the scale of their draws."""
        return np.asarray(np.linalg.inv(self.told + np.eye(len(self.normals))))

    @property
    def freedom(self) -> float:
        """Counts less the numbers that they tell, each as far as they tell it."""
        return float(len(self.mean) - np.trace(self.covariance @ self.told))


def fitted(told: Told, counts: pl.DataFrame, *, scenario: str | None = None) -> Fit:
    """The model fitted to counts: period (`2026-04`), counted (of `Counted`), setting, destination (empty but for
    moves) and people; counts that are not known are left out. Without counts, all stays as stated.

    With a scenario, what was counted was counted with its changes. Where counts scatter more widely than by Poisson
    they weigh less; where they scatter less, as numbers of people who stay for long do, they are not weighed more.
    Counts of one month after the other are of the same people: intervals are then too narrow rather than too wide.

    Source: maximum a posteriori by the damped scoring of Levenberg 1944, Marquardt 1963 and Nelder and Wedderburn 1972;
    intervals by its curvature; scatter by Pearson's statistic (McCullagh and Nelder 1989, section 6.2). Raises
    WrongState for counts of what the model has not.
    """
    _check_counts(told, counts)
    points = counts.filter(pl.col("people").is_not_null())
    rows = uncertain_rows(told, [] if scenario is None else [scenario])
    question = _Question(told, scenario, rows, points)
    peak = _climbed(question, _starts(len(rows)), spread=1.0)
    scatter = _scatter(question.counts, peak)
    if scatter > 1:
        peak = _climbed(question, peak.normals[None], spread=scatter)
    parameters, shown = _parameters(question, peak), _points(question, peak)
    items = _items(shown)
    deviance = 2 * float(_misfit(question.counts, peak.mean))
    return Fit(
        peak.has_settled,
        parameters,
        shown,
        items,
        deviance,
        peak.freedom,
        peak.spread,
        sentences_of(parameters, items, has_settled=peak.has_settled, deviance=deviance, freedom=peak.freedom),
    )


def _check_counts(told: Told, counts: pl.DataFrame) -> None:
    """Raises WrongState for counts of what the model has not, or that cannot be."""
    periods, settings = set(told.periods), set(told.settings["setting"])
    flows = set(case_of(told, as_stated).model.flows)
    for period, counted, setting, destination, people in counts.select("period", *WHERE, "people").rows():
        is_move = Counted(counted) is Counted.MOVED
        if period not in periods:
            raise WrongState(f"{period}: the model has no such month.")
        if (setting, destination) not in flows if is_move else setting not in settings or destination:
            raise WrongState(f"{counted}: the model has no “{setting}”{f' to “{destination}”' if destination else ''}.")
        if people is not None and people < 0:
            raise WrongState(f"{counted}, {setting}, {period}: the count is below 0.")


def _starts(numbers: int) -> Numbers:
    """Starts × numbers: all as stated; then one number after the other far from there, either way."""
    far = FAR * np.eye(numbers)
    return np.concatenate([np.zeros((1, numbers)), far, -far])


def _climbed(question: _Question, starts: Numbers, *, spread: float) -> _Peak:
    """The highest peak that is reached from these starts (starts × numbers), which climb side by side.

    Where a number does nothing yet, as the moves that staff could make while they have time to spare, no slope leads
    to where it does: one start is not enough.
    """
    counts, own = question.counts, np.eye(starts.shape[1])
    normals, (mean, slope) = starts, question.around(starts)
    height, damping = _height(counts, mean, normals, spread=spread), np.full(len(starts), DAMPING)
    for _ in range(MOST_STEPS):
        pull = np.einsum("spk,sp->sk", slope, (counts - mean) / (spread * mean)) - normals
        curve = _information(mean, slope, spread=spread) + own
        held = curve * (1 + damping[:, None, None] * own)
        tried = normals + np.linalg.solve(held, pull[..., None])[..., 0]
        tried_mean, tried_slope = question.around(tried)
        gain = _height(counts, tried_mean, tried, spread=spread) - height
        better = gain >= 0
        height, damping = np.where(better, height + gain, height), damping * np.where(better, LESS, MORE)
        normals, mean = np.where(better[:, None], tried, normals), np.where(better[:, None], tried_mean, mean)
        slope = np.where(better[:, None, None], tried_slope, slope)
        best = int(height.argmax())
        has_settled = bool(((np.abs(gain) <= CLOSE) | (damping > STUCK)).all())
        if has_settled:
            break
    return _Peak(normals[best], mean[best], slope[best], spread, has_settled)


def _information(mean: Numbers, slope: Numbers, *, spread: float) -> Numbers:
    """… × numbers × numbers: what counts tell of the numbers (Fisher's information of Poisson counts)."""
    return np.einsum("...pk,...p,...pl->...kl", slope, 1 / (spread * mean), slope)


def _height(counts: Numbers, mean: Numbers, normals: Numbers, *, spread: float) -> Numbers:
    """By start, the logarithm of how likely the numbers are after the counts, but for a constant."""
    return -_misfit(counts, mean) / spread - 0.5 * (normals**2).sum(axis=-1)


def _misfit(counts: Numbers, mean: Numbers) -> Numbers:
    """By start, half the deviance of Poisson counts."""
    share = np.divide(counts, mean, out=np.ones_like(mean), where=counts > 0)
    return np.asarray((mean - counts + counts * np.log(share)).sum(axis=-1))


def _scatter(counts: Numbers, peak: _Peak) -> float:
    """Pearson's statistic for each degree of freedom; 1 where there is none."""
    return float(((counts - peak.mean) ** 2 / peak.mean).sum()) / peak.freedom if peak.freedom >= 1 else 1.0


def _parameters(question: _Question, peak: _Peak) -> pl.DataFrame:
    """The numbers that may move, as stated and as fitted."""
    error = np.sqrt(np.diag(peak.covariance))
    reach = z_for(LEVEL) * error
    ends = np.column_stack([peak.normals, peak.normals - reach, peak.normals + reach])
    found = np.array([at_normals(row, at) for row, at in zip(question.rows.values(), ends, strict=True)])
    fitted_to = dict(zip(("fitted", "fitted_lower", "fitted_upper"), found.reshape(-1, ends.shape[1]).T, strict=True))
    rows = rows_told(question.rows.values())
    return rows.with_columns(**fitted_to, moved=pl.Series(peak.normals), shrunk=pl.Series(1 - error))


def _points(question: _Question, peak: _Peak) -> pl.DataFrame:
    """The counts with what is expected, and where such counts would lie."""
    unsure = np.einsum("pk,kl,pl->p", peak.slope, peak.covariance, peak.slope)
    reach = z_for(LEVEL) * np.sqrt(unsure + peak.spread * peak.mean)
    rows = question.points.select("period", *WHERE, pl.col("people").cast(pl.Float64))
    fitted_to = question.expected(peak.normals[:, None])[:, 0]
    return rows.with_columns(
        value=pl.Series(question.expected(np.zeros((len(question.rows), 1)))[:, 0]),
        fitted=pl.Series(fitted_to),
        lower=pl.Series(np.maximum(fitted_to - reach, 0)),
        upper=fitted_to + reach,
    )


def _items(points: pl.DataFrame) -> pl.DataFrame:
    """How well each series of counts is met."""
    apart = pl.col("people") - pl.col("fitted")
    side = pl.when(apart.abs() > MET).then(apart.sign()).otherwise(0)
    error = apart.abs() / pl.col("people")
    by_chance = (2 / pi * pl.col("fitted")).sqrt() / pl.col("people")
    some = pl.col("people") > 0
    return (
        points.sort("period", maintain_order=True)
        .with_columns(
            side.alias("side"),
            side.rle_id().over(*WHERE).alias("run"),
            is_within=pl.col("people").is_between("lower", "upper"),
        )
        .group_by(*WHERE, maintain_order=True)
        .agg(
            pl.len().alias("counts"),
            error.filter(some).mean().alias("error"),
            by_chance.filter(some).mean().alias("by_chance"),
            pl.col("run").filter(pl.col("side") != 0).unique_counts().max().fill_null(0).alias("longest_run"),
            pl.col("is_within").mean().alias("within"),
        )
    )


def with_fit(told: Told, fit: Fit) -> Told:
    """The model with the numbers and intervals that were fitted in place of those stated.

    The numbers are then drawn one by one, though counts often tell two of them only together.

    Source: as for `fitted`.
    """
    new = fit.parameters.select("code", "lever", value="fitted", lower="fitted_lower", upper="fitted_upper")
    is_change = pl.col("lever").is_not_null()
    numbers, changes = (new.filter(which).drop("lever") for which in (~is_change, is_change))
    return replace(
        told, parameters=told.parameters.update(numbers, on="code"), changes=told.changes.update(changes, on="code")
    )
