"""Quantile groups against a count of the others."""

from fractions import Fraction
from math import ceil

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.quantiles import quantile_group

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
