"""England's places: how an area is meant, how its people and its need are estimated, and the pages that show them."""

import json
from itertools import groupby

import polars as pl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from parity.analyse.assessment.actions import write_assessment
from parity.analyse.mapped import map_blocks, map_choice, mappable
from parity.analyse.need.documents import profile as need
from parity.analyse.placed import not_told
from parity.analyse.places.indicators import near_councils
from parity.analyse.places.rules import areas_named, by_kind, named_to_compare, place_from, without_neighbours
from parity.analyse.population import documents as population_documents
from parity.analyse.population.documents import profile as population
from parity.documents.model import Callout, Chart, Table
from parity.register.jobs.actions import run_job
from parity.register.jobs.models import Job
from parity.tables import ENGLAND_SCOPE, Desk, Store
from parity.terms.areas import Area, Place
from tests.england import COAST, ENGLAND, INLAND, NORTHTON, REGION, SEATON, SHIRE, SOUTHTON, take_in

AREAS = [
    Area("E10000016", "Kent", "county"),
    Area("E05000001", "Kent", "ward"),
    Area("E09000001", "Kenton", "London borough"),
    Area("E06000032", "Luton", "unitary authority"),
]
BY_CODE = {area.code: area for area in AREAS}


# How an area is meant


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("kent", ["E10000016", "E05000001", "E09000001"]),
        ("  KENT ", ["E10000016", "E05000001", "E09000001"]),
        ("e06000032", ["E06000032"]),
        ("ton", ["E06000032", "E09000001"]),
        ("nowhere", []),
        ("", []),
    ],
)
def test_an_area_is_meant_by_its_code_its_name_or_a_part_of_it(text: str, codes: list[str]) -> None:
    assert [area.code for area in areas_named(AREAS, text)] == codes


def test_areas_stand_by_kind_larger_kinds_first() -> None:
    assert list(by_kind(AREAS)) == ["county", "unitary authority", "London borough", "ward"]


def test_what_is_compared_is_told_apart_from_what_cannot_be_understood() -> None:
    place, wrong = place_from(BY_CODE, "E06000032", compared="Kent, ton, nowhere, Luton", year="2026")
    assert place_from(BY_CODE, "E06000032", compared="Kent; ton; nowhere; Luton", year="2026") == (place, wrong)
    assert place == Place(BY_CODE["E06000032"], (BY_CODE["E10000016"],), "2026")
    assert wrong == [
        "“ton” may be Luton (E06000032) or Kenton (E09000001): write one of these, or its code.",
        "No area is called “nowhere”.",
    ]
    assert place.codes == ("E06000032", "E10000016", ENGLAND)


def test_where_there_is_a_semicolon_commas_belong_to_names() -> None:
    bristol = Area("E06000023", "Bristol, City of", "unitary authority")
    place, wrong = place_from({**BY_CODE, bristol.code: bristol}, "E06000032", compared="Bristol, City of; Kent")
    assert ([area.name for area in place.compared], wrong) == (["Bristol, City of", "Kent"], [])


def test_no_more_than_twenty_areas_are_compared() -> None:
    many = {f"E0700{number:04}": Area(f"E0700{number:04}", f"Place {number}", "district") for number in range(25)}
    place, wrong = place_from(many, "E07000000", compared=", ".join(area for area in many))
    assert (len(place.compared), wrong) == (20, ["At most 20 areas are compared; the first 20 are."])


def test_what_is_offered_to_compare_is_read_back() -> None:
    bristol = Area("E06000023", "Bristol, City of", "unitary authority")
    offered = [BY_CODE["E06000032"], bristol]
    assert named_to_compare(offered) == "Luton, E06000023"
    place, wrong = place_from(
        {**BY_CODE, bristol.code: bristol}, "E10000016", compared=named_to_compare(offered), year="2026"
    )
    assert (place.compared, wrong) == (tuple(offered), [])


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        (BY_CODE["E10000016"], "The official list of statistical nearest neighbours (nearest_neighbours) was not"),
        (BY_CODE["E05000001"], "no list of them for a place of this kind (ward)."),
        (Area(ENGLAND, "England", "country"), "no list of them for England as a whole."),
    ],
)
def test_why_there_are_no_neighbours_is_a_sentence(area: Area, sentence: str) -> None:
    assert sentence in without_neighbours(area)


# Nearest neighbours


def test_a_council_of_both_tiers_is_held_against_those_with_its_duties(store: Store) -> None:
    figures = take_in(store).figures("neighbour_distance")
    assert [(figure.period, figure.where, figure.value) for figure in figures.all(area=SEATON)] == [
        ("2025", (("neighbour", "Shire"),), 1.5)
    ]
    near = [(dict(figure.where)["neighbour"], figure.value) for figure in figures.all(area=NORTHTON)]
    assert near == [("Southton", 1.5), ("Seaton", 3.0)]


def test_no_more_neighbours_are_kept_than_are_shown() -> None:
    row = {"edition": "2025", "tier": "upper", "area": "a", "area_name": "A", "neighbour": "a", "distance": 1.0}
    pairs = pl.DataFrame([{**row, "place": place} for place in range(20, 0, -1)])
    assert near_councils(pairs)["place"].to_list() == list(range(1, 16))


# How its people and need are estimated


def people_of(desk: Desk, code: str, year: str) -> float | None:
    return desk.figures("residents").one(area=code, period=year, age_group="all ages", sex="all").value


def test_every_area_is_made_of_the_same_pieces(store: Store) -> None:
    desk = take_in(store)
    councils = {code: people_of(desk, code, "2018") for code in (NORTHTON, SOUTHTON, SEATON)}
    assert councils == dict.fromkeys(councils, pytest.approx(20 * 91))
    assert people_of(desk, SHIRE, "2018") == pytest.approx(2 * 20 * 91)
    assert people_of(desk, INLAND, "2018") == pytest.approx(1.5 * 20 * 91)
    assert people_of(desk, COAST, "2018") == pytest.approx(1.5 * 20 * 91)
    assert people_of(desk, REGION, "2018") == people_of(desk, ENGLAND, "2018") == pytest.approx(3 * 20 * 91)


def test_people_are_counted_by_age_and_sex(store: Store) -> None:
    figures = take_in(store).looking_at([SHIRE]).figures("residents")
    assert figures.one(area=SHIRE, period="2026", age_group="18-64", sex="female").value == pytest.approx(2 * 11 * 47)
    assert figures.one(area=SHIRE, period="2026", age_group="85 and over", sex="male").value == pytest.approx(
        2 * 11 * 6
    )


def test_need_adds_up_and_its_band_holds_it(store: Store) -> None:
    figures = take_in(store).figures("people_expected")
    where = {"period": "2026", "condition": "dementia", "rate_source": "CFAS II (Matthews et al)"}
    parts = [figures.one(area=code, **where).value or 0 for code in (NORTHTON, SOUTHTON, SEATON)]
    england = figures.one(area=ENGLAND, **where)
    # eleven of each sex and age: five years of each band, the oldest one year
    bands = 11 * 5 * sum((1.2, 1.8, 3.0, 2.5, 5.2, 6.2, 10.6, 9.5, 12.8, 18.1)) / 100 + 11 * (17.1 + 35.0) / 100
    assert parts == [pytest.approx(bands)] * 3
    assert england.value == pytest.approx(3 * bands)
    assert (england.lower or 0) < (england.value or 0) < (england.upper or 0)
    assert england.note == "Ages 65 and over. Equal to the published dementia reference rates."


def test_the_narrower_band_lies_inside(store: Store) -> None:
    desk = take_in(store)
    where = {"area": SHIRE, "period": "2026", "condition": "dementia", "rate_source": "Dementia UK"}
    wide, narrow = (desk.figures(key).one(**where) for key in ("people_expected", "people_expected_narrowly"))
    assert wide.value == narrow.value
    assert (wide.lower or 0) < (narrow.lower or 0) < (narrow.upper or 0) < (wide.upper or 0)
    assert "The rates were not yet seen in their source." in (wide.note or "")


def test_ages_stand_beside_each_number_expected_and_the_sources_of_a_condition_together(store: Store) -> None:
    desk = take_in(store)
    place = Place(desk.areas[SHIRE], (desk.areas[SEATON],), "2026")
    blocks = need(desk.looking_at(place.codes), place)
    table = next(block for block in blocks if isinstance(block, Table) and block.slug == "expected")
    assert [(column.title, column.numeric) for column in table.columns[2:5]] == [
        ("Ages", False), ("People, with the 95% band", True), ("80% band", True),
    ]  # fmt: skip
    conditions = [row[0] for row in table.rows]
    assert {row[2] for row in table.rows if row[0] == "Dementia"} == {"65 and over"}
    assert [name for name, _ in groupby(conditions)] == list(dict.fromkeys(conditions))


def test_change_and_difference_follow_from_what_is_expected(store: Store) -> None:
    desk = take_in(store).looking_at([SHIRE])
    rates = {"condition": "dementia", "rate_source": "Dementia UK"}
    change = desk.figures("expected_change").one(area=SHIRE, period="2026 to 2036", **rates)
    assert change.value == pytest.approx(1 / 11)
    assert (change.lower or 0) < change.value < (change.upper or 0)
    pair = "Dementia UK second edition against Dementia UK"
    differs = desk.figures("expected_by_other_source").one(
        area=SHIRE, period="2026", condition="dementia", rate_sources=pair
    )
    expected = desk.figures("people_expected").all(area=SHIRE, period="2026", condition="dementia")
    by_source = {figure.address["rate_source"]: figure.value or 0 for figure in expected}
    ratio = by_source["Dementia UK second edition"] / by_source["Dementia UK"]
    assert differs.value == pytest.approx(ratio - 1)


def test_both_national_tools_stand_in_one_number_of_different_ages(store: Store) -> None:
    desk = take_in(store).looking_at([SHIRE])
    sources = ("APMS 2014 (PANSI from 2019)", "MRC CFAS (McDougall et al) used by POPPI")
    figure = desk.figures("adults_expected").one(area=SHIRE, period="2026", rate_sources=" and ".join(sources))
    parts = [
        desk.figures("people_expected").one(area=SHIRE, period="2026", condition=condition, rate_source=source).value
        for condition, source in zip(("common mental disorder", "depression"), sources, strict=True)
    ]
    assert figure.value == pytest.approx(sum(part or 0 for part in parts))
    assert figure.note == "Ages 18 to 64 by one survey, 65 and over by another: they do not count the same."


def test_expected_people_by_age_add_up_to_all(store: Store) -> None:
    desk = take_in(store).looking_at([SHIRE])
    ages = desk.figures("people_expected_by_age").all(area=SHIRE, period="2026", condition="dementia (Dementia UK)")
    whole = desk.figures("people_expected").one(
        area=SHIRE, period="2026", condition="dementia", rate_source="Dementia UK"
    )
    assert sum(figure.value or 0 for figure in ages) == pytest.approx(whole.value)
    assert ages[0].address["people"] == "Men 65-69"


def test_the_census_and_deprivation_of_an_area_are_those_of_its_parts(store: Store) -> None:
    desk = take_in(store)
    shares = desk.figures("census_ethnic_share")
    assert shares.one(area=SHIRE, ethnic_group="Asian: Indian").value == pytest.approx(0.4)
    multiples = desk.figures("census_ethnic_quotient")
    assert multiples.one(area=SHIRE, ethnic_group="Asian: Indian").value == pytest.approx(1.0)
    assert multiples.all(area=ENGLAND) == []
    assert desk.figures("census_broad_ethnic_share").one(area=INLAND, ethnic_group="Asian").value == pytest.approx(0.3)
    assert desk.figures("census_religion_share").one(area=ENGLAND, religion="No religion").value == 1.0
    scores = desk.figures("deprivation_score")
    assert scores.one(area=SHIRE, domain="multiple deprivation").value == pytest.approx(20.0)
    assert desk.figures("most_deprived_share").one(area=SEATON, domain="multiple deprivation").value == 0.0


def test_a_council_without_census_counts_makes_its_county_unknown(store: Store) -> None:
    gone = pl.DataFrame([{"area": NORTHTON, "period": "2021", "ethnic_group": "White: British", "people": 6}])
    shares = take_in(store, census_ethnicity=gone).figures("census_ethnic_share")
    assert shares.one(area=NORTHTON, ethnic_group="White: British").value == 1.0
    whole = shares.one(area=SHIRE, ethnic_group="White: British")
    assert (whole.value, whole.missing) == (
        None,
        "The census counts of a council that makes up this area are not known.",
    )


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        (Area("E07000150", "Corby", "district"), "Corby is a council no more: its area lies in E06000061. Look there."),
        (Area("E05000001", "Pier", "ward"), "It is told of councils of today, counties, regions, health bodies and "
         "England, not of a place of this kind (ward)."),
    ],
)  # fmt: skip
def test_why_nothing_is_told_of_a_place(area: Area, sentence: str, store: Store) -> None:
    place = Place(area, (), "2026")
    (box,) = not_told(take_in(store).looking_at(place.codes), place, "It", key="residents", stems="some")
    assert isinstance(box, Callout)
    assert box.parts == (sentence,)
    empty = Desk(Store(store.home / "none"), ENGLAND_SCOPE)
    (box,) = not_told(empty, place, "It", key="residents", stems="some")
    assert isinstance(box, Callout)
    assert box.parts == ("It needs the official tables some, which were not taken in yet.",)


def test_without_projections_no_need_is_told(store: Store) -> None:
    figures = take_in(store, population_projections=None).figures("people_expected")
    assert figures.absent == "It needs the official table population_projections, which was not taken in yet."


# Maps


def test_a_map_shows_what_is_asked_for_or_else_what_most_people_look_for(store: Store) -> None:
    desk = take_in(store)
    shapes = desk.table("map_shapes")
    assert shapes is not None
    figures = desk.figures("expected_rate")
    choice = map_choice(figures, shapes[0], {"period": "2026", "condition": "nothing", "layer": "moon"})
    assert choice is not None
    assert (choice.layers, choice.layer, choice.chosen["period"]) == (["council"], "council", "2026")
    assert choice.options["period"] == ["2043", "2036", "2026", "2018"]
    assert choice.chosen["condition"] == "common mental health condition"
    assert choice.chosen["rate_source"] == choice.options["rate_source"][0]
    chart, _ = map_blocks(figures, shapes[0], choice, marked=[SEATON])
    assert isinstance(chart, Chart)
    assert chart.table.notes == (
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. Contains OS data © "
        "Crown copyright and database right 2024.",
    )
    assert chart.description.endswith("With an edge: Seaton.")
    assert [row[0] for row in chart.table.rows] == ["Northton", "Seaton", "Southton"]


def test_a_map_opens_on_counties_where_more_of_them_than_of_councils_have_a_figure(store: Store) -> None:
    desk = take_in(store)
    codes = desk.figures("expected_rate").frame["area"].unique().sort().to_list()
    first = {"council": codes[:2], "upper_tier": codes[:3]}
    for sizes, expected in ((first, "upper_tier"), (first | {"council": codes[:3]}, "council")):
        pairs = [(layer, code) for layer, some in sizes.items() for code in some]
        shapes = pl.DataFrame(pairs, schema=["layer", "area"], orient="row")
        choice = map_choice(desk.looking_at(None).figures("expected_rate"), shapes, {})
        assert choice is not None
        assert choice.layer == expected


def test_of_one_area_there_is_no_map(store: Store) -> None:
    desk = take_in(store)
    shapes = desk.table("map_shapes")
    assert shapes is not None
    assert map_choice(desk.looking_at([SEATON]).figures("expected_rate"), shapes[0], {}) is None


def test_maps_are_of_what_compares_areas() -> None:
    keys = {one.key for one in mappable()}
    assert {"expected_rate", "most_deprived_share", "care_unit_cost", "care_outside_share"} <= keys
    assert not {"people_expected", "residents", "ethnic_share"} & keys
    assert not {"care_spend_spread", "care_unit_cost_spread", "nhs_spend_spread", "nhs_unit_cost"} & keys


# Pages


@pytest.fixture
def person(db: None) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create_user("analyst"))
    return client


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/england/", ["The Region", "Shire", "NHS Inland"]),
        ("/england/places/?q=shire", ["Shire"]),
        ("/england/places/?q=moon", ["No place is called “moon”."]),
        (f"/england/places/{SHIRE}/?with=Seaton", ["Compared with Seaton and England"]),
        (
            f"/england/places/{NORTHTON}/?year=2026",
            [
                'href="?with=Southton%2C+Seaton&amp;year=2026"',
                "Compare with its 2 nearest neighbours</a>: Southton; Seaton",
                "Office for National Statistics, 2025",
                "Statistical nearest neighbours of Northton, 2025",
            ],
        ),
        (f"/england/places/{INLAND}/need/", ["there is no list of them for a place of this kind"]),
        (f"/england/places/{SHIRE}/population/?year=2026", ["People who live here by age, 2026", "20.000"]),
        (f"/england/places/{SHIRE}/need/?year=2026&with=moon", ["No area is called “moon”.", "These numbers overlap"]),
        (f"/england/places/{SHIRE}/need/?year=1990", ["is told of from 2018 to 2043, not of 1990"]),
        (f"/england/places/{SHIRE}/population/?year=2050", ["is told of from 2018 to 2043, not of 2050"]),
        (f"/england/places/{SHIRE}/need/?year=2043", ["Projections do not reach ten years beyond 2043."]),
        (f"/england/places/{SHIRE}/circumstances/", ["People whose daily life a long-term condition", "20.0%"]),
        ("/england/maps/", ["Score of deprivation"]),
        ("/england/maps/expected_rate/?period=2026", ["3 areas on a map.", "Contains OS data © Crown copyright"]),
        ("/england/maps/care_spend_per_head/", ["A map needs the official table of boundaries"]),
        ("/england/sources/", ["Office for National Statistics", "not read yet", "2018-based"]),
        (f"/england/figures/residents/?area={SHIRE}", ["3,640"]),
        (f"/england/figures/residents/?area={SHIRE}&period=2018&age_group=all+ages&sex=all", ["3,640"]),
    ],
)
def test_england_s_pages_show_any_place(store: Store, person: Client, address: str, words: list[str]) -> None:
    take_in(store)
    page = person.get(address).content.decode()
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize(
    "address",
    [
        "/england/places/E99999999/",
        f"/england/places/{SHIRE}/consultation/",
        "/england/maps/people_expected/",
        "/england/registers/",
        "/england/plan/",
        "/england/take-out/",
    ],
)
def test_what_is_not_there_is_not_found(store: Store, person: Client, address: str) -> None:
    take_in(store)
    assert person.get(address).status_code == 404


def test_a_table_of_a_profile_is_a_download(store: Store, person: Client) -> None:
    take_in(store)
    asked = {"table": "people", "format": "csv", "year": "2026", "with": "Seaton"}
    csv = person.get(f"/england/places/{SHIRE}/population/", asked).content.decode()
    assert [line.split(",")[0] for line in csv.splitlines()[1:4]] == ["Shire", "Seaton", "England"]


def test_the_api_gives_england_s_figures_of_an_area(store: Store, person: Client) -> None:
    take_in(store)
    found = person.get("/api/programmes/england/figures", {"key": "residents", "area": SHIRE, "period": "2018"}).json()
    assert {item["area_name"] for item in found["items"]} == {"Shire"}
    assert found["items"][0]["value"] == pytest.approx(3640)


def test_whoever_asks_on_a_page_gets_the_assessment_written(store: Store, person: Client) -> None:
    take_in(store)
    asked = {"with": "Seaton, moon", "year": "2026"}
    page = person.post(f"/england/places/{SHIRE}/assessment/", asked, follow=True).content.decode()
    assert "No area is called “moon”." in page
    job = Job.objects.get()
    assert (job.title, job.payload) == ("Assessment: Shire", {"area": SHIRE, "with": [SEATON], "year": "2026"})
    about = f"/england/places/{SHIRE}/?with={SEATON}&amp;year=2026"
    assert f'<a href="{about}">Go to what it is of</a>' in person.get(f"/jobs/{job.pk}/").content.decode()
    run_job(str(job.pk))
    folder = f"shire-{SHIRE.lower()}"
    names = ("assessment.docx", "assessment.html", "assessment.pdf", "figures.xlsx", "manifest.json")
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"files": [f"{folder}/{name}" for name in names]})
    manifest = b"".join(person.get(f"/jobs/{job.pk}/files/{folder}/manifest.json").streaming_content)
    assert json.loads(manifest)["compared"] == SEATON


def test_an_assessment_is_written_anew_once_other_tables_are_read(store: Store, person: Client) -> None:
    address, asked = f"/england/places/{SHIRE}/assessment/", {"year": "2026"}
    take_in(store)
    first = [person.post(address, asked)["Location"] for _ in range(2)]
    assert first[0] == first[1]
    take_in(store, census_religion=None)
    assert person.post(address, asked)["Location"] != first[0]


def test_a_year_that_is_none_is_no_reason_to_fail(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = take_in(store)
    written = write_assessment(desk, Place(desk.areas[SHIRE], (), "²"), tmp_path_factory.mktemp("packs"))
    assert "Expected need is not shown" in written[0].read_text(encoding="utf-8")


def test_no_assessment_is_of_a_place_that_nobody_knows(store: Store, person: Client) -> None:
    take_in(store)
    assert person.post("/england/places/E99999999/assessment/").status_code == 404
    assert Job.objects.count() == 0


def test_nobody_but_who_is_signed_in_sees_them(store: Store, db: None) -> None:
    take_in(store)
    assert Client(SERVER_NAME="127.0.0.1").get("/england/").status_code == 302
    assert Desk(store, ENGLAND_SCOPE).areas[SHIRE].name == "Shire"


def test_only_the_largest_groups_of_a_place_are_charted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = take_in(store)
    place = Place(desk.areas[SEATON], (), "2026")
    charted = []
    for most in (1, 10):
        monkeypatch.setattr(population_documents, "MOST_GROUPS", most)
        charts = {
            one.table.slug: one for one in population(desk.looking_at(place.codes), place) if isinstance(one, Chart)
        }
        charted.append([row[0] for row in charts["ethnic-multiples-here"].table.rows])
    shares = {
        str(dict(figure.where)["ethnic_group"]): figure.value or 0.0
        for figure in desk.figures("census_ethnic_share").all(area=SEATON)
    }
    assert charted[0] == [max(shares, key=lambda name: shares[name])]
    assert sorted(charted[1]) == sorted(shares)
