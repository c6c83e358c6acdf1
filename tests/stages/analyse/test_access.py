import pytest

from parity.analyse.access.indicators import (
    contact_rate,
    contact_rate_difference,
    contact_rate_z,
    contacts_population_implied,
    people_untreated,
    treatment_gap_share,
    untreated_share_of_people,
)
from parity.assumptions import assumption
from tests.stages.analyse.frames import rows, table

CONTACTS = table(
    "service_contacts",
    {"area": "C", "people": 6154, "rate_per_100k": 2085, "note": "Two areas."},
    {"area": "E", "rate_per_100k": 2176},
    {"area": "P", "people": 20},
    {"area": "Q", "people": 5},
    {"area": "R"},
    {"area": "Z", "people": 0, "rate_per_100k": 0},
    period="2013",
    population_group="adults",
)
PEOPLE = table(
    "population", {"area": "P", "people": 100}, period="2013", population_group="adults", counted_as="resident"
)
COMPARED = table(
    "comparators",
    {"area": "C", "comparator": "E", "use": "access"},
    {"area": "P", "comparator": "C", "use": "access"},
    {"area": "P", "comparator": "R", "use": "access"},
    {"area": "E", "comparator": "C", "use": "need"},
)
AREAS = table("areas", {"area": "E", "name": "England"}, {"area": "C", "name": "County"}, {"area": "R", "name": "Arr"})
SURE = assumption("confidence_level")


def test_a_stated_rate_keeps_its_value_and_gets_the_interval_of_its_count() -> None:
    found = contact_rate(CONTACTS, SURE, PEOPLE, COMPARED, AREAS)
    county, england, counted, unknown, _, _ = rows(found, "value", "lower", "upper", "missing", "note")
    assert county[0] == 2085
    assert county[1:3] == (pytest.approx(2033.228, abs=1e-3), pytest.approx(2137.755, abs=1e-3))
    assert county[3:] == (None, "Two areas. Significantly lower than England.")
    assert england == (2176.0, None, None, None, None)
    assert counted[0] == 20_000
    assert counted[1:3] == (pytest.approx(12_211.4288), pytest.approx(30_889.8804))
    assert counted[3:] == (None, "Significantly higher than County.")
    assert unknown == (None, None, None, "The population is not known.", None)


def test_without_populations_and_comparators_stated_rates_remain() -> None:
    found = contact_rate(CONTACTS, SURE)
    assert rows(found, "area", "value", "missing", "note") == [
        ("C", 2085.0, None, "Two areas."),
        ("E", 2176.0, None, None),
        ("P", None, "The population is not known.", None),
        ("Q", None, "The population is not known.", None),
        ("R", None, "The number of people is not known.", None),
        ("Z", 0.0, None, None),
    ]


def test_an_interval_around_the_comparator_is_no_difference() -> None:
    same = CONTACTS.with_columns(rate_per_100k=2085.0)
    assert contact_rate(same, SURE, None, COMPARED, AREAS)["note"][0] == (
        "Two areas. Not significantly different from England."
    )


def test_z_uses_the_implied_population_in_whole_people() -> None:
    found = contact_rate_z(CONTACTS, COMPARED, PEOPLE, AREAS)
    assert rows(found, "area", "comparator", "value", "missing") == [
        ("C", "England", pytest.approx(-3.388559, abs=1e-6), None),
        ("P", "County", pytest.approx((0.2 - 0.02085) / (0.02085 * 0.97915 / 100) ** 0.5), None),
        ("P", "Arr", None, "A rate or the population behind it is not known."),
    ]


def test_difference_is_relative_to_the_comparator() -> None:
    found = contact_rate_difference(CONTACTS, COMPARED)
    assert rows(found, "area", "comparator", "value", "missing") == [
        ("C", "E", round((2085 - 2176) / 2176, 9), None),
        ("P", "C", None, "The area's rate is not known."),
        ("P", "R", None, "The area's rate is not known."),
    ]


def test_count_and_rate_imply_a_population() -> None:
    assert rows(contacts_population_implied(CONTACTS), "area", "value", "missing") == [
        ("C", round(6154 / 2085 * 100_000, 9), None),
        ("Z", None, "The stated rate is zero, so nothing can be divided by it."),
    ]


TREATMENT = table(
    "treatment",
    {"area": "E", "period": "2007", "prevalence_share": 0.5, "treated_share": 0.5},
    {"area": "E", "period": "2009", "treated_share": 0.25},
    {"area": "C", "period": "2001", "prevalence_share": 0.5, "treated_share": 0.75},
    condition="any",
)
ESTIMATES = table(
    "prevalence_estimates",
    {"area": "C", "people": 400},
    {"area": "E", "people": 1000},
    {"area": "P", "people": 800},
    {"area": "X", "people": 1},
    period="2020",
    condition="any",
    estimate_source="tool",
)


def test_the_gap_is_what_is_not_treated() -> None:
    assert treatment_gap_share(TREATMENT)["value"].to_list() == [0.5, 0.75, 0.25]
    assert rows(untreated_share_of_people(TREATMENT), "value", "missing") == [
        (0.25, None),
        (None, "How many people have the condition is not stated."),
        (0.125, None),
    ]


def test_people_untreated_take_the_own_share_before_a_comparators() -> None:
    found = people_untreated(ESTIMATES, TREATMENT, COMPARED, AREAS)
    words = "The share in treatment is that of {}, {}."
    assert rows(found, "area", "value", "note") == [
        ("C", 100.0, words.format("County", "2001")),
        ("E", 750.0, words.format("England", "2009")),
        ("P", 200.0, words.format("County", "2001")),
    ]
    assert people_untreated(ESTIMATES, TREATMENT)["area"].to_list() == ["C", "E"]


def test_empty_tables_give_no_figure() -> None:
    assert contact_rate(CONTACTS.clear(), SURE, PEOPLE, COMPARED).is_empty()
    assert people_untreated(ESTIMATES.clear(), TREATMENT).is_empty()
