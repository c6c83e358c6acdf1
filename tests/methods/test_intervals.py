"""Confidence intervals against published vectors and against slow searches for the limits."""

from collections.abc import Callable
from math import exp, factorial, sqrt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import numbers
from parity.methods.intervals import byar, crude_rate, crude_rate_interval, exact, wilson, z_for

COUNT = st.none() | st.integers(0, 60)


def search(is_low: Callable[[float], bool], low: float, high: float) -> float:
    """The point where a test that holds below it stops to hold."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if is_low(middle) else (low, middle)
    return low


def exact_by_search(x: int, tail: float) -> tuple[float, float]:
    """The Poisson means for which x or more, and x or fewer, have the probability of the tail."""

    def at_most(k: int, mean: float) -> float:
        return sum(exp(-mean) * mean**i / factorial(i) for i in range(k + 1))

    lower = 0.0 if x == 0 else search(lambda mean: 1 - at_most(x - 1, mean) < tail, 0, x)
    return lower, search(lambda mean: at_most(x, mean) > tail, x, 5 * x + 50)


def test_z_is_the_normal_quantile() -> None:
    assert (round(z_for(0.95), 6), round(z_for(0.998), 6)) == (1.959964, 3.090232)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_level_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        z_for(confidence)


def test_missing_zero_and_impossible_counts() -> None:
    frame = pl.DataFrame({"count": [None, 0, 3, -1, 7], "of": [5, 0, 2, 5, None]})
    both = {
        "wilson": wilson("count", "of", confidence=0.95),
        "byar": byar("count", confidence=0.95),
        "exact": exact("count", confidence=0.95),
        "rate": crude_rate_interval("count", "of", per=100, confidence=0.95),
    }
    is_known = {
        name: frame.select(pl.col("lower").is_not_null().alias("l"), pl.col("upper").is_not_null().alias("u")).rows()
        for name, frame in ((name, frame.with_columns(*limits)) for name, limits in both.items())
    }
    no, yes = (False, False), (True, True)
    assert is_known == {
        "wilson": [no, no, no, no, no],
        "byar": [no, yes, yes, no, yes],
        "exact": [no, yes, yes, no, yes],
        "rate": [no, no, yes, no, no],
    }


def test_no_events_leave_nought_as_lower_limit() -> None:
    assert numbers(byar(0, confidence=0.95)[0], *exact(0, confidence=0.95)) == (0, 0, pytest.approx(3.688879, abs=5e-7))


def test_no_limit_of_a_count_is_below_nought() -> None:
    assert numbers(byar(1, confidence=0.998)[0]) == (0,)


def test_a_share_of_nobody_or_of_too_few_has_no_limits() -> None:
    frame = pl.DataFrame({"count": [0, 0, 2, 2], "of": [0, 2, 2, None]})
    result = frame.select(*wilson("count", "of", confidence=0.95)).rows()
    assert result == [
        (None, None),
        (0.0, pytest.approx(0.657620, abs=5e-7)),
        (pytest.approx(0.342380, abs=5e-7), 1.0),
        (None, None),
    ]


def test_empty_table() -> None:
    frame = pl.DataFrame(schema={"count": pl.Int64, "of": pl.Int64})
    assert frame.select(*wilson("count", "of", confidence=0.95)).height == 0
    result = frame.with_columns(
        crude_rate("count", "of", per=100).alias("value"),
        *crude_rate_interval("count", "of", per=100, confidence=0.95),
    )
    assert (result.columns, result.height) == (["count", "of", "value", "lower", "upper"], 0)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 40), st.sampled_from([0.95, 0.998]))
def test_exact_against_a_search(count: int, confidence: float) -> None:
    wanted = exact_by_search(count, (1 - confidence) / 2)
    assert numbers(*exact(count, confidence=confidence)) == pytest.approx(wanted, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(COUNT, st.integers(0, 500)), min_size=1, max_size=6))
def test_crude_rate_interval_row_by_row(rows: list[tuple[int | None, int]]) -> None:
    frame = pl.DataFrame(rows, schema={"count": pl.Int64, "of": pl.Int64}, orient="row")

    def limits(count: int | None, of: int) -> tuple[float | None, float | None]:
        if count is None or of == 0:
            return None, None
        pair = numbers(*(exact if count < 10 else byar)(count, confidence=0.95))
        return pair[0] / of * 1000, pair[1] / of * 1000

    result = frame.select(*crude_rate_interval("count", "of", per=1000, confidence=0.95)).rows()
    flat = [limit for row in result for limit in row]
    wanted = [limit for row in rows for limit in limits(*row)]
    assert [limit is None for limit in flat] == [limit is None for limit in wanted]
    assert [limit for limit in flat if limit is not None] == pytest.approx(
        [limit for limit in wanted if limit is not None]
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 5000))
def test_byar_against_its_formula(count: int) -> None:
    z = z_for(0.95)
    lower = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
    upper = (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * sqrt(count + 1))) ** 3
    assert numbers(*byar(count, confidence=0.95)) == pytest.approx((lower, upper))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 2000), st.integers(1, 2000), st.sampled_from([0.95, 0.998]))
def test_wilson_holds_the_shares_that_are_less_than_z_away(count: int, others: int, confidence: float) -> None:
    """Its limits are the true shares from which the share that was seen lies exactly z standard errors away."""
    of = count + others
    lower, upper = numbers(*wilson(count, of, confidence=confidence))
    away = [abs(count / of - limit) / sqrt(limit * (1 - limit) / of) for limit in (lower, upper)]
    assert away == pytest.approx([z_for(confidence)] * 2)
