import polars as pl

from parity.analyse.need.indicators import (
    cases_expected,
    perinatal_depression_expected,
    perinatal_expected,
    perinatal_serious_illness_expected,
    population_weighted_by_need,
    severe_mental_illness_expected,
)
from parity.assumptions import assumption
from parity.assumptions.reference_rates import reference_rates
from tests.stages.analyse.frames import rows, table

PEOPLE = table(
    "population",
    {"period": "1999", "population_group": "15–64", "counted_as": "registered", "people": 999},
    {"period": "1999", "population_group": "15–64", "counted_as": "resident", "people": 125_851},
    {"period": "2010", "population_group": "women giving birth", "counted_as": "births", "people": 5000},
    {"period": "2006", "population_group": "16-64", "counted_as": "resident", "people": 200_000},
    {"period": "2010", "population_group": "16-64", "counted_as": "resident", "people": 300_000},
    {"period": "2010", "population_group": "all ages", "counted_as": "resident", "people": 1},
    area="L",
)
INDEX = table(
    "need_index",
    {"period": "1991", "index_value": 90},
    {"period": "1999", "index_value": 200},
    area="L",
    index_name="York",
)
RATES = table(
    "prevalence_rates",
    {"period": "2006", "condition": "panic", "population_group": "16–64", "rate_per_100k": 500},
    {"period": "2008", "condition": "panic", "population_group": "16–64", "rate_per_100k": 500},
    {"period": "2006", "condition": "panic", "population_group": "0–15", "rate_per_100k": 500},
    area="L",
)


def test_people_of_working_age_are_weighted_by_the_latest_index() -> None:
    assert rows(population_weighted_by_need(PEOPLE, INDEX), "period", "index_name", "population_group", "value") == [
        ("1999", "York", "15–64", 251_702.0),
        ("2006", "York", "16-64", 400_000.0),
        ("2010", "York", "16-64", 600_000.0),
    ]


def test_severe_illness_is_expected_among_the_weighted() -> None:
    found = severe_mental_illness_expected(PEOPLE, INDEX, assumption("severe_mental_illness_per_1k"))
    assert found["value"].to_list() == [251_702 * 3.2 / 1000, 400_000 * 3.2 / 1000, 600_000 * 3.2 / 1000]


def test_a_rate_is_applied_to_the_population_of_its_own_period_or_else_the_latest() -> None:
    assert rows(cases_expected(PEOPLE, RATES), "period", "population_group", "value", "missing", "note") == [
        ("2006", "16–64", 1000.0, None, None),
        ("2008", "16–64", 1500.0, None, "The rate is applied to the population of 2010."),
        ("2006", "0–15", None, "The population “0–15” of this area is not known.", None),
    ]


def test_births_give_a_range_of_depression_and_three_serious_groups() -> None:
    depressed = perinatal_depression_expected(PEOPLE, assumption("perinatal_depression_range"))
    assert rows(depressed, "period", "lower", "value", "upper") == [("2010", 150.0, 200.0, 250.0)]
    serious = perinatal_serious_illness_expected(PEOPLE, assumption("perinatal_serious_illness_per_1k"))
    assert rows(serious, "condition", "value") == [
        ("Puerperal psychosis, admission", 10.0),
        ("Other condition after birth, admission", 10.0),
        ("Severe chronic illness of mothers", 10.0),
    ]


def test_children_under_one_stand_for_women_who_give_birth() -> None:
    people = pl.DataFrame(
        {"area": "L", "period": "2026", "sex": ["female", "male", "male"], "age": [0, 0, 1], "people": [2400, 2600, 9]}
    )
    found = perinatal_expected(people, reference_rates())
    assert rows(found, "condition", "lower", "value", "upper") == [
        ("postpartum psychosis", None, 10.0, None),
        ("chronic serious mental illness perinatal", None, 10.0, None),
        ("severe depressive illness perinatal", None, 150.0, None),
        ("PTSD perinatal", None, 150.0, None),
        ("mild-moderate depression and anxiety perinatal", 500.0, 625.0, 750.0),
        ("adjustment disorders and distress perinatal", 750.0, 1125.0, 1500.0),
    ]
    assert perinatal_expected(people.clear(), reference_rates()).is_empty()


def test_nobody_gives_no_figure() -> None:
    assert population_weighted_by_need(PEOPLE.clear(), INDEX).is_empty()
    assert cases_expected(PEOPLE, RATES.clear()).is_empty()
