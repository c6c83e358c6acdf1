"""Allocation: shares, floors and the effect of each factor."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.allocate import Form, Formula, allocate, factor_effects
from parity.terms.errors import WrongState

SCHEMA = {"area": pl.String, "population": pl.Int64, "need": pl.Float64, "rurality": pl.Float64}
FORMULA = Formula({"population": 0.5, "need": 0.5}, rurality=0.1)
DISTRICT = st.tuples(
    st.integers(1, 500), st.floats(0.5, 2).map(lambda x: round(x, 2)), st.sampled_from([0.0, 0.3, 1.0])
)


def districts(*rows: tuple[int | None, float | None, float | None]) -> pl.DataFrame:
    named = [(f"D{place}", *row) for place, row in enumerate(rows)]
    return pl.DataFrame(named, schema=SCHEMA, orient="row")


def test_one_unknown_input_leaves_every_share_unknown() -> None:
    table = districts((100, 1.0, 0.0), (100, None, 0.0), (50, None, 0.0))
    reason = "The need of D1, D2 is not known, and every share depends on it."
    result = allocate(table, formula=FORMULA, budget=1000)
    assert result.rows() == [(f"D{place}", None, None, None, reason) for place in range(3)]
    effects = factor_effects(table, formula=FORMULA, budget=1000)
    assert effects.select("value", "without", "effect", "missing").unique().rows() == [(None, None, None, reason)]


def test_no_people_no_shares() -> None:
    reason = "The weighted population is zero everywhere, so there is nothing to share by."
    result = allocate(districts((0, 1.0, 0.0), (0, 2.0, 0.5)), formula=FORMULA, budget=1000)
    assert result.rows() == [("D0", None, None, None, reason), ("D1", None, None, None, reason)]


def test_empty_table() -> None:
    result = allocate(districts(), formula=FORMULA, budget=1000)
    assert (result.columns, result.height) == (["area", "weighted", "share", "value", "missing"], 0)
    assert factor_effects(districts(), formula=FORMULA, budget=1000).height == 0


def test_what_contradicts_itself_is_refused() -> None:
    table = districts((1, 1.0, 0.0), (1, 1.0, 0.0))
    with pytest.raises(WrongState, match="add up to 1"):
        Formula({"population": 0.5, "need": 0.4})
    with pytest.raises(WrongState, match="lower floor"):
        allocate(table, formula=FORMULA, budget=10, floor=0.6)
    with pytest.raises(WrongState, match="stands twice"):
        allocate(pl.concat([table, table]), formula=FORMULA, budget=10)


def test_a_floor_that_takes_the_whole_budget_makes_all_equal() -> None:
    result = allocate(districts((1, 1.0, 0.0), (9, 1.0, 0.0)), formula=FORMULA, budget=11, floor=0.5)
    assert result.select("share", "value").rows() == [(0.5, 6), (0.5, 5)]


def test_a_floor_that_pushes_others_below_it() -> None:
    table = districts((4, 1.0, 0.0), (21, 1.0, 0.0), (75, 1.0, 0.0))
    result = allocate(table, formula=FORMULA, budget=1000, floor=0.2)
    assert result["share"].to_list() == [0.2, 0.2, 0.6]


def test_the_forms_agree_where_every_index_is_one_and_differ_elsewhere() -> None:
    level = districts((30, 1.0, 0.2), (70, 1.0, 0.0))
    uneven = districts((50, 4.0, 0.0), (50, 1.0, 0.0))
    product = Formula(FORMULA.weights, rurality=0.1, form=Form.MULTIPLICATIVE)
    assert allocate(level, formula=product, budget=99).equals(allocate(level, formula=FORMULA, budget=99))
    shares = [allocate(uneven, formula=form, budget=99)["share"].to_list() for form in (FORMULA, product)]
    assert shares == [pytest.approx([2.5 / 3.5, 1 / 3.5]), pytest.approx([2 / 3, 1 / 3])]


def shares_by_hand(rows: list[tuple[int, float, float]], floor: float) -> list[float]:
    """Weigh each district, then lift the one that is furthest below the floor, and begin again with the rest."""
    weighted = [people * (0.5 + 0.5 * need) * (1 + 0.1 * rural) for people, need, rural in rows]
    held: list[int] = []
    while True:
        free = [place for place in range(len(rows)) if place not in held]
        left = 1 - floor * len(held)
        shares = {place: left * weighted[place] / sum(weighted[other] for other in free) for place in free}
        low = [place for place in free if shares[place] < floor - 1e-12]
        if not low:
            return [shares.get(place, floor) for place in range(len(rows))]
        held.append(min(low, key=shares.__getitem__))


@settings(deadline=None, max_examples=60)
@given(st.lists(DISTRICT, min_size=1, max_size=6), st.sampled_from([0.0, 0.05, 0.12]), st.integers(0, 10_000))
def test_allocation_by_hand(rows: list[tuple[int, float, float]], floor: float, budget: int) -> None:
    result = allocate(districts(*rows), formula=FORMULA, budget=budget, floor=floor)
    wanted = shares_by_hand(rows, floor)
    assert result["share"].to_list() == pytest.approx(wanted)
    assert result["value"].sum() == budget
    assert all(abs(pounds - share * budget) < 1 + 1e-6 for pounds, share in zip(result["value"], wanted, strict=True))
