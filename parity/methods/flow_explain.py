"""Why a scenario comes out as it does, by lever, and which of its numbers matter most or are worth knowing better."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from parity.methods.appraisal import appraise_months, switching_values
from parity.methods.flow import ROUNDING, Numbers
from parity.methods.flow_case import Case, Told, case_of
from parity.methods.flow_measures import Measure, present_saving, saving
from parity.methods.flow_outcome import BANDS, Outcome, banded, outcomes_of
from parity.methods.flow_parameters import Drawing, at_ends, is_uncertain, name_of
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from parity.methods.information import choice_table, tornado, values_of_parameters, weigh
from parity.terms.units import Unit

AS_IT_IS, LEVER, SCENARIO = "as it is", "lever", "scenario"
"""The kinds of a waterfall's steps: where it starts, a lever, where it ends."""
NOTABLE = 0.01
"""The share of the largest step of a waterfall from which on a difference is told."""
NO_SPENDING = "The change itself costs nothing more, so there is nothing to divide by."
NO_BENEFIT = "Moving people saves nothing, so there is nothing that could fall."
WHICH = ("code", "lever", "parameter", "setting", "destination")
NUMBERS = ("value", "lower", "upper")


def lever_names(told: Told, scenario: str) -> list[str]:
    """What the levers of a scenario are called, those first that begin earlier.

    Source: convention of this package.
    """
    rows = told.changes.filter(scenario=scenario).sort("starts", maintain_order=True)
    return rows["lever"].unique(maintain_order=True).to_list()


def levers_named(told: Told, case: Case, *, scenario: str, names: Collection[str], drawing: Drawing) -> Levers:
    """The levers that a scenario would have if only the changes of these names were made.

    They are not always among those of the whole scenario: a change may act on what others bring.

    Source: as for `flow_scenario.levers_of`.
    """
    own = replace(told, changes=told.changes.filter(pl.col("lever").is_in(list(names))))
    return levers_of(own, case, scenario=scenario, drawing=drawing)


def waterfall(told: Told, case: Case, *, scenario: str, drawing: Drawing, measures: Sequence[Measure]) -> pl.DataFrame:
    """From the model as it is to the scenario, lever by lever, for each measure: the steps add up to the end.

    Rows of `banded` with measure and kind (as it is, lever, scenario); the step of a lever is what it adds after those
    that begin earlier. `alone` and its bands are what it would add alone, and `words` says where the two differ. Values
    and means add up, ends of bands do not. `case` has the columns of the drawing. People are expected numbers.

    Source: one-at-a-time decomposition in an order (Kaya 1990); the order matters where levers act on each other.
    """
    names = lever_names(told, scenario)
    sets = [*(names[:count] for count in range(len(names) + 1)), *([name] for name in names)]
    several = [levers_named(told, case, scenario=scenario, names=each, drawing=drawing) for each in sets]
    outcomes = outcomes_of(case, several, keep=_needs(measures))
    found = []
    for measure in measures:
        numbers = _alike([measure.of(outcomes[0], outcome) for outcome in outcomes])
        whole, single = numbers[: len(names) + 1], numbers[len(names) + 1 :]
        frame = _steps(names, np.diff(whole, axis=0), single - whole[0], unit=measure.unit)
        ends = banded(whole[[0, -1]][None], items=(AS_IT_IS, scenario), periods=("",))
        ends = ends.with_columns(pl.Series("kind", [AS_IT_IS, SCENARIO]))
        parts = pl.concat([ends[:1], frame, ends[1:]], how="diagonal")
        found.append(parts.select(pl.lit(measure.name).alias("measure"), "kind", pl.exclude("kind", "period")))
    return pl.concat(found)


def _steps(names: Sequence[str], steps: Numbers, single: Numbers, *, unit: Unit) -> pl.DataFrame:
    """A row for each lever: its step, what it does alone, and in words where they differ."""
    alone = banded(single[None], items=names, periods=("",)).rename({"value": "alone", "mean": "alone_mean"})
    alone = alone.rename({band: f"alone_{band}" for band in BANDS}).drop("item", "period")
    frame = banded(steps[None], items=names, periods=("",)).with_columns(kind=pl.lit(LEVER))
    least = NOTABLE * np.abs(np.stack([steps[:, 0], single[:, 0]])).max(initial=0)
    words = [
        None if abs(step - other) <= least else _difference(step, other, unit=unit)
        for step, other in zip(steps[:, 0], single[:, 0], strict=True)
    ]
    return pl.concat([frame, alone.with_columns(words=pl.Series(words, dtype=pl.String))], how="horizontal")


def _difference(step: float, alone: float, *, unit: Unit) -> str:
    """That what a lever does depends on those before it."""
    return f"Alone it would make {unit.write(alone)} of difference; after the levers before it, {unit.write(step)}."


def _needs(measures: Sequence[Measure]) -> set[Series]:
    """The series that runs must keep for these measures."""
    return {series for measure in measures for series in measure.needs}


def _alike(rows: Sequence[Numbers]) -> Numbers:
    """Rows × columns, from rows of one column or of as many as the widest."""
    return np.stack(np.broadcast_arrays(*rows))


def paying_levers(told: Told, case: Case, *, scenario: str, drawing: Drawing) -> pl.DataFrame:
    """A row for each lever of a scenario, alone: what it costs, what it saves, and whether it pays for itself.

    In pounds over all months, undiscounted. `cost` and `saving` are as stated: what its own prices, staff and payments
    add or take off, and what people cost elsewhere because it moves them. `value` is the saving less the cost, with
    mean and bands; `chance` the share of draws in which it is above 0, and `words` say it.

    Source: convention of this package.
    """
    names = lever_names(told, scenario)
    alone = [levers_named(told, case, scenario=scenario, names=[name], drawing=drawing) for name in names]
    base, *outcomes = outcomes_of(
        case, [Levers(), *alone, *(replace(levers, is_moving=True) for levers in alone)], keep=()
    )
    whole, moving = outcomes[: len(names)], outcomes[len(names) :]
    saved = _alike([base.net.sum(axis=0), *(saving(base, then).sum(axis=0) for then in [*whole, *moving])])[1:]
    net, by_moving = saved[: len(names)], saved[len(names) :]
    parts = np.stack([by_moving[:, 0], (net - by_moving)[:, 0]])
    frame = banded(net[None], items=names, periods=("",)).drop("period")
    draws = net[:, 1:] if net.shape[1] > 1 else net
    return frame.with_columns(
        cost=np.maximum(-parts, 0).sum(axis=0),
        saving=np.maximum(parts, 0).sum(axis=0),
        chance=(draws > 0).mean(axis=1),
        words=pl.Series([_pays(*each) for each in zip(names, parts.T, strict=True)], dtype=pl.String),
    )


def _pays(name: str, parts: Numbers) -> str:
    """Whether a lever pays for itself, as stated."""
    cost, gain = np.maximum(-parts, 0).sum(), np.maximum(parts, 0).sum()
    does = "pays for itself" if gain > cost else "does not pay for itself within these months"
    return f"{name} {does}: it costs {Unit.GBP.write(cost)} and saves {Unit.GBP.write(gain)}."


def spending_case(base: Outcome, then: Outcome, moving: Outcome, *, rates: Sequence[tuple[int, float]]) -> pl.DataFrame:
    """The case for spending on a scenario: a row each of benefits, costs, ratio, a_year, may_fall and may_rise (item).

    `moving` is the scenario whose levers only move people. Costs are what the change itself takes: its own prices,
    payments, team and staff; benefits what people cost less elsewhere because it moves them. Both are present values in
    pounds and prices of the start, `ratio` pounds of benefit for each pound of cost, and `a_year` the equal yearly
    amount that is worth as much as their difference. `may_fall` and `may_rise` are the shares by which all benefits may
    fall, and all costs rise, before it is worth nothing; below 0 where it is worth less than nothing. Value, mean and
    bands as in `banded`; `missing` says why there is no value: nothing is divided by costs or benefits of 0 or less.

    Source: HM Treasury, Green Book 2026; `appraisal.appraise_months`, `appraisal.switching_values`.
    """
    prices = base.case.prices
    benefits, costs = np.broadcast_arrays((base.net - moving.net) / prices, (then.net - moving.net) / prices)
    found = appraise_months(benefits, costs, rates=rates)
    fall, rise = switching_values(found)
    # a difference that is rounding alone is neither a benefit nor a cost
    least = ROUNDING * np.abs(base.net).sum()
    spent, gained = found.costs > least, found.benefits > least
    numbers = {
        "benefits": found.benefits,
        "costs": found.costs,
        "ratio": np.where(spent, found.ratio, np.nan),
        "a_year": found.a_year,
        "may_fall": np.where(gained, fall, np.nan),
        "may_rise": np.where(spent, rise, np.nan),
    }
    frame = banded(np.stack([*numbers.values()])[None], items=[*numbers], periods=("",)).drop("period")
    reasons = {"ratio": NO_SPENDING, "may_rise": NO_SPENDING, "may_fall": NO_BENEFIT}
    missing = pl.col("item").replace_strict(reasons, default=None, return_dtype=pl.String)
    return frame.with_columns(missing=pl.when(pl.col("value").is_null()).then(missing))


def uncertain_rows(told: Told, scenarios: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The rows of the model and of the changes of these scenarios that have an interval, by what they are drawn as.

    Numbers that are drawn as one, as those of a change that two scenarios share, stand once.

    Source: `flow_parameters.name_of`.
    """
    changes = told.changes.filter(pl.col("scenario").is_in(list(scenarios)))
    numbers = told.parameters.with_columns(lever=pl.lit(None, pl.String), operation=pl.lit(None, pl.String))
    rows = pl.concat([numbers, changes], how="diagonal_relaxed").with_columns(model=pl.lit(told.name))
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows.iter_rows(named=True):
        if is_uncertain(row):
            found.setdefault(name_of(row), row)
    return found


def rows_told(rows: Collection[Mapping[str, Any]]) -> pl.DataFrame:
    """What each of these rows is and tells: code, lever, parameter, setting, destination, value, lower and upper.

    Source: convention of this package.
    """
    columns = dict.fromkeys(WHICH, pl.String) | dict.fromkeys(NUMBERS, pl.Float64)
    return pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=columns)


def what_matters(told: Told, *, scenario: str, measures: Sequence[Measure]) -> pl.DataFrame:
    """The rows of a tornado for each measure, the largest swing first: what one number alone does to the outcome.

    Rows of `information.tornado` with measure, code, lever, parameter, setting, destination, value, lower and upper of
    each number of the model, or of a change of the scenario, that has an interval. `low` and `high` are the outcome
    with that number at the lower and at the upper end and all others as stated, `base` that with all as stated. All
    are columns of one run.

    Source: as for `information.tornado`.
    """
    rows = uncertain_rows(told, [scenario])
    drawing = at_ends(list(rows))
    case = case_of(told, drawing)
    several = [Levers(), levers_of(told, case, scenario=scenario, drawing=drawing)]
    base, then = outcomes_of(case, several, keep=_needs(measures))
    which = rows_told(rows.values())
    found = []
    for measure in measures:
        numbers = np.broadcast_to(measure.of(base, then), (1 + 2 * len(rows),))
        table = which.with_columns(low=numbers[1::2], high=numbers[2::2], base=pl.lit(float(numbers[0])))
        swings = tornado(table, base=float(numbers[0]))
        found.append(swings.select(pl.lit(measure.name).alias("measure"), pl.all()))
    return pl.concat(found)


@dataclass(frozen=True, eq=False)
class Worth:
    """The choice among the model as it is and scenarios, and what it would be worth to know more first.

    `choice` has the rows of `information.choice_table`; `evpi` is the value of perfect information in pounds, and
    `evpi_error` its standard error. `parameters` has a row for each number with an interval, the most valuable first:
    code, lever, parameter, setting, destination, value, lower, upper, `worth` in pounds and its `share` of the EVPI.
    """

    choice: pl.DataFrame
    evpi: float
    evpi_error: float
    parameters: pl.DataFrame


def worth_knowing(
    told: Told,
    base: Outcome,
    others: Mapping[str, Outcome],
    *,
    drawing: Drawing,
    rates: Sequence[tuple[int, float]],
    level: float,
) -> Worth:
    """The choice by the present value of the saving; to stay as it is saves nothing.

    The outcomes have the columns of the drawing, and no chance beside it: what befalls people cannot be known before.
    `level` is the share of draws that the high regret is not exceeded in.

    Source: as for `information.weigh` and `information.value_of_parameter`.
    """
    worth = _alike([np.zeros(1), *(present_saving(base, then, rates=rates) for then in others.values())])
    net = np.ascontiguousarray(worth[:, 1:]) if worth.shape[1] > 1 else worth
    choice = weigh([net])
    rows = uncertain_rows(told, others)
    drawn = {name: drawing(row)[1:] for name, row in rows.items()} if worth.shape[1] > 1 else {}
    values = values_of_parameters(net, drawn).rename({"parameter": "name", "value": "worth"})
    which = rows_told([rows[name] for name in values["name"]])
    return Worth(
        choice_table(net, [AS_IT_IS, *others], level=level),
        choice.evpi,
        choice.evpi_error,
        pl.concat([which, values.drop("name")], how="horizontal"),
    )
