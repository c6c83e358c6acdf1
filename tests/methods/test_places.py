"""Areas made of other areas: what is missing, slow twins, and what official estimates say."""

from collections import defaultdict
from math import isnan, nan

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.places import (
    carried_over,
    council_shares,
    council_today,
    estimated_people,
    merged_councils,
    parts_of_areas,
    small_areas_of_england,
)
from parity.terms.mergers import MERGERS, SINCE_2023
from tests.methods.english_places import all_small_areas
from tests.sources.official_data import needs_data, official_table

QUICK = settings(deadline=None, max_examples=40)
NAMES = st.sampled_from("abcdef")
COUNTED = {"area": pl.String, "age": pl.Int64, "people": pl.Float64}
PEOPLED = {"part": pl.String, "council": pl.String, "age": pl.Int64, "people": pl.Float64}
LYING = {"part": pl.String, "area": pl.String}
NESTED = {"area": pl.String, "within": pl.String}
SHARED = {"area": pl.String, "council": pl.String, "age": pl.Int64, "share": pl.Float64}
THREE_AGES = st.lists(st.integers(0, 9), min_size=3, max_size=3)
UNKNOWN = "The people of a council that makes up this area are not known."


def frame(schema: dict[str, type[pl.DataType]], *rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_every_council_that_went_went_into_one_that_stayed() -> None:
    assert len(SINCE_2023) == sum(len(gone) for gone in MERGERS.values()) == 42
    assert set(SINCE_2023) & set(MERGERS) == set()


def test_merged_councils_are_known_only_where_all_their_parts_are() -> None:
    table = frame(COUNTED, ("E07000204", 1, 2.0), ("E07000201", 1, None), ("E07000205", 1, 3.0), ("E06000016", 1, 0.0))
    rows = [("E07000245", 1, None), ("E07000244", 1, 3.0), ("E06000016", 1, 0.0)]
    assert merged_councils(table, value="people").rows() == rows
    assert merged_councils(table.clear(), value="people").rows() == []


def test_areas_that_lie_in_each_other_are_told_once() -> None:
    within = frame(NESTED, ("a", "b"), ("b", "a"), ("b", "b"), (None, "c"), ("a", None))
    assert parts_of_areas(frame(LYING, ("x", "a"), ("x", None)), within=within).rows() == [("x", "a"), ("x", "b")]
    assert parts_of_areas(frame(LYING), within=within).rows() == []


@QUICK
@given(st.sets(st.tuples(NAMES, NAMES), max_size=8), st.sets(st.tuples(NAMES, NAMES), max_size=8))
def test_parts_of_areas_beside_a_slow_twin(parts: set[tuple[str, str]], within: set[tuple[str, str]]) -> None:
    found = set(parts)
    for _ in range(len(within)):
        found |= {(part, above) for part, area in found for below, above in within if below == area}
    result = parts_of_areas(frame(LYING, *parts), within=frame(NESTED, *within)).rows()
    assert sorted(result) == sorted(found)


def carried(people: float | None, *weights: float | None) -> list[float | None]:
    names = [f"new {place}" for place in range(len(weights))]
    result = carried_over(
        frame(COUNTED, ("old", 40, people)),
        changes=pl.DataFrame({"area_2011": ["old"] * len(names), "area": names}),
        weights=pl.DataFrame({"area": names, "people": weights}, schema_overrides={"people": pl.Float64}),
    )
    return result["people"].to_list()


def test_what_is_not_known_is_not_carried_over() -> None:
    assert carried(None, 3, 1) == [None, None]
    assert carried(8, 3, None) == [None, None]
    assert carried(8, 0, 0) == [None, None]
    assert carried(8, None) == [8]
    assert carried(8, 3, 1) == [6, 2]


def test_nobody_is_carried_over() -> None:
    changes = pl.DataFrame({"area_2011": ["old"], "area": ["new"]})
    weights = frame(COUNTED).select("area", "people")
    assert carried_over(frame(COUNTED), changes=changes, weights=weights).rows() == []


CHANGED = {"area": ["E01", "W01"], "council": ["E07000026", "W06"]}
HEALTH = {"edition": ["2022", "2024", "2025"], "lsoa_year": ["2011", "2021", "2021"], "area": ["E00", "E01", "E01"]}
BODIES = {"sub_icb": ["E38a", "E38b", "E38c"], "icb": ["E54a", "E54b", "E54c"]}
WARDS = {"edition": ["2024", "2024"], "area": ["E01", "W01"], "ward": ["E05", "W05"]}
COUNTIES = {"edition": ["2021", "2023"], "area": ["E07000026", "E06000063"], "county": ["E10", None]}
REGIONS = {"edition": ["2024"], "area": ["E06000063"], "region": ["E12"]}


@pytest.mark.parametrize(
    ("rows", "areas"), [(2, ["E05", "E06000063", "E12", "E38c", "E54c", "E92000001"]), (0, ["E05", "E38c", "E54c"])]
)
def test_of_several_editions_the_latest_counts(rows: int, areas: list[str]) -> None:
    every = small_areas_of_england(
        pl.DataFrame(CHANGED).head(rows),
        wards=pl.DataFrame(WARDS),
        health=pl.DataFrame({**HEALTH, **BODIES}),
        counties=pl.DataFrame(COUNTIES),
        regions=pl.DataFrame(REGIONS),
    )
    assert sorted(every.rows()) == [("E01", area) for area in areas]


@QUICK
@given(
    st.dictionaries(st.tuples(NAMES, st.integers(0, 2)), st.integers(0, 50), min_size=1, max_size=8),
    st.sets(st.tuples(NAMES, st.sampled_from("uvwxyz")), min_size=1, max_size=8),
    st.lists(st.integers(1, 9), min_size=6, max_size=6),
)
def test_carried_over_beside_a_slow_twin(
    people: dict[tuple[str, int], int], changes: set[tuple[str, str]], sizes: list[int]
) -> None:
    weights = dict(zip("uvwxyz", sizes, strict=True))
    into = defaultdict(list)
    for old, new in sorted(changes):
        into[old].append(new)
    expected: dict[tuple[str, int], float | None] = {}
    for new, age in {(new, age) for old, new in changes for before, age in people if before == old}:
        parts = [
            people.get((old, age), nan) * weights[new] / sum(weights[each] for each in into[old])
            for old in into
            if new in into[old]
        ]
        expected[new, age] = None if isnan(sum(parts)) else sum(parts)
    result = carried_over(
        frame(COUNTED, *((*key, count) for key, count in people.items())),
        changes=pl.DataFrame(list(changes), schema=["area_2011", "area"], orient="row"),
        weights=pl.DataFrame({"area": list(weights), "people": sizes}),
    )
    assert {(area, age): count for area, age, count in result.iter_rows()} == pytest.approx(expected)


def test_a_part_of_unknown_people_leaves_the_share_unknown() -> None:
    people = frame(PEOPLED, ("x", "Town", 20, 5.0), ("y", "Town", 20, None), ("z", "Vale", 20, 7.0))
    parts = frame(LYING, ("x", "a"), ("z", "a"), ("nowhere", "b"))
    shares = council_shares(people, parts=parts)
    assert shares.rows() == [("a", "Town", 20, None), ("a", "Vale", 20, 1.0), ("b", None, 20, None)]
    assert shares.schema["age"] == people.schema["age"]


def test_a_council_where_nobody_lives_has_no_shares() -> None:
    shares = council_shares(frame(PEOPLED, ("x", "Town", 20, 0.0)), parts=frame(LYING, ("x", "a")))
    assert shares.rows() == [("a", "Town", 20, None)]
    assert council_shares(frame(PEOPLED), parts=frame(LYING)).rows() == []


@QUICK
@given(
    st.lists(
        st.tuples(st.sampled_from(["Town", "Vale"]), st.lists(st.integers(0, 9), min_size=3, max_size=3)), max_size=6
    ),
    st.sets(st.tuples(st.integers(0, 5), st.sampled_from("ab"))),
)
def test_council_shares_beside_a_slow_twin(small: list[tuple[str, list[int]]], lying: set[tuple[int, str]]) -> None:
    within = {(place, area) for place, area in lying if place < len(small)}
    expected = {}
    for area, council in {(area, small[place][0]) for place, area in within}:
        mine = [small[place][1] for place, each in within if each == area and small[place][0] == council]
        everybody = [ages for name, ages in small if name == council]
        for age in range(3):
            part, whole = sum(ages[age] for ages in mine), sum(ages[age] for ages in everybody)
            if whole == 0:
                part, whole = sum(map(sum, mine)), sum(map(sum, everybody))
            expected[area, council, age] = part / whole if whole else None
    people = [(str(place), council, age, ages[age]) for place, (council, ages) in enumerate(small) for age in range(3)]
    parts = [(str(place), area) for place, area in within]
    result = council_shares(frame(PEOPLED, *people), parts=frame(LYING, *parts))
    assert {tuple(key): share for *key, share in result.iter_rows()} == pytest.approx(expected)


def test_an_area_is_known_only_where_all_its_councils_are() -> None:
    shares = frame(
        SHARED, ("a", "Town", 20, 0.5), ("a", "Vale", 20, 1.0), ("b", "Town", 20, 0.5), ("c", "Town", 20, None)
    )
    town = frame(COUNTED, ("Town", 20, 8.0))
    assert estimated_people(town, shares=shares).rows() == [
        ("a", 20, None, UNKNOWN),
        ("b", 20, 4.0, None),
        ("c", 20, None, UNKNOWN),
    ]
    assert estimated_people(frame(COUNTED, ("Town", 20, None)), shares=shares[2:3]).rows() == [("b", 20, None, UNKNOWN)]
    assert estimated_people(frame(COUNTED, ("Town", 20, 0.0)), shares=shares[2:3]).rows() == [("b", 20, 0.0, None)]
    assert estimated_people(town.clear(), shares=shares).rows() == []


@QUICK
@given(
    st.dictionaries(st.tuples(NAMES, st.sampled_from(["f", "m"]), st.integers(0, 1)), st.integers(0, 99), max_size=12),
    st.dictionaries(st.tuples(st.sampled_from("xy"), NAMES, st.integers(0, 1)), st.floats(0, 1), max_size=12),
)
def test_estimated_people_beside_a_slow_twin(
    councils: dict[tuple[str, str, int], int], shares: dict[tuple[str, str, int], float]
) -> None:
    expected: dict[tuple[str, str, int], float | None] = {}
    for area, sex, age in {(area, sex, age) for area, _, age in shares for sex in "fm"}:
        mine = {council: share for (name, council, at), share in shares.items() if (name, at) == (area, age)}
        known = [council for council in mine if (council, sex, age) in councils]
        if known:
            whole = len(known) == len(mine)
            expected[area, sex, age] = sum(mine[c] * councils[c, sex, age] for c in known) if whole else None
    table = frame({"area": pl.String, "sex": pl.String, **COUNTED}, *((*key, count) for key, count in councils.items()))
    result = estimated_people(table, shares=frame(SHARED, *((*key, share) for key, share in shares.items())))
    assert {(area, sex, age): people for area, sex, age, people, _ in result.iter_rows()} == pytest.approx(expected)


def lower_tier(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("area").str.contains("^E0[6-9]"))


@needs_data
def test_the_merged_workbook_of_2018_is_the_base_of_the_projection() -> None:
    keys = ["area", "sex", "age"]
    base = lower_tier(official_table("ons_snpp2018_principal_2018_2043_lad_sya_sex.parquet")).filter(period="2018")
    estimates = lower_tier(official_table("ons_mye_mid2018.xls")).select(*keys, "people")
    both = merged_councils(estimates, value="people").join(base, on=keys, how="full")
    assert (both.height, both["people_right"].null_count(), both["people"].null_count()) == (296 * 2 * 91, 0, 0)
    assert both.select((pl.col("people") - pl.col("people_right")).abs().max()).item() == 3


@needs_data
@pytest.mark.parametrize("file", ["ons_mye_mid2015.xls", "ons_mye_mid2020_ukpopestimatesmid2020on2021geography.xls"])
def test_workbooks_of_other_years_are_those_of_the_same_councils(file: str) -> None:
    councils = set(lower_tier(official_table("ons_snpp2018_principal_2018_2043_lad_sya_sex.parquet"))["area"])
    estimates = lower_tier(official_table(file)).select("area", "sex", "age", "people")
    merged = merged_councils(estimates, value="people")
    assert (set(merged["area"]), merged["people"].sum()) == (councils, estimates["people"].sum())


def people_of_small_areas() -> pl.DataFrame:
    """The people of mid-2020 on the small areas of 2021, by council and age."""
    changes = official_table("lsoa11_lsoa21_lad22.parquet")
    councils = changes.select(part="area", council=council_today("council")).unique()
    census = official_table("census2021_ethnic_group5_lsoa21.parquet").group_by("area").agg(pl.col("people").sum())
    before = official_table("ons_sape_mid2020_lsoa11_sya_persons.parquet").select("area", "age", "people")
    now = carried_over(before, changes=changes, weights=census)
    assert now["people"].sum() == pytest.approx(before["people"].sum())
    return now.rename({"area": "part"}).join(councils, on="part")


@needs_data
def test_every_small_area_lies_in_one_area_of_each_kind() -> None:
    every = all_small_areas()
    kinds = every.group_by(kind=pl.col("area").str.slice(0, 3)).agg(pl.len(), areas=pl.col("area").n_unique())
    found = {kind: (pairs, areas) for kind, pairs, areas in kinds.iter_rows()}
    whole = {kind: found.pop(kind) for kind in ("E12", "E38", "E54", "E92")}
    assert whole == {"E12": (33_755, 9), "E38": (33_755, 106), "E54": (33_755, 42), "E92": (33_755, 1)}
    councils = [found.pop(kind) for kind in ("E06", "E07", "E08", "E09")]
    assert [sum(count) for count in zip(*councils, strict=True)] == [33_755, 296]
    assert (found["E05"][0], found["E10"][1], len(found)) == (33_755, 21, 2)


@needs_data
def test_any_area_of_england_is_estimated_from_its_councils() -> None:
    projected = lower_tier(official_table("ons_snpp2018_principal_2018_2043_lad_sya_sex.parquet"))
    shares = council_shares(people_of_small_areas(), parts=all_small_areas())
    assert shares["share"].null_count() == 0
    years = projected.filter(pl.col("period").is_in(["2021", "2022"])).select("area", "period", "sex", "age", "people")
    in_councils = (
        shares.filter(pl.col("area").str.starts_with("E05")).group_by("council", "age").agg(pl.col("share").sum())
    )
    assert in_councils["share"].round(9).unique().to_list() == [1.0]
    estimated = estimated_people(years, shares=shares.filter(~pl.col("area").str.starts_with("E0")))
    assert estimated["missing"].null_count() == estimated.height
    added = estimated.group_by("area", "period").agg(pl.col("people").sum())
    whole = dict(years.group_by("period").agg(pl.col("people").sum()).iter_rows())
    for kind in ("E12", "E38", "E54", "E92"):
        kinds = added.filter(pl.col("area").str.starts_with(kind)).group_by("period").agg(pl.col("people").sum())
        assert dict(kinds.iter_rows()) == pytest.approx(whole)
    assert how_far(added) == {"2021": (0.013, 0.032, 0.087), "2022": (0.014, 0.038, 0.089)}


def how_far(added: pl.DataFrame) -> dict[str, tuple[float, ...]]:
    """By year: the median, 90th percentile and largest relative error beside the estimates of 106 sub-ICB locations."""
    observed = official_table("ons_sape_health_geographies_mid2021_mid2022_sicbl_icb_sya_sex.xlsx").filter(
        geography="ICB 2023"
    )
    known = observed.group_by("area", "period").agg(observed=pl.col("people").sum())
    errors = added.join(known, on=["area", "period"]).with_columns(
        error=(pl.col("people") / pl.col("observed") - 1).abs()
    )
    assert errors.height == 2 * 106
    told = errors.group_by("period").agg(
        middle=pl.col("error").median(), most=pl.col("error").quantile(0.9, "linear"), all=pl.col("error").max()
    )
    return {period: tuple(round(value, 3) for value in values) for period, *values in told.iter_rows()}
