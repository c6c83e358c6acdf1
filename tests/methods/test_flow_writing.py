"""A flow model as XMILE: what stands in the file. Its numbers in other programs are tested where files are read."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from parity.methods.flow import FlowModel, Month, Rationing
from parity.methods.flow_writing import NAMESPACE, xmile_of
from parity.terms.errors import WrongState

START = np.array([[100.0], [5.0]])
MODEL = FlowModel(
    ("Home care", "Ward (18-64)"), (("Home care", "Ward (18-64)"), ("Ward (18-64)", "Home care")), steps=2
)
MONTH = Month(*(np.array(rows, float)[:, None] for rows in ((0.36, 0), (0, 0.19), (3, 0), (np.inf, 20))))


def written(model: FlowModel = MODEL, month: Month = MONTH, start: Any = START) -> str:
    return xmile_of(model, start, month=month, months=12, title="A & B")


def test_what_stands_in_the_file() -> None:
    root = ElementTree.fromstring(written())
    name = f"{{{NAMESPACE}}}"
    named = [each for each in root.iter() if each.get("name")]
    found = {(each.tag.removeprefix(name), each.get("name")): [part.text for part in each] for each in named}
    assert found == {
        ("stock", "Home care"): [
            "100.0", "arriving_Home_care", '"Ward (18-64) to Home care"', "leaving_Home_care",
            '"Home care to Ward (18-64)"',
        ],
        ("flow", "arriving Home care"): ["3.0"],
        ("aux", "rate leaving Home care"): ["0.0"],
        ("flow", "leaving Home care"): ["Home_care * rate_leaving_Home_care"],
        ("stock", "Ward (18-64)"): [
            "5.0", '"arriving Ward (18-64)"', '"Home care to Ward (18-64)"', '"leaving Ward (18-64)"',
            '"Ward (18-64) to Home care"',
        ],
        ("flow", "arriving Ward (18-64)"): ["0.0"],
        ("aux", "rate leaving Ward (18-64)"): ["0.19999999999999996"],
        ("flow", "leaving Ward (18-64)"): ['"Ward (18-64)" * "rate leaving Ward (18-64)"'],
        ("aux", "steps a month"): ["2.0"],
        ("aux", "rate Home care to Ward (18-64)"): ["0.3999999999999999"],
        ("aux", "asking Home care to Ward (18-64)"): ['Home_care * "rate Home care to Ward (18-64)"'],
        ("flow", "Home care to Ward (18-64)"): ['"asking Home care to Ward (18-64)" * "share served Ward (18-64)"'],
        ("aux", "rate Ward (18-64) to Home care"): ["0.0"],
        ("aux", "asking Ward (18-64) to Home care"): ['"Ward (18-64)" * "rate Ward (18-64) to Home care"'],
        ("flow", "Ward (18-64) to Home care"): ['"asking Ward (18-64) to Home care"'],
        ("aux", "places Ward (18-64)"): ["20.0"],
        ("aux", "asking for Ward (18-64)"): ['"asking Home care to Ward (18-64)"'],
        ("aux", "share served Ward (18-64)"): [
            'MIN(1, MAX(0, ("places Ward (18-64)" - "Ward (18-64)") * steps_a_month + "leaving Ward (18-64)")'
            ' / MAX("asking for Ward (18-64)", 1e-12))'
        ],
    }  # fmt: skip
    times = {
        part.tag.removeprefix(name): part.text
        for part in root.iter()
        if part.tag.removeprefix(name) in ("start", "stop", "dt")
    }
    assert (times, root[0][2].text) == ({"start": "0", "stop": "12", "dt": "2"}, "A & B")


def test_a_rule_that_nothing_depends_on_is_none() -> None:
    model = replace(MODEL, rationing=Rationing.LONGEST_WAIT)
    assert written(model, replace(MONTH, capacities=np.full((2, 1), np.inf))).count("share served") == 0
    with pytest.raises(WrongState, match="in proportion to who asks"):
        written(model)


def test_places_that_nobody_asks_for_are_left_out() -> None:
    model = FlowModel(("home", "ward"), ())
    assert written(model, replace(MONTH, rates=np.zeros((0, 1)))).count("places") == 0


def test_plans_are_not_written() -> None:
    plan = np.zeros((2, 1))
    assert written(month=replace(MONTH, planned=plan, limits=plan)) == written()
    with pytest.raises(WrongState, match="by a plan"):
        written(month=replace(MONTH, planned=plan + 1))


def test_draws_are_not_written() -> None:
    with pytest.raises(WrongState, match="Choose one draw"):
        written(start=np.ones((2, 3)))
    with pytest.raises(WrongState, match="Choose one draw"):
        written(month=replace(MONTH, rates=np.zeros((2, 3))))


@pytest.mark.parametrize(
    "name",
    [
        'the "best"',
        "A.B",
        "a[1]",
        "a\nb",
        "Time",
        "Final time",
        "INITIAL_TIME",
        "time step",
        "Saveper",
        "steps a month",
        "home care",
        "rate leaving Home care",
    ],
)
def test_names_that_equations_cannot_tell_apart(name: str) -> None:
    with pytest.raises(WrongState, match="Call this setting otherwise to write it as XMILE: "):
        written(FlowModel(("Home care", name), ()), replace(MONTH, rates=np.zeros((0, 1))))
