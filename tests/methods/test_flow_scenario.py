"""Changes that tables tell, as levers: what each of them does, when, and together with others."""

from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.chance import Chance
from parity.methods.flow import Month
from parity.methods.flow_case import Account, Case, Told, case_of
from parity.methods.flow_cost import Costs
from parity.methods.flow_levers import costs_with, months_with
from parity.methods.flow_parameters import Parameter, as_stated, by_chance
from parity.methods.flow_run import Series, run
from parity.methods.flow_scenario import OF_MOVE, PLAIN, STAYS, WORKERS, Levers, levers_of, months_between
from parity.terms.errors import WrongState
from tests.methods.flow_told import PLAN, START, Row, at_random, change, number, on, told_by

HOUSES = ("ward", "house", "home")
NUMBERS = [
    number(Parameter.PEOPLE, "ward", 100),
    number(Parameter.STAY, "ward", 26),
    number(Parameter.SHARE, "ward", 0.5, to="house"),
    number(Parameter.SHARE, "ward", 0.3, to="home"),
    number(Parameter.COST, "ward", 300),
    number(Parameter.DOUBLE_RUNNING, "ward", 2, to="house"),
    number(Parameter.MOVES_OF_WORKER, "ward", 0.5, to="house"),
    number(Parameter.COST_OF_WORKER, "ward", 36_000, to="house"),
]
ENDING = 1 / (26 * 12 / 52)
HOUSE, HOME, LEAVING = 0, 1, 0


def months_of(
    *changes: Row, numbers: list[Row] = NUMBERS, **facts: Any
) -> tuple[list[Month], dict[Account, list[Costs]]]:
    told = told_by(HOUSES, numbers, changes=list(changes), **facts)
    case = case_of(told, as_stated)
    return made(told, case, levers_of(told, case, scenario=PLAN, drawing=as_stated))


def made(told: Told, case: Case, levers: Levers) -> tuple[list[Month], dict[Account, list[Costs]]]:
    months = months_with(case.model, case.month, levers=levers.flow, months=told.months)
    return months, {of: costs_with(base, levers.accounts[of], months=told.months) for of, base in case.accounts.items()}


def shares(month: Month) -> list[float]:
    """Of those whose stay ends: to the house, to their home, out of services."""
    return [float(share / ENDING) for share in (month.rates[HOUSE, 0], month.rates[HOME, 0], month.exits[LEAVING, 0])]


def test_every_number_that_a_change_can_bring_does_something() -> None:
    done = {*PLAIN, *STAYS, *WORKERS, *OF_MOVE}
    assert done == set(Parameter) - {Parameter.PEOPLE, Parameter.INFLATION}


def test_what_is_told_in_all_is_spread_evenly_over_its_months() -> None:
    months, _ = months_of(change(Parameter.MOVES, "ward", 6, to="house", starts=on(1), ends=on(3)))
    assert [month.planned[HOUSE, 0] for month in months[:5]] == [0, 2, 2, 2, 0]
    months, _ = months_of(change(Parameter.JOINING, "home", 6, starts=on(2)))
    assert [month.arrivals[2, 0] for month in months[:4]] == [0, 0, 6, 0]
    _, costs = months_of(change(Parameter.ONCE, "home", -6, starts=on(1), ends=on(2)))
    assert [cost.once[0, 0] for cost in costs[Account.COST][:4]] == [0, -3, -3, 0]


def test_any_day_of_a_month_is_the_month() -> None:
    assert months_between(date(2026, 4, 30), date(2027, 3, 1)) == 11
    assert months_between(date(2026, 4, 1), date(2026, 3, 31)) == -1
    late = change(Parameter.MOVES, "ward", 6, to="house", starts=date(2026, 4, 30), ends=date(2026, 6, 1))
    assert [month.planned[HOUSE, 0] for month in months_of(late)[0][:4]] == [2, 2, 2, 0]


def test_weekly_and_yearly_amounts() -> None:
    _, costs = months_of(
        change(Parameter.INCOME, "ward", 12, how="set to", starts=on(1)),
        change(Parameter.SETTING_COST, "home", 1200, how="raised by", starts=on(1)),
        change(Parameter.STAFF, "home", 3, how="set to", starts=on(1)),
        change(Parameter.COST, "ward", 0.5, how="multiplied by", starts=on(1)),
    )
    assert [cost.per_person[0, 0] for cost in costs[Account.INCOME][:2]] == [0, 52]
    assert [cost.fixed[2, 0] for cost in costs[Account.COST][:2]] == [0, 100]
    assert [cost.fixed[2, 0] for cost in costs[Account.STAFF][:2]] == [0, 3]
    assert [cost.per_person[0, 0] for cost in costs[Account.COST][:2]] == [1300, 650]


def test_a_length_of_stay_changes_all_rates_out_of_the_setting() -> None:
    months, _ = months_of(change(Parameter.STAY, "ward", 13, how="set to", starts=on(1), ends=on(2)))
    assert shares(months[0]) == pytest.approx([0.5, 0.3, 0.2])
    assert shares(months[1]) == shares(months[2]) == pytest.approx([1.0, 0.6, 0.4])
    assert months[3].rates.tolist() == months[0].rates.tolist()
    ramp, _ = months_of(change(Parameter.STAY, "ward", 13, how="set to", ramp_months=2))
    assert sum(shares(ramp[0])) == pytest.approx(26 / 19.5)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ([("house", 0.8)], [0.8, 0.12, 0.08]),
        ([("house", 0.6), ("home", 0.1)], [0.6, 0.1, 0.3]),
        ([("home", 0.1), ("house", 0.6)], [0.6, 0.1, 0.3]),
        ([("house", 1.0)], [1, 0, 0]),
        ([("house", 0.0)], [0, 0.6, 0.4]),
        ([("house", 0.9), ("home", 0.6)], [0.6, 0.4, 0]),
    ],
)
def test_shares_that_are_changed_are_as_told_and_others_share_what_is_left(changes: Any, wanted: list[float]) -> None:
    months, _ = months_of(*(change(Parameter.SHARE, "ward", value, to=to, how="set to") for to, value in changes))
    assert shares(months[0]) == pytest.approx(wanted)


def test_a_share_of_the_flow_that_takes_the_rest() -> None:
    numbers = [*NUMBERS[:3], number(Parameter.SHARE, "ward", None, to="home")]
    months, _ = months_of(change(Parameter.SHARE, "ward", 0.8, to="home", how="set to", starts=on(1)), numbers=numbers)
    assert shares(months[0]) == pytest.approx([0.5, 0.5, 0])
    assert shares(months[1]) == pytest.approx([0.2, 0.8, 0])


@pytest.mark.parametrize(
    ("first", "rest", "wanted"), [(1.0, False, [0.4, 0, 0.6]), (1.0, True, [0.4, 0.6, 0]), (None, False, [0.4, 0, 0.6])]
)
def test_where_nothing_tells_who_shares_what_is_left(first: float | None, rest: bool, wanted: list[float]) -> None:
    """All went one way, and fewer are to: the others go where the rest goes, or leave services."""
    numbers = [*NUMBERS[:2], number(Parameter.SHARE, "ward", first, to="house")]
    numbers += [number(Parameter.SHARE, "ward", None, to="home")] if rest else []
    more = [] if rest else [number(Parameter.MOVE_COST, "ward", 0, to="home")]
    told = [change(Parameter.SHARE, "ward", 0.4, to="house", how="set to")]
    assert shares(months_of(*told, numbers=[*numbers, *more])[0][0]) == pytest.approx(wanted)


def test_a_team_of_four() -> None:
    months, costs = months_of(
        change(Parameter.MOVES, "ward", 84, to="house", ends=on(11)),
        change(Parameter.TEAM, "ward", 4, to="house", how="raised by", starts=on(1), ends=on(3)),
        change(Parameter.MOVES_OF_WORKER, "ward", 2, to="house", how="multiplied by", starts=on(2)),
        change(Parameter.COST_OF_WORKER, "ward", 24_000, to="house", how="set to", starts=on(3)),
        change(Parameter.SETTING_COST, "ward", 1200, how="set to", starts=on(3)),
    )
    assert [month.limits[HOUSE, 0] for month in months[:5]] == [0, 2, 4, 4, 0]
    assert [cost.fixed[0, 0] for cost in costs[Account.COST][:5]] == [0, 12_000, 12_000, 8_100, 100]
    assert [cost.fixed[0, 0] for cost in costs[Account.STAFF][:5]] == [0, 4, 4, 4, 0]


def test_a_team_of_which_nothing_says_what_its_workers_manage() -> None:
    rows = [row for row in NUMBERS if row["parameter"] != Parameter.MOVES_OF_WORKER.value]
    team = (
        change(Parameter.TEAM, "ward", 0, to="house", how="set to"),
        change(Parameter.TEAM, "ward", 3, to="house", how="set to", starts=on(1)),
    )
    months, _ = months_of(*team, numbers=rows)
    assert [month.limits[HOUSE, 0] for month in months[:2]] == [0, np.inf]
    assert (
        months_of(change(Parameter.MOVES_OF_WORKER, "ward", 9, to="house", how="set to"))[0][0].limits[HOUSE, 0]
        == np.inf
    )


def test_a_move_costs_its_weeks_at_what_they_cost_then() -> None:
    _, costs = months_of(
        change(Parameter.COST, "ward", 200, how="set to", starts=on(1)),
        change(Parameter.MOVE_COST, "ward", 500, to="house", how="set to", starts=on(2)),
        change(Parameter.VOID, "ward", 3, to="house", how="raised by", starts=on(3)),
    )
    assert [cost.per_move[HOUSE, 0] for cost in costs[Account.COST][:5]] == [600, 400, 900, 1500, 1500]


def test_earlier_changes_act_first_and_others_in_their_order() -> None:
    double = change(Parameter.ARRIVALS, "ward", 2, how="multiplied by", starts=on(1))
    three = change(Parameter.ARRIVALS, "ward", 3, how="set to")
    assert [month.arrivals[0, 0] for month in months_of(double, three)[0][:2]] == [3, 6]
    same = double | {"starts": START}
    assert [months_of(*order)[0][0].arrivals[0, 0] for order in ((same, three), (three, same))] == [3, 6]


def test_a_scenario_of_which_nothing_is_told() -> None:
    told = told_by(HOUSES, NUMBERS, changes=[change(Parameter.JOINING, "ward", 3)])
    case = case_of(told, as_stated)
    levers = levers_of(told, case, scenario="another", drawing=as_stated)
    assert (levers.names, levers.flow, levers.accounts) == ([], [], {of: [] for of in Account})
    assert (Levers().flow, Levers().accounts) == ([], {of: [] for of in Account})


def same(one: Any, other: Any) -> bool:
    """Whether months and costs are equal number by number, as nearly as can be."""
    (months, accounts), (others, other_accounts) = one, other
    pairs = [(month.given, twin.given) for month, twin in zip(months, others, strict=True)]
    pairs += [
        (vars(cost), vars(twin)) for of in accounts for cost, twin in zip(accounts[of], other_accounts[of], strict=True)
    ]
    return all(
        np.allclose(rows, twin[name], rtol=1e-12, atol=1e-12)
        for given_rows, twin in pairs
        for name, rows in given_rows.items()
    )


@given(st.integers(0, 10_000).map(Random))
def test_all_levers_are_the_whole_and_one_alone_is_a_scenario_of_its_own(pick: Random) -> None:
    told, drawing = at_random(pick), by_chance(Chance(5, 2))
    case = case_of(told, drawing)
    levers = levers_of(told, case, scenario=PLAN, drawing=drawing)
    assert same(made(told, case, levers), made(told, case, levers.only(levers.names)))
    some = set(levers.names[::2])
    kept = told.changes.filter([name in some for name in told.changes["lever"]])
    alone = Told(**{**vars(told), "changes": kept})
    of_some = levers_of(alone, case, scenario=PLAN, drawing=drawing)
    assert same(made(told, case, levers.only(some)), made(told, case, of_some))


@given(st.integers(0, 10_000).map(Random), st.integers(0, 8))
def test_a_delay_is_a_later_beginning(pick: Random, delay: int) -> None:
    told = at_random(pick)
    later = [
        {
            name: on(months_between(START, day) + delay) if name in ("starts", "ends") and day else day
            for name, day in row.items()
        }
        for row in told.changes.drop("code").to_dicts()
    ]
    moved = told_by(
        told.settings["setting"], told.parameters.drop("code").to_dicts(), changes=later, months=told.months
    )
    case = case_of(told, as_stated)
    delayed = Told(**{**vars(told), "delays": {PLAN: delay}})
    one, other = (levers_of(each, case, scenario=PLAN, drawing=as_stated) for each in (delayed, moved))
    assert same(made(told, case, one), made(told, case, other))


@given(st.integers(0, 10_000).map(Random))
def test_changes_without_effect_change_nothing(pick: Random) -> None:
    told = at_random(pick, most=1)
    case = case_of(told, as_stated)
    rows = []
    for row in told.parameters.to_dicts():
        parameter = Parameter(row["parameter"])
        if parameter not in (Parameter.PEOPLE, Parameter.INFLATION):
            how, value = pick.choice([("set to", row["value"]), ("multiplied by", 1), ("raised by", 0)])
            rows.append(change(parameter, row["setting"], value, to=row["destination"], how=how, starts=on(2)))
    changed = told_by(
        told.settings["setting"], told.parameters.drop("code").to_dicts(), changes=rows, months=told.months
    )
    levers = levers_of(changed, case, scenario=PLAN, drawing=as_stated)
    assert same(made(told, case, levers), made(told, case, Levers()))


@given(st.integers(0, 10_000).map(Random))
def test_those_whose_stay_ends_all_go_somewhere_whatever_is_changed(pick: Random) -> None:
    values = [pick.uniform(0.01, 1) for _ in range(4)]
    told = told_by(
        HOUSES,
        NUMBERS,
        changes=[
            change(
                Parameter.SHARE,
                "ward",
                value,
                to=pick.choice(HOUSES[1:]),
                how="set to",
                lower=value * 0.5,
                upper=1,
                ramp_months=3,
            )
            | {"starts": on(pick.randrange(5))}
            for value in values
        ],
    )
    case, drawing = case_of(told, as_stated), by_chance(Chance(20, 1))
    months, _ = made(told, case, levers_of(told, case, scenario=PLAN, drawing=drawing))
    for month in months:
        assert (month.rates.sum(axis=0) + month.exits[LEAVING]) / ENDING == pytest.approx(np.ones(month.draws))


def test_the_same_row_has_the_same_draws_in_two_scenarios() -> None:
    row = change(Parameter.STAY, "ward", 13, how="set to", lower=10, upper=17)
    other = change(Parameter.ARRIVALS, "ward", 3, how="set to", lower=2, upper=4, scenario="more", lever="before")
    told = told_by(HOUSES, NUMBERS, changes=[other, row, row | {"scenario": "more"}])
    drawing = by_chance(Chance(9, 1))
    case = case_of(told, drawing)
    one, more = (levers_of(told, case, scenario=name, drawing=drawing) for name in (PLAN, "more"))
    assert (one.changes[0].values == more.changes[1].values).all()
    assert one.changes[0].values.shape == (10,)


def planned(*changes: Row, **chance: Any) -> tuple[Told, Case, Levers]:
    drawing = by_chance(Chance(7, 3)) if chance else as_stated
    told = told_by(HOUSES, NUMBERS, changes=list(changes))
    case = case_of(told, drawing)
    return told, case, levers_of(told, case, scenario=PLAN, drawing=drawing)


SIZED = (
    change(Parameter.MOVES, "ward", 12, to="house", ends=on(5), lower=8, upper=18),
    change(Parameter.TEAM, "ward", 4, to="house", how="raised by"),
    change(Parameter.MOVES_OF_WORKER, "ward", 2, to="house", how="set to"),
    change(Parameter.COST_OF_WORKER, "ward", 1.5, to="house", how="multiplied by"),
    change(Parameter.VOID, "ward", 3, to="house", how="set to"),
    change(Parameter.JOINING, "home", 6),
    change(Parameter.ONCE, "home", -900),
    change(Parameter.ARRIVALS, "home", 2, how="raised by"),
    change(Parameter.PLACES, "house", 5, how="raised by"),
    change(Parameter.STAFF, "home", 3, how="raised by", ramp_months=4),
    change(Parameter.SETTING_COST, "home", 24_000, how="raised by"),
)


def test_the_size_of_one_is_what_is_told_bit_for_bit() -> None:
    _, _, levers = planned(*SIZED, by="chance")
    assert levers.without_size == []
    for one, other in zip(levers.changes, levers.sized(1).changes, strict=True):
        assert one.values.tobytes() == other.values.tobytes()
    for one, other in zip(levers.flow, levers.sized(1.0).flow, strict=True):
        assert (one.part, one.row, one.values.tobytes(), one.profile.tobytes()) == (
            other.part, other.row, other.values.tobytes(), other.profile.tobytes()
        )  # fmt: skip


@pytest.mark.parametrize("size", [0.25, 0.5, 3.0])
def test_a_size_multiplies_amounts_draw_by_draw_and_leaves_what_is_told_of_each(size: float) -> None:
    _, _, levers = planned(*SIZED, by="chance")
    told = {change.parameter: change.values for change in levers.changes}
    found = {change.parameter: change.values for change in levers.sized(size).changes}
    each = {Parameter.MOVES_OF_WORKER, Parameter.COST_OF_WORKER, Parameter.VOID}
    for parameter, values in told.items():
        assert (found[parameter] == values * (1 if parameter in each else size)).all()
    assert told[Parameter.MOVES].shape == (8,)


def test_half_a_plan_moves_half_the_people_and_double_a_team_costs_and_counts_twice() -> None:
    told, case, levers = planned(SIZED[0], SIZED[1] | {"value": 24})
    moved = []
    for size in (1, 0.5):
        months, accounts = made(told, case, levers.sized(size))
        found = run(case.model, case.start, months=months, keep=[Series.MOVED])
        usual = run(case.model, case.start, months=made(told, case, Levers())[0], keep=[Series.MOVED])
        moved.append((found.series[Series.MOVED] - usual.series[Series.MOVED])[0, HOUSE, 0])
        assert accounts[Account.STAFF][0].fixed[0, 0] == 24 * size
        assert accounts[Account.COST][0].fixed[0, 0] == 24 * size * 36_000 / 12
    assert moved[1] == pytest.approx(moved[0] / 2)


def test_a_team_that_is_set_begins_with_nothing_and_is_an_amount() -> None:
    _, _, levers = planned(SIZED[0], change(Parameter.TEAM, "ward", 4, to="house", how="set to"))
    assert [each.values[0] for each in levers.sized(1.5).changes] == [18, 6]


@pytest.mark.parametrize(
    "other",
    [
        change(Parameter.COST, "home", 0.9, how="multiplied by"),
        change(Parameter.STAY, "ward", 20, how="set to"),
        change(Parameter.PLACES, "house", 9, how="set to"),
        change(Parameter.STAFF, "home", 2, how="multiplied by"),
        change(Parameter.SHARE, "ward", 0.6, to="house", how="set to"),
        change(Parameter.DOUBLE_RUNNING, "ward", 3, to="home", how="set to"),
    ],
    ids=lambda row: str(row["parameter"]),
)
def test_an_option_that_changes_a_rate_a_price_or_another_flow_is_taken_whole(other: Row) -> None:
    _, _, levers = planned(SIZED[0], other)
    assert [each.row["parameter"] for each in levers.without_size] == [other["parameter"]]
    assert levers.sized(1).flow[0].values == levers.flow[0].values
    with pytest.raises(WrongState, match="a lever: it is taken whole or not at all"):
        levers.sized(0.5)


def test_an_option_without_any_amount_is_taken_whole() -> None:
    _, _, levers = planned(SIZED[4])
    assert levers.without_size == levers.changes
    assert Levers().without_size == []
