"""Slope and relative index of inequality: what is missing, least squares by loops, and limits that are known."""

from math import exp, log, sqrt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.inequality import INDICES, Line, Scale, Simulation, relative_rank, slope_index
from parity.methods.intervals import z_for

GROUPS = {
    "area": pl.String,
    "group": pl.Int64,
    "value": pl.Float64,
    "people": pl.Int64,
    "lower": pl.Float64,
    "upper": pl.Float64,
}
VALUES = [13.2, 11.4, 9.9, 8.8, 7.1]
PEOPLE = [21000, 20500, 20000, 19500, 19000]
PLAIN = Line(Scale.LINEAR)
SEEDED = Simulation(seed=7, confidence=0.95)


def groups(
    values: list[Any], people: list[Any] | None = None, *, area: str = "A", reach: float | None = 0.5
) -> pl.DataFrame:
    rows = [
        (
            area,
            place,
            value,
            people_of,
            None if reach is None else value - reach,
            None if reach is None else value + reach,
        )
        for place, (value, people_of) in enumerate(zip(values, PEOPLE if people is None else people, strict=True), 1)
    ]
    return pl.DataFrame(rows, GROUPS, orient="row")


def line_by_loop(values: list[float], people: list[int]) -> tuple[float, float, list[float]]:
    """Intercept, slope and what each value counts in the slope, by regressing on the roots of the shares."""
    shares = [count / sum(people) for count in people]
    ranks = [sum(shares[:place]) + share / 2 for place, share in enumerate(shares)]
    first = [sqrt(share) for share in shares]
    second = [sqrt(share) * rank for share, rank in zip(shares, ranks, strict=True)]
    aa = sum(a * a for a in first)
    ab = sum(a * b for a, b in zip(first, second, strict=True))
    bb = sum(b * b for b in second)
    whole = aa * bb - ab * ab
    counts = [sqrt(s) * (aa * b - ab * a) / whole for s, a, b in zip(shares, first, second, strict=True)]
    others = [sqrt(s) * (bb * a - ab * b) / whole for s, a, b in zip(shares, first, second, strict=True)]
    intercept = sum(count * value for count, value in zip(others, values, strict=True))
    return intercept, sum(count * value for count, value in zip(counts, values, strict=True)), counts


def test_what_has_no_line_is_told() -> None:
    frames = [
        groups(VALUES[:4], PEOPLE[:4], area="few"),
        groups([1.0] * 101, [10] * 101, area="many"),
        groups(VALUES, area="twice").with_columns(group=pl.lit(1, dtype=pl.Int64)),
        groups(VALUES, [5, 5, None, 5, 5], area="unknown"),
        groups(VALUES, [5, 5, 0, 5, 5], area="nobody"),
        groups([*VALUES[:4], 0.0], area="zero"),
        groups(VALUES, area="whole"),
    ]
    found = slope_index(pl.concat(frames), line=Line(Scale.LOG), by=["area"])
    assert dict(found.select("area", "missing").rows()) == {
        "few": "A line of inequality needs 5 to 100 groups; there are 4.",
        "many": "A line of inequality needs 5 to 100 groups; there are 101.",
        "twice": "A group stands twice.",
        "unknown": "The value, its limits or the people of a group are not known.",
        "nobody": "A group has no people.",
        "zero": "A value or a limit of a group has no place on the scale, the logarithm of a rate.",
        "whole": None,
    }
    assert found.filter(pl.col("slope").is_null()).height == 6


def test_a_simulation_needs_limits() -> None:
    unknown = groups(VALUES, reach=None)
    assert slope_index(unknown, line=PLAIN, by=["area"])["missing"].to_list() == [None]
    found = slope_index(unknown, line=PLAIN, by=["area"], simulation=SEEDED)
    assert found["missing"].to_list() == ["The value, its limits or the people of a group are not known."]


def test_a_ratio_over_nothing_is_none() -> None:
    found = slope_index(groups([0.0] * 5), line=PLAIN, by=["area"])
    assert found.select("intercept", "slope", "ratio", "missing").row(0) == (0, 0, None, None)


def test_empty_table() -> None:
    found = slope_index(groups([], []), line=PLAIN, by=["area"], simulation=SEEDED)
    assert (found.columns, found.height) == (["area", *INDICES, "missing"], 0)
    assert groups([], []).select(relative_rank("people").alias("rank")).height == 0


def test_the_order_of_rows_and_other_places_change_nothing() -> None:
    one, other = groups(VALUES), groups(VALUES[::-1], area="B")
    alone = slope_index(one, line=PLAIN, by=["area"], simulation=SEEDED)
    both = slope_index(pl.concat([other, one]).reverse(), line=PLAIN, by=["area"], simulation=SEEDED)
    assert both.filter(area="A").equals(alone)
    assert both.height == 2


def test_each_seed_has_its_draws() -> None:
    limits = [
        slope_index(groups(VALUES), line=PLAIN, by=["area"], simulation=Simulation(seed, 0.95))["slope_lower"].item()
        for seed in (1, 1, 2)
    ]
    assert [limits[0] == limits[1], limits[0] == limits[2]] == [True, False]


@pytest.mark.parametrize("per", [1, -100])
def test_limits_of_a_straight_line_are_those_of_its_normal_slope(per: float) -> None:
    _, slope, counts = line_by_loop(VALUES, PEOPLE)
    error = 0.5 / z_for(0.95) * sqrt(sum(count**2 for count in counts))
    found = slope_index(groups(VALUES), line=Line(Scale.LINEAR, per=per), by=["area"], simulation=SEEDED)
    ends = sorted(per * (slope + side * z_for(0.95) * error) for side in (-1, 1))
    assert found.select("slope_lower", "slope_upper").row(0) == pytest.approx(ends, rel=0.01)


def test_limits_of_a_line_on_the_scale_are_those_of_its_log_normal_ratio() -> None:
    _, slope, counts = line_by_loop([log(value) for value in VALUES], PEOPLE)
    errors = [(log(value + 0.5) - log(value - 0.5)) / 2 / z_for(0.95) for value in VALUES]
    error = sqrt(sum((count * each) ** 2 for count, each in zip(counts, errors, strict=True)))
    found = slope_index(groups(VALUES), line=Line(Scale.LOG), by=["area"], simulation=SEEDED)
    ends = [exp(slope + side * z_for(0.95) * error) for side in (-1, 1)]
    assert found.select("ratio_lower", "ratio_upper").row(0) == pytest.approx(ends, rel=0.01)


def test_values_drawn_on_a_scale_may_have_a_line_of_their_own() -> None:
    """The line through the values themselves; the limits are nearly those of values drawn about them straight away."""
    shares = [value / 100 for value in VALUES]
    given = {"by": ["area"], "simulation": SEEDED}
    curved = slope_index(groups(shares, reach=0.005), line=Line(Scale.LOGIT, is_on_scale=False), **given)
    straight = slope_index(groups(shares, reach=0.005), line=PLAIN, **given)
    assert curved.select(INDICES).row(0) == pytest.approx(straight.select(INDICES).row(0), rel=0.02)
    assert curved["slope"].item() == pytest.approx(straight["slope"].item())


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0.05, 0.95), st.integers(1, 9000)), min_size=5, max_size=12), st.sampled_from(Scale)
)
def test_lines_against_loops(places: list[tuple[float, int]], scale: Scale) -> None:
    values, people = [value for value, _ in places], [count for _, count in places]
    there = {Scale.LINEAR: float, Scale.LOG: log, Scale.LOGIT: lambda share: log(share / (1 - share))}[scale]
    back = {Scale.LINEAR: float, Scale.LOG: exp, Scale.LOGIT: lambda place: 1 / (1 + exp(-place))}[scale]
    intercept, slope, _ = line_by_loop([there(value) for value in values], people)
    top, bottom = back(intercept), back(intercept + slope)
    found = slope_index(groups(values, people, reach=None), line=Line(scale), by=["area"])
    assert found.select("intercept", "slope").row(0) == pytest.approx((top, bottom - top), abs=1e-6)
    assert found["ratio"].item() == pytest.approx(bottom / top, rel=1e-5)
