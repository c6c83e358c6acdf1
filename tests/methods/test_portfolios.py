"""Portfolios, against loops over sets."""

from itertools import combinations
from math import ceil

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.flow import Numbers
from parity.methods.information import weigh
from parity.methods.portfolios import (
    MOST_OPTIONS,
    NO_OPTION,
    Limit,
    Options,
    Truths,
    broken,
    efficient,
    every_portfolio,
    feasible,
    frontier_table,
    inclusion_table,
    limits_table,
    portfolio_names,
    portfolio_table,
    rules,
    used,
)
from parity.terms.errors import WrongState
from parity.terms.units import Unit

NAMES = ("a", "b", "c", "d")
COSTS = st.lists(st.integers(0, 9), min_size=4, max_size=4)
RULED = st.builds(
    lambda costs, nurses, money, posts, group, needs: Options(
        NAMES,
        (
            Limit("Budget", money, Unit.GBP, dict(zip(NAMES, costs, strict=True))),
            Limit("Nurses", posts, Unit.WTE, dict(zip(NAMES, nurses, strict=True))),
        ),
        (tuple(group),),
        tuple(needs),
    ),
    COSTS,
    COSTS,
    st.integers(0, 36),
    st.integers(0, 36),
    st.sets(st.sampled_from(NAMES)).map(sorted),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=2),
)
GAINS = st.lists(st.lists(st.integers(-9, 9), min_size=4, max_size=4), min_size=2, max_size=6)


def sets_of(held: Truths) -> list[set[str]]:
    return [{name for name, is_in in zip(NAMES, row, strict=True) if is_in} for row in held]


def breaks(options: Options, members: set[str]) -> list[bool]:
    return [
        *(sum(limit.uses[name] for name in members) > limit.most for limit in options.limits),
        *(len(members & set(group)) > 1 for group in options.at_most_one),
        *(option in members and other not in members for option, other in options.needs),
    ]


def test_every_set_is_there_once() -> None:
    held = every_portfolio(Options(NAMES))
    wanted = [set(chosen) for size in range(5) for chosen in combinations(NAMES, size)]
    assert sorted(map(sorted, sets_of(held))) == sorted(map(sorted, wanted))
    assert portfolio_names(Options(NAMES), held=held[[0, 1, 15]]) == [NO_OPTION, "a", "a + b + c + d"]
    assert every_portfolio(Options(())).shape == (1, 0)
    assert len(every_portfolio(Options(tuple(map(str, range(MOST_OPTIONS)))))) == 8192


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(tuple(map(str, range(14)))), "At most 13"),
        (Options(("a", "a")), "same name"),
        (Options(("a",), (Limit("Budget", 1, Unit.GBP, {"b": 1}),)), "there is not: b"),
        (Options(("a",), at_most_one=(("a", "c"),)), "there is not: c"),
        (Options(("a",), needs=(("d", "a"),)), "there is not: d"),
    ],
)
def test_options_that_cannot_be(options: Options, words: str) -> None:
    with pytest.raises(WrongState, match=words):
        every_portfolio(options)


@given(RULED)
def test_rules_against_a_loop(options: Options) -> None:
    held = every_portfolio(options)
    wanted = [breaks(options, members) for members in sets_of(held)]
    assert broken(options, held=held).T.tolist() == wanted
    assert feasible(options, held=held).tolist() == [not any(row) for row in wanted]
    assert len(rules(options)) == len(wanted[0])
    assert used(options.limits[0], options, held=held).tolist() == [
        sum(options.limits[0].uses[name] for name in members) for members in sets_of(held)
    ]


def test_rules_in_words_and_no_rules() -> None:
    options = Options(NAMES, (Limit("Nurses", 1, Unit.WTE, {}),), (("a", "b"),), (("c", "d"),))
    assert rules(options) == ["Nurses", "At most one of a, b", "c needs d"]
    assert feasible(Options(NAMES), held=every_portfolio(Options(NAMES))).all()


def test_a_limit_is_not_missed_by_rounding() -> None:
    options = Options(("a", "b"), (Limit("Budget", 0.3, Unit.GBP, {"a": 0.1, "b": 0.2}),))
    assert feasible(options, held=every_portfolio(options)).tolist() == [True] * 4


@settings(deadline=None)
@given(RULED, GAINS)
def test_binding_rules_against_a_loop(options: Options, gains: list[list[int]]) -> None:
    held = every_portfolio(options)
    expected = held @ np.array(gains[0], float)
    worth = [sum(gain for gain, is_in in zip(gains[0], row, strict=True) if is_in) for row in held]
    missed = [breaks(options, members) for members in sets_of(held)]
    best = max(value for value, row in zip(worth, missed, strict=True) if not any(row))
    table = limits_table(options, expected, held=held)
    for place, gain in enumerate(table["gain"]):
        kept = [not any(row[:place] + row[place + 1 :]) for row in missed]
        assert gain == max(value for value, may in zip(worth, kept, strict=True) if may) - best
    assert table["is_binding"].to_list() == [gain > 0 for gain in table["gain"]]
    assert table["words"].is_null().to_list() == [gain == 0 for gain in table["gain"]]


def test_a_portfolio_that_was_not_reckoned_is_never_the_best() -> None:
    options = Options(("a",), (Limit("Budget", 0, Unit.GBP, {"a": 1}),))
    table = limits_table(options, np.array([0.0, np.nan]), held=every_portfolio(options))
    assert table.select("gain", "is_binding", "words").row(0) == (0, False, None)


def test_a_limit_may_be_measured_for_each_portfolio() -> None:
    """Two options that share a building use less together than one after the other."""
    limit = Limit("Building", 10, Unit.GBP, {}, np.array([0.0, 8.0, 8.0, 11.0]))
    options = Options(("a", "b"), (limit,))
    held = every_portfolio(options)
    assert used(limit, options, held=held).tolist() == [0, 8, 8, 11]
    assert feasible(options, held=held).tolist() == [True, True, True, False]
    (row,) = limits_table(options, np.array([0.0, 5.0, 4.0, 9.0]), held=held).to_dicts()
    assert (row["used"], row["left"], row["gain"], row["is_binding"]) == (8, 2, 4, True)


def test_no_portfolio_keeps_the_rules() -> None:
    options = Options(("a",), (Limit("Budget", -1, Unit.GBP, {"a": 1}),))
    with pytest.raises(WrongState, match="No portfolio"):
        limits_table(options, np.zeros(2), held=every_portfolio(options))


@settings(deadline=None)
@given(RULED, GAINS)
def test_inclusion_against_a_loop(options: Options, gains: list[list[int]]) -> None:
    held = every_portfolio(options)
    held = held[feasible(options, held=held)]
    net = held @ np.array(gains, float).T
    choice = weigh([net])
    members = sets_of(held)
    worth = choice.expected.tolist()
    top = sorted(range(len(held)), key=lambda place: -worth[place])[: ceil(0.5 * len(held))]
    for row in inclusion_table(options, choice, held=held, best_share=0.5).iter_rows(named=True):
        name = row["option"]
        without = [value for value, each in zip(worth, members, strict=True) if name not in each]
        having = [value for value, each in zip(worth, members, strict=True) if name in each]
        assert row["in_best"] == (name in members[choice.best])
        assert row["share_of_best"] == pytest.approx(sum(name in members[place] for place in top) / len(top))
        assert row["lost_without"] == pytest.approx(max(worth) - max(without))
        assert row["lost_with"] == (pytest.approx(max(worth) - max(having)) if having else None)
        chance = sum(share for share, each in zip(choice.chance_best, members, strict=True) if name in each)
        assert row["chance_in_best"] == pytest.approx(chance)


def test_an_option_that_is_in_all_has_no_loss_without_it() -> None:
    options, held = Options(("a",)), np.array([[True]])
    table = inclusion_table(options, weigh([np.ones((1, 2))]), held=held)
    assert table.select("in_best", "lost_without", "lost_with").row(0) == (True, None, 0)


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), max_size=12))
def test_efficient_rows_against_all_pairs(rows: list[list[int]]) -> None:
    def beats(one: list[int], other: list[int]) -> bool:
        return one != other and all(mine >= theirs for mine, theirs in zip(one, other, strict=True))

    outcomes: Numbers = np.array(rows, float).reshape(len(rows), 3)
    assert efficient(outcomes).tolist() == [not any(beats(other, row) for other in rows) for row in rows]


def test_a_frontier_is_in_the_order_of_spending() -> None:
    held = every_portfolio(Options(("a", "b")))
    saving, spend = np.array([0.0, 5.0, 9.0, 8.0]), np.array([0.0, 3.0, 2.0, 5.0])
    table = frontier_table(Options(("a", "b")), held=held, more={"saving": saving}, less={"spend": spend})
    assert table.rows() == [(NO_OPTION, 0, 0), ("b", 2, 9)]
    best = frontier_table(Options(("a", "b")), held=held, more={"saving": saving}, less={})
    assert best.rows() == [("b", 9)]


def test_portfolios_of_one_draw() -> None:
    options = Options(("a",))
    table = portfolio_table(options, weigh([np.array([[0.0], [2.0]])]), held=every_portfolio(options), facts={})
    assert table.select("portfolio", "expected", "standard_error").rows() == [("a", 2, None), (NO_OPTION, 0, None)]
    assert table.schema["standard_error"] == pl.Float64
