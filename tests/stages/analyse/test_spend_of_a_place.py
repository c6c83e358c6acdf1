"""The chapters on spend and resource of any place, from tables as they are computed."""

from pathlib import Path

import polars as pl

from parity.analyse.market.documents import TOPIC as MARKET
from parity.analyse.resource.documents import TOPIC as RESOURCE
from parity.analyse.spend.documents import TOPIC as SPEND
from parity.documents.model import Block, Callout, Paragraph, Table
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.areas import ENGLAND, Place
from tests.stages.analyse import frames
from tests.stages.analyse.test_care_costs import ACTIVITY, UNITS
from tests.stages.analyse.test_care_spend import ASC, DEFLATORS, HEADS, KENT, LINES, PROVIDERS, SHEFFIELD
from tests.stages.analyse.test_nhs_spend import BOARD, COSTS, PLACED, SAME, SPENT
from tests.stages.analyse.test_nhs_spend import HEADS as NHS_HEADS

DISTRICT = "E07000105"
AREAS = pl.DataFrame(
    [
        (KENT, "Kent", "county"),
        (SHEFFIELD, "Sheffield", "metropolitan district"),
        (DISTRICT, "Ashford", "district"),
        ("E05000001", "A ward", "ward"),
        (BOARD, "Board A", "integrated care board"),
        (SAME, "Location A", "sub-ICB location"),
        (ENGLAND, "England", "country"),
    ],
    schema=["area", "name", "kind"],
    orient="row",
)
BESIDE = pl.DataFrame(
    {
        "area": [KENT], "comparator": [SHEFFIELD], "period": ["2016/17"], "people": ["mental health support, 18 to 64"],
        "amount_gbp": [100.0], "basis": ["gross"], "own": [10.0], "theirs": [20.0], "their_basis": ["gross"],
    }
)  # fmt: skip
PEOPLE = pl.DataFrame(
    {"cassr": ["820"], "period": ["2013/14"], "measure": ["A4.4"], "value": [80.0], "missing": [None]},
    schema_overrides={"missing": pl.String},
)
BODIES = pl.DataFrame({"area": [KENT, SHEFFIELD, DISTRICT, ENGLAND], "body": [KENT, SHEFFIELD, KENT, ENGLAND]})
BUYERS = pl.DataFrame({"area": [KENT, KENT, DISTRICT], "body": [BOARD, SAME, BOARD]})


TABLES = {
    "areas": AREAS, "care_bodies": BODIES, "care_lines": LINES, "care_heads": HEADS, "care_beside": BESIDE,
    "care_providers": PROVIDERS, "care_unit_costs": UNITS, "deflators": DEFLATORS, "pss_activity": PEOPLE,
    "asc_activity": ACTIVITY, "asc_expenditure": ASC, "nhs_buyers": BUYERS, "nhs_spending": SPENT,
    "nhs_heads": NHS_HEADS, "placements": PLACED,
    "national_cost_collection": COSTS,
}  # fmt: skip


def blocks_of(topic: Topic, home: Path, code: str, *compared: str, **other: pl.DataFrame) -> list[Block]:
    desk = frames.desk(home, **{**TABLES, **other})
    place = Place(desk.areas[code], tuple(desk.areas[other] for other in compared), "2026")
    assert topic.profile is not None
    return list(topic.profile(desk.looking_at(place.codes), place))


def tables_in(blocks: list[Block]) -> dict[str, list[list[str]]]:
    return {
        block.slug: [[cell if isinstance(cell, str) else cell.text for cell in row] for row in block.rows]
        for block in blocks
        if isinstance(block, Table)
    }


def boxes_in(blocks: list[Block]) -> list[str]:
    return [block.title for block in blocks if isinstance(block, Callout)]


def test_a_county_beside_another_council(tmp_path: Path) -> None:
    blocks = blocks_of(SPEND, tmp_path, KENT, SHEFFIELD)
    found = tables_in(blocks)
    assert boxes_in(blocks) == []
    assert found["care-spend"][0] == ["Mental health support, 18 to 64", "£100", "£40", "£300"]
    assert found["care-heads"][0] == [
        "Mental health support, 18 to 64",
        "£10.00 a head",
        "£20.00 a head",
        "£25.00 a head",
    ]
    among = "Of 2 councils; within the range."
    quarters = ["£12.50 a head", "£15.00 a head", "£17.50 a head"]
    kent = ["Mental health support, 18 to 64", "Kent", "£10.00 a head", *quarters, "2", among]
    assert found["care-ranks"][:1] == [kent]
    assert {row[1] for row in found["care-ranks"]} == {"Kent"}
    assert found["care-ranks-beside"][:2] == [
        kent,
        ["Mental health support, 18 to 64", "Sheffield", "£20.00 a head", *quarters, "1", among],
    ]
    assert found["care-services"][0] == ["Residential", "60.0%"]
    assert found["care-change"][0] == ["Mental health support, 18 to 64", "−21.9%", "134.4%"]
    assert found["care-what-if"] == [["Mental health support, 18 to 64", "−£100"]]
    assert [row[0] for row in found["nhs-ranks"]] == ["Location A"]
    assert found["nhs-spend"] == [
        ["Location A", "£100", "£80"],
        ["England", "£150", "£80"],
    ]


def test_a_district_is_spoken_for_by_its_county(tmp_path: Path) -> None:
    for topic in (SPEND, RESOURCE):
        assert boxes_in(blocks_of(topic, tmp_path, DISTRICT))[:1] == ["Who speaks for Ashford"]


def test_for_a_ward_nobody_speaks_and_england_is_shown(tmp_path: Path) -> None:
    blocks = blocks_of(SPEND, tmp_path, "E05000001")
    assert boxes_in(blocks) == ["What councils spend on social care is not shown", "England alone"]
    assert tables_in(blocks)["nhs-spend"] == [["England", "£150", "£80"]]
    assert boxes_in(blocks_of(RESOURCE, tmp_path, "E05000001")) == [
        "What social care costs is not shown",
        "England alone",
    ]


def test_homes_unit_costs_and_placements(tmp_path: Path) -> None:
    found = tables_in(blocks_of(RESOURCE, tmp_path, KENT, SHEFFIELD))
    assert found["care-homes"] == [["Mental health support, 18 to 64", "66.7%", "100.0%", "100.0%"]]
    assert found["care-people"] == [["Home care", "80"]]
    assert found["care-weeks"][0] == ["Mental health support, 18 to 64", "Residential", "10"]
    assert found["unit-costs-2013"] == [
        ["Mental health, 18 to 64: residential care, a week", "£150.00", "£11.00", "£12.00", "£13.00", "1",
         "Of 5 councils; far above."]
    ]  # fmt: skip
    assert found["placements"][0] == ["Location A", "5"]
    assert found["placement-distance"][0] == ["Less than 25 km", "not available", "25.0%"]
    assert found["national-costs-1"] == [
        ["A01: Day Care", "£20.00", "10"],
        ["A02: Crisis", "not available", "not available"],
    ]


def test_what_councils_give_themselves_and_what_they_buy(tmp_path: Path) -> None:
    blocks = blocks_of(MARKET, tmp_path, DISTRICT)
    assert boxes_in(blocks) == ["Who speaks for Ashford"]
    found = tables_in(blocks)
    assert found["care-outside"] == [
        ["Mental health support, 18 to 64", "75.0%", "75.0%"],
        ["Mental health support, 65 and over", "not available", "not available"],
    ]
    assert found["care-providers"][0] == ["Mental health support, 18 to 64", "25.0%", "62.5%", "12.5%"]
    assert found["care-weeks-outside"] == [["Mental health support, 18 to 64", "not available"]]
    assert boxes_in(blocks_of(MARKET, tmp_path, "E05000001")) == ["Who provides social care is not shown"]


def test_where_only_england_is_told_no_table_pretends_to_be_of_the_place(tmp_path: Path) -> None:
    region = "E12000008"
    other = {
        "areas": pl.concat([AREAS, pl.DataFrame({"area": [region], "name": ["South East"], "kind": ["region"]})]),
        "care_bodies": pl.DataFrame({"area": [region, ENGLAND], "body": [region, ENGLAND]}),
    }
    market, spend, resource = (blocks_of(each, tmp_path, region, **other) for each in (MARKET, SPEND, RESOURCE))
    words = "What is paid to others is returned by council, and was not told for this area as it is today."
    assert Paragraph((words,)) in market
    assert "care-outside" not in tables_in(market)
    assert "care-change" not in tables_in(spend)
    assert not {"care-people", "unit-cost-changes"} & tables_in(resource).keys()


def test_england_has_no_rank_among_councils(tmp_path: Path) -> None:
    found = tables_in(blocks_of(RESOURCE, tmp_path, ENGLAND))
    assert found["unit-costs-2013"][0][-2:] == ["–", "Not a council."]


def test_for_england_the_councils_that_lie_far_outside_are_named(tmp_path: Path) -> None:
    far = pl.when(pl.col("area") == KENT).then(pl.lit("far above")).otherwise("standing").alias("standing")
    heads, units = HEADS.with_columns(far), UNITS.with_columns(far)
    found = tables_in(blocks_of(SPEND, tmp_path, ENGLAND, care_heads=heads))
    assert [row[:3] for row in found["care-ranks"]] == [
        ["Mental health support, 18 to 64", "Kent", "£10.00 a head"],
        ["All adult social care", "Kent", "£20.00 a head"],
    ]
    costs = tables_in(blocks_of(RESOURCE, tmp_path, ENGLAND, care_unit_costs=units))["unit-costs-far"]
    named = "Mental health support, 18 to 64: residential care, a week"
    assert costs == [[named, "Kent", "£50.00", "1", "Of 1 councils; far above."]]


def test_without_any_table_a_sentence_says_what_is_needed(tmp_path: Path) -> None:
    desk = Desk(frames.desk(tmp_path, areas=AREAS).store, "sample")
    place = Place(desk.areas[KENT])
    assert SPEND.profile is not None
    assert RESOURCE.profile is not None
    councils, _, nhs = SPEND.profile(desk, place)
    (costs,) = RESOURCE.profile(desk, place)
    titles = "What councils spend on social care is not shown", "What social care costs is not shown"
    assert [block.title for block in (councils, costs) if isinstance(block, Callout)] == list(titles)
    needed = "access_and_spend, population_health_geographies, lsoa_health"
    assert nhs == Paragraph((f"It needs the official tables {needed}, which were not taken in yet.",))
