"""A model fitted to counts: it finds what they were made from, keeps the rest, and says how well it fits."""

from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.flow_case import Told, case_of
from parity.methods.flow_fit import Counted, Fit, fitted, with_fit
from parity.methods.flow_fit_words import NO_COUNTS, NOT_RELIED_ON, RELIED_ON, sentences_of
from parity.methods.flow_outcome import Outcome, outcome_of
from parity.methods.flow_parameters import Parameter, as_stated
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from parity.terms.errors import WrongState
from tests.methods.flow_told import PLAN, change, number, told_by

PEOPLE, ARRIVED, LEFT, MOVED = (counted.value for counted in Counted)
COLUMNS = {
    "period": pl.String,
    "counted": pl.String,
    "setting": pl.String,
    "destination": pl.String,
    "people": pl.Float64,
}
SPREAD = 2 * 1.959963984540054
TOLD = told_by(
    ("home", "house"),
    [
        number(Parameter.PEOPLE, "home", 400),
        number(Parameter.PEOPLE, "house", 100),
        number(Parameter.ARRIVALS, "home", 30, lower=20, upper=45),
        number(Parameter.RATE, "home", 0.05, to="house", lower=0.02, upper=0.12),
        number(Parameter.STAY, "house", 40, lower=20, upper=80),
        number(Parameter.COST, "home", 300, lower=250, upper=360),
    ],
    months=24,
)


def with_values(told: Told, **values: float) -> Told:
    """The model with other numbers."""
    new = pl.DataFrame({"code": list(values), "value": list(values.values())})
    return replace(told, parameters=told.parameters.update(new, on="code"))


def outcome(told: Told, *, scenario: str | None = None) -> Outcome:
    case = case_of(told, as_stated)
    return outcome_of(case, levers_of(told, case, scenario=scenario, drawing=as_stated) if scenario else Levers())


def counts_of(told: Told, *, seed: int | None = None, scenario: str | None = None) -> pl.DataFrame:
    """What would be counted: exactly, or by Poisson; every fifth count of people is not known."""
    found, names = outcome(told, scenario=scenario).run.series, told.settings["setting"].to_list()
    rows = [
        (period, PEOPLE, name, "", found[Series.PEOPLE][month + 1, place, 0] if (month + place) % 5 else None)
        for month, period in enumerate(told.periods)
        for place, name in enumerate(names)
    ]
    rows += [(period, ARRIVED, "home", "", found[Series.ARRIVED][m, 0, 0]) for m, period in enumerate(told.periods)]
    rows += [(period, LEFT, "house", "", found[Series.LEFT][m, 1, 0]) for m, period in enumerate(told.periods)]
    rows += [(period, MOVED, "home", "house", found[Series.MOVED][m, 0, 0]) for m, period in enumerate(told.periods)]
    if seed is not None:
        chance = np.random.default_rng(seed)
        rows = [(*row, None if people is None else float(chance.poisson(people))) for *row, people in rows]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def by_code(fit: Fit) -> dict[str, dict]:
    return {row["code"]: row for row in fit.parameters.rows(named=True)}


def test_numbers_from_which_counts_were_made_are_found() -> None:
    true = {"N3": 38.0, "N4": 0.08, "N5": 27.0}
    fit = fitted(TOLD, counts_of(with_values(TOLD, **true), seed=1))
    rows = by_code(fit)
    for code, value in true.items():
        assert rows[code]["fitted_lower"] < value < rows[code]["fitted_upper"]
        assert rows[code]["fitted"] == pytest.approx(value, rel=0.08)
        assert rows[code]["shrunk"] > 0.7
    assert fit.has_settled
    assert fit.spread < 1.3
    assert 0.7 < fit.deviance / fit.freedom < 1.4
    assert fit.freedom == pytest.approx(fit.points.height - 3, abs=0.3)
    assert fit.items["within"].min() > 0.85
    stated = fit.points.filter(counted=ARRIVED)["value"]
    assert stated.to_list() == [30] * 24
    assert fit.sentences[0] == RELIED_ON
    told = [sentence for sentence in fit.sentences if sentence.startswith("N6")]
    assert told == [
        "N6 (cost of a person a week, home): the counts tell next to nothing of it. It rests on its own source."
    ]


@settings(max_examples=5)
@given(st.floats(0.03, 0.1), st.floats(25, 36), st.floats(25, 60))
def test_exact_counts_are_met(rate: float, arrivals: float, stay: float) -> None:
    fit = fitted(TOLD, counts_of(with_values(TOLD, N3=arrivals, N4=rate, N5=stay)))
    rows = by_code(fit)
    assert [rows[code]["fitted"] for code in ("N3", "N4", "N5")] == pytest.approx([arrivals, rate, stay], rel=0.06)
    assert (fit.has_settled, fit.spread) == (True, 1)
    assert fit.items["within"].to_list() == [1] * 5


def test_one_number_is_as_on_a_grid() -> None:
    bare = pl.when(pl.col("code") == "N3")
    told = replace(
        TOLD,
        parameters=TOLD.parameters.with_columns(
            lower=bare.then("lower").otherwise(None), upper=bare.then("upper").otherwise(None)
        ),
    )
    counts = counts_of(with_values(TOLD, N3=40.0), seed=2).filter(counted=PEOPLE, setting="home")
    fit = fitted(told, counts)
    places = [place / 200 for place in range(-300, 700)]
    heights = []
    known = [(told.periods.index(row["period"]), row["people"]) for row in counts.drop_nulls().rows(named=True)]
    for place in places:
        arrivals = 30 * exp(log(45 / 20) / SPREAD * place)
        people = outcome(with_values(told, N3=arrivals)).run.series[Series.PEOPLE][1:, 0, 0]
        likely = sum(count * log(people[month]) - people[month] for month, count in known)
        heights.append(likely - place**2 / 2)
    best = int(np.argmax(heights))
    row = by_code(fit)["N3"]
    assert fit.spread == 1
    assert row["moved"] == pytest.approx(places[best], abs=0.005)
    curve = -(heights[best + 20] - 2 * heights[best] + heights[best - 20]) / (20 / 200) ** 2
    assert 1 - row["shrunk"] == pytest.approx(1 / sqrt(curve), rel=0.05)
    assert row["fitted_upper"] / row["fitted"] == pytest.approx(exp(log(45 / 20) / 2 * (1 - row["shrunk"])), rel=1e-6)


def test_without_counts_all_stays_as_stated() -> None:
    fit = fitted(TOLD, pl.DataFrame(schema=COLUMNS))
    assert fit.parameters["fitted"].to_list() == pytest.approx(fit.parameters["value"].to_list())
    assert fit.parameters["moved"].to_list() == [0] * 4
    assert fit.parameters["shrunk"].to_list() == pytest.approx([0] * 4)
    rate = by_code(fit)["N4"]
    reach = log(0.12 / 0.88 / (0.02 / 0.98)) / 2
    odds = [log(rate[name] / (1 - rate[name])) - log(0.05 / 0.95) for name in ("fitted_lower", "fitted_upper")]
    assert odds == pytest.approx([-reach, reach])
    assert (fit.sentences, fit.deviance, fit.freedom) == ([NO_COUNTS], 0, 0)
    unknown = fitted(TOLD, counts_of(TOLD).with_columns(people=pl.lit(None, pl.Float64)))
    assert unknown.sentences == [NO_COUNTS]


def test_a_model_of_which_all_is_certain_is_only_compared() -> None:
    none = pl.lit(None, pl.Float64)
    told = replace(TOLD, parameters=TOLD.parameters.with_columns(lower=none, upper=none))
    fit = fitted(told, counts_of(TOLD))
    assert fit.parameters.is_empty()
    assert fit.deviance == pytest.approx(0, abs=1e-9)
    assert fit.sentences == [RELIED_ON]
    assert fit.items["longest_run"].to_list() == [0] * 5


def test_a_limit_that_does_not_bind_is_looked_for() -> None:
    team = told_by(
        ("home", "house"),
        [
            number(Parameter.PEOPLE, "home", 900),
            number(Parameter.MOVES_OF_WORKER, "home", 5, to="house", lower=3, upper=8),
        ],
        changes=[
            change(Parameter.MOVES, "home", 480, to="house", ends=TOLD.starts.replace(year=2028, month=3)),
            change(Parameter.TEAM, "home", 5, to="house", how="raised by"),
        ],
        months=24,
    )
    counts = counts_of(with_values(team, N2=3.4), scenario=PLAN).filter(counted=PEOPLE)
    (row,) = fitted(team, counts, scenario=PLAN).parameters.rows(named=True)
    assert row["fitted"] == pytest.approx(3.4, rel=0.01)


def test_a_model_that_does_not_fit_is_not_to_be_relied_on() -> None:
    other = with_values(TOLD, N1=900.0)
    fit = fitted(TOLD, counts_of(other, seed=4))
    assert fit.spread > 2
    assert NOT_RELIED_ON in fit.sentences
    assert any("more than chance does" in sentence for sentence in fit.sentences)
    assert any("outside the interval" in sentence for sentence in fit.sentences)


def test_a_fit_becomes_the_model() -> None:
    fit = fitted(TOLD, counts_of(with_values(TOLD, N3=38.0), seed=1))
    told = with_fit(TOLD, fit)
    row = told.parameters.row(2, named=True)
    assert (row["value"], row["lower"], row["upper"]) == tuple(
        by_code(fit)["N3"][name] for name in ("fitted", "fitted_lower", "fitted_upper")
    )
    assert told.parameters.row(0) == TOLD.parameters.row(0)
    assert told.changes.equals(TOLD.changes)


def test_a_change_is_not_taken_for_a_number_of_its_code() -> None:
    plan = change(Parameter.ARRIVALS, "home", 5, how="raised by", lower=2, upper=9)
    told = replace(TOLD, changes=told_by(("home", "house"), [], changes=[plan]).changes.with_columns(code=pl.lit("N3")))
    fit = fitted(told, counts_of(with_values(TOLD, N3=38.0), seed=1), scenario=PLAN)
    new = with_fit(told, fit)
    found = fit.parameters.filter(code="N3").select("lever", "fitted").rows()
    assert found == [(None, new.parameters["value"][2]), ("a lever", new.changes["value"][0])]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("2040-01", PEOPLE, "home", "", 1.0), "2040-01: the model has no such month."),
        (("2026-04", PEOPLE, "hall", "", 1.0), "people at the month's end: the model has no “hall”."),
        (("2026-04", PEOPLE, "home", "house", 1.0), "people at the month's end: the model has no “home” to “house”."),
        (("2026-04", MOVED, "house", "home", 1.0), "people who moved: the model has no “house” to “home”."),
        (("2026-04", PEOPLE, "home", "", -1.0), "people at the month's end, home, 2026-04: the count is below 0."),
    ],
)
def test_counts_of_what_the_model_has_not_are_refused(row: tuple, fault: str) -> None:
    with pytest.raises(WrongState, match=fault):
        fitted(TOLD, pl.DataFrame([row], schema=COLUMNS, orient="row"))


ITEM = {
    "counted": PEOPLE,
    "setting": "home",
    "destination": "",
    "counts": 24,
    "error": 0.05,
    "by_chance": 0.04,
    "longest_run": 4,
    "within": 0.96,
}


@pytest.mark.parametrize(
    ("item", "others", "said"),
    [
        ({}, {}, [RELIED_ON]),
        (
            {"error": 0.141},
            {},
            [
                "home, people at the month's end: the model misses the counts by 14.1% on average, "
                "where chance would by 4.0%.",
                NOT_RELIED_ON,
            ],
        ),
        ({"error": None, "by_chance": None}, {}, [RELIED_ON]),
        (
            {"within": 0.8},
            {},
            [
                "home, people at the month's end: 80.0% of the counts lie where 95% of them should.",
                NOT_RELIED_ON,
            ],
        ),
        ({"longest_run": 8}, {}, [RELIED_ON]),
        (
            {"longest_run": 9, "destination": "house", "counted": MOVED},
            {},
            [
                RELIED_ON,
                "home to house, people who moved: 9 counts in a row lie on the same side of the model. Where the same "
                "people are counted month after month this may be chance; otherwise the model misses something.",
            ],
        ),
        ({}, {"has_settled": False}, ["The search for the best numbers did not come to an end.", NOT_RELIED_ON]),
        ({}, {"freedom": 0.2}, ["There are too few counts to tell how well the model fits.", NOT_RELIED_ON]),
        (
            {},
            {"deviance": 31.0},
            [
                "The counts differ from the model by more than chance does: 3.10 times as much as expected.",
                NOT_RELIED_ON,
            ],
        ),
    ],
)
def test_what_a_fit_means_is_said(item: dict, others: dict, said: list[str]) -> None:
    facts = {"has_settled": True, "deviance": 10.0, "freedom": 10.0, **others}
    assert sentences_of(pl.DataFrame(), pl.DataFrame([ITEM | item]), **facts) == said


def test_where_nobody_is_expected_and_nobody_was_counted_the_model_is_met() -> None:
    rows = [(period, PEOPLE, "empty", "", 0.0) for period in TOLD.periods]
    empty = replace(TOLD, settings=told_by(("home", "house", "empty"), [], months=24).settings)
    known = counts_of(TOLD, seed=3)
    fit = fitted(empty, pl.concat([known, pl.DataFrame(rows, schema=COLUMNS, orient="row")]))
    points = fit.points.filter(setting="empty")
    assert points.select("value", "fitted", "lower").unique().rows() == [(0, 0, 0)]
    assert fit.items.filter(setting="empty")["longest_run"].item() == 0
    assert [one for one in fit.sentences if one.startswith("empty")] == []
