"""Courses of scenarios: each is what the model run anew gives, and is held while nothing that is told of it changes."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from parity.methods.flow import Rationing
from parity.methods.flow_case import Told, case_of
from parity.methods.flow_growth import Need
from parity.methods.flow_outcome import measured, outcomes_of
from parity.methods.flow_parameters import Parameter, by_chance
from parity.methods.flow_scenario import Levers, levers_of
from parity.plan.flow_courses import CHANCE, course_of
from parity.plan.flow_tables import AS_IT_IS
from tests.methods.flow_told import PLAN, START, at_random, change, number, on, told_by

OTHER = "another"
CARE = told_by(
    ("ward", "home"),
    [
        number(Parameter.PEOPLE, "ward", 12, lower=10, upper=15),
        number(Parameter.ARRIVALS, "ward", 2) | {"grows_with": "need"},
        number(Parameter.RATE, "ward", 0.2, to="home", lower=0.1, upper=0.3),
        number(Parameter.PLACES, "home", 6),
        number(Parameter.COST, "ward", 700),
        number(Parameter.COST, "home", 300),
    ],
    changes=[
        change(Parameter.MOVES, "ward", 4, to="home", ends=on(6)),
        change(Parameter.PLACES, "home", 9, how="set to", scenario=OTHER),
    ],
    delays={PLAN: 0, OTHER: 0},
    needs={"need": Need((2026, 2027), np.array([[100.0], [110.0]]))},
)
PEOPLE = number(Parameter.PEOPLE, "home", 3) | {"code": "N9"}
TOLD: dict[str, Callable[[Told], Told]] = {
    "name": lambda told: replace(told, name="a model of another name"),
    "starts": lambda told: replace(told, starts=date(2026, 7, 1)),
    "months": lambda told: replace(told, months=24),
    "steps": lambda told: replace(told, steps=4),
    "rationing": lambda told: replace(told, rationing=Rationing.LONGEST_WAIT),
    "weeks": lambda told: replace(told, weeks=52.18),
    "settings": lambda told: replace(told, settings=pl.concat([told.settings, told.settings[:1] + "er"])),
    "parameters": lambda told: replace(
        told, parameters=pl.concat([told.parameters, pl.DataFrame([PEOPLE])], how="diagonal_relaxed")
    ),
    "changes": lambda told: replace(told, changes=told.changes.with_columns(pl.col("value") - 1)),
    "delays": lambda told: replace(told, delays={PLAN: 2, OTHER: 0}),
    "needs": lambda told: replace(told, needs={"need": Need((2026, 2027), np.array([[100.0], [111.0]]))}),
}
IDLE = {"doubled"}
"""What is told of a model that cannot be run, of which there is no course."""


def anew(told: Told) -> dict[str, pl.DataFrame]:
    """The monthly rows of the model and all its scenarios, run side by side as one."""
    drawing = by_chance(CHANCE)
    case = case_of(told, drawing)
    levers = [Levers(), *(levers_of(told, case, scenario=name, drawing=drawing) for name in told.scenarios)]
    names = (AS_IT_IS, *told.scenarios)
    return {
        name: pl.concat(measured(outcome, periods=told.periods, scenario=name))
        for name, outcome in zip(names, outcomes_of(case, levers), strict=True)
    }


def check(told: Told) -> None:
    for name, rows in anew(told).items():
        found = course_of(told, name)
        assert_frame_equal(found[: rows.height].select(rows.columns), rows, check_exact=True)


@pytest.mark.parametrize("name", TOLD)
def test_a_course_is_that_of_what_is_told_now(name: str) -> None:
    check(CARE)
    varied = TOLD[name](CARE)
    check(varied)
    assert not course_of(varied, PLAN).equals(course_of(CARE, PLAN))
    check(CARE)


def test_all_that_is_told_of_a_model_is_varied_above() -> None:
    assert {each.name for each in fields(Told)} == {*TOLD} | IDLE


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_courses_of_models_at_random(seed: int) -> None:
    told = at_random(Random(seed))
    names = [(PLAN, OTHER)[place % 2] for place in range(told.changes.height)]
    check(replace(told, changes=told.changes.with_columns(scenario=pl.Series(names, dtype=pl.String))))


def test_a_trial_of_one_scenario_runs_no_other_anew() -> None:
    tried = replace(CARE, changes=CARE.changes.with_columns(value=pl.when(scenario=PLAN).then(5).otherwise("value")))
    for name in (AS_IT_IS, OTHER):
        assert course_of(tried, name) is course_of(CARE, name)
    assert course_of(tried, PLAN) is not course_of(CARE, PLAN)


def test_a_change_along_another_way_is_seen_by_all() -> None:
    """What moves between two settings stands in the table of ways of every scenario, nobody though it moves there."""
    back = change(Parameter.RATE, "home", 0.1, to="ward", how="set to", scenario=OTHER)
    more = told_by(("ward", "home"), [], changes=[back]).changes.with_columns(code=pl.lit("C9"))
    wider = replace(CARE, changes=pl.concat([CARE.changes, more]))
    for name in (AS_IT_IS, PLAN, OTHER):
        ways = course_of(wider, name).filter(measure="people who move")["item"].to_list()
        assert "home to ward" in ways
    assert "home to ward" not in course_of(CARE, OTHER).filter(measure="people who move")["item"].to_list()


def test_whole_people_are_courses_of_their_own() -> None:
    whole = course_of(CARE, PLAN, is_whole=True)
    assert not whole.equals(course_of(CARE, PLAN))
    assert START.isoformat()[:7] == whole["period"][0]
