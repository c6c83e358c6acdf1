"""Why each scenario of each flow model comes out as it does, and how sure that is: a table that figures are read from.

People are expected numbers here, also where a model counts them whole: what befalls a person cannot be known before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from parity.assumptions.discount_rates import discount_rates
from parity.methods.chance import is_wide
from parity.methods.flow_case import Told, case_of
from parity.methods.flow_explain import (
    AS_IT_IS,
    SCENARIO,
    paying_levers,
    spending_case,
    waterfall,
    what_matters,
    worth_knowing,
)
from parity.methods.flow_measures import Measure, people_at_end, present_saving, saved_in_all
from parity.methods.flow_outcome import Outcome, outcomes_of
from parity.methods.flow_parameters import by_chance
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from parity.plan.flow_courses import CHANCE, flow_name, whole_time
from parity.plan.flow_names import END, START
from parity.plan.flow_paths import prices_told, scenario_label
from parity.plan.flow_tables import FlowTables, faults_of, tables_of, told_of
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table

STEP, LEVER, SWING, CHOICE, NUMBER, CASE = "step", "lever", "swing", "choice", "number", "case"
"""The kinds of rows: a step of the waterfall, a lever alone, what one number does, the choice, a number's worth, and a
line of the case for spending."""
OVER_MONTHS = (STEP, LEVER, SWING)
"""What is summed up over months as it is paid then; all else is a present value, in prices of the first year."""
SAVED, PEOPLE = "saving", "people"
"""What steps and swings are of: the saving over all months, people at the end in the setting that changes most."""
LEVEL = 0.95
LEAST = 1e-9
"""The part of an outcome below which a number is rounding."""
TEXTS = ("model", "area", "scenario", "label", "kind", "measure", "setting", "item", "period", "words", "missing")
NUMBERS = ("value", "lower_95", "upper_95", "low", "high", "cost", "saving", "chance")
REASONS = {
    **dict.fromkeys(TEXTS, pl.String),
    **dict.fromkeys(NUMBERS, pl.Float64),
    "basis": pl.String,
    "price_year": pl.String,
}


@derived_table(words="Why each scenario comes out as it does, lever by lever and number by number", version=5)
def flow_reasons(
    flow_models: pl.DataFrame,
    flow_settings: pl.DataFrame,
    flow_numbers: pl.DataFrame,
    weeks_per_year: Assumption,
    scenarios: pl.DataFrame | None = None,
    need_ahead: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Rows of each scenario of each model that can be run, by kind, measure and item (a lever or a number).

    `label` is what figures call the scenario. Steps and levers have value and band, steps `words` where a lever does
    another thing alone; levers also `cost`, `saving` and `chance` (that it pays); swings `low` and `high`. The choice
    has the value of perfect information and the `chance` that the scenario is best, numbers what each is worth. Lines
    of the case for spending have value and band, or `missing`.
    """
    tables = tables_of(flow_models, flow_settings, flow_numbers, scenarios, need_ahead)
    label = scenario_label(flow_models)
    frames = [
        frame.with_columns(
            **{name: pl.lit(facts[name], pl.String) for name in ("model", "area", "basis")},
            price_year=prices_told(flow_numbers, facts, is_real=~pl.col("kind").is_in(OVER_MONTHS)),
        ).with_columns(label=label)
        for facts in flow_models.to_dicts()
        for frame in _reasons(tables, facts["model"], weeks=weeks_per_year.value)
    ]
    return pl.concat([pl.DataFrame(schema=REASONS), *frames], how="diagonal").select(*REASONS)


def _reasons(tables: FlowTables, model: str, *, weeks: float) -> Iterator[pl.DataFrame]:
    """The rows of each scenario of one model; none where it cannot be run."""
    told = told_of(tables, model, weeks=weeks)
    if faults_of(told):
        return
    drawing = by_chance(CHANCE)
    case = case_of(told, drawing)
    several = [levers_of(told, case, scenario=name, drawing=drawing) for name in told.scenarios]
    moving = [replace(levers, is_moving=True) for levers in several]
    base, *found = outcomes_of(case, [Levers(), *several, *moving], keep=(Series.PEOPLE,))
    outcomes = zip(found[: len(several)], found[len(several) :], strict=True)
    for scenario, (outcome, moved) in zip(told.scenarios, outcomes, strict=True):
        setting = _most_changed(base, outcome)
        measures = [saved_in_all(), *([people_at_end(setting)] if setting else [])]
        steps = waterfall(told, case, scenario=scenario, drawing=drawing, measures=measures)
        swings = what_matters(told, scenario=scenario, measures=measures)
        parts = [
            _named(_steps(steps), STEP, measures, setting),
            _named(_items(swings), SWING, measures, setting),
            _of_saving(_kept(paying_levers(told, case, scenario=scenario, drawing=drawing)), LEVER),
            *_choice(told, base, outcome, scenario=scenario),
            _of_saving(spending_case(base, outcome, moved, rates=discount_rates()), CASE),
        ]
        periods = (
            pl.when(pl.col("measure") == PEOPLE).then(pl.lit(told.periods[-1])).otherwise(pl.lit(whole_time(told)))
        )
        whole = pl.concat(parts, how="diagonal")
        yield whole.with_columns(scenario=pl.lit(scenario), period=periods)


def _most_changed(base: Outcome, then: Outcome) -> str:
    """The setting in which most people are more or fewer at the end, as stated; empty where none is.

    One that people are in without the scenario goes before those that only it fills.
    """
    now, later = (outcome.run.series[Series.PEOPLE][-1, :, 0] for outcome in (base, then))
    apart = np.abs(later - now)
    least = LEAST * max(float(now.max()), 1)
    known = np.where(now > least, apart, 0.0)
    chosen = known if known.max() > least else apart
    place = int(chosen.argmax())
    return base.case.model.settings[place] if chosen[place] > least else ""


def _kept(levers: pl.DataFrame) -> pl.DataFrame:
    return levers.select("item", "value", "lower_95", "upper_95", "cost", "saving", "chance")


def _steps(steps: pl.DataFrame) -> pl.DataFrame:
    ends = {AS_IT_IS: START, SCENARIO: END}
    named = pl.col("kind").replace_strict(ends, default=None, return_dtype=pl.String)
    return steps.select("measure", "value", "lower_95", "upper_95", "words", item=pl.coalesce(named, "item"))


def _items(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the name of each number as their item."""
    names = [number_name(row) for row in rows.iter_rows(named=True)]
    kept = [name for name in ("measure", "low", "high", "worth") if name in rows.columns]
    return rows.select(*kept, pl.Series("item", names, pl.String))


def _named(rows: pl.DataFrame, kind: str, measures: list[Measure], setting: str) -> pl.DataFrame:
    """The rows of one kind; each measure under its short name."""
    short = {measure.name: name for measure, name in zip(measures, (SAVED, PEOPLE), strict=False)}
    told = rows.with_columns(kind=pl.lit(kind), measure=pl.col("measure").replace_strict(short))
    return told.with_columns(setting=pl.when(pl.col("measure") == PEOPLE).then(pl.lit(setting)))


def _of_saving(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The rows of one kind that are of the saving alone."""
    return rows.with_columns(kind=pl.lit(kind), measure=pl.lit(SAVED))


def _choice(told: Told, base: Outcome, then: Outcome, *, scenario: str) -> Iterator[pl.DataFrame]:
    """What it would be worth to know everything, or one number, before choosing between the scenario and none."""
    drawing = by_chance(CHANCE)
    found = worth_knowing(told, base, {scenario: then}, drawing=drawing, rates=discount_rates(), level=LEVEL)
    rounding = LEAST * float(found.choice["expected"].abs().to_numpy().max())
    saved = present_saving(base, then, rates=discount_rates())
    is_drawn = is_wide(saved.min(), saved.max(), value=saved.mean())
    best = found.choice.filter(decision=scenario)["chance_best"].item() if is_drawn else None
    whole = {"item": "", "value": found.evpi if found.evpi > rounding else 0.0, "chance": best}
    yield _of_saving(pl.DataFrame([whole], schema_overrides={"chance": pl.Float64}), CHOICE)
    worth = pl.when(pl.col("worth") > rounding).then("worth").otherwise(0.0)
    numbers = _items(found.parameters).select("item", value=worth)
    yield _of_saving(numbers.sort("value", "item", descending=[True, False]), NUMBER)


def where_words(row: Mapping[str, Any]) -> str:
    """What a number of a model is of: a setting, a flow or the whole model."""
    return flow_name(row["setting"], row["destination"]) if row["destination"] else row["setting"] or "the whole model"


def number_name(row: Mapping[str, Any]) -> str:
    """What a number of a model, or of a change, is called where it stands among others."""
    lever, what = row["lever"], str(row["parameter"])
    told = f"{lever}: {what}" if lever else f"{what[:1].upper()}{what[1:]}"
    return f"{told}, {where_words(row)} ({row['code']})"
