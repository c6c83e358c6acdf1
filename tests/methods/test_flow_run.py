"""Runs of the flow model against a loop over settings and flows, and against what must hold of any model."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from math import factorial, inf, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.chance import Chance, quantiles
from parity.methods.flow import FlowModel, Month, Numbers, Rationing, flow_model, month_of, people_at_start
from parity.methods.flow_run import BLOCK, LISTED_BLOCK, Run, Series, blocks, joined, run
from parity.terms.errors import WrongState
from tests.worked_examples.test_worked_examples import examples_in

EVERYTHING = frozenset(Series) - {Series.LISTED_BY_FLOW}
PAGE = Path(__file__).parent.parent / "worked_examples" / "flow.md"
TABLES = next(examples_in(PAGE)).tables
"""The system of twelve settings that the worked example prints."""
CARE = flow_model(TABLES["settings"], TABLES["flows"])
CARE_START, CARE_MONTH = people_at_start(TABLES["settings"]), month_of(TABLES["settings"], TABLES["flows"])
SPREAD = 0.1

Plain = dict[Series, list[list[float]]]
Queue = dict[tuple[int, int], float]
"""People on the list for each flow, by the step in which they joined it."""


def everything(model: FlowModel) -> frozenset[Series]:
    return frozenset(Series) if model.rationing is Rationing.LONGEST_WAIT else EVERYTHING


def plain_run(model: FlowModel, start: Numbers, *, month: Month, months: int, draw: int = 0) -> Plain:
    """The month rule for one draw, told as slowly as it is explained."""
    rates, exits, arrivals, capacities, people = (
        [row[draw % len(row)] for row in part.tolist()]
        for part in (month.rates, month.exits, month.arrivals, month.capacities, start)
    )
    ends = [(model.settings.index(origin), model.settings.index(end)) for origin, end in model.flows]
    for here in range(len(people)):
        out = [flow for flow, (origin, _) in enumerate(ends) if origin == here]
        total = exits[here] + sum(rates[flow] for flow in out)
        factor = (1 - (1 - min(total, 1)) ** (1 / model.steps)) / total if total else 0
        exits[here] *= factor
        for flow in out:
            rates[flow] *= factor
    arrivals = [people_here / model.steps for people_here in arrivals]
    planned, able = (
        [
            inf if part is None else row[draw % len(row)] / model.steps
            for row in (ends if part is None else part.tolist())
        ]
        for part in (month.planned, month.limits)
    )
    due = [0.0] * len(ends)
    told: Plain = defaultdict(list, {Series.PEOPLE: [people]})
    queue: Queue = {}
    for number in range(months):
        sums = {series: [0.0] * len(ends) for series in (Series.MOVED, Series.REFUSED_BY_FLOW)}
        sums |= {series: [0.0] * len(people) for series in (Series.LEFT, Series.REFUSED, Series.PERSON_MONTHS)}
        for turn in range(model.steps):
            left = [people_here * leaving for people_here, leaving in zip(people, exits, strict=True)]
            asking = plain_asking(queue, people, ends=ends, rates=rates, exits=exits)
            plans = plain_plans(asking, people, ends=ends, left=left, queue=queue, due=due, planned=planned, able=able)
            held = [
                due_now - able_now if due_now > able_now else 0.0 for due_now, able_now in zip(due, able, strict=True)
            ]
            asking = [group + plan for group, plan in zip(asking, plans, strict=True)]
            free = [max(0, most - here + gone) for most, here, gone in zip(capacities, people, left, strict=True)]
            joined_now = {(flow, number * model.steps + turn): group for flow, group in enumerate(asking)}
            moved, queue = plain_rationing(model, queue | joined_now, free=free, ends=ends)
            refused = [queue[key] for key in joined_now]
            if model.rationing is Rationing.LONGEST_WAIT:
                due = [due_now - plan for due_now, plan in zip(due, plans, strict=True)]
            else:
                of_plan = [plan / group if group else 0.0 for plan, group in zip(plans, asking, strict=True)]
                due = [due_now - some * share for due_now, some, share in zip(due, moved, of_plan, strict=True)]
                refused = [group * (1 - share) for group, share in zip(refused, of_plan, strict=True)]
            people = [
                here
                + arrivals[place]
                - left[place]
                + sum(((end == place) - (origin == place)) * moved[flow] for flow, (origin, end) in enumerate(ends))
                for place, here in enumerate(people)
            ]
            for flow, (_, end) in enumerate(ends):
                sums[Series.MOVED][flow] += moved[flow]
                sums[Series.REFUSED_BY_FLOW][flow] += refused[flow]
                sums[Series.REFUSED][end] += refused[flow]
            for place, here in enumerate(people):
                sums[Series.LEFT][place] += left[place]
                sums[Series.PERSON_MONTHS][place] += here / model.steps
            if model.rationing is not Rationing.LONGEST_WAIT:
                queue = {}
        told[Series.PEOPLE].append(people)
        told[Series.ARRIVED].append([new * model.steps for new in arrivals])
        told[Series.LISTED_BY_FLOW].append(
            [sum(group for (own, _), group in queue.items() if own == flow) for flow in range(len(ends))]
        )
        told[Series.DUE_BY_FLOW].append(list(due))
        told[Series.HELD_BY_FLOW].append(held)
        for series, found in sums.items():
            told[series].append(found)
    return told


def plain_plans(
    asking: list[float],
    people: list[float],
    *,
    ends: list[tuple[int, int]],
    left: list[float],
    queue: Queue,
    due: list[float],
    planned: list[float],
    able: list[float],
) -> list[float]:
    """Those whom the plan would move, by flow; who is newly meant to move is added to those due."""
    wishes = [0.0] * len(ends)
    for flow in range(len(ends)):
        if planned[flow] < inf:
            due[flow] += planned[flow]
            wishes[flow] = min(due[flow], able[flow])
    for here in range(len(people)):
        out = [flow for flow, (origin, _) in enumerate(ends) if origin == here]
        busy = left[here] + sum(asking[flow] for flow in out)
        busy += sum(group for (flow, _), group in queue.items() if flow in out)
        wished = sum(wishes[flow] for flow in out)
        for flow in out:
            wishes[flow] *= min(1, max(0, people[here] - busy) / wished) if wished else 0
    return wishes


def plain_asking(
    queue: Queue, people: list[float], *, ends: list[tuple[int, int]], rates: list[float], exits: list[float]
) -> list[float]:
    """Those who newly ask, by flow; those on a list who leave services or ask for another place are taken off it."""
    listed = [sum(group for (own, _), group in queue.items() if own == flow) for flow in range(len(ends))]
    for (flow, since), group in queue.items():
        here = ends[flow][0]
        others = sum(rate for other, rate in enumerate(rates) if ends[other][0] == here and other != flow)
        queue[flow, since] = group * (1 - exits[here] - others)
    return [(people[origin] - listed[flow]) * rates[flow] for flow, (origin, _) in enumerate(ends)]


def plain_rationing(
    model: FlowModel, asking: Queue, *, free: list[float], ends: list[tuple[int, int]]
) -> tuple[list[float], Queue]:
    """Those who move, by flow, and those who do not, by flow and step."""
    turns: dict[Rationing, Callable[[tuple[int, int]], int]] = {
        Rationing.PROPORTIONAL: lambda key: 0,
        Rationing.PRIORITY: lambda key: model.priority.index(model.flows[key[0]][0]),
        Rationing.LONGEST_WAIT: lambda key: key[1],
    }
    turn_of = turns[model.rationing]
    moved, not_moved = [0.0] * len(ends), {}
    for turn in sorted({turn_of(key) for key in asking}):
        for end in range(len(free)):
            group = {key: people for key, people in asking.items() if turn_of(key) == turn and ends[key[0]][1] == end}
            total = sum(group.values())
            share = min(1, free[end] / total) if total > 0 else 1
            free[end] -= min(free[end], total)
            for key, people in group.items():
                moved[key[0]] += people * share
                not_moved[key] = people * (1 - share)
    return moved, not_moved


@st.composite
def models(draw: Any, *, is_limited: bool = True, is_planned: bool = True) -> tuple[FlowModel, Numbers, Month]:
    """A model of two to four settings, its start and what its months bring, with two draws.

    With several steps not all leave in a month: the root of 0 would magnify rounding.
    """
    size = draw(st.integers(2, 4))
    names = tuple("abcd"[:size])
    pairs = [(origin, end) for origin in names for end in names if origin != end]
    flows = tuple(draw(st.lists(st.sampled_from(pairs), unique=True, max_size=6)))
    numbers = np.random.default_rng(draw(st.integers(0, 10_000)))
    weights = numbers.uniform(0, 1, (size, size + 1, 2)) * numbers.integers(0, 2, (size, size + 1, 1))
    steps = draw(st.sampled_from([1, 1, 3]))
    most = 1 if steps == 1 else 0.9
    shares = most * weights / np.maximum(weights.sum(axis=1, keepdims=True), 1)
    rates = [shares[names.index(origin), names.index(end)] for origin, end in flows]
    limits = numbers.choice([inf, 0, 3.5, 20], (size, 1)) if is_limited else np.full((size, 1), inf)
    month = Month(np.array(rates).reshape(-1, 2), shares[:, size], numbers.uniform(0, 5, (size, 1)), limits)
    if is_planned and draw(st.booleans()):
        means = numbers.uniform(0, 6, (len(flows), 2)) * numbers.integers(0, 2, (len(flows), 1))
        able = numbers.choice([inf, 1.0, 4.0], (len(flows), 1)) if draw(st.booleans()) else None
        month = replace(month, planned=means, limits=able)
    model = FlowModel(names, flows, draw(st.sampled_from(Rationing)), names, steps)
    return model, numbers.integers(0, 30, (size, 1)).astype(float), month


@given(models())
def test_a_run_against_a_loop(given_model: tuple[FlowModel, Numbers, Month]) -> None:
    model, start, month = given_model
    found = run(model, start, months=[month] * 6, keep=everything(model)).series
    for draw in range(2):
        wanted = plain_run(model, start, month=month, months=6, draw=draw)
        for series, rows in found.items():
            assert np.allclose(rows[..., draw], np.array(wanted[series]), rtol=0, atol=1e-9), series


@pytest.mark.parametrize("rule", Rationing)
def test_the_system_of_care_against_a_loop(rule: Rationing) -> None:
    draws, numbers = 3, np.random.default_rng(1)
    month = Month(
        *(
            part * np.exp(SPREAD * numbers.standard_normal((len(part), draws)))
            for part in (CARE_MONTH.rates, CARE_MONTH.exits, CARE_MONTH.arrivals)
        ),
        capacities=CARE_MONTH.capacities,
    )
    model = replace(CARE, rationing=rule, priority=CARE.settings)
    found = run(model, CARE_START, months=[month] * 24, keep=everything(model)).series
    for draw in range(draws):
        wanted = plain_run(model, CARE_START, month=month, months=24, draw=draw)
        for series, rows in found.items():
            assert np.abs(rows[..., draw] - np.array(wanted[series])).max() < 1e-9, series


@given(models(), st.booleans())
def test_people_are_neither_made_nor_lost(given_model: tuple[FlowModel, Numbers, Month], is_by_chance: bool) -> None:
    model, start, month = given_model
    chance = Chance(2, seed=3) if is_by_chance else None
    found = run(model, start, months=[month] * 6, keep=everything(model), chance=chance).series
    people = found[Series.PEOPLE]
    after = people[:-1] + found[Series.ARRIVED] - found[Series.LEFT]
    for flow, (origin, end) in enumerate(model.flows):
        after[:, model.settings.index(origin)] -= found[Series.MOVED][:, flow]
        after[:, model.settings.index(end)] += found[Series.MOVED][:, flow]
    assert np.abs(people[1:] - after).max() < 1e-9
    assert min(rows.min(initial=0) for rows in found.values()) >= 0
    if is_by_chance:
        parts = {Series.PERSON_MONTHS, Series.DUE_BY_FLOW, Series.HELD_BY_FLOW}
        assert all((rows == np.floor(rows)).all() for name, rows in found.items() if name not in parts)
    if model.rationing is Rationing.LONGEST_WAIT:
        listed = np.zeros_like(people[1:])
        for flow, (origin, _) in enumerate(model.flows):
            listed[:, model.settings.index(origin)] += found[Series.LISTED_BY_FLOW][:, flow]
        assert (listed <= people[1:] + 1e-9).all()


@given(models(is_limited=False, is_planned=False))
def test_without_limits_a_month_is_a_matrix(given_model: tuple[FlowModel, Numbers, Month]) -> None:
    model, start, month = given_model
    model = replace(model, steps=1)
    size = len(model.settings)
    matrix = np.diag(1 - month.exits[:, 1])
    for (origin, end), rate in zip(model.flows, month.rates[:, 1], strict=True):
        matrix[model.settings.index(end), model.settings.index(origin)] += rate
        matrix[model.settings.index(origin), model.settings.index(origin)] -= rate
    powers = [np.linalg.matrix_power(matrix, power) for power in range(8)]
    wanted = powers[7] @ start + sum(powers[:7], np.zeros((size, size))) @ month.arrivals
    found = run(model, start, months=[month] * 7, keep=[Series.PEOPLE]).series[Series.PEOPLE]
    assert found[7, :, 1] == pytest.approx(wanted[:, 0], abs=1e-9)


def test_without_limits_the_rules_are_one() -> None:
    free = replace(CARE_MONTH, capacities=np.full_like(CARE_MONTH.capacities, inf))
    runs = [
        run(replace(CARE, rationing=rule, priority=CARE.settings), CARE_START, months=[free] * 12, keep=EVERYTHING)
        for rule in Rationing
    ]
    for series in EVERYTHING:
        assert np.array_equal(runs[0].series[series], runs[1].series[series])
        assert np.array_equal(runs[0].series[series], runs[2].series[series])
    assert runs[0].series[Series.REFUSED].max() == 0


@given(models(), st.integers(0, 30))
def test_with_more_places_no_more_are_refused(given_model: tuple[FlowModel, Numbers, Month], more: int) -> None:
    model, start, month = given_model
    model = replace(model, steps=1)
    roomier = replace(month, capacities=month.capacities + more)
    refused, fewer = (
        run(model, start, months=[each], keep=[Series.REFUSED_BY_FLOW]).series[Series.REFUSED_BY_FLOW]
        for each in (month, roomier)
    )
    assert (fewer <= refused + 1e-9).all()


@given(
    st.sampled_from(Rationing),
    st.floats(0, 0.9),
    st.floats(0, 0.1),
    st.floats(0, 1),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_with_more_places_no_fewer_have_come(
    rule: Rationing, asking: float, giving_up: float, leaving: float, places: int, more: int
) -> None:
    model = FlowModel(("home", "ward"), (("home", "ward"),), rule, ("home",))
    start, come = np.array([[50.0], [0.0]]), []
    for limit in (places, places + more):
        month = Month(
            np.array([[asking]]),
            np.array([[giving_up], [leaving]]),
            np.array([[4.0], [0.0]]),
            np.array([[inf], [limit]]),
        )
        moved = run(model, start, months=[month] * 12, keep=[Series.MOVED]).series[Series.MOVED]
        come.append(moved[:, 0, 0].cumsum())
    assert (come[1] >= come[0] - 1e-9).all()


def test_more_places_early_in_a_chain_can_make_more_people_wait_later_in_it() -> None:
    model = FlowModel(("home", "ward", "flat"), (("home", "ward"), ("ward", "flat")))
    start, refused = np.array([[50.0], [0.0], [0.0]]), []
    for places in (0.0, 10.0):
        month = Month(np.array([[0.5], [1.0]]), np.zeros((3, 1)), np.zeros((3, 1)), np.array([[inf], [places], [0.0]]))
        found = run(model, start, months=[month] * 2, keep=[Series.REFUSED_BY_FLOW])
        refused.append(found.series[Series.REFUSED_BY_FLOW][:, :, 0].tolist())
    # without places half of 50 ask in vain; with ten, half of 40 and all ten of the ward
    assert refused == [[[25, 0], [25, 0]], [[15, 0], [20, 10]]]


def erlang_c(servers: int, load: float) -> float:
    """The chance to wait in a system with so many servers, as Erlang gave it in 1917."""
    busy = load**servers / factorial(servers) * servers / (servers - load)
    return busy / (sum(load**n / factorial(n) for n in range(servers)) + busy)


def test_in_the_long_run_a_queue_is_erlangs() -> None:
    servers, arriving, steps, leaving = 3, 2.0, 60, 0.6321205588285577
    load = arriving / -log(1 - leaving)
    model = FlowModel(("queue", "ward"), (("queue", "ward"),), steps=steps)
    month = Month(
        np.array([[1.0]]), np.array([[0.0], [leaving]]), np.array([[arriving], [0.0]]), np.array([[inf], [servers]])
    )
    start = np.zeros((2, 1))
    found = run(model, start, months=[month] * 60, keep=[Series.PERSON_MONTHS], chance=Chance(400, seed=1))
    waiting, served = found.series[Series.PERSON_MONTHS][20:].mean(axis=(0, 2))
    assert served == pytest.approx(load, rel=0.02)
    just_arrived = arriving / steps
    assert waiting - just_arrived == pytest.approx(erlang_c(servers, load) * load / (servers - load), rel=0.05)


@pytest.mark.parametrize("rule", Rationing)
def test_among_many_people_chance_evens_out(rule: Rationing) -> None:
    model = FlowModel(
        ("home", "clinic", "ward"),
        (("home", "ward"), ("clinic", "ward"), ("ward", "home")),
        rule,
        ("clinic", "home", "ward"),
    )
    month = Month(
        np.array([[0.2], [0.3], [0.1]]),
        np.array([[0.02], [0.05], [0.1]]),
        np.array([[4_000.0], [2_000.0], [0.0]]),
        np.array([[inf], [inf], [30_000.0]]),
    )
    start = np.array([[40_000.0], [30_000.0], [25_000.0]])
    expected = run(model, start, months=[month] * 12, keep=everything(model)).series
    drawn = run(model, start, months=[month] * 12, keep=everything(model), chance=Chance(100, 5)).series
    for series in everything(model):
        error = np.abs(drawn[series].mean(axis=-1) - expected[series][..., 0]).max()
        assert error < 0.01 * max(1, expected[series].max()), series


def same(one: Run, other: Run) -> bool:
    return all(np.array_equal(one.series[name], other.series[name]) for name in one.series)


@pytest.mark.parametrize(("rule", "block"), [(Rationing.PROPORTIONAL, BLOCK), (Rationing.LONGEST_WAIT, LISTED_BLOCK)])
def test_parts_are_the_same_as_the_whole(rule: Rationing, block: int) -> None:
    draws, model = block + 3, replace(CARE, rationing=rule)
    month = replace(CARE_MONTH, arrivals=np.tile(CARE_MONTH.arrivals, draws))
    for chance in (None, Chance(draws, seed=9)):
        how = {"months": [month] * 2, "keep": [Series.PEOPLE, Series.REFUSED], "chance": chance}
        whole = run(model, CARE_START, **how)
        parts = [run(model, CARE_START, part=part, **how) for part in blocks(model, draws)]
        assert [part.series[Series.PEOPLE].shape[-1] for part in parts] == [block, 3]
        assert same(whole, joined(parts))
        assert same(whole, run(model, CARE_START, **how))
    other = run(model, CARE_START, months=[month] * 2, keep=[Series.PEOPLE], chance=Chance(draws, seed=10))
    assert not np.array_equal(other.series[Series.PEOPLE], whole.series[Series.PEOPLE])


def test_months_may_differ() -> None:
    closed = replace(CARE_MONTH, capacities=np.zeros_like(CARE_MONTH.capacities))
    found = run(CARE, CARE_START, months=[CARE_MONTH, closed, CARE_MONTH], keep=[Series.MOVED, Series.PEOPLE]).series
    assert [found[Series.MOVED][month, CARE.flows.index(("home", "acute")), 0] > 0 for month in range(3)] == [
        True,
        False,
        True,
    ]
    assert set(found) == {Series.MOVED, Series.PEOPLE}
    assert found[Series.PEOPLE].shape == (4, 12, 1)


def test_no_month_leaves_the_start() -> None:
    found = run(CARE, CARE_START, months=[], keep=EVERYTHING).series
    assert np.array_equal(found[Series.PEOPLE], CARE_START[None])
    assert found[Series.MOVED].shape == (0, 47, 1)


def test_the_band_of_a_series() -> None:
    month = replace(CARE_MONTH, arrivals=CARE_MONTH.arrivals * np.linspace(0.9, 1.1, 101))
    people = run(CARE, CARE_START, months=[month] * 2, keep=[Series.PEOPLE]).series[Series.PEOPLE]
    assert quantiles(people, [0.5])[1, 0, 0] == pytest.approx(np.median(people[1, 0]))


def test_what_cannot_be_run() -> None:
    with pytest.raises(WrongState, match="There is no setting called moon"):
        run(replace(CARE, flows=(("moon", "home"),)), CARE_START, months=[CARE_MONTH], keep=EVERYTHING)
    with pytest.raises(WrongState, match="kept only where"):
        run(CARE, CARE_START, months=[CARE_MONTH], keep=[Series.LISTED_BY_FLOW])
    with pytest.raises(WrongState, match="not one of the blocks"):
        run(CARE, CARE_START, months=[CARE_MONTH], keep=EVERYTHING, part=slice(5, 9))
    two, three = (replace(CARE_MONTH, arrivals=np.tile(CARE_MONTH.arrivals, draws)) for draws in (2, 3))
    with pytest.raises(WrongState, match="different numbers of draws"):
        run(CARE, CARE_START, months=[two, three], keep=EVERYTHING)
    with pytest.raises(WrongState, match="different numbers of draws"):
        run(CARE, CARE_START, months=[two], keep=EVERYTHING, chance=Chance(3, seed=1))
