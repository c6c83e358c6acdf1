"""The pages of a register: who sees which rows, what a form refuses, what is kept of what was entered."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parity.register.audit.models import Event
from parity.register.models import Link, Organisation, Person, Programme
from parity.register.people.models import Membership
from parity.register.policy import viewer_of
from parity.register.records.actions import Keeping, add_records, change_record, share_record, withdraw_record
from parity.register.records.documents import listed
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS, record_id
from parity.register.sharing.models import Grant, Sharing
from parity.register.thread.rules import why_not_joined
from parity.review.models import Risk
from parity.terms.errors import InputRefused
from tests.layout.reading import Element, read_page
from tests.members import join
from tests.register.worlds import add

RISKS = "/north/registers/risks/"
CELLS = {
    "risk": "R-1", "raised": "2026-01-31", "title": "Too few staff", "effect": "People wait.", "owner": "Director",
    "impact_score": "3", "probability_score": "2", "mitigation": "Recruit.", "action_owner": "Manager",
    "trend": "increasing",
}  # fmt: skip
ENTERED = {
    **{name: text for name, text in CELLS.items() if name != "raised"},
    "raised_day": "31", "raised_month": "1", "raised_year": "2026", "kept_sharing": "partners", "kept_lot": "",
    "kept_held_by": "", "kept_reason": "",
}  # fmt: skip
LIST_QUERIES = 12
LISTED_QUERIES = 5
"""More, where the list is of a sensitive register: one event, and its transaction."""
DETAIL_QUERIES = 16


@dataclass(frozen=True)
class World:
    """A programme of a council that leads it and two partners, with somebody of each."""

    programme: Programme
    council: Organisation
    trust: Organisation
    charity: Organisation
    people: dict[str, Person]

    def as_(self, name: str) -> Client:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(self.people[name])
        return client

    def add(self, model: type[Record], *, owner: Organisation | None = None, **cells: str) -> Any:
        """A new record, shared with all partners unless `sharing` says otherwise."""
        keeping = Keeping(owner or self.council, cells.pop("sharing", Sharing.PARTNERS))
        by = self.people["trust" if owner == self.trust else "director"]
        return add(model, self.programme, keeping=keeping, by=by, **cells)

    def task(self, code: str, **cells: Any) -> Any:
        """A new task."""
        return self.add(RECORDS["tasks"], **{"task": code, **cells})

    def risk(self, code: str = "R-1", *, owner: Organisation | None = None, **cells: Any) -> Risk:
        """A new risk, shared with all partners unless `sharing` says otherwise."""
        kept = {"sharing": cells.pop("sharing", Sharing.PARTNERS), "lot": cells.pop("lot", "")}
        by = self.people["trust" if owner == self.trust else "director"]
        keeping = Keeping(owner or self.council, **kept)
        frame = pl.DataFrame([{**CELLS, "risk": code, **cells}])
        return add_records(self.programme, Risk, frame, keeping=keeping, by=by, on=today())[0]


def today() -> date:
    return timezone.localdate()


def show(response: HttpResponse, status: int = 200) -> Element:
    assert response.status_code == status
    return read_page(response.content.decode())


def heads(shown: Element) -> list[str]:
    return [each.text for each in shown.one("table").all("th", scope="col")]


def said(cell: Element) -> str:
    """A cell's words without the heading that stands beside them on a phone."""
    (heading,) = cell.all("span", class_="nhsuk-table__heading")
    return cell.text.removeprefix(heading.text).strip()


def codes(shown: Element) -> list[str]:
    """The names of the records that a list shows."""
    return [each.one("a").text for each in shown.one("table").all("th", scope="row")]


def facts(shown: Element) -> dict[str, str]:
    """What a record's page says, by label."""
    rows = shown.all("div", class_="nhsuk-summary-list__row")
    labels = [next(each for each in row.one("dt").children if isinstance(each, str)).strip() for row in rows]
    return {label: row.one("dd").text for label, row in zip(labels, rows, strict=True)}


def buttons(shown: Element) -> list[str]:
    return [each.text for each in shown.one("main").all("a", class_="nhsuk-button")]


def errors(shown: Element) -> list[tuple[str, str]]:
    """The error summary: each sentence and where it leads."""
    links = shown.one("ul", class_="nhsuk-error-summary__list").all("li")
    return [(each.text, "".join(link.attributes["href"] for link in each.all("a"))) for each in links]


def told(client: Client, response: HttpResponse) -> str:
    """What the page says to which a form leads on."""
    assert response.status_code == 302
    return show(client.get(response["Location"])).one("div", role="status").text


@pytest.fixture
def world(db: None) -> World:
    council, trust, charity = (
        Organisation.objects.create(code=name.lower(), name=f"North {name}", kind="council")
        for name in ("Council", "Trust", "Charity")
    )
    director = Person.objects.create_user("director", first_name="Dora", last_name="Field", email="dora@north.example")
    programme = Programme.objects.create(
        slug="north", title="North", publisher="North Council", period="2026/27", summary="A sample.", home_area="N",
        described={"document": [{"key": "001", "title": "The strategy"}]}, loaded_by=director,
        loaded_on=date(2026, 1, 2), lead=council,
    )  # fmt: skip
    programme.organisations.add(council, trust, charity)
    people = {"director": director}
    join(director, programme, role="director")
    for name, role, organisation in (
        ("analyst", "performance_analyst", council), ("owner", "risk_owner", council),
        ("trust", "lead_commissioner_nhs", trust), ("charity", "provider", charity),
    ):  # fmt: skip
        people[name] = Person.objects.create_user(name, email=f"{name}@north.example")
        join(people[name], programme, role=role, organisation=organisation)
    return World(programme, council, trust, charity, people)


def test_registers_stand_by_stage_with_what_the_viewer_sees(world: World) -> None:
    world.risk("R-1")
    world.risk("R-2", sharing=Sharing.PRIVATE)
    seen = {}
    for name in ("director", "trust", "charity"):
        shown = show(world.as_(name).get("/north/registers/"))
        rows = {said(row.all("th")[0]): row.all("td") for row in shown.all("tr") if row.all("td")}
        seen[name] = [said(cell) for cell in rows["Risks"]]
        stages = ["Shared by all stages", "Analyse", "Plan", "Secure", "Review"]
        assert [each.text for each in shown.all("caption")] == stages
        assert len(shown.all("th", scope="row")) == len(RECORDS)
    assert seen == {"director": ["2"], "trust": ["1"], "charity": ["0"]}


def test_a_list_shows_the_columns_named_and_leads_to_each_record(world: World) -> None:
    risk = world.risk()
    shown = show(world.as_("director").get(RISKS))
    assert heads(shown) == [
        "Risk", "Title", "Owner", "Impact score", "Probability score", "Trend", "Target date", "Kept by",
    ]  # fmt: skip
    assert shown.one("caption").text == "1 record (Column headers are sortable)"
    assert shown.one("table").one("a", href=f"{RISKS}{risk.pk}/").text == "R-1"
    assert [said(each) for each in shown.one("table").all("td")] == [
        "Too few staff", "Director", "3", "2", "Increasing", "–", "North Council",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["R-1", "R-2", "R-3"]),
        ({"q": "strike"}, ["R-2"]),
        ({"q": "STAFF strike"}, ["R-2"]),
        ({"q": "staff nowhere"}, []),
        ({"q": "r-3"}, ["R-3"]),
        ({"q": "%"}, []),
        ({"q": "strike\0"}, ["R-2"]),
        ({"trend": "decreasing"}, ["R-3"]),
        ({"trend": "sideways"}, []),
        ({"organisation": "trust"}, ["R-3"]),
        ({"organisation": "nobody"}, []),
        ({"sharing": "public"}, ["R-2"]),
        ({"withdrawn": "yes"}, ["R-1", "R-2", "R-3", "R-4 (withdrawn)"]),
        ({"sort": "title"}, ["R-3", "R-2", "R-1"]),
        ({"sort": "-title"}, ["R-1", "R-2", "R-3"]),
        ({"sort": "-known_as"}, ["R-3", "R-2", "R-1"]),
        ({"sort": "organisation"}, ["R-1", "R-2", "R-3"]),
        ({"sort": "-organisation"}, ["R-3", "R-1", "R-2"]),
        ({"sort": "target_date"}, ["R-2", "R-1", "R-3"]),
        ({"sort": "-target_date"}, ["R-2", "R-1", "R-3"]),
        ({"sort": "held_by__password"}, ["R-1", "R-2", "R-3"]),
        ({"effect": "People wait."}, ["R-1", "R-2", "R-3"]),
        ({"page": "99"}, ["R-1", "R-2", "R-3"]),
        ({"page": "none"}, ["R-1", "R-2", "R-3"]),
    ],
)
def test_a_list_is_searched_narrowed_and_sorted(world: World, asked: dict[str, str], expected: list[str]) -> None:
    world.risk("R-1")
    world.risk("R-2", title="Staff strike", sharing=Sharing.PUBLIC, target_date="2026-12-31")
    world.risk("R-3", title="Floods", trend="decreasing", owner=world.trust)
    gone = world.risk("R-4")
    withdraw_record(gone, by=world.people["director"], on=today(), reason="A double.")
    shown = show(world.as_("director").get(RISKS, asked))
    assert (codes(shown) if expected else [each.text for each in shown.all("table")]) == expected


def test_a_list_says_what_to_do_where_nothing_stands(world: World) -> None:
    def words(name: str, **asked: str) -> str:
        return show(world.as_(name).get(RISKS, asked)).one("main").all("p")[-1].text

    assert words("director") == "Nothing that you may see is kept here yet. Be the first to add a risk."
    assert (
        words("owner")
        == "Nothing that you may see is kept here yet. Ask a partner to share what it keeps, or to add it."
    )
    assert words("owner", q="x") == "No record fits. Search for other words, or clear search and filters."


def test_a_long_list_has_pages_and_keeps_what_was_asked(world: World) -> None:
    for number in range(60):
        world.risk(f"R-{number}")
    shown = show(world.as_("director").get(RISKS, {"page": "2", "sort": "title", "trend": "increasing"}))
    assert shown.one("caption").text == "26 to 50 of 60 records (Column headers are sortable)"
    assert len(codes(shown)) == 25
    pages = shown.one("nav", class_="nhsuk-pagination")
    assert [(each.text, each.attributes["href"]) for each in pages.all("a")] == [
        (text, "?" + urlencode({"page": page, "sort": "title", "trend": "increasing"}))
        for text, page in (("Previous page", 1), ("1", 1), ("2", 2), ("3", 3), ("Next page", 3))
    ]
    assert pages.one("a", **{"aria-current": "page"}).text == "2"
    links = {each.text: each.one("a").attributes["href"] for each in shown.one("table").all("th", scope="col")}
    assert links["Title"] == "?sort=-title&trend=increasing"
    assert links["Owner"] == "?sort=owner&trend=increasing"
    sorted_by = [each.text for each in shown.all("th", **{"aria-sort": "ascending"})]
    assert sorted_by == ["Title"]
    assert shown.one("select", name="sort").one("option", selected="").text == "Title: A to Z"


def test_what_is_counted_once_is_counted_anew_after_every_change(world: World) -> None:
    def captions() -> list[str]:
        pages = [show(world.as_(name).get(RISKS)) for name in ("director", "trust")]
        return [each.text.partition(" (")[0] for page in pages for each in page.all("caption")]

    world.risk("R-0")
    first = world.risk("R-1")
    assert captions() == ["1 to 2 of 2 records", "1 to 2 of 2 records"]
    hidden = world.risk("R-2", sharing=Sharing.PRIVATE)
    assert captions() == ["1 to 3 of 3 records", "1 to 2 of 2 records"]
    share_record(hidden, Sharing.NAMED, named={world.trust: None}, by=world.people["director"], on=today())
    assert captions() == ["1 to 3 of 3 records", "1 to 3 of 3 records"]
    withdraw_record(first, by=world.people["director"], on=today(), reason="A double.")
    assert captions() == ["1 to 2 of 2 records", "1 to 2 of 2 records"]
    Membership.objects.filter(person=world.people["trust"]).update(role="representative")
    assert captions() == ["1 to 2 of 2 records", "1 record"]


def test_filters_offer_only_what_the_viewer_sees(world: World) -> None:
    world.risk("R-1", owner=world.council)
    world.risk("R-2", sharing=Sharing.PRIVATE)
    change_record(
        Risk.objects.get(known_as="R-2"), {"owner": "A secret owner"}, by=world.people["director"], on=today()
    )
    offered = {
        name: [each.text for each in show(world.as_(name).get(RISKS)).one("select", name="owner").all("option")]
        for name in ("director", "trust")
    }
    assert offered == {"director": ["All", "A secret owner", "Director"], "trust": ["All", "Director"]}


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_asks_the_database_as_often_for_one_row_as_for_thirty(world: World, rows: int) -> None:
    for number in range(rows):
        world.risk(f"R-{number}")
    client = world.as_("director")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(codes(show(client.get(RISKS)))) == min(rows, 25)
    assert len(asked) == LIST_QUERIES


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_of_a_sensitive_register_leaves_one_event_whatever_it_shows(world: World, rows: int) -> None:
    kept = [world.add(RECORDS["interests"], interest=f"I-{number}") for number in range(rows)]
    client, before = world.as_("trust"), Event.objects.count()
    with CaptureQueriesContext(connection) as asked:
        assert len(codes(show(client.get("/north/registers/interests/")))) == min(rows, 25)
    assert len(asked) == LIST_QUERIES + LISTED_QUERIES
    (event,) = Event.objects.order_by("number")[before:]
    assert (event.verb, event.by, event.organisation) == (
        "listed",
        str(world.people["trust"].pk),
        str(world.council.pk),
    )
    assert event.code.split() == [str(one.pk) for one in kept[:25]]
    searched = client.get("/north/registers/interests/", {"q": "I-0"})
    assert len(codes(show(searched))) == 1
    assert Event.objects.order_by("-number")[0].code == str(kept[0].pk)
    client.get("/north/registers/interests/", {"q": "nothing is called so"})
    assert Event.objects.count() == before + 2


def test_the_form_of_a_sensitive_record_is_read_as_its_page_is(world: World) -> None:
    one, client = world.add(RECORDS["interests"]), world.as_("director")
    for act in ("", "edit/"):
        client.get(f"/north/registers/interests/{one.pk}/{act}")
    assert Event.objects.filter(verb="read", record=str(one.pk)).count() == 2


@pytest.mark.parametrize("links", [1, 30])
def test_a_record_asks_the_database_as_often_for_one_link_as_for_thirty(world: World, links: int) -> None:
    first = world.risk("R-0")
    for number in range(links):
        link(world, "task", world.task(f"T-{number}").known_as, "mitigates", "risk", "R-0")
    client = world.as_("director")
    with CaptureQueriesContext(connection) as asked:
        assert len(show(client.get(f"{RISKS}{first.pk}/")).one("ul", class_="nhsuk-list--bullet").all("li")) == links
    assert len(asked) == DETAIL_QUERIES


def link(world: World, *cells: str, by: str = "director", sharing: str = Sharing.PARTNERS) -> Link:
    row = dict(zip(("from_kind", "from_id", "relation", "to_kind", "to_id"), cells, strict=True))
    keeping = Keeping(world.trust if by == "trust" else world.council, sharing)
    frame, who = pl.DataFrame([row]), world.people[by]
    return add_records(world.programme, Link, frame, keeping=keeping, by=who, on=today())[0]


def test_a_record_says_everything_in_words(world: World) -> None:
    risk = world.risk(target_date="2027-03-31", source="001", note="First line\nsecond line", rating="6")
    shown = show(world.as_("director").get(f"{RISKS}{risk.pk}/"))
    assert (shown.one("h1").text, shown.one("p", class_="nhsuk-lede-text").text) == ("Risk R-1", "Too few staff")
    said = facts(shown)
    assert {name: said[name] for name in ("Raised", "Trend", "Target date", "Source", "Place", "Rating")} == {
        "Raised": "31 January 2026", "Trend": "Increasing", "Target date": "31 March 2027", "Source": "The strategy",
        "Place": "Nothing entered", "Rating": "6",
    }  # fmt: skip
    assert {name: said[name] for name in ("Kept by", "Shared with", "Lot", "Held by")} == {
        "Kept by": "North Council", "Shared with": "All partners of the programme", "Lot": "All lots",
        "Held by": "Nobody by name",
    }  # fmt: skip
    assert said["Last changed"].endswith(", version 1")
    assert shown.all("span", class_="app-meaning")[3].text == "Impact, 1–3. From 1 to 5."


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("director", ["Change", "Change lot or holder", "Share", "Hand over", "Withdraw"]),
        ("analyst", ["Change", "Change lot or holder"]), ("owner", []), ("trust", []),
    ],
)  # fmt: skip
def test_a_record_has_buttons_for_what_the_viewer_may_do(world: World, name: str, expected: list[str]) -> None:
    risk, client = world.risk(), world.as_(name)
    page = f"{RISKS}{risk.pk}/"
    assert buttons(show(client.get(page))) == expected
    acts = ("edit", "keep", "share", "give", "withdraw", "restore")
    statuses = {act: client.get(f"{page}{act}/", follow=True).status_code for act in acts}
    changes, shares = (200 if words in expected else 403 for words in ("Change", "Share"))
    assert statuses == {
        "edit": changes, "keep": changes, "share": shares, "give": shares, "withdraw": shares, "restore": shares,
    }  # fmt: skip
    assert client.post(f"{page}withdraw/", {"reason": "No."}).status_code == (302 if "Withdraw" in expected else 403)


def test_what_a_partner_keeps_to_itself_is_nowhere(world: World) -> None:
    risk, client = world.risk(title="Canary", sharing=Sharing.PRIVATE), world.as_("trust")
    world.task("T-1")
    link(world, "task", "T-1", "mitigates", "risk", "R-1")
    pages = [f"{RISKS}{risk.pk}/{act}" for act in ("", "edit/", "share/", "withdraw/", "restore/")]
    assert [client.get(page).status_code for page in pages] == [404] * 5
    assert [client.post(page, {"reason": "x"}).status_code for page in pages[1:]] == [404] * 4
    assert "Canary" not in client.get(RISKS, {"q": "Canary", "withdrawn": "yes"}).content.decode().replace(
        '"Canary"', ""
    )
    assert client.get(f"{RISKS}{record_id(world.programme, 'risk', 'none')}/").status_code == 404
    assert client.get("/north/registers/nothing/").status_code == 404
    assert client.get("/north/registers/population/").status_code == 404


def ties(world: World, name: str, record: Record) -> list[str]:
    """The links that a record's page shows somebody."""
    shown = show(world.as_(name).get(f"/north/registers/{record.STEM}/{record.pk}/")).one("main")
    return [each.text for found in shown.all("ul", class_="nhsuk-list--bullet") for each in found.all("li")]


def test_links_are_shown_whose_other_end_the_viewer_sees(world: World) -> None:
    risk, open_, hidden = world.risk(), world.task("T-1", title="Open"), world.task("T-2", sharing=Sharing.PRIVATE)
    aim = world.add(RECORDS["statements"], list="Aims", number="1", text="Fewer wait")
    link(world, "task", "T-1", "mitigates", "risk", "R-1")
    link(world, "task", "T-2", "mitigates", "risk", "R-1")
    link(world, "task", "T-1", "delivers", "statement", "Aims/1", sharing=Sharing.PRIVATE)
    link(world, "figure", "treatment_gap_share", "evidences", "statement", "Aims/1")
    assert ties(world, "trust", risk) == ["Task T-1: Open mitigates this"]
    assert ties(world, "director", risk) == ["Task T-1: Open mitigates this", "Task T-2: words mitigates this"]
    assert ties(world, "director", open_) == [
        "Mitigates risk R-1: Too few staff", "Delivers statement Aims 1: Fewer wait",
    ]  # fmt: skip
    assert ties(world, "trust", open_) == ["Mitigates risk R-1: Too few staff"]
    assert ties(world, "director", hidden) == ["Mitigates risk R-1: Too few staff"]
    assert ties(world, "director", aim) == [
        "Task T-1: Open delivers this",
        "Figure Share of people with a condition who are not in treatment evidences this",
    ]


def test_of_two_records_of_one_name_a_link_means_its_own_organisation_s(world: World) -> None:
    """An entered record has an id of its own, whatever it is called: both ends of a link are that very id."""
    ours, theirs = world.risk(), world.risk(owner=world.trust, title="Another")
    task = world.task("T-1", owner=world.trust)
    made = link(world, "task", "T-1", "mitigates", "risk", "R-1", by="trust")
    assert (made.from_end, made.to_end) == (str(task.pk), str(theirs.pk))
    assert ties(world, "director", task) == ["Mitigates risk R-1: Another"]
    assert (ties(world, "director", theirs), ties(world, "director", ours)) == (["Task T-1: words mitigates this"], [])
    withdraw_record(theirs, by=world.people["trust"], on=today(), reason="Closed.")
    other = link(world, "task", "T-1", "delivers", "statement", world.add(RECORDS["statements"]).known_as, by="trust")
    assert other.from_end == str(task.pk)
    made.refresh_from_db()
    share_record(made, Sharing.PUBLIC, named={}, by=world.people["trust"], on=today())
    made.refresh_from_db()
    assert made.to_end == str(theirs.pk)


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        (
            ("task", "T-1", "answers", "risk", "R-1"), "relation",
            "“answers” cannot join a task to a risk: it joins a target to a figure; a target to a statement; a target "
            "to a policy; a task to a statement; a task to a policy; a task to a data issue; a option to a target.",
        ),
        (
            ("task", "T-1", "mitigates", "risk", "R-9"), "to_id",
            "There is no risk “R-9” to link: correct its code or add it to its table.",
        ),
        (
            ("task", "T-2", "mitigates", "risk", "R-1"), "from_id",
            "There is no task “T-2” to link: correct its code or add it to its table.",
        ),
        (
            ("task", "T-3", "mitigates", "risk", "R-1"), "from_id",
            "There is no task “T-3” to link: correct its code or add it to its table.",
        ),
        (
            ("figure", "none", "evidences", "statement", "words/1"), "from_id",
            "There is no figure “none” to link: correct its code or add it to its table.",
        ),
    ],
)  # fmt: skip
def test_a_link_joins_what_it_may_and_what_its_maker_sees(
    world: World, cells: tuple[str, ...], column: str, sentence: str
) -> None:
    world.risk(owner=world.trust), world.task("T-1", owner=world.trust), world.add(RECORDS["statements"])
    world.task("T-2", sharing=Sharing.PRIVATE)
    gone = world.task("T-3", owner=world.trust)
    withdraw_record(gone, by=world.people["trust"], on=today(), reason="Done.")
    before = Event.objects.count()
    with pytest.raises(InputRefused) as refused:
        link(world, *cells, by="trust")
    assert [(fault.column, fault.sentence) for fault in refused.value.faults] == [(column, sentence)]
    assert (Link.objects.count(), Event.objects.count()) == (0, before)


def test_a_form_asks_for_every_column_in_its_own_way(world: World) -> None:
    shown = show(world.as_("director").get(f"{RISKS}new/"))
    assert [each.attributes["name"] for each in shown.all("textarea")] == [
        "effect",
        "mitigation",
        "note",
        "kept_reason",
    ]
    assert [each.attributes["name"] for each in shown.all("select")] == ["source", "kept_held_by"]
    kinds = {each.attributes["name"]: each.attributes for each in shown.one("main").all("input")}
    assert kinds["impact_score"]["inputmode"] == "numeric"
    assert {each["type"] for each in kinds.values()} == {"text", "radio", "hidden"}
    assert [each.attributes["value"] for each in shown.all("input", name="trend")] == [
        "increasing", "no change", "decreasing",
    ]  # fmt: skip
    assert [name for name in kinds if name.startswith("raised")] == ["raised_day", "raised_month", "raised_year"]
    assert shown.all("input", checked="") == []
    assert kinds["kept_organisation"] == {"type": "hidden", "name": "kept_organisation", "value": str(world.council.pk)}


def test_a_record_is_added_and_told(world: World) -> None:
    client = world.as_("director")
    said = {"kept_organisation": str(world.council.pk), "kept_held_by": str(world.people["owner"].pk), "kept_lot": "2"}
    response = client.post(f"{RISKS}new/", ENTERED | said | {"kept_reason": "Found in the review."})
    risk = Risk.objects.get()
    assert response["Location"] == f"{RISKS}{risk.pk}/"
    assert told(client, response) == "Risk R-1 was added."
    assert (risk.organisation, risk.sharing, risk.lot, risk.held_by, risk.raised, risk.impact_score) == (
        world.council, Sharing.PARTNERS, "2", world.people["owner"], date(2026, 1, 31), 3,
    )  # fmt: skip
    event = Event.objects.get(verb="added")
    assert (event.reason, event.by) == ("Found in the review.", str(world.people["director"].pk))


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(world: World) -> None:
    world.risk("R-1")
    wrong = {
        "title": "", "raised_day": "31", "raised_month": "2", "raised_year": "2026", "impact_score": "nine",
        "trend": "", "effect": "<b>Long</b>\nwaits", "kept_sharing": "", "kept_organisation": str(world.council.pk),
    }  # fmt: skip
    shown = show(world.as_("director").post(f"{RISKS}new/", ENTERED | wrong))
    assert shown.one("head").one("title").text == "Error: Add a risk – North – Parity"
    assert errors(shown) == [
        ("Raised: enter a real date from 1900 to 2199, such as 31 3 2027.", "#id_raised_day"),
        ("Title: enter something.", "#id_title"),
        ("Impact score: “nine” is not a whole number.", "#id_impact_score"),
        ("Trend: choose one.", "#id_trend"),
        ("Choose who may see it.", "#id_kept_sharing"),
    ]
    ids = {each.attributes.get("id") for each in shown.below()}
    assert {href.removeprefix("#") for _, href in errors(shown)} - ids == set()
    assert len(shown.all("span", class_="nhsuk-error-message")) == 5
    assert shown.one("textarea", name="effect").text == "<b>Long</b> waits"
    assert [shown.one("input", name=f"raised_{part}").attributes["value"] for part in ("day", "month", "year")] == [
        "31", "2", "2026",
    ]  # fmt: skip
    assert Risk.objects.count() == 1


def test_a_name_taken_is_told_at_its_field(world: World) -> None:
    world.risk("R-1")
    entered = ENTERED | {"kept_organisation": str(world.council.pk)}
    assert errors(show(world.as_("director").post(f"{RISKS}new/", entered))) == [
        ("Risk: there is a risk R-1 already: give it another name, or change that one.", "#id_risk")
    ]


def test_whoever_shares_nothing_adds_for_their_organisation_alone(world: World) -> None:
    client = world.as_("analyst")
    assert show(client.get(f"{RISKS}new/")).one("input", name="kept_sharing").attributes["value"] == "private"
    entered = ENTERED | {"kept_organisation": str(world.council.pk)}
    assert errors(show(client.post(f"{RISKS}new/", entered))) == [
        ("Select a valid choice. partners is not one of the available choices.", "")
    ]
    response = client.post(f"{RISKS}new/", entered | {"kept_sharing": "private"})
    assert told(client, response) == "Risk R-1 was added."


def test_who_may_add_for_two_may_share_for_one_alone(world: World) -> None:
    join(world.people["director"], world.programme, role="planning_officer", organisation=world.trust)
    client = world.as_("director")
    choices = show(client.get(f"{RISKS}new/")).one("select", name="kept_organisation").all("option")
    assert [each.text for each in choices] == ["Choose", "North Council", "North Trust"]
    entered = ENTERED | {"kept_organisation": str(world.trust.pk)}
    assert errors(show(client.post(f"{RISKS}new/", entered))) == [
        ("Your role does not let you share what North Trust keeps.", "#id_kept_sharing")
    ]
    assert client.post(f"{RISKS}new/", entered | {"kept_sharing": "private"}).status_code == 302
    assert errors(show(client.post(f"{RISKS}new/", ENTERED | {"kept_organisation": str(world.charity.pk)})))[0] == (
        "Choose who keeps it.", "#id_kept_organisation",
    )  # fmt: skip


def test_whoever_acts_in_one_lot_adds_in_that_lot(world: World) -> None:
    Membership.objects.filter(person=world.people["charity"]).update(lot="Lot 3")
    client = world.as_("charity")
    assert [each.text for each in show(client.get(f"{RISKS}new/")).one("select", name="kept_lot").all("option")] == [
        "Lot 3"
    ]
    entered = ENTERED | {"kept_organisation": str(world.charity.pk), "kept_sharing": "private", "kept_lot": "Lot 3"}
    assert client.post(f"{RISKS}new/", entered).status_code == 302
    assert Risk.objects.get().lot == "Lot 3"


def test_whoever_may_not_add_is_told(world: World) -> None:
    client = world.as_("owner")
    assert (client.get(f"{RISKS}new/").status_code, client.post(f"{RISKS}new/", ENTERED).status_code) == (403, 403)


def edited(risk: Risk, **more: str) -> dict[str, str]:
    """A risk's form as a browser sends it back."""
    entered = {name: text for name, text in ENTERED.items() if not name.startswith("kept") and name != "risk"}
    return {**entered, "kept_seen": str(risk.version), "kept_reason": "", **more}


def test_a_change_is_kept_with_its_reason(world: World) -> None:
    risk, client = world.risk(), world.as_("analyst")
    shown = show(client.get(f"{RISKS}{risk.pk}/edit/"))
    assert [each.attributes["name"] for each in shown.all("input") if each.attributes["name"] == "risk"] == []
    assert shown.one("input", name="title").attributes["value"] == "Too few staff"
    response = client.post(f"{RISKS}{risk.pk}/edit/", edited(risk, title="Far too few staff", kept_reason="Two left."))
    assert told(client, response) == "Risk R-1 was changed."
    risk.refresh_from_db()
    assert (risk.title, risk.version, Event.objects.get(verb="changed").reason) == ("Far too few staff", 2, "Two left.")


def test_saving_what_nobody_changed_changes_nothing(world: World) -> None:
    risk, client = world.risk(note="One\ntwo"), world.as_("director")
    response = client.post(f"{RISKS}{risk.pk}/edit/", edited(risk, note="One\r\ntwo"))
    assert told(client, response) == "Nothing was changed."
    assert (Risk.objects.get().version, Event.objects.filter(verb="changed").count()) == (1, 0)


def test_a_faulty_change_is_refused_at_its_field(world: World) -> None:
    risk = world.risk()
    shown = show(world.as_("director").post(f"{RISKS}{risk.pk}/edit/", edited(risk, impact_score="6", title="")))
    assert errors(shown) == [
        ("Title: enter something.", "#id_title"),
        ("Impact score: 6 is above the greatest allowed value 5.", "#id_impact_score"),
    ]


def test_two_people_who_change_one_record_lose_nothing(world: World) -> None:
    risk = world.risk()
    opened = edited(risk, title="Mine", kept_reason="Because")
    change_record(risk, {"owner": "Somebody else", "raised": "2026-02-01"}, by=world.people["director"], on=today())
    client = world.as_("analyst")
    shown = show(client.post(f"{RISKS}{risk.pk}/edit/", opened))
    assert errors(shown) == [
        (
            "Somebody changed this record since you opened it: look at it again, then make your change. Since then "
            "these have changed: Raised, Owner. What you changed is still here: look through it and save again.",
            "",
        )
    ]
    fields = {each.attributes["name"]: each.attributes.get("value") for each in shown.one("main").all("input")}
    assert (fields["title"], fields["owner"], fields["raised_month"], fields["kept_seen"]) == (
        "Mine", "Somebody else", "2", "2",
    )  # fmt: skip
    sent = opened | {"owner": "Somebody else", "raised_month": "2", "raised_day": "1", "kept_seen": "2"}
    assert client.post(f"{RISKS}{risk.pk}/edit/", sent).status_code == 302
    risk.refresh_from_db()
    assert (risk.title, risk.owner, risk.raised) == ("Mine", "Somebody else", date(2026, 2, 1))


def test_what_a_document_printed_stays_beside_a_number_that_stays(world: World) -> None:
    risk = world.risk(rating="6", rating_printed="six")
    page, client = f"{RISKS}{risk.pk}/", world.as_("director")
    assert facts(show(client.get(page)))["Rating"] == "6 (“six”)"
    assert show(client.get(f"{page}edit/")).one("input", name="rating").attributes["value"] == "6"
    client.post(f"{page}edit/", edited(risk, rating="6", title="Other"))
    assert facts(show(client.get(page)))["Rating"] == "6 (“six”)"
    client.post(f"{page}edit/", edited(Risk.objects.get(), rating="7"))
    assert facts(show(client.get(page)))["Rating"] == "7"


def test_a_record_is_shared_by_name_until_a_day(world: World) -> None:
    risk, client = world.risk(sharing=Sharing.PRIVATE), world.as_("director")
    last = today() + timedelta(days=10)
    until = f"until_{world.trust.pk}"
    entered = {
        "sharing": "named", "named": [str(world.trust.pk), str(world.charity.pk)], "reason": "They act on it.",
        f"{until}_day": str(last.day), f"{until}_month": str(last.month), f"{until}_year": str(last.year),
    }  # fmt: skip
    response = client.post(f"{RISKS}{risk.pk}/share/", entered)
    day = f"{last.day} {last:%B %Y}"
    assert told(client, response) == f"Risk R-1 is shared with: North Charity, without end; North Trust, until {day}."
    grants = dict(Grant.objects.values_list("organisation__code", "ends_on"))
    assert grants == {"trust": last + timedelta(days=1), "charity": None}
    page = f"{RISKS}{risk.pk}/"
    seen = {name: facts(show(world.as_(name).get(page)))["Shared with"] for name in ("trust", "charity")}
    assert seen == {"trust": f"North Trust, until {day}", "charity": "North Charity, without end"}
    shown = show(client.get(f"{page}share/"))
    assert shown.one("input", name="sharing", checked="").attributes["value"] == "named"
    assert len(shown.all("input", name="named", checked="")) == 2
    assert shown.one("input", name=f"{until}_day").attributes["value"] == str(last.day)


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        ({}, ("Choose who may see it.", "#id_sharing")),
        ({"sharing": "anybody"}, ("Choose who may see it.", "#id_sharing")),
        ({"sharing": "named"}, ("Name at least one organisation, or choose another.", "#id_named")),
    ],
)
def test_sharing_that_says_nothing_is_refused(world: World, entered: dict[str, str], expected: tuple[str, str]) -> None:
    risk = world.risk(sharing=Sharing.PRIVATE)
    assert errors(show(world.as_("director").post(f"{RISKS}{risk.pk}/share/", entered))) == [expected]
    assert Risk.objects.get().sharing == Sharing.PRIVATE


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (("1", "1", "2020"), "The last day for North Trust must be today or later."),
        (("31", "2", "2999"), "The last day for North Trust must be a real date, such as 31 3 2027."),
    ],
)
def test_a_last_day_that_cannot_be_is_refused(world: World, day: tuple[str, str, str], sentence: str) -> None:
    risk, until = world.risk(sharing=Sharing.PRIVATE), f"until_{world.trust.pk}"
    boxes = {f"{until}_{part}": text for part, text in zip(("day", "month", "year"), day, strict=True)}
    entered = {"sharing": "named", "named": str(world.trust.pk), **boxes}
    shown = show(world.as_("director").post(f"{RISKS}{risk.pk}/share/", entered))
    assert errors(shown) == [(sentence, f"#id_{until}_day")]
    assert shown.one("input", name=f"{until}_day").attributes["value"] == day[0]


def test_sharing_with_nobody_takes_names_away(world: World) -> None:
    risk = world.risk(sharing=Sharing.PRIVATE)
    by = world.people["director"]
    share_record(risk, Sharing.NAMED, named={world.trust: None}, by=by, on=today())
    client = world.as_("director")
    response = client.post(f"{RISKS}{risk.pk}/share/", {"sharing": "private", "named": str(world.trust.pk)})
    assert told(client, response) == "Risk R-1 is shared with: Nobody else."
    assert world.as_("trust").get(f"{RISKS}{risk.pk}/").status_code == 404


def test_a_record_is_withdrawn_and_restored_with_a_reason(world: World) -> None:
    risk, client = world.risk(), world.as_("director")
    page = f"{RISKS}{risk.pk}/"
    assert errors(show(client.post(f"{page}withdraw/", {"reason": " "}))) == [("Say why.", "#id_reason")]
    assert told(client, client.post(f"{page}withdraw/", {"reason": "A double."})) == "Risk R-1 was withdrawn."
    shown = show(client.get(page))
    assert (buttons(shown), shown.one("strong", class_="nhsuk-tag").text) == (["Restore"], "Withdrawn")
    assert client.get(f"{page}edit/").status_code == 403
    assert told(client, client.get(f"{page}withdraw/")) == "Risk R-1 is withdrawn already."
    assert told(client, client.post(f"{page}restore/", {"reason": "It was none."})) == "Risk R-1 was restored."
    assert client.get(f"{page}restore/").status_code == 302
    verbs = Event.objects.filter(record=str(risk.pk)).values_list("verb", "reason")
    assert list(verbs)[1:] == [("withdrawn", "A double."), ("restored", "It was none.")]


def story(client: Client, risk: Risk) -> list[list[str]]:
    """The cells of a record's story but for the instants."""
    rows = show(client.get(f"{RISKS}{risk.pk}/")).one("div", id="table-story").all("tr")[1:]
    return [[cell.text for cell in row.below() if cell.name == "td"] for row in rows]


def test_a_record_tells_its_story_in_words(world: World) -> None:
    risk, client = world.risk(sharing=Sharing.PRIVATE), world.as_("director")
    client.post(f"{RISKS}{risk.pk}/edit/", edited(risk, raised_month="3", source="001", kept_reason="As printed."))
    client.post(f"{RISKS}{risk.pk}/share/", {"sharing": "named", "named": str(world.trust.pk), "reason": "To act."})
    told = [
        ["Dora Field, for North Council", "Shared: Shared with", "Our organisation only", "Organisations we name",
         "With North Trust. To act."],
        ["Dora Field, for North Council", "Changed: Source", "–", "The strategy", "As printed."],
        ["Dora Field, for North Council", "Changed: Raised", "31 January 2026", "31 March 2026", "As printed."],
        ["Dora Field, for North Council", "Added", "–", "–", "–"],
    ]  # fmt: skip
    assert story(client, risk) == told
    assert [row[-1] for row in story(world.as_("trust"), risk)] == ["–"]


def test_reading_a_sensitive_record_is_told_in_its_story(world: World) -> None:
    client = world.as_("director")
    entered = {
        "interest": "I-1", "declared_day": "1", "declared_month": "2", "declared_year": "2026", "declared_by": "Chair",
        "nature": "financial", "concerns": "Lot 1", "described": "Shares.", "managed": "to be decided",
        "kept_organisation": str(world.council.pk), "kept_sharing": "private",
    }  # fmt: skip
    response = client.post("/north/registers/interests/new/", entered)
    world.as_("analyst").get(response["Location"])
    events = Event.objects.filter(kind="interests").values_list("verb", "by")
    assert list(events) == [("added", str(world.people["director"].pk)), ("read", str(world.people["analyst"].pk))]


@pytest.mark.parametrize("stem", sorted(RECORDS))
def test_every_register_has_a_list_and_a_form(world: World, stem: str) -> None:
    client = world.as_("director")
    for address in (f"/north/registers/{stem}/", f"/north/registers/{stem}/new/"):
        shown = show(client.get(address))
        assert [each.text for each in shown.all("label") if not each.text] == []
    assert show(client.post(f"/north/registers/{stem}/new/", {})).one("head").one("title").text.startswith("Error: ")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(world: World, method: str) -> None:
    client = world.as_("director")
    assert [getattr(client, method)(f"{RISKS}{act}").status_code for act in ("", "new/")] == [405, 405]


def test_text_is_never_markup(world: World) -> None:
    risk = world.risk("<i>1", title="<script>alert(1)</script>", note="<img src=x onerror=alert(1)>")
    client = world.as_("director")
    for address in (
        RISKS,
        f"{RISKS}?q=<script>",
        f"{RISKS}{risk.pk}/",
        f"{RISKS}{risk.pk}/edit/",
        f"{RISKS}{risk.pk}/share/",
    ):
        shown = show(client.get(address))
        assert (len(shown.all("script")), shown.all("i"), shown.all("img")) == (1, [], [])


def test_listed_serves_whoever_runs_the_workspace_too(world: World) -> None:
    world.risk("R-1", sharing=Sharing.PRIVATE)
    seen = [viewer_of(world.people["trust"], world.programme, on=today()), None]
    assert [[one.known_as for one in listed(world.programme, Risk, viewer=viewer, asked={})] for viewer in seen] == [
        [], ["R-1"],
    ]  # fmt: skip


def test_a_document_of_the_library_can_be_cited_by_whoever_sees_it(world: World) -> None:
    cells = pl.DataFrame(
        [{"document": "D1", "title": "Minutes of the board", "publisher": "North Council", "kind": "minutes"}]
    )
    model, by = RECORDS["documents"], world.people["director"]
    add_records(world.programme, model, cells, keeping=Keeping(world.council, "private"), by=by, on=today())
    risk = world.risk(source="D1", place="page 3")
    options = [["The strategy", "Minutes of the board"], ["The strategy"]]
    names = ("director", "trust")
    forms = [show(world.as_(name).get(f"{RISKS}new/")) for name in names]
    assert [[each.text for each in form.one("select", name="source").all("option")][1:] for form in forms] == options
    shown = {name: facts(show(world.as_(name).get(f"{RISKS}{risk.pk}/")))["Source"] for name in names}
    assert shown == {"director": "Minutes of the board", "trust": "D1"}


def test_a_document_evidences_what_rests_on_it(world: World) -> None:
    assert [why_not_joined("document", "evidences", kind) for kind in ("risk", "decision", "contract")] == [""] * 3
    assert why_not_joined("document", "evidences", "lot").startswith("“evidences” cannot join a document to a lot")
