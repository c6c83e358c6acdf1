"""Money: shares, what-ifs, budgets and whole pounds."""

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import divide, numbers
from parity.methods.money import (
    annual_cost,
    budget,
    concentration,
    concentration_band,
    exactly,
    growth_of_total,
    in_prices_of,
    largest_remainder,
    real_change,
    required_reduction,
    share_after,
    share_of_total,
    unit_cost_ratio,
    what_if_at_comparator,
)
from parity.terms.basis import Basis
from parity.terms.errors import WrongState

QUICK = settings(deadline=None, max_examples=60)


def test_missing_and_zero() -> None:
    frame = pl.DataFrame({"a": [None, 5.0], "b": [2.0, 0.0]})
    result = frame.select(
        cost=annual_cost("a", "b", 52),
        ratio=unit_cost_ratio("a", pl.col("b") - 1),
        index=concentration("a"),
        real=real_change("b", "b", first_deflator=1, last_deflator="a"),
        prices=in_prices_of("a", "b", base=2),
        band=concentration_band("a", concentrated=1, high=2),
    )
    assert result.to_dicts() == [
        {"cost": None, "ratio": None, "index": None, "real": None, "prices": None, "band": None},
        {"cost": 0.0, "ratio": None, "index": None, "real": None, "prices": None, "band": "highly concentrated"},
    ]


def test_a_missing_part_leaves_its_own_group_without_shares() -> None:
    frame = pl.DataFrame({"body": ["a", "a", "b", "b", "c"], "gbp": [1.0, 3.0, None, 3.0, 0.0]})
    shares = frame.select(share_of_total("gbp", within=["body"]).alias("share"))["share"]
    assert shares.to_list() == [0.25, 0.75, None, None, None]


def test_empty_tables() -> None:
    frame = pl.DataFrame(schema={"a": pl.Float64})
    assert frame.select(share_of_total("a")).height == 0
    assert frame.select(concentration("a")).item() is None
    assert budget(frame, expenses=["a"], income=["a"]).columns == ["a", "gross", "controllable", "missing"]
    assert growth_of_total([], []) is None


def test_unit_cost_of_residential_care_in_kent() -> None:
    assert [round(value, 2) for value in numbers(divide(6_610_600, divide(annual_cost(194, 1, 52), 1)))] == [655.29]


UNCLEAR = {
    Basis.MIXED: "The total is on mixed bases. The figures a head are on mixed bases.",
    Basis.NOT_STATED: (
        "The source does not say what the total counts. The source does not say what the figures a head count."
    ),
}


@pytest.mark.parametrize("basis", UNCLEAR)
def test_equal_but_unclear_bases_are_not_compared(basis: Basis) -> None:
    given_bases = {"total_basis": basis, "head_basis": basis}
    reduction, share, missing = numbers(*what_if_at_comparator(10, 5, own=2, comparator=1, **given_bases))
    assert (reduction, share) == (None, None)
    assert missing == f"{UNCLEAR[basis]} Only amounts on one stated basis can be compared."


def test_an_unknown_basis_counts_as_not_stated() -> None:
    frame = pl.DataFrame({"basis": ["gros", None, "net of income", "net"]})
    result = frame.select(
        *what_if_at_comparator(10, 5, own=2, comparator=1.8, total_basis="basis", head_basis=Basis.NET)
    )
    assert [round(value, 6) if value else value for value in result["reduction"]] == [None, None, 1.0, 1.0]
    assert result["missing"][0].startswith("The source does not say what the total counts. The figures")


def test_the_whole_total_taken_away_leaves_no_share() -> None:
    assert numbers(share_after(5, 10, reduction=required_reduction(10, own=2, comparator=0))) == (None,)


def test_growth_needs_every_part_and_a_whole() -> None:
    assert growth_of_total([0.5, 0.5], [0.1, None]) is None
    assert growth_of_total([0.5, None], [0.1, 0.1]) is None
    assert growth_of_total([0.5, 0.5], [0.1, -1]) is None
    with pytest.raises(WrongState, match="add up to the whole"):
        growth_of_total([0.5, 0.4], [0.1, 0.1])


def test_a_budget_line_with_a_gap() -> None:
    lines = pl.DataFrame({"staff": [1.0, None, 1.0], "income": [-0.5, -0.5, None]})
    gap = "An expense or the income of this line is not known."
    assert budget(lines, expenses=["staff"], income=["income"]).rows() == [
        (1.0, -0.5, 1.0, 0.5, None),
        (None, -0.5, None, None, gap),
        (1.0, None, 1.0, None, gap),
    ]


def test_equal_remainders_go_to_the_larger_weight_then_to_the_first_code() -> None:
    assert largest_remainder({"b": 1, "a": 1, "c": 3}, whole=8) == {"b": 1, "a": 2, "c": 5}
    assert largest_remainder({"b": "0.1", "a": 0.1, "c": Decimal("0.3")}, whole=2) == {"b": 0, "a": 1, "c": 1}
    assert largest_remainder({"b": 1, "a": 3}, whole=2) == {"b": 0, "a": 2}


def test_what_cannot_be_shared_out_is_refused() -> None:
    for weights, whole, words in (({"a": 0}, 5, "zero"), ({}, 5, "zero"), ({"a": -1}, 5, "neg"), ({"a": 1}, -5, "neg")):
        with pytest.raises(WrongState, match=words):
            largest_remainder(weights, whole=whole)


def test_numbers_are_what_they_are_written_as() -> None:
    assert [exactly(number) for number in (0.1, "0.1", Decimal("0.1"), Fraction(1, 10))] == [Fraction(1, 10)] * 4


def remainders_one_by_one(weights: dict[str, int], whole: int) -> dict[str, int]:
    """Hand out the pounds left over, each to the area that is then furthest short among those not yet served."""
    full = sum(weights.values())
    pounds = {key: weight * whole // full for key, weight in weights.items()}
    waiting = set(weights)
    while sum(pounds.values()) < whole:
        best = min(waiting, key=lambda key: (-(weights[key] * whole % full), -weights[key], key))
        pounds[best] += 1
        waiting.discard(best)
    return pounds


@QUICK
@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 50), min_size=1).filter(lambda w: sum(w.values()) > 0),
    st.integers(0, 1000),
)
def test_largest_remainder_pound_by_pound(weights: dict[str, int], whole: int) -> None:
    pounds = largest_remainder(weights, whole=whole)
    assert pounds == remainders_one_by_one(weights, whole)
    assert sum(pounds.values()) == whole


@QUICK
@given(st.lists(st.tuples(st.integers(1, 1000), st.floats(-0.5, 2)), min_size=1, max_size=5))
def test_growth_of_total_from_the_amounts_before(parts: list[tuple[int, float]]) -> None:
    after = [before * (1 + growth) for before, growth in parts]
    shares = [amount / sum(after) for amount in after]
    wanted = sum(after) / sum(before for before, _ in parts) - 1
    assert growth_of_total(shares, [growth for _, growth in parts]) == pytest.approx(wanted)


@QUICK
@given(st.integers(1, 1000), st.integers(0, 1000), st.integers(1, 500), st.integers(1, 500))
def test_what_if_pays_the_comparators_price_for_the_same_heads(
    total: int, line: int, own: int, comparator: int
) -> None:
    bases = {"total_basis": Basis.NET, "head_basis": Basis.NET}
    reduction, share, missing = numbers(*what_if_at_comparator(total, line, own=own, comparator=comparator, **bases))
    heads = total / own
    assert reduction == pytest.approx(total - heads * comparator, rel=1e-9, abs=1e-9)
    assert share == pytest.approx((line - reduction) / (heads * comparator), rel=1e-9, abs=1e-9)
    assert missing is None


@QUICK
@given(st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=6))
def test_concentration_against_percentages(shares: list[float | None]) -> None:
    frame = pl.DataFrame({"share": shares}, schema={"share": pl.Float64})
    wanted = None if None in shares else pytest.approx(sum((100 * share) ** 2 for share in shares))
    assert frame.select(concentration("share")).item() == wanted


@QUICK
@given(st.integers(1, 999), st.integers(0, 999), st.integers(50, 200), st.integers(50, 200))
def test_real_change_is_that_of_what_the_money_buys(first: int, last: int, before: int, after: int) -> None:
    bought = Fraction(first, before), Fraction(last, after)
    (change,) = numbers(real_change(first, last, first_deflator=before, last_deflator=after))
    assert change == pytest.approx(float(bought[1] / bought[0]) - 1)


@QUICK
@given(st.integers(0, 10_000), st.integers(0, 3000), st.integers(0, 3000))
def test_concentration_bands_case_by_case(index: int, concentrated: int, more: int) -> None:
    over = (index > concentrated) + (index > concentrated + more)
    wanted = ("not concentrated", "concentrated", "highly concentrated")[over]
    assert numbers(concentration_band(index, concentrated=concentrated, high=concentrated + more)) == (wanted,)
