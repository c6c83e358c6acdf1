from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from parity.documents.model import Heading, Paragraph, Table
from parity.secure.tenders.documents import ABSENT, chapter
from parity.secure.tenders.indicators import (
    NO_CRITERIA,
    ONLY_ONE,
    bid_margin,
    bid_price,
    bid_rank,
    bid_score,
    bid_step,
    bid_total,
    criterion_label,
    criterion_weight,
    weight_range_high,
    weight_range_low,
)
from tests.stages.analyse.frames import desk, rows, table

CRITERIA = table(
    "award_criteria",
    {"number": 2, "criterion": "Money", "weight": 0.25, "scored_as": "price"},
    {"number": 1, "criterion": "Care", "weight": 0.75, "scored_as": "score"},
    tender="T",
)
BIDS = table(
    "bids",
    {"bidder": "A", "criterion": "Care", "score": 60.0},
    {"bidder": "A", "criterion": "Money", "price_gbp": 100.0},
    {"bidder": "B", "criterion": "Care", "score": 80.0},
    {"bidder": "B", "criterion": "Money", "price_gbp": 200.0},
    tender="T",
    lot="North",
)
NO_PRICE = BIDS.with_columns(price_gbp=pl.when(bidder="B").then(None).otherwise("price_gbp"))
EVALUATED: tuple[Callable[..., pl.DataFrame], ...] = (bid_step, bid_total, bid_rank, bid_margin, weight_range_low)


def test_criteria_stand_in_their_order() -> None:
    assert rows(criterion_weight(CRITERIA), "area", "tender", "criterion", "value") == [
        ("whole programme", "T", "Care", 0.75),
        ("whole programme", "T", "Money", 0.25),
    ]


def test_scores_points_and_totals_follow_from_each_other() -> None:
    assert rows(bid_price(BIDS), "area", "period", "bidder", "value") == [
        ("North", "undated", "A", 100),
        ("North", "undated", "B", 200),
    ]
    assert rows(bid_score(BIDS, CRITERIA), "area", "bidder", "criterion", "value", "missing") == [
        ("North", "A", "Care", 60, None),
        ("North", "A", "Money", 100, None),
        ("North", "B", "Care", 80, None),
        ("North", "B", "Money", 50, None),
    ]
    assert rows(bid_step(BIDS, CRITERIA), "bidder", "criterion", "value") == [
        ("B", "Care", 60),
        ("B", "Money", 12.5),
        ("A", "Care", 45),
        ("A", "Money", 25),
    ]
    assert rows(bid_total(BIDS, CRITERIA), "tender", "bidder", "value") == [("T", "B", 72.5), ("T", "A", 70)]
    assert rows(bid_rank(BIDS, CRITERIA), "bidder", "value") == [("B", 1), ("A", 2)]
    assert rows(bid_margin(BIDS, CRITERIA), "area", "tender", "value", "missing") == [("North", "T", 2.5, None)]


def test_the_winner_stays_first_within_a_range_of_weights() -> None:
    low, high = weight_range_low(BIDS, CRITERIA), weight_range_high(BIDS, CRITERIA)
    five_sevenths = round(5 / 7, 9)
    assert rows(low, "criterion", "value") == [("Care", five_sevenths), ("Money", 0)]
    assert rows(high, "criterion", "value") == [("Care", 1), ("Money", round(2 / 7, 9))]


def test_one_bid_has_no_margin() -> None:
    alone = BIDS.filter(pl.col("bidder") == "A")
    assert rows(bid_margin(alone, CRITERIA), "value", "missing") == [(None, ONLY_ONE)]


def test_bids_that_cannot_be_ranked_say_why() -> None:
    reason = "The price of B is not known."
    for figures in EVALUATED:
        assert set(rows(figures(NO_PRICE, CRITERIA), "value", "missing")) == {(None, reason)}
    assert rows(bid_score(NO_PRICE, CRITERIA), "bidder", "criterion", "value", "missing")[2:] == [
        ("B", "Care", 80, None),
        ("B", "Money", None, "No price is given."),
    ]
    unscored = BIDS.with_columns(score=pl.lit(None, pl.Float64))
    assert rows(bid_score(unscored, CRITERIA), "value", "missing")[0] == (None, "No score is given.")
    assert rows(bid_total(unscored, CRITERIA), "missing")[0] == ("A has no score for Care.",)


def test_a_tender_without_criteria_has_no_totals() -> None:
    assert rows(bid_total(BIDS, CRITERIA.clear()), "bidder", "value", "missing") == [
        ("A", None, NO_CRITERIA),
        ("B", None, NO_CRITERIA),
    ]
    assert bid_score(BIDS, CRITERIA.clear()).height == 0
    assert weight_range_low(BIDS, CRITERIA.clear()).height == 0


def test_several_tenders_keep_their_criteria_apart() -> None:
    both_bids = BIDS.vstack(BIDS.with_columns(tender=pl.lit("U")))
    both_criteria = CRITERIA.vstack(CRITERIA.with_columns(tender=pl.lit("U")))
    names = [name for (name,) in rows(bid_step(both_bids, both_criteria), "criterion")]
    assert names[::4] == ["T: Care", "U: Care"]
    assert criterion_label("U", "Care", several=True) == "U: Care"
    assert criterion_label("U", "Care", several=False) == "Care"


def test_no_bids_give_no_figure() -> None:
    empty = BIDS.clear()
    assert bid_price(empty).height == 0
    assert bid_score(empty, CRITERIA).height == 0
    assert [figures(empty, CRITERIA).height for figures in EVALUATED] == [0] * len(EVALUATED)


@pytest.mark.usefixtures("db")
def test_the_chapter_shows_every_step(home: Path) -> None:
    blocks = chapter(desk(home, award_criteria=CRITERIA, bids=BIDS))
    tables = {block.slug: block for block in blocks if isinstance(block, Table)}
    assert list(tables) == ["award-criteria", "award-first", "award-weights", "award-standing-1", "award-steps-1"]
    assert tables["award-first"].rows[0][:3] == ("North", "T", "B")
    assert [row[:2] for row in tables["award-steps-1"].rows] == [
        ("B", "Care"),
        ("B", "Money"),
        ("B", "All criteria"),
        ("A", "Care"),
        ("A", "Money"),
        ("A", "All criteria"),
    ]


@pytest.mark.usefixtures("db")
def test_the_chapter_names_the_tender_where_there_are_several(home: Path) -> None:
    both_bids = BIDS.vstack(NO_PRICE.with_columns(tender=pl.lit("U")))
    both_criteria = CRITERIA.vstack(CRITERIA.with_columns(tender=pl.lit("U")))
    blocks = chapter(desk(home, award_criteria=both_criteria, bids=both_bids))
    titles = [block.text for block in blocks if isinstance(block, Heading) and block.level == 4]
    assert titles == ["North, T", "North, U"]
    first = next(block for block in blocks if isinstance(block, Table) and block.slug == "award-first")
    assert [row[2] for row in first.rows] == ["B", "nobody yet"]


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home / "none")) == [Paragraph((ABSENT,))]
    no_bids = Paragraph(("The source gives no bids, so there is nothing to rank.",))
    assert chapter(desk(home / "criteria", award_criteria=CRITERIA))[-1] == no_bids
