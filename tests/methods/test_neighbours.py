"""Statistical neighbours against loops in plain Python."""

from math import sqrt
from statistics import fmean, pstdev

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.neighbours import neighbours
from parity.terms.errors import NotFound

AREAS = {"area": pl.String, "x": pl.Float64, "y": pl.Float64}
VALUE = st.none() | st.integers(-20, 20)


def areas(*rows: tuple[str, float | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, AREAS, orient="row")


def test_every_area_has_its_neighbours_unless_homes_are_named() -> None:
    frame = areas(("A", 1, 5), ("B", 2, 5), ("C", 4, 5))
    found = neighbours(frame, variables=["x", "y"], nearest=1)
    assert found.select("area", "neighbour", "rank").rows() == [("A", "B", 1), ("B", "A", 1), ("C", "B", 1)]


def test_a_variable_alike_everywhere_or_unknown_is_left_out() -> None:
    frame = areas(("A", 0.1, None), ("B", 0.1, None), ("C", 0.1, None))
    found = neighbours(frame, variables=["x", "y"], nearest=2, homes=["C"])
    assert found.rows() == [("C", "A", 1, 0), ("C", "B", 2, 0)]


def test_who_is_not_there_is_named() -> None:
    frame = areas(("A", 1, 5), ("B", 2, 5))
    with pytest.raises(NotFound, match="no area called Z"):
        neighbours(frame, variables=["x"], nearest=1, homes=["A", "Z"])
    with pytest.raises(NotFound, match="no variable called y"):
        neighbours(frame, variables=["x"], nearest=1, weights={"y": 2})


def test_empty_table() -> None:
    found = neighbours(areas(), variables=["x", "y"], nearest=5)
    assert (found.columns, found.height) == (["area", "neighbour", "rank", "distance"], 0)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(VALUE, VALUE), min_size=1, max_size=8), st.integers(1, 4))
def test_neighbours_against_a_loop(values: list[tuple[int | None, int | None]], nearest: int) -> None:
    names = [f"E{place}" for place in range(len(values))]
    frame = areas(*((name, *pair) for name, pair in zip(names, values, strict=True)))
    scores: dict[str, list[float]] = {name: [] for name in names}
    for column in zip(*values, strict=True):
        known = [value for value in column if value is not None]
        spread = pstdev(known) if known else 0
        for name, value in zip(names, column, strict=True):
            scores[name].append((value - fmean(known)) / spread if value is not None and spread else 0)
    wanted = []
    for home in names:
        distances = {
            other: sqrt(2 * (scores[home][0] - scores[other][0]) ** 2 + (scores[home][1] - scores[other][1]) ** 2)
            for other in names
            if other != home
        }
        order = sorted(distances, key=lambda other: (round(distances[other], 9), other))[:nearest]
        wanted += [(home, other, place, pytest.approx(distances[other])) for place, other in enumerate(order, 1)]
    found = neighbours(frame, variables=["x", "y"], nearest=nearest, weights={"x": 2})
    assert found.rows() == wanted
