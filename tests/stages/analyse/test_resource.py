from pathlib import Path

import polars as pl
import pytest

from parity.analyse.resource.documents import chapter
from parity.analyse.resource.indicators import (
    care_balance_activity,
    care_balance_spend,
    combined_resource,
    combined_resource_share,
    combined_resource_total,
    cost_per_person,
    tier_share,
    unallocated_share,
)
from parity.documents.model import Table
from tests.stages.analyse.frames import desk, rows, table

ACCOUNT = ("statement", "area", "period")
POOL = table(
    "spend",
    {"statement": "pool", "area": "City", "body": "City PCT", "basis": "budget", "amount_gbp": 30},
    {"statement": "pool", "area": "City", "body": "City Council", "basis": "whole_department", "amount_gbp": 50},
    {"statement": "pool", "area": "Shire", "body": "Shire Council", "basis": "gross", "amount_gbp": 20},
    {"statement": "nought", "area": "City", "body": "City PCT", "basis": "budget", "amount_gbp": 0},
    {"statement": "nought", "area": "City", "body": "City Council", "basis": "budget", "amount_gbp": 0},
    {"statement": "alone", "area": "City", "body": "City Council", "basis": "gross", "amount_gbp": 9},
    period="2007",
    service="all",
    provider="all",
)
AREAS = table(
    "areas",
    {"area": "City", "parent": "Both"},
    {"area": "Shire", "parent": "Shires"},
    {"area": "Shires", "parent": "Both"},
    {"area": "Both", "parent": "Both"},
)
MIXED = "The amounts are on different bases (budget; whole department; gross), so the sum is only an order of size."


def test_each_body_brings_its_amount_on_its_own_basis() -> None:
    assert rows(combined_resource(POOL), *ACCOUNT, "body", "value", "basis") == [
        ("pool", "City", "2007", "City PCT", 30.0, "budget"),
        ("pool", "City", "2007", "City Council", 50.0, "whole_department"),
        ("pool", "Shire", "2007", "Shire Council", 20.0, "gross"),
        ("nought", "City", "2007", "City PCT", 0.0, "budget"),
        ("nought", "City", "2007", "City Council", 0.0, "budget"),
    ]


def test_the_whole_belongs_to_the_smallest_area_that_holds_all() -> None:
    assert rows(combined_resource_total(POOL, AREAS), *ACCOUNT, "value", "basis", "note") == [
        ("pool", "Both", "2007", 100.0, "mixed", MIXED),
        ("nought", "City", "2007", 0.0, "budget", None),
    ]
    assert rows(combined_resource_total(POOL), *ACCOUNT) == [("nought", "City", "2007")]


def test_shares_of_the_whole_say_that_bases_are_mixed() -> None:
    zero = "The sum of the bodies is zero, so nothing can be divided by it."
    assert rows(combined_resource_share(POOL), "statement", "body", "value", "missing", "basis", "note") == [
        ("pool", "City PCT", 0.3, None, "mixed", MIXED),
        ("pool", "City Council", 0.5, None, "mixed", MIXED),
        ("pool", "Shire Council", 0.2, None, "mixed", MIXED),
        ("nought", "City PCT", None, zero, "budget", None),
        ("nought", "City Council", None, zero, "budget", None),
    ]


TIERS = table(
    "spend",
    {"statement": "tiers", "service": "Beds", "tier": "4", "amount_gbp": 60, "note": "Inferred. A projection."},
    {"statement": "tiers", "service": "Homes", "tier": "4", "amount_gbp": 20, "note": "Inferred."},
    {"statement": "tiers", "service": "Meals", "tier": "2", "amount_gbp": 20},
    {"statement": "tiers", "service": "Managers", "tier": "unallocated", "amount_gbp": 25},
    {"statement": "plain", "service": "Beds", "amount_gbp": 5},
    {"statement": "nought", "service": "Beds", "tier": "4", "amount_gbp": 0},
    area="City",
    period="2007",
    body="Council",
    provider="all",
    basis="gross",
)


def test_tiers_share_what_is_allocated() -> None:
    zero = "The sum of the allocated lines is zero, so nothing can be divided by it."
    assert rows(tier_share(TIERS), *ACCOUNT, "tier", "value", "missing", "basis", "note") == [
        ("tiers", "City", "2007", "4", 0.8, None, "gross", "Inferred. A projection."),
        ("tiers", "City", "2007", "2", 0.2, None, "gross", None),
        ("nought", "City", "2007", "4", None, zero, "gross", None),
    ]


def test_what_is_not_allocated_stands_beside() -> None:
    zero = "The total of the statement is zero, so nothing can be divided by it."
    assert rows(unallocated_share(TIERS), *ACCOUNT, "value", "missing") == [
        ("tiers", "City", "2007", 0.2, None),
        ("nought", "City", "2007", None, zero),
    ]


def test_empty_tables_give_no_figure() -> None:
    empty: pl.DataFrame = POOL.clear()
    found = [
        combined_resource(empty),
        combined_resource_total(empty, AREAS),
        tier_share(empty),
        unallocated_share(empty),
    ]
    assert [frame.height for frame in found] == [0, 0, 0, 0]


SETTINGS = table(
    "care_settings",
    {"service": "Residential", "setting": "hospital or long-term"},
    {"service": "Hospital", "setting": "hospital or long-term"},
    {"service": "Home care", "setting": "community"},
    {"service": "Day care", "setting": "community"},
)
LINES = table(
    "spend",
    {"statement": "own", "service": "Residential", "amount_gbp": 30},
    {"statement": "own", "service": "Hospital", "amount_gbp": 30},
    {"statement": "own", "service": "Home care", "amount_gbp": 20},
    {"statement": "own", "service": "Management", "amount_gbp": 99},
    {"statement": "nought", "service": "Residential", "amount_gbp": 30},
    {"statement": "nought", "service": "Day care", "amount_gbp": 0},
    {"statement": "unknown", "service": "Residential"},
    {"statement": "unknown", "service": "Day care", "amount_gbp": 5, "basis": "net"},
    {"statement": "one side", "service": "Residential", "amount_gbp": 5},
    area="City",
    period="2010",
    body="Council",
    provider="all",
    basis="gross",
)
PLACES = table(
    "services",
    {"service_type": "Hospital", "service": "Ward 1", "measure": "beds", "value": 20},
    {"service_type": "Hospital", "service": "Ward 1", "measure": "wte", "value": 30},
    {"service_type": "Home care", "service": "all", "measure": "wte", "value": 60},
    {"service_type": "Recovery", "service": "all", "measure": "caseload", "value": 491, "note": "In the year."},
    {"service_type": "Empty", "service": "all", "measure": "caseload", "value": 0},
    {"service_type": "New", "service": "all", "measure": "caseload", "value": 5},
    area="City",
    period="2010",
)
CONTRACTS = table(
    "contracts",
    {"contract": "R1", "annual_value_gbp": 300_000},
    {"contract": "R2", "annual_value_gbp": 42_000},
    {"contract": "E1", "annual_value_gbp": 5},
    {"contract": "N1"},
    area="City",
)
BOUGHT = table(
    "contract_services",
    {"contract": "R1", "service_type": "Recovery"},
    {"contract": "R2", "service_type": "Recovery"},
    {"contract": "E1", "service_type": "Empty"},
    {"contract": "N1", "service_type": "New"},
)


def test_hospital_and_long_term_care_stand_against_the_community() -> None:
    assert rows(care_balance_spend(LINES, SETTINGS), *ACCOUNT, "value", "missing", "basis", "note") == [
        ("own", "City", "2010", 3.0, None, "gross", "Lines of neither setting, left out: 1."),
        ("nought", "City", "2010", None,
         "The amount of care in the community is zero, so nothing can be divided by it.", "gross", None),
        ("unknown", "City", "2010", None, "The amount of hospital or long-term care is not known.", "mixed", None),
    ]  # fmt: skip
    assert rows(care_balance_activity(PLACES, SETTINGS), "area", "period", "measure", "value") == [
        ("City", "2010", "wte", 0.5)
    ]


def test_a_persons_cost_is_that_of_all_contracts_that_buy_the_service() -> None:
    found = cost_per_person(CONTRACTS, PLACES, BOUGHT)
    assert rows(found, "area", "period", "service_type", "value", "missing", "note") == [
        ("City", "2010", "Recovery", 696.537678208, None, "In the year."),
        ("City", "2010", "Empty", None, "The number of people is zero, so nothing can be divided by it.", None),
        ("City", "2010", "New", None, "The value of a contract is not known.", None),
    ]


def test_empty_tables_have_no_balance_and_no_cost() -> None:
    assert care_balance_spend(LINES.clear(), SETTINGS).is_empty()
    assert care_balance_activity(PLACES.clear(), SETTINGS).is_empty()
    assert cost_per_person(CONTRACTS, PLACES.clear(), BOUGHT).is_empty()


@pytest.mark.usefixtures("db")
def test_the_chapter_shows_the_balance_of_spending(home: Path) -> None:
    known = LINES.drop_nulls("amount_gbp")
    blocks = chapter(desk(home, spend=known, care_settings=SETTINGS))
    (balance,) = (block for block in blocks if isinstance(block, Table) and block.slug == "care-balance-spend")
    assert [row[0] for row in balance.rows] == ["Own", "Nought"]
