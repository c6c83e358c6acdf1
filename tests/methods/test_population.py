"""Populations: weighted, expected, and a denominator fitted to what was printed."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.population import (
    Fit,
    Fitted,
    expected_cases,
    expected_range,
    fit_denominator,
    rate,
    treatment_gap,
    weighted_population,
)

QUICK = settings(deadline=None, max_examples=40)
PRINTED = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 500), st.sampled_from([0.5, 0.05])), min_size=1, max_size=6
)


def misfit(rows: list[tuple[int, int, float]], value: float, power: int) -> float:
    return sum((abs(count - shown * value / 1000) / half) ** power for count, shown, half in rows)


def test_missing_and_zero() -> None:
    frame = pl.DataFrame({"people": [None, 0, 200], "index": [100.0, 50.0, None]})
    result = frame.select(
        weighted=weighted_population("people", "index"),
        cases=expected_cases("people", "index", per=100),
        rate=rate("index", "people", per=100),
        gap=treatment_gap("people", 0.25),
    )
    assert result.to_dicts() == [
        {"weighted": None, "cases": None, "rate": None, "gap": None},
        {"weighted": 0.0, "cases": 0.0, "rate": None, "gap": 0.0},
        {"weighted": None, "cases": None, "rate": None, "gap": 150.0},
    ]


def test_empty_table() -> None:
    frame = pl.DataFrame(schema={"people": pl.Int64})
    result = frame.select(weighted_population("people", 100), *expected_range("people", 1, 2, per=10))
    assert (result.columns, result.height) == (["people", "lower", "upper"], 0)


def test_nothing_seen_fits_nothing() -> None:
    nothing = Fitted(None, None, Fit.LEAST_ABSOLUTE, ())
    assert fit_denominator([], [], per=1000) == nothing
    assert fit_denominator([None, 3], [2, 0], per=1000) == nothing
    assert fit_denominator([5], [None], per=1000) == nothing


def test_rows_without_a_number_are_named_by_their_absence() -> None:
    fitted = fit_denominator([None, 10, 4, 20], [5, 5, None, 10], per=100, algorithm=Fit.LEAST_SQUARES)
    assert fitted == Fitted(200.0, 200, Fit.LEAST_SQUARES, (1, 3))


def test_a_median_between_two_rows_is_their_middle() -> None:
    assert fit_denominator([10, 30], [10, 10], per=1).value == 2.0


def test_half_a_person_is_rounded_up() -> None:
    assert fit_denominator([5], [2], per=1).people == 3


def test_least_squares_is_drawn_to_a_misprint_and_least_absolute_is_not() -> None:
    counts, rates = [100, 200, 300, 990], [10, 20, 30, 40]
    squares = fit_denominator(counts, rates, per=1, algorithm=Fit.LEAST_SQUARES)
    assert (fit_denominator(counts, rates, per=1).value, squares.value) == (10.0, pytest.approx(53600 / 3000))


@QUICK
@given(PRINTED, st.sampled_from([(Fit.LEAST_ABSOLUTE, 1), (Fit.LEAST_SQUARES, 2)]))
def test_no_other_denominator_fits_better(rows: list[tuple[int, int, float]], form: tuple[Fit, int]) -> None:
    algorithm, power = form
    counts, rates, halves = (list(part) for part in zip(*rows, strict=True))
    fitted = fit_denominator(counts, rates, per=1000, half_units=halves, algorithm=algorithm)
    best = misfit(rows, fitted.value, power)
    candidates = [1000 * count / shown for count, shown, _ in rows]
    candidates += [fitted.value * factor for factor in (0.5, 0.99, 0.9999, 1.0001, 1.01, 2)]
    assert all(best <= misfit(rows, other, power) * (1 + 1e-9) + 1e-9 for other in candidates)


@QUICK
@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 1000)), min_size=1, max_size=6))
def test_expected_cases_row_by_row(rows: list[tuple[int, float]]) -> None:
    frame = pl.DataFrame(rows, schema={"people": pl.Int64, "rate": pl.Float64}, orient="row")
    cases = frame.select(expected_cases("people", "rate", per=1000).alias("cases"))["cases"].to_list()
    assert cases == pytest.approx([people / 1000 * shown for people, shown in rows])
