import polars as pl
import pytest

from parity.analyse.printed import half_unit
from parity.analyse.supply.indicators import (
    NO_PEOPLE,
    implied_capacity,
    service_capacity,
    service_gap,
    service_gap_in_people,
    service_rate,
    service_rate_stated,
    service_rate_unweighted,
    service_share_of_benchmark,
    services_by_client_group,
    services_by_tier,
    services_by_type,
    weighted_population_implied,
)
from parity.assumptions import assumption
from tests.stages.analyse.frames import rows, table

SURE = assumption("confidence_level")

PEOPLE = table(
    "population",
    {"period": "1990", "people": 1},
    {"period": "1999", "people": 50_000},
    area="L",
    population_group="15–64",
    counted_as="resident",
)
INDEX = table("need_index", {"area": "L", "period": "1999", "index_name": "York", "index_value": 200})
SERVICES = table(
    "services",
    {"service_type": "Day", "service": "NHS", "measure": "places", "value": 46},
    {"service_type": "Day", "service": "Local authority", "measure": "places", "value": 30},
    {"service_type": "Day", "service": "all", "measure": "wte", "value": 2.5},
    {"service_type": "Day", "service": "NHS", "measure": "wte", "value": 99},
    area="L",
    period="2000",
)
STATED = table(
    "service_rates",
    {"area": "L", "service_type": "Nurses", "measure": "wte", "rate_per_100k_weighted": 10, "note": "As printed"},
    {"area": "S", "service_type": "Nurses", "measure": "wte", "rate_per_100k_weighted": 20},
    {"area": "T", "service_type": "Nurses", "measure": "wte", "rate_per_100k_weighted": 30},
    {"area": "S", "service_type": "Day", "measure": "places, all", "rate_per_100k_weighted": 152},
    {"area": "S", "service_type": "Day", "measure": "places, local authority", "rate_per_100k_weighted": 40},
    {"area": "S", "service_type": "Day", "measure": "wte", "rate_per_100k_weighted": 0},
    {"area": "M", "service_type": "Nurses", "measure": "wte", "rate_per_100k_weighted": 5},
    period="2000",
)
COMPARED = table(
    "comparators",
    {"area": "L", "comparator": "S", "use": "supply"},
    {"area": "L", "comparator": "T", "use": "supply"},
    {"area": "M", "comparator": "T", "use": "supply"},
    {"area": "L", "comparator": "M", "use": "need"},
)
DIRECTORY = table(
    "service_directory",
    {"service_type": "Day", "service": "NHS", "provider": "Trust", "provider_kind": "NHS", "tier": "3"},
    {"service_type": "Day", "service": "Local authority", "provider": "Council", "provider_kind": "in-house"},
    {"service_type": "Club", "service": "Drop-in", "period": "2002", "client_group": "carers"},
    {"service_type": "Day", "service": "Old", "status": "defunct", "tier": "1"},
    {"service_type": "Day", "service": "There", "area": "M", "status": "temporarily closed", "period": "2003 to 2004"},
    **{"area": "L", "period": "2000", "status": "active"},
)
COUNTED = "Counted over the people aged 15–64 of 1999, weighted by the York."
SOLVED = (
    "Solved from the table's own counts and rates (least absolute deviations, each row weighted by the precision of "
    "its printed rate): the source does not print it."
)


def test_services_in_use_are_counted_by_area() -> None:
    assert rows(services_by_type(DIRECTORY), "area", "period", "service_type", "value") == [
        ("L", "2000 to 2002", "Day", 2.0),
        ("L", "2000 to 2002", "Club", 1.0),
        ("M", "2003 to 2004", "Day", 1.0),
    ]
    assert rows(services_by_tier(DIRECTORY), "area", "tier", "value") == [
        ("L", "3", 1.0),
        ("L", "not stated", 2.0),
        ("M", "not stated", 1.0),
    ]
    assert rows(services_by_client_group(DIRECTORY), "area", "client_group", "value") == [
        ("L", "not stated", 2.0),
        ("L", "carers", 1.0),
        ("M", "not stated", 1.0),
    ]
    assert services_by_type(DIRECTORY.clear()).is_empty()


def test_a_rate_of_people_has_an_interval_and_no_other() -> None:
    """Byar for 100 people and exact for 9, over 100,000 weighted people; not for half a person, nor for places."""
    held = table(
        "services",
        {"service_type": "Many", "measure": "caseload", "value": 100},
        {"service_type": "Few", "measure": "caseload", "value": 9},
        {"service_type": "Half", "measure": "caseload", "value": 9.5},
        {"service_type": "Places", "measure": "places", "value": 100},
        **{"area": "L", "period": "2000", "service": "all"},
    )
    assert [
        (kind, value, lower and round(lower, 2), upper and round(upper, 2))
        for kind, value, lower, upper in service_rate(held, SURE, PEOPLE, INDEX)
        .select("service_type", "value", "lower", "upper")
        .iter_rows()
    ] == [
        ("Many", 100.0, 81.36, 121.63),
        ("Few", 9.0, 4.12, 17.08),
        ("Half", 9.5, None, None),
        ("Places", 100.0, None, None),
    ]


def test_rates_without_weighting_are_per_people_of_working_age() -> None:
    words = "Counted over the people aged 15–64 of 1999."
    assert rows(service_rate_unweighted(SERVICES, SURE, PEOPLE), "measure", "value", "missing", "note") == [
        ("places", 152.0, None, words),
        ("wte", 5.0, None, words),
    ]
    unknown = rows(service_rate_unweighted(SERVICES, SURE), "value", "missing", "note")
    assert unknown == [(None, NO_PEOPLE, None)] * 2


def test_staff_of_one_role_stand_beside_staff_of_all_roles() -> None:
    nurses = SERVICES.filter(pl.col("measure") == "wte").with_columns(measure=pl.lit("wte nurse"), value=1.5)
    both = service_capacity(pl.concat([SERVICES, nurses]))
    assert rows(both, "measure", "value", "unit") == [
        ("places", 76.0, "count"),
        ("wte", 2.5, "wte"),
        ("wte nurse", 1.5, "wte"),
    ]


def test_capacity_is_summed_unless_the_type_is_given_as_a_whole() -> None:
    assert rows(service_capacity(SERVICES), "service_type", "measure", "value", "unit") == [
        ("Day", "places", 76.0, "count"),
        ("Day", "wte", 2.5, "wte"),
    ]
    half = SERVICES.with_columns(value=0.25)
    assert service_capacity(half)["unit"].to_list() == ["number", "wte"]


def test_rates_are_per_weighted_people() -> None:
    assert rows(service_rate(SERVICES, SURE, PEOPLE, INDEX), "measure", "value", "missing", "note") == [
        ("places", 76.0, None, COUNTED),
        ("wte", 2.5, None, COUNTED),
    ]


def test_a_weighted_population_that_is_not_printed_is_solved() -> None:
    printed = SERVICES.with_columns(rate_per_100k_weighted=SERVICES["value"] * 2, area=SERVICES["area"])
    rated = printed.with_columns(rate_per_100k_weighted_printed=printed["rate_per_100k_weighted"].cast(str))
    assert rows(weighted_population_implied(rated), "area", "period", "value", "note") == [
        ("L", "2000", 50_000.0, SOLVED)
    ]
    assert rows(service_rate(rated, SURE), "value", "note") == [(152.0, SOLVED), (5.0, SOLVED)]
    assert weighted_population_implied(SERVICES).is_empty()


def test_without_any_weighted_population_a_rate_is_missing() -> None:
    missing = "The population weighted by need is not known for this area."
    assert rows(service_rate(SERVICES, SURE), "value", "missing", "note") == [(None, missing, None)] * 2


def test_stated_rates_are_as_stated() -> None:
    assert service_rate_stated(STATED)["value"].to_list() == STATED["rate_per_100k_weighted"].to_list()


def test_shares_of_the_benchmark_compare_like_with_like() -> None:
    areas = table("areas", {"area": "S", "name": "Survey average"})
    found = service_share_of_benchmark(STATED, COMPARED, SERVICES, PEOPLE, INDEX, areas)
    both, one = "Benchmark: Survey average, T.", "Benchmark: Survey average."
    assert rows(found, "area", "service_type", "measure", "value", "missing", "note") == [
        ("L", "Nurses", "wte", 10 / 25, None, f"{COUNTED} {both}"),
        ("M", "Nurses", "wte", round(1 / 6, 9), None, "Benchmark: T."),
        ("L", "Day", "wte", None, "The benchmark is zero, so nothing can be divided by it.", f"{COUNTED} {one}"),
        ("L", "Day", "places, all", 0.5, None, f"{COUNTED} {one}"),
        ("L", "Day", "places, local authority", 0.75, None, f"{COUNTED} {one}"),
    ]


def test_the_gap_is_in_places_or_posts() -> None:
    found = service_gap(STATED, COMPARED, SERVICES, PEOPLE, INDEX)
    assert rows(found, "area", "measure", "value", "unit", "missing") == [
        ("L", "wte", 15.0, "wte", None),
        ("M", "wte", None, "wte", "The population weighted by need is not known for this area."),
        ("L", "wte", -2.5, "wte", None),
        ("L", "places, all", 76.0, "number", None),
        ("L", "places, local authority", 10.0, "number", None),
    ]


def test_a_stated_rate_implies_a_number() -> None:
    found = implied_capacity(STATED, None, PEOPLE, INDEX)
    assert rows(found, "area", "measure", "value", "unit", "note") == [
        ("L", "wte", 10.0, "wte", f"As printed. {COUNTED}")
    ]


def test_empty_tables_give_no_figure() -> None:
    assert service_capacity(SERVICES.clear()).is_empty()
    assert service_gap(STATED.clear(), COMPARED).is_empty()


@pytest.mark.parametrize(
    ("printed", "value", "half"),
    [("56%", 0.56, 0.005), ("0%", 0.0, 0.005), ("0.561", 0.561, 0.0005), ("£12k", 12_000, 500), ("none", 0.0, 0.05)],
)
def test_half_a_unit_is_that_of_the_printed_text(printed: str, value: float, half: float) -> None:
    assert half_unit(printed, value) == half


def test_a_gap_in_people_has_an_interval_and_one_in_places_has_none() -> None:
    seen = table(
        "services",
        {"service_type": "Team", "service": "North", "measure": "caseload", "value": 60},
        {"service_type": "Team", "service": "South", "measure": "caseload", "value": 40},
        {"service_type": "Team", "service": "all", "measure": "places", "value": 50},
        {"service_type": "Half", "service": "all", "measure": "caseload", "value": 0.5},
        area="L",
        period="2000",
    )
    names = ("caseload", "caseload, south", "places")
    rates = [{"area": "S", "service_type": "Team", "measure": name, "rate_per_100k_weighted": 110} for name in names]
    stated = table("service_rates", *rates, {**rates[0], "service_type": "Half"}, period="2000")
    found = service_gap_in_people(seen, stated, COMPARED, SURE, PEOPLE, INDEX)
    # 100 people of 100,000 weighted: Byar's limits 81.36 to 121.63; 40 people: 28.57 to 54.47
    assert rows(found, "measure", "value", "lower", "upper", "note") == [
        ("caseload", 10.0, -11.627937579, 28.637894509, COUNTED),
        ("caseload, south", 70.0, 55.52990068, 81.426700134, COUNTED),
    ]
    others = service_gap(stated, COMPARED, seen, PEOPLE, INDEX)
    assert rows(others, "service_type", "measure", "value") == [("Team", "places", 60.0), ("Half", "caseload", 109.5)]
    assert service_gap_in_people(seen.clear(), stated, COMPARED, SURE).is_empty()
