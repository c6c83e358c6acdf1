"""Columns: division, sums and their missing values."""

from fractions import Fraction

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import column, divide, numbers, total, why_not_divided

WHOLE = st.none() | st.integers(-1000, 1000)


def test_a_name_a_number_and_an_expression_are_columns() -> None:
    frame = pl.DataFrame({"a": [1, 2]})
    assert frame.select(
        name=column("a"), number=column(3) * pl.col("a"), expression=column(pl.col("a") + 1)
    ).to_dicts() == [{"name": 1, "number": 3, "expression": 2}, {"name": 2, "number": 6, "expression": 3}]


def test_missing_and_zero_are_not_divided_and_say_why() -> None:
    frame = pl.DataFrame({"part": [6, None, 6, 6], "whole": [3, 3, None, 0]})
    result = frame.select(
        divide("part", "whole", per=10).alias("value"),
        why_not_divided("part", "whole", part_name="number of people", whole_name="population"),
    )
    assert result.to_dict(as_series=False) == {
        "value": [20.0, None, None, None],
        "missing": [
            None,
            "The number of people is not known.",
            "The population is not known.",
            "The population is zero, so nothing can be divided by it.",
        ],
    }


def test_an_empty_table_stays_empty() -> None:
    frame = pl.DataFrame(schema={"part": pl.Float64, "whole": pl.Float64})
    result = frame.with_columns(divide("part", "whole").alias("value"), why_not_divided("part", "whole"))
    assert result.schema["missing"] == pl.String
    assert result.height == 0
    assert frame.select(total("part")).item() is None


def test_numbers_without_a_table() -> None:
    assert numbers(divide(1, 4), divide(1, 4), divide(1, 0)) == (0.25, 0.25, None)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=8))
def test_division_and_total_against_plain_python(rows: list[tuple[int | None, int | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"part": pl.Int64, "whole": pl.Int64}, orient="row")
    quotients = [None if part is None or not whole else float(Fraction(part, whole)) for part, whole in rows]
    parts = [part for part, _ in rows]
    assert frame.select(divide("part", "whole").alias("value"))["value"].to_list() == quotients
    assert frame.select(total("part")).item() == (None if None in parts else sum(parts))
