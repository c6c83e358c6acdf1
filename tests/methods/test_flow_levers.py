"""Dated changes of what a month brings and costs, against the way one would say them."""

from dataclasses import fields
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.flow import FlowModel, Month
from parity.methods.flow_cost import no_costs
from parity.methods.flow_levers import Lever, Operation, Part, costs_with, months_with, profile

MODEL = FlowModel(("home", "ward"), (("home", "ward"), ("ward", "home")))
MONTH = Month(
    np.array([[0.1], [0.5]]),
    np.array([[0.1], [0.1]]),
    np.array([[5.0], [0.0]]),
    np.array([[inf], [10.0]]),
    np.array([[0.0], [2.0]]),
    np.array([[inf], [inf]]),
)
MONTHS = 6


def lever(part: Part, row: int, operation: Operation, *values: float, **when: Any) -> Lever:
    return Lever("a change", part, row, operation, np.array(values), profile(**{"first": 0, "months": MONTHS, **when}))


def row_of(levers: list[Lever], name: str, row: int) -> list[list[float]]:
    return [getattr(month, name)[row].tolist() for month in months_with(MODEL, MONTH, levers=levers, months=MONTHS)]


def test_a_profile_begins_grows_and_ends() -> None:
    assert profile(2, months=5).tolist() == [0, 0, 1, 1, 1]
    assert profile(1, months=6, ramp=4).tolist() == [0, 0.25, 0.5, 0.75, 1, 1]
    assert profile(0, months=5, ramp=2, last=2).tolist() == [0.5, 1, 1, 0, 0]
    assert profile(-2, months=3, ramp=4).tolist() == [0.75, 1, 1]
    assert profile(7, months=3).tolist() == [0, 0, 0]


def test_each_operation() -> None:
    half = {"ramp": 2, "last": 2}
    assert row_of([lever(Part.ARRIVALS, 0, Operation.SET, 9, **half)], "arrivals", 0) == [[7], [9], [9], [5], [5], [5]]
    times = lever(Part.ARRIVALS, 0, Operation.TIMES, 2, **half)
    assert row_of([times], "arrivals", 0) == [[7.5], [10], [10], [5], [5], [5]]
    plus = lever(Part.ARRIVALS, 0, Operation.PLUS, -4, **half)
    assert row_of([plus], "arrivals", 0) == [[3], [1], [1], [5], [5], [5]]
    assert row_of([times, plus], "arrivals", 0)[1] == [6]
    assert row_of([plus, times], "arrivals", 0)[1] == [2]


def test_a_limit_where_there_was_none_holds_as_soon_as_it_begins() -> None:
    limit = lever(Part.CAPACITIES, 0, Operation.SET, 40, first=3, ramp=3)
    assert row_of([limit], "capacities", 0) == [[inf], [inf], [inf], [40], [40], [40]]


def test_draws_spread_to_the_rows_that_are_changed() -> None:
    drawn = lever(Part.RATES, 1, Operation.TIMES, 0.5, 1, 1.5, first=1)
    months = months_with(MODEL, MONTH, levers=[drawn], months=2)
    assert months[1].rates.tolist() == [[0.1, 0.1, 0.1], [0.25, 0.5, 0.75]]
    assert months[1].arrivals is not months[0].rates
    assert MONTH.rates.tolist() == [[0.1], [0.5]]


def test_nothing_falls_below_nothing_and_rates_are_held_to_one() -> None:
    fewer = lever(Part.ARRIVALS, 0, Operation.PLUS, -9)
    more = lever(Part.RATES, 1, Operation.SET, 1.5)
    month = months_with(MODEL, MONTH, levers=[fewer, more], months=1)[0]
    assert month.arrivals[0].tolist() == [0]
    assert month.rates[1, 0] + month.exits[1, 0] == pytest.approx(1)


def test_costs_do_not_fall_below_nothing_but_money_may_come_in_once() -> None:
    parts = (Part.PER_PERSON, Part.PER_PLACE, Part.FIXED, Part.PER_MOVE, Part.ONCE)
    less = [lever(part, 0, Operation.PLUS, -9, 3) for part in parts]
    (costs,) = costs_with(no_costs(2, 2), less, months=1)
    assert [getattr(costs, part.value)[0].tolist() for part in parts] == [[0, 3]] * 4 + [[-9, 3]]


def test_months_in_which_nothing_differs_are_the_same_object() -> None:
    changes = [lever(Part.RATES, 0, Operation.TIMES, 2, first=2), lever(Part.FIXED, 1, Operation.PLUS, 7, first=4)]
    months = months_with(MODEL, MONTH, levers=changes, months=MONTHS)
    assert [months.index(month) for month in months] == [0, 0, 2, 2, 2, 2]
    assert months[0] is MONTH
    costs = costs_with(no_costs(2, 2), changes, months=MONTHS)
    assert [cost.fixed.tolist() for cost in costs] == [[[0], [0]]] * 4 + [[[0], [7]]] * 2
    assert len({id(cost) for cost in costs}) == 2


@given(st.data())
def test_levers_against_a_loop(data: Any) -> None:
    """Every lever in turn, every number by itself."""
    pick = data.draw(st.randoms(use_true_random=False))
    parts = [Part.ARRIVALS, Part.CAPACITIES, Part.PLANNED]
    levers = [
        lever(
            pick.choice(parts),
            pick.randrange(2),
            pick.choice(list(Operation)),
            *([pick.uniform(0, 3)] if pick.random() < 0.5 else [pick.uniform(0, 3), pick.uniform(0, 3)]),
            first=pick.randrange(-2, MONTHS),
            ramp=pick.randrange(4),
            last=pick.choice([None, 4]),
        )
        for _ in range(pick.randrange(5))
    ]
    found = months_with(MODEL, MONTH, levers=levers, months=MONTHS)
    for month in range(MONTHS):
        for part in parts:
            for row, draw in np.ndindex(2, 2):
                rows = getattr(found[month], part.value)
                shown = rows[row, draw % rows.shape[1]]
                assert shown == pytest.approx(plain(levers, part, row, month=month, draw=draw))


def plain(levers: list[Lever], part: Part, row: int, *, month: int, draw: int) -> float:
    number = float(getattr(MONTH, part.value)[row, 0])
    for each in levers:
        share, value = each.profile[month], each.values[draw % len(each.values)]
        if (each.part, each.row) != (part, row) or share == 0:
            continue
        if each.operation is Operation.PLUS:
            number += share * value
        elif each.operation is Operation.TIMES:
            number *= 1 if number == inf else 1 - share + share * value
        else:
            number = value if number == inf else (1 - share) * number + share * value
    return number


def test_every_part_is_of_a_month_or_of_costs() -> None:
    names = {field.name for rows in (MONTH, no_costs(1, 1)) for field in fields(rows)}
    assert {part.value for part in Part} == names
