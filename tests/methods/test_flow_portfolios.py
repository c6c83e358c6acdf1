"""Portfolios of options against each run by itself, with the kernel and without."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.flow import FlowModel, Month, Numbers, Rationing
from parity.methods.flow_case import Account, Case
from parity.methods.flow_cost import Costs, monthly_costs, no_costs
from parity.methods.flow_kernel import NET
from parity.methods.flow_kernel_source import sweep
from parity.methods.flow_levers import OF_COSTS, Lever, Operation, Part, costs_with, months_with
from parity.methods.flow_portfolios import CHUNK, Choice, Option, Portfolios, every_portfolio, portfolios
from parity.methods.flow_run import Series, run
from parity.terms.errors import WrongState
from tests.methods.test_flow_run import models

MONTHS = 6
COUNTED = (Series.PEOPLE, Series.PERSON_MONTHS, Series.MOVED, Series.REFUSED, Series.DUE_BY_FLOW)


@st.composite
def choices(draw: Any) -> Choice:
    """A choice among three options, each of some levers of any kind that the model allows, for two draws."""
    model, start, month = draw(models())
    numbers = np.random.default_rng(draw(st.integers(0, 10_000)))
    if model.rationing is Rationing.LONGEST_WAIT:
        model = replace(model, rationing=Rationing.PROPORTIONAL)
    costs = {of: costs_made(model, numbers, has_places=np.isfinite(month.capacities)) for of in NET}
    levers = []
    for option in range(3):
        parts = [part for part in Part if part in OF_COSTS or part.value in month.given]
        made = [lever_made(str(option), part, costs, month, numbers) for part in numbers.permutation(parts)[:6]]
        made = [lever for lever in made if lever]
        flow = [lever for lever in made if lever.part not in OF_COSTS]
        money = [lever for lever in made if lever.part in OF_COSTS]
        levers.append(Option(flow, {Account.COST: money[::2], Account.INCOME: money[1::2]}))
    prices = numbers.uniform(1, 1.1, (MONTHS, numbers.choice([1, 2])))
    growth = [
        Lever("need", Part.ARRIVALS, 0, Operation.PLUS, numbers.uniform(0, 3, numbers.choice([1, 2])), share)
        for share in numbers.uniform(0, 1, (numbers.integers(0, 3), MONTHS))
    ]
    case = Case(model, start, month, costs, prices, {}, {}, 52, growth)
    return Choice(case, levers, numbers.uniform(0.5, 1, MONTHS))


def costs_made(model: FlowModel, numbers: np.random.Generator, *, has_places: Numbers) -> Costs:
    size, flows = len(model.settings), len(model.flows)
    some = [numbers.integers(0, 2, (rows, 1)) * numbers.uniform(0, 9, (rows, 1)) for rows in (size, size, size, flows)]
    return Costs(some[0], some[1] * has_places, some[2], some[3], numbers.uniform(-1, 1, (1, 2)))


def lever_made(name: str, part: Part, costs: Any, month: Any, numbers: np.random.Generator) -> Lever | None:
    """A lever of this part on some row, if it has one; a place without limit is not made to cost."""
    rows = len(getattr(costs[Account.COST] if part in OF_COSTS else month, part.value))
    kept_free = [row for row in range(rows) if part is not Part.PER_PLACE or np.isfinite(month.capacities[row]).all()]
    if not kept_free:
        return None
    operation = Operation(numbers.choice([each.value for each in Operation]))
    values = numbers.uniform(-0.5 if operation is Operation.PLUS else 0, 2, numbers.choice([1, 2]))
    profile = numbers.choice([0, 0.25, 1], MONTHS)
    return Lever(name, part, int(numbers.choice(kept_free)), operation, values, profile)


def by_itself(choice: Choice, turn: tuple[int, ...]) -> dict[str, Numbers]:
    """What one portfolio comes to, told from the whole of its run."""
    case, options = choice.case, [choice.options[place] for place in turn]
    flow = [*case.growth, *(lever for option in options for lever in option.flow)]
    months = months_with(case.model, case.month, levers=flow, months=MONTHS)
    start = np.broadcast_to(case.start, (len(case.start), 2))
    series = run(case.model, start, months=months, keep=COUNTED).series
    net = np.zeros((MONTHS, 2))
    for of, sign in NET.items():
        costs = costs_with(case.accounts[of], [a for o in options for a in o.accounts.get(of, ())], months=MONTHS)
        places = [month.capacities for month in months]
        people, moved = series[Series.PERSON_MONTHS], series[Series.MOVED]
        paid = monthly_costs(people, moved, costs=costs, places=places, prices=case.prices)
        net += sign * paid
    return {
        "net": (net * choice.weights[:, None]).sum(axis=0),
        "by_month": net.mean(axis=1),
        "refused": series[Series.REFUSED].sum(axis=(0, 1)),
        "due": series[Series.DUE_BY_FLOW][-1].sum(axis=0),
        "people": series[Series.PEOPLE][-1].mean(axis=1),
    }


def check_same(found: Portfolios, choice: Choice) -> None:
    for place, turn in enumerate(found.chosen):
        for name, wanted in by_itself(choice, turn).items():
            assert np.abs(getattr(found, name)[place] - wanted).max(initial=0) < 1e-9, (turn, name)


@given(choices())
@settings(max_examples=40)
def test_portfolios_against_each_by_itself(choice: Choice) -> None:
    every = every_portfolio(3)
    check_same(portfolios(choice, every), choice)
    check_same(portfolios(choice, every, is_compiled=False), choice)


def simple() -> Choice:
    """A ward that costs, and two options: to make it larger, and to send people home sooner."""
    model = FlowModel(("home", "ward"), (("home", "ward"), ("ward", "home")))
    start, nothing = np.array([[50.0], [5.0]]), np.zeros((2, 1))
    month = Month(np.array([[0.3], [0.2]]), nothing, nothing, np.array([[np.inf], [5.0]]))
    whole = np.ones(MONTHS)
    options = [
        Option([Lever("larger", Part.CAPACITIES, 1, Operation.PLUS, np.array([2.0, 3.0, 4.0]), whole)]),
        Option([Lever("sooner", Part.RATES, 1, Operation.TIMES, np.array([1.5]), whole)]),
    ]
    costs = replace(no_costs(2, 2), per_person=np.array([[0.0], [10.0]]))
    case = Case(model, start, month, {Account.COST: costs, Account.INCOME: no_costs(2, 2)}, whole[:, None], {}, {}, 52)
    return Choice(case, options, whole)


def test_every_portfolio_stands_once() -> None:
    assert every_portfolio(0) == [()]
    assert every_portfolio(2) == [(), (0,), (1,), (0, 1)]
    wanted = {turn for size in range(6) for turn in combinations(range(5), size)}
    assert set(every_portfolio(5)) == wanted
    assert len(every_portfolio(5)) == len(wanted)


@pytest.mark.parametrize("is_compiled", [True, False])
def test_no_portfolio_is_none(is_compiled: bool) -> None:
    found = portfolios(simple(), [], is_compiled=is_compiled)
    assert found.net.shape == (0, 3)
    assert found.people.shape == (0, 2)


def test_threads_change_no_number() -> None:
    choice = simple()
    one, two = (portfolios(choice, every_portfolio(2), threads=threads) for threads in (1, 2))
    for name in ("net", "refused", "due", "people", "by_month"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


@pytest.mark.parametrize(("is_compiled", "size"), [(True, CHUNK), (False, 833)])
def test_it_tells_how_far_it_is_and_can_be_stopped(is_compiled: bool, size: int) -> None:
    told: list[tuple[int, int]] = []
    chosen = [()] * (size + 2)

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        if done < of:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        portfolios(simple(), chosen, told=stop, is_compiled=is_compiled)
    portfolios(simple(), chosen[:2], told=stop, is_compiled=is_compiled)
    assert told == [(size, size + 2), (2, 2)]


def test_the_loops_are_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parity.methods.flow_kernel.compiled", lambda loops: sweep)
    choice, none = simple(), np.zeros((2, 1))
    month = replace(choice.case.month, planned=none, limits=none + np.inf)
    costs = replace(
        no_costs(2, 2), per_person=none + 2, per_place=np.array([[0], [1.0]]), per_move=none + 3, fixed=none + 4
    )
    case = replace(choice.case, month=month, accounts={**choice.case.accounts, Account.INCOME: costs})
    half = np.array([0, 0.5, 1, 1, 0, 0])
    levers = [
        Lever("a", Part.CAPACITIES, 0, Operation.TIMES, np.array([2.0]), half),
        Lever("a", Part.CAPACITIES, 1, Operation.SET, np.array([7.0]), half),
        Lever("a", Part.PLANNED, 0, Operation.PLUS, np.array([1.0, 2.0]), half),
    ]
    choice = Choice(case, [Option(levers)], choice.weights)
    check_same(portfolios(choice, [(), (0,)]), choice)


@pytest.mark.parametrize("is_compiled", [True, False])
def test_what_cannot_be_run(is_compiled: bool) -> None:
    choice = simple()
    costs = {of: replace(no_costs(2, 2), per_place=np.ones((2, 1))) for of in NET}
    dear = replace(choice, case=replace(choice.case, accounts={**costs, Account.INCOME: no_costs(2, 2)}))
    with pytest.raises(WrongState, match="no number of places"):
        portfolios(dear, [()], is_compiled=is_compiled)
    with pytest.raises(WrongState, match="different numbers of draws"):
        portfolios(replace(choice, case=replace(choice.case, start=np.ones((2, 2)))), [()], is_compiled=is_compiled)
    unknown = Option([Lever("unknown", Part.RATES, 0, Operation.SET, np.array([np.nan]), np.ones(MONTHS))])
    with pytest.raises(WrongState, match="not known"):
        portfolios(replace(choice, options=[unknown]), [()], is_compiled=is_compiled)
