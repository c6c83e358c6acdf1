"""Sizes of options, against every plan that there is."""

from collections.abc import Mapping
from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from parity.methods.sizing import (
    ONE_OFF,
    YEARLY,
    Amount,
    Problem,
    SizedOption,
    SizeLimit,
    Tier,
    benefit,
    plan_sizes,
    plan_worth,
    words_for_one_more,
)
from parity.terms.errors import WrongState
from parity.terms.units import Unit

SMALL = st.integers(0, 6)
AMOUNT = st.builds(Amount, st.integers(-1, 4), st.integers(0, 4))
TIERS = st.lists(st.integers(0, 12), max_size=3).map(
    lambda gains: tuple(Tier(place + 1.0, gain) for place, gain in enumerate(sorted(gains, reverse=True)))
)
YEARS_WORTH = 1.5


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    options = []
    for name in ("a", "b", "c")[: draw(st.integers(1, 3))]:
        least = draw(st.integers(1, 2))
        uses = {of: draw(AMOUNT) for of in (ONE_OFF, YEARLY, "nurses") if draw(st.booleans())}
        is_set = draw(st.integers(0, 3)) == 0
        options.append(SizedOption(name, least, least + draw(st.integers(0, 2)), draw(TIERS), uses, is_set=is_set))
    limits = (
        SizeLimit(ONE_OFF, draw(st.integers(0, 12)), Unit.GBP),
        SizeLimit(YEARLY, draw(st.integers(0, 12)), Unit.GBP, step=2),
        SizeLimit("nurses", draw(st.integers(-1, 12)), Unit.WTE, one="nurse"),
    )
    return Problem(tuple(options), limits, YEARS_WORTH)


def plans(problem: Problem) -> list[dict[str, float]]:
    """Every plan in whole sizes that keeps all limits."""
    ranges = [
        [*([] if option.is_set else [0]), *range(int(option.least), int(option.most) + 1)] for option in problem.options
    ]
    every = [
        dict(zip([option.name for option in problem.options], map(float, sizes), strict=True))
        for sizes in product(*ranges)
    ]
    return [plan for plan in every if all(use(problem, limit.of, plan) <= limit.most for limit in problem.limits)]


def use(problem: Problem, of: str, plan: Mapping[str, float]) -> float:
    total = 0.0
    for option in problem.options:
        amount = option.uses.get(of, Amount())
        if plan[option.name]:
            total += amount.fixed + sum(amount.each for _ in range(int(plan[option.name])))
    return total


def worth(problem: Problem, plan: Mapping[str, float]) -> float:
    brought = 0.0
    for option in problem.options:
        for unit in range(int(plan[option.name])):
            brought += next((tier.each for tier in option.tiers if unit < tier.up_to), 0)
    return brought - use(problem, ONE_OFF, plan) - YEARS_WORTH * use(problem, YEARLY, plan)


def with_limit(problem: Problem, place: int, most: float) -> Problem:
    limits = list(problem.limits)
    limits[place] = SizeLimit(limits[place].of, most, limits[place].unit)
    return Problem(problem.options, tuple(limits), problem.years_worth)


@settings(deadline=None, max_examples=60)
@given(problems())
def test_a_plan_is_the_best_of_all(problem: Problem) -> None:
    every = plans(problem)
    if not every:
        with pytest.raises(WrongState, match="No plan keeps within"):
            plan_sizes(problem)
        return
    found = plan_sizes(problem)
    best = max(worth(problem, plan) for plan in every)
    assert found.sizes in every
    assert found.worth == pytest.approx(best)
    assert found.worth == pytest.approx(worth(problem, found.sizes))
    assert found.options["worth"].sum() == pytest.approx(found.worth)
    for place, (limit, row) in enumerate(zip(problem.limits, found.limits.iter_rows(named=True), strict=True)):
        raised = with_limit(problem, place, limit.most + limit.step)
        gain = max(worth(raised, plan) for plan in plans(raised)) - best
        assert row["used"] == use(problem, limit.of, found.sizes)
        assert row["left"] == limit.most - row["used"]
        assert row["one_more"] == pytest.approx(gain)
        assert (row["words"] is None) == (gain == 0)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=4), SMALL)
def test_sizes_that_are_not_whole_against_a_linear_program(rows: list[tuple[int, int, int]], most: int) -> None:
    options = tuple(
        SizedOption(str(place), 1e-6, 5, (Tier(2, 9 + gain), Tier(5, gain)), {"x": Amount(x), "y": Amount(y)}, False)
        for place, (gain, x, y) in enumerate(rows)
    )
    limits = (SizeLimit("x", most, Unit.COUNT), SizeLimit("y", 10, Unit.COUNT))
    found = plan_sizes(Problem(options, limits, 1))
    gains = [gain for first, _, _ in rows for gain in (9 + first, first)]
    held = [[row[of] for row in rows for _ in range(2)] for of in (1, 2)]
    wanted = linprog(-np.array(gains), A_ub=held, b_ub=[most, 10], bounds=[(0, 2), (0, 3)] * len(rows))
    assert found.worth == pytest.approx(-wanted.fun, abs=1e-3)
    assert all(found.limits["left"] >= -1e-6)


def test_marginal_values_where_whole_and_other_sizes_meet() -> None:
    team = SizedOption("team", 1, 3, (Tier(3, 10),), {"nurses": Amount(2)})
    hours = SizedOption("hours", 0.5, 9, (Tier(9, 3),), {"nurses": Amount(1)}, is_whole=False)
    found = plan_sizes(Problem((team, hours), (SizeLimit("nurses", 7.5, Unit.WTE, one="nurse"),), 1))
    assert found.sizes == {"team": 3, "hours": pytest.approx(1.5)}
    assert found.limits.select("one_more", "marginal").row(0) == pytest.approx((3, 3))


def test_what_frees_staff_lets_others_have_them() -> None:
    closed = SizedOption("ward closed", 1, 1, (), {"nurses": Amount(fixed=-5), ONE_OFF: Amount(fixed=10)})
    team = SizedOption("team", 1, 9, (Tier(9, 8),), {"nurses": Amount(1)})
    found = plan_sizes(Problem((closed, team), (SizeLimit("nurses", 1, Unit.WTE),), 1))
    assert (found.sizes, found.worth) == ({"ward closed": 1, "team": 6}, 38)


def test_limits_that_cannot_hold_together_are_named() -> None:
    house = SizedOption("Crisis house", 1, 1, (), {ONE_OFF: Amount(80), "nurses": Amount(6)}, is_set=True)
    team = SizedOption("Move-on", 1, 2, (), {ONE_OFF: Amount(30), "nurses": Amount(4)}, is_set=True)
    bed = SizedOption("Ward closed", 1, 1, (), {"nurses": Amount(-4), ONE_OFF: Amount(20)})
    limits = (
        SizeLimit(YEARLY, 5, Unit.GBP),
        SizeLimit(ONE_OFF, 120, Unit.GBP),
        SizeLimit("nurses", 8, Unit.WTE),
    )
    with pytest.raises(WrongState) as refused:
        plan_sizes(Problem((house, team, bed), limits, 1))
    assert str(refused.value) == (
        "No plan keeps within one-off spending of at most £120 and nurses of at most 8.00 WTE, as Crisis house and "
        "Move-on must be chosen."
    )
    with pytest.raises(WrongState, match=r"^No plan keeps within nurses of at most −1.00 WTE\.$"):
        plan_sizes(Problem((SizedOption("Team", 1, 1, (), {}),), (SizeLimit("nurses", -1, Unit.WTE),), 1))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "needs options"),
        ((SizedOption("a", 1, 1, (), {}), SizedOption("a", 1, 1, (), {})), "name of its own"),
        ((SizedOption("a", 0, 1, (), {}),), "least size"),
        ((SizedOption("a", 2, 1, (), {}),), "least size"),
        ((SizedOption("a", 1, inf, (), {}),), "least size"),
        ((SizedOption("a", 1.2, 1.8, (), {}),), "no whole number"),
        ((SizedOption("a", 1, 2, (Tier(1, 2), Tier(1, 1)), {}),), "each tier"),
        ((SizedOption("a", 1, 2, (Tier(1, 2), Tier(2, 3)), {}),), "each tier"),
        ((SizedOption("a", 1, 2, (Tier(2, -1),), {}),), "each tier"),
    ],
)
def test_problems_that_are_not_well_put(options: tuple[SizedOption, ...], words: str) -> None:
    with pytest.raises(WrongState, match=words):
        plan_sizes(Problem(options, (), 1))


def test_nothing_worth_buying() -> None:
    option = SizedOption("a", 1, 5, (Tier(5, 1),), {ONE_OFF: Amount(2)})
    problem = Problem((option,), (SizeLimit("nothing", 0, Unit.COUNT),), 1)
    found = plan_sizes(problem)
    assert (found.worth, found.sizes, found.limits["words"].to_list()) == (0, {"a": 0}, [None])
    assert plan_worth(problem, {"a": 3}) == -3


def test_what_brings_nothing_beyond_its_tiers() -> None:
    option = SizedOption("a", 1, 9, (Tier(2, 5), Tier(3, 1)), {})
    assert [benefit(option, size) for size in (0, 1.5, 3, 9)] == [0, 7.5, 11, 11]


def test_words_for_a_step() -> None:
    assert words_for_one_more(SizeLimit("nurses", 8, Unit.WTE, one="nurse", step=2), 5) == (
        "2.00 WTE more of nurses would be worth £5 over the appraisal period."
    )
