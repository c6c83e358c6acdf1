import polars as pl
import pytest

from parity.analyse.market.indicators import (
    UNNAMED,
    UNSORTED,
    external_capacity_share,
    market_concentration,
    market_share,
    services_by_provider_kind,
    spend_concentration,
)
from parity.assumptions import assumption
from tests.stages.analyse.frames import rows, table

BANDS = [assumption("hhi_concentrated"), assumption("hhi_high")]
LIMITS = "the limits are 1,000 and 2,000."
HELD = {"A": 40, "B": 30, "C": 20, "D": 10}
SERVICES = table(
    "services",
    *({"service_type": "Home", "service": name, "value": places} for name, places in HELD.items()),
    {"service_type": "Home", "service": "all", "value": 1000},
    {"service_type": "Day", "service": "Known", "value": 30},
    {"service_type": "Day", "service": "Unlisted", "value": 10},
    {"service_type": "Club", "service": "Nobody's", "value": 5},
    {"service_type": "Empty", "service": "None held", "value": 0},
    **{"area": "L", "period": "2000", "measure": "places"},
)
KINDS = dict(zip(HELD, ("in-house", "NHS", "independent", "voluntary"), strict=True))
DIRECTORY = table(
    "service_directory",
    *(
        {"service_type": "Home", "service": name, "provider": name, "provider_kind": kind}
        for name, kind in KINDS.items()
    ),
    {"service_type": "Day", "service": "Known", "provider": "A", "provider_kind": "in-house"},
    {"service_type": "Club", "service": "Nobody's"},
    {"service_type": "Empty", "service": "None held", "provider": "B", "provider_kind": "NHS"},
    **{"area": "L", "period": "2000", "status": "active"},
)
LINE = {"statement": "S", "area": "L", "period": "2000", "basis": "gross"}


def test_services_are_counted_by_kind_of_provider() -> None:
    assert rows(services_by_provider_kind(DIRECTORY), "provider_kind", "value") == [
        ("in-house", 2.0),
        ("NHS", 2.0),
        ("independent", 1.0),
        ("voluntary", 1.0),
        ("not stated", 1.0),
    ]


def test_a_market_is_shared_by_those_who_hold_it() -> None:
    assert rows(market_share(SERVICES, DIRECTORY), "market", "provider", "value", "missing") == [
        *(("Home, places", name, places / 100, None) for name, places in HELD.items()),
        ("Day, places", "A", 0.75, None),
        ("Day, places", "not stated", 0.25, None),
        ("Empty, places", "B", None, "The sum of the services is zero, so nothing can be divided by it."),
    ]


def test_concentration_is_3000_for_the_known_example() -> None:
    found = market_concentration(SERVICES, DIRECTORY, *BANDS)
    assert rows(found, "market", "value", "missing", "note") == [
        ("Home, places", 3000.0, None, f"A market that is highly concentrated: {LIMITS}"),
        ("Day, places", None, UNNAMED, None),
        ("Empty, places", None, UNNAMED, None),
    ]


@pytest.mark.parametrize(
    ("shares", "band"),
    [
        ([10] * 10, "not concentrated"),
        ([20] * 5, "concentrated"),
        ([25] * 4, "highly concentrated"),
    ],
)
def test_the_note_says_what_it_is_called(shares: list[int], band: str) -> None:
    """An index at a limit itself, 1,000 or 2,000, is not above it."""
    names = [str(number) for number in range(len(shares))]
    spend = table(
        "spend",
        *(
            {"provider": name, "amount_gbp": share, **LINE, "service": "Care"}
            for name, share in zip(names, shares, strict=True)
        ),
    )
    (found,) = rows(spend_concentration(spend, *BANDS), "value", "note", "basis")
    assert found == (float(sum(share**2 for share in shares)), f"A market that is {band}: {LIMITS}", "gross")


def test_money_for_kinds_of_providers_tells_no_concentration() -> None:
    spend = table(
        "spend",
        {"service": "Kinds", "provider": "voluntary", "amount_gbp": 5},
        {"service": "Kinds", "provider": "A", "amount_gbp": 5},
        {"service": "Nothing", "provider": "A", "amount_gbp": 0},
        **LINE,
    )
    assert rows(spend_concentration(spend, *BANDS), "service", "value", "missing") == [
        ("Nothing", None, "Nothing is spent on it in sum.")
    ]


def test_the_share_outside_needs_every_kind() -> None:
    assert rows(external_capacity_share(SERVICES, DIRECTORY), "market", "value", "missing") == [
        ("Home, places", 0.3, None),
        ("Day, places", None, UNSORTED),
        ("Empty, places", None, "The sum of the services is zero, so nothing can be divided by it."),
    ]


def test_without_services_there_is_no_market() -> None:
    nothing: pl.DataFrame = SERVICES.clear()
    assert [
        found.height
        for found in (
            market_share(nothing, DIRECTORY),
            market_concentration(SERVICES, DIRECTORY.clear(), *BANDS),
            external_capacity_share(nothing, DIRECTORY),
        )
    ] == [0, 0, 0]
