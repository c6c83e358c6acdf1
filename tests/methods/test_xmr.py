"""The arithmetic of control charts against loops over exact fractions."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.xmr import Rule, control_charts

Values = list[int | None]
VALUE = st.none() | st.integers(0, 12)
PHASE = st.lists(st.integers(0, 12) | VALUE, min_size=1, max_size=24)
REACH, NEAR, RANGE_LIMIT = Fraction(266, 100), Fraction(2, 3), Fraction(3267, 1000)


class Plain(NamedTuple):
    """How the charts are drawn."""

    run: int
    baseline: int | None
    is_screened: bool


DRAWINGS = st.builds(Plain, st.sampled_from([6, 7]), st.sampled_from([None, 2, 5, 12]), st.booleans())


def plain_limits(values: Values, how: Plain) -> tuple[Fraction, Fraction] | None:
    """The mean and the distance to the limits."""
    count, used = 0, []
    for value in values:
        count += value is not None
        used.append(value if how.baseline is None or count <= how.baseline else None)
    known = [value for value in used if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(used) if a is not None and b is not None]
    if not ranges:
        return None
    mean_range = Fraction(sum(ranges), len(ranges))
    if how.is_screened and mean_range:
        kept = [each for each in ranges if each < RANGE_LIMIT * mean_range]
        mean_range = Fraction(sum(kept), len(kept))
    return Fraction(sum(known), len(known)), REACH * mean_range


def sign(number: Fraction | int) -> int:
    return (number > 0) - (number < 0)


def windows(count: int, size: int) -> list[range]:
    return [range(first, first + size) for first in range(count - size + 1)]


def plain_marks(values: Values, how: Plain) -> list[tuple[int, int]]:
    """The rule and direction of each point of a phase."""
    limits = plain_limits(values, how)
    if limits is None:
        return [(0, 0)] * len(values)
    mean, reach = limits
    away = [Fraction(0) if value is None else value - mean for value in values]
    sides = [sign(each) for each in away]
    outside = [place for place, each in enumerate(away) if abs(each) > reach]
    near = [place for place, each in enumerate(away) if abs(each) > NEAR * reach and place not in outside]
    marks = {
        **{place: (Rule.SHIFT, sides[place]) for place in in_windows(alike(sides), len(values), how.run)},
        **{place: (Rule.TWO_OF_THREE, sides[place]) for place in two_of_three(sides, near)},
        **plain_trends(values, how.run),
        **{place: (Rule.OUTSIDE, sides[place]) for place in outside},
    }
    return [marks.get(place, (0, 0)) for place in range(len(values))]


def alike(signs: list[int]) -> Callable[[range], bool]:
    """Whether all signs of a window are the same and none is 0."""
    return lambda window: abs(sum(signs[place] for place in window)) == len(window)


def in_windows(holds: Callable[[range], bool], count: int, size: int) -> list[int]:
    return [place for window in windows(count, size) if holds(window) for place in window]


def two_of_three(sides: list[int], near: list[int]) -> list[int]:
    found = [window for window in windows(len(sides), 3) if alike(sides)(window)]
    return [place for window in found if len(set(window) & set(near)) > 1 for place in window if place in near]


def plain_trends(values: Values, run: int) -> dict[int, tuple[int, int]]:
    steps = [0 if a is None or b is None else sign(b - a) for a, b in pairwise(values)]
    found = [window for window in windows(len(steps), run - 1) if alike(steps)(window)]
    return {
        place: (Rule.TREND, steps[window[0]])
        for window in reversed(found)
        for place in range(window[0], window[-1] + 2)
    }


@settings(deadline=None, max_examples=300)
@given(st.lists(PHASE, min_size=1, max_size=4), DRAWINGS, st.sampled_from([1, 0.1, 1 / 3]))
def test_charts_against_loops(phases: list[Values], how: Plain, scale: float) -> None:
    values = [np.nan if value is None else value * scale for phase in phases for value in phase]
    is_first = [place == 0 for phase in phases for place in range(len(phase))]
    charts = control_charts(np.array(values, float), np.array(is_first), **how._asdict())
    marks = [mark for phase in phases for mark in plain_marks(phase, how)]
    assert list(zip(charts.rule.tolist(), charts.direction.tolist(), strict=True)) == marks
    limits = [plain_limits(phase, how) or (np.nan, np.nan) for phase in phases for _ in phase]
    wanted = [(float(mean) * scale, float(reach) * scale) for mean, reach in limits]
    assert charts.mean == pytest.approx([mean for mean, _ in wanted], nan_ok=True)
    assert charts.reach == pytest.approx([reach for _, reach in wanted], nan_ok=True, abs=1e-12)


def test_a_peak_between_two_trends_belongs_to_the_first() -> None:
    up_and_down = np.array([0, 9, 0, 9, *range(1, 8), *range(6, 0, -1)], float)
    charts = control_charts(up_and_down, np.arange(17) == 0, run=7, baseline=4)
    assert charts.direction.tolist() == [0] * 4 + [1] * 7 + [-1] * 6


def test_what_never_changes_is_never_marked() -> None:
    charts = control_charts(np.full(30, 0.1), np.arange(30) == 0, run=7, is_screened=True)
    assert set(charts.rule.tolist()) == {Rule.NONE}


def test_nothing() -> None:
    charts = control_charts(np.empty(0), np.empty(0, bool), run=7, baseline=12, is_screened=True)
    assert charts.mean.size == charts.rule.size == charts.points.size == 0
