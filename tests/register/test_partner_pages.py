"""The pages of organisations and areas, and the forms that change how a record is kept."""

from typing import Any

import polars as pl
import pytest
from django.utils import timezone

from parity.register.areas.documents import areas_table
from parity.register.audit.models import Event
from parity.register.models import Organisation, Person
from parity.register.people.models import Membership
from parity.register.sharing.models import Sharing
from parity.sources.brought.programme import house_schemas
from parity.tables import Store
from tests.given import release
from tests.members import join
from tests.register.test_register_pages import World, buttons, codes, errors, facts, heads, said, show, told, world

__all__ = ["world"]
ORGANISATIONS = "/north/organisations/"
RISKS = "/north/registers/risks/"
PAGE_QUERIES = 6


def page_of(organisation: Organisation) -> str:
    return f"{ORGANISATIONS}{organisation.pk}/"


def cells(shown: Any, table: int = 0) -> list[list[str]]:
    """The cells of a table of the page."""
    rows = [[each for each in row.below() if each.name in {"th", "td"}] for row in shown.all("table")[table].all("tr")]
    return [[said(cell) for cell in row] for row in rows[1:]]


def described(**more: str) -> dict[str, str]:
    return {"name": "North Mind", "kind": "voluntary", "ons_code": "", "ods_code": "", "opened_on": "", **more}


def test_the_list_tells_codes_and_what_became_of_each(world: World) -> None:
    Organisation.objects.filter(pk=world.charity.pk).update(
        ods_code="RT5", opened_on="2002-04-01", closed_on="2013-03-31", successor=world.trust
    )
    shown = show(world.as_("charity").get(ORGANISATIONS))
    assert heads(shown) == ["Organisation", "Kind", "ONS code", "ODS code", "Since", "Closed", "Followed by"]
    assert cells(shown) == [
        ["North Charity", "Council", "–", "RT5", "1 April 2002", "31 March 2013", "North Trust"],
        ["North Council", "Council, leads this programme", "–", "–", "–", "–", "–"],
        ["North Trust", "Council", "–", "–", "–", "–", "–"],
    ]
    assert buttons(shown) == []
    assert buttons(show(world.as_("director").get(ORGANISATIONS))) == ["Add an organisation"]


def test_a_page_tells_of_an_organisation_what_its_reader_may_know(world: World) -> None:
    Organisation.objects.filter(pk=world.charity.pk).update(closed_on="2013-03-31", successor=world.council)
    world.risk("R-1")
    world.risk("R-2", sharing=Sharing.PRIVATE)
    shown = {name: show(world.as_(name).get(page_of(world.council))) for name in ("director", "trust", "charity")}
    assert facts(shown["trust"]) == {
        "Kind": "Council", "ONS code": "–", "ODS code": "–", "Our own code": "council", "Since": "–", "Closed": "–",
        "Took over from": "North Charity", "Followed by": "–",
    }  # fmt: skip
    assert facts(show(world.as_("trust").get(page_of(world.charity))))["Followed by"] == "North Council"
    assert [len(each.all("table")) for each in shown.values()] == [2, 2, 0]
    assert [cells(shown[name], 1) for name in ("director", "trust")] == [[["Risks", "2"]], [["Risks", "1"]]]
    assert [row[0] for row in cells(shown["trust"])] == ["analyst", "Dora Field", "owner"]
    link = shown["trust"].all("table")[1].one("a").attributes["href"]
    assert codes(show(world.as_("trust").get(link))) == ["R-1"]


def test_an_organisation_outside_the_programme_is_not_found(world: World) -> None:
    far, client = Organisation.objects.create(code="far", name="Far", kind="other"), world.as_("director")
    acts = ("", "edit/", "close/", "hand-over/")
    assert [client.get(f"{page_of(far)}{act}").status_code for act in acts] == [404] * 4


def test_an_organisation_is_added_changed_and_closed(world: World) -> None:
    client = world.as_("director")
    response = client.post(f"{ORGANISATIONS}new/", described(ods_code="rt5"))
    assert errors(show(response)) == [
        ("An ODS code is three to ten capital letters and digits, such as RT5.", "#id_ods_code")
    ]
    response = client.post(f"{ORGANISATIONS}new/", described(ods_code="RT5"))
    assert told(client, response) == "North Mind takes part in this programme."
    made = Organisation.objects.get(code="RT5")
    assert buttons(show(client.get(page_of(made)))) == ["Change", "Close"]
    entered = described(
        name="Mind in the North", ods_code="RT5", opened_on_day="1", opened_on_month="4", opened_on_year="2002"
    )
    assert told(client, client.post(f"{page_of(made)}edit/", entered)) == "What you entered is kept."
    day = {"closed_on_day": "31", "closed_on_month": "3", "closed_on_year": "2001"}
    closing = {**day, "successor": str(world.trust.pk), "reason": "Merged."}
    assert errors(show(client.post(f"{page_of(made)}close/", closing))) == [
        ("The day must not be before it opened, nor later than today.", "#id_closed_on_day")
    ]
    assert told(client, client.post(f"{page_of(made)}close/", {**closing, "closed_on_year": "2013"})) == (
        "What you entered is kept."
    )
    assert cells(show(client.get(ORGANISATIONS)))[0] == [
        "Mind in the North", "Voluntary organisation", "–", "RT5", "1 April 2002", "31 March 2013", "North Trust",
    ]  # fmt: skip
    assert list(Event.objects.values_list("verb", "reason")) == [("added", ""), ("changed", ""), ("closed", "Merged.")]


def test_a_closed_bodys_records_go_to_its_successor(world: World) -> None:
    risk, page = world.risk(), f"{page_of(world.council)}hand-over/"
    director = world.as_("director")
    assert director.get(page).status_code == 404
    Organisation.objects.filter(pk=world.council.pk).update(closed_on="2013-03-31", successor=world.trust)
    assert "Hand over records" in buttons(show(director.get(page_of(world.council))))
    assert world.as_("trust").get(page).status_code == 403
    shown = show(director.get(page))
    assert [each.text for each in shown.all("label", class_="nhsuk-checkboxes__label")] == ["Risks (1)"]
    assert errors(show(director.post(page, {"reason": "It merged."}))) == [
        ("Choose at least one register.", "#id_stems")
    ]
    response = director.post(page, {"stems": ["risks"], "reason": "It merged."})
    assert told(director, response) == "North Trust keeps these records from now on."
    risk.refresh_from_db()
    assert risk.organisation == world.trust


@pytest.mark.parametrize("name", ["analyst", "trust", "charity"])
def test_nobody_else_says_what_an_organisation_is(world: World, name: str) -> None:
    client, page = world.as_(name), page_of(world.council)
    pages = (f"{ORGANISATIONS}new/", f"{page}edit/", f"{page}close/", f"{page}hand-over/")
    assert [client.post(each, described(reason="No.")).status_code for each in pages] == [403] * 4
    assert Organisation.objects.count() == 3


@pytest.mark.parametrize("partners", [1, 30])
def test_the_list_asks_the_database_as_often_for_one_as_for_thirty(
    world: World, partners: int, django_assert_num_queries: Any
) -> None:
    for number in range(partners):
        far = Organisation.objects.create(code=f"x{number}", name=f"X {number}", kind="other", successor=world.trust)
        world.programme.organisations.add(far)
    client = world.as_("director")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(ORGANISATIONS)


class TestHowARecordIsKept:
    """Its lot, its holder and its owner."""

    def test_lot_and_holder_are_changed(self, world: World) -> None:
        risk, client = world.risk(), world.as_("analyst")
        page = f"{RISKS}{risk.pk}/"
        chosen = show(client.get(f"{page}keep/")).one("select", name="held_by").all("option")
        assert [each.text for each in chosen] == ["Nobody by name", "analyst", "owner", "Dora Field"]
        entered = {"lot": "Lot 2", "held_by": str(world.people["owner"].pk), "reason": "New post."}
        assert told(client, client.post(f"{page}keep/", entered)) == "Risk R-1 was changed."
        shown = facts(show(client.get(page)))
        assert (shown["Lot"], shown["Held by"]) == ("Lot 2", "owner")
        story = Event.objects.latest("number")
        assert (story.verb, story.reason) == ("kept otherwise", "New post.")
        assert told(client, client.post(f"{page}keep/", entered)) == "Nothing was changed."
        held = world.as_("owner")
        assert held.get(f"{page}edit/").status_code == 200
        assert held.get(f"{page}keep/").status_code == 403

    def test_whoever_was_invited_and_has_not_come_holds_nothing(self, world: World) -> None:
        waiting = join(Person.objects.create_user("waiting"), world.programme)
        Membership.objects.filter(pk=waiting.pk).update(invited_at=timezone.now())
        chosen = show(world.as_("analyst").get(f"{RISKS}{world.risk().pk}/keep/")).one("select", name="held_by")
        assert "waiting" not in [each.text for each in chosen.all("option")]

    @pytest.mark.parametrize("sharing", [Sharing.PRIVATE, Sharing.PARTNERS])
    def test_a_record_is_handed_over(self, world: World, sharing: str) -> None:
        risk, client = world.risk(sharing=sharing), world.as_("director")
        page = f"{RISKS}{risk.pk}/"
        chosen = show(client.get(f"{page}give/")).one("select", name="organisation").all("option")
        assert [each.text for each in chosen] == ["Choose", "North Charity", "North Trust"]
        assert errors(show(client.post(f"{page}give/", {"organisation": "", "reason": ""}))) == [
            ("Choose a partner.", "#id_organisation"), ("Say why.", "#id_reason"),
        ]  # fmt: skip
        response = client.post(f"{page}give/", {"organisation": str(world.trust.pk), "reason": "It is theirs."})
        assert told(client, response) == "Risk R-1 is kept by North Trust from now on."
        seen = 200 if sharing == Sharing.PARTNERS else 404
        assert (client.get(page).status_code, world.as_("trust").get(page).status_code) == (seen, 200)
        story = show(world.as_("trust").get(page)).all("table")[-1]
        rows = [[each.text for each in row.all("td")] for row in story.all("tr")][1:]
        assert [row[:4] for row in rows] == [
            ["Dora Field, for North Council", "Handed over: Kept by", "North Council", "North Trust"],
            ["Dora Field, for North Council", "Added", "–", "–"],
        ]


def areas(*rows: tuple[str, str | None, str | None]) -> list[dict[str, Any]]:
    """Rows of a table of areas: code, the one it lies in, the year of its boundaries."""
    return [
        {"area": area, "name": area.upper(), "kind": "district", "parent": parent, "boundaries": year}
        for area, parent, year in rows
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((), []),
        ((("b", "a", "2009"), ("c", None, None), ("a", None, None), ("d", "b", None)), [
            ("C", "–", "–"), ("A", "–", "–"), ("B", "2009", "A"), ("D", "–", "B; A"),
        ]),
        ((("a", "gone", None),), [("A", "–", "gone")]),
        ((("a", "b", None), ("b", "a", None), ("c", None, None)), [("C", "–", "–"), ("A", "–", "B"), ("B", "–", "A")]),
        ((("a", "a", None),), [("A", "–", "–")]),
    ],
)  # fmt: skip
def test_each_area_stands_after_the_one_it_lies_in(rows: Any, expected: list[tuple[str, str, str]]) -> None:
    assert [(row[0], row[3], row[4]) for row in areas_table(areas(*rows)).rows] == expected


def test_the_page_of_areas(world: World, store: Store) -> None:
    client = world.as_("charity")
    assert "no table of areas" in show(client.get("/north/areas/")).one("main").text
    names = [entry["name"] for entry in house_schemas()["areas"].fields]
    rows = [{**dict.fromkeys(names), **row} for row in areas(("a", None, "2009"), ("b", "a", None))]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    store.save("north", [(frame, release("areas", "north", "1"))])
    shown = show(client.get("/north/areas/"))
    assert [[each.text for each in row.below() if each.name in {"th", "td"}] for row in shown.all("tr")] == [
        ["Area", "Code", "Kind", "Boundaries of", "Lies in"], ["A", "a", "District", "2009", "–"],
        ["B", "b", "District", "–", "A"],
    ]  # fmt: skip
