"""Which further cells are hidden: by hand, and held against every table that a reader could think of."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.suppression import Cell, Sum, hidden_cells

LEAST, MOST, NEAREST = 1, 7, 5
ENOUGH = 16
"""Above the range by more than rounding can move any cell: a range that is open above reaches it."""


def cell(value: int, *, exact: bool = False) -> Cell:
    """The cell as a reader sees it: hidden from 1 to 7, else to the nearest 5, or exact."""
    if exact:
        return Cell(value, value, value, 1000)
    if LEAST <= value <= MOST:
        return Cell(value, LEAST, inf)
    if value == 0:
        return Cell(0, 0, 0)
    nearest = NEAREST * ((2 * value + NEAREST) // (2 * NEAREST))
    return Cell(value, max(MOST + 1, nearest - 2), nearest + 2, value)


def hidden(*values: int | Cell, sums: Sequence[tuple[int, ...]]) -> list[int]:
    cells = [each if isinstance(each, Cell) else cell(each) for each in values]
    lines = [Sum(whole, tuple(parts)) for whole, *parts in sums]
    return sorted(hidden_cells(cells, lines, least=LEAST, most=MOST))


@pytest.mark.parametrize(
    ("values", "sums", "expected"),
    [
        ((), [], []),
        ((0, 3, 8), [], [1]),
        # 43 is shown as 45 and 40 as 40: the third is from 1 to 9 anyway
        ((43, 40, 3), [(0, 1, 2)], [2]),
        # 42 is shown as 40: the third could not be 7, so another goes with it
        ((42, 40, 2), [(0, 1, 2)], [1, 2]),
        # of the others the smallest goes
        ((97, 60, 2, 15, 20), [(0, 1, 2, 3, 4)], [2]),
        ((cell(97, exact=True), cell(60, exact=True), 2, 35), [(0, 1, 2, 3)], [2, 3]),
        # two small ones hide each other where their sum leaves room
        ((cell(50, exact=True), cell(40, exact=True), 3, 7), [(0, 1, 2, 3)], [2, 3]),
        # 1 + 1 would be known to be 2: another goes too, the exact total last
        ((cell(42, exact=True), 40, 1, 1), [(0, 1, 2, 3)], [1, 2, 3]),
        ((cell(2, exact=True), 1, 1, 0), [(0, 1, 2, 3)], [0, 1, 2, 3]),
        # nobody is shown as 0, but not inside a hidden total, where it would tell how many the other is
        ((3, 3, 0), [(0, 1, 2)], [0, 1, 2]),
        ((40, 37, 3, 0), [(0, 1, 2, 3)], [2]),
        ((42, 40, 2, 0), [(0, 1, 2, 3)], [1, 2]),
    ],
)
def test_by_hand(values: tuple[int | Cell, ...], sums: list[tuple[int, ...]], expected: list[int]) -> None:
    assert hidden(*values, sums=sums) == expected


def test_what_a_total_holds_beyond_its_parts_is_protected_too() -> None:
    """Of 42 people 39 are listed. Shown as 40 and 40, they leave 0 to 4: the listed ones are hidden."""
    beyond = Cell(3, 0, inf, printed=False)
    assert hidden(42, 39, beyond, sums=[(0, 1, 2)]) == [1]
    assert hidden(100, 60, Cell(40, 0, inf, printed=False), sums=[(0, 1, 2)]) == []


def test_a_rectangle_is_hidden_where_rows_and_columns_are_exact() -> None:
    """
    10  20  30 |  60
     2  25  18 |  45
    12  45  48 | 105
    """
    inner = [10, 20, 30, 2, 25, 18]
    margins = [cell(each, exact=True) for each in (60, 45, 12, 45, 48, 105)]
    rows, columns = [(6, 0, 1, 2), (7, 3, 4, 5)], [(8, 0, 3), (9, 1, 4), (10, 2, 5)]
    assert hidden(*inner, *margins, sums=[*rows, *columns, (11, 6, 7), (11, 8, 9, 10)]) == [0, 2, 3, 5]


def test_where_no_table_can_be_found_all_that_hangs_together_is_hidden() -> None:
    """The first total has two divisions of one part each, which only the search could move at once."""
    assert hidden(cell(3), 3, 3, 9, sums=[(0, 1), (0, 2)]) == [0, 1, 2]
    stuck = [cell(2), Cell(2, 2, 2, printed=False), 30, 28]
    assert hidden(*stuck, sums=[(0, 1), (2, 3, 0)]) == [0, 2, 3]


Tree = list[tuple[int, ...]]


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[Cell], Tree]:
    """A root of two or three, of which the first may have two parts of its own."""
    small = st.integers(0, 10)
    leaves = draw(st.lists(small, min_size=2, max_size=3))
    deeper = draw(st.one_of(st.none(), st.tuples(small, small)))
    if deeper is not None:
        leaves[0] = sum(deeper)
    values = [sum(leaves), *leaves, *(deeper or ())]
    exact = draw(st.booleans())
    sums: Tree = [(0, *range(1, len(leaves) + 1))]
    if deeper is not None:
        sums.append((1, len(leaves) + 1, len(leaves) + 2))
    return [cell(value, exact=exact and place == 0) for place, value in enumerate(values)], sums


@settings(max_examples=60, deadline=None)
@given(trees())
def test_every_protected_number_stays_possible(tree: tuple[list[Cell], Tree]) -> None:
    cells, sums = tree
    gone = hidden(*cells, sums=sums)
    tables = list(every_table(cells, sums, set(gone)))
    for place in range(len(cells)):
        if LEAST <= cells[place].value <= MOST and cells[place].least < cells[place].most:
            assert {table[place] for table in tables} >= set(range(LEAST, MOST + 1))


def every_table(cells: list[Cell], sums: Tree, gone: set[int]) -> Iterator[dict[int, int]]:
    """Every table that a reader could think of, by trying all numbers of the smallest parts."""
    wholes = {whole for whole, *_ in sums}
    leaves = [place for place in range(len(cells)) if place not in wholes]
    limits = [limit(place, cells, sums, gone) for place in range(len(cells))]
    ranges = [range(int(low), int(min(high, ENOUGH)) + 1) for low, high in (limits[place] for place in leaves)]
    for numbers in product(*ranges):
        table = dict(zip(leaves, numbers, strict=True))
        for whole, *parts in reversed(sums):
            table[whole] = sum(table[part] for part in parts)
        if all(low <= table[place] <= high for place, (low, high) in enumerate(limits)):
            yield table


def limit(place: int, cells: list[Cell], sums: Tree, gone: set[int]) -> tuple[float, float]:
    """The least and most of a cell to a reader; an empty one is hidden only in a hidden total, or with everything."""
    if place not in gone:
        return cells[place].least, cells[place].most
    inside = any(place in parts and whole in gone for whole, *parts in sums)
    return (0 if inside or len(gone) == len(cells) else LEAST), inf
