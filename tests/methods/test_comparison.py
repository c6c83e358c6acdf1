"""Comparison: ranks, significance, ratios and targets, each against a loop in plain Python."""

from math import exp, log, sqrt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import numbers
from parity.methods.comparison import (
    comparator_mean,
    disparity,
    gap_to_benchmark,
    location_quotient,
    percentile,
    rank,
    relative_change,
    representation_ratio,
    significance,
    target_state,
    two_sources,
    variance_from_target,
    z_statistic,
)
from parity.methods.intervals import z_for
from parity.terms.polarity import Polarity

VALUE = st.none() | st.integers(-5, 5)
QUICK = settings(deadline=None, max_examples=50)


def test_ranks_within_groups_and_with_a_polarity_a_row() -> None:
    frame = pl.DataFrame(
        {
            "measure": ["low", "low", "low", "high", "high", "neither"],
            "value": [1, 3, 1, 5, 7, 1],
            "polarity": ["low", "low", "low", "high", "high", "neutral"],
        }
    )
    ranks = frame.select(rank("value", polarity="polarity", within=["measure"]).alias("rank"))["rank"]
    assert ranks.to_list() == [1, 3, 1, 2, 1, None]


def test_percentiles_of_published_ranks() -> None:
    ranks = [percentile(place, 18) for place in (10, 13, 17, 16)]
    assert [round(value, 6) for value in numbers(*ranks)] == [0.470588, 0.294118, 0.058824, 0.117647]


def test_nobody_to_compare_with_has_no_percentile() -> None:
    assert numbers(percentile(1, 1)) == (None,)


def test_mean_of_comparators_leaves_out_who_is_not_named_or_has_no_value() -> None:
    frame = pl.DataFrame({"g": [1, 1, 1, 2], "area": ["a", "b", "c", "b"], "value": [1.0, 2.0, None, None]})
    means = frame.select(comparator_mean("value", "area", comparators=["b", "c"], within=["g"]).alias("mean"))["mean"]
    assert means.to_list() == [2.0, 2.0, 2.0, None]


def test_missing_and_zero() -> None:
    frame = pl.DataFrame({"a": [None, 1.0], "b": [2.0, 0.0]})
    result = frame.select(
        quotient=location_quotient("a", "b"),
        change=relative_change("b", "a"),
        variance=variance_from_target("a", "b"),
        gap=gap_to_benchmark("a", "b", 100_000, per=100_000),
        z=z_statistic("a", "b", 10),
    )
    assert result.to_dicts() == [
        {"quotient": None, "change": None, "variance": None, "gap": None, "z": None},
        {"quotient": None, "change": None, "variance": None, "gap": -1.0, "z": None},
    ]


def test_nobody_served_still_has_an_interval() -> None:
    given = {"comparator_count": 50, "comparator_of": 1000, "confidence": 0.95}
    value, lower, upper = numbers(*representation_ratio(0, 100, **given))
    wanted = (0.5 / 101) / (50.5 / 1001)
    reach = exp(z_for(0.95) * sqrt(1 / 0.5 - 1 / 101 + 1 / 50.5 - 1 / 1001))
    assert (value, lower, upper) == pytest.approx((wanted, wanted / reach, wanted * reach))


def test_empty_table() -> None:
    frame = pl.DataFrame(schema={"value": pl.Float64, "area": pl.String})
    result = frame.select(
        rank=rank("value", polarity=Polarity.HIGH),
        verdict=significance("value", "value", "value", polarity=Polarity.LOW),
        state=target_state("value", "value", polarity=Polarity.LOW),
    )
    assert result.height == 0
    assert frame.select(comparator_mean("value", "area", comparators=["a"])).item() is None


@QUICK
@given(st.lists(VALUE, min_size=1, max_size=8), st.sampled_from(Polarity))
def test_rank_counts_the_strictly_better(values: list[int | None], polarity: Polarity) -> None:
    def better(one: int, other: int) -> bool:
        return one > other if polarity is Polarity.HIGH else one < other

    known = [value for value in values if value is not None]
    wanted = [
        None if value is None or polarity is Polarity.NEUTRAL else 1 + sum(better(other, value) for other in known)
        for value in values
    ]
    frame = pl.DataFrame({"value": values}, schema={"value": pl.Int64})
    assert frame.select(rank("value", polarity=polarity).alias("rank"))["rank"].to_list() == wanted


@QUICK
@given(VALUE, VALUE, VALUE, st.sampled_from(["high", "low", "neutral", "", None]))
def test_significance_case_by_case(
    lower: int | None, upper: int | None, other: int | None, polarity: str | None
) -> None:
    frame = pl.DataFrame(
        {"lower": [lower], "upper": [upper], "other": [other], "polarity": [polarity]},
        schema={"lower": pl.Int64, "upper": pl.Int64, "other": pl.Int64, "polarity": pl.String},
    )
    verdict = frame.select(significance("lower", "upper", "other", polarity="polarity")).item()
    if None in (lower, upper, other) or not polarity:
        wanted = None
    elif other < lower:
        wanted = {"high": "better", "low": "worse", "neutral": "higher"}[polarity]
    elif other > upper:
        wanted = {"high": "worse", "low": "better", "neutral": "lower"}[polarity]
    else:
        wanted = "similar"
    assert verdict == wanted


@QUICK
@given(VALUE, VALUE, st.sampled_from(Polarity))
def test_target_state_case_by_case(estimate: int | None, target: int | None, polarity: Polarity) -> None:
    frame = pl.DataFrame(
        {"estimate": [estimate], "target": [target]}, schema={"estimate": pl.Int64, "target": pl.Int64}
    )
    if target is None:
        wanted = "pending"
    elif estimate is None or polarity is Polarity.NEUTRAL:
        wanted = None
    elif polarity is Polarity.HIGH:
        wanted = "met" if estimate >= target else "missed"
    else:
        wanted = "met" if estimate <= target else "missed"
    assert frame.select(target_state("estimate", "target", polarity=polarity)).item() == wanted


@QUICK
@given(st.integers(1, 90), st.integers(0, 100), st.integers(1, 500), st.integers(0, 1000))
def test_representation_ratio_on_the_log_scale(x1: int, more1: int, x0: int, more0: int) -> None:
    n1, n0 = x1 + more1, x0 + more0
    result = numbers(*representation_ratio(x1, n1, comparator_count=x0, comparator_of=n0, confidence=0.95))
    middle = log(x1) - log(n1) - log(x0) + log(n0)
    error = z_for(0.95) * sqrt(1 / x1 - 1 / n1 + 1 / x0 - 1 / n0)
    assert [log(value) for value in result] == pytest.approx([middle, middle - error, middle + error], abs=1e-9)


@QUICK
@given(st.floats(0, 1), st.floats(0.01, 0.99), st.integers(1, 100_000))
def test_z_statistic_against_its_formula(share: float, comparator: float, n: int) -> None:
    wanted = (share - comparator) / sqrt(comparator * (1 - comparator) / n)
    assert numbers(z_statistic(share, comparator, n))[0] == pytest.approx(wanted)


@QUICK
@given(VALUE, VALUE, st.sampled_from([0, 0.25, 1]))
def test_two_sources_case_by_case(one: int | None, other: int | None, tolerance: float) -> None:
    frame = pl.DataFrame({"one": [one], "other": [other]}, schema={"one": pl.Int64, "other": pl.Int64})
    if one is None or other is None:
        wanted = (None, None, None)
    else:
        state = "agree" if abs(other - one) <= tolerance * abs(one) else "differ"
        wanted = (other - one, pytest.approx((other - one) / one) if one else None, state)
    assert frame.select(*two_sources("one", "other", tolerance=tolerance)).row(0) == wanted
    assert frame.clear().select(*two_sources("one", "other", tolerance=tolerance)).height == 0


@QUICK
@given(VALUE, VALUE)
def test_disparity_case_by_case(lower: int | None, upper: int | None) -> None:
    frame = pl.DataFrame({"lower": [lower], "upper": [upper]}, schema={"lower": pl.Int64, "upper": pl.Int64})
    if upper is not None and upper < 0:
        wanted = "under-represented"
    elif lower is not None and lower > 2:
        wanted = "over-represented"
    else:
        wanted = None if lower is None or upper is None else "not shown"
    assert frame.select(disparity("lower", "upper", under=0, over=2).alias("words"))["words"].to_list() == [wanted]
