import polars as pl
import pytest

from parity.analyse.shares import TOO_MANY
from parity.analyse.workforce_people.indicators import (
    BOTH_SIDES,
    NO_INTERVAL,
    NO_SUCH_GROUP,
    NOBODY_LIVES,
    UNKNOWN,
    staff_group_share,
    staff_not_stated_share,
    staff_older,
    staff_older_share,
    staff_people,
    staff_representation,
    training_remaining,
    training_share,
)
from parity.assumptions import assumption
from parity.methods.comparison import representation_ratio
from parity.methods.intervals import wilson
from tests.stages.analyse.frames import rows, table

AGE, SURE = assumption("retiring_from_age"), assumption("confidence_level")
HERE = {"area": "S", "period": "2000", "employer": "Trust"}


def staff(characteristic: str, role: str = "all", **groups: int | None) -> pl.DataFrame:
    """A row for each group of a characteristic; an age band is written as `from_45_54` or `from_65`."""
    return table(
        "workforce_people",
        *({"group": written(group), "people": people} for group, people in groups.items()),
        **HERE,
        role=role,
        characteristic=characteristic,
    )


def written(name: str) -> str:
    if not name.startswith("from_"):
        return name.replace("_", " ")
    first, *last = name.removeprefix("from_").split("_")
    return f"{first}-{last[0]}" if last else f"{first}+"


PEOPLE = pl.concat(
    [
        staff("age", "Nurse", from_16_54=60, from_55_64=30, from_65=10),
        staff("age", "Doctor", from_16_54=20, from_55_64=0, from_65=20, not_stated=10),
        staff("sex", female=90, male=60),
        staff("ethnic group", White=100, Asian=20, Black=0, not_stated=30, all=150),
    ]
)
MIX = table(
    "ethnic_mix",
    {"ethnic_group": "White", "period": "1999", "share": 0.5},
    {"ethnic_group": "Asian", "period": "1999", "share": 0.4},
    {"ethnic_group": "Black", "period": "1999", "share": 0.1},
    {"ethnic_group": "White", "period": "2000", "share": 0.6},
    {"ethnic_group": "White", "period": "1998", "share": 0.7},
    {"ethnic_group": "Asian", "period": "1998", "share": 0.2},
    {"ethnic_group": "Black", "period": "1998", "share": 0.1},
    area="S",
)
RESIDENTS = table(
    "population",
    {"period": "1998", "people": 10},
    {"period": "1999", "people": 1000},
    area="S",
    population_group="all ages",
    counted_as="resident",
)
COURSES = table(
    "workforce_training",
    {"employer": "Trust", "role": "Nurse", "people_due": 40, "people_trained": 30},
    {"employer": "Trust", "role": "Doctor", "people_due": 10, "people_trained": 10},
    {"employer": "Council", "role": "all", "people_due": 50, "people_trained": 5},
    {"employer": "Council", "role": "Nurse", "people_due": 20, "people_trained": 2},
    area="S",
    period="2000",
    course="Safeguarding adults",
)


def test_people_are_counted_by_role_and_together() -> None:
    assert rows(staff_people(PEOPLE), "role", "value", "missing") == [
        ("Nurse", 100, None),
        ("Doctor", 50, None),
        ("all", 150, None),
    ]
    assert staff_people(PEOPLE.clear()).is_empty()


def test_the_tables_own_total_goes_before_the_sum() -> None:
    more = pl.concat([PEOPLE, staff("disability", all=155)])
    assert rows(staff_people(more), "role", "value")[-1] == ("all", 155)


def test_employers_are_added_up_where_no_row_says_all() -> None:
    council = staff("age", "Nurse", from_55_64=7).with_columns(employer=pl.lit("Council"))
    more = pl.concat([PEOPLE, council])
    assert rows(staff_people(more), "role", "value") == [("Nurse", 107), ("Doctor", 50), ("all", 157)]


def test_a_number_that_is_not_known_makes_its_sum_unknown() -> None:
    part = staff("age", "Nurse", from_16_54=None, from_65=4)
    assert rows(staff_people(part), "role", "value", "missing") == [
        ("Nurse", None, UNKNOWN),
        ("all", None, UNKNOWN),
    ]


def test_shares_are_of_those_who_stated_their_group() -> None:
    assert rows(staff_group_share(PEOPLE), "characteristic", "group", "value", "missing") == [
        ("age", "16-54", round(80 / 140, 9), None),
        ("age", "55-64", round(30 / 140, 9), None),
        ("age", "65+", round(30 / 140, 9), None),
        ("sex", "female", 0.6, None),
        ("sex", "male", 0.4, None),
        ("ethnic group", "White", round(100 / 120, 9), None),
        ("ethnic group", "Asian", round(20 / 120, 9), None),
        ("ethnic group", "Black", 0.0, None),
    ]
    assert rows(staff_not_stated_share(PEOPLE), "characteristic", "value", "missing") == [
        ("age", round(10 / 150, 9), None),
        ("ethnic group", 0.2, None),
    ]
    assert staff_group_share(PEOPLE.clear()).is_empty()


def test_where_a_group_is_hidden_the_others_are_shares_of_the_table_s_own_total() -> None:
    hidden = pl.when(pl.col("group") == "Asian").then(None).otherwise(pl.col("people"))
    found = staff_group_share(PEOPLE.tail(5).with_columns(people=hidden))
    assert rows(found, "group", "value", "missing") == [
        ("White", round(100 / 120, 9), None),
        ("Asian", None, "The number of staff of the group is not known."),
        ("Black", 0.0, None),
    ]


def test_nobody_has_no_shares() -> None:
    nobody = "The number of staff is zero, so nothing can be divided by it."
    assert rows(staff_group_share(staff("sex", male=0)), "value", "missing") == [(None, nobody)]


def test_those_who_may_retire_are_those_of_the_bands_from_that_age() -> None:
    assert rows(staff_older(PEOPLE, AGE), "role", "value", "missing") == [
        ("Nurse", 40, None),
        ("Doctor", 20, None),
        ("all", 60, None),
    ]
    assert rows(staff_older_share(PEOPLE, AGE), "role", "value", "missing") == [
        ("Nurse", 0.4, None),
        ("Doctor", 0.5, None),
        ("all", round(60 / 140, 9), None),
    ]


def test_a_band_on_both_sides_of_the_age_tells_nothing() -> None:
    bands = staff("age", "Nurse", from_16_49=60, from_50_59=30, from_60=10), staff("age", "Doctor", from_16_54=4)
    wide = pl.concat(bands)
    for found in (staff_older(wide, AGE), staff_older_share(wide, AGE)):
        assert rows(found, "role", "value", "missing") == [
            ("Nurse", None, BOTH_SIDES),
            ("Doctor", 0, None),
            ("all", None, BOTH_SIDES),
        ]


def test_what_is_no_age_band_tells_nothing() -> None:
    assert rows(staff_older(staff("age", young=3), AGE), "value", "missing") == [(None, BOTH_SIDES)]


def test_staff_stand_beside_the_population_of_the_latest_period_with_most_groups() -> None:
    found = staff_representation(PEOPLE, MIX, SURE, RESIDENTS)
    note = "Beside the population of 1999."
    assert rows(found, "ethnic_group", "value", "missing", "note") == [
        ("White", round(100 / 120 / 0.5, 9), None, note),
        ("Asian", round(20 / 120 / 0.4, 9), None, note),
        ("Black", 0.0, None, note),
    ]
    limits = found.select("lower", "upper").rows()
    assert limits[1] == pytest.approx(katz(20, 120, 400, 1000)[1:])
    assert limits[2] == pytest.approx((0, katz(0, 120, 100, 1000)[2]))


def katz(*counts: float) -> tuple[float, float, float]:
    count, of, other, of_other = counts
    parts = representation_ratio(
        pl.lit(count), pl.lit(of), comparator_count=other, comparator_of=of_other, confidence=SURE.value
    )
    return pl.select(*parts).row(0)


def test_without_residents_there_is_no_interval() -> None:
    found = staff_representation(PEOPLE, MIX, SURE)
    assert rows(found, "value", "lower", "upper", "note")[1] == (
        round(20 / 120 / 0.4, 9), None, None, f"Beside the population of 1999. {NO_INTERVAL}",
    )  # fmt: skip


def test_a_group_that_the_population_does_not_name_has_no_ratio() -> None:
    named = MIX.with_columns(
        pl.col("ethnic_group").replace("Black", "Black or Black British"),
        share=pl.when(pl.col("ethnic_group") == "White").then(0.0).otherwise("share"),
    )
    assert rows(staff_representation(PEOPLE, named, SURE, RESIDENTS), "ethnic_group", "value", "missing") == [
        ("White", None, NOBODY_LIVES),
        ("Asian", round(20 / 120 / 0.4, 9), None),
        ("Black", None, NO_SUCH_GROUP),
    ]
    assert staff_representation(PEOPLE, named, SURE, RESIDENTS)["upper"].is_null().to_list() == [True, False, True]


def test_training_is_told_by_course_and_employer_and_of_all() -> None:
    share = training_share(COURSES, SURE)
    assert rows(share, "employer", "value", "missing") == [
        ("Trust", 0.8, None),
        ("Council", 0.1, None),
        ("all", 0.45, None),
    ]
    limits = pl.select(*wilson(pl.lit(45), pl.lit(100), confidence=0.95)).row(0)
    assert share.select("lower", "upper").row(2) == pytest.approx(limits)
    assert rows(training_remaining(COURSES), "employer", "value", "missing") == [
        ("Trust", 10, None),
        ("Council", 45, None),
        ("all", 55, None),
    ]
    assert training_share(COURSES.clear(), SURE).is_empty()


def test_more_trained_than_should_be_are_no_share() -> None:
    wrong = COURSES.head(1).with_columns(people_trained=pl.lit(50, dtype=pl.Int64))
    assert rows(training_share(wrong, SURE), "value", "missing") == [(None, TOO_MANY)] * 2
    assert rows(training_remaining(wrong), "value", "missing") == [(None, TOO_MANY)] * 2


def test_training_of_nobody_and_of_an_unknown_number() -> None:
    nobody = COURSES.head(1).with_columns(people_due=pl.lit(0, dtype=pl.Int64), people_trained=pl.lit(0, pl.Int64))
    unknown = COURSES.head(1).with_columns(people_due=pl.lit(None, dtype=pl.Int64))
    zero = "The number of all is zero, so nothing can be divided by it."
    assert rows(training_share(nobody, SURE), "value", "missing") == [(None, zero)] * 2
    assert rows(training_share(unknown, SURE), "value", "missing") == [(None, "The number of all is not known.")] * 2
    assert rows(training_remaining(unknown), "value", "missing") == [(None, UNKNOWN)] * 2
