"""What a run of the flow model costs, against a loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.flow import Numbers
from parity.methods.flow_cost import Costs, monthly_costs, no_costs
from parity.terms.errors import WrongState

MONTHS, SETTINGS, FLOWS, DRAWS = 3, 2, 3, 4


def block(seed: int, *shape: int) -> Numbers:
    return np.random.default_rng(seed).uniform(0, 100, shape)


@given(st.integers(0, 9), st.booleans())
def test_costs_against_a_loop(seed: int, is_drawn: bool) -> None:
    width = DRAWS if is_drawn else 1
    people, moved = block(seed, MONTHS, SETTINGS, DRAWS), block(seed + 1, MONTHS, FLOWS, DRAWS)
    places, prices = block(seed + 2, MONTHS, SETTINGS, width), block(seed + 3, MONTHS, width)
    costs = [
        Costs(
            *(block(seed + turn + month, SETTINGS, width) for turn in (4, 14, 24)),
            per_move=block(seed + 34 + month, FLOWS, width),
            once=block(seed + 44 + month, 1, width),
        )
        for month in range(MONTHS)
    ]
    found = monthly_costs(people, moved, costs=costs, places=list(places), prices=prices)
    for month, draw in np.ndindex(MONTHS, DRAWS):
        at, now = draw if is_drawn else 0, costs[month]
        wanted = now.once[0, at]
        for setting in range(SETTINGS):
            wanted += people[month, setting, draw] * now.per_person[setting, at]
            wanted += places[month, setting, at] * now.per_place[setting, at] + now.fixed[setting, at]
        for flow in range(FLOWS):
            wanted += moved[month, flow, draw] * now.per_move[flow, at]
        assert found[month, draw] == pytest.approx(wanted * prices[month, at])


def test_places_without_limit() -> None:
    people, places = np.ones((1, 2, 1)), [np.array([[np.inf], [3.0]])]
    nothing, prices, moved = np.zeros((2, 1)), np.ones((1, 1)), np.zeros((1, 0, 1))
    free = Costs(np.ones((2, 1)), np.array([[0.0], [5.0]]), nothing, np.zeros((0, 1)), np.array([[-1.0]]))
    assert monthly_costs(people, moved, costs=[free], places=places, prices=prices).tolist() == [[16.0]]
    paid = Costs(nothing, np.ones((2, 1)), nothing, np.zeros((0, 1)), np.zeros((1, 1)))
    with pytest.raises(WrongState, match="without limit"):
        monthly_costs(people, moved, costs=[paid], places=places, prices=prices)


def test_costs_may_be_drawn_where_people_are_not() -> None:
    people, nothing = np.full((2, 1, 1), 3.0), np.zeros((1, 1))
    drawn = Costs(np.array([[1.0, 2.0]]), nothing, nothing, np.zeros((0, 1)), nothing)
    plain = Costs(np.array([[4.0]]), nothing, nothing, np.zeros((0, 1)), nothing)
    found = monthly_costs(
        people, np.zeros((2, 0, 1)), costs=[drawn, plain], places=[nothing] * 2, prices=np.ones((2, 1))
    )
    assert found.tolist() == [[3, 6], [12, 12]]


def test_nothing_costs_nothing() -> None:
    people, moved = np.ones((1, 2, 5)), np.ones((1, 3, 5))
    found = monthly_costs(people, moved, costs=[no_costs(2, 3)], places=[np.ones((2, 1))], prices=np.ones((1, 1)))
    assert found.tolist() == [[0.0] * 5]
    none = monthly_costs(people[:0], moved[:0], costs=[], places=[], prices=np.ones((0, 1)))
    assert none.size == 0
