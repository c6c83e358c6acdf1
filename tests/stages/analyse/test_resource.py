import polars as pl

from parity.analyse.resource.indicators import (
    combined_resource,
    combined_resource_share,
    combined_resource_total,
    tier_share,
    unallocated_share,
)
from tests.stages.analyse.frames import rows, table

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
