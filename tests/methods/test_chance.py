"""Chance: draws that belong to a name, and quantiles of draws."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from parity.methods.chance import (
    CELLS_AT_ONCE,
    Chance,
    band_shares,
    betas,
    generator,
    is_wide,
    normals,
    quantiles,
    uniforms,
)
from parity.methods.chance_kernel_source import order_statistics
from parity.terms.errors import WrongState

CHANCE = Chance(2_000, seed=7)


def test_a_draw_belongs_to_its_name_wherever_it_is_asked() -> None:
    together, turned = normals(CHANCE, ["a", "b"], each=3), normals(CHANCE, ["b", "a"], each=3)
    assert np.array_equal(together, turned[::-1])
    assert np.array_equal(together[0], normals(CHANCE, ["a"], each=3)[0])
    assert np.array_equal(uniforms(CHANCE, ["a", "b"]), uniforms(CHANCE, ["b", "a"])[::-1])
    assert together.dtype == np.float32


def test_another_seed_or_name_draws_anew() -> None:
    drawn = normals(CHANCE, ["a", "b"])[:, 0]
    other = normals(Chance(2_000, seed=8), ["a"])[0]
    assert np.abs(np.corrcoef([drawn[0], drawn[1], other[0]]) - np.eye(3)).max() < 0.1


def test_draws_are_spread_as_they_should() -> None:
    drawn, evenly = normals(CHANCE, ["a"])[0, 0], uniforms(CHANCE, ["a"])[0]
    assert (drawn.mean(), drawn.std()) == pytest.approx((0, 1), abs=0.06)
    assert np.quantile(evenly, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.04)
    assert 0 <= evenly.min() < evenly.max() < 1


def test_the_share_behind_a_sample() -> None:
    drawn = betas(CHANCE, "a", yes=30, no=70)
    assert (drawn.mean(), drawn.std()) == pytest.approx((0.3, (0.3 * 0.7 / 101) ** 0.5), rel=0.05)
    assert np.array_equal(drawn, betas(CHANCE, "a", yes=30, no=70))
    assert not np.array_equal(drawn, betas(CHANCE, "b", yes=30, no=70))


def test_other_draws_belong_to_a_name_too() -> None:
    drawn = [generator(CHANCE, name).poisson(3, size=50) for name in ("a", "a", "b")]
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


def test_no_name_draws_nothing() -> None:
    assert normals(CHANCE, [], each=3).shape == (0, 3, 2_000)
    assert uniforms(CHANCE, []).shape == (0, 2_000)


@given(
    arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=7), elements=st.floats(-1e6, 1e6)),
    st.lists(st.floats(0, 1), min_size=1, max_size=4),
)
def test_quantiles_against_numpy(draws: np.ndarray, shares: list[float]) -> None:
    before = draws.copy()
    wanted = np.moveaxis(np.quantile(draws, shares, axis=-1), 0, -1)
    assert quantiles(draws, shares) == pytest.approx(wanted, abs=1e-6)
    assert np.array_equal(draws, before)


DRAWN = {
    "even": lambda draws: draws,
    "long tailed": lambda draws: np.exp(20 * draws),
    "mostly nothing": lambda draws: np.maximum(draws, 0),
    "all alike": lambda draws: draws * 0 + 3,
    "whole": lambda draws: np.round(draws * 2),
    "beside one far away": lambda draws: np.where(draws == draws.max(), 1e300, draws),
    "as near to nought as can be": lambda draws: draws * 5e-324,
    "as wide as can be": lambda draws: draws * 4e307,
    "not all numbers": lambda draws: np.where(draws > 1, np.nan, draws),
    "not all finite": lambda draws: np.where(draws > 1, np.inf, draws),
}


@pytest.mark.parametrize("name", DRAWN)
def test_compiled_loops_find_the_very_same(name: str) -> None:
    pytest.importorskip("numba")
    draws = DRAWN[name](normals(CHANCE, [str(place) for place in range(5)])[:, 0].astype(float))
    check_alike(draws)


def test_compiled_loops_find_the_very_same_of_narrow_numbers() -> None:
    pytest.importorskip("numba")
    check_alike(normals(CHANCE, ["a", "b"])[:, 0])


def check_alike(draws: np.ndarray) -> None:
    shares = [0, 0.025, 0.3, 0.3, 0.5, 0.975, 1]
    with np.errstate(invalid="ignore"):
        found, wanted = quantiles(draws, shares, is_compiled=True), quantiles(draws, shares)
    assert found.dtype == wanted.dtype
    assert np.array_equal(found, wanted, equal_nan=True)


@given(
    arrays(np.float64, st.integers(1, 700), elements=st.floats(-64, 64, width=16) | st.floats(-1, 1)),
    st.sets(st.integers(0, 699), min_size=1, max_size=6),
)
def test_loops_find_the_values_of_ranks(draws: np.ndarray, wanted: set[int]) -> None:
    ranks = np.array(sorted({rank % len(draws) for rank in wanted}))
    found = np.empty((1, len(ranks)))
    with np.errstate(over="ignore"):
        order_statistics(draws[None], ranks, found)
    assert np.array_equal(found[0], np.sort(draws)[ranks])


def test_more_rows_than_are_sorted_at_once() -> None:
    draws = normals(CHANCE, [str(place) for place in range(CELLS_AT_ONCE + 3)])[:, 0]
    assert quantiles(draws, [0.3]) == pytest.approx(np.quantile(draws, [0.3], axis=1).T, abs=1e-6)
    assert np.array_equal(quantiles(draws, [0.3], threads=2), quantiles(draws, [0.3]))


def test_quantiles_of_nothing() -> None:
    assert quantiles(np.empty((0, 5)), [0.5]).shape == (0, 1)
    with pytest.raises(WrongState, match="no draws"):
        quantiles(np.empty((2, 0)), [0.5])


def test_bands_have_equal_tails() -> None:
    assert band_shares((0.8, 0.95)) == pytest.approx([0.1, 0.9, 0.025, 0.975])
    assert band_shares(()) == []


def test_a_range_is_wide_where_it_is_more_than_rounding_of_its_value() -> None:
    rows = [(1.0, 1.0 + 1e-8, 1.0), (1.0, 1.0 + 1e-10, 1.0), (-9.0, -8.0, -8.5), (5.0, 5.0, 0.0), (0.0, 1e-3, 1e7)]
    wanted = [True, False, True, False, False]
    assert [is_wide(lower, upper, value=value) for lower, upper, value in rows] == wanted
    lower, upper, value = np.array(rows).T
    assert list(is_wide(lower, upper, value=value)) == wanted
    frame = pl.DataFrame([*rows, (None, None, 1.0), (0.0, 1.0, None)], schema=("lower", "upper", "value"), orient="row")
    found = frame.select(is_wide(pl.col("lower"), pl.col("upper"), value=pl.col("value"))).to_series()
    assert found.to_list() == [*wanted, None, None]
