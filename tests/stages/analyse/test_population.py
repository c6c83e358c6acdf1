import polars as pl

from parity.analyse.population.indicators import (
    community_people,
    community_share,
    ethnic_location_quotient,
    ethnic_minority_share,
    ethnic_share,
)
from tests.stages.analyse.frames import rows, table

MIX = table(
    "ethnic_mix",
    {"area": "A", "ethnic_group": "White British", "share": 0.5},
    {"area": "A", "ethnic_group": "White Irish", "share": 0.25},
    {"area": "A", "ethnic_group": "Asian", "share": 0.25, "note": "As printed."},
    {"area": "B", "ethnic_group": "White British", "share": 0.25},
    {"area": "B", "ethnic_group": "Asian", "share": 0.0},
    {"area": "C", "ethnic_group": "White British", "share": None},
    {"area": "D", "ethnic_group": "Asian", "share": 0.5},
    period="2007",
)
COMPARED = table(
    "comparators",
    {"area": "A", "comparator": "B", "use": "need"},
    {"area": "A", "comparator": "C", "use": "need"},
    {"area": "A", "comparator": "D", "use": "spend"},
)


def test_shares_are_as_stated_and_an_unread_one_is_missing() -> None:
    found = rows(ethnic_share(MIX), "area", "ethnic_group", "value", "missing", "note")
    assert found[2] == ("A", "Asian", 0.25, None, "As printed.")
    assert found[5] == ("C", "White British", None, "The source's cell cannot be read.", None)
    assert len(found) == MIX.height


def test_a_quotient_stands_beside_every_comparator_of_need() -> None:
    areas = table("areas", {"area": "B", "name": "Bee"})
    found = ethnic_location_quotient(MIX, COMPARED, areas)
    assert rows(found, "area", "period", "ethnic_group", "comparator", "value", "missing") == [
        ("A", "2007", "White British", "Bee", 2.0, None),
        ("A", "2007", "White British", "C", None, "The comparator's share is not known."),
        ("A", "2007", "Asian", "Bee", None, "The comparator's share is zero, so nothing can be divided by it."),
    ]


def test_minority_groups_are_all_but_white() -> None:
    unknown = "The source names no White group, or the share of one cannot be read."
    assert rows(ethnic_minority_share(MIX), "area", "value", "missing") == [
        ("A", 0.25, None),
        ("B", 0.75, None),
        ("C", None, unknown),
        ("D", None, unknown),
    ]


def test_an_empty_table_gives_no_figure() -> None:
    empty: pl.DataFrame = MIX.clear()
    assert [len(found) for found in (ethnic_share(empty), ethnic_minority_share(empty))] == [0, 0]
    assert ethnic_location_quotient(empty, COMPARED).is_empty()


COMMUNITIES = table(
    "community_estimates",
    {"area": "L", "community": "Somali", "people_low": 8_000, "people_high": 10_000, "note": "Printed as 8-10,000."},
    {"area": "X", "community": "Polish", "people_low": 3_000, "people_high": 5_000},
    {"area": "Z", "community": "Polish", "people_low": 0, "people_high": 5},
    period="2010",
)
EVERYONE = table(
    "population",
    {"area": "L", "period": "2001", "people": 1},
    {"area": "L", "period": "2010", "people": 350_000},
    {"area": "Z", "period": "2010", "people": 0},
    population_group="all ages",
    counted_as="registered",
)


def test_a_community_keeps_both_ends_of_its_estimate() -> None:
    assert rows(community_people(COMMUNITIES), "area", "period", "community", "end", "value", "note") == [
        ("L", "2010", "Somali", "low", 8000.0, "Printed as 8-10,000."),
        ("L", "2010", "Somali", "high", 10000.0, "Printed as 8-10,000."),
        ("X", "2010", "Polish", "low", 3000.0, None),
        ("X", "2010", "Polish", "high", 5000.0, None),
        ("Z", "2010", "Polish", "low", 0.0, None),
        ("Z", "2010", "Polish", "high", 5.0, None),
    ]


def test_a_communitys_share_is_of_the_latest_population() -> None:
    unknown = "The population of all ages is not known."
    nobody = "The population of all ages is zero, so nothing can be divided by it."
    assert rows(community_share(COMMUNITIES, EVERYONE), "area", "end", "value", "missing", "note") == [
        ("L", "low", 0.022857143, None, "Of the population of 2010."),
        ("L", "high", 0.028571429, None, "Of the population of 2010."),
        ("X", "low", None, unknown, None),
        ("X", "high", None, unknown, None),
        ("Z", "low", None, nobody, "Of the population of 2010."),
        ("Z", "high", None, nobody, "Of the population of 2010."),
    ]


def test_no_estimates_give_no_figure() -> None:
    assert community_people(COMMUNITIES.clear()).is_empty()
    assert community_share(COMMUNITIES.clear(), EVERYONE).is_empty()
