"""Surveys: margins of error, representation and the chi-square test."""

from math import sqrt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import numbers
from parity.methods.intervals import z_for
from parity.methods.survey import (
    ChiSquare,
    implied_count,
    margin_of_error,
    representation,
    representativeness,
    share_of_stated,
)


def no_test(reason: str) -> ChiSquare:
    return ChiSquare(None, None, None, None, None, reason)


def groups(*rows: tuple[int | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"respondents": pl.Int64, "population": pl.Float64}, orient="row")


def test_missing_and_zero() -> None:
    frame = pl.DataFrame({"share": [None, 0.5], "n": [10, 0], "people": [0.0, 0.0]})
    result = frame.select(
        margin=margin_of_error("share", "n", confidence=0.95),
        narrowed=margin_of_error("share", "n", confidence=0.95, population="people"),
        ratio=representation("share", "people"),
        stated=share_of_stated("share", pl.lit(1.0)),
    )
    nothing = {"margin": None, "narrowed": None, "ratio": None, "stated": None}
    assert result.to_dicts() == [nothing, nothing]


def test_more_respondents_than_people_have_no_margin() -> None:
    assert numbers(margin_of_error(0.5, 20, confidence=0.95, population=10)) == (None,)


def test_everyone_answered_leaves_no_margin() -> None:
    assert numbers(margin_of_error(0.5, 10, confidence=0.95, population=10)) == (0,)


def test_an_implied_count_stays_between_nobody_and_everybody() -> None:
    assert numbers(*implied_count(0.0, 240, half_unit=0.005)) == (0, 0, 1.2)
    assert numbers(*implied_count(1.0, 240, half_unit=0.005)) == (240, pytest.approx(238.8), 240)


def test_no_test_without_groups_or_numbers() -> None:
    few = no_test("Fewer than two groups are known, so there is nothing to compare.")
    assert [representativeness(groups()), representativeness(groups((5, 1.0)))] == [few, few]
    unknown = no_test("The respondents or the population of a group are not known.")
    assert representativeness(groups((5, 1.0), (None, 1.0))) == unknown
    nobody = no_test("A group has no population, or nobody stated their group.")
    assert representativeness(groups((5, 1.0), (5, 0.0))) == nobody
    assert representativeness(groups((0, 1.0), (0, 1.0))) == nobody


def test_a_perfect_likeness() -> None:
    assert representativeness(groups((30, 3.0), (10, 1.0))) == ChiSquare(40.0, 0.0, 1, 1.0, 0, None)


def test_p_of_a_known_table_value() -> None:
    found = representativeness(groups((60, 1.0), (40, 1.0)))
    assert (found.statistic, round(found.p, 4)) == (4.0, 0.0455)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), min_size=2, max_size=6))
def test_chi_square_against_a_loop(rows: list[tuple[int, int]]) -> None:
    answered, everyone = sum(o for o, _ in rows), sum(p for _, p in rows)
    expected = [answered * p / everyone for _, p in rows]
    wanted = sum((o - e) ** 2 / e for (o, _), e in zip(rows, expected, strict=True))
    found = representativeness(groups(*((o, float(p)) for o, p in rows)))
    assert (found.respondents, found.statistic) == (answered, pytest.approx(wanted, rel=1e-9, abs=1e-9))
    assert (found.degrees, found.small_groups) == (len(rows) - 1, sum(e < 5 for e in expected))


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 1), st.integers(1, 1000), st.integers(0, 5000))
def test_margin_against_its_formula(share: float, n: int, more: int) -> None:
    people = n + more + 1
    plain = z_for(0.95) * sqrt(share * (1 - share) / n)
    wanted = (plain, plain * sqrt((people - n) / (people - 1)))
    found = numbers(
        margin_of_error(share, n, confidence=0.95), margin_of_error(share, n, confidence=0.95, population=people)
    )
    assert found == pytest.approx(wanted)
