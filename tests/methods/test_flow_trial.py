"""A number tried at another value keeps the width of its interval on the scale on which it is drawn."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.chance import Chance
from parity.methods.flow_parameters import drawn
from parity.methods.flow_trial import moved_interval

SHARE, COST = "share of those whose stay ends", "cost of a person a week"


def row(value: float | None, lower: float | None, upper: float | None, **more: Any) -> dict[str, Any]:
    return {"parameter": COST, "operation": None, "value": value, "lower": lower, "upper": upper, **more}


def logit(share: float) -> float:
    return math.log(share / (1 - share))


def share_of(number: float) -> float:
    return 1 / (1 + math.exp(-number))


def obvious(before: dict[str, Any], value: float) -> tuple[float, float]:
    """The slow, obvious way: each end moved by what the value moves by, on the scale, and back."""
    lower, upper, stated = before["lower"], before["upper"], before["value"]
    if before["parameter"] == SHARE and lower > 0 and upper < 1:
        shift = logit(value) - logit(stated)
        return share_of(logit(lower) + shift), share_of(logit(upper) + shift)
    if lower > 0:
        shift = math.log(value) - math.log(stated)
        return math.exp(math.log(lower) + shift), math.exp(math.log(upper) + shift)
    return max(lower + value - stated, 0), upper + value - stated


INNER = st.floats(min_value=0.01, max_value=0.99)
ABOVE = st.floats(min_value=0.01, max_value=1e6)


@given(ends=st.lists(INNER, min_size=3, max_size=3).map(sorted), value=INNER)
def test_a_share_moves_on_the_logit_scale(ends: list[float], value: float) -> None:
    lower, stated, upper = ends
    before = row(stated, lower, upper, parameter=SHARE)
    assert moved_interval(before, value) == pytest.approx(obvious(before, value), rel=1e-9)


@given(ends=st.lists(ABOVE, min_size=3, max_size=3).map(sorted), value=ABOVE)
def test_a_number_above_0_moves_on_the_logarithmic_scale(ends: list[float], value: float) -> None:
    lower, stated, upper = ends
    before = row(stated, lower, upper)
    assert moved_interval(before, value) == pytest.approx(obvious(before, value), rel=1e-9)


@given(stated=ABOVE, upper=ABOVE, value=ABOVE)
def test_a_number_that_may_be_0_moves_on_its_own_scale(stated: float, upper: float, value: float) -> None:
    before = row(stated, 0.0, stated + upper)
    assert moved_interval(before, value) == pytest.approx(obvious(before, value), rel=1e-9)


def test_the_draws_keep_their_spread() -> None:
    chance, before = Chance(50, 1), row(0.85, 0.7, 0.94, parameter=SHARE)
    lower, upper = moved_interval(before, 0.6)
    after = before | {"value": 0.6, "lower": lower, "upper": upper}
    first, then = (
        np.log(one / (1 - one)) for one in (drawn(each, name="n", chance=chance) for each in (before, after))
    )
    assert then - then[0] == pytest.approx(first - first[0])


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        (row(10, 8, 12), 10, (8, 12)),
        (row(10, 8, 12), 20, (16, 24)),
        (row(10, 8, 12), 0, (0, 2)),
        (row(10, None, None), 20, (None, None)),
        (row(10, None, 12), 20, (None, 12)),
        (row(None, 8, 12), 20, (8, 12)),
        (row(0.5, 0.2, 1, parameter=SHARE), 0.8, (0.32, 1)),
        (row(0.5, 0.2, 0.8, parameter=SHARE), 1, (1, 1)),
        (row(0.5, 0.2, 0.8, parameter=SHARE), 0, (0, 0)),
        (row(0.5, 0.2, 0.8, parameter=SHARE), 85, (1, 85)),
        (row(0.5, 0.25, 0.75, parameter=SHARE, operation="multiplied by"), 2, (1, 3)),
        (row(4, 2, 6, operation="raised by"), -4, (-6, -2)),
        (row(-4, -6, -2, operation="raised by"), 1, (-1, 3)),
        (row(0.1, 0.05, 0.2, parameter=SHARE, operation="raised by"), -0.1, (-0.15, 0.0)),
        (row(-1000, -1500, -500, parameter="paid once", operation="in all"), -2000, (-2500, -1500)),
        (row(1000, 500, 1500, parameter="paid once", operation="in all"), -200, (-700, 300)),
        (row(0.02, -0.01, 0.05, parameter="inflation a year"), 0.0, (-0.03, 0.03)),
        (row(5, 0, 9), 2, (0, 6)),
    ],
)
def test_an_interval_stays_where_its_number_can_be(
    before: dict[str, Any], value: float, after: tuple[float | None, float | None]
) -> None:
    assert moved_interval(before, value) == pytest.approx(after)
