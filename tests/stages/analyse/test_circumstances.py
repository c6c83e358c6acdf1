import polars as pl
import pytest

from parity.analyse.circumstances.documents import NOT_TOLD, profile
from parity.analyse.circumstances.indicators import (
    BENEFITS,
    DEPRIVED,
    LIMITED,
    MOOD,
    RURAL,
    circumstance_share,
    claimants_expected,
    claimants_growth,
    claimants_implied,
    employment_gap,
    employment_share,
    illness_sign,
    local_circumstances,
    local_deprivation_indicators,
    risk_factor_share,
)
from parity.analyse.shares import TOO_MANY, counted_share
from parity.assumptions import assumption
from parity.documents.model import Callout, Paragraph, Table
from parity.tables import Desk, Store
from parity.terms.areas import ENGLAND, Area, Place
from tests.england import SHIRE, take_in
from tests.sources.official_data import needs_data, official_table
from tests.stages.analyse.frames import rows, table

SURE = assumption("confidence_level")
FACTORS = table(
    "risk_factors",
    {"area": "A", "factor": "Unemployment", "people": 343, "of_people": 368, "compared": "higher"},
    {"area": "B", "factor": "Unemployment", "share": 0.5},
    {"area": "A", "factor": "Overcrowding", "share": 0.25, "note": "Of households."},
    {"area": "B", "factor": "Overcrowding", "share": 0.25},
    {"area": "C", "factor": "Overcrowding", "share": 0.5},
    {"area": "A", "factor": "Living alone", "compared": "lower", "note": "No year."},
    {"area": "A", "factor": "Poor health", "people": 0, "of_people": 0, "compared": "similar"},
    {"area": "A", "factor": "Few qualifications", "people": 5, "of_people": 10},
    {"area": "B", "factor": "Few qualifications", "share": 0.5},
    period="2010",
)
COMPARED = table(
    "comparators",
    {"area": "A", "comparator": "B", "use": "need"},
    {"area": "A", "comparator": "C", "use": "need"},
    {"area": "B", "comparator": "C", "use": "need"},
    {"area": "A", "comparator": "C", "use": "spend"},
)
AREAS = table("areas", {"area": "B", "name": "England"}, {"area": "C", "name": "Arr"})


def test_a_risk_factor_is_higher_or_lower_than_elsewhere() -> None:
    found = risk_factor_share(FACTORS, SURE, COMPARED, AREAS)
    assert rows(found, "area", "factor", "value", "missing", "note") == [
        ("A", "Unemployment", round(343 / 368, 9), None, "Significantly higher than England."),
        ("B", "Unemployment", 0.5, None, None),
        ("A", "Overcrowding", 0.25, None, "The same as England. Lower than Arr. Of households."),
        ("B", "Overcrowding", 0.25, None, "Lower than Arr."),
        ("C", "Overcrowding", 0.5, None, None),
        ("A", "Living alone", None, "The source prints no number.",
         "The source says it is lower than the country's. No year."),
        ("A", "Poor health", None, "The number of all is zero, so nothing can be divided by it.",
         "The source says it is like the country's."),
        ("A", "Few qualifications", 0.5, None, "Not significantly different from England."),
        ("B", "Few qualifications", 0.5, None, None),
    ]  # fmt: skip
    first = found.row(0, named=True)
    assert (first["lower"], first["upper"]) == (pytest.approx(0.901639, abs=1e-6), pytest.approx(0.953565, abs=1e-6))


def test_without_comparators_what_the_source_says_remains() -> None:
    assert risk_factor_share(FACTORS, SURE)["note"][0] == "The source says it is higher than the country's."


CLAIMS = table(
    "benefit_claims",
    {"area": "A", "period": "2000", "mental_claimants": 3423, "mental_share": 0.27, "share_of": "R"},
    {"area": "A", "period": "2008", "mental_claimants": 5459, "mental_share": 0.38, "share_of": "R"},
    {"area": "A", "period": "2008-02", "claimants": 15820, "mental_share": 0.38, "share_of": "R"},
    {"area": "B", "period": "2008-02", "claimants": 100, "mental_share": 0.5, "note": "As printed."},
    {"area": "C", "period": "2000", "mental_claimants": 0, "mental_share": 0},
    {"area": "C", "period": "2008", "mental_claimants": 5},
    {"area": "D", "period": "2008", "claimants": 7},
    benefit="incapacity",
)


def test_claimants_times_a_share_are_a_sign_of_need() -> None:
    found = claimants_expected(CLAIMS, table("areas", {"area": "R", "name": "Region"}))
    assert rows(found, "area", "period", "value", "missing", "note") == [
        ("A", "2008-02", 6011.6, None, "The share is that of Region."),
        ("B", "2008-02", 50.0, None, "As printed."),
        ("D", "2008", None, "The share is not known.", None),
    ]


def test_claims_grow_and_imply_all_claimants() -> None:
    assert rows(claimants_growth(CLAIMS), "area", "period", "value", "missing") == [
        ("A", "2000 to 2008", 0.594799883, None),
        ("C", "2000 to 2008", None, "The number in the first period is zero, so nothing can be divided by it."),
    ]
    assert rows(claimants_implied(CLAIMS), "area", "period", "value", "missing") == [
        ("A", "2000", 12677.777777778, None),
        ("A", "2008", 14365.789473684, None),
        ("C", "2000", None, "The share is zero, so nothing can be divided by it."),
    ]


WORK = table(
    "employment_rates",
    {"area": "A", "group": "Long-term problems", "role": "group", "share": 0.24},
    {"area": "A", "group": "Adults", "role": "everyone", "people": 75, "of_people": 100},
    {"area": "B", "group": "Long-term problems", "role": "group", "share": 0.24, "note": "No year."},
    {"area": "A", "group": "Unknown", "role": "group"},
    period="2009",
)


def test_a_gap_needs_everyones_share() -> None:
    assert rows(employment_share(WORK, SURE), "area", "group", "value", "missing", "note") == [
        ("A", "Long-term problems", 0.24, None, None),
        ("A", "Adults", 0.75, None, None),
        ("B", "Long-term problems", 0.24, None, "No year."),
        ("A", "Unknown", None, "The number counted is not known.", None),
    ]
    assert rows(employment_gap(WORK, SURE), "area", "group", "value", "missing") == [
        ("A", "Long-term problems", 0.51, None),
        ("B", "Long-term problems", None, "The share of everyone in work is not known for this area and period."),
        ("A", "Unknown", None, "The group's share in work is not known."),
    ]


def test_more_than_there_are_is_no_share() -> None:
    found = pl.DataFrame({"some": [3.0], "all": [2.0]}).select(*counted_share("some", "all", confidence_level=SURE))
    assert found.rows() == [(None, None, None, TOO_MANY)]


def test_empty_tables_give_no_figure() -> None:
    assert risk_factor_share(FACTORS.clear(), SURE, COMPARED).is_empty()
    assert claimants_expected(CLAIMS.clear()).is_empty()
    assert claimants_growth(CLAIMS.clear()).is_empty()
    assert claimants_implied(CLAIMS.clear()).is_empty()
    assert employment_gap(WORK.clear(), SURE).is_empty()


LIES = pl.DataFrame({"part": ["a", "b", "a", "b", "c"], "area": ["X", "X", "E", "E", "E"]})
LIMITS = pl.DataFrame(
    {
        "area": ["a", "a", "b", "b", "c", "c"],
        "period": "2021",
        "disability": ["disabled", "not disabled"] * 3,
        "people": [10, 30, 20, 40, 0, 100],
    }
)
HOUSEHOLDS = pl.DataFrame(
    {
        "area": ["a", "a", "a", "b", "c"],
        "period": "2021",
        "dimensions": ["0", "2", "4", "1", "3"],
        "households": [5, 2, 1, 2, 10],
    }
)
SETTLED = pl.DataFrame(
    {
        "edition": ["2021 small areas"] * 3 + ["2011 small areas"],
        "area": ["a", "b", "c", "a"],
        "settlement": ["rural", "urban", "urban", "urban"],
    }
)


def test_what_the_census_counted_is_summed_up_from_small_areas() -> None:
    found = circumstance_share(local_circumstances(LIES, LIMITS, HOUSEHOLDS, SETTLED))
    assert {(area, factor): value for area, factor, value in rows(found, "area", "factor", "value")} == {
        ("X", LIMITED): 0.3,
        ("E", LIMITED): 0.15,
        ("X", DEPRIVED): 0.3,
        ("E", DEPRIVED): 0.65,
        ("X", RURAL): 0.4,
        ("E", RURAL): 0.2,
    }
    assert found["missing"].null_count() == found.height


def test_a_small_area_that_is_not_known_makes_the_area_unknown() -> None:
    found = circumstance_share(local_circumstances(LIES, LIMITS, None, SETTLED.filter(pl.col("area") != "c")))
    assert rows(found.filter(factor=RURAL), "area", "value", "missing") == [
        ("X", 0.4, None),
        ("E", None, "A small area of this area has no value or no people."),
    ]


OLD = pl.DataFrame({"area_2011": ["a", "old", "old"], "area": ["a", "b", "c"]})
COUNTS = pl.DataFrame({"edition": "mid-2020", "area": ["a", "old"], "age": 7, "people": [10, 30]})
BENEATH = pl.DataFrame(
    {
        "edition": "2019",
        "area": ["a", "old"] * 3,
        "indicator": ["household_overcrowding_indicator"] * 2
        + ["mood_and_anxiety_disorders_indicator"] * 2
        + ["comparative_illness_and_disability_ratio_indicator"] * 2,
        "value": [0.1, 0.3, -1.0, 1.0, 100.0, None],
    }
)


def test_what_lies_beneath_the_indices_is_weighted_by_people_and_a_divided_area_counts_once() -> None:
    known = local_deprivation_indicators(BENEATH, COUNTS, OLD, LIES)
    found = circumstance_share(local_circumstances(LIES, LIMITS), known).filter(factor="Crowded households")
    assert rows(found, "area", "period", "value") == [("X", "2019", 0.25), ("E", "2019", 0.25)]
    signs = illness_sign(known)
    assert rows(signs.filter(area="X"), "factor", "unit", "value", "missing") == [
        (MOOD, "score", 0.5, None),
        (BENEFITS, "ratio", None, "A small area of this area has no value or no people."),
    ]


def test_the_page_of_a_place_says_what_is_known_and_what_is_not(store: Store) -> None:
    england = take_in(store)
    place = Place(england.areas[SHIRE], (), "2026")
    _, _, known, unknown = profile(england.looking_at(place.codes), place)
    assert isinstance(known, Table)
    assert ([column.title for column in known.columns], len(known.rows)) == (
        ["Factor", "Shire", "England"],
        1,
    )
    assert unknown == Paragraph((NOT_TOLD,))
    (box,) = profile(Desk(Store(store.home / "none"), "england"), place)
    assert isinstance(box, Callout)


@needs_data
def test_england_has_the_shares_that_the_census_published() -> None:
    limits, homes = (
        official_table("census2021_disability_lsoa21.parquet"),
        official_table("census2021_household_deprivation_lsoa21.parquet"),
    )
    english = limits.filter(pl.col("area").str.starts_with("E01")).select(part="area", area=pl.lit(ENGLAND)).unique()
    found = local_circumstances(english, limits, homes)
    assert [round(value, 3) for value in found["value"]] == [0.173, 0.181]


@pytest.mark.django_db
def test_of_a_council_that_was_merged_it_is_said_where_to_look(store: Store) -> None:
    place = Place(Area("E07000150", "Corby", "district"), (), "2026")
    (box,) = profile(take_in(store).looking_at(place.codes), place)
    assert isinstance(box, Callout)
    assert box.parts == ("Corby is a council no more: its area lies in E06000061. Look there.",)
