import pytest

from parity.analyse.groups.indicators import (
    community_people,
    community_share,
    dual_diagnosis_people,
    dual_diagnosis_share,
    prison_cases_expected,
    prison_finding_share,
    prison_people,
)
from parity.assumptions import assumption
from parity.assumptions.reference_rates import reference_rates
from tests.stages.analyse.frames import rows, table

SURE = assumption("confidence_level")
FOUND = table(
    "prison_findings",
    {"finding": "Medication", "people": 343, "of_people": 368},
    {"finding": "Referral", "share": 0.606, "note": "From another study."},
    {"finding": "Nobody reviewed", "people": 0, "of_people": 0},
    {"finding": "Words only"},
    area="L",
    period="2010",
    prison="HMP L",
)
HELD = table(
    "prison_places",
    {"prison": "HMP L", "sex": "male", "custody": "remand", "people": 100},
    {"prison": "HMP L", "sex": "male", "custody": "sentenced", "people": 250},
    {"prison": "HMP M", "sex": "female", "custody": "sentenced"},
    area="L",
    period="2010",
)
BOTH = table(
    "dual_diagnosis",
    {"group": "Psychosis", "other_group": "Drugs", "people_both": 30, "people_group": 100, "people_other": 60},
    {"group": "Psychosis", "other_group": "Learning disability", "people_group": 100, "note": "Not counted."},
    {"group": "Psychosis", "other_group": "Alcohol", "people_both": 5, "people_other": 0},
    area="L",
    period="2010",
)


def test_what_a_review_found_has_an_interval_where_people_were_counted() -> None:
    found = prison_finding_share(FOUND, SURE)
    assert rows(found, "finding", "value", "missing", "note") == [
        ("Medication", round(343 / 368, 9), None, None),
        ("Referral", 0.606, None, "From another study."),
        ("Nobody reviewed", None, "The number of all is zero, so nothing can be divided by it.", None),
        ("Words only", None, "The number counted is not known.", None),
    ]
    limits = [pytest.approx(0.901639, abs=1e-6), pytest.approx(0.953565, abs=1e-6)]
    assert list(found.select("lower", "upper").row(0)) == limits
    assert found.select("lower", "upper").row(1) == (None, None)


def test_people_held_are_added_up_by_prison() -> None:
    assert rows(prison_people(HELD), "prison", "value", "missing") == [
        ("HMP L", 350.0, None),
        ("HMP M", None, "The number of people held is not known."),
    ]


def test_overlaps_are_counted_and_never_added_up() -> None:
    assert rows(dual_diagnosis_people(BOTH), "group", "other_group", "value", "missing", "note") == [
        ("Psychosis", "Drugs", 30.0, None, None),
        ("Psychosis", "Learning disability", None, "How many have both is not known.", "Not counted."),
        ("Psychosis", "Alcohol", 5.0, None, None),
    ]
    found = dual_diagnosis_share(BOTH, SURE)
    assert rows(found, "group", "other_group", "value", "missing") == [
        ("Psychosis", "Drugs", 0.3, None),
        ("Psychosis", "Learning disability", None, "The number counted is not known."),
        ("Drugs", "Psychosis", 0.5, None),
        ("Alcohol", "Psychosis", None, "More were counted than there were to count."),
    ]
    limits = (pytest.approx(0.218949, abs=1e-6), pytest.approx(0.395849, abs=1e-6))
    assert found.select("lower", "upper").row(0) == limits


def test_a_pair_told_from_both_sides_is_one_share() -> None:
    told = table(
        "dual_diagnosis",
        {"group": "X", "other_group": "Y", "people_both": 1, "people_group": 2, "people_other": 4},
        {"group": "Y", "other_group": "X", "people_both": 1, "people_group": 4, "people_other": 2},
        area="L",
        period="2010",
    )
    assert rows(dual_diagnosis_share(told, SURE), "group", "value") == [("X", 0.5), ("Y", 0.25)]


def test_empty_tables_give_no_figure() -> None:
    assert prison_finding_share(FOUND.clear(), SURE).is_empty()
    assert prison_people(HELD.clear()).is_empty()
    assert dual_diagnosis_people(BOTH.clear()).is_empty()
    assert dual_diagnosis_share(BOTH.clear(), SURE).is_empty()


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


def test_people_held_times_the_rates_of_their_sex_and_custody() -> None:
    men = prison_cases_expected(HELD.head(2), reference_rates())
    unseen = "Some of these rates were not seen in the source they are credited to."
    assert rows(men, "area", "period", "condition", "rate_source", "value", "missing", "note") == [
        ("L", "2010", "psychosis", "Singleton et al 1998", 27.5, None, unseen),
        ("L", "2010", "personality disorder", "Singleton et al 1998", 238.0, None, unseen),
        ("L", "2010", "neurotic disorder", "Singleton et al 1998", 159.0, None, unseen),
        ("L", "2010", "psychosis", "Fazel & Danesh 2002", 12.95, None, None),
        ("L", "2010", "major depression", "Fazel & Danesh 2002", 35.0, None, None),
        ("L", "2010", "personality disorder", "Fazel & Danesh 2002", 227.5, None, None),
    ]


def test_without_a_rate_for_some_or_a_number_of_people_nothing_is_expected() -> None:
    words = "The source has no rate for some of those who are held, or how many are held is not known."
    only_men = reference_rates().filter(reference_rates()["sex"] != "female")
    women = HELD.tail(1).with_columns(people=10.0)
    assert set(rows(prison_cases_expected(women, only_men), "value", "missing")) == {(None, words)}
    assert set(rows(prison_cases_expected(HELD.tail(1), reference_rates()), "value", "missing")) == {(None, words)}
    assert rows(prison_cases_expected(women, reference_rates()), "condition", "value") == [
        ("psychosis", 1.4),
        ("personality disorder", 5.0),
        ("neurotic disorder", 6.3),
        ("psychosis", 0.4),
        ("major depression", 1.2),
        ("personality disorder", 4.2),
    ]
    assert prison_cases_expected(HELD.clear(), reference_rates()).is_empty()
    assert prison_cases_expected(HELD, reference_rates().clear()).is_empty()
