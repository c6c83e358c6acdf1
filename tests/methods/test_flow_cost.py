"""What a run of the flow model costs, against a loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.flow import Numbers
from parity.methods.flow_cost import Costs, monthly_costs
from parity.terms.errors import WrongState

MONTHS, SETTINGS, DRAWS = 3, 2, 4


def block(seed: int, *shape: int) -> Numbers:
    return np.random.default_rng(seed).uniform(0, 100, shape)


@given(st.integers(0, 9), st.booleans())
def test_costs_against_a_loop(seed: int, is_drawn: bool) -> None:
    width = DRAWS if is_drawn else 1
    people, places = block(seed, MONTHS, SETTINGS, DRAWS), block(seed + 1, MONTHS, SETTINGS, width)
    costs = Costs(*(block(seed + turn, SETTINGS, width) for turn in (2, 3, 4)), once=block(seed + 5, MONTHS, width))
    prices = block(seed + 6, MONTHS)
    found = monthly_costs(people, costs, places=places, prices=prices)
    for month, draw in np.ndindex(MONTHS, DRAWS):
        at = draw if is_drawn else 0
        wanted = costs.once[month, at]
        for setting in range(SETTINGS):
            wanted += people[month, setting, draw] * costs.per_person[setting, at]
            wanted += places[month, setting, at] * costs.per_place[setting, at] + costs.fixed[setting, at]
        assert found[month, draw] == pytest.approx(wanted * prices[month])


def test_places_without_limit() -> None:
    people, places = np.ones((1, 2, 1)), np.array([[[np.inf], [3.0]]])
    nothing, prices = np.zeros((2, 1)), np.ones(1)
    free = Costs(np.ones((2, 1)), np.array([[0.0], [5.0]]), nothing, np.array([[-1.0]]))
    assert monthly_costs(people, free, places=places, prices=prices).tolist() == [[16.0]]
    with pytest.raises(WrongState, match="without limit"):
        monthly_costs(people, Costs(nothing, np.ones((2, 1)), nothing, np.zeros((1, 1))), places=places, prices=prices)


def test_no_month_costs_nothing() -> None:
    nothing = np.zeros((2, 1))
    costs = Costs(nothing, nothing, nothing, np.zeros((0, 1)))
    found = monthly_costs(np.zeros((0, 2, 5)), costs, places=np.zeros((0, 2, 1)), prices=np.zeros(0))
    assert found.size == 0
