"""Evaluation of bids: totals, ties, refusals, steps, and the ranges of the weights."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.evaluate_bids import Bid, Criterion, Evaluation, evaluate_bids, price_score, weight_ranges
from parity.terms.errors import WrongState

QUALITY_AND_PRICE = [Criterion("quality", "Quality", 60), Criterion("price", "Price", 40, from_price=True)]
TWO = [Criterion("local", "Locality", 60), Criterion("model", "Model", 40)]
LUTON = [
    Criterion("targets", "Targets met", 40),
    Criterion("cost", "Net cost", 30),
    Criterion("tailoring", "Tailoring", 20),
    Criterion("deliverability", "Deliverability", 10),
]


def order(evaluation: Evaluation) -> list[tuple[int, str]]:
    return [(standing.rank, standing.bid) for standing in evaluation.standings]


def test_options_without_a_price() -> None:
    scores = {"Option 1": (100, 0, 80, 60), "Option 2": (90, 60, 80, 70), "Option 3": (20, 100, 20, 80)}
    keys = [criterion.key for criterion in LUTON]
    bids = [Bid(name, dict(zip(keys, given, strict=True))) for name, given in scores.items()]
    standings = evaluate_bids(LUTON, bids).standings
    assert {standing.bid: standing.total_to(1) for standing in standings} == {
        "Option 2": Decimal("77.0"),
        "Option 1": Decimal("62.0"),
        "Option 3": Decimal("50.0"),
    }


def test_equal_totals_are_decided_by_weight_then_by_price() -> None:
    by_score = [Bid("A", {"local": 50, "model": 80}, 1), Bid("B", {"local": 70, "model": 50}, 2)]
    by_price = [Bid("A", {"local": 50, "model": 50}, 2), Bid("B", {"local": 50, "model": 50}, 1)]
    level = [
        Bid("A", {"local": 50, "model": 50}, 1),
        Bid("B", {"local": 50, "model": 50}, 1),
        Bid("C", by_price[0].scores, 2),
    ]
    decided = [evaluate_bids(TWO, bids) for bids in (by_score, by_price, level)]
    assert [order(one) for one in decided] == [
        [(1, "B"), (2, "A")],
        [(1, "B"), (2, "A")],
        [(1, "A"), (1, "B"), (3, "C")],
    ]
    assert [step.words for one in decided for step in one.steps if "equal" in step.words] == [
        "B and A have equal totals; their scores for Locality decide.",
        "B and A have equal totals; their prices, the lower first, decide.",
        "A and B have equal totals, scores and prices, and share a rank.",
        "B and C have equal totals; their prices, the lower first, decide.",
    ]


def test_a_difference_smaller_than_any_rounding_decides() -> None:
    bids = [Bid("A", {"local": "50", "model": "50"}), Bid("B", {"local": "50", "model": "50.0000000001"})]
    assert order(evaluate_bids(TWO, bids)) == [(1, "B"), (2, "A")]


def test_the_steps_lead_to_the_standing() -> None:
    evaluation = evaluate_bids(QUALITY_AND_PRICE, [Bid("A", {"quality": 80}, 100), Bid("B", {"quality": 50}, 50)])
    assert [(step.bid, step.criterion, step.value) for step in evaluation.steps] == [
        ("A", "price", 50),
        ("B", "price", 100),
        ("A", "quality", 48),
        ("A", "price", 20),
        ("A", "", 68),
        ("B", "quality", 30),
        ("B", "price", 40),
        ("B", "", 70),
        ("B", "", 1),
        ("A", "", 2),
    ]
    assert [step.words for step in evaluation.steps[4:10:5]] == [
        "A: 48.000 + 20.000 = 68.000 in total.",
        "A has rank 2 with 68.000.",
    ]


def test_no_bids() -> None:
    assert evaluate_bids(QUALITY_AND_PRICE, []) == Evaluation((), ())
    assert weight_ranges(QUALITY_AND_PRICE, []) == ()


@pytest.mark.parametrize(
    ("criteria", "bids", "words"),
    [
        ([Criterion("a", "A", 90)], [], "must add up to 100"),
        ([Criterion("a", "A", 110), Criterion("b", "B", -10)], [], "none may be negative"),
        ([Criterion("a", "A", 50), Criterion("a", "B", 50)], [], "criterion is named twice"),
        (TWO, [Bid("A", {"local": 1})], "A has no score for Model"),
        (TWO, [Bid("A", {"local": 1, "model": None})], "A has no score for Model"),
        (TWO, [Bid("A", {"local": 1, "model": 101})], "between 0 and 100"),
        (TWO, [Bid("A", {"local": 1, "model": 1})] * 2, "bid is named twice"),
        (QUALITY_AND_PRICE, [Bid("A", {"quality": 1}), Bid("B", {"quality": 1}, 5)], "price of A is not known"),
        (QUALITY_AND_PRICE, [Bid("A", {"quality": 1}, 0)], "above zero"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(criteria: list[Criterion], bids: list[Bid], words: str) -> None:
    with pytest.raises(WrongState, match=words):
        evaluate_bids(criteria, bids)


def test_a_lowest_price_of_zero_scores_nobody() -> None:
    with pytest.raises(WrongState, match="above zero"):
        price_score(5, 0)


def test_one_criterion_alone_keeps_all_the_weight() -> None:
    (found,) = weight_ranges([Criterion("a", "A", 100)], [Bid("A", {"a": 5}), Bid("B", {"a": 4})])
    assert (found.weight, found.low, found.high) == (100, 100, 100)


def test_a_bid_that_is_never_passed_wins_at_any_weight() -> None:
    found = weight_ranges(TWO, [Bid("A", {"local": 5, "model": 5}), Bid("B", {"local": 4, "model": 4})])
    assert [(one.low, one.high) for one in found] == [(0, 100), (0, 100)]


SCORES = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100), st.integers(1, 50)), min_size=1, max_size=5)


@settings(deadline=None, max_examples=60)
@given(SCORES, st.integers(0, 100))
def test_evaluation_against_repeated_duels(rows: list[tuple[int, int, int]], weight: int) -> None:
    """The slow way: a bid's rank is one more than the number of bids that beat it, criterion by criterion."""
    weights = [Fraction(80 * weight, 100), Fraction(80 * (100 - weight), 100), Fraction(20)]
    criteria = [
        Criterion("a", "A", str(float(weights[0]))),
        Criterion("b", "B", str(float(weights[1]))),
        Criterion("price", "Price", 20, from_price=True),
    ]
    lowest = min(price for *_, price in rows)
    bids = [Bid(f"B{place}", {"a": a, "b": b}, price) for place, (a, b, price) in enumerate(rows)]
    marks = [(Fraction(a), Fraction(b), Fraction(100 * lowest, price)) for a, b, price in rows]
    totals = [sum(w * m for w, m in zip(weights, mark, strict=True)) / 100 for mark in marks]
    by_weight = sorted(range(3), key=lambda place: -weights[place])

    def beats(one: int, other: int) -> bool:
        contests = [(totals[one], totals[other]), *((marks[one][k], marks[other][k]) for k in by_weight)]
        contests.append((-rows[one][2], -rows[other][2]))
        decided = [mine > yours for mine, yours in contests if mine != yours]
        return bool(decided) and decided[0]

    everyone = range(len(rows))
    wanted = {f"B{one}": 1 + sum(beats(other, one) for other in everyone) for one in everyone}
    standings = evaluate_bids(criteria, bids).standings
    assert {standing.bid: standing.rank for standing in standings} == wanted
    assert {standing.bid: standing.total for standing in standings} == {f"B{k}": totals[k] for k in everyone}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(*[st.integers(0, 100)] * 3), min_size=2, max_size=4))
def test_ranges_by_trying_every_whole_weight(rows: list[tuple[int, int, int]]) -> None:
    criteria = [Criterion("a", "A", 50), Criterion("b", "B", 30), Criterion("c", "C", 20)]
    bids = [Bid(f"B{place}", dict(zip("abc", row, strict=True))) for place, row in enumerate(rows)]
    winner = int(evaluate_bids(criteria, bids).standings[0].bid[1:])
    for place, found in enumerate(weight_ranges(criteria, bids)):
        weights = [50, 30, 20]
        others = 100 - weights[place]
        for trial in range(101):
            tried = [
                Fraction(trial) if k == place else Fraction(w * (100 - trial), others) for k, w in enumerate(weights)
            ]
            totals = [sum(w * s for w, s in zip(tried, row, strict=True)) for row in rows]
            assert (totals[winner] == max(totals)) == (found.low <= trial <= found.high)
