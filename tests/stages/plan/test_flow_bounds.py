"""Changes that take a number below 0, or let more people leave than are there: a sentence on each, on others none."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.flow_case import Account, case_of
from parity.methods.flow_growth import Need
from parity.methods.flow_outcome import outcome_of
from parity.methods.flow_parameters import Parameter, as_stated
from parity.methods.flow_scenario import levers_of
from parity.plan.flow_tables import faults_of
from tests.methods.flow_told import PLAN, SETTINGS, Row, at_random, change, number, on, told_by

NAMES = ("ward", "house", "home")
NUMBERS = [
    number(Parameter.PEOPLE, "ward", 10),
    number(Parameter.PLACES, "ward", 12),
    number(Parameter.STAFF, "ward", 3),
    number(Parameter.COST, "ward", 100),
    number(Parameter.ARRIVALS, "ward", 2, grows_with="psychosis"),
    number(Parameter.RATE, "ward", 0.5, to="house"),
    number(Parameter.LEAVING, "ward", 0.3),
    number(Parameter.STAY, "house", 26),
    number(Parameter.SHARE, "house", 0.7, to="home"),
    number(Parameter.SHARE, "house", None, to="ward"),
]
SHARE = "share of those whose stay ends"
PEOPLE = np.array([[100.0], [200.0]])


def faults(*changes: Row, **facts: Any) -> list[str]:
    needs = {"psychosis": Need((2026, 2027), PEOPLE)}
    return faults_of(told_by(NAMES, NUMBERS, changes=list(changes), needs=needs, **facts))


def raised(parameter: Parameter, setting: str, value: float, **others: Any) -> Row:
    return change(parameter, setting, value, how="raised by", **others)


BELOW = {
    "C1 (staff of the setting): it takes the number from 3.00 WTE to −2.00 WTE, below 0. Enter −3 or more, or let it "
    "be “set to” 0.": raised(Parameter.STAFF, "ward", -5),
    "C1 (cost of a person a week): it takes the number from £100.00 a week to −£50.00 a week, below 0. Enter −100 or "
    "more, or let it be “set to” 0.": raised(Parameter.COST, "ward", -150, ramp_months=6),
    "C1 (places): it takes the number from 12.0 places to −3.0 places, below 0. Enter −24 or more, or let it be “set "
    "to” 0.": raised(Parameter.PLACES, "ward", -30, starts=on(6), ramp_months=12),
    "C1 (share asking to move a month): it takes the number from 50.0% to −10.0%, below 0. Enter −0.5 or more, or let "
    "it be “set to” 0.": raised(Parameter.RATE, "ward", -0.6, to="house"),
    "C1 (workers of the team): there is nothing to lower, as the number is 0 then. Enter the number, or remove the "
    "change.": raised(Parameter.TEAM, "ward", -5, to="house"),
    "C1 (share of those whose stay ends): it takes the number from 30.0% to −10.0%, below 0. Enter −0.3 or more, or "
    "let it be “set to” 0.": raised(Parameter.SHARE, "house", -0.4, to="ward"),
    "C1 (share leaving services a month): with it the shares that move or leave services a month of ward add up to "
    "115.0%. Lower it, or another of them.": raised(Parameter.LEAVING, "ward", 0.35),
    "C1 (share of those whose stay ends): with it the changed shares of those whose stay ends of house add up to "
    "110.0%. Lower it, or another of them.": raised(Parameter.SHARE, "house", 0.4, to="home"),
}


@pytest.mark.parametrize(("sentence", "row"), BELOW.items())
def test_each_sentence(sentence: str, row: Row) -> None:
    assert faults(row) == [sentence]


@pytest.mark.parametrize(
    "row",
    [
        raised(Parameter.STAFF, "ward", -3),
        raised(Parameter.STAFF, "ward", -5, starts=on(12)),
        raised(Parameter.STAFF, "ward", -5, ramp_months=24),
        raised(Parameter.ARRIVALS, "ward", -2.5, starts=on(9)),
        raised(Parameter.LEAVING, "ward", 0.2),
        raised(Parameter.SHARE, "house", 0.3, to="home"),
        change(Parameter.ONCE, "ward", -5000),
    ],
)
def test_what_can_be_is_not_told(row: Row) -> None:
    assert faults(row) == []


def test_changes_of_a_number_count_together() -> None:
    closed, opened = raised(Parameter.PLACES, "ward", -15), raised(Parameter.PLACES, "ward", 5)
    assert faults(closed, opened) == faults(opened, closed) == []
    assert len(faults(closed, opened | {"scenario": "other"})) == 1
    assert len(faults(closed, opened | {"starts": on(1)})) == 1
    assert len(faults(closed, opened | {"ends": on(8)})) == 1
    shares = [change(Parameter.SHARE, "house", 0.6, to=to, how="set to") for to in ("ward", "home")]
    assert faults(shares[0]) == faults(shares[0], shares[1] | {"scenario": "other"}) == []
    assert [fault[:2] for fault in faults(*shares)] == ["C2"]
    assert faults(shares[0] | {"ends": on(3)}, shares[1] | {"starts": on(4)}) == []


@settings(deadline=None)
@given(st.integers(0, 100_000).map(Random))
def test_what_is_not_told_gives_no_staff_or_income_below_0(pick: Random) -> None:
    told = at_random(pick)
    rows = [
        {**row, "value": -row["value"], "lower": None, "upper": None, "operation": "raised by"}
        if row["operation"] == "raised by"
        else row
        for row in told.changes.to_dicts()
    ]
    told = told_by(SETTINGS, told.parameters.drop("code").to_dicts(), changes=rows, months=6, steps=told.steps)
    if faults_of(told):
        return
    case = case_of(told, as_stated)
    found = outcome_of(case, levers_of(told, case, scenario=PLAN, drawing=as_stated))
    assert (found.accounts[Account.STAFF] >= -1e-9).all()
    assert (found.accounts[Account.INCOME] >= -1e-9).all()
