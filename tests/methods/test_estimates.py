"""Estimates: the draws of a number with an interval, and the words for those that cannot be used."""

from math import exp, inf, log
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.chance import Chance, normals
from parity.methods.estimates import BELOW, Estimate, at_normals, estimate_draws, faults_of_estimate

CHANCE = Chance(300, 7)
SPREAD = 2 * NormalDist().inv_cdf(0.975)


def draw_by_hand(told: tuple[float, float, float], normal: float, *, least: float, most: float) -> float:
    value, lower, upper = told
    if (least, most) == (0, 1) and lower > 0 and upper < 1:
        there = log(value / (1 - value)) + (log(upper / (1 - upper)) - log(lower / (1 - lower))) / SPREAD * normal
        return exp(there) / (1 + exp(there))
    if lower > 0:
        return min(exp(log(value) + (log(upper) - log(lower)) / SPREAD * normal), most)
    return min(max(value + (upper - lower) / SPREAD * normal, least), most)


@pytest.mark.parametrize("limits", [(0, 1), (0, inf), (-inf, inf), (-1, inf)])
@given(st.lists(st.integers(1, 999), min_size=3, max_size=3, unique=True), st.booleans())
def test_draws_against_a_loop(limits: tuple[float, float], parts: list[int], from_zero: bool) -> None:
    lower, value, upper = (part / 1000 for part in sorted(parts))
    told = (value, 0.0 if from_zero else lower, upper)
    found = estimate_draws(Estimate(*told, *limits), name="x", chance=CHANCE)
    assert found[0] == value
    wanted = [draw_by_hand(told, one, least=limits[0], most=limits[1]) for one in normals(CHANCE, ["x"])[0, 0].tolist()]
    assert found[1:].tolist() == pytest.approx(wanted)


@pytest.mark.parametrize("ends", [(None, None), (3.0, None), (None, 3.0), (3.0, 3.0)])
def test_a_number_without_an_interval_is_one_column(ends: tuple[float | None, float | None]) -> None:
    assert not Estimate(3, *ends).is_uncertain
    assert estimate_draws(Estimate(3, *ends), name="x", chance=CHANCE).tolist() == [3]


def test_draws_belong_to_their_name() -> None:
    told = Estimate(5, 4, 7)
    one, again, other = (estimate_draws(told, name=name, chance=CHANCE) for name in ("x", "x", "y"))
    assert one.tolist() == again.tolist()
    assert (one[1:] != other[1:]).all()


def test_the_ends_are_reached_at_their_normals() -> None:
    reach = NormalDist().inv_cdf(0.975)
    found = at_normals(Estimate(0.4, 0.2, 0.6, most=1), np.array([0.0, reach]))
    middle, logit_reach = log(0.4 / 0.6), (log(0.6 / 0.4) - log(0.2 / 0.8)) / 2
    assert found.tolist() == pytest.approx([0.4, 1 / (1 + exp(-(middle + logit_reach)))])
    assert at_normals(Estimate(20, 10, 40), np.array([-reach, reach])).tolist() == pytest.approx([10, 40])


@pytest.mark.parametrize(
    ("told", "sentences"),
    [
        (Estimate(None, 1, 2), ["the value is not known. Enter it."]),
        (Estimate(1, 2), ["an interval has two ends. Enter both, or none."]),
        (Estimate(1, 2, 3), ["the value lies outside its own interval."]),
        (Estimate(-1), [BELOW]),
        (Estimate(-1, -1, -1, -inf), []),
        (Estimate(15, most=1), ["a share is at most 1: enter 0.15 for 15 in a hundred."]),
        (Estimate(0), []),
        (Estimate(1, 0, 1, most=1), []),
    ],
)
def test_each_sentence(told: Estimate, sentences: list[str]) -> None:
    assert faults_of_estimate(told) == sentences


def test_what_is_below_the_least_may_be_said_in_other_words() -> None:
    assert faults_of_estimate(Estimate(-2, least=-1), below="too low") == ["too low"]
