"""Choice under uncertainty, against loops and against closed forms."""

from math import sqrt
from statistics import NormalDist, mean, stdev

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.flow import Numbers
from parity.methods.information import (
    NO_OUTCOME,
    choice_table,
    tornado,
    value_of_parameter,
    values_of_parameters,
    weigh,
)
from parity.terms.errors import WrongState

NORMAL = NormalDist()
DRAWS = st.integers(2, 4).flatmap(
    lambda decisions: st.lists(
        st.lists(st.integers(-5, 5), min_size=decisions, max_size=decisions), min_size=2, max_size=12
    )
)


def worth(middle: float, spread: float) -> float:
    """Expected loss of choosing by its mean whether to take a normal gain (Raiffa and Schlaifer 1961)."""
    return spread * NORMAL.pdf(middle / spread) - abs(middle) * NORMAL.cdf(-abs(middle) / spread)


def normal_pairs(count: int) -> Numbers:
    """Two standard normal parameters on a grid of equal shares: 2 × count squared."""
    grid = [NORMAL.inv_cdf((place + 0.5) / count) for place in range(count)]
    return np.array([(x, e) for x in grid for e in grid]).T


@given(DRAWS, st.integers(1, 5))
def test_a_choice_against_a_loop(rows: list[list[int]], width: int) -> None:
    net = np.array(rows, float).T
    found = weigh(net[:, at : at + width] for at in range(0, len(rows), width))
    middles = [mean(row[place] for row in rows) for place in range(len(net))]
    lost = [[max(row) - row[place] for row in rows] for place in range(len(net))]
    wins = [sum((row[place] == max(row)) / row.count(max(row)) for row in rows) for place in range(len(net))]
    best = int(found.expected.argmax())
    assert found.expected.tolist() == pytest.approx(middles)
    assert found.error.tolist() == pytest.approx([stdev(line) / sqrt(len(rows)) for line in net.tolist()])
    assert found.chance_best.tolist() == pytest.approx([won / len(rows) for won in wins])
    assert found.regret.tolist() == pytest.approx([mean(line) for line in lost])
    assert (found.best, found.evpi) == (best, pytest.approx(mean(lost[best])))
    assert found.evpi_error == pytest.approx(stdev(lost[best]) / sqrt(len(rows)))
    assert found.evpi == pytest.approx(mean(max(row) for row in rows) - max(middles))
    assert found.evpi == pytest.approx(found.regret.min())


def test_one_draw_has_no_standard_error() -> None:
    found = weigh([np.zeros((2, 0)), np.array([[1.0], [2.0]])])
    assert (found.best, found.evpi, found.chance_best.tolist()) == (1, 0, [0, 1])
    assert choice_table(np.array([[1.0], [2.0]]), ["a", "b"], level=0.95)["standard_error"].to_list() == [None, None]


@pytest.mark.parametrize("net", [np.zeros((0, 3)), np.zeros((3, 0))])
def test_nothing_to_choose_by(net: Numbers) -> None:
    for act in (lambda: weigh([net]), lambda: value_of_parameter(net, np.zeros(net.shape[1]))):
        with pytest.raises(WrongState, match="no decisions or no draws"):
            act()


@pytest.mark.parametrize(("middle", "of_x", "of_e"), [(0.5, 2, 1), (0, 1, 1), (-1, 3, 0.5)])
def test_information_on_normal_gains(middle: float, of_x: float, of_e: float) -> None:
    x, e = normal_pairs(300)
    net = np.array([np.zeros_like(x), middle + of_x * x + of_e * e])
    assert weigh([net]).evpi == pytest.approx(worth(middle, sqrt(of_x**2 + of_e**2)), rel=0.002)
    assert value_of_parameter(net, x) == pytest.approx(worth(middle, of_x), rel=0.002)
    assert value_of_parameter(net, e) == pytest.approx(worth(middle, of_e), rel=0.002, abs=0.0002)


def test_information_on_a_bent_gain() -> None:
    """What x brings is x squared - 1: the value is the mean of what is above 0."""
    x, e = normal_pairs(300)
    net = np.array([np.zeros_like(x), x**2 - 1.2 + e])
    exact = np.maximum(x**2 - 1.2, 0).mean()
    assert value_of_parameter(net, x) == pytest.approx(exact, rel=0.03)
    assert value_of_parameter(net, x, knots=12) == pytest.approx(exact, rel=0.005)


@settings(deadline=None)
@given(DRAWS)
def test_a_parameter_of_two_values_splits_the_draws(rows: list[list[int]]) -> None:
    net, parameter = np.array(rows, float).T, np.arange(len(rows)) % 2 * 3.0
    parts = [[mean(line[turn::2]) for line in net.tolist()] for turn in (0, 1)]
    shares = [len(rows[turn::2]) / len(rows) for turn in (0, 1)]
    wanted = sum(share * max(part) for share, part in zip(shares, parts, strict=True))
    wanted -= max(mean(line) for line in net.tolist())
    found = value_of_parameter(net, parameter, knots=2)
    assert found == pytest.approx(wanted, abs=1e-9)
    assert 0 <= found <= weigh([net]).evpi + 1e-9


def test_one_parameter_is_never_worth_more_than_all() -> None:
    x, _ = normal_pairs(300)
    net = np.array([np.zeros_like(x), np.maximum(x - 1, 0)])
    assert weigh([net]).evpi == 0
    assert value_of_parameter(net, x) == 0


def test_a_parameter_that_does_not_vary_and_a_choice_without_doubt() -> None:
    net = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]])
    assert value_of_parameter(net, np.ones(3)) == 0
    table = values_of_parameters(net, {"none": np.ones(3), "some": np.arange(3.0)})
    assert table.sort("parameter").rows() == [("none", 0, None), ("some", 0, None)]


@given(st.lists(st.tuples(st.none() | st.integers(-9, 9), st.none() | st.integers(-9, 9)), max_size=6))
def test_a_tornado_against_a_loop(ends: list[tuple[int | None, int | None]]) -> None:
    outcomes = pl.DataFrame(
        [(str(place), *pair) for place, pair in enumerate(ends)],
        schema={"parameter": pl.String, "low": pl.Int64, "high": pl.Int64},
        orient="row",
    )
    swings = {
        str(place): None if low is None or high is None else max(low, high, 2) - min(low, high, 2)
        for place, (low, high) in enumerate(ends)
    }
    order = sorted(swings, key=lambda name: -1 if (swing := swings[name]) is None else swing, reverse=True)
    found = tornado(outcomes, base=2)
    assert found.select("parameter", "swing").rows() == [(name, swings[name]) for name in order]
    assert found["missing"].to_list() == [NO_OUTCOME if swings[name] is None else None for name in order]
