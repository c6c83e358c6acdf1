from pathlib import Path

import pytest

from parity.documents.model import Bullets, Callout, Chart, Heading, Paragraph, Table
from parity.plan.options.documents import chapter
from parity.plan.options.indicators import (
    option_cost,
    option_cost_per_wte,
    option_item_amount,
    option_net,
    option_posts,
    option_release,
)
from parity.plan.totals import UNLIKE
from tests.stages.analyse.frames import desk, rows, table

COSTS = table(
    "option_costs",
    {"option": "1", "item": "Social workers", "kind": "cost", "wte": 6, "amount_gbp": 200_000},
    {"option": "1", "item": "Day services", "kind": "cost", "amount_gbp": 100_000},
    {"option": "1", "item": "Grant", "kind": "release", "amount_gbp": 230_000},
    {"option": "2", "item": "Nobody", "kind": "cost", "wte": 0, "amount_gbp": 50},
)
OPTIONS = table(
    "options",
    {"option": "1", "title": "In full", "meets_targets": "All", "recommended": False, "note": "Leaves out capital"},
    {"option": "2", "title": "Nothing", "meets_targets": "None", "recommended": True},
)


def test_costs_and_releases_make_the_net_cost() -> None:
    assert rows(option_cost(COSTS), "area", "option", "value", "missing") == [
        ("whole programme", "1", 300_000, None),
        ("whole programme", "2", 50, None),
    ]
    assert rows(option_release(COSTS), "option", "value") == [("1", 230_000), ("2", 0)]
    assert rows(option_net(COSTS), "option", "value") == [("1", 70_000), ("2", 50)]


def test_items_are_kept_with_what_they_do() -> None:
    assert rows(option_item_amount(COSTS), "option", "item", "value", "note")[1:3] == [
        ("1", "Day services", 100_000, None),
        ("1", "Grant", 230_000, "Money that the option releases."),
    ]


def test_only_posts_have_a_cost_of_a_post() -> None:
    assert rows(option_posts(COSTS), "option", "item", "value") == [("1", "Social workers", 6), ("2", "Nobody", 0)]
    zero = "The number of posts is zero, so nothing can be divided by it."
    assert rows(option_cost_per_wte(COSTS), "item", "value", "missing") == [
        ("Social workers", round(200_000 / 6, 9), None),
        ("Nobody", None, zero),
    ]


def test_prices_of_different_years_and_unknown_costs_are_not_added() -> None:
    mixed = table(
        "option_costs",
        {"option": "1", "item": "a", "amount_gbp": 1, "price_year": "2003"},
        {"option": "1", "item": "b", "amount_gbp": 1},
        {"option": "2", "item": "a", "price_year": "2003"},
        kind="cost",
    )
    unknown = "The cost of an item of this option is not known."
    assert rows(option_net(mixed), "option", "value", "missing", "price_year") == [
        ("1", None, UNLIKE, None),
        ("2", None, unknown, "2003"),
    ]


def test_no_items_give_no_figure() -> None:
    assert option_cost(COSTS.clear()).height == 0
    assert option_cost_per_wte(COSTS.clear()).height == 0


@pytest.mark.usefixtures("db")
def test_the_chapter_compares_the_options(home: Path) -> None:
    blocks = chapter(desk(home, options=OPTIONS, option_costs=COSTS))
    kinds = [type(block) for block in blocks]
    assert kinds == [Table, Bullets, Callout, Heading, Chart, Table, Heading, Table]
    words, callout = blocks[0], blocks[2]
    assert isinstance(words, Table)
    assert words.rows == (("1: In full", "All"), ("2 (recommended): Nothing", "None"))
    assert isinstance(callout, Callout)
    assert callout.title == "Recommended: option 2"
    items = blocks[-1]
    assert isinstance(items, Table)
    assert [row[:3] + row[4:5] for row in items.rows][1:3] == [
        ("1", "Day services", "costs", "–"),
        ("1", "Grant", "releases", "–"),
    ]


@pytest.mark.usefixtures("db")
def test_the_chapter_does_with_either_table(home: Path) -> None:
    no_costs = Paragraph(("The source gives no costs of the options.",))
    assert chapter(desk(home / "words", options=OPTIONS.with_columns(note=None)))[-1] == no_costs
    money = chapter(desk(home / "money", option_costs=COSTS))[2]
    assert isinstance(money, Table)
    assert [row[0] for row in money.rows] == ["1", "2"]
    absent = "The programme has no tables “options” and “option_costs”, which would hold them."
    assert chapter(desk(home / "none")) == [Paragraph((absent,))]
