"""The flow model: read from tables, cut into steps, and checked for what cannot be."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.flow import (
    FlowModel,
    Month,
    Numbers,
    Rationing,
    flow_model,
    held_to_one,
    impossible,
    in_steps,
    month_of,
    people_at_start,
    unlikely,
)

MODEL = FlowModel(("home", "ward"), (("home", "ward"), ("ward", "home")))


def column(*values: float) -> Numbers:
    return np.array(values)[:, None]


START = column(100, 5)
MONTH = Month(column(0.1, 0.5), column(0.1, 0.2), column(7, 0), column(np.inf, 10))


def test_a_model_from_tables() -> None:
    settings = pl.DataFrame(
        {
            "setting": ["home", "ward"],
            "people": [100, 5],
            "capacity": [None, 10],
            "arrivals": [7, 0],
            "leaving": [0.1, 0.2],
        }
    )
    flows = pl.DataFrame({"origin": ["home", "ward"], "destination": ["ward", "home"], "rate": [0.1, 0.5]})
    model, month = flow_model(settings, flows), month_of(settings, flows)
    assert model == MODEL
    assert np.array_equal(people_at_start(settings), START)
    for part in ("rates", "exits", "arrivals", "capacities"):
        assert np.array_equal(getattr(month, part), getattr(MONTH, part))
    assert impossible(model, START, month=month) == []
    named = flow_model(settings, flows, rationing=Rationing.PRIORITY, priority=settings["setting"], steps=4)
    assert (named.priority, named.steps, named.rationing) == (("home", "ward"), 4, Rationing.PRIORITY)


def test_what_a_table_does_not_tell_is_not_known() -> None:
    settings = pl.DataFrame({"setting": ["home"], "capacity": [None], "arrivals": [None], "leaving": [0.5]})
    flows = pl.DataFrame(schema={"origin": pl.String, "destination": pl.String, "rate": pl.Float64})
    faults = impossible(flow_model(settings, flows), column(1), month=month_of(settings, flows))
    assert faults == ["home: the arrivals are below 0 or not known."]


def test_an_empty_model() -> None:
    nothing = np.zeros((0, 1))
    month = Month(nothing, nothing, nothing, nothing)
    assert (impossible(FlowModel((), ()), nothing, month=month), unlikely(FlowModel((), ()), nothing, month=month)) == (
        [],
        [],
    )


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 40))
def test_the_steps_of_a_month_let_as_many_leave(leaving: float, share: float, steps: int) -> None:
    model = FlowModel(("home", "ward"), (("home", "ward"),), steps=steps)
    month = Month(column(leaving * share), column(leaving * (1 - share), 0), column(60, 0), column(np.inf, np.inf))
    step = in_steps(model, month)
    staying = (1 - step.rates[0, 0] - step.exits[0, 0]) ** steps
    assert staying == pytest.approx(1 - leaving, abs=1e-9)
    assert step.rates[0, 0] * month.exits[0, 0] == pytest.approx(step.exits[0, 0] * month.rates[0, 0], abs=1e-12)
    assert step.arrivals[0, 0] * steps == pytest.approx(60)
    assert step.capacities is month.capacities


def test_draws_are_held_to_one() -> None:
    month = replace(MONTH, rates=np.array([[0.1, 0.2], [0.3, 1.8]]))
    held = held_to_one(MODEL, month)
    assert held.rates == pytest.approx(np.array([[0.1, 0.2], [0.3, 0.9]]))
    assert held.exits == pytest.approx(np.array([[0.1, 0.1], [0.2, 0.1]]))
    assert (held.arrivals is month.arrivals, held.capacities is month.capacities) == (True, True)
    assert impossible(MODEL, START, month=held) == []


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        (
            replace(MODEL, settings=("home", "home")),
            ["Two settings have the same name.", "There is no setting called ward."],
        ),
        (replace(MODEL, priority=("clinic",)), ["There is no setting called clinic."]),
        (
            replace(MODEL, flows=(("home", "home"), ("ward", "home"))),
            ["home: a flow from a setting leads to another."],
        ),
        (
            replace(MODEL, flows=(("home", "ward"), ("home", "ward"))),
            ["Two flows join the same two settings in the same direction."],
        ),
        (replace(MODEL, steps=0), ["A month has at least one step."]),
        (
            replace(MODEL, rationing=Rationing.PRIORITY, priority=("ward",)),
            ["home has no place in the order of priority."],
        ),
    ],
)
def test_models_that_cannot_be(model: FlowModel, wanted: list[str]) -> None:
    assert impossible(model, START, month=MONTH) == wanted


@pytest.mark.parametrize(
    ("month", "wanted"),
    [
        (replace(MONTH, rates=column(0.1)), ["The rates are not given for each of 2 settings or flows."]),
        (replace(MONTH, arrivals=np.zeros(2)), ["The arrivals are not given for each of 2 settings or flows."]),
        (
            replace(MONTH, rates=np.zeros((2, 3)), exits=np.zeros((2, 4))),
            ["Numbers are given for different numbers of draws."],
        ),
        (replace(MONTH, rates=column(-0.1, 0.5)), ["home to ward: the rates are below 0 or not known."]),
        (replace(MONTH, capacities=column(np.nan, 1)), ["home: the places are below 0 or not known."]),
        (
            replace(MONTH, exits=np.array([[0.1, 0.1], [0.2, 0.51]])),
            ["ward: its rates add up to more than 1, so that more people would leave than are there."],
        ),
        (replace(MONTH, exits=column(0.9, 0.5)), []),
    ],
)
def test_months_that_cannot_be(month: Month, wanted: list[str]) -> None:
    assert impossible(MODEL, START, month=month) == wanted


def test_starts_that_cannot_be() -> None:
    wanted = ["ward: the people at the start are below 0 or not known."]
    assert impossible(MODEL, column(1, -1), month=MONTH) == wanted


def test_what_is_likely_a_slip() -> None:
    assert unlikely(MODEL, START, month=MONTH) == []
    assert unlikely(MODEL, column(100, 11), month=MONTH) == [
        "ward: it has fewer places than people at the start, so nobody can enter until they leave."
    ]
    one_way = replace(MODEL, flows=(("home", "ward"),))
    stuck = Month(column(0.1), column(0, 0), column(7, 0), column(200, 10))
    assert unlikely(one_way, START, month=stuck) == [
        "home: it has places, but people only arrive there, and arrivals are never refused.",
        "ward: nobody ever leaves it.",
    ]
