"""Variants of need: each in a table of its own, adding up as the plain estimate does, and true to its weights."""

from dataclasses import replace

import polars as pl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from parity.analyse.need_variants.documents import variant_blocks
from parity.analyse.need_variants.indicators import (
    expected_by_ethnic_mix,
    index_by_deprivation,
    local_fifths,
    need_by_ethnic_mix,
    piece_fifths,
    piece_mix,
)
from parity.assumptions import assumption
from parity.assumptions.ethnic_risks import ethnic_risks
from parity.documents.model import Paragraph, Table
from parity.sources.shelf import SHELF
from parity.tables import ENGLAND_SCOPE, Desk, Store
from parity.terms.areas import Place
from parity.terms.derived import DERIVED
from parity.terms.release import Release
from tests.england import COAST, ENGLAND, INLAND, NORTHTON, REGION, SEATON, SHIRE, SOUTHTON, completed, take_in
from tests.given import READ_AT

RATES = replace(assumption("common_condition_by_deprivation"), low=0.1, high=0.3)
BRITISH = "White: English, Welsh, Scottish, Northern Irish or British"
CARIBBEAN = "Black, Black British, Black Welsh, Caribbean or African: Caribbean"
CENSUS = pl.DataFrame(
    [
        {"area": council, "period": "2021", "ethnic_group": group, "people": people}
        for council, counted in {NORTHTON: (100, 0), SOUTHTON: (50, 50), SEATON: (100, 0)}.items()
        for group, people in zip((BRITISH, CARIBBEAN), counted, strict=True)
    ]
)
COMMON = {"condition": "common mental health condition", "rate_source": "APMS 2023/4"}
PSYCHOTIC = {"condition": "psychotic disorder", "rate_source": "APMS 2023/4"}


def fifths(**people: int) -> pl.DataFrame:
    """Areas with so many people in the most and the least deprived fifth; England has as many in each."""
    rows = [
        {"area": name, "period": "2025", "fifth": fifth, "people": count if fifth == 1 else 10 - count}
        for name, count in people.items()
        for fifth in (1, 5)
    ]
    return pl.DataFrame(rows).with_columns(of_england=pl.lit(100))


def test_the_index_is_the_mean_rate_over_that_of_england() -> None:
    found = index_by_deprivation(fifths(poor=10, mixed=5, rich=0), RATES)
    assert found.rows() == [("poor", "2025", 150.0), ("mixed", "2025", 100.0), ("rich", "2025", 50.0)]


def test_rates_rise_in_equal_steps_between_the_ends() -> None:
    each = pl.DataFrame({"area": list("abcde"), "period": "2025", "fifth": range(1, 6), "people": 1, "of_england": 1})
    index = index_by_deprivation(each, RATES)["index_value"].to_list()
    assert index == [pytest.approx(value) for value in (150, 125, 100, 75, 50)]


def test_without_an_end_there_is_no_index() -> None:
    with pytest.raises(ValueError, match="needs a low and a high"):
        index_by_deprivation(fifths(a=5), replace(RATES, low=None))


def test_somebody_whose_fifth_is_not_known_makes_the_area_unknown() -> None:
    table = pl.concat([fifths(a=5), fifths(b=5).with_columns(fifth=pl.lit(None, dtype=pl.Int64))])
    assert index_by_deprivation(table, RATES)["index_value"].to_list() == [100.0, None]


def test_people_are_counted_by_fifth_in_every_piece_and_area() -> None:
    places = pl.DataFrame({"part": ["s1", "s2", "s3"], "council": ["A", "A", "B"], "sub_icb": ["X", "X", "X"]})
    ranks = {"edition": "2025", "domain": "imd", "area": ["s1", "s2", "s3"], "decile": [1, 2, 10]}
    older = {"edition": "2019", "domain": "imd", "area": ["s1"], "decile": [10]}
    deprivation = pl.concat([pl.DataFrame(ranks), pl.DataFrame(older)])
    census = pl.DataFrame({"area": ["s1", "s1", "s2", "s3"], "people": [3, 4, 5, 6]})
    pieces = piece_fifths(places, deprivation, census)
    assert pieces.select("area", "fifth", "people", "of_england").rows() == [
        ("A in X", 1, 12, 12), ("A in X", 5, 0, 6), ("B in X", 1, 0, 12), ("B in X", 5, 6, 6),
    ]  # fmt: skip
    parts = pl.DataFrame({"area": ["both", "both"], "part": ["A in X", "B in X"]})
    assert local_fifths(pieces, parts).select("fifth", "people").rows() == [(1, 12), (5, 6)]


def test_a_piece_has_the_mix_of_its_council_and_england_that_of_all() -> None:
    pieces = pl.DataFrame(
        {"area": [SOUTHTON, SEATON, SHIRE], "part": ["p1", "p2", "p1"], "kind": ["council", "council", "county"]}
    )
    mix = piece_mix(CENSUS.filter(pl.col("area") != NORTHTON), pieces)
    assert mix.rows() == [
        ("p1", BRITISH, 0.5), ("p1", CARIBBEAN, 0.5), ("p2", BRITISH, 1.0), ("p2", CARIBBEAN, 0.0),
        (ENGLAND, BRITISH, 0.75), (ENGLAND, CARIBBEAN, 0.25),
    ]  # fmt: skip


def with_census(store: Store) -> Desk:
    """The small England with a census by the official names of groups, under a release of its own."""
    desk = take_in(store, census_ethnicity=None)
    told = {"credit": SHELF["census_ethnicity"].credit, "edition": "official"}
    release = Release(
        "census_ethnicity", ENGLAND_SCOPE, "official1", "official" * 4, "", READ_AT, CENSUS.height, **told
    )
    desk.store.add(completed(CENSUS, "census_ethnicity"), release)
    return Desk(store, ENGLAND_SCOPE)


def value_of(desk: Desk, key: str, area: str, **where: str) -> float:
    return desk.figures(key).one(area=area, period="2026", **where).value or 0


def test_the_plain_number_is_weighted_by_what_a_place_is_like(store: Store) -> None:
    desk = with_census(store)
    plain = value_of(desk, "people_expected", SOUTHTON, **PSYCHOTIC)
    england = (250 + 50 * 5.2) / 300
    assert value_of(desk, "expected_by_ethnic_mix", SOUTHTON, **PSYCHOTIC) == pytest.approx(plain * 3.1 / england)
    assert value_of(desk, "expected_by_ethnic_mix", NORTHTON, **PSYCHOTIC) == pytest.approx(plain / england)
    assert value_of(desk, "expected_by_ethnic_mix", ENGLAND, **PSYCHOTIC) == pytest.approx(3 * plain)
    common = value_of(desk, "people_expected", NORTHTON, **COMMON)
    index = desk.figures("deprivation_need_index").one(area=NORTHTON, period="2025").value or 0
    assert value_of(desk, "expected_by_deprivation", NORTHTON, **COMMON) == pytest.approx(common * index / 100)


def test_the_index_of_an_area_is_the_same_whoever_else_is_in_view(store: Store) -> None:
    desk = take_in(store)
    alone, beside = (
        desk.looking_at(codes).figures("deprivation_need_index").one(area=SEATON).value for codes in ([SEATON], None)
    )
    # Seaton lies in the second fifth; of four small areas two lie in the first, two in the second
    assert alone == beside == pytest.approx(100 * (0.262 - 0.0255) / (0.262 - 0.01275))


@pytest.mark.parametrize("key", ["expected_by_deprivation", "expected_by_ethnic_mix"])
def test_a_variant_adds_up_over_councils_and_health_bodies(store: Store, key: str) -> None:
    desk = with_census(store)
    where = COMMON if key == "expected_by_deprivation" else PSYCHOTIC
    whole = value_of(desk, key, ENGLAND, **where)
    for parts in ((NORTHTON, SOUTHTON, SEATON), (SHIRE, SEATON), (INLAND, COAST), (REGION,)):
        assert sum(value_of(desk, key, part, **where) for part in parts) == pytest.approx(whole)
    figure = desk.figures(key).one(area=ENGLAND, period="2026", **where)
    assert (figure.lower or 0) < whole < (figure.upper or 0)


def test_every_group_of_the_census_has_a_risk_with_its_reason() -> None:
    risks = ethnic_risks()
    assert risks.height == risks["ethnic_group"].n_unique() == 19
    inside = risks.drop_nulls("low").filter(pl.col("relative_risk").is_between("low", "high"))
    assert inside.height == risks["low"].count()
    assert risks.filter(pl.col("confidence") == "chosen by us to show the method").height == 8


def test_a_variant_that_cannot_be_told_says_why(store: Store) -> None:
    desk = take_in(store, deprivation=None, census_ethnicity=None)
    blocks = variant_blocks(desk, Place(desk.areas[SHIRE], (), "2026"))
    told = [block.parts[0] for block in blocks if isinstance(block, Paragraph)]
    assert told == [
        f"This variant is not shown. It needs the official table {stem}, which was not taken in yet."
        for stem in ("deprivation", "census_ethnicity")
    ]


def test_a_census_by_other_groups_gives_no_variant_and_breaks_none(store: Store) -> None:
    desk = take_in(store)
    stems = DERIVED["need_by_ethnic_mix"].tables
    found = need_by_ethnic_mix(*(table[0] for stem in stems if (table := desk.table(stem)) is not None))
    assert (found.height, expected_by_ethnic_mix(found).height) == (0, 0)


def test_each_variant_stands_in_tables_of_its_own(store: Store) -> None:
    desk = with_census(store)
    blocks = variant_blocks(desk, Place(desk.areas[SHIRE], (desk.areas[SEATON],), "2026"))
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [table.slug for table in tables] == [
        "deprivation-index", "need-by-deprivation", "need-by-ethnic-mix", "ethnic-risks",
    ]  # fmt: skip
    assert [[row[0] for row in table.rows] for table in tables[:3]] == [["Shire", "Seaton", "England"]] * 3


@pytest.mark.django_db
def test_a_variant_is_on_the_page_and_a_download(store: Store) -> None:
    with_census(store)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create_user("analyst"))
    address = f"/england/places/{SHIRE}/need/?year=2026"
    page = client.get(address).content.decode()
    assert "26.2% in the most deprived fifth of small areas and 16.0% in the least" in page
    csv = client.get(f"{address}&table=need-by-ethnic-mix&format=csv").content.decode()
    assert [line.split(",")[0] for line in csv.splitlines()[1:3]] == ["Shire", "England"]
