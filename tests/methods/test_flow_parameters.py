"""What a flow model is told: how numbers are drawn, and the words for those that cannot be used."""

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.chance import Chance, normals
from parity.methods.flow_parameters import (
    AT_START,
    MEANINGS,
    OF_CHANGES,
    TOTALS,
    Parameter,
    as_stated,
    by_chance,
    drawn,
    faults_of_values,
    name_of,
)
from parity.sources.brought.programme import house_schemas

CHANCE = Chance(400, 7)
SPREAD = 2 * NormalDist().inv_cdf(0.975)


def row(parameter: Parameter, value: float | None, *ends: float | None, how: str | None = None) -> dict[str, Any]:
    lower, upper = ends or (None, None)
    return {
        "code": "N1",
        "parameter": parameter.value,
        "operation": how,
        "value": value,
        "lower": lower,
        "upper": upper,
    }


def test_a_number_without_an_interval_is_one_column() -> None:
    for ends in ((), (3.0, None), (None, 3.0), (3.0, 3.0)):
        assert drawn(row(Parameter.PLACES, 3, *ends), name="x", chance=CHANCE).tolist() == [3]


@given(st.floats(0.01, 0.98), st.floats(0.001, 0.5), st.floats(0.001, 0.5))
def test_shares_on_the_logit_scale_against_a_loop(value: float, below: float, above: float) -> None:
    lower, upper = value * (1 - below), value + (1 - value) * above
    found = drawn(row(Parameter.SHARE, value, lower, upper), name="x", chance=CHANCE)
    assert found[0] == value
    for draw, normal in zip(found[1:], normals(CHANCE, ["x"])[0, 0].tolist(), strict=True):
        odds = value / (1 - value) * (upper / (1 - upper) * (1 - lower) / lower) ** (normal / SPREAD)
        assert draw == pytest.approx(odds / (1 + odds))


@given(st.floats(0.1, 1000), st.floats(0.001, 0.9), st.floats(0.001, 3), st.sampled_from([None, "multiplied by"]))
def test_others_on_the_logarithmic_scale_against_a_loop(value: float, below: float, more: float, how: str) -> None:
    lower, upper = value * (1 - below), value * (1 + more)
    parameter = Parameter.SHARE if how else Parameter.COST
    found = drawn(row(parameter, value, lower, upper, how=how), name="x", chance=CHANCE)
    for draw, normal in zip(found[1:], normals(CHANCE, ["x"])[0, 0].tolist(), strict=True):
        assert draw == pytest.approx(value * (upper / lower) ** (normal / SPREAD))


@given(st.floats(-10, 10), st.floats(0, 10), st.floats(0.01, 10))
def test_numbers_around_nothing_on_their_own_scale_against_a_loop(value: float, below: float, above: float) -> None:
    lower, upper = min(value - below, 0), value + above
    found = drawn(row(Parameter.COST, value, lower, upper, how="raised by"), name="x", chance=CHANCE)
    for draw, normal in zip(found[1:], normals(CHANCE, ["x"])[0, 0].tolist(), strict=True):
        assert draw == pytest.approx(value + (upper - lower) / SPREAD * normal, abs=1e-9)


@pytest.mark.parametrize(
    ("one", "least", "most"),
    [
        (row(Parameter.ARRIVALS, 5, 0, 12), 0, None),
        (row(Parameter.RATE, 0.95, 0.9, 1), None, 1),
        (row(Parameter.SHARE, 0.5, 0, 1), 0, 1),
        (row(Parameter.INFLATION, -0.9, -0.99, 0), -0.99, None),
    ],
)
def test_draws_are_numbers_that_can_be(one: dict[str, Any], least: float | None, most: float | None) -> None:
    found = drawn(one, name="x", chance=CHANCE)
    assert least is None or found.min() == least
    assert most is None or found.max() == most


def test_what_is_paid_once_may_come_in() -> None:
    assert drawn(row(Parameter.ONCE, 5, -20, 30, how="in all"), name="x", chance=CHANCE).min() < -20


def test_draws_belong_to_what_a_number_is_of_and_not_to_its_scenario() -> None:
    one = row(Parameter.COST, 300, 250, 360) | {"model": "m", "setting": "house", "lever": "team", "destination": None}
    draw = by_chance(CHANCE)
    assert (draw(one) == draw({**one, "scenario": "B", "code": "N9", "destination": ""})).all()
    for key, other in (
        ("setting", "home"),
        ("model", "n"),
        ("lever", "x"),
        ("parameter", "income from a person a week"),
    ):
        assert draw(one)[0] == draw({**one, key: other})[0]
        assert (draw(one)[1:] != draw({**one, key: other})[1:]).all()
    assert name_of(one) == "flow|m|team|cost of a person a week|house||"
    assert as_stated(one).tolist() == [300]


def test_the_middle_of_the_draws_is_the_value_and_the_interval_holds_most() -> None:
    for one in (
        row(Parameter.SHARE, 0.15, 0.08, 0.26),
        row(Parameter.STAY, 26, 20, 34),
        row(Parameter.ARRIVALS, 5, 0, 10),
    ):
        found = drawn(one, name="x", chance=Chance(100_000, 1))[1:]
        low, middle, high = np.quantile(found, [0.025, 0.5, 0.975])
        assert (low, middle, high) == pytest.approx((one["lower"], one["value"], one["upper"]), rel=0.03, abs=0.05)


SENTENCES = {
    "the value is not known. Enter it.": row(Parameter.PLACES, None, 1, 2),
    "an interval has two ends. Enter both, or none.": row(Parameter.PLACES, 3, 1, None),
    "the value lies outside its own interval.": row(Parameter.PLACES, 3, 4, 5),
    "it is below 0.": row(Parameter.PLACES, -3),
    "prices cannot fall by more than 99% a year.": row(Parameter.INFLATION, -1),
    "a share is at most 1: enter 0.15 for 15 in a hundred.": row(Parameter.LEAVING, 15),
}


@pytest.mark.parametrize(("sentence", "one"), SENTENCES.items())
def test_each_sentence(sentence: str, one: dict[str, Any]) -> None:
    assert faults_of_values([one]) == [f"N1 ({one['parameter']}): {sentence}"]


def test_numbers_that_can_be_used() -> None:
    good = [
        row(Parameter.PLACES, 0),
        row(Parameter.PLACES, -3, how="raised by"),
        row(Parameter.RATE, 1, 0.5, 1),
        row(Parameter.RATE, 15, how="multiplied by"),
        row(Parameter.INFLATION, -0.02, -0.05, 0.01),
        row(Parameter.ONCE, -50_000, how="in all"),
    ]
    assert faults_of_values(good) == []
    assert faults_of_values([]) == []
    worst = row(Parameter.RATE, 0.5, 2, -1)
    assert len(faults_of_values([worst])) == 3


def test_every_number_has_a_meaning_and_is_offered_by_the_tables() -> None:
    assert set(MEANINGS) == set(Parameter)
    assert TOTALS <= OF_CHANGES
    offered = {
        stem: {
            name
            for entry in house_schemas()[stem].fields
            if entry["name"] == "parameter"
            for name in entry["constraints"]["enum"]
        }
        for stem in ("flow_parameters", "scenario_changes")
    }
    assert offered == {
        "flow_parameters": {one.value for one in Parameter if one not in OF_CHANGES},
        "scenario_changes": {one.value for one in Parameter if one not in AT_START},
    }
