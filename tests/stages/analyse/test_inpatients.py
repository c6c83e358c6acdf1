import pytest

from parity.analyse.inpatients.indicators import (
    WHOLLY_OUTSIDE,
    admission_rate,
    bed_day_rate,
    bed_days_an_admission,
    contact_representation,
    follow_up_ratio,
    long_stay_share,
    median_stay,
    outside_rank,
    outside_share,
    staff_contact_rate,
    stay_share,
)
from parity.assumptions import assumption
from tests.stages.analyse.frames import rows, table

SURE, LONG = assumption("confidence_level"), assumption("long_stay_from_days")
ACTIVITY = table(
    "inpatient_activity",
    {"area": "A", "admissions": 20, "bed_days": 600, "people": 10_000},
    {"area": "B", "admissions": 0, "bed_days": 0, "people": 0},
    {"area": "C", "admissions": 5, "note": "As printed."},
    {"area": "D", "bed_days": 50, "people": 1_000},
    period="2008/09",
    age_group="working age",
)
NO_PEOPLE = "The number of people is zero, so nothing can be divided by it."


def test_admissions_and_bed_days_are_rates_of_people() -> None:
    found = admission_rate(ACTIVITY, SURE)
    assert rows(found, "area", "value", "missing", "note") == [
        ("A", 200.0, None, None),
        ("B", None, NO_PEOPLE, None),
        ("C", None, "The number of people is not known.", "As printed."),
    ]
    assert found.select("lower", "upper").row(0) == (pytest.approx(122.114288), pytest.approx(308.898804))
    assert rows(bed_day_rate(ACTIVITY), "area", "value", "missing") == [
        ("A", 60.0, None),
        ("B", None, NO_PEOPLE),
        ("D", 50.0, None),
    ]
    assert rows(bed_days_an_admission(ACTIVITY), "area", "value", "missing") == [
        ("A", 30.0, None),
        ("B", None, "The number of admissions is zero, so nothing can be divided by it."),
    ]


STAYS = table(
    "lengths_of_stay",
    {"area": "A", "days_from": 91, "stays": 20},
    {"area": "A", "days_from": 0, "days_to": 7, "stays": 40},
    {"area": "A", "days_from": 8, "days_to": 90, "stays": 40},
    {"area": "B", "days_from": 91, "share": 0.2, "note": "Just under."},
    {"area": "C", "days_from": 0, "days_to": 99, "stays": 5},
    {"area": "C", "days_from": 100, "stays": 5},
    {"area": "D", "days_from": 0, "days_to": 90, "stays": 5},
    {"area": "D", "days_from": 91},
    {"area": "E", "days_from": 0, "days_to": 90, "stays": 0},
    {"area": "E", "days_from": 91, "stays": 0},
    {"area": "F", "days_from": 0, "stays": 3},
    period="2008/09",
    age_group="working age",
)


def test_stays_are_spread_over_bands() -> None:
    found = stay_share(STAYS.filter(STAYS["area"].is_in(["A", "B"])), SURE)
    assert rows(found.sort("area", maintain_order=True), "area", "days", "value", "missing", "note") == [
        ("A", "0–7", 0.4, None, None),
        ("A", "8–90", 0.4, None, None),
        ("A", "91 and more", 0.2, None, None),
        ("B", "91 and more", 0.2, None, "Just under."),
    ]


def test_long_stays_have_an_interval_where_they_were_counted() -> None:
    found = long_stay_share(STAYS, LONG, SURE)
    across, unknown = "A band of stays lies across 91 days.", "The number of stays of a band is not known."
    assert rows(found, "area", "value", "missing", "note") == [
        ("A", 0.2, None, None),
        ("B", 0.2, None, "Just under."),
        ("C", None, across, None),
        ("D", None, unknown, None),
        ("E", None, "There were no stays.", None),
        ("F", None, across, None),
    ]
    limits = (pytest.approx(0.133367, abs=1e-6), pytest.approx(0.288829, abs=1e-6))
    assert found.select("lower", "upper").row(0) == limits
    assert found.select("lower", "upper").row(1) == (None, None)


def test_the_median_lies_within_its_band() -> None:
    assert rows(median_stay(STAYS), "area", "value", "lower", "upper", "missing") == [
        ("A", 28.75, 8.0, 91.0, None),
        ("C", 100.0, 0.0, 100.0, None),
        ("D", None, None, None, "The number of stays of a band is not known."),
        ("E", None, None, None, "There were no stays."),
        ("F", None, None, None, "The median lies in the open band of 0 days and more."),
    ]


PLACED = table(
    "placement_spend",
    {"area": "A", "amount_gbp": 400, "outside_gbp": 100},
    {"area": "B", "amount_gbp": 100, "outside_gbp": 100, "note": "As printed."},
    {"area": "C", "share": 0.1},
    {"area": "D", "amount_gbp": 0, "outside_gbp": 0},
    {"area": "E", "share": 0.5, "basis": "net"},
    period="2008/09",
    placements="adults",
    basis="gross",
)


def test_a_share_of_all_is_flagged_and_not_ranked() -> None:
    basis = ("gross",) * 4 + ("net",)
    assert rows(outside_share(PLACED), "area", "value", "missing", "note", "basis") == [
        ("A", 0.25, None, None, basis[0]),
        ("B", 1.0, None, f"{WHOLLY_OUTSIDE} As printed.", basis[1]),
        ("C", 0.1, None, None, basis[2]),
        ("D", None, "The spending is zero, so nothing can be divided by it.", None, basis[3]),
        ("E", 0.5, None, None, basis[4]),
    ]
    assert rows(outside_rank(PLACED), "area", "value", "note") == [("A", 2, "Of 2."), ("C", 1, "Of 2.")]


CONTACTS = table(
    "staff_contacts",
    {"area": "A", "profession": "psychiatrist", "first_contacts": 100, "later_contacts": 300, "people": 10_000},
    {"area": "A", "profession": "nurse", "contacts": 50, "people": 10_000},
    {"area": "B", "profession": "nurse", "first_contacts": 0, "later_contacts": 5, "people": 0},
    {"area": "C", "profession": "nurse"},
    period="2008/09",
    age_group="adults",
)


def test_contacts_are_rates_of_people_and_follow_ups_of_first_contacts() -> None:
    assert rows(staff_contact_rate(CONTACTS), "area", "profession", "value", "missing") == [
        ("A", "psychiatrist", 40.0, None),
        ("A", "nurse", 5.0, None),
        ("B", "nurse", None, NO_PEOPLE),
        ("C", "nurse", None, "The number of contacts is not known."),
    ]
    assert rows(follow_up_ratio(CONTACTS), "area", "profession", "value", "missing") == [
        ("A", "psychiatrist", 3.0, None),
        ("B", "nurse", None, "The number of first contacts is zero, so nothing can be divided by it."),
    ]


def test_empty_tables_give_no_figure() -> None:
    assert admission_rate(ACTIVITY.clear(), SURE).is_empty()
    assert stay_share(STAYS.clear(), SURE).is_empty()
    assert long_stay_share(STAYS.clear(), LONG, SURE).is_empty()
    assert median_stay(STAYS.clear()).is_empty()
    assert outside_rank(PLACED.clear()).is_empty()
    assert staff_contact_rate(CONTACTS.clear()).is_empty()
    assert follow_up_ratio(CONTACTS.clear()).is_empty()


CONTACTS_BY_GROUP = table(
    "service_contacts",
    {"area": "A", "population_group": "White", "people": 60},
    {"area": "A", "population_group": "Black", "people": 40, "note": "Detained."},
    {"area": "A", "population_group": "Asian", "people": 0},
    {"area": "A", "population_group": "population", "people": 999},
    {"area": "B", "population_group": "White", "people": 5},
    {"area": "C", "population_group": "White", "rate_per_100k": 5},
    period="2008/09",
)
MIX = table(
    "ethnic_mix",
    {"area": "A", "period": "2001", "ethnic_group": "White", "share": 0.9},
    {"area": "A", "period": "2007", "ethnic_group": "White", "share": 0.4},
    {"area": "A", "period": "2007", "ethnic_group": "Black", "share": 0.08},
    {"area": "A", "period": "2007", "ethnic_group": "Asian", "share": 0.32},
    {"area": "B", "period": "2007", "ethnic_group": "White", "share": 0.9},
)


def test_people_in_contact_by_ethnic_group_against_the_population() -> None:
    found = contact_representation(CONTACTS_BY_GROUP, MIX, SURE, assumption("four_fifths"))
    beside = "Beside the population of 2007:"
    assert rows(found, "area", "population_group", "value", "missing", "note") == [
        ("A", "White", 1.2, None, f"{beside} neither under- nor over-represented for certain."),
        ("A", "Black", 4.0, None, f"{beside} over-represented. Detained."),
        ("A", "Asian", 0.0, None, f"{beside} under-represented."),
    ]
    # Katz: the ratio divided and multiplied by exp(1.96 × √(1/60 − 1/100)), and so on; 0 of 100 as 0.5 of 101
    assert found["lower"].to_list() == pytest.approx([1.02254147, 3.14636802, 0.00077946], rel=1e-5)
    assert found["upper"].to_list() == pytest.approx([1.40825584, 5.0852284, 0.19651063], rel=1e-5)
    assert contact_representation(CONTACTS_BY_GROUP.clear(), MIX, SURE, assumption("four_fifths")).is_empty()
