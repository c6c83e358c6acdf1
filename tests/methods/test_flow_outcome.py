"""What becomes of scenarios, against the tables told one number after the other, and what must hold of any."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.chance import Chance
from parity.methods.flow import Rationing
from parity.methods.flow_case import Account, Told, case_of
from parity.methods.flow_outcome import (
    BANDS,
    Outcome,
    banded,
    measured,
    occupancy,
    outcome_of,
    waiting_for_place,
    waiting_for_staff,
)
from parity.methods.flow_parameters import Drawing, Parameter, as_stated, by_chance
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from tests.methods.flow_plainly import plainly
from tests.methods.flow_told import PLAN, Row, at_random, change, number, on, told_by

CHANCE = Chance(6, 4)
TWO = ("ward", "house")
MOVE = [
    number(Parameter.PEOPLE, "ward", 180),
    number(Parameter.COST, "ward", 339.9),
    number(Parameter.COST, "house", 183.1),
]
ALL_MOVE = change(Parameter.MOVES, "ward", 84, to="house", ends=on(35))
PICKED = st.integers(0, 10_000).map(Random)


def outcome(told: Told, drawing: Drawing = as_stated, *, chance: Chance | None = None, scenario: str = PLAN) -> Outcome:
    case = case_of(told, drawing)
    return outcome_of(case, levers_of(told, case, scenario=scenario, drawing=drawing), chance=chance)


def moving(*changes: Row, numbers: tuple[Row, ...] = (), months: int = 48, **facts: Any) -> Outcome:
    return outcome(told_by(TWO, [*MOVE, *numbers], changes=[ALL_MOVE, *changes], months=months, **facts))


@settings(deadline=None)
@given(PICKED, st.integers(0, CHANCE.draws))
def test_outcomes_against_the_tables_told_plainly(pick: Random, column: int) -> None:
    told, drawing = replace(at_random(pick), rationing=Rationing.PROPORTIONAL), by_chance(CHANCE)
    found, wanted = outcome(told, drawing), plainly(told, PLAN, drawing=drawing, column=column)
    people = found.run.series[Series.PEOPLE][1:]
    assert people[..., column % people.shape[-1]] == pytest.approx(np.array(wanted["people"]), abs=1e-9)
    for of in Account:
        amounts = found.accounts[of]
        assert amounts[:, column % amounts.shape[-1]] == pytest.approx(np.array(wanted[of.value]), abs=1e-9)


@settings(deadline=None)
@given(PICKED)
def test_nobody_is_lost_or_owed(pick: Random) -> None:
    """Who was there and who arrived is there or has left, to the billionth; nowhere are fewer than no people."""
    series = outcome(at_random(pick), by_chance(CHANCE)).run.series
    people = series[Series.PEOPLE]
    there = people[1:].sum(axis=1)
    came = people[0].sum(axis=0) + np.cumsum(series[Series.ARRIVED].sum(axis=1), axis=0)
    assert there == pytest.approx(came - np.cumsum(series[Series.LEFT].sum(axis=1), axis=0), abs=1e-9)
    assert min(rows.min(initial=0) for rows in series.values()) >= -1e-9


@settings(deadline=None)
@given(PICKED, st.sampled_from([None, CHANCE]))
def test_the_first_column_is_the_stated_numbers_alone(pick: Random, chance: Chance | None) -> None:
    told = at_random(pick)
    plain, drawn = outcome(told), outcome(told, by_chance(CHANCE), chance=chance)
    for name, rows in plain.run.series.items():
        assert drawn.run.series[name][..., 0] == pytest.approx(rows[..., 0], rel=1e-12, abs=1e-12)
    for of, rows in plain.accounts.items():
        assert drawn.accounts[of][:, 0] == pytest.approx(rows[:, 0], rel=1e-12, abs=1e-9)


@settings(deadline=None)
@given(PICKED)
def test_nothing_but_numbers_is_told(pick: Random) -> None:
    """Null are only the places of a setting without limit, and its occupancy."""
    told = at_random(pick)
    for frame in measured(outcome(told, by_chance(CHANCE)), periods=told.periods):
        name = frame["measure"][0]
        unknown = frame.filter(pl.any_horizontal(pl.col("value", "mean", *BANDS).is_null()))
        assert name in ("places", "occupancy") or unknown.is_empty()
        assert frame.select(pl.col("value", "mean", *BANDS).is_nan().any()).row(0) == (False,) * 6


@settings(deadline=None)
@given(PICKED)
def test_whole_people_stay_whole(pick: Random) -> None:
    told = at_random(pick)
    found = outcome(told, by_chance(CHANCE), chance=CHANCE).run.series
    for name in (Series.PEOPLE, Series.MOVED, Series.LEFT, Series.ARRIVED):
        drawn = found[name][..., 1:]
        assert drawn.shape[-1] == CHANCE.draws
        assert (drawn == np.floor(drawn)).all()


@pytest.mark.parametrize("steps", [1, 4, 7])
@pytest.mark.parametrize("rationing", list(Rationing))
@pytest.mark.parametrize("managed", [0.3, 0.5, 1, 1.75])
def test_a_team_moves_as_many_whole_people_as_it_manages(rationing: Rationing, steps: int, managed: float) -> None:
    """A step has less than a person's share of a plan and of a team's time; in a year they make whole people."""
    changes = [
        change(Parameter.MOVES, "ward", 100, to="house", ends=on(11)),
        change(Parameter.TEAM, "ward", 2, to="house", how="set to"),
        change(Parameter.MOVES_OF_WORKER, "ward", managed, to="house", how="set to"),
    ]
    told = told_by(TWO, [number(Parameter.PEOPLE, "ward", 150)], changes=changes, rationing=rationing, steps=steps)
    series = outcome(told, by_chance(CHANCE), chance=CHANCE).run.series
    stated, *drawn = series[Series.MOVED].sum(axis=(0, 1))
    assert stated == pytest.approx(24 * managed)
    assert drawn == [int(stated + 1e-6)] * CHANCE.draws
    waiting = [series[name][..., 1:] for name in (Series.DUE_BY_FLOW, Series.HELD_BY_FLOW)]
    assert all((rows == np.floor(rows)).all() for rows in waiting)
    assert (waiting[0] == waiting[1]).all()


def test_the_last_whole_person_moves_where_two_plans_want_them() -> None:
    changes = [change(Parameter.MOVES, "hostel", 10, to=end) for end in ("house", "home")]
    told = told_by(("hostel", "house", "home"), [number(Parameter.PEOPLE, "hostel", 5)], changes=changes)
    people = outcome(told, by_chance(CHANCE), chance=CHANCE).run.series[Series.PEOPLE]
    assert (people[-1, 0] == 0).all()
    assert len({tuple(column) for column in people[-1].T}) > 1


@given(st.floats(0, 60), st.floats(0, 30), st.sampled_from(list(Rationing)))
def test_more_places_let_more_people_move_and_fewer_wait(places: float, more: float, rationing: Rationing) -> None:
    few, many = (
        moving(numbers=(number(Parameter.PLACES, "house", limit),), rationing=rationing)
        for limit in (places, places + more)
    )
    moved = [np.cumsum(each.run.series[Series.MOVED][:, 0, 0]) for each in (few, many)]
    assert (moved[1] >= moved[0] - 1e-9).all()
    assert (waiting_for_place(many) <= waiting_for_place(few) + 1e-9).all()
    assert (many.run.series[Series.PEOPLE][:, 1] <= max(places + more, 0) + 1e-9).all()


def test_leicesters_plan_of_moves_by_hand() -> None:
    """Of 180 people 84 move, evenly over three years; each saves £339.90 less £183.10 a week (methods, move on)."""
    plan, base = moving(), moving_nobody()
    people = plan.run.series[Series.PEOPLE][:, :, 0]
    assert people[[12, 24, 36, 48]].tolist() == pytest.approx(np.array([[152, 28], [124, 56], [96, 84], [96, 84]]))
    saved = (base.net - plan.net)[:, 0]
    assert saved[36:48].sum() == pytest.approx(684_902.40)
    assert saved[:12].sum() == pytest.approx(684_902.40 * sum(range(1, 13)) / 36 / 12)


def moving_nobody() -> Outcome:
    return outcome(told_by(TWO, MOVE, months=48), scenario="nothing")


def test_voids_and_double_running() -> None:
    """Four weeks of double running and two of a place left empty: six weeks of £339.90 for each of 84."""
    more = (number(Parameter.DOUBLE_RUNNING, "ward", 4, to="house"), number(Parameter.VOID, "ward", 2, to="house"))
    extra = (moving(numbers=more).net - moving().net)[:, 0]
    assert extra.sum() == pytest.approx(84 * 6 * 339.9)
    assert extra[[0, 35, 36]].tolist() == pytest.approx([7 / 3 * 6 * 339.9, 7 / 3 * 6 * 339.9, 0])


def test_who_waits_for_staff_and_who_for_a_place() -> None:
    able, limit = number(Parameter.MOVES_OF_WORKER, "ward", 1, to="house"), number(Parameter.PLACES, "house", 24)
    team = change(Parameter.TEAM, "ward", 2, to="house", how="set to")
    staff = waiting_for_staff(moving(team, numbers=(able,)))[:, :, 0]
    assert staff[[0, 11, 35, 47], 1] == pytest.approx([1 / 3, 4, 12, 0])
    full = moving(numbers=(limit,))
    assert waiting_for_place(full)[[11, 12, 35], 1, 0] == pytest.approx([4, 4 + 7 / 3, 60])
    assert not waiting_for_staff(full).any()
    assert occupancy(full)[[11, 35], 1, 0].tolist() == pytest.approx([1, 1])
    assert np.isnan(occupancy(full)[:, 0]).all()


def test_nobody_waits_who_is_not_there() -> None:
    """A plan to move 84 of 50 people leaves 34 due for ever, who do not exist."""
    told = told_by(TWO, [number(Parameter.PEOPLE, "ward", 50)], changes=[ALL_MOVE], months=48)
    found = outcome(told)
    assert found.run.series[Series.DUE_BY_FLOW][47, 0, 0] == pytest.approx(34)
    assert waiting_for_place(found)[47].tolist() == [[0], [0]]
    slow = change(Parameter.TEAM, "ward", 1, to="house", how="set to")
    able = number(Parameter.MOVES_OF_WORKER, "ward", 1, to="house")
    late = outcome(told_by(TWO, [number(Parameter.PEOPLE, "ward", 50), able], changes=[ALL_MOVE, slow], months=48))
    assert waiting_for_staff(late)[47, 1, 0] == pytest.approx(2)


def test_a_list_is_kept_under_longest_wait() -> None:
    limit = number(Parameter.PLACES, "house", 24)
    found = moving(numbers=(limit,), rationing=Rationing.LONGEST_WAIT)
    assert waiting_for_place(found)[[11, 12, 35], 1, 0] == pytest.approx([4, 4 + 7 / 3, 60])


def test_prices_grow_for_money_and_not_for_staff() -> None:
    numbers = (number(Parameter.INFLATION, "", 0.02), number(Parameter.STAFF_PER_PERSON, "ward", 0.5))
    flat, grown = (moving(numbers=rows, months=25) for rows in (numbers[1:], numbers))
    assert grown.net[[0, 12, 24], 0] / flat.net[[0, 12, 24], 0] == pytest.approx([1, 1.02, 1.0404])
    assert (grown.accounts[Account.STAFF] == flat.accounts[Account.STAFF]).all()


def test_what_is_not_asked_for_is_not_kept() -> None:
    case = case_of(told_by(TWO, MOVE), as_stated)
    found = outcome_of(case, Levers(), keep=[])
    assert set(found.run.series) == {Series.PERSON_MONTHS, Series.MOVED}
    assert found.net.shape == (12, 1)


@given(st.integers(1, 4), st.integers(1, 30), st.integers(0, 5))
def test_bands_against_sorted_draws(periods: int, draws: int, seed: int) -> None:
    numbers = np.random.default_rng(seed).normal(size=(periods, 2, 1 + draws))
    frame = banded(numbers, items=("a", "b"), periods=[f"m{month}" for month in range(periods)])
    assert frame.select("item", "period").rows() == [(item, f"m{month}") for month in range(periods) for item in "ab"]
    for row, cell in zip(frame.iter_rows(named=True), numbers.reshape(-1, 1 + draws), strict=True):
        assert (row["value"], row["mean"]) == pytest.approx((cell[0], sum(cell[1:]) / draws))
        ends = np.quantile(cell[1:], [0.025, 0.975, 0.1, 0.9])
        assert [row[name] for name in BANDS] == pytest.approx(ends.tolist())


def test_bands_of_what_is_not_drawn_or_not_known() -> None:
    (row,) = banded(np.full((1, 1, 1), 5.0), items=("",), periods=["m"]).to_dicts()
    assert set(row.values()) == {"", "m", 5.0}
    unknown = banded(np.array([[[3.0, 1.0, np.nan]]]), items=("",), periods=["m"])
    assert unknown.select("value", "mean", *BANDS).rows() == [(3, None, None, None, None, None)]
    assert banded(np.zeros((0, 1, 3)), items=("",), periods=[]).height == 0


def test_the_measures_of_an_outcome() -> None:
    rows = measured(moving(months=2), periods=["2026-04", "2026-05"])
    found = {frame["measure"][0]: frame for frame in rows}
    by_setting = ("people", "waiting for a place", "waiting for staff", "places", "occupancy")
    assert tuple(found) == (*by_setting, "cost", "income", "staff", "net cost")
    assert found["people"].select("item", "period", "value").rows()[-1] == ("house", "2026-05", pytest.approx(14 / 3))
    assert {found[name].height for name in by_setting} == {4}
    assert found["net cost"]["value"].to_list() == pytest.approx(
        [(180 - 7 / 3 * month) * 339.9 * 52 / 12 + 7 / 3 * month * 183.1 * 52 / 12 for month in (1, 2)]
    )
