"""A block of places beside places bought one by one, by hand and in its chapter."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.assumptions import assumption
from parity.documents.model import Callout, Paragraph
from parity.plan.told_numbers import CERTAIN, RANGES
from parity.secure.purchase.documents import ABSENT, RULE, chapter
from parity.secure.purchase.indicators import (
    BLOCK,
    FREE,
    NEVER,
    PLACES,
    SPOT,
    UNITS,
    UNUSED,
    USE,
    purchase_block_chance,
    purchase_block_cost,
    purchase_block_saving,
    purchase_break_even,
    purchase_spot_cost,
    purchase_use,
    purchase_used_place_cost,
)
from parity.sources.brought.programme import house_schemas
from tests.stages.analyse.frames import desk, rows, table

YEAR = replace(assumption("weeks_per_year"), value=50)
WHERE = {"area": "L", "period": "2026/27", "service": "Homes", "source": "002", "place": "s8"}


def told(
    spot: float = 420, block: float = 300, *, use: float | None = 0.8, ends: tuple[float, ...] = ()
) -> pl.DataFrame:
    """Twenty places at these weekly prices, used as told; `ends` are the interval of the use."""
    numbers: list[dict[str, Any]] = [
        {"number": SPOT, "value": spot, "basis": "gross"},
        {"number": BLOCK, "value": block, "basis": "gross"},
        {"number": PLACES, "value": 20},
        {"number": USE, "value": use, **dict(zip(("lower", "upper"), ends, strict=False))},
    ]
    return table("block_purchase", *numbers, **WHERE)


def test_a_block_and_places_one_by_one_by_hand() -> None:
    frame = told()
    assert rows(purchase_break_even(frame), "area", "period", "service", "value", "note") == [
        ("L", "2026/27", "Homes", round(300 / 420, 9), None)
    ]
    assert rows(purchase_use(frame), "value") == [(0.8,)]
    assert rows(purchase_spot_cost(frame, YEAR), "value", "basis") == [(336_000, "gross")]
    assert rows(purchase_block_cost(frame, YEAR), "value") == [(300_000,)]
    assert rows(purchase_used_place_cost(frame), "value") == [(375,)]
    assert rows(purchase_block_saving(frame, YEAR), "value", "lower") == [(36_000, None)]
    assert rows(purchase_block_chance(frame), "value", "missing") == [(None, CERTAIN)]


def test_the_interval_of_the_use_leaves_a_range_and_a_chance() -> None:
    frame = told(ends=(0.65, 0.9))
    ((lower, upper),) = rows(purchase_block_saving(frame, YEAR), "lower", "upper")
    assert lower < 0 < upper
    ((chance,),) = rows(purchase_block_chance(frame), "value")
    assert 0.8 < chance < 1
    assert rows(purchase_break_even(frame), "lower", "upper") == [(None, None)]


def test_what_has_no_value_says_why() -> None:
    assert rows(purchase_break_even(told(spot=0)), "value", "missing", "note") == [(None, FREE, None)]
    assert rows(purchase_used_place_cost(told(use=0)), "value", "missing") == [(None, UNUSED)]
    assert rows(purchase_break_even(told(block=450)), "note") == [(NEVER,)]


def test_every_number_of_the_table_has_its_unit() -> None:
    offered = [
        name
        for entry in house_schemas()["block_purchase"].fields
        if entry["name"] == "number"
        for name in entry["constraints"]["enum"]
    ]
    assert offered == list(UNITS)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (
            told(),
            "The block is cheaper where more than 71.4% of it is used. At the use expected, 80.0%, the block is "
            "cheaper: it saves £37,440 a year.",
        ),
        (
            told(use=0.6),
            "The block is cheaper where more than 71.4% of it is used. At the use expected, 60.0%, places bought one "
            "by one are cheaper: the saving of the block is −£49,920 a year.",
        ),
        (
            told(use=None),
            "The block is cheaper where more than 71.4% of it is used. At the use expected it cannot be told which is. "
            "Share of the places in use: the value is not known. Enter it.",
        ),
        (told(spot=0), f"Which is cheaper cannot be told. {FREE}"),
    ],
)
def test_the_chapter_says_which_is_cheaper(home: Path, frame: pl.DataFrame, words: str) -> None:
    rule, _, said, *_, ranges, beyond = chapter(desk(home, block_purchase=frame))
    assert isinstance(said, Paragraph)
    assert "".join(part if isinstance(part, str) else part.text for part in said.parts) == words
    assert (rule, ranges, type(beyond)) == (Paragraph((RULE,)), Paragraph((RANGES,)), Callout)


@pytest.mark.usefixtures("db")
def test_the_chapter_tells_the_chance(home: Path) -> None:
    said = chapter(desk(home, block_purchase=told(ends=(0.65, 0.9))))[2]
    assert isinstance(said, Paragraph)
    assert said.parts[-3] == " The chance that the block is cheaper is "


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home)) == [Paragraph((ABSENT,))]
