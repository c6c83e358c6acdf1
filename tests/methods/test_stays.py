"""Lengths of stay by band: the median."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.stays import median_of_bands

KINDS = {"area": pl.String, "days_from": pl.Int64, "days_to": pl.Int64, "stays": pl.Float64}
BANDS = [(0, 6), (7, 27), (28, 90), (91, 364)]
Row = tuple[float | None, float | None, float | None, str | None]


def medians(rows: list[tuple[str, int, int | None, float | None]]) -> dict[str, Row]:
    found = median_of_bands(pl.DataFrame(rows, schema=KINDS, orient="row"), by=["area"])
    return {area: (value, lower, upper, missing) for area, value, lower, upper, missing in found.rows()}


def test_half_of_the_stays_do_not_last_longer() -> None:
    assert medians([("A", 8, 90, 40), ("A", 0, 7, 40), ("A", 91, None, 20)]) == {"A": (28.75, 8.0, 91.0, None)}
    assert medians([("A", 0, 6, 10), ("A", 7, 27, 0), ("A", 28, 90, 10)]) == {"A": (7.0, 0.0, 7.0, None)}


def test_why_there_is_no_median() -> None:
    rows = [
        ("unknown", 0, 6, None),
        ("unknown", 7, None, 3),
        ("none", 0, 6, 0),
        ("open", 0, 6, 1),
        ("open", 7, None, 3),
    ]
    assert {area: missing for area, (_, _, _, missing) in medians(rows).items()} == {
        "unknown": "The number of stays of a band is not known.",
        "none": "There were no stays.",
        "open": "The median lies in the open band of 7 days and more.",
    }


def test_empty_table() -> None:
    found = median_of_bands(pl.DataFrame(schema=KINDS), by=["area"])
    assert (found.columns, found.height) == (["area", "value", "lower", "upper", "missing"], 0)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 5), min_size=len(BANDS), max_size=len(BANDS)))
def test_every_stay_counted_one_by_one(stays: list[int]) -> None:
    """Each stay takes an equal part of its band; the median ends the part at which half of all are reached."""
    rows = [("A", first, last, float(count)) for (first, last), count in zip(BANDS, stays, strict=True)]
    value = medians(rows)["A"][0]
    parts = [
        (first + number * (last + 1 - first) / count, first + (number + 1) * (last + 1 - first) / count)
        for (first, last), count in zip(BANDS, stays, strict=True)
        for number in range(count)
    ]
    if not parts:
        assert value is None
        return
    middle = len(parts) / 2
    start, end = parts[-(-len(parts) // 2) - 1]
    expected = end if len(parts) % 2 == 0 else start + (end - start) * (middle - int(middle))
    assert value == pytest.approx(expected)
