"""Models of stocks and flows read as flow models, against Euler's method applied to their equations one by one."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.flow_case import Told, case_of
from parity.methods.flow_parameters import as_stated
from parity.methods.flow_reading import Reading, Verdict, parameters_of, reading_of
from parity.methods.flow_run import Series, run
from parity.terms.system_dynamics import SystemModel
from tests.methods.stocks_and_flows import Stocks, made

STOCKS: Stocks = {"home": (100, "arriving", "admitted leaving"), "ward": (5, "admitted", "dying")}
EQUATIONS = {
    "arriving": "3", "asking": "home * 0.2", "leaving": "home * 0.02", "dying": "ward * 0.1",
    "admitted": "asking * MIN(1, MAX(0, (20 - ward) / DT + dying) / MAX(asking, 1e-12))",
}  # fmt: skip


def model(**more: Any) -> SystemModel:
    return made(STOCKS, EQUATIONS, **more)


def people(reading: Reading) -> Any:
    assert reading.brought
    months = [reading.brought.month] * reading.brought.months
    found = run(reading.brought.model, reading.brought.start, months=months, keep=[Series.PEOPLE])
    return found.series[Series.PEOPLE][..., 0]


SHARES = st.lists(st.floats(0, 0.19), min_size=9, max_size=9)


@given(SHARES, st.lists(st.floats(0, 30), min_size=6, max_size=6), st.sampled_from([1, 2, 4, 30]))
def test_models_of_any_rates_run_whole(shares: list[float], numbers: list[float], steps: int) -> None:
    names = ("a", "b", "c")
    ends = [(one, other) for one in names for other in names if one != other]
    equations = {
        f"ask_{one}{other}": f"{one} * {share!r}" for (one, other), share in zip(ends, shares[:6], strict=True)
    }
    equations |= {f"go_{name}": f"{share!r} * {name}" for name, share in zip(names, shares[6:], strict=True)}
    equations |= {f"come_{name}": repr(number) for name, number in zip(names, numbers[:3], strict=True)}
    asking = "+".join(f"ask_{one}{other}" for one, other in ends if other == "c")
    equations["served"] = f"MIN(1, MAX(0, ({numbers[3]!r} - c) / DT + go_c) / MAX({asking}, 1e-12))"
    equations |= {f"{one}_{other}": f"ask_{one}{other}" + " * served" * (other == "c") for one, other in ends}
    stocks = {
        name: (
            number,
            " ".join([f"come_{name}", *(f"{one}_{other}" for one, other in ends if other == name)]),
            " ".join([f"go_{name}", *(f"{one}_{other}" for one, other in ends if one == name)]),
        )
        for name, number in zip(names, numbers[3:], strict=True)
    }
    described = made(stocks, equations, dt=1 / steps, steps=3 * steps)
    found = reading_of(described)
    assert (found.verdict, found.sentences) == (Verdict.WHOLE, ())
    own = np.array([described.run[name][::steps] for name in names]).T
    np.testing.assert_allclose(people(found), own, rtol=1e-9, atol=1e-9)


def test_a_month_at_a_time() -> None:
    found = reading_of(model())
    assert found.brought
    month = found.brought.month
    assert (found.title, found.verdict, found.sentences) == ("Made up", Verdict.WHOLE, ())
    assert (found.brought.model.settings, found.brought.model.flows) == (("home", "ward"), (("home", "ward"),))
    assert (month.rates.tolist(), month.exits.tolist()) == ([[0.2]], [[0.02], [0.1]])
    assert (month.arrivals.tolist(), month.capacities.tolist()) == ([[3], [0]], [[np.inf], [20]])
    assert (found.brought.start.tolist(), found.brought.months) == ([[100], [5]], 12)
    assert (found.brought.period, found.brought.model.steps) == ("a month", 1)


@pytest.mark.parametrize(
    ("unit", "dt", "steps", "brought", "told"),
    [
        ("Months", 0.25, 49, (12, 4, "a month"), ()),
        ("yr", 1 / 12, 24, (24, 1, "a month"), ()),
        ("Years", 0.083333, 24, (24, 1, "a month"), ()),
        ("Quarter", 1 / 6, 24, (12, 2, "a month"), ()),
        ("Day", 1, 90, (3, 30, "30 days"), ("The file counts days: a month of its run here is 30 days.",)),
        ("weeks", 0.5, 16, (2, 8, "4 weeks"), ("The file counts weeks: a month of its run here is 4 weeks.",)),
        ("", 1, 2, (2, 1, "a month"), ("The file does not say in what it counts its time: it is read as months.",)),
        ("Fortnight", 1, 2, (2, 1, "a month"), ("It is not known what a fortnight is: it is read as months.",)),
    ],
)
def test_units_of_time(unit: str, dt: float, steps: int, brought: tuple[int, int, str], told: tuple[str, ...]) -> None:
    slow = {**EQUATIONS, "asking": "home * 0.02", "dying": "ward * 0.01"}
    found = reading_of(made(STOCKS, slow, dt=dt, steps=steps, unit=unit))
    assert found.brought
    assert (found.brought.months, found.brought.model.steps, found.brought.period) == brought
    assert (found.verdict, found.sentences) == (Verdict.WHOLE, told)


PARTS = "A month is not a whole number of the file's steps of {}: make its time step a part of a month."


@pytest.mark.parametrize(
    ("described", "sentence"),
    [
        (model(unit="Year", dt=0.25), PARTS.format("0.25 year")),
        (model(dt=0.3), PARTS.format("0.3 month")),
        (model(dt=0.3, unit=""), PARTS.format("0.3 month")),
        (model(dt=1e-9), "The file's run is shorter than a month."),
        (model(steps=3, dt=0.25), "The file's run is shorter than a month."),
        (model(method="RK4"), "The file asks for the method RK4; people move in whole steps here: ask for Euler."),
        (made({}, {}), "There is no stock in the file, and so nowhere for people to be."),
    ],
)
def test_runs_that_are_no_months(described: SystemModel, sentence: str) -> None:
    found = reading_of(described)
    assert (found.verdict, found.sentences, found.brought) == (Verdict.REFUSED, (sentence,), None)


def test_what_cannot_be_followed_is_refused_by_name() -> None:
    stocks: Stocks = {"well": (90, "", "falling_ill"), "ill": (10, "falling_ill", "")}
    found = reading_of(made(stocks, {"falling_ill": "well * ill * 0.01"}))
    sentence = "falling_ill: it multiplies or divides numbers of people by each other."
    assert (found.verdict, found.sentences, found.brought) == (Verdict.REFUSED, (sentence,), None)


def test_what_is_held_is_told() -> None:
    stocks: Stocks = {"well": (90, "", "falling_ill"), "ill": (10, "falling_ill", "")}
    found = reading_of(made(stocks, {"falling_ill": "well * risk", "risk": "ill / 1000 / (well + ill) * 100"}))
    sentence = "risk: it is held at its starting value, 0.01, as it changes with the numbers of people."
    assert (found.verdict, found.sentences) == (Verdict.HELD, (sentence,))
    np.testing.assert_allclose(people(found)[-1], [90 * 0.99**12, 100 - 90 * 0.99**12])


def test_what_is_left_out_is_told() -> None:
    stocks: Stocks = {**STOCKS, "spent": (0, "spending", "")}
    costs = {f"cost_{number}": str(number) for number in range(7)}
    found = reading_of(made(stocks, {**EQUATIONS, "spending": "ward * cost_1", **costs}))
    assert (found.verdict, found.sentences) == (
        Verdict.WHOLE,
        (
            "spent: it is left out, as no flow of people depends on it.",
            "Left out, as no flow of people depends on it: cost_0, cost_1, cost_2, cost_3, cost_4 and 2 others.",
        ),
    )


@pytest.mark.parametrize("other", [34.0, float("nan"), float("inf")])
def test_other_numbers_than_its_own_are_refused(other: float) -> None:
    described = model()
    ward = (*described.run["ward"][:-1], other)
    found = reading_of(replace(described, run={**described.run, "ward": ward}))
    shown = "34" if other == 34 else "no number of"
    sentence = f"ward: {shown} people in the file's own run after 12 periods of a month, and 20 people here."
    assert (found.verdict, found.sentences) == (Verdict.REFUSED, (sentence,))


def test_the_first_step_of_what_is_held_is_compared() -> None:
    stocks: Stocks = {"well": (90, "", "falling_ill"), "ill": (10, "falling_ill", "")}
    described = made(stocks, {"falling_ill": "well * risk", "risk": "TIME / 10"})
    found = reading_of(replace(described, run={**described.run, "ill": (10.0, 40.0)}))
    sentence = "ill: 40 people in the file's own run after 1 period of a step, and 10 people here."
    assert (found.verdict, found.sentences) == (Verdict.REFUSED, (sentence,))


def test_what_is_impossible_is_refused() -> None:
    found = reading_of(made(STOCKS, {**EQUATIONS, "asking": "home * 1.2"}))
    sentence = "home: its rates add up to more than 1, so that more people would leave than are there."
    assert (found.verdict, found.sentences) == (Verdict.REFUSED, (sentence,))


def test_the_rows_of_tables_tell_the_same_model() -> None:
    found = reading_of(model(dt=0.25, steps=8)).brought
    assert found
    rows = parameters_of(found)
    told = Told(
        name="Made up",
        starts=date(2026, 4, 1),
        months=found.months,
        steps=found.model.steps,
        rationing=found.model.rationing,
        weeks=52,
        settings=pl.DataFrame({"setting": [*found.model.settings]}),
        parameters=rows.with_columns(pl.col("destination").fill_null(""), lower=None, upper=None),
        changes=pl.DataFrame(schema={"parameter": pl.String, "setting": pl.String, "destination": pl.String}),
        delays={},
    )
    case = case_of(told, as_stated)
    assert (case.model.settings, case.model.flows) == (found.model.settings, found.model.flows)
    assert case.start.tolist() == found.start.tolist()
    for name, part in found.month.given.items():
        assert case.month.given[name].tolist() == part.tolist()


def test_the_rows_of_a_model_without_flows() -> None:
    found = reading_of(made({"home": (100, "", "leaving")}, {"leaving": "home * 0.1"})).brought
    assert found
    assert parameters_of(found).rows() == [
        ("people at the start", "home", None, 100),
        ("arrivals a month", "home", None, 0),
        ("share leaving services a month", "home", None, 0.1),
    ]


def test_everybody_may_leave_in_a_step() -> None:
    found = reading_of(made({"home": (100, "", "leaving")}, {"leaving": "home / DT"}, dt=0.25))
    assert found.brought
    assert (found.verdict, found.brought.month.exits.tolist()) == (Verdict.WHOLE, [[1]])
