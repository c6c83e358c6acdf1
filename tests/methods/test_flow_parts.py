"""The parts of models of stocks and flows, case by case."""

from dataclasses import replace
from typing import Any

import pytest

from parity.methods.flow_equations import BOUND, CONDITION
from parity.methods.flow_parts import CHANGES, FIXED, GROWING, Parts, parts_of
from parity.terms.system_dynamics import Equation, Stock
from tests.methods.stocks_and_flows import Stocks, made

HOME_AND_WARD: Stocks = {"home": (100, "arriving", "admitted leaving"), "ward": (5, "admitted", "")}
SERVED = "MIN(1, MAX(0, (20 - ward) / DT) / MAX(asking, 1e-12))"


def parts(stocks: Stocks, equations: dict[str, str], **more: Any) -> Parts:
    return parts_of(made(stocks, equations, **more))


def test_a_model_of_its_own_flows() -> None:
    equations = {
        "arriving": "3", "admitted": "home * rate", "leaving": "home / stay", "rate": "0.1 * 2", "stay": "50",
        "beds": "ward + 1",
    }  # fmt: skip
    assert parts(HOME_AND_WARD, equations) == Parts(
        settings=("home", "ward"),
        rates={("home", "ward"): 0.2},
        exits={"home": 0.02},
        arrivals={"home": 3},
        unused=("beds",),
    )


@pytest.mark.parametrize("dt", [1, 0.25])
def test_places(dt: float) -> None:
    equations = {"arriving": "3", "leaving": "0", "asking": "home * 0.2", "admitted": f"asking * {SERVED}"}
    found = parts(HOME_AND_WARD, equations, dt=dt)
    assert (found.rates, found.places, found.faults) == ({("home", "ward"): 0.2}, {"ward": 20}, {})


def test_places_of_which_those_are_free_whose_people_leave() -> None:
    stocks: Stocks = {
        "home": (100, "", "from_home"), "flat": (50, "", "from_flat"), "ward": (19, "from_home from_flat", "leaving"),
    }  # fmt: skip
    served = "MIN(1, MAX(0, 20 - ward + leaving) / (asked + 0.3 * flat))"
    equations = {
        "leaving": "ward * 0.1", "asked": "home * 0.2", "from_home": f"asked * {served}",
        "from_flat": f"{served} * flat * 0.3",
    }  # fmt: skip
    found = parts(stocks, equations)
    assert found.rates == {("home", "ward"): 0.2, ("flat", "ward"): 0.3}
    assert (found.exits["ward"], found.places, found.faults) == (0.1, {"ward": pytest.approx(20)}, {})


def test_asking_that_is_held_back_by_the_places_themselves() -> None:
    equations = {"arriving": "3", "leaving": "0", "admitted": "MIN(home * 0.2, 20 - ward)"}
    assert parts(HOME_AND_WARD, equations).places == {"ward": 20}


def test_rates_of_nothing() -> None:
    """As where a flow waits for a plan: it stays, and so do the places."""
    equations = {"arriving": "3", "leaving": "0 * home", "asking": "home * 0", "admitted": f"asking * {SERVED}"}
    found = parts(HOME_AND_WARD, equations)
    assert (found.rates, found.exits, found.places) == ({("home", "ward"): 0}, {"home": 0, "ward": 0}, {"ward": 20})
    found = parts({"home": (9, "", "out"), "ward": (5, "out", "")}, {"out": "0.1 * home + 0 * ward"})
    assert (found.rates, found.exits, found.faults) == ({("home", "ward"): 0.1}, {}, {})


@pytest.mark.parametrize(
    "admitted",
    [
        "MIN(home * 0.2, 20 - home)",
        "MIN(home * 0.2, 5)",
        "MIN(home * 0.2, (20 - ward) / 2)",
        "home * 0.2 * MIN(1, (20 - ward) / home)",
        "home * 0 * MIN(1, (20 - ward) / home)",
        "home * 0.2 * MIN(1, (20 - ward) / MAX(home * 0, 1e-12))",
        "home * 0.2 * MIN(1, (20 - ward) / ward)",
        "home * 0.2 * MIN(1, (20 - ward) / (home * 0.2 + 1))",
    ],
)
def test_limits_that_are_no_places(admitted: str) -> None:
    why = "it is not limited to the free places of ward, shared in proportion by all who ask for them"
    equations = {"arriving": "3", "leaving": "0", "admitted": admitted}
    assert parts(HOME_AND_WARD, equations).faults == {"admitted": why}


def test_places_that_only_some_flows_mind() -> None:
    stocks: Stocks = {"home": (100, "", "one two"), "ward": (5, "one two", "")}
    why = "it is not limited to the free places of ward, shared in proportion by all who ask for them"
    equations = {"one": "MIN(home * 0.2, 20 - ward)", "two": "home * 0.1"}
    assert parts(stocks, equations).faults == {"one": why}
    equations["two"] = "MIN(home * 0.1, 30 - ward)"
    assert parts(stocks, equations).faults == {"one": why, "two": why}


def test_a_flow_that_goes_both_ways() -> None:
    found = parts({"home": (100, "", "net"), "ward": (5, "net", "")}, {"net": "0.2 * home - 0.1 * ward"})
    assert found.rates == {("home", "ward"): 0.2, ("ward", "home"): 0.1}


def test_what_one_stock_gains_and_another_loses() -> None:
    """As Vensim reads `INTEG(3 - 0.2 * home, 100)`: one flow for all that happens to a stock."""
    stocks: Stocks = {"home": (100, "home_net", ""), "ward": (5, "ward_net", ""), "flat": (0, "", "flat_net")}
    equations = {"home_net": "3 - 0.2 * home", "ward_net": "0.125 * home - 0.1 * ward", "flat_net": "-0.05 * ward - 1"}
    found = parts(stocks, equations)
    assert found.rates == {("home", "ward"): 0.125, ("ward", "flat"): 0.05}
    assert found.exits == {"home": pytest.approx(0.075), "ward": pytest.approx(0.05)}
    assert (found.arrivals, found.faults) == ({"home": 3, "flat": 1}, {})


@pytest.mark.parametrize(
    ("equations", "faults"),
    [
        ({"arriving": "-1"}, {"arriving": FIXED}),
        ({"leaving": "1"}, {"leaving": FIXED}),
        ({"admitted": "1 + 0.1 * home"}, {"admitted": FIXED}),
        ({"arriving": "0.1 * home"}, {"arriving": GROWING}),
        ({"arriving": "0.1 * ward"}, {"arriving": "it goes by the number of ward, which loses none for it"}),
        ({"leaving": "0.1 * ward"}, {"leaving": "it goes by the number of ward, which gains none for it"}),
        ({"admitted": "home * ward"}, {"admitted": "it multiplies or divides numbers of people by each other"}),
        ({"admitted": "MAX(0, home - 5)"}, {"admitted": BOUND}),
        ({"leaving": "MIN(0.1 * home, 20 - ward)"}, {"leaving": BOUND}),
        ({"admitted": "MIN(0.1 * ward, 20 - ward)"}, {"admitted": BOUND}),
        ({"admitted": "home * 0.01 * TIME"}, {"admitted": "it changes with time"}),
    ],
)
def test_what_is_no_part(equations: dict[str, str], faults: dict[str, str]) -> None:
    assert parts(HOME_AND_WARD, {"arriving": "3", "leaving": "0", "admitted": "0", **equations}).faults == faults


def test_a_flow_into_two_stocks() -> None:
    stocks: Stocks = {"home": (100, "arriving", ""), "ward": (5, "arriving", "")}
    assert parts(stocks, {"arriving": "3"}).faults == {"arriving": "it leads from or to several stocks at once"}


def test_constants_of_the_run() -> None:
    model = made(HOME_AND_WARD, {"arriving": "DT", "leaving": "0", "admitted": "0"}, dt=0.5)
    flows = {**model.flows, "arriving": Equation("arriving", "DT + STARTTIME + 0 * PI")}
    found = parts_of(replace(model, flows=flows))
    assert found.arrivals == {"home": 0.5}


def test_a_stock_that_keeps_an_account_is_put_aside() -> None:
    stocks: Stocks = {**HOME_AND_WARD, "spent": (0, "spending", "")}
    equations = {"arriving": "3", "leaving": "0", "admitted": "0.1 * home", "spending": "ward * price", "price": "9"}
    found = parts(stocks, equations)
    assert (found.settings, found.aside, found.unused, found.faults) == (("home", "ward"), ("spent",), ("price",), {})


def test_a_stock_that_others_depend_on_is_not() -> None:
    stocks: Stocks = {**HOME_AND_WARD, "spent": (0, "spending", "")}
    equations = {
        "arriving": "3",
        "leaving": "0",
        "admitted": "0.1 * left",
        "spending": "ward * 9",
        "left": "99 - spent",
    }
    found = parts(stocks, equations)
    assert (found.aside, {*found.faults}) == ((), {"admitted", "spending"})


def test_accounts_alone_are_no_model() -> None:
    found = parts({"sum": (1, "more", "")}, {"more": "sum * sum"})
    assert (found.aside, {*found.faults}) == ((), {"more"})


def test_what_changes_is_held() -> None:
    equations = {
        "arriving": "3", "leaving": "0", "admitted": "share * home * risk * 0.5", "share": "0.5",
        "risk": "IF(TIME > 3, 0.1, 0.2)",
    }  # fmt: skip
    model = made(HOME_AND_WARD, equations)
    table = replace(model, others={**model.others, "risk": Equation("the risk", "TIME", "is read from a table")})
    found = parts_of(table)
    assert found.held == {"risk": "the risk is read from a table"}
    assert found.rates == {("home", "ward"): 0.5 * 0.2 * 0.5}


def test_feedback_is_held_too() -> None:
    stocks: Stocks = {"well": (90, "", "falling"), "ill": (10, "falling", "")}
    found = parts(stocks, {"falling": "well * 0.3 * risk", "risk": "ill / everybody", "everybody": "well + ill"})
    assert (found.held, found.rates, found.faults) == ({"risk": CHANGES}, {("well", "ill"): pytest.approx(0.03)}, {})


def test_nothing_is_held_in_vain() -> None:
    stocks: Stocks = {"well": (90, "", "falling"), "ill": (10, "falling", "")}
    found = parts(stocks, {"falling": "well * ill * risk", "risk": "ill / 100"})
    assert ({*found.held}, {*found.faults}) == (set(), {"falling"})


def test_what_cannot_be_known_at_the_start_is_not_held() -> None:
    equations = {"arriving": "3", "leaving": "0", "admitted": "home * risk", "risk": "home / (TIME + 1)"}
    model = made(HOME_AND_WARD, equations)
    found = parts_of(replace(model, begins={}))
    assert (found.held, found.faults) == ({}, {"admitted": "risk changes with time"})


def test_variables_beyond() -> None:
    equations = {"arriving": "one", "leaving": "two", "admitted": "three", "one": "0", "two": "0", "three": "0"}
    model = made(HOME_AND_WARD, equations)
    others = {
        "one": Equation("Number one", "two"), "two": Equation("Two", "IF one > 3 THEN 0 ELSE 1"),
        "three": Equation("Three", "three"),
    }  # fmt: skip
    found = parts_of(replace(model, others=others, begins={}))
    assert found.faults == {
        "arriving": "Two depends on a condition", "leaving": "Two depends on a condition",
        "admitted": "Three depends on itself",
    }  # fmt: skip
    assert CONDITION == "it depends on a condition"


def test_stocks_and_flows_of_another_kind() -> None:
    model = made(HOME_AND_WARD, {"arriving": "3", "leaving": "0", "admitted": "0"})
    stocks = {"home": Stock("home", ("arriving",), ("admitted",), "is a conveyor"), "ward": model.stocks["ward"]}
    flows = {**model.flows, "admitted": Equation("admitted", "0", "has subscripts")}
    found = parts_of(replace(model, stocks=stocks, flows=flows, run={"home": (1.0,)}))
    assert found.faults == {
        "home": "it is a conveyor", "ward": "it is not in the file's own run", "admitted": "it has subscripts",
    }  # fmt: skip
