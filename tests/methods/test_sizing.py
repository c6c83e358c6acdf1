"""Sizes of options, against every plan that there is."""

from collections.abc import Mapping
from itertools import product
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from parity.methods.sizing import (
    CHANGES_NOTHING,
    NO_PLAN,
    Problem,
    Size,
    SizedOption,
    SizeLimit,
    plan_name,
    plan_sizes,
    plan_use,
    plan_worth,
)
from parity.terms.errors import WrongState
from parity.terms.units import Unit

Plan = dict[str, float]
MONTHS = 3
CASH, NURSES = "cash", "nurses"


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Small problems in whole numbers: cash in each of three months, nurses once."""
    options = []
    for name in ("a", "b", "c", "d")[: draw(st.integers(1, 4))]:
        sizes = []
        for number in range(1, draw(st.integers(1, 3)) + 1):
            rows = {CASH: MONTHS, NURSES: 1}
            uses = {
                of: draw(st.lists(st.integers(-2, 5), min_size=length, max_size=length))
                for of, length in rows.items()
                if draw(st.booleans())
            }
            sizes.append(Size(number / 2, draw(st.integers(-3, 12)), uses))
        options.append(SizedOption(name, tuple(sizes), is_set=draw(st.integers(0, 4)) == 0))
    pairs = [("a", "b")] if len(options) > 1 and not (options[0].is_set and options[1].is_set) else []
    limits = (
        SizeLimit(CASH, draw(st.integers(-1, 9)), Unit.GBP, "pound", step=draw(st.integers(1, 3))),
        SizeLimit(NURSES, draw(st.integers(0, 9)), Unit.WTE, "nurse"),
    )
    return Problem(tuple(options), limits, tuple(pairs) if draw(st.booleans()) else ())


def every_plan(problem: Problem) -> list[Plan]:
    """Every plan that keeps the pairs and what is set, within the limits or not."""
    ways = [[*([] if option.is_set else [0.0]), *(each.size for each in option.sizes)] for option in problem.options]
    plans = [dict(zip([option.name for option in problem.options], sizes, strict=True)) for sizes in product(*ways)]
    return [plan for plan in plans if not any(plan[one] and plan[other] for one, other in problem.at_most_one)]


def sized(problem: Problem, plan: Plan) -> list[Size]:
    return [each for option in problem.options for each in option.sizes if each.size == plan[option.name]]


def worth(problem: Problem, plan: Plan) -> float:
    return sum(each.worth for each in sized(problem, plan))


def use(problem: Problem, limit: str, plan: Plan) -> float:
    length = MONTHS if limit == CASH else 1
    return max(sum(each.uses.get(limit, [0] * length)[row] for each in sized(problem, plan)) for row in range(length))


def kept(problem: Problem, more: Mapping[str, float]) -> list[Plan]:
    """The plans within the limits, each raised by so much."""
    return [
        plan
        for plan in every_plan(problem)
        if all(use(problem, one.name, plan) <= one.most + more.get(one.name, 0) for one in problem.limits)
    ]


@settings(deadline=None, max_examples=150)
@given(problems())
def test_a_plan_is_the_best_of_all(problem: Problem) -> None:
    plans = kept(problem, {})
    if not plans:
        with pytest.raises(WrongState, match="No plan keeps within “"):
            plan_sizes(problem)
        return
    found = plan_sizes(problem)
    best = max(worth(problem, plan) for plan in plans)
    ties = [plan for plan in plans if worth(problem, plan) == best]
    assert found.sizes == min(ties, key=lambda plan: tuple(plan.values()))
    assert found.worth == best == plan_worth(problem, found.sizes)
    for limit, row in zip(problem.limits, found.limits.iter_rows(named=True), strict=True):
        used = use(problem, limit.name, found.sizes)
        assert (row["used"], row["most"], row["left"]) == (used, limit.most, limit.most - used)
        raised = kept(problem, {limit.name: limit.step})
        assert row["one_more"] == max(worth(problem, plan) for plan in raised) - best
        better = [plan for plan in kept(problem, {limit.name: inf}) if worth(problem, plan) > best]
        if not better:
            assert row["words"] == CHANGES_NOTHING
            continue
        least = min(use(problem, limit.name, plan) for plan in better)
        most = max(worth(problem, plan) for plan in better if use(problem, limit.name, plan) == least)
        let_in = [plan for plan in better if (worth(problem, plan), use(problem, limit.name, plan)) == (most, least)]
        added, gain = least - limit.most, most - best
        each = Unit.GBP_EXACT if limit.name == CASH else Unit.GBP
        smallest = min(let_in, key=lambda plan: tuple(plan.values()))
        assert row["words"] == (
            f"The first {limit.unit.write(added)} more would let in {plan_name(smallest)}, worth £{gain} more: "
            f"{each.write(gain / added)} for each {limit.one}. Less than that would bring nothing."
        )


@settings(deadline=None, max_examples=60)
@given(problems())
def test_no_plan_is_worth_more_than_the_linear_program_allows(problem: Problem) -> None:
    columns = [(option, each) for option in problem.options for each in option.sizes]
    rows, most = [], []
    for option in problem.options:
        own = [float(each is option) for each, _ in columns]
        rows += [own, [-value for value in own]]
        most += [1.0, -float(option.is_set)]
    for pair in problem.at_most_one:
        rows.append([float(option.name in pair) for option, _ in columns])
        most.append(1.0)
    for limit in problem.limits:
        length = MONTHS if limit.name == CASH else 1
        for row in range(length):
            rows.append([each.uses.get(limit.name, [0] * length)[row] for _, each in columns])
            most.append(limit.most)
    relaxed = linprog([-each.worth for _, each in columns], A_ub=np.array(rows), b_ub=most, bounds=(0, 1))
    try:
        found = plan_sizes(problem)
    except WrongState:
        return
    assert found.worth <= -relaxed.fun + 1e-6
    if np.allclose(relaxed.x, np.round(relaxed.x), atol=1e-9):
        assert found.worth == pytest.approx(-relaxed.fun)


def test_of_plans_worth_the_same_the_smaller_sizes_of_the_first_options_are_taken() -> None:
    alike = (Size(0.5, 10, {CASH: [5]}), Size(1, 20, {CASH: [10]}))
    problem = Problem((SizedOption("a", alike), SizedOption("b", alike)), (SizeLimit(CASH, 15, Unit.GBP, "pound"),))
    assert plan_sizes(problem).sizes == {"a": 0.5, "b": 1}
    same = (Size(1, 20), Size(2, 20))
    assert plan_sizes(Problem((SizedOption("a", same),))).sizes == {"a": 1}


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.floats(0, 6), st.floats(0, 6), st.floats(0, 6)), min_size=2, max_size=4), st.floats(0, 6))
def test_numbers_of_any_size_stand_beside_each_other(rows: list[tuple[float, float, float]], most: float) -> None:
    options = tuple(
        SizedOption(
            str(place),
            (Size(1, 10**gain, {CASH: [0, 10**first]}), Size(2, 1.5 * 10**gain, {CASH: [10**second] * 2})),
        )
        for place, (gain, first, second) in enumerate(rows)
    )
    problem = Problem(options, (SizeLimit(CASH, 10**most, Unit.GBP, "pound"),))
    found = plan_sizes(problem)
    plans = [plan for plan in every_plan(problem) if plan_use(problem, CASH, plan) <= 10**most]
    best = max(plan_worth(problem, plan) for plan in plans)
    # a limit may be missed by some billionths of the largest number that counts towards it
    top = max(10**most, *(10**number for _, *uses in rows for number in uses))
    assert plan_use(problem, CASH, found.sizes) <= 10**most + 4e-9 * top
    assert found.worth >= best * (1 - 1e-7)


def test_what_must_be_added_is_rounded_up_so_that_it_is_enough() -> None:
    team = SizedOption("team", (Size(1, 9, {CASH: [4.2], NURSES: [1.001]}),))
    limits = (SizeLimit(CASH, 2, Unit.GBP, "pound"), SizeLimit(NURSES, 1, Unit.WTE, "nurse", grain=0.01))
    words = [plan_sizes(Problem((team,), (limit,))).limits["words"][0] for limit in limits]
    assert words == [
        "The first £3 more would let in team, worth £9 more: £4.09 for each pound. Less than that would bring nothing.",
        "The first 0.01 WTE more would let in team, worth £9 more: £9,000 for each nurse. Less than that would bring "
        "nothing.",
    ]


def test_what_frees_staff_lets_others_have_them() -> None:
    closed = SizedOption("ward closed", (Size(1, -10, {NURSES: [-5]}),))
    team = SizedOption("team", tuple(Size(size, 8 * size, {NURSES: [size]}) for size in range(1, 10)))
    found = plan_sizes(Problem((closed, team), (SizeLimit(NURSES, 1, Unit.WTE, "nurse"),)))
    assert (found.sizes, found.worth) == ({"ward closed": 1, "team": 6}, 38)


def test_single_pounds_count_beside_hundreds_of_millions() -> None:
    dear = SizedOption("dear", (Size(1, 400_000_000.0, {CASH: [90_000_000.0]}),))
    cheap = SizedOption("cheap", (Size(1, 6.0, {CASH: [2.0]}),))
    limits = (SizeLimit(CASH, 90_000_001.0, Unit.GBP, "pound", step=1.0),)
    found = plan_sizes(Problem((dear, cheap), limits))
    assert found.sizes == {"dear": 1, "cheap": 0}
    assert found.limits.select("used", "one_more").row(0) == pytest.approx((90_000_000, 6))


def test_limits_that_cannot_hold_together_are_named() -> None:
    house = SizedOption("Crisis house", (Size(1, 5, {CASH: [80], NURSES: [6]}),), is_set=True)
    team = SizedOption("Move-on", (Size(1, 9, {CASH: [30], NURSES: [4]}), Size(2, 9, {CASH: [60]})), is_set=True)
    ward = SizedOption("Ward closed", (Size(1, 0, {NURSES: [-4], CASH: [20]}),))
    limits = (
        SizeLimit("a year", 5, Unit.GBP, "pound"),
        SizeLimit(CASH, 120, Unit.GBP, "pound"),
        SizeLimit(NURSES, 4, Unit.WTE, "nurse"),
    )
    with pytest.raises(WrongState) as refused:
        plan_sizes(Problem((house, team, ward), limits))
    assert str(refused.value) == (
        "No plan keeps within “cash” (at most £120) and “nurses” (at most 4.00 WTE), as Crisis house and Move-on must "
        "be chosen."
    )
    with pytest.raises(WrongState, match=r"^No plan keeps within “nurses” \(at most −1\.00 WTE\)\.$"):
        plan_sizes(Problem((SizedOption("Team", (Size(1, 1),)),), (SizeLimit(NURSES, -1, Unit.WTE, "nurse"),)))


ONE = (Size(1, 1),)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Problem(()), "needs options"),
        (Problem((SizedOption("a", ONE), SizedOption("a", ONE))), "name of its own"),
        (Problem((SizedOption("a", ()),)), "needs sizes above 0"),
        (Problem((SizedOption("a", (Size(0, 1),)),)), "needs sizes above 0"),
        (Problem((SizedOption("a", (Size(inf, 1),)),)), "needs sizes above 0"),
        (Problem((SizedOption("a", (Size(1, 1), Size(1, 2))),)), "each of them once"),
        (Problem((SizedOption("a", (Size(1, nan),)),)), "not known"),
        (Problem((SizedOption("a", (Size(1, 1, {CASH: [inf]}),)),)), "not known"),
        (
            Problem(
                (SizedOption("a", (Size(1, 1, {CASH: [1]}), Size(2, 1, {CASH: [1, 2]}))),),
                (SizeLimit(CASH, 1, Unit.GBP, "pound"),),
            ),
            "same months or years",
        ),
        (
            Problem((SizedOption("a", (Size(1, 1, {CASH: []}),)),), (SizeLimit(CASH, 1, Unit.GBP, "pound"),)),
            "same months or years",
        ),
        (Problem((SizedOption("a", ONE),), (), (("a", "z"),)), "names an option that there is not: z"),
        (
            Problem((SizedOption("a", ONE, is_set=True), SizedOption("b", ONE, is_set=True)), (), (("a", "b"),)),
            "a and b exclude each other",
        ),
    ],
)
def test_problems_that_are_not_well_put(problem: Problem, words: str) -> None:
    with pytest.raises(WrongState, match=words):
        plan_sizes(problem)


def test_nothing_worth_buying() -> None:
    problem = Problem((SizedOption("a", (Size(1, -2, {CASH: [3]}),)),), (SizeLimit(CASH, 0, Unit.GBP, "pound"),))
    found = plan_sizes(problem)
    assert (found.worth, found.sizes) == (0, {"a": 0})
    assert found.limits.row(0) == (CASH, 0, 0, 0, 0, CHANGES_NOTHING)
    assert (plan_worth(problem, {"a": 1}), plan_use(problem, CASH, {"a": 1})) == (-2, 3)
    assert plan_name(found.sizes) == NO_PLAN


def test_a_plan_is_called_by_what_is_in_it() -> None:
    assert plan_name({"Team": 1, "House": 0, "Flats": 1.5}) == "Team + Flats (1.5 times)"
