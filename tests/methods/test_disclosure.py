"""Counts made safe: by hand, and against somebody who works out whatever can be worked out."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.methods.disclosure import LEFT_OUT, Guarded, made_safe, safe_table, with_reasons
from parity.terms.disclosure import Disclosure, Policy
from tests.attacker import MHSDS, NHSE, OPENSAFELY, attack, told_too_much, world_of, worlds

AREAS = pl.DataFrame(
    {
        "area": ["E", "county", "north", "south", "east", "board"],
        "kind": ["country", "county", "district", "district", "district", "nhs_body"],
        "parent": [None, "E", "county", "county", "county", "county"],
    }
)
BY_AREA = Disclosure("", ("area",), ("area",), ("people",))
BY_SEX = Disclosure("", ("area", "sex"), ("area",), ("people",), totals={"sex": "all"})


def people(**counts: float | None) -> pl.DataFrame:
    """A table of people by area, with the printed texts."""
    texts = [None if count is None else f"c. {count}" for count in counts.values()]
    return pl.DataFrame(
        {"area": list(counts), "people": list(counts.values()), "people_printed": texts},
        schema={"area": pl.String, "people": pl.Float64, "people_printed": pl.String},
    )


def shown(table: pl.DataFrame, policy: Policy = NHSE, declared: Disclosure = BY_AREA) -> list[Any]:
    return safe_table(table, declared, policy=policy, areas=AREAS).frame["people"].to_list()


# One count by itself


@pytest.mark.parametrize(
    ("policy", "counts"),
    [
        (NHSE, {0: 0, 1: None, 7: None, 8: 10, 12: 10, 13: 15, 1003: 1005}),
        (MHSDS, {0: None, 1: None, 4: None, 5: 5, 7: 5, 8: 10, 1003: 1005}),
        (OPENSAFELY, {0: None, 7: None, 8: 10, 13: 15}),
        (replace(NHSE, nearest=10), {8: 10, 14: 10, 15: 20, 24: 20}),
        (replace(NHSE, nearest=1), {7: None, 8: 8}),
    ],
)
def test_small_counts_are_hidden_and_others_rounded(policy: Policy, counts: dict[int, int | None]) -> None:
    table = people(**{f"area {count}": count for count in counts})
    assert shown(table, policy) == list(counts.values())


def test_national_counts_stay_as_they_are_where_the_policy_says_so() -> None:
    assert shown(people(E=3), NHSE) == [3]
    assert shown(people(E=3), OPENSAFELY) == [None]
    assert safe_table(people(E=3), BY_AREA, policy=NHSE).frame["people"].to_list() == [None]
    no_areas = Disclosure("", ("area",), (), ("people",))
    assert safe_table(people(E=3), no_areas, policy=NHSE, areas=AREAS).frame["people"].to_list() == [None]


def test_what_the_source_does_not_state_stays_missing_and_counts_nothing() -> None:
    safe = safe_table(people(north=None, south=3, east=20), BY_AREA, policy=NHSE, areas=AREAS)
    assert safe.frame.rows() == [("north", None, None), ("south", None, "*"), ("east", 20, "20")]
    assert safe.hidden.rows() == [("south", True)]


def test_an_empty_table_stays_empty() -> None:
    safe = safe_table(people(), BY_AREA, policy=NHSE, areas=AREAS)
    assert (safe.frame.height, safe.hidden.height, safe.frame.schema) == (0, 0, people().schema)


def test_the_printed_text_says_no_more_than_the_number() -> None:
    safe = safe_table(people(E=83, north=42, south=38, east=3), BY_AREA, policy=NHSE)
    assert safe.frame["people_printed"].to_list() == ["85", "40", "40", "*"]
    national = safe_table(people(E=83), BY_AREA, policy=NHSE, areas=AREAS)
    assert national.frame["people_printed"].to_list() == ["c. 83"]


def test_columns_keep_their_type() -> None:
    whole = pl.DataFrame({"area": ["north", "south"], "people": [3, 23]})
    assert safe_table(whole, BY_AREA, policy=OPENSAFELY).frame.schema == whole.schema


# Totals


def test_a_total_does_not_tell_a_hidden_part() -> None:
    """62, 32 and 28 are shown as 60, 30 and 30: what is left is at most 6, so the smaller of the others goes too."""
    assert shown(people(county=62, north=32, south=28, east=2)) == [60, 30, None, None]
    assert shown(people(county=62, north=58, south=2, east=2)) == [60, None, None, None]
    # here rounding alone leaves room for every number from 1 to 7
    assert shown(people(county=78, north=44, south=31, east=3)) == [80, 45, 30, None]


def test_bodies_that_divide_a_county_once_more_are_a_division_of_their_own() -> None:
    assert shown(people(county=62, north=31, south=31, board=62)) == [60, 30, 30, 60]
    # two of the county's 62 belong to no listed body
    assert shown(people(county=62, north=31, south=31, board=60)) == [60, 30, 30, None]


def test_areas_without_parents_are_in_nothing() -> None:
    table = people(county=62, north=60, south=2)
    flat = safe_table(table, BY_AREA, policy=NHSE, areas=AREAS.drop("parent"))
    assert flat.frame["people"].to_list() == [60, 60, None]


def by_sex(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"area": pl.String, "sex": pl.String, "people": pl.Int64}, orient="row")


def test_a_declared_total_and_declared_sums() -> None:
    rows = by_sex(("north", "all", 62), ("north", "men", 60), ("north", "women", 2))
    assert shown(rows, declared=BY_SEX) == [60, None, None]
    assert shown(rows, declared=replace(BY_SEX, totals={})) == [60, 60, None]
    said = {"sex": {"all": ["men", "women"]}}
    assert shown(rows, declared=replace(BY_SEX, totals={}, sums=said)) == [60, None, None]
    ages = by_sex(("north", "all", 62), ("north", "old", 60), ("north", "young", 2), ("north", "men", 31))
    several = {"sex": {"all": [["old", "young"], ["men", "women"]]}}
    assert shown(ages, declared=replace(BY_SEX, totals={}, sums=several)) == [60, None, None, 30]


def test_groups_within_groups_are_not_counted_twice_in_the_total() -> None:
    rows = by_sex(("north", "all", 84), ("north", "65+", 42), ("north", "65-74", 40), ("north", "75+", 2))
    rows = pl.concat([rows, by_sex(("north", "0-64", 42))])
    assert shown(rows, declared=replace(BY_SEX, sums={"sex": {"65+": ["65-74", "75+"]}})) == [85, 40, None, None, 40]


def test_what_is_not_listed_is_protected_like_what_is() -> None:
    """Two of the county's 42 live in no listed district: shown as 40 and 40, they would leave at most 4."""
    assert shown(people(county=42, north=40)) == [40, None]


def test_nobody_is_0_but_for_a_hidden_total() -> None:
    assert shown(people(county=42, north=42, south=0)) == [40, 40, 0]
    assert shown(people(county=3, north=3, south=0)) == [None, None, None]


def test_unlisted_counts_that_fit_no_guess_hide_everything() -> None:
    names = ("one", "two", "three")
    declared = Disclosure("", names, (), ("people",), totals=dict.fromkeys(names, "all"))
    smallest = {"aaa": 0, "aab": 20, "aba": 20, "baa": 20, "abb": 10, "bab": 10, "bba": 10, "bbb": 10}
    rows = [
        (
            *key,
            sum(
                count for one, count in smallest.items() if all(a in ("all", b) for a, b in zip(key, one, strict=True))
            ),
        )
        for key in [(a, b, c) for a in ("a", "b", "all") for b in ("a", "b", "all") for c in ("a", "b", "all")]
        if "all" in key
    ]
    table = pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "people": pl.Int64}, orient="row")
    assert set(shown(table, declared=declared)) == {None}


# Other numbers


WITH_MEANS = replace(BY_AREA, means={"days": "people"}, open=("beds",))


def with_means(**rows: tuple[float, float]) -> pl.DataFrame:
    table = people(**{area: count for area, (count, _) in rows.items()}).drop("people_printed")
    days = [mean for _, mean in rows.values()]
    return table.with_columns(days=pl.Series(days, dtype=pl.Float64), rate=7.0, beds=9.0)


def test_means_over_few_are_hidden_and_others_tell_no_count() -> None:
    table = with_means(north=(7, 3.0), south=(8, 3.3), east=(0, 0.0))
    assert safe_table(table, WITH_MEANS, policy=NHSE).frame["days"].to_list() == [None, 3.25, None]
    national = with_means(E=(3, 3.21))
    assert safe_table(national, WITH_MEANS, policy=NHSE, areas=AREAS).frame["days"].to_list() == [3.21]


def test_a_total_tells_no_mean_while_anything_is_hidden() -> None:
    table = with_means(county=(78, 4.0), north=(44, 5.0), south=(31, 3.0), east=(3, 1.0))
    assert safe_table(table, WITH_MEANS, policy=NHSE, areas=AREAS).frame["days"].to_list() == [None, 5.0, 3.0, None]
    whole = table.filter(pl.col("area") != "east").with_columns(pl.col("people").replace(78.0, 75.0))
    assert safe_table(whole, WITH_MEANS, policy=NHSE, areas=AREAS).frame["days"].to_list() == [4.0, 5.0, 3.0]


def test_a_number_that_nobody_called_safe_is_hidden() -> None:
    """A rate with its population tells the exact count; the beds count nobody."""
    table = with_means(E=(500, 1.0), north=(30, 1.0)).with_columns(rate_printed=pl.lit("7.0 a year"))
    safe = safe_table(table, WITH_MEANS, policy=NHSE, areas=AREAS)
    assert safe.frame.select("rate", "rate_printed", "beds").rows() == [(7.0, "7.0 a year", 9.0), (None, "*", 9.0)]
    assert safe.hidden.rows() == [("north", False)]


def test_two_counts_of_a_table_are_each_made_safe() -> None:
    table = people(north=3, south=20).with_columns(contacts=pl.Series([22, 4])).drop("people_printed")
    safe = safe_table(table, replace(BY_AREA, counts=("people", "contacts")), policy=NHSE)
    assert safe.frame.rows() == [("north", None, 20), ("south", 20, None)]
    assert safe.hidden.rows() == [("north", True), ("south", True)]


# What tells one table from another, and what figures say


def test_a_table_is_known_by_what_it_shows_alone() -> None:
    first, second, third = (safe_table(people(north=count), BY_AREA, policy=NHSE) for count in (3, 6, 9))
    assert first.sha256 == second.sha256
    assert len({first.sha256, third.sha256, safe_table(people(north=3), BY_AREA, policy=MHSDS).sha256}) == 3


def test_a_version_is_made_safe_once() -> None:
    guarded = Guarded("one", NHSE, BY_AREA, people(north=3), None)
    assert made_safe(guarded) is made_safe(replace(guarded, table=people(north=40)))
    assert made_safe(replace(guarded, version="two")).frame["people"].to_list() == [None]


def test_figures_say_what_is_hidden_and_what_they_leave_out() -> None:
    table = by_sex(("north", "men", 3), ("north", "women", 30), ("south", "men", 30), ("south", "women", 30))
    safe = safe_table(table, replace(BY_SEX, totals={}), policy=NHSE)
    texts = {"missing": pl.String, "note": pl.String}
    figures = pl.DataFrame(
        [
            ("north", "2024", None, "No count.", None),
            ("north", "2025", 30.0, None, "Rounded."),
            ("north", "2026", 30.0, None, None),
            ("south", "2024", None, "No count.", None),
            ("south", "2025", None, None, None),
            ("south", "2026", 60.0, None, None),
        ],
        schema={"area": pl.String, "period": pl.String, "value": pl.Float64, **texts},
        orient="row",
    )
    told = with_reasons(figures, safe, keys=("area", "period"))
    assert told.select("missing", "note").rows() == [
        (NHSE.reason, None),
        (None, f"Rounded. {LEFT_OUT}"),
        (None, LEFT_OUT),
        ("No count.", None),
        (NHSE.reason, None),
        (None, None),
    ]
    assert with_reasons(figures, safe, keys=("period",)).equals(figures)
    assert with_reasons(figures, replace(safe, hidden=safe.hidden.clear()), keys=("area",)).equals(figures)


# The attacker

TABLES = {
    "one total": {"depth": 1, "wide": 6, "divisions": 0},
    "areas within areas": {"depth": 3, "divisions": 0},
    "areas by group": {"divisions": 1},
    "areas and bodies by group": {"divisions": 1, "bodies": True},
    "areas by two groups": {"depth": 1, "divisions": 2},
    "areas within areas by two groups": {"wide": 2, "divisions": 2},
}
WITH_GAPS = {
    "areas within areas": {"depth": 3, "wide": 2, "divisions": 1, "gaps": True},
    "areas and bodies": {"divisions": 1, "bodies": True, "gaps": True},
    "two groups": {"depth": 1, "divisions": 2, "gaps": True},
}


@pytest.mark.parametrize("policy", [NHSE, MHSDS, OPENSAFELY], ids=lambda policy: policy.title)
@pytest.mark.parametrize("shape", TABLES)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_protected_number_can_be_told_from_another(data: st.DataObject, shape: str, policy: Policy) -> None:
    assert told_too_much(data.draw(worlds(**TABLES[shape])), policy) == {}


@pytest.mark.parametrize("shape", WITH_GAPS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nor_where_rows_are_not_listed(data: st.DataObject, shape: str) -> None:
    """Only under a policy that shows 0: under another a row that is left out says itself that it counts nobody."""
    assert told_too_much(data.draw(worlds(**WITH_GAPS[shape])), NHSE) == {}


def test_the_attacker_is_no_straw_man() -> None:
    """Where the small number alone is hidden, it is found to be at most 4; where more is, nothing is found."""
    counts = {("E0",): 62, ("E00",): 60, ("E01",): 2}
    world = world_of(counts, [(("E0",), (("E00",), ("E01",)))], list(counts), {"E00": "E0", "E01": "E0"}, 0)
    naive = {("E0",): 60, ("E00",): 60, ("E01",): None}
    assert attack(world, naive, NHSE, [("E01",)]) == {("E01",): (1, 4)}
    assert world.published(NHSE) == {**naive, ("E00",): None}
    assert attack(world, world.published(NHSE), NHSE, [("E01",)]) == {("E01",): (1, 61)}
