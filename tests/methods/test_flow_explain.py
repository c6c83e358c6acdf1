"""Why a scenario comes out as it does, against runs that are made one after the other."""

from dataclasses import replace
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.chance import Chance
from parity.methods.flow_case import Told, case_of
from parity.methods.flow_explain import (
    NO_BENEFIT,
    NO_SPENDING,
    lever_names,
    levers_named,
    paying_levers,
    rows_told,
    spending_case,
    uncertain_rows,
    waterfall,
    what_matters,
    worth_knowing,
)
from parity.methods.flow_measures import (
    cost_of_last_year,
    people_at_end,
    present_saving,
    saved_at_present,
    saved_in_all,
    waiting_at_end,
)
from parity.methods.flow_outcome import Outcome, outcome_of, outcomes_of
from parity.methods.flow_parameters import Drawing, Parameter, as_stated, at_ends, by_chance, name_of
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from parity.methods.information import value_of_parameter
from parity.terms.units import Unit
from tests.methods.flow_told import PLAN, at_random, change, number, on, told_by

RATES = [(1, 0.035)]
CHANCE = Chance(20, 5)
DRAWN = by_chance(CHANCE)
MEASURES = [saved_in_all(), cost_of_last_year(), people_at_end("house"), waiting_at_end(), saved_at_present(RATES)]
TEAM = "team"
TOLD = told_by(
    ("home", "house"),
    [
        number(Parameter.PEOPLE, "home", 60),
        number(Parameter.COST, "home", 300, lower=250, upper=360),
        number(Parameter.COST, "house", 180),
        number(Parameter.PLACES, "house", 10),
        number(Parameter.MOVES_OF_WORKER, "home", 1, to="house", lower=0.8, upper=1.2),
        number(Parameter.COST_OF_WORKER, "home", 36_000, to="house"),
    ],
    changes=[
        change(Parameter.COST, "home", 280, how="set to", lever="new price", starts=on(3)),
        change(Parameter.MOVES, "home", 20, to="house", lever=TEAM, starts=on(1)),
        change(Parameter.TEAM, "home", 2, to="house", how="raised by", lever=TEAM, starts=on(1)),
        change(Parameter.PLACES, "house", 20, how="set to", lever="building", starts=on(6)),
        change(Parameter.PLACES, "house", 20, how="set to", lever="other", scenario="other", lower=15, upper=30),
    ],
    months=24,
)


def run_with(told: Told, names: list[str], *, drawing: Drawing) -> Outcome:
    """The outcome of a scenario of these levers alone."""
    own = replace(told, changes=told.changes.filter(pl.col("lever").is_in(names)))
    case = case_of(told, drawing)
    return outcome_of(case, levers_of(own, case, scenario=PLAN, drawing=drawing))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_waterfall_adds_up_and_its_steps_are_runs(seed: int) -> None:
    told = at_random(Random(seed))
    table = waterfall(told, case_of(told, DRAWN), scenario=PLAN, drawing=DRAWN, measures=MEASURES)
    names = lever_names(told, PLAN)
    runs = [run_with(told, names[:count], drawing=DRAWN) for count in range(len(names) + 1)]
    alone = [run_with(told, [name], drawing=DRAWN) for name in names]
    for measure in MEASURES:
        rows = table.filter(measure=measure.name).rows(named=True)
        assert [row["item"] for row in rows] == ["as it is", *names, PLAN]
        for number_of in ("value", "mean"):
            *parts, end = [row[number_of] for row in rows]
            assert sum(parts) == pytest.approx(end, abs=1e-6)
        stated = [float(measure.of(runs[0], run)[0]) for run in runs]
        singly = [float(measure.of(runs[0], run)[0]) - stated[0] for run in alone]
        assert [row["value"] for row in rows] == pytest.approx([stated[0], *np.diff(stated), stated[-1]], abs=1e-6)
        assert [row["alone"] for row in rows] == [None, *(pytest.approx(each, abs=1e-6) for each in singly), None]


def test_levers_stand_in_the_order_in_which_they_begin_and_differences_are_told() -> None:
    table = waterfall(TOLD, case_of(TOLD, DRAWN), scenario=PLAN, drawing=DRAWN, measures=MEASURES[2:3])
    assert table.select("kind", "item", "value", "alone").rows() == [
        ("as it is", "as it is", 0, None),
        ("lever", TEAM, 10, 10),
        ("lever", "new price", 0, 0),
        ("lever", "building", 10, 0),
        ("scenario", PLAN, 20, None),
    ]
    assert table["words"].to_list() == [
        None,
        None,
        None,
        "Alone it would make 0.00 of difference; after the levers before it, 10.00.",
        None,
    ]


def test_a_scenario_without_changes_has_no_steps() -> None:
    table = waterfall(TOLD, case_of(TOLD, as_stated), scenario="none", drawing=as_stated, measures=MEASURES[:1])
    assert table.select("item", "value").rows() == [("as it is", 0), ("none", 0)]
    assert paying_levers(TOLD, case_of(TOLD, as_stated), scenario="none", drawing=as_stated).is_empty()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_sets_of_levers_side_by_side_are_as_one_by_one(seed: int) -> None:
    told = at_random(Random(seed))
    case = case_of(told, DRAWN)
    names = lever_names(told, PLAN)
    sets = [names[:count] for count in range(len(names) + 1)]
    several = [levers_named(told, case, scenario=PLAN, names=each, drawing=DRAWN) for each in sets]
    for found, levers in zip(outcomes_of(case, several), several, strict=True):
        wanted = outcome_of(case, levers)
        np.testing.assert_allclose(*np.broadcast_arrays(found.net, wanted.net), rtol=1e-12, atol=1e-9)
        for series, rows in wanted.run.series.items():
            np.testing.assert_allclose(*np.broadcast_arrays(found.run.series[series], rows), rtol=1e-12, atol=1e-12)
    assert outcomes_of(case, []) == []


def test_sets_that_move_people_alike_share_a_run_and_whole_people_their_chance() -> None:
    case = case_of(TOLD, DRAWN)
    price = levers_named(TOLD, case, scenario=PLAN, names=["new price"], drawing=DRAWN)
    team = levers_named(TOLD, case, scenario=PLAN, names=[TEAM], drawing=DRAWN)
    base, cheaper, moved = outcomes_of(case, [Levers(), price, team])
    assert base.run is cheaper.run is not moved.run
    assert base.net is not cheaper.net
    whole = outcomes_of(case, [Levers(), team], chance=CHANCE)[1]
    alone = outcome_of(case, team, chance=CHANCE)
    assert (whole.run.series[Series.PEOPLE] == alone.run.series[Series.PEOPLE]).all()


def test_a_lever_pays_for_itself_if_it_saves_more_than_it_costs() -> None:
    case = case_of(TOLD, DRAWN)
    table = paying_levers(TOLD, case, scenario=PLAN, drawing=DRAWN)
    rows = {row["item"]: row for row in table.rows(named=True)}
    # 2 a month from May on until ten places are full, at £120 a week less, and two workers from May on
    moved = sum(min(2 * month, 10) for month in range(1, 24))
    team = rows[TEAM]
    assert team["cost"] == pytest.approx(23 * 2 * 3000)
    assert team["saving"] == pytest.approx(moved * 120 * 52 / 12)
    assert team["value"] == pytest.approx(team["saving"] - team["cost"])
    assert team["words"] == "team does not pay for itself within these months: it costs £138,000 and saves £109,200."
    assert (rows["building"]["cost"], rows["building"]["saving"], rows["building"]["chance"]) == (0, 0, 0)
    price = rows["new price"]
    assert (price["cost"], price["saving"]) == (0, pytest.approx(60 * 20 * 52 / 12 * 21))
    assert price["words"] == "new price pays for itself: it costs £0 and saves £109,200."
    one = run_with(TOLD, [TEAM], drawing=DRAWN)
    net = (outcome_of(case, Levers()).net - one.net).sum(axis=0)
    assert team["chance"] == pytest.approx((net[1:] > 0).mean())
    assert team["mean"] == pytest.approx(net[1:].mean())


def at_end(name: str, end: str) -> Drawing:
    """The drawing of one column in which one number is at an end."""
    return lambda row: np.array([float(row[end] if name_of(row) == name else row["value"])])


def told_apart(told: Told, name: str, end: str) -> dict[str, float]:
    """Each measure of a run of its own in which one number is at an end."""
    drawing = at_end(name, end)
    base, then = run_with(told, [], drawing=drawing), run_with(told, lever_names(told, PLAN), drawing=drawing)
    return {measure.name: float(measure.of(base, then)[0]) for measure in MEASURES}


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_a_tornado_is_as_so_many_separate_runs(seed: int) -> None:
    told = at_random(Random(seed))
    table = what_matters(told, scenario=PLAN, measures=MEASURES)
    rows = uncertain_rows(told, [PLAN])
    assert table.height == len(rows) * len(MEASURES)
    shown = {(row["measure"], row["code"]): row for row in table.to_dicts()}
    stated = told_apart(told, "", "value")
    for name, row in rows.items():
        low, high = (told_apart(told, name, end) for end in ("lower", "upper"))
        for measure in MEASURES:
            found = [shown[measure.name, row["code"]][column] for column in ("low", "high", "base")]
            wanted = [each[measure.name] for each in (low, high, stated)]
            assert found == pytest.approx(wanted, rel=1e-12, abs=1e-9)
    for measure in MEASURES:
        swings = table.filter(measure=measure.name)["swing"].to_list()
        assert swings == sorted(swings, reverse=True)


def test_a_tornado_names_each_number_and_has_no_row_where_nothing_is_uncertain() -> None:
    table = what_matters(TOLD, scenario=PLAN, measures=MEASURES[:1])
    assert table.select("code", "lever", "parameter", "setting", "destination", "lower", "upper").rows() == [
        ("N2", None, "cost of a person a week", "home", "", 250, 360),
        ("N5", None, "moves of a worker a month", "home", "house", 0.8, 1.2),
    ]
    bare = replace(TOLD, parameters=TOLD.parameters.with_columns(lower=pl.lit(None, pl.Float64)))
    assert what_matters(bare, scenario=PLAN, measures=MEASURES).is_empty()


def test_numbers_that_are_drawn_as_one_are_moved_as_one() -> None:
    again = replace(TOLD, changes=pl.concat([TOLD.changes, TOLD.changes.tail(1).with_columns(code=pl.lit("C9"))]))
    assert [row["code"] for row in uncertain_rows(again, ["other"]).values()] == ["N2", "N5", "C5"]
    drawing = at_ends(list(uncertain_rows(again, ["other"])))
    row = {**again.changes.row(5, named=True), "model": again.name}
    assert drawing(row).tolist() == [20, 20, 20, 20, 20, 15, 30]
    assert drawing({**row, "lever": "unknown"}).tolist() == [20]
    assert rows_told([]).is_empty()


def test_what_it_is_worth_to_know() -> None:
    drawing = by_chance(Chance(400, 3))
    case = case_of(TOLD, drawing)
    several = {name: levers_of(TOLD, case, scenario=name, drawing=drawing) for name in (PLAN, "other")}
    base, *others = outcomes_of(case, [Levers(), *several.values()])
    named = dict(zip(several, others, strict=True))
    found = worth_knowing(TOLD, base, named, drawing=drawing, rates=RATES, level=0.95)
    worth = np.stack([np.zeros(401), *(saved_at_present(RATES).of(base, then) + np.zeros(401) for then in others)])
    net = worth[:, 1:]
    assert found.evpi == pytest.approx(net.max(axis=0).mean() - net.mean(axis=1).max())
    chances = dict(found.choice.select("decision", "chance_best").rows())
    best = (net == net.max(axis=0)) / (net == net.max(axis=0)).sum(axis=0)
    assert chances == pytest.approx(dict(zip(["as it is", PLAN, "other"], best.mean(axis=1), strict=True)))
    assert sorted(found.parameters["code"]) == ["C5", "N2", "N5"]
    draws = drawing({**TOLD.parameters.row(1, named=True), "model": TOLD.name, "operation": None})[1:]
    (price,) = found.parameters.filter(code="N2")["worth"]
    assert price == pytest.approx(value_of_parameter(net, draws))
    assert found.evpi_error > 0


def test_where_nothing_is_drawn_nothing_is_worth_knowing() -> None:
    case = case_of(TOLD, as_stated)
    base, then = outcomes_of(case, [Levers(), levers_of(TOLD, case, scenario=PLAN, drawing=as_stated)])
    found = worth_knowing(TOLD, base, {PLAN: then}, drawing=as_stated, rates=RATES, level=0.95)
    assert (found.evpi, found.parameters.is_empty()) == (0, True)
    assert found.choice["decision"].to_list() == [PLAN, "as it is"]


def test_measures_have_names_and_units() -> None:
    assert [(measure.name, measure.unit) for measure in MEASURES] == [
        ("saving in all", Unit.GBP),
        ("net cost of the last twelve months", Unit.GBP),
        ("people in house at the end", Unit.NUMBER),
        ("people waiting at the end", Unit.NUMBER),
        ("present value of the saving", Unit.GBP),
    ]


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_a_case_for_spending_is_the_appraisal_of_what_it_moves_and_what_it_takes(seed: int) -> None:
    told = at_random(Random(seed))
    case = case_of(told, DRAWN)
    levers = levers_of(told, case, scenario=PLAN, drawing=DRAWN)
    base, then, moving = (outcome_of(case, each) for each in (Levers(), levers, replace(levers, is_moving=True)))
    table = spending_case(base, then, moving, rates=RATES)
    assert table["item"].to_list() == ["benefits", "costs", "ratio", "a_year", "may_fall", "may_rise"]
    benefits, costs, ratio, a_year, fall, rise = table["value"]
    net = present_saving(base, then, rates=RATES)
    close = {"rel": 1e-9, "abs": 1e-6 * max(1.0, float(np.abs(base.net).sum()))}
    assert benefits - costs == pytest.approx(net[0], **close)
    assert a_year * (1 - 1.035 ** (-told.months / 12)) / 0.035 == pytest.approx(net[0], **close)
    for part, share in ((costs, rise), (benefits, fall), (costs, ratio)):
        assert share is not None or part <= close["abs"]
    if ratio is not None:
        assert ratio * costs == pytest.approx(benefits, **close)
        assert benefits - costs * (1 + rise) == pytest.approx(0, **close)
    if fall is not None:
        assert benefits * (1 - fall) - costs == pytest.approx(0, **close)


def test_what_is_spent_is_its_own_cost_and_what_is_gained_is_elsewhere() -> None:
    """Twenty move at once, £120 a week cheaper each; two workers cost £6,000 a month, for 23 months."""
    told = replace(TOLD, months=24, changes=TOLD.changes.filter(scenario=PLAN, lever=TEAM))
    case = case_of(told, as_stated)
    levers = levers_of(told, case, scenario=PLAN, drawing=as_stated)
    base, then, moving = outcomes_of(case, [Levers(), levers, replace(levers, is_moving=True)])
    table = spending_case(base, then, moving, rates=[(1, 0.0)])
    saved = (base.net - moving.net).sum()
    assert table["value"].to_list() == pytest.approx(
        [saved, 138_000, saved / 138_000, (saved - 138_000) / 2, 1 - 138_000 / saved, saved / 138_000 - 1]
    )
    nothing = spending_case(base, base, base, rates=RATES)
    assert nothing["value"].to_list() == [0, 0, None, 0, None, None]
    assert nothing["missing"].to_list() == [None, None, NO_SPENDING, None, NO_BENEFIT, NO_SPENDING]
