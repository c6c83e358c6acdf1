from pathlib import Path

import polars as pl

from parity.analyse.spend.documents import TOPIC
from parity.analyse.spend_adjusted.indicators import (
    NO_INDEX,
    NO_PEOPLE,
    NO_PRICES,
    TOGETHER,
    spend_a_head,
    spend_a_weighted_head,
    spend_real,
    spend_real_change,
)
from parity.documents.model import Table
from tests.stages.analyse import frames
from tests.stages.analyse.frames import rows, table
from tests.stages.analyse.test_care_spend import DEFLATORS

SPEND = table(
    "spend",
    {"area": "L", "period": "2014/15", "service": "Beds", "amount_gbp": 60},
    {"area": "L", "period": "2014/15", "service": "Homes", "amount_gbp": 40},
    {"area": "L", "period": "2016/17", "service": "Beds", "amount_gbp": 96},
    {"area": "L", "period": "2016/17", "service": "Homes", "amount_gbp": 104},
    {"area": "M", "period": "2016/17", "service": "Beds", "amount_gbp": 10, "basis": "net"},
    {"area": "N", "period": "1990/91", "service": "Beds", "amount_gbp": 10},
    **{"statement": "S", "body": "B", "provider": "NHS", "basis": "gross", "source": "1", "place": "p"},
)
PEOPLE = table(
    "population",
    {"area": "L", "period": "2013", "population_group": "all ages", "people": 20},
    {"area": "L", "period": "2018", "population_group": "all ages", "people": 50},
    {"area": "L", "period": "2016", "population_group": "18+", "people": 1},
    {"area": "L", "period": "2016", "population_group": "75+", "people": 1},
    {"area": "M", "period": "2011", "population_group": "16–64", "people": 5},
    counted_as="resident",
)
INDEX = table(
    "need_index",
    {"period": "2001", "index_value": 100},
    {"period": "2005", "index_value": 200},
    area="L",
    index_name="York",
)
AREAS = pl.DataFrame({"area": ["L", "M", "N"], "name": ["Luton", "Medway", "Norwich"], "kind": ["council"] * 3})


def test_a_head_of_everybody_in_the_nearest_year_and_else_of_people_of_working_age() -> None:
    assert rows(spend_a_head(SPEND, PEOPLE), "area", "period", "value", "missing", "note", "basis", "price_year") == [
        ("L", "2014/15", 5.0, None, "A head of the people of all ages in 2013.", "gross", "2014/15"),
        ("L", "2016/17", 4.0, None, "A head of the people of all ages in 2018.", "gross", "2016/17"),
        ("M", "2016/17", 2.0, None, "A head of the people of 16–64 in 2011.", "net", "2016/17"),
        ("N", "1990/91", None, NO_PEOPLE, None, "gross", "1990/91"),
    ]


def test_a_weighted_head_rests_on_the_newest_index() -> None:
    found = spend_a_weighted_head(SPEND, PEOPLE, INDEX)
    assert rows(found, "area", "period", "value", "missing", "note") == [
        ("L", "2014/15", 2.5, None, "A head of the people of all ages in 2013, weighted by the York."),
        ("L", "2016/17", 2.0, None, "A head of the people of all ages in 2018, weighted by the York."),
        ("M", "2016/17", None, NO_INDEX, None),
        ("N", "1990/91", None, NO_INDEX, None),
    ]


def test_nobody_to_divide_by_gives_no_figure() -> None:
    nobody = PEOPLE.with_columns(people=pl.lit(0.0))
    assert spend_a_head(SPEND, nobody)["value"].null_count() == 4
    assert spend_a_head(SPEND.clear(), PEOPLE).is_empty()
    assert spend_real_change(SPEND.clear(), DEFLATORS).is_empty()


def test_totals_in_prices_of_the_last_year_that_is_no_forecast() -> None:
    assert rows(spend_real(SPEND, DEFLATORS), "area", "period", "value", "price_year", "missing") == [
        ("L", "2014/15", 200.0, "2024/25", None),
        ("L", "2016/17", 250.0, "2024/25", None),
        ("M", "2016/17", 12.5, "2024/25", None),
        ("N", "1990/91", None, "2024/25", NO_PRICES),
    ]
    in_one_year = SPEND.with_columns(price_year=pl.lit("2016/17"))
    assert spend_real(in_one_year, DEFLATORS)["value"].to_list() == [125.0, 250.0, 12.5, 12.5]


def test_change_beyond_prices_of_the_whole_and_of_each_service() -> None:
    found = spend_real_change(SPEND, DEFLATORS)
    assert rows(found, "service", "area", "period", "value") == [
        (TOGETHER, "L", "2014/15 to 2016/17", 0.25),
        ("Beds", "L", "2014/15 to 2016/17", 0.0),
        ("Homes", "L", "2014/15 to 2016/17", 0.625),
    ]
    net_then = SPEND.with_columns(basis=pl.when(pl.col("period") == "2014/15").then(pl.lit("net")).otherwise("basis"))
    words = "One amount is gross and the other net of income: they are not compared."
    assert rows(spend_real_change(net_then, DEFLATORS), "value", "missing") == [(None, words)] * 3


def test_the_chapter_on_spend_shows_both(tmp_path: Path) -> None:
    desk = frames.desk(tmp_path, areas=AREAS, spend=SPEND, population=PEOPLE, need_index=INDEX, deflators=DEFLATORS)
    found = {block.slug: block.rows for block in TOPIC.chapter(desk) if isinstance(block, Table)}
    texts = [[cell if isinstance(cell, str) else cell.text for cell in row] for row in found["spend-a-head"]]
    assert texts == [
        ["S", "Luton", "2014/15", "£5.00 a head", "£2.50 a head"],
        ["S", "Luton", "2016/17", "£4.00 a head", "£2.00 a head"],
        ["S", "Medway", "2016/17", "£2.00 a head", "not available"],
    ]
    assert [len(found[slug]) for slug in ("spend-real", "spend-real-change-1")] == [3, 3]
