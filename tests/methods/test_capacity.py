"""Capacity: beds day by day, and a block beside single places."""

from math import ceil

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.capacity import beds_needed, beds_planned, block_saving, break_even_use, used_place_cost
from parity.methods.columns import numbers

QUICK = settings(deadline=None, max_examples=40)


def test_empty_table() -> None:
    frame = pl.DataFrame(schema={"a": pl.Int64, "b": pl.Float64})
    found = frame.select(
        beds=beds_needed("a", "b", occupancy="b"),
        planned=beds_planned("b"),
        share=break_even_use("a", "b"),
        cost=used_place_cost("a", "b"),
        saving=block_saving("a", use="b", block_price=300, spot_price=420),
    )
    assert found.height == 0


def test_missing_and_zero() -> None:
    frame = pl.DataFrame({"a": [None, 3], "b": [1.0, 0.0]})
    found = frame.select(
        beds=beds_needed("a", 10, occupancy="b"),
        planned=beds_planned("a"),
        share=break_even_use("a", "b"),
        cost=used_place_cost("a", "b"),
        saving=block_saving("a", use="b", block_price=300, spot_price=420),
    )
    assert found.rows() == [(None, None, None, None, None), (None, 3, None, None, -900)]


def test_what_arithmetic_leaves_over_is_no_bed() -> None:
    assert numbers(beds_planned(pl.lit(0.1) * 3 * 10), beds_planned(3.000001)) == (3, 4)


@QUICK
@given(st.integers(0, 500), st.integers(1, 60), st.integers(1, 100), st.sampled_from([28, 365, 366]))
def test_planned_beds_are_the_fewest_that_hold_every_day(admissions: int, days: int, percent: int, period: int) -> None:
    needed, planned = numbers(
        beds_needed(admissions, days, occupancy=percent / 100, days_of_period=period),
        beds_planned(beds_needed(admissions, days, occupancy=percent / 100, days_of_period=period)),
    )
    beds = 0
    while beds * period * percent < admissions * days * 100:
        beds += 1
    assert (planned, ceil(round(needed, 9))) == (beds, beds)


@QUICK
@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 40))
def test_at_break_even_a_block_costs_as_much(block: int, spot: int, places: int) -> None:
    (share,) = numbers(break_even_use(block, spot))
    assert share * places * spot == pytest.approx(block * places)


@QUICK
@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(1, 999), st.integers(1, 999))
def test_a_block_place_by_place(used: list[bool], block: int, spot: int) -> None:
    use = sum(used) / len(used)
    saving, a_place, share = numbers(
        block_saving(len(used), use=use, block_price=block, spot_price=spot),
        used_place_cost(block, use),
        break_even_use(block, spot),
    )
    paid_for_block, paid_for_spot = 0, 0
    for is_used in used:
        paid_for_block += block
        paid_for_spot += spot if is_used else 0
    assert saving == pytest.approx(paid_for_spot - paid_for_block)
    assert paid_for_spot == paid_for_block or (use > share) == (paid_for_spot > paid_for_block)
    assert a_place == (pytest.approx(paid_for_block / sum(used)) if any(used) else None)
