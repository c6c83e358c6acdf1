"""Nothing small gets out: what a desk gives under a policy, and whatever is made of it, tells no hidden number."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.assumptions import assumption
from parity.register.models import Person, Programme
from parity.register.policy import partnership
from parity.review.pack.actions import write_pack
from parity.sources.brought.disclosure import as_text
from parity.tables import ENGLAND_SCOPE, Desk, Store, desk, figures, offer_table
from parity.terms.disclosure import Disclosure, policy_named
from parity.terms.errors import InputRefused
from parity.terms.indicator import CATALOGUE, indicator
from parity.terms.units import Unit
from parity.web.exit_pack.writing import write_seen_pack
from tests.attacker import NHSE, World, told_too_much, worlds
from tests.given import LOADED_ON, release
from tests.journeys.walk import walk
from tests.layout.reading import read_page
from tests.members import join

Save = Callable[..., Desk]
Load = Callable[[Path], Programme]
AREAS = pl.DataFrame(
    {
        "area": ["E", "county", "north", "south"],
        "name": ["England", "County", "North", "South"],
        "kind": ["country", "county", "district", "district"],
        "parent": [None, "E", "county", "county"],
    }
)
PEOPLE = pl.DataFrame(
    {"area": ["county", "north", "south"], "period": ["2024"] * 3, "people": [62.0, 60.0, 2.0]},
)
HIDDEN = PEOPLE.with_columns(people=pl.Series([60.0, None, None]))
KNOWN = Disclosure("nhse_secondary_care", ("area", "period"), ("area",), ("people",))
WORDS = {"rows": "A1", "unit": Unit.PEOPLE, "purpose": "counts", "numerator": "people", "formula": "people"}


def declared(**found: Disclosure) -> pl.DataFrame:
    return pl.DataFrame({"declared": [as_text(found)]})


@pytest.fixture(autouse=True)
def _declarations_as_before() -> Iterator[None]:
    """Takes out again what a test enters; results of one key must not outlive it either."""
    catalogue, providers = dict(CATALOGUE), dict(desk._PROVIDERS)
    yield
    for held, before in ((CATALOGUE, catalogue), (desk._PROVIDERS, providers)):
        held.clear()
        held.update(before)
    figures.result.cache_clear()


def counts_shown(*, dimensions: tuple[str, ...] = ()) -> None:
    """Enters two indicators: the counts as they are, and all of an area and period added up."""

    @indicator(title="People", dimensions=dimensions, **WORDS)
    def people_shown(people: pl.DataFrame) -> pl.DataFrame:
        known = pl.when(pl.col("people").is_null()).then(pl.lit("No count."))
        return people.select("area", "period", *dimensions, value="people", missing=known)

    @indicator(title="People of an area", **WORDS)
    def people_added_up(people: pl.DataFrame) -> pl.DataFrame:
        return people.group_by("area", "period", maintain_order=True).agg(value=pl.col("people").sum())


# The desk


def test_a_table_without_a_policy_is_the_one_that_was_saved(save: Save) -> None:
    desk = save(people=PEOPLE, areas=AREAS)
    frame, given_release = desk.table("people")
    assert frame is desk.store.frame(given_release)
    assert given_release == release("people", "here", "first", rows=3)


def test_a_table_under_a_policy_is_shown_as_the_policy_says(save: Save) -> None:
    desk = save(people=PEOPLE, areas=AREAS, disclosure=declared(people=KNOWN))
    frame, shown = desk.table("people")
    assert frame.equals(HIDDEN)
    raw = desk.releases["people"]
    assert replace(shown, id=raw.id, sha256=raw.sha256, disclosure="") == raw
    assert (shown.disclosure, len(shown.id), shown.id == shown.sha256[:5]) == (NHSE.legend, 5, True)
    assert desk.table("people")[1] == shown
    assert desk.table("areas")[0].equals(AREAS)


def test_without_areas_nothing_is_known_to_add_up(save: Save) -> None:
    desk = save(people=PEOPLE, disclosure=declared(people=KNOWN))
    assert desk.table("people")[0]["people"].to_list() == [60, 60, None]


def test_a_release_is_told_by_what_it_shows_and_not_by_what_it_hides(save: Save) -> None:
    """With the hash of the input, somebody could try all numbers from 1 to 7 and see which gives it."""
    several = [PEOPLE.with_columns(people=pl.Series([62.0, 60.0, small])) for small in (1.0, 2.0, 3.0)]
    known = declared(people=KNOWN)
    told = [
        save(version=f"v{place}", people=frame, areas=AREAS, disclosure=known) for place, frame in enumerate(several)
    ]
    hashes = {desk.table("people")[1].sha256 for desk in told}
    assert (len(hashes), hashes & {desk.releases["people"].sha256 for desk in told}) == (1, set())


def test_england_s_tables_are_under_england_s_policy(save: Save) -> None:
    save(ENGLAND_SCOPE, people=PEOPLE, others=PEOPLE, disclosure=declared(people=KNOWN))
    desk = save("luton", areas=AREAS, disclosure=declared(others=KNOWN))
    assert desk.table("people")[0].equals(HIDDEN)
    assert desk.table("others")[0].equals(PEOPLE)
    own = save("luton", areas=AREAS, people=PEOPLE)
    assert own.table("people")[0].equals(PEOPLE)


def test_a_table_of_records_may_be_under_a_policy_too(save: Save) -> None:
    offer_table("people", lambda scope, viewer: (PEOPLE, release("people", scope, str(viewer))))
    desk = save("luton", areas=AREAS, disclosure=declared(people=KNOWN))
    assert desk.table("people")[0].equals(HIDDEN)
    offer_table("people", lambda scope, viewer: None)
    assert save("luton", areas=AREAS, disclosure=declared(people=KNOWN)).table("people") is None


# Figures


def test_a_hidden_figure_says_why_and_shows_its_symbol(save: Save) -> None:
    counts_shown()
    desk = save(people=PEOPLE, areas=AREAS, disclosure=declared(people=KNOWN))
    figure = desk.figures("people_shown").one(area="south")
    assert (figure.text, figure.missing, figure.value) == ("*", NHSE.reason, None)
    assert figure.caveats == (NHSE.legend,)
    told = figure.as_json()
    assert (told["text"], told["value"], told["missing"]) == ("*", None, NHSE.reason)
    assert desk.figures("people_shown").one(area="county").caveats == (NHSE.legend,)
    assert desk.figures("people_shown").one(area="nowhere").text == "not available"


def test_a_figure_that_leaves_a_hidden_number_out_says_so(save: Save) -> None:
    counts_shown()
    by_sex = pl.DataFrame(
        {"area": ["south"] * 2, "period": ["2024"] * 2, "sex": ["men", "women"], "people": [40.0, 2.0]}
    )
    known = replace(KNOWN, dimensions=("area", "period", "sex"))
    desk = save(people=by_sex, areas=AREAS, disclosure=declared(people=known))
    figure = desk.figures("people_added_up").one(area="south")
    assert (figure.value, figure.note) == (40, "Numbers that are hidden in its tables are not counted in it.")


VERSIONS = count()
KEYS = ("area", "group0", "period")
DIVIDED = {"group0": "all", "period": "all"}


def as_periods(world: World) -> World:
    """The world with its second groups as months of a year that is listed too."""
    renamed = world.table.rename({"group1": "period"})
    known = replace(KNOWN, dimensions=KEYS, totals=DIVIDED)
    return replace(world, table=renamed, declared=known)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_filters_periods_and_areas_compared_tell_no_hidden_number(data: st.DataObject, save: Save) -> None:
    """Whoever asks for each area, group and period in turn, and subtracts at will, learns no more than the page."""
    world = as_periods(data.draw(worlds(depth=1, wide=3, divisions=2, bodies=True)))
    CATALOGUE.clear()
    figures.result.cache_clear()
    counts_shown(dimensions=("group0",))
    areas = world.areas.with_columns(name="area")
    version = str(next(VERSIONS))
    desk = save(version=version, people=world.table, areas=areas, disclosure=declared(people=world.declared))
    shown = desk.figures("people_shown")
    asked = {
        tuple(figure.address[name] for name in KEYS): figure.value
        for name, value in {(name, value) for key in world.counts for name, value in zip(KEYS, key, strict=True)}
        for figure in shown.all(**{name: value})
    }
    assert asked == world.published(NHSE)
    assert told_too_much(world, NHSE) == {}


# The whole way


PROGRAMME = """title = "Anyshire"
slug = "anyshire"
publisher = "Anyshire County Council"
period = "2026"
summary = "Two worlds that differ in a hidden number."
home_area = "E10000099"

[[organisation]]
code = "E10000099"
name = "Anyshire County Council"
kind = "council"

[[document]]
key = "plan"
title = "The plan"

[disclosure.service_contacts]
policy = "nhse_secondary_care"
totals = { population_group = "all ages" }
"""
PLACES = {"E10000099": ("Anyshire", "county", ""), "north": ("North", "district", "E10000099"),
          "south": ("South", "district", "E10000099"), "east": ("East", "district", "E10000099")}  # fmt: skip
GROUPS = {"women": 25000, "men": 25000, "all ages": 50000}
SMALL = (1, 5)
"""The two numbers of women in the south: with either, every number that is shown is the same."""


def folder_with(folder: Path, women: int) -> Path:
    counts = {"north": (60, 50), "south": (women, 42), "east": (32, 58)}
    rows = [(area, *both) for area, both in counts.items()]
    rows.append(("E10000099", *(sum(both[place] for both in counts.values()) for place in (0, 1))))
    lines = ["area,period,population_group,people,rate_per_100k,people_printed,source,place"]
    for area, *both in rows:
        for group, number in zip(GROUPS, (*both, sum(both)), strict=True):
            lines.append(f"{area},2026,{group},{number},{number * 2},{number} people,plan,page 1")
    people = ["area,period,population_group,counted_as,people,source,place"]
    people += [f"{area},2026,{group},resident,{each},plan,page 2" for area in PLACES for group, each in GROUPS.items()]
    places = ["area,name,kind,parent,source,place"]
    places += [f"{area},{','.join(words)},plan,page 3" for area, words in PLACES.items()]
    (folder / "tables").mkdir(parents=True)
    files = {"tables/service_contacts.csv": lines, "tables/population.csv": people, "tables/areas.csv": places}
    for name, text in files.items():
        (folder / name).write_text("\n".join(text) + "\n", encoding="utf-8")
    (folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    return folder


VARYING = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')
"""What differs between any two answers: the token of a form, the ids of records."""


def browser(programme: Programme) -> Client:
    person, is_new = Person.objects.get_or_create(username="reader")
    if is_new:
        join(person, programme)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    return client


def whole_of(load: Load, folder: Path, store: Store) -> dict[str, bytes]:
    """Everything that the programme gives out: pages, CSV files, the API's answers, the files of both packs."""
    programme = load(folder)
    client = browser(programme)
    given_out = {
        address: client.get(address).getvalue()
        for address, answer in walk(client).items()
        if answer.status == HTTPStatus.OK and "/anyshire/" in address
    }
    given_out["api"] = client.get("/api/programmes/anyshire/figures", {"limit": 1000}).content
    given_out["terminal"] = json.dumps(figures_of(store)).encode()
    given_out |= {path.name: path.read_bytes() for path in write_pack(Desk(store, "anyshire"), programme, folder)}
    write_seen_pack(programme, partnership(programme, on=LOADED_ON), folder / "pack.zip", asked="reader")
    with ZipFile(folder / "pack.zip") as pack:
        given_out |= {name: pack.read(name) for name in pack.namelist() if name.startswith(("registers/", "tables/"))}
    return {name: VARYING.sub(b"", content) for name, content in given_out.items()}


def figures_of(store: Store) -> list[dict[str, object]]:
    return [figure.as_json() for figure in Desk(store, "anyshire").all_figures()]


def test_two_worlds_that_differ_in_a_hidden_number_give_out_the_same_bytes(
    load: Load, store: Store, tmp_path: Path
) -> None:
    """Pages with their charts, CSV files, the API, the figures of the terminal and the pack rest on nothing hidden."""
    first, second = (whole_of(load, folder_with(tmp_path / f"world {each}", each), store) for each in SMALL)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    kinds = ("/anyshire/analyse/", "table=input-service_contacts&format=csv", "api", "figures.xlsx", "strategy.pdf")
    kinds += ("tables/service_contacts.csv",)
    assert [kind for kind in kinds if not any(kind in address for address in first)] == []


def test_where_the_number_is_not_hidden_the_worlds_differ(load: Load, store: Store, tmp_path: Path) -> None:
    """The comparison is no straw man: with one woman more a total is rounded to another number."""
    told = []
    for women in (SMALL[1], SMALL[1] + 1):
        load(folder_with(tmp_path / f"world {women}", women))
        told.append(figures_of(store))
    assert told[0] != told[1]


def test_the_symbol_and_its_words_stand_on_pages_and_in_files(load: Load, store: Store, tmp_path: Path) -> None:
    client = browser(load(folder_with(tmp_path / "world", 3)))
    page = read_page(client.get("/anyshire/analyse/access/").content.decode()).one("main")
    assert [cell.text for cell in page.all("td") if "*" in cell.text] == ["*[a]"]
    assert (f"[a] {NHSE.reason}" in page.text, NHSE.legend in page.text) == (True, True)
    table = client.get("/anyshire/analyse/access/", {"table": "contacts-1", "format": "csv"}).content.decode()
    assert [line for line in table.splitlines() if "*" in line] == [f'South,"*: {NHSE.reason}"']
    assert [one["text"] for one in figures_of(store) if one["missing"] == NHSE.reason] == ["*"]


def test_a_policy_that_cannot_be_followed_keeps_the_programme_out(load: Load, tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "world", 3)
    path = folder / "programme.toml"
    path.write_text(PROGRAMME.replace("nhse_secondary_care", "hide nothing"), encoding="utf-8")
    with pytest.raises(InputRefused, match="the policy “hide nothing” is none of published"):
        load(folder)


def test_the_policies_are_those_that_the_attacker_knows() -> None:
    from_files = policy_named("nhse_secondary_care", lambda key: assumption(key).value)
    assert from_files == NHSE
