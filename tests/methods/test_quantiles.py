"""Quantile groups against a count of the others, quartiles against a walk along the ordered values."""

from fractions import Fraction
from math import ceil, floor

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.quantiles import outlying, quantile_group, quartiles

VALUES = {"year": pl.String, "value": pl.Int64}
QUICK = settings(deadline=None, max_examples=60)


def test_each_year_is_divided_by_itself() -> None:
    frame = pl.DataFrame({"year": ["2025", "2026", "2025", "2026", "2026"], "value": [1, 5, 2, 7, None]})
    found = frame.select(quantile_group("value", 2, within=["year"]).alias("half"))
    assert found["half"].to_list() == [2, 2, 1, 1, None]


def test_nothing_to_divide() -> None:
    assert pl.DataFrame(schema=VALUES).select(quantile_group("value", 5).alias("fifth"))["fifth"].to_list() == []
    unknown = pl.DataFrame({"value": [None, None]}, schema={"value": pl.Float64})
    assert unknown.select(quantile_group("value", 1).alias("one"))["one"].to_list() == [None, None]


@QUICK
@given(st.lists(st.none() | st.integers(0, 9), max_size=15), st.integers(1, 6), st.booleans())
def test_groups_against_a_count_of_the_others(values: list[int | None], groups: int, highest_first: bool) -> None:
    known = [value for value in values if value is not None]

    def group(value: int) -> int:
        rank = 1 + sum(other > value if highest_first else other < value for other in known)
        return groups + 1 - ceil(Fraction((len(known) + 1 - rank) * groups, len(known)))

    wanted = [None if value is None or len(known) < groups else group(value) for value in values]
    frame = pl.DataFrame({"value": values}, schema={"value": pl.Int64})
    found = frame.select(quantile_group("value", groups, highest_first=highest_first).alias("group"))
    assert found["group"].to_list() == wanted


def test_each_year_has_its_own_quartiles_and_the_missing_do_not_count() -> None:
    frame = pl.DataFrame({"year": ["2025", "2026", "2025", "2025"], "value": [1, 5, 3, None]})
    found = frame.select(*quartiles("value", within=["year"]), standing=outlying("value", reach=1.5, within=["year"]))
    assert found.rows() == [
        (1.5, 2.0, 2.5, "within the range"),
        (5.0, 5.0, 5.0, "within the range"),
        (1.5, 2.0, 2.5, "within the range"),
        (1.5, 2.0, 2.5, None),
    ]


def test_no_value_has_no_quartiles() -> None:
    empty = pl.DataFrame(schema=VALUES)
    assert empty.select(outlying("value", reach=1.5).alias("standing"))["standing"].to_list() == []
    unknown = pl.DataFrame({"value": [None]}, schema={"value": pl.Float64})
    assert unknown.select(*quartiles("value"), standing=outlying("value", reach=1.5)).rows() == [(None,) * 4]


@QUICK
@given(st.lists(st.none() | st.integers(-9, 99), max_size=15), st.sampled_from([0.0, 0.5, 1.5]))
def test_outlying_against_a_walk_along_the_ordered_values(values: list[int | None], reach: float) -> None:
    known = sorted(value for value in values if value is not None)

    def at(share: Fraction) -> Fraction:
        place = share * (len(known) - 1)
        below = floor(place)
        above = min(below + 1, len(known) - 1)
        return known[below] + (place - below) * (known[above] - known[below])

    def standing(value: int | None) -> str | None:
        if value is None:
            return None
        lower, upper = at(Fraction(1, 4)), at(Fraction(3, 4))
        width = Fraction(reach) * (upper - lower)
        return "far below" if value < lower - width else "far above" if value > upper + width else "within the range"

    frame = pl.DataFrame({"value": values}, schema={"value": pl.Int64})
    found = frame.select(outlying("value", reach=reach).alias("standing"))
    assert found["standing"].to_list() == [standing(value) for value in values]
