"""A flow model made ready to run from what tables tell."""

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.chance import Chance
from parity.methods.flow import impossible
from parity.methods.flow_case import (
    Account,
    Case,
    case_of,
    cost_of_move,
    flows_of,
    in_rows,
    leaving_in_month,
    leaving_rates,
    shares_of_ended,
)
from parity.methods.flow_parameters import Of, Parameter, as_stated, by_chance
from parity.methods.flow_run import Series, run
from tests.methods.flow_told import SETTINGS, WEEKS, Row, at_random, change, number, told_by

STAY = [
    number(Parameter.PEOPLE, "ward", 10),
    number(Parameter.STAY, "ward", 26),
    number(Parameter.SHARE, "ward", 0.5, to="house"),
    number(Parameter.SHARE, "ward", 0.3, to="home"),
]
THREE = ("ward", "house", "home")


def stated(*numbers: Row, settings: tuple[str, ...] = THREE, **facts: object) -> Case:
    return case_of(told_by(settings, list(numbers), **facts), as_stated)


def test_a_year_of_weeks_is_twelve_months() -> None:
    case = stated(
        number(Parameter.COST, "ward", 300),
        number(Parameter.INCOME, "ward", 30),
        number(Parameter.PLACE_COST, "house", 60),
        number(Parameter.PLACES, "house", 4),
        number(Parameter.SETTING_COST, "home", 6000),
        number(Parameter.STAFF, "ward", 3),
        number(Parameter.STAFF_PER_PERSON, "house", 0.5),
        number(Parameter.STAFF_PER_PLACE, "house", 0.25),
        number(Parameter.MOVE_COST, "ward", 100, to="house"),
        number(Parameter.DOUBLE_RUNNING, "ward", 4, to="house"),
        number(Parameter.VOID, "ward", 2, to="house"),
    )
    cost, income, staff = (case.accounts[of] for of in Account)
    assert cost.per_person[:, 0].tolist() == [1300, 0, 0]
    assert income.per_person[:, 0].tolist() == [130, 0, 0]
    assert cost.per_place[:, 0].tolist() == [0, 260, 0]
    assert cost.fixed[:, 0].tolist() == [0, 0, 500]
    assert cost.per_move.tolist() == [[1900]]
    assert cost_of_move(case, ("ward", "house")).tolist() == [1900]
    assert (staff.fixed[0, 0], staff.per_person[1, 0], staff.per_place[1, 0]) == (3, 0.5, 0.25)
    assert case.month.capacities[:, 0].tolist() == [np.inf, 4, np.inf]
    assert (case.row(("ward", "house"), Of.FLOW), case.row(("home", ""), Of.SETTING)) == (0, 2)


def test_prices_grow_or_fall_evenly_over_the_months() -> None:
    for growth in (0.0, 0.02, -0.5, -1.0):
        prices = stated(number(Parameter.INFLATION, "", growth), months=25).prices[:, 0]
        assert prices[[0, 12, 24]].tolist() == pytest.approx([1, 1 + growth, (1 + growth) ** 2])
        assert prices[6] == pytest.approx((1 + growth) ** 0.5)
    assert stated(months=3).prices.tolist() == [[1], [1], [1]]


def test_a_model_of_settings_alone_has_no_flows() -> None:
    case = stated(number(Parameter.PEOPLE, "ward", 3))
    assert (case.model.flows, case.month.rates.shape) == ((), (0, 1))
    assert impossible(case.model, case.start, month=case.month) == []


def test_flows_that_only_a_change_names() -> None:
    changes = [change(Parameter.MOVES, "house", 3, to="home"), change(Parameter.PLACES, "house", 3, how="set to")]
    told = told_by(THREE, STAY, changes=changes)
    assert flows_of(told) == (("ward", "house"), ("ward", "home"), ("house", "home"))


def test_months_and_scenarios() -> None:
    rows = [change(Parameter.JOINING, "ward", 1, scenario=name) for name in ("B", "A", "B")]
    told = replace(told_by(THREE, STAY, changes=rows, months=3), starts=date(2026, 12, 1))
    assert (told.periods, told.scenarios) == (["2026-12", "2027-01", "2027-02"], ["B", "A"])


def test_shares_and_who_takes_the_rest() -> None:
    leaving = {where: float(share[0]) for where, share in shares_of_ended(stated(*STAY), "ward").items()}
    assert leaving == pytest.approx({("ward", "house"): 0.5, ("ward", "home"): 0.3, ("ward", ""): 0.2})
    numbers = [*STAY[:3], number(Parameter.SHARE, "ward", None, to="home")]
    rest = {where: float(share[0]) for where, share in shares_of_ended(stated(*numbers), "ward").items()}
    assert rest == pytest.approx({("ward", "house"): 0.5, ("ward", "home"): 0.5, ("ward", ""): 0})
    none = shares_of_ended(stated(*STAY[:2]), "ward")
    assert {where: share.tolist() for where, share in none.items()} == {("ward", ""): [1]}


@given(st.floats(0.02, 0.9), st.floats(0.02, 0.9), st.booleans())
def test_those_whose_stay_ends_all_go_somewhere(one: float, other: float, has_rest: bool) -> None:
    """In each draw, though shares that are drawn may add up to more than 1."""
    ends = [{"lower": value * 0.5, "upper": 1.0} for value in (one, other)]
    numbers = [
        *STAY[:2],
        number(Parameter.SHARE, "ward", one, to="house", **ends[0]),
        number(Parameter.SHARE, "ward", other, to="home", **ends[1]),
        *([number(Parameter.SHARE, "ward", None, to="club")] if has_rest else []),
    ]
    case = case_of(told_by((*THREE, "club"), numbers), by_chance(Chance(200, 3)))
    assert sum(shares_of_ended(case, "ward").values()) == pytest.approx(np.ones(201))
    ending = leaving_in_month(np.array([26.0]), weeks=WEEKS, steps=1)
    assert sum(leaving_rates(case, "ward").values()) == pytest.approx(np.full(201, ending[0]))
    assert impossible(case.model, case.start, month=case.month) == []


@given(st.floats(0.5, 200), st.integers(1, 31))
def test_a_share_that_leaves_in_a_month_against_a_loop(stay: float, steps: int) -> None:
    there = 1.0
    for _ in range(steps):
        there -= there * min(1 / (stay * 12 / 52 * steps), 1)
    assert leaving_in_month(np.array([stay]), weeks=52, steps=steps)[0] == pytest.approx(1 - there)


@given(st.floats(5, 60), st.floats(0.5, 50), st.integers(1, 8))
def test_in_a_steady_state_people_are_arrivals_times_stay(stay: float, arrivals: float, steps: int) -> None:
    """Little's law, whatever the steps: people ÷ those who leave in a month are the stay in months."""
    people = arrivals * stay * 12 / WEEKS
    numbers = [
        number(Parameter.PEOPLE, "ward", people),
        number(Parameter.ARRIVALS, "ward", arrivals),
        number(Parameter.STAY, "ward", stay),
        number(Parameter.SHARE, "ward", 0.4, to="home"),
    ]
    case = stated(*numbers, steps=steps)
    found = run(
        case.model, case.start, months=[case.month] * 24, keep=[Series.PEOPLE, Series.LEFT, Series.MOVED]
    ).series
    assert found[Series.PEOPLE][:, 0, 0] == pytest.approx(np.full(25, people))
    gone = found[Series.LEFT][:, 0, 0] + found[Series.MOVED][:, 0, 0]
    assert people / gone == pytest.approx(np.full(24, stay * 12 / WEEKS))


@given(st.integers(0, 10_000).map(Random))
def test_the_first_column_is_what_is_stated(pick: Random) -> None:
    told = at_random(pick)
    plain, drawn = case_of(told, as_stated), case_of(told, by_chance(Chance(20, 1)))
    for name, rows in plain.month.given.items():
        assert (drawn.month.given[name][:, :1] == rows).all()
    assert (drawn.start[:, :1] == plain.start).all()
    assert (drawn.prices[:, :1] == plain.prices).all()
    assert impossible(drawn.model, drawn.start, month=drawn.month) == []
    assert drawn.model.settings == SETTINGS


def test_rows_of_one_number_or_of_many() -> None:
    assert in_rows([np.array([1.0]), np.array([2.0, 3.0])]).tolist() == [[1, 1], [2, 3]]
    assert in_rows([]).shape == (0, 1)
