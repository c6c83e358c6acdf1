"""Published measures beside England's and all areas of a kind, and the chapter on any place."""

from pathlib import Path

import polars as pl
import pytest

from parity.analyse.performance.documents import ADDED_UP, BY_DISTRICT, BY_REGION, NOT_ADDED_UP, profile
from parity.analyse.performance.indicators import (
    children_measures,
    health_measures,
    latest_measure,
    measure_fifth,
    measure_spread,
    measure_standing,
    national_measures,
    official_measures,
    related_areas,
    service_measures,
)
from parity.analyse.published import ADULTS_IN_FOUR, SELF_HARM, SERIOUS_REGISTER, YOUNG_URGENT
from parity.assumptions import assumption
from parity.documents.model import Callout, Chart, Paragraph, Table
from parity.terms.areas import ENGLAND, Area, Place
from parity.terms.figure import Figure
from tests.stages.analyse.frames import desk, rows, table
from tests.stages.analyse.measures import ASHIRE, OFFICIAL, measured_desk

CHOSEN = [assumption(key) for key in ("confidence_level", "alarm_level", "share_drawn_in", "groups_of_areas")]
STANDING = measure_standing(OFFICIAL, *CHOSEN)
ASH = STANDING.filter(area="E10000001")


def shown(found: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text if isinstance(cell, Figure) else str(cell) for cell in row) for row in found.rows]


def test_an_area_stands_among_all_of_its_kind_in_the_last_period() -> None:
    found = rows(ASH, "measure", "period", "areas", "england", "lowest", "highest", "verdict")
    assert found == [
        (SELF_HARM, "2024/25", 3, 140, 100, 150, "worse"),
        (ADULTS_IN_FOUR, "2024/25", 4, 0.5625, 0.475, 0.75, "better"),
        (SERIOUS_REGISTER, "2024/25", 4, pytest.approx(8.5), pytest.approx(7), pytest.approx(9), "similar"),
    ]


def test_a_funnel_stands_around_all_areas_together() -> None:
    found = STANDING.filter(measure=ADULTS_IN_FOUR).filter(pl.col("average").is_not_null())
    assert found["average"].to_list() == [0.5625] * 4
    assert found["signal"].to_list() == ["above", "as expected", "as expected", "as expected"]
    assert [row[0] > row[1] for row in rows(found, "upper_998", "upper_95")] == [True] * 4


def test_too_few_areas_are_not_divided_and_england_is_one_alone() -> None:
    assert measure_fifth(STANDING).is_empty()
    five = pl.concat([OFFICIAL, OFFICIAL.filter(area="E10000001").with_columns(area=pl.lit("E10000005"))])
    fifths = measure_fifth(measure_standing(five, *CHOSEN)).filter(measure=ADULTS_IN_FOUR)
    assert rows(fifths, "area", "value", "note")[0] == ("E10000001", 1, "Of 5 councils with a value.")
    assert STANDING.filter(area=ENGLAND)["areas"].to_list() == [None] * 3


def test_values_are_in_the_measures_unit() -> None:
    found = rows(latest_measure(ASH), "measure", "unit", "value", "missing")
    assert found == [
        (SELF_HARM, "rate_per_100k", 150, None),
        (ADULTS_IN_FOUR, "share", 0.75, None),
        (SERIOUS_REGISTER, "rate_per_1k", pytest.approx(9), None),
    ]
    spread = measure_spread(ASH.filter(measure=ADULTS_IN_FOUR))
    assert rows(spread, "place_among_areas", "value") == [
        ("lowest", 0.475), ("first_quarter", 0.49375), ("third_quarter", 0.58125), ("highest", 0.75),
    ]  # fmt: skip


def test_what_was_not_read_is_left_out() -> None:
    nothing = [health_measures(), service_measures(), national_measures()]
    assert [made.height for made in nothing] == [0, 0, 0]
    assert official_measures(CHOSEN[0], *nothing).is_empty()
    assert official_measures(CHOSEN[0], place_pieces=PIECES).is_empty()
    beyond = OFFICIAL.select(health_measures().columns).head(1).with_columns(area=pl.lit("E47000001"))
    assert official_measures(CHOSEN[0], beyond).is_empty()


def test_children_and_regions_stand_among_the_measures() -> None:
    urgent = "CYP with eating disorders seen within 1 week if urgent, 12 months to the end"
    asked = {"area": "91Q", "period": "2021/22", "measure": urgent, "value": 0.5, "missing": None, "edition": "2021/22"}
    young = children_measures(pl.DataFrame([asked]), pl.DataFrame({"body": "91Q", "area": "E38000237", "whole": True}))
    waits = OFFICIAL.select(young.columns).filter(area="E10000001", measure=ADULTS_IN_FOUR, period="2024/25")
    board = waits.with_columns(area=pl.lit("E54000001"))
    pieces = PIECES.filter(pl.col("part") == "p")
    found = official_measures(CHOSEN[0], service_measures=board, children_measures=young, place_pieces=pieces)
    assert rows(found, "area", "measure", "value") == [
        ("E54000001", ADULTS_IN_FOUR, 0.75),
        ("E38000237", YOUNG_URGENT, 0.5),
        ("E12000001", ADULTS_IN_FOUR, 0.75),
    ]


def test_areas_that_share_small_areas_are_related_and_services_by_their_board() -> None:
    pieces = pl.DataFrame(
        [("E10000001", "p", "county"), ("E07000001", "p", "council"), ("E54000001", "p", "icb"),
         ("E12000001", "p", "region"), ("E54000002", "q", "icb")],
        schema=["area", "part", "kind"], orient="row",
    )  # fmt: skip
    codes = pl.DataFrame({"icb": ["E54000001"], "icb_ods": ["QE1"]})
    providers = pl.DataFrame({"provider": ["RXY", "RXX"], "icb": ["QE1", "QF7"]})
    found = related_areas(pieces, codes, providers).sort("area", "related")
    assert found.rows() == [
        ("E07000001", "E54000001"), ("E07000001", "RXY"), ("E10000001", "E07000001"), ("E10000001", "E54000001"),
        ("E10000001", "RXY"), ("E12000001", "E07000001"), ("E12000001", "E54000001"), ("E54000001", "E07000001"),
        ("E54000001", "RXY"),
    ]  # fmt: skip
    assert related_areas(pieces).height == 6


def test_the_chapter_holds_mean_rank_verdict_and_charts(tmp_path: Path) -> None:
    blocks = profile(measured_desk(tmp_path).looking_at(ASHIRE.codes), ASHIRE)
    first, compared = (block for block in blocks if isinstance(block, Table) and not block.slug.startswith("around"))
    assert [(row[0], *row[2:]) for row in shown(first)] == [
        (SELF_HARM, "150.0 per 100,000", "140.0 per 100,000", "125.0 per 100,000", "2= of 3", "–", "worse"),
        (SERIOUS_REGISTER, "9.0 per 1,000", "8.5 per 1,000", "8.3 per 1,000", "–", "–", "similar"),
        (ADULTS_IN_FOUR, "75.0%", "56.3%", "51.3%", "1 of 3", "–", "better"),
    ]
    assert shown(compared)[2][2:] == ("75.0%", "50.0%", "52.5%", "56.3%")
    assert [block.table.slug for block in blocks if isinstance(block, Chart)] == ["spine", "funnel-1"]
    around = [shown(block) for block in blocks if isinstance(block, Table) and block.slug.startswith("around")]
    assert around[0] == [(SERIOUS_REGISTER, "7.0 per 1,000"), (ADULTS_IN_FOUR, "47.5%")]


def test_england_is_not_compared_with_itself_and_a_place_without_measures_says_so(tmp_path: Path) -> None:
    here = measured_desk(tmp_path)
    whole = Place(Area(ENGLAND, "England", "country"), (), "2026")
    (found,) = profile(here.looking_at(whole.codes), whole)
    assert isinstance(found, Table)
    assert [column.title for column in found.columns] == ["Measure", "Period", "England"]
    nowhere = Place(Area("E05000001", "A ward", "ward"), (), "2026")
    told = "Of the measures that were taken in, none is published for A ward itself."
    assert profile(here.looking_at(nowhere.codes), nowhere) == [Paragraph((told,))]


def test_without_publications_a_box_names_them(tmp_path: Path) -> None:
    (box,) = profile(desk(tmp_path), ASHIRE)
    assert isinstance(box, Callout)


REGION = Place(Area("E12000001", "The North", "region"), (), "2026")
PIECES = pl.DataFrame(
    [("E12000001", "p", "region"), ("E12000002", "q", "region"), ("E54000001", "p", "icb"), ("E54000001", "q", "icb")],
    schema=["area", "part", "kind"], orient="row",
)  # fmt: skip


def test_a_region_is_not_spread_out_among_the_few_that_have_a_value() -> None:
    twice = [OFFICIAL.filter(area="E10000001").with_columns(area=pl.lit(code)) for code in ("E12000001", "E12000002")]
    stood = measure_standing(pl.concat([OFFICIAL, *twice]), *CHOSEN)
    assert rows(stood.filter(area="E12000001"), "measure", "kind", "areas", "highest", "upper_95", "verdict") == [
        (SELF_HARM, "regions", None, None, None, "worse"),
        (ADULTS_IN_FOUR, "regions", None, None, None, "better"),
        (SERIOUS_REGISTER, "regions", None, None, None, "similar"),
    ]
    assert stood.filter(kind="councils").drop("read_from").equals(STANDING.filter(kind="councils").drop("read_from"))


def test_a_region_is_told_why_it_has_nothing_or_what_was_added_up(tmp_path: Path) -> None:
    named = table(
        "areas",
        {"area": "E12000001", "name": "The North", "kind": "region"},
        {"area": "E54000001", "name": "A board on the border", "kind": "integrated care board"},
    )
    here = measured_desk(tmp_path / "none", place_pieces=PIECES, areas=named)
    nothing, why = profile(here.looking_at(REGION.codes), REGION)
    assert nothing == Paragraph(("Of the measures that were taken in, none is published for The North itself.",))
    assert why == Paragraph((f"{BY_REGION} {NOT_ADDED_UP.format('A board on the border')}",))
    own = OFFICIAL.filter(area="E10000001").with_columns(area=pl.lit("E12000001"))
    here = measured_desk(
        tmp_path / "own", place_pieces=PIECES, areas=named, official_measures=pl.concat([OFFICIAL, own])
    )
    assert profile(here.looking_at(REGION.codes), REGION)[0] == Paragraph(
        (f"{BY_REGION} {ADDED_UP.format('The North')}",)
    )


def test_a_county_is_told_what_is_published_by_district(tmp_path: Path) -> None:
    district = OFFICIAL.filter(area="E10000002").with_columns(area=pl.lit("E07000001"))
    county = OFFICIAL.filter(pl.col("measure") != SELF_HARM)
    here = measured_desk(tmp_path, official_measures=pl.concat([county, district]))
    assert profile(here.looking_at(ASHIRE.codes), ASHIRE)[0] == Paragraph((BY_DISTRICT.format(SELF_HARM),))
