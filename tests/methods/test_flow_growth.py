"""Arrivals that grow with need, against the way one would work them out month by month."""

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.chance import Chance
from parity.methods.flow_case import case_of
from parity.methods.flow_growth import Need, growth, growth_levers, lasts, weights_of_years
from parity.methods.flow_levers import months_with
from parity.methods.flow_outcome import outcome_of
from parity.methods.flow_parameters import Drawing, Parameter, as_stated, at_ends, by_chance, name_of
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from tests.methods.flow_told import PLAN, Row, change, number, told_by

APRIL = date(2026, 4, 1)
NAME = "dementia"


def expected(years: dict[int, float], month: int) -> float:
    """The slow, obvious way: people at the middle of a month, counted from the year 0."""
    at, known = month + 0.5, sorted(years)
    middle = {year: year * 12 + 6 for year in known}
    if at <= middle[known[0]]:
        return years[known[0]]
    for before, after in pairwise(known):
        if at <= middle[after]:
            gone = (at - middle[before]) / (middle[after] - middle[before])
            return years[before] * (1 - gone) + years[after] * gone
    return years[known[-1]]


@st.composite
def needs(draw: Any) -> tuple[dict[int, float], date, int]:
    """People of some years, and months that lie in them."""
    years = sorted(draw(st.sets(st.integers(2018, 2043), min_size=1, max_size=6)))
    people = {year: draw(st.floats(1, 1e5)) for year in years}
    all_months = (years[-1] - years[0] + 1) * 12
    first = draw(st.integers(0, all_months - 1))
    return people, date(years[0] + first // 12, first % 12 + 1, 1), draw(st.integers(1, all_months - first))


@given(needs())
def test_growth_is_people_of_the_month_over_those_of_the_first(given_: tuple[dict[int, float], date, int]) -> None:
    people, starts, months = given_
    need = Need(tuple(people), np.array(list(people.values()))[:, None])
    first = starts.year * 12 + starts.month - 1
    slow = [expected(people, first + month) / expected(people, first) for month in range(months)]
    assert growth(need, starts=starts, months=months)[:, 0] == pytest.approx(slow, rel=1e-9)
    assert weights_of_years(need.years, starts=starts, months=months).sum(axis=1) == pytest.approx(np.ones(months))
    assert lasts(need.years, starts=starts, months=months)


def test_months_outside_the_years_are_told() -> None:
    assert lasts((2026, 2027), starts=date(2026, 1, 1), months=24)
    assert not lasts((2026, 2027), starts=date(2026, 1, 1), months=25)
    assert not lasts((2026, 2027), starts=date(2025, 12, 1), months=2)
    assert lasts((2026,), starts=date(2026, 12, 1), months=1)


def test_without_people_there_is_no_growth() -> None:
    found = growth(Need((2026, 2028), np.array([[0.0, 0.0], [5.0, 0.0]])), starts=date(2026, 1, 1), months=13)
    assert np.isnan(found[0]).all()
    assert np.isinf(found[12, 0])
    assert np.isnan(found[12, 1])


@given(needs(), st.integers(1, 3))
def test_the_levers_make_arrivals_so_many_times_those_stated(
    given_: tuple[dict[int, float], date, int], columns: int
) -> None:
    people, starts, months = given_
    drawn = np.random.default_rng(months).uniform(0.5, 2, (len(people), columns))
    need, arrivals = Need(tuple(people), np.array(list(people.values()))[:, None] * drawn), np.array([7.0])
    case = case_of(told_by(("ward",), [number(Parameter.ARRIVALS, "ward", 7.0)]), as_stated)
    levers = growth_levers(need, arrivals, name=NAME, row=0, starts=starts, months=months)
    found = [month.arrivals[0] for month in months_with(case.model, case.month, levers=levers, months=months)]
    wide = np.array([np.broadcast_to(row, columns) for row in found])
    assert wide == pytest.approx(7 * growth(need, starts=starts, months=months), rel=1e-9)


YEARS = (2026, 2027, 2028)
STATED = np.array([[1000.0], [1100.0], [1300.0]])
DRAWS = 4
NEED = Need(YEARS, STATED * np.hstack([np.ones((3, 1)), np.random.default_rng(5).uniform(0.9, 1.1, (3, DRAWS))]))


def arrived(drawing: Drawing, *changes: Row, need: Need = NEED, scenario: str = "", **ends: float) -> np.ndarray:
    """Months × columns: who arrived on a ward whose arrivals grow, and in a house whose arrivals do not."""
    numbers = [
        number(Parameter.ARRIVALS, "ward", 10.0, **ends) | {"grows_with": NAME},
        number(Parameter.ARRIVALS, "house", 5.0),
    ]
    told = told_by(("ward", "house"), numbers, changes=list(changes), needs={NAME: need}, months=24)
    case = case_of(told, drawing)
    levers = levers_of(told, case, scenario=scenario, drawing=drawing) if scenario else Levers()
    found = outcome_of(case, levers, keep={Series.ARRIVED}).run.series[Series.ARRIVED]
    assert found[:, 1] == pytest.approx(np.full((24, found.shape[-1]), 5.0))
    return np.asarray(found[:, 0])


def test_arrivals_of_a_model_grow_draw_by_draw() -> None:
    by_month = growth(NEED, starts=APRIL, months=24)
    assert arrived(by_chance(Chance(DRAWS, 1))) == pytest.approx(10 * by_month)
    assert arrived(as_stated) == pytest.approx(10 * by_month[:, :1])


def test_arrivals_that_are_drawn_grow_too() -> None:
    chance = Chance(DRAWS, 1)
    row = number(Parameter.ARRIVALS, "ward", 10.0, lower=8.0, upper=13.0) | {"operation": None, "model": "a model"}
    found = arrived(by_chance(chance), lower=8.0, upper=13.0)
    assert found == pytest.approx(by_chance(chance)(row) * growth(NEED, starts=APRIL, months=24))
    ends = arrived(at_ends([name_of(row)]), lower=8.0, upper=13.0)
    assert ends == pytest.approx(np.array([10, 8, 13]) * growth(NEED, starts=APRIL, months=24)[:, :1])


def test_of_more_draws_than_are_made_the_first_are_used() -> None:
    fewer = Need(YEARS, NEED.people[:, :3])
    assert arrived(by_chance(Chance(2, 1))) == pytest.approx(10 * growth(fewer, starts=APRIL, months=24))


def test_a_change_acts_on_what_has_grown() -> None:
    grown = 10 * growth(NEED, starts=APRIL, months=24)[:, :1]
    half = change(Parameter.ARRIVALS, "ward", 0.5, how="multiplied by", starts=date(2027, 4, 1))
    more = change(Parameter.ARRIVALS, "ward", 2.0, how="raised by", starts=date(2027, 4, 1))
    fixed = change(Parameter.ARRIVALS, "ward", 3.0, how="set to", starts=date(2027, 4, 1))
    later = np.arange(24)[:, None] >= 12
    assert arrived(as_stated, half, scenario=PLAN) == pytest.approx(np.where(later, grown * 0.5, grown))
    assert arrived(as_stated, more, scenario=PLAN) == pytest.approx(np.where(later, grown + 2, grown))
    assert arrived(as_stated, fixed, scenario=PLAN) == pytest.approx(np.where(later, 3.0, grown))
