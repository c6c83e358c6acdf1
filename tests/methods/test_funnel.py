"""Funnel limits: published numbers stand in the worked examples; here what is missing, and loops in plain Python."""

from itertools import pairwise
from math import asin, floor, pi, sin, sqrt
from statistics import fmean

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import numbers
from parity.methods.funnel import (
    Spread,
    count_limits,
    dispersion,
    dispersion_threshold,
    proportion_limits,
    signal,
    variance_between,
    wide_limits,
    wide_share_limits,
)
from parity.methods.intervals import exact, wilson, z_for

PLACES = {"group": pl.String, "observed": pl.Int64, "expected": pl.Float64}
QUICK = settings(deadline=None, max_examples=40)
Place = tuple[int, float]


def places(*rows: tuple[str, int | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PLACES, orient="row")


def test_what_is_missing_or_impossible_has_no_limits() -> None:
    frame = pl.DataFrame({"average": [0.5, 0.5, None, 1.5], "people": [0, None, 5, 5]})
    assert frame.select(*proportion_limits("average", "people", confidence=0.95)).rows() == [(None, None)] * 4
    assert numbers(*count_limits(-1, confidence=0.95)) == (None, None)


def test_a_missing_part_has_no_signal() -> None:
    frame = pl.DataFrame({"limit": [None, 5]}, schema={"limit": pl.Int64})
    found = frame.select(signal(4, warning=("limit", 9), alarm=(0, 12)).alias("words"))
    assert found["words"].to_list() == [None, "below"]


def test_places_without_both_counts_are_not_seen() -> None:
    seen = places(("A", 10, 20.0), ("A", 30, 20.0), ("A", None, 20.0), ("A", 4, 0.0), ("B", None, 5.0))
    found = seen.select(
        dispersion("observed", "expected", trim=0, within=["group"]).alias("phi"),
        dispersion_threshold("observed", "expected", within=["group"]).alias("threshold"),
    ).rows()
    wanted = (pytest.approx(fmean(4 * (sqrt(o) - sqrt(20)) ** 2 for o in (10, 30))), 3.0)
    assert found == [wanted] * 4 + [(None, None)]


def test_one_place_cannot_differ_from_others() -> None:
    seen = places(("A", 90, 20.0))
    found = seen.select(
        variance_between("observed", "expected", trim=0.1).alias("variance"),
        *wide_limits("observed", "expected", confidence=0.95, spread=Spread.ADDITIVE, trim=0.1),
    ).row(0)
    assert found == (0.0, pytest.approx(20 * (1 - z_for(0.95) / sqrt(80)) ** 2), pytest.approx(29.7256, abs=5e-5))


def test_no_limit_is_below_nothing() -> None:
    seen = places(*[("A", 100, 1.0), ("A", 0, 1.0)] * 3)
    lower = seen.select(wide_limits("observed", "expected", confidence=0.95, spread=Spread.ADDITIVE, trim=0)[0])
    assert lower["lower"].to_list() == [0.0] * 6


def test_empty_table() -> None:
    for spread in Spread:
        limits = wide_limits("observed", "expected", confidence=0.95, spread=spread, trim=0.1, within=["group"])
        assert places().select(*limits).rows() == []
    shares = wide_share_limits("observed", "expected", confidence=0.95, trim=0.1, within=["group"])
    assert places().select(*shares).rows() == []
    assert places().select(variance_between("observed", "expected", trim=0.1)).item() == 0
    assert places().select(dispersion("observed", "expected", trim=0.1)).item() is None


@QUICK
@given(st.integers(0, 200), st.floats(0.5, 150))
def test_a_count_lies_outside_exactly_where_its_own_interval_leaves_out_the_expected(count: int, mean: float) -> None:
    least, greatest = numbers(*count_limits(mean, confidence=0.95))
    lower, upper = numbers(*exact(count, confidence=0.95))
    if min(abs(mean - lower), abs(mean - upper)) > 1e-9:
        assert (count < least or count > greatest) == (mean < lower or mean > upper)


@QUICK
@given(st.integers(1, 300), st.integers(1, 300), st.floats(0.05, 0.95))
def test_a_share_lies_outside_exactly_where_wilsons_interval_leaves_out_the_average(
    count: int, others: int, average: float
) -> None:
    of = count + others
    least, greatest = numbers(*proportion_limits(average, of, confidence=0.95))
    lower, upper = numbers(*wilson(count, of, confidence=0.95))
    if min(abs(average - lower), abs(average - upper)) > 1e-9:
        assert (count / of < least or count / of > greatest) == (average < lower or average > upper)


def between_order_statistics(values: list[float], share: float) -> float:
    """The quantile that lies this far along the ordered values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def phi_and_variance(seen: list[Place], trim: float) -> tuple[float, float]:
    z = [2 * (sqrt(o) - sqrt(e)) for o, e in seen]
    low, high = between_order_statistics(z, trim), between_order_statistics(z, 1 - trim)
    phi = fmean(min(max(value, low), high) ** 2 for value in z)
    weights = [4 * e for _, e in seen]
    spread = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    return phi, max(0.0, (len(z) * phi - (len(z) - 1)) / spread)


@QUICK
@given(
    st.lists(st.tuples(st.integers(0, 200), st.floats(1, 150)), min_size=2, max_size=12),
    st.sampled_from([0.0, 0.1, 0.25]),
    st.sampled_from(Spread),
)
def test_wide_limits_against_a_loop(seen: list[Place], trim: float, spread: Spread) -> None:
    frame = places(*(("A", *place) for place in seen))
    phi, variance = phi_and_variance(seen, trim)
    found = frame.select(
        dispersion("observed", "expected", trim=trim).alias("phi"),
        variance_between("observed", "expected", trim=trim).alias("variance"),
    )
    assert found.row(0) == (pytest.approx(phi, abs=1e-9), pytest.approx(variance, abs=1e-9))
    if phi <= 1 + 2 * sqrt(2 / len(seen)):
        wanted = [numbers(*count_limits(e, confidence=0.95)) for _, e in seen]
    else:
        deviations = [sqrt(phi / 4 / e if spread is Spread.MULTIPLICATIVE else 1 / 4 / e + variance) for _, e in seen]
        reaches = [z_for(0.95) * deviation for deviation in deviations]
        wanted = [
            (e * max(0, 1 - reach) ** 2, e * (1 + reach) ** 2) for (_, e), reach in zip(seen, reaches, strict=True)
        ]
    limits = wide_limits("observed", "expected", confidence=0.95, spread=spread, trim=trim, within=["group"])
    assert frame.select(*limits).rows() == [pytest.approx(pair) for pair in wanted]


def test_a_larger_place_has_narrower_limits_of_its_ratio() -> None:
    widths = [(upper - lower) / mean for mean in (10, 100, 1000) for lower, upper in [limits_of(mean)]]
    assert [wide > narrow for wide, narrow in pairwise(widths)] == [True, True]


def limits_of(mean: float) -> tuple[float, float]:
    lower, upper = numbers(*count_limits(mean, confidence=0.95))
    return lower, upper


def test_shares_of_nobody_or_without_a_count_have_no_say() -> None:
    seen = places(("A", 30, 60.0), ("A", 50, 100.0), ("A", None, 100.0), ("A", 3, 0.0), ("A", 9, 8.0), ("B", None, 9.0))
    found = seen.select(*wide_share_limits("observed", "expected", confidence=0.95, trim=0, within=["group"])).rows()
    fair = [numbers(*proportion_limits(0.5, of, confidence=0.95)) for of in (60, 100, 100, 8)]
    assert found == [*(pytest.approx(pair) for pair in fair[:3]), (None, None), pytest.approx(fair[3]), (None, None)]


@QUICK
@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 200)), min_size=1, max_size=12),
    st.sampled_from([0.0, 0.1, 0.25]),
)
def test_wide_share_limits_against_a_loop(seen: list[tuple[int, int]], trim: float) -> None:
    of = [count + others for count, others in seen]
    average = sum(count for count, _ in seen) / sum(of)
    z = [2 * sqrt(n) * (asin(sqrt(count / n)) - asin(sqrt(average))) for (count, _), n in zip(seen, of, strict=True)]
    low, high = between_order_statistics(z, trim), between_order_statistics(z, 1 - trim)
    phi = fmean(min(max(value, low), high) ** 2 for value in z)
    wanted = [numbers(*proportion_limits(average, n, confidence=0.95)) for n in of]
    if phi > 1 + 2 * sqrt(2 / len(of)):
        weights = [4 * n for n in of]
        spread = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
        between = max(0.0, (len(z) * phi - (len(z) - 1)) / spread)
        reaches = [z_for(0.95) * sqrt(1 / weight + between) for weight in weights]
        angles = [[asin(sqrt(average)) + side * reach for side in (-1, 1)] for reach in reaches]
        wanted = [tuple(sin(min(max(angle, 0), pi / 2)) ** 2 for angle in pair) for pair in angles]
    frame = places(*(("A", count, float(n)) for (count, _), n in zip(seen, of, strict=True)))
    limits = wide_share_limits("observed", "expected", confidence=0.95, trim=trim, within=["group"])
    assert frame.select(*limits).rows() == [pytest.approx(pair, abs=1e-9) for pair in wanted]
