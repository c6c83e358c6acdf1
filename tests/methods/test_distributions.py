"""The distributions against the library that has them, and against themselves."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc, gammaincc, gammainccinv, ndtri
from scipy.stats import poisson

from parity.methods.distributions import (
    chi_square_above,
    normal_quantile,
    poisson_at_most,
    poisson_mean,
    poisson_quantile,
)

SHARES = st.floats(0.0005, 0.9995)


@given(SHARES)
def test_the_normal_quantile_is_that_of_the_library(share: float) -> None:
    assert normal_quantile(share) == pytest.approx(float(ndtri(share)), rel=1e-12, abs=1e-12)


@given(st.integers(0, 400), st.floats(0.01, 500))
def test_the_poisson_sum_is_the_incomplete_gamma_function(count: int, mean: float) -> None:
    assert poisson_at_most(count, mean) == pytest.approx(float(gammaincc(count + 1, mean)), rel=1e-9, abs=1e-300)


def test_nothing_expected_gives_nothing() -> None:
    assert poisson_at_most(0, 0.0) == 1.0


@given(st.integers(0, 300), SHARES)
def test_the_poisson_mean_is_that_of_the_library(count: int, at_most: float) -> None:
    assert poisson_mean(count, at_most) == pytest.approx(float(gammainccinv(count + 1, at_most)), rel=1e-9)


@given(st.integers(0, 60), SHARES)
def test_the_poisson_mean_has_its_probability(count: int, at_most: float) -> None:
    assert poisson_at_most(count, poisson_mean(count, at_most)) == pytest.approx(at_most, rel=1e-9)


@given(SHARES, st.floats(0.001, 20_000))
def test_the_poisson_quantile_is_that_of_the_library(share: float, mean: float) -> None:
    assert poisson_quantile(share, mean) == int(poisson.ppf(share, mean))


def test_the_poisson_quantile_of_nothing_is_nothing() -> None:
    assert poisson_quantile(0.999, 0.0) == 0


@given(st.floats(0.001, 300), st.integers(1, 60))
def test_the_chi_square_tail_is_that_of_the_library(statistic: float, degrees: int) -> None:
    assert chi_square_above(statistic, degrees) == pytest.approx(
        float(chdtrc(degrees, statistic)), rel=1e-9, abs=1e-300
    )


def test_a_statistic_of_zero_is_always_exceeded() -> None:
    assert chi_square_above(0.0, 3) == 1.0


def test_the_published_limits_of_five_events_follow() -> None:
    assert math.isclose(poisson_mean(5, 0.025), 11.668332, abs_tol=5e-7)
    assert math.isclose(poisson_mean(4, 0.975), 1.623486, abs_tol=5e-7)
