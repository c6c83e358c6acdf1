import pytest

from parity.analyse.printed import half_unit
from parity.analyse.supply.indicators import (
    implied_capacity,
    service_capacity,
    service_gap,
    service_rate,
    service_rate_stated,
    service_share_of_benchmark,
    weighted_population_implied,
)
from tests.stages.analyse.frames import rows, table

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
COUNTED = "Counted over the people aged 15–64 of 1999, weighted by the York."
SOLVED = (
    "Solved from the table's own counts and rates (least absolute deviations, each row weighted by the precision of "
    "its printed rate): the source does not print it."
)


def test_capacity_is_summed_unless_the_type_is_given_as_a_whole() -> None:
    assert rows(service_capacity(SERVICES), "service_type", "measure", "value", "unit") == [
        ("Day", "places", 76.0, "count"),
        ("Day", "wte", 2.5, "wte"),
    ]
    half = SERVICES.with_columns(value=0.25)
    assert service_capacity(half)["unit"].to_list() == ["number", "wte"]


def test_rates_are_per_weighted_people() -> None:
    assert rows(service_rate(SERVICES, PEOPLE, INDEX), "measure", "value", "missing", "note") == [
        ("places", 76.0, None, COUNTED),
        ("wte", 2.5, None, COUNTED),
    ]


def test_a_weighted_population_that_is_not_printed_is_solved() -> None:
    printed = SERVICES.with_columns(rate_per_100k_weighted=SERVICES["value"] * 2, area=SERVICES["area"])
    rated = printed.with_columns(rate_per_100k_weighted_printed=printed["rate_per_100k_weighted"].cast(str))
    assert rows(weighted_population_implied(rated), "area", "period", "value", "note") == [
        ("L", "2000", 50_000.0, SOLVED)
    ]
    assert rows(service_rate(rated), "value", "note") == [(152.0, SOLVED), (5.0, SOLVED)]
    assert weighted_population_implied(SERVICES).is_empty()


def test_without_any_weighted_population_a_rate_is_missing() -> None:
    missing = "The population weighted by need is not known for this area."
    assert rows(service_rate(SERVICES), "value", "missing", "note") == [(None, missing, None)] * 2


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
