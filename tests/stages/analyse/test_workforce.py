from parity.analyse.weighted import NO_POPULATION
from parity.analyse.workforce.indicators import (
    UNKNOWN,
    skill_mix_share,
    staff_in_post,
    vacancy_rate,
    vacancy_rate_total,
    workforce_change,
    workforce_funding_share,
    workforce_rate,
    workforce_total,
)
from tests.stages.analyse.frames import rows, table
from tests.stages.analyse.test_supply import COUNTED, INDEX, PEOPLE

NURSE, DOCTOR = {"role": "Nurse", "grade": "6"}, {"role": "Psychiatrist", "grade": "Consultant"}
WORKFORCE = table(
    "workforce",
    {**NURSE, "employer": "Trust", "funding": "NHS", "period": "2000", "wte_funded": 10, "wte_in_post": 8},
    {**NURSE, "employer": "Trust", "funding": "grant", "period": "2000", "wte_funded": 4, "wte_in_post": 4},
    {**DOCTOR, "employer": "Trust", "funding": "NHS", "period": "2000", "wte_funded": 2, "wte_in_post": 3},
    {**NURSE, "employer": "Council", "funding": "NHS", "period": "2001", "wte_funded": 10, "wte_in_post": 9},
    {**DOCTOR, "employer": "Trust", "funding": "NHS", "period": "2001", "wte_funded": 0, "wte_in_post": None},
    area="L",
    team="all",
)


def test_totals_are_of_posts_funded_and_filled() -> None:
    assert rows(workforce_total(WORKFORCE), "period", "posts", "value", "missing") == [
        ("2000", "funded", 16.0, None),
        ("2001", "funded", 10.0, None),
        ("2000", "in post", 15.0, None),
        ("2001", "in post", None, UNKNOWN),
    ]
    assert workforce_total(WORKFORCE.clear()).is_empty()


def test_staff_are_counted_by_employer_and_role() -> None:
    assert rows(staff_in_post(WORKFORCE), "period", "employer", "role", "value", "missing") == [
        ("2000", "Trust", "Nurse", 12.0, None),
        ("2000", "Trust", "Psychiatrist", 3.0, None),
        ("2001", "Council", "Nurse", 9.0, None),
        ("2001", "Trust", "Psychiatrist", None, UNKNOWN),
    ]


def test_the_mix_is_of_all_in_post() -> None:
    words = "The number of all staff in post is not known."
    assert rows(skill_mix_share(WORKFORCE), "period", "role", "grade", "value", "missing") == [
        ("2000", "Nurse", "6", 0.8, None),
        ("2000", "Psychiatrist", "Consultant", 0.2, None),
        ("2001", "Nurse", "6", None, words),
        ("2001", "Psychiatrist", "Consultant", None, "The number of staff in post is not known."),
    ]


def test_vacancies_may_be_fewer_than_none() -> None:
    unknown = "The number of vacant posts is not known."
    assert rows(vacancy_rate(WORKFORCE), "period", "role", "value", "missing") == [
        ("2000", "Nurse", round(2 / 14, 9), None),
        ("2000", "Psychiatrist", -0.5, None),
        ("2001", "Nurse", 0.1, None),
        ("2001", "Psychiatrist", None, unknown),
    ]
    assert rows(vacancy_rate_total(WORKFORCE), "period", "value", "missing") == [
        ("2000", 1 / 16, None),
        ("2001", None, unknown),
    ]


def test_no_post_has_no_share_that_is_vacant() -> None:
    nobody = WORKFORCE.tail(1).with_columns(wte_in_post=0.0)
    words = "The number of funded posts is zero, so nothing can be divided by it."
    assert rows(vacancy_rate_total(nobody), "value", "missing") == [(None, words)]


def test_each_payer_has_a_share() -> None:
    assert rows(workforce_funding_share(WORKFORCE), "period", "funding", "value", "missing") == [
        ("2000", "NHS", 0.75, None),
        ("2000", "grant", 0.25, None),
        ("2001", "NHS", 1.0, None),
    ]


def test_rates_are_per_weighted_people() -> None:
    assert rows(workforce_rate(WORKFORCE, PEOPLE, INDEX), "period", "role", "value", "missing", "note") == [
        ("2000", "Nurse", 12.0, None, COUNTED),
        ("2000", "Psychiatrist", 3.0, None, COUNTED),
        ("2001", "Nurse", 9.0, None, COUNTED),
        ("2001", "Psychiatrist", None, UNKNOWN, COUNTED),
    ]
    assert rows(workforce_rate(WORKFORCE), "value", "missing", "note")[0] == (None, NO_POPULATION, None)


def test_change_is_from_the_first_period() -> None:
    assert rows(workforce_change(WORKFORCE), "period", "role", "value", "missing") == [
        ("2000 to 2001", "Nurse", -3.0, None),
        ("2000 to 2001", "Psychiatrist", None, UNKNOWN),
    ]
