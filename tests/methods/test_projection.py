"""Projections: bands that fit and bands that do not."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.projection import expected_by_band
from parity.terms.errors import WrongState

PEOPLE = {"area": pl.String, "period": pl.String, "sex": pl.String, "band": pl.String, "people": pl.Int64}
RATES = {"sex": pl.String, "band": pl.String, "rate": pl.Float64}
BANDS = ["65-74", "75-84", "85+"]


def people(*rows: tuple[str, str, str, str, int | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PEOPLE, orient="row")


def rates(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=RATES, orient="row")


def test_what_is_missing_is_named() -> None:
    population = people(
        ("E1", "2026", "men", "65-74", None),
        ("E2", "2026", "men", "75-84", 10),
        ("E3", "2026", "men", "65-74", 0),
    )
    result = expected_by_band(population, rates(("men", "65-74", 0.5)))
    assert result.rows() == [
        ("E1", "2026", None, "There is no population for men, 65-74."),
        ("E2", "2026", None, "There is no rate for men, 75-84. There is no population for men, 65-74."),
        ("E3", "2026", 0.0, None),
    ]


def test_no_rates_give_no_value() -> None:
    result = expected_by_band(people(("E1", "2026", "men", "65-74", 5)), rates())
    assert result.rows() == [("E1", "2026", None, "There is no rate for men, 65-74.")]


def test_empty_population() -> None:
    result = expected_by_band(people(), rates(("men", "65-74", 0.5)))
    assert (result.columns, result.height) == (["area", "period", "value", "missing"], 0)


def test_two_sources_or_two_rates_are_refused() -> None:
    population = people(("E1", "2026", "men", "65-74", 5))
    twice = rates(("men", "65-74", 0.5), ("men", "65-74", 0.4))
    with pytest.raises(WrongState, match="two rates"):
        expected_by_band(population, twice)
    with pytest.raises(WrongState, match="more than one source"):
        expected_by_band(population, twice.with_columns(pl.Series("source", ["first", "second"])))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.lists(st.integers(0, 9999), min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.floats(0, 100), min_size=3, max_size=3),
)
def test_sum_of_bands_against_a_loop(areas: list[list[int]], shares: list[float]) -> None:
    rows = [
        (f"E{place}", "2026", "women", band, count)
        for place, counts in enumerate(areas)
        for band, count in zip(BANDS, counts, strict=True)
    ]
    given_rates = rates(*(("women", band, share) for band, share in zip(BANDS, shares, strict=True)))
    wanted = [sum(count * share / 100 for count, share in zip(counts, shares, strict=True)) for counts in areas]
    result = expected_by_band(people(*rows), given_rates, per=100)
    assert result["value"].to_list() == pytest.approx(wanted)
    assert result["area"].to_list() == [f"E{place}" for place in range(len(areas))]
