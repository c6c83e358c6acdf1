"""Standardised rates: published numbers, what is missing and why, and loops in plain Python."""

from math import sqrt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import numbers
from parity.methods.intervals import byar, exact
from parity.methods.standardise import direct_rate, events_of_people, indirect_ratio, reference_rate
from parity.terms.errors import WrongState

COUNTS = {"area": pl.String, "band": pl.String, "count": pl.Int64, "people": pl.Int64}
YOUNG, OLD = "0-64", "65+"
HOW: dict[str, Any] = {"per": 1000, "confidence": 0.95, "by": ["area"]}
QUICK = settings(deadline=None, max_examples=40)


def counts(*rows: tuple[str, str, int | None, int | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


def standard(*people: int) -> pl.DataFrame:
    return pl.DataFrame({"band": [YOUNG, OLD][: len(people)], "people": people})


def test_what_is_missing_is_named() -> None:
    seen = counts(
        ("A", YOUNG, 20, 100),
        ("B", YOUNG, 20, 100),
        ("B", OLD, 5, 0),
        ("C", YOUNG, 9, 100),
        ("C", OLD, None, 50),
        ("D", YOUNG, 10, 100),
        ("D", OLD, None, 50),
        ("E", YOUNG, 10, 100),
        ("E", OLD, 5, 100),
        ("E", "unknown", 5, 100),
    )
    result = direct_rate(seen, standard(90, 10), **HOW)
    assert result.select("area", "count", "missing").rows() == [
        ("A", 20, "The people of 65+ are not known."),
        ("B", 25, "There is nobody of 65+, so they have no rate to be weighted."),
        ("C", 9, "There are fewer than 10 events, too few for a directly standardised rate."),
        ("D", 10, None),
        ("E", 20, "The standard population has nobody of unknown."),
    ]
    assert [value is None for value in result["value"]] == [True, True, True, False, True]
    assert result["value"].is_null().equals(result["upper"].is_null(), null_equal=True)


def test_a_count_that_is_hidden_is_not_no_event() -> None:
    seen = counts(("A", YOUNG, 20, 100), ("A", OLD, None, 50)).with_columns(
        missing=pl.Series([None, "Hidden: a number from 1 to 7."], dtype=pl.String)
    )
    sentence = "The events of 65+ are not known. Hidden: a number from 1 to 7."
    reference = counts(("", YOUNG, 1, 10), ("", OLD, 1, 10))
    for result in (direct_rate(seen, standard(90, 10), **HOW), indirect_ratio(seen, reference, **HOW)):
        assert result.select("count", "value", "missing").rows() == [(None, None, sentence)]


def test_squares_that_are_not_known_leave_no_rate() -> None:
    seen = counts(("A", YOUNG, 20, 100), ("A", OLD, 4, 50)).with_columns(squares=pl.Series([None, 4], dtype=pl.Int64))
    result = direct_rate(seen, standard(90, 10), **HOW)
    assert result.select("value", "missing").rows() == [(None, "The events of 0-64 are not known.")]


def test_no_limit_is_below_nought() -> None:
    """Twelve events, all of one person."""
    seen = counts(("A", YOUNG, 12, 100)).with_columns(squares=pl.lit(144))
    assert direct_rate(seen, standard(5), **HOW).select("value", "lower").row(0) == (pytest.approx(120), 0)


def test_an_own_age_structure_is_refused() -> None:
    seen = counts(("A", YOUNG, 20, 300), ("A", OLD, 30, 100))
    with pytest.raises(WrongState, match="crude rate back"):
        direct_rate(seen, standard(75, 25), **HOW)
    both = pl.concat([seen, seen.with_columns(pl.lit("B").alias("area"), pl.col("people") * 2)])
    with pytest.raises(WrongState, match="crude rate back"):
        direct_rate(both, standard(75, 25), **HOW)


def test_a_standard_for_each_place_is_refused() -> None:
    seen = counts(("A", YOUNG, 20, 300), ("A", OLD, 30, 100))
    with pytest.raises(WrongState, match="One standard serves all"):
        direct_rate(seen, seen, **HOW)


def test_one_place_may_be_the_standard_of_the_others() -> None:
    seen = counts(("A", YOUNG, 20, 300), ("A", OLD, 30, 100), ("B", YOUNG, 20, 100), ("B", OLD, 30, 100))
    rates = direct_rate(seen, standard(300, 100), **HOW)["value"].to_list()
    assert rates == pytest.approx([125, (200 * 3 + 300) / 4])


def test_one_band_has_no_structure_to_be_its_own() -> None:
    result = direct_rate(counts(("A", YOUNG, 20, 100)), standard(5), **HOW)
    assert result["value"].to_list() == pytest.approx([200])


def test_a_stratum_that_stands_twice_is_refused() -> None:
    seen = counts(("A", YOUNG, 20, 300), ("A", YOUNG, 30, 100))
    with pytest.raises(WrongState, match="stands twice"):
        direct_rate(seen, standard(75, 25), **HOW)
    with pytest.raises(WrongState, match="stands twice"):
        indirect_ratio(seen[:1], seen, **HOW)


def test_strata_may_be_of_sex_and_band() -> None:
    seen = pl.DataFrame({"area": "A", "sex": ["women", "men"], "band": OLD, "count": [10, 20], "people": [100, 100]})
    one = pl.DataFrame({"sex": ["men", "women"], "band": OLD, "people": [1, 3]})
    assert direct_rate(seen, one, **HOW, strata=["sex", "band"])["value"].to_list() == pytest.approx([125])
    assert direct_rate(seen[:1], one, **HOW, strata=["sex", "band"])["missing"].to_list() == [
        "The people of men, 65+ are not known."
    ]


def test_nothing_expected_and_no_rate() -> None:
    seen = counts(("A", YOUNG, 2, 0), ("B", OLD, 3, 10), ("C", YOUNG, None, 10))
    reference = counts(("", YOUNG, 1, 10))
    result = indirect_ratio(seen, reference, **HOW)
    assert result.select("area", "count", "expected", "value", "missing").rows() == [
        ("A", 2, 0, None, "No event is expected, so nothing can be divided by it."),
        ("B", 3, None, None, "There is no reference rate for 65+. The people of 0-64 are not known."),
        ("C", 0, 1, 0, None),
    ]


def test_a_reference_without_people_has_no_rate() -> None:
    assert reference_rate(counts(("", YOUNG, 1, 0)), per=1000) is None
    assert reference_rate(counts(), per=1000) is None


def test_persons_who_are_not_known() -> None:
    persons = pl.DataFrame({"area": ["A", "A", "B"], "events": [1, 2, 3], "persons": [5, 2, None]})
    assert events_of_people(persons, by=["area"]).rows() == [("A", 9, 13), ("B", None, None)]


def test_empty_table() -> None:
    names = ["area", "count", "value", "lower", "upper", "missing"]
    result = direct_rate(counts(), standard(9, 1), **HOW)
    assert (result.columns, result.height) == (names, 0)
    other = indirect_ratio(counts(), counts(("", YOUNG, 1, 10)), **HOW)
    assert (other.columns, other.height) == ([*names[:2], "expected", *names[2:]], 0)


BAND = st.tuples(st.integers(0, 60), st.integers(1, 900))


@QUICK
@given(st.lists(st.tuples(BAND, BAND), min_size=1, max_size=4), st.tuples(st.integers(1, 99), st.integers(1, 99)))
def test_direct_rate_against_a_loop(areas: list[Any], weights: tuple[int, int]) -> None:
    given_areas = [*areas, ((40, 900), (60, 10))]
    rows = [
        (f"E{place}", band, count, people)
        for place, bands in enumerate(given_areas)
        for band, (count, people) in zip((YOUNG, OLD), bands, strict=True)
    ]
    if weights[0] == 90 * weights[1]:
        weights = (1, 1)
    result = direct_rate(counts(*rows), standard(*weights), **HOW).rows(named=True)
    for row, bands in zip(result, given_areas, strict=True):
        events = sum(count for count, _ in bands)
        rate = sum(w * count / people for w, (count, people) in zip(weights, bands, strict=True)) / sum(weights)
        variance = sum(w**2 * count / people**2 for w, (count, people) in zip(weights, bands, strict=True))
        stretch = sqrt(variance) / sum(weights) / sqrt(events) if events else 0
        limits = [max(0.0, rate + stretch * (limit - events)) for limit in numbers(*byar(events, confidence=0.95))]
        wanted = None if events < 10 else pytest.approx([1000 * part for part in (rate, *limits)])
        assert (None if row["missing"] else [row["value"], row["lower"], row["upper"]]) == wanted


@QUICK
@given(st.tuples(BAND, BAND), st.tuples(BAND, BAND))
def test_indirect_ratio_against_a_loop(own: Any, other: Any) -> None:
    seen = counts(*(("E", name, *band) for name, band in zip((YOUNG, OLD), own, strict=True)))
    reference = counts(*(("", name, *band) for name, band in zip((YOUNG, OLD), other, strict=True)))
    row = indirect_ratio(seen, reference, **HOW).row(0, named=True)
    events = own[0][0] + own[1][0]
    expected = sum(band[1] * rate[0] / rate[1] for band, rate in zip(own, other, strict=True))
    if expected == 0:
        assert row["value"] is None
        return
    limits = numbers(*(exact if events < 10 else byar)(events, confidence=0.95))
    wanted = [1000 * part / expected for part in (events, *limits)]
    assert [row["value"], row["lower"], row["upper"]] == pytest.approx(wanted)
