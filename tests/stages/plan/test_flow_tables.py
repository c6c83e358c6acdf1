"""Flow models read from tables: blanks filled from the service costs, and every sentence on what is wrong."""

from datetime import date
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.chance import Chance
from parity.methods.flow import Rationing
from parity.methods.flow_case import Told, case_of
from parity.methods.flow_outcome import measured, outcome_of
from parity.methods.flow_parameters import Parameter, by_chance
from parity.methods.flow_scenario import levers_of
from parity.plan.flow_tables import FlowTables, doubts_of, faults_of, told_of
from tests.methods.flow_told import PLAN, START, Row, at_random, change, number, on, told_by
from tests.stages.analyse.frames import table
from tests.stages.plan.test_service_costs import service

WEEKS = 52
NAMES = ("ward", "house", "home")
WARD = [number(Parameter.PEOPLE, "ward", 10), number(Parameter.STAY, "ward", 26)]
MODEL = {"model": "m", "area": "L", "starts": date(2026, 4, 17), "months": 3, "rationing": "longest wait first"}
SETTINGS = [{"code": name, "model": "m", "setting": name} for name in NAMES]


def read(*numbers: Row, changes: tuple[Row, ...] = (), costs: tuple[Row, ...] = (), delay: int | None = None) -> Told:
    """What tables of one model tell in which rows are given codes."""
    parameters = [{"code": f"N{place}", "model": "m", **row} for place, row in enumerate(numbers, 1)]
    changed = [{"code": f"C{place}", "model": "m", **row} for place, row in enumerate(changes, 1)]
    scenario = {"code": "S1", "model": "m", "scenario": PLAN, "delay_months": delay}
    tables = FlowTables(
        table("flow_models", MODEL, {**MODEL, "model": "another"}),
        table("flow_settings", *SETTINGS, {**SETTINGS[0], "model": "another"}),
        table(
            "flow_parameters", *parameters, {**number(Parameter.PEOPLE, "ward", 99), "code": "X", "model": "another"}
        ),
        None if delay is None else table("scenarios", scenario),
        table("scenario_changes", *changed) if changes else None,
        table("service_costs", *costs, area="L") if costs else None,
    )
    return told_of(tables, "m", weeks=WEEKS)


def test_a_model_is_read_with_its_own_rows() -> None:
    row = change(Parameter.JOINING, "ward", 3)
    told = read(number(Parameter.PEOPLE, "ward", 7, to=None), changes=(row | {"destination": None},), delay=2)
    assert (told.starts, told.months, told.steps, told.rationing) == (date(2026, 4, 1), 3, 1, Rationing.LONGEST_WAIT)
    assert told.settings["setting"].to_list() == list(NAMES)
    assert told.parameters.select("code", "setting", "destination", "value", "is_found").rows() == [
        ("N1", "ward", "", 7, False)
    ]
    assert told.changes.select("code", "destination", "value").rows() == [("C1", "", 3)]
    assert told.delays == {PLAN: 2}
    assert read(changes=(row,)).delays == {}
    assert read().changes.is_empty()


COSTS = (
    service("as_is", "ward", 180, 340.0, 3000.0),
    service("to_be", "ward", 96, 330.0, None),
    service("to_be", "house", 84, 180.0, 900.0),
)


def test_blanks_are_filled_from_the_service_costs() -> None:
    told = read(
        number(Parameter.PEOPLE, "ward", None),
        number(Parameter.COST, "ward", None),
        number(Parameter.COST, "house", None),
        number(Parameter.SETTING_COST, "ward", None),
        number(Parameter.COST, "home", None),
        number(Parameter.INCOME, "ward", None),
        number(Parameter.PEOPLE, "house", 5),
        changes=(
            change(Parameter.MOVES, "ward", None, to="house"),
            change(Parameter.JOINING, "house", None),
            change(Parameter.COST, "ward", None, how="set to"),
            change(Parameter.JOINING, "ward", None),
        ),
        costs=COSTS,
    )
    assert told.parameters["value"].to_list() == [180, 340, 180, 3000, None, None, 5]
    assert told.parameters["is_found"].to_list() == [True, True, True, True, False, False, False]
    assert told.changes["value"].to_list() == [84, 84, 330, None]


def test_nobody_more_is_nought_without_a_sign() -> None:
    same = [service(state, "ward", 180, 340.0, 3000.0) for state in ("as_is", "to_be")]
    changes = (change(Parameter.MOVES, "ward", None, to="house"), change(Parameter.JOINING, "ward", None))
    assert [str(value) for value in read(changes=changes, costs=(*same,)).changes["value"]] == ["0.0", "0.0"]


def test_what_is_told_in_two_ways_stays_empty() -> None:
    twice = (*COSTS, service("as_is", "ward", 170, 340.0, 3000.0))
    told = read(number(Parameter.PEOPLE, "ward", None), number(Parameter.COST, "ward", None), costs=twice)
    assert told.parameters["value"].to_list() == [None, 340]
    both = [change(Parameter.MOVES, "ward", None, to=to) for to in ("house", "home")]
    assert read(changes=(*both,), costs=COSTS).changes["value"].to_list() == [None, None]
    later = (both[0], both[1] | {"scenario": "another"}, change(Parameter.MOVES, "ward", 3, to="home"))
    assert read(changes=later, costs=COSTS).changes["value"].to_list() == [84, 84, 3]


def faults(*numbers: Row, changes: tuple[Row, ...] = (), settings: tuple[str, ...] = NAMES, **facts: Any) -> list[str]:
    return faults_of(told_by(settings, list(numbers), changes=list(changes), **facts))


def test_a_model_without_faults() -> None:
    rest = number(Parameter.SHARE, "ward", None, to="home")
    good = (*WARD, number(Parameter.SHARE, "ward", 0.4, to="house"), rest)
    assert faults(*good, changes=(change(Parameter.MOVES, "ward", 3, to="house"),)) == []
    assert faults() == []


NOT_IN_ALL = "it is told as “set to” or “multiplied by” or “raised by”, not “in all”."
WRONG_NUMBERS = {
    "N1 (places): the model has no setting called “barn”.": number(Parameter.PLACES, "barn", 3),
    "N1 (places): name the setting.": number(Parameter.PLACES, "", 3),
    "N1 (places): it is of one setting. Leave the destination empty.": number(Parameter.PLACES, "ward", 3, to="house"),
    "N1 (cost of a move): the model has no setting called “barn” to go to.": number(
        Parameter.MOVE_COST, "ward", 3, to="barn"
    ),
    "N1 (cost of a move): name the setting to go to.": number(Parameter.MOVE_COST, "ward", 3),
    "N1 (cost of a move): people cannot move from a setting to itself.": number(
        Parameter.MOVE_COST, "ward", 3, to="ward"
    ),
    "N1 (inflation a year): it is of the whole model. Leave setting and destination empty.": number(
        Parameter.INFLATION, "ward", 0.02
    ),
    "N1 (inflation a year): prices cannot fall by more than 99% a year.": number(Parameter.INFLATION, "", -2),
    "N1 (places): the value is not known. Enter it.": number(Parameter.PLACES, "ward", None),
    "N1 (length of stay in weeks): a stay is at least 0.14 weeks, which is the shortest step.": number(
        Parameter.STAY, "ward", 0
    ),
    "N1 (length of stay in weeks): the stay, or the lower end of its interval, is shorter than a step. "
    "Take 3 steps a month.": number(Parameter.STAY, "ward", 1.5),
    "ward: shares of those whose stay ends, and changes of it, need its length of stay in weeks.": number(
        Parameter.SHARE, "ward", 0.5, to="house"
    ),
    "N1 (cost of a place a week): it needs the number of places. Enter “places” of ward.": number(
        Parameter.PLACE_COST, "ward", 3
    ),
    "N1 (staff for a place): it needs the number of places. Enter “places” of ward.": number(
        Parameter.STAFF_PER_PLACE, "ward", 3
    ),
}
WRONG_CHANGES = {
    "C1 (people who join): it is told “in all”.": change(Parameter.JOINING, "ward", 3, how="set to"),
    f"C1 (places): {NOT_IN_ALL}": change(Parameter.PLACES, "ward", 3),
    "C1 (places): it ends before it starts.": change(Parameter.PLACES, "ward", 3, how="set to", ends=date(2026, 3, 31)),
    "C1 (people who join): it is spread evenly from its start to its end. Leave ramp_months empty.": change(
        Parameter.JOINING, "ward", 3, ramp_months=3
    ),
    "C1 (people who join): it starts before the model, which would miss a part of it. Let it start in 2026-04.": change(
        Parameter.JOINING, "ward", 3, starts=date(2026, 3, 31)
    ),
    "C1 (places): the value is not known. Enter it.": change(Parameter.PLACES, "ward", None, how="set to"),
    "C1 (people to move): name the setting to go to.": change(Parameter.MOVES, "ward", 3),
    "C1 (length of stay in weeks): the stay, or the lower end of its interval, is shorter than a step. "
    "Take 2 steps a month.": change(Parameter.STAY, "ward", 0.1, how="multiplied by"),
    "C1 (length of stay in weeks): a stay is at least 0.14 weeks, which is the shortest step.": change(
        Parameter.STAY, "ward", -30, how="raised by"
    ),
    "C1 (cost of a place a week): it needs the number of places. Enter “places” of ward.": change(
        Parameter.PLACE_COST, "ward", 3, how="raised by"
    ),
    "ward: give either a length of stay with shares of where people go, or shares that move a month.": change(
        Parameter.RATE, "ward", 0.1, to="house", how="set to"
    ),
    "house: shares of those whose stay ends, and changes of it, need its length of stay in weeks.": change(
        Parameter.SHARE, "house", 0.1, to="home", how="set to"
    ),
}


@pytest.mark.parametrize(("sentence", "row"), WRONG_NUMBERS.items())
def test_each_sentence_on_a_number(sentence: str, row: Row) -> None:
    assert faults(row) == [sentence]


@pytest.mark.parametrize(("sentence", "row"), WRONG_CHANGES.items())
def test_each_sentence_on_a_change(sentence: str, row: Row) -> None:
    assert faults(*WARD, changes=(row,)) == [sentence]


def named(*scenarios: str) -> list[str]:
    """What is wrong with a model of scenarios of these names."""
    return faults(changes=tuple(change(Parameter.JOINING, "ward", 3, scenario=name) for name in scenarios))


def test_each_sentence_on_a_model() -> None:
    assert faults(settings=()) == ["The model has no settings. Add those between which people move."]
    assert faults(settings=("a", "b", "a")) == ["Two settings are called a. Give each a name of its own."]
    assert faults(doubled=("a",)) == ["Two scenarios are called a. Give each a name of its own."]
    assert faults(changes=(change(Parameter.JOINING, "ward", 3, scenario="As it is"),)) == [
        "A scenario is called “As it is”, as services without any change are. Give it another name."
    ]
    assert named("No option", "B") == [
        "A scenario is called “No option”, as a choice without options is. Give it another name."
    ]
    assert named("A", "B", "A + B") == [
        "A scenario is called “A + B”, as the choice of A and B together is. Give it another name."
    ]
    assert named("A", "A (1.5 times)") == [
        "A scenario is called “A (1.5 times)”, as a size of A is. Give it another name."
    ]
    assert named("A", "A + C", "B (2 times)") == []
    lever = change(Parameter.JOINING, "ward", 3, lever="The scenario in all")
    assert faults(changes=(lever,)) == [
        "A lever is called “The scenario in all”, as what all levers add is. Give it another name."
    ]
    assert faults(changes=(lever | {"lever": "Nothing"},)) == [
        "A lever is called “Nothing”, as a plan without options is. Give it another name."
    ]
    for facts in ({"months": 0}, {"steps": 0}):
        assert faults(**facts) == ["The model has no months or steps. Give it at least one of each."]


def test_scenarios_of_one_name_are_told_once_and_of_their_own_model() -> None:
    rows = [("S1", "m", PLAN), ("S2", "m", "other"), ("S3", "m", PLAN), ("S4", "m", PLAN), ("S5", "another", "other")]
    tables = FlowTables(
        table("flow_models", MODEL, {**MODEL, "model": "another"}),
        table("flow_settings", *SETTINGS),
        table("flow_parameters", {**number(Parameter.PEOPLE, "ward", 9), "code": "N1", "model": "m"}),
        table("scenarios", *({"code": code, "model": model, "scenario": name} for code, model, name in rows)),
    )
    told = [told_of(tables, model, weeks=WEEKS) for model in ("m", "another")]
    assert [list(each.doubled) for each in told] == [[PLAN], []]
    assert faults_of(told[0]) == [f"Two scenarios are called {PLAN}. Give each a name of its own."]


def test_each_sentence_on_several_rows() -> None:
    rate, leaving = number(Parameter.RATE, "ward", 0.6, to="house"), number(Parameter.LEAVING, "ward", 0.5)
    assert faults(WARD[1], leaving) == [
        "ward: give either a length of stay with shares of where people go, or shares that move a month."
    ]
    assert faults(rate, leaving) == ["ward: its shares that move or leave services a month add up to more than 1."]
    shares = [number(Parameter.SHARE, "ward", 0.6, to=to) for to in ("house", "home")]
    assert faults(*WARD, *shares) == ["ward: its shares of those whose stay ends add up to more than 1."]
    rests = [number(Parameter.SHARE, "ward", None, to=to) for to in ("house", "home")]
    assert faults(*WARD, *rests) == [
        "N4 (share of those whose stay ends): another flow already takes the rest. Enter the share of one of them."
    ]
    assert faults(*WARD, WARD[0]) == ["N3 (people at the start): another row tells this number. Remove one of them."]
    join = change(Parameter.JOINING, "ward", 3)
    assert faults(changes=(join,), delays={"other": 0}) == [
        f"C1 (people who join): there is no scenario called “{PLAN}”."
    ]
    short = number(Parameter.STAY, "ward", 6) | {"lower": 4, "upper": 8}
    assert faults(short) == [
        "N1 (length of stay in weeks): the stay, or the lower end of its interval, is shorter than a step. "
        "Take 2 steps a month."
    ]
    assert faults(short, steps=2) == []


def test_the_last_day_of_a_month_is_not_after_its_first() -> None:
    row = change(Parameter.PLACES, "ward", 3, how="set to", starts=date(2026, 4, 30), ends=START)
    assert faults(changes=(row,)) == []


def test_a_stay_of_a_step_is_long_enough() -> None:
    assert faults(number(Parameter.STAY, "ward", WEEKS / 12)) == []
    assert faults(number(Parameter.STAY, "ward", WEEKS / 12 / 31), steps=31) == []
    assert faults(number(Parameter.STAY, "ward", 1), steps=5) == []


def test_doubts() -> None:
    def doubts(*changes: Row, **facts: Any) -> list[str]:
        return doubts_of(told_by(NAMES, WARD, changes=list(changes), months=12, **facts))

    moves, team = (
        change(Parameter.MOVES, "ward", 6, to="house", ends=on(11)),
        change(Parameter.TEAM, "ward", 2, to="house", how="set to", ramp_months=12),
    )
    assert doubts(moves, team) == []
    slow = "it grows over 12 months and holds for 11, so it is never whole."
    assert (
        doubts(moves, team | {"starts": on(1)})
        == doubts(moves, team | {"ends": on(10)})
        == [f"C2 (workers of the team): {slow}"]
    )
    alone = "no change of the scenario tells how many people to move there, so the team moves nobody."
    assert doubts(moves, team | {"scenario": "other"}) == [f"C2 (workers of the team): {alone}"]
    assert doubts(moves, delays={PLAN: 1}) == [
        "C1 (people to move): a part of it comes after the last month of the model."
    ]
    late = change(Parameter.PLACES, "ward", 3, how="set to", starts=on(12))
    assert doubts(late) == ["C1 (places): it begins after the last month of the model."]
    early = late | {"starts": on(-9), "ends": on(-1)}
    assert doubts(early) == ["C1 (places): it ends before the first month of the model."]
    assert doubts(early, delays={PLAN: 1}) == []


def test_a_change_that_changes_nothing_is_doubted() -> None:
    def doubts(*changes: Row) -> list[str]:
        places = number(Parameter.PLACES, "house", 3)
        return doubts_of(told_by(NAMES, [*WARD, places], changes=list(changes), months=12))

    more = change(Parameter.PLACES, "ward", 3, how="raised by")
    unlimited = "C1 (places): the setting has no limit of places, so nothing changes. Enter its places, or set them."
    assert doubts(more) == doubts(more | {"operation": "multiplied by"}) == [unlimited]
    assert doubts(more | {"setting": "house"}) == doubts(more | {"operation": "set to"}) == []
    assert doubts(more, more | {"operation": "set to"}) == []
    twice = change(Parameter.INCOME, "ward", 2, how="multiplied by")
    assert doubts(twice) == ["C1 (income from a person a week): it multiplies a number that is 0, so nothing changes."]
    assert doubts(twice, change(Parameter.INCOME, "ward", 9, how="set to")) == []
    assert doubts(twice | {"parameter": Parameter.STAY.value}) == []


PICKED = st.integers(0, 100_000).map(Random)


@settings(deadline=None)
@given(PICKED)
def test_what_has_no_faults_can_be_run_and_gives_numbers(pick: Random) -> None:
    """Rows are left out, and given numbers, dates and names that may not be: all is run of which nothing is said."""
    told = at_random(pick)
    hostile = Told(
        **{
            **vars(told),
            "parameters": _hostile(told.parameters, pick),
            "changes": _hostile(told.changes, pick),
            "delays": {PLAN: pick.randrange(9)},
        }
    )
    if faults_of(hostile):
        return
    drawing = by_chance(Chance(8, 1))
    case = case_of(hostile, drawing)
    levers = levers_of(hostile, case, scenario=PLAN, drawing=drawing)
    for chance in (None, Chance(8, 1)):
        outcome = outcome_of(case, levers, chance=chance)
        for frame in measured(outcome, periods=hostile.periods):
            name, values = frame["measure"][0], frame["value"]
            assert name in ("places", "occupancy") or not values.is_null().any()
            assert name in ("places", "occupancy", "cost", "net cost") or (values >= -1e-9).all()


def _hostile(rows: pl.DataFrame, pick: Random) -> pl.DataFrame:
    """The rows with one or two of them made strange."""
    made = rows.to_dicts()
    for row in pick.sample(made, min(len(made), pick.randrange(3))):
        key = pick.choice(["value", "value", "lower", "setting", "destination", "starts", "ends", "ramp_months", "out"])
        strange = {
            "value": pick.choice([None, 0, 1, -1, 1e9, 1e-9]),
            "lower": pick.choice([None, 0, 1]),
            "setting": pick.choice(["", "hostel", "barn"]),
            "destination": pick.choice(["", "house", "barn"]),
            "starts": pick.choice([date(1950, 1, 1), date(2090, 1, 1)]),
            "ends": pick.choice([date(1950, 1, 1), date(2090, 1, 1)]),
            "ramp_months": 600,
        }
        if key == "out":
            made.remove(row)
        elif key in row:
            row[key] = strange[key]
    return pl.DataFrame(made, schema=rows.schema)
