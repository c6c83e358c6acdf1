"""A record's story and the page of who did what: plain words for those who may know, and nothing for others."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parity.documents.model import Paragraph, Table
from parity.register.audit.documents import Wording, events_told, moment_words, story_blocks
from parity.register.audit.models import Event, Head
from parity.register.memberships.actions import Seat, end_membership, seat_person
from parity.register.models import Membership, Organisation, Person, Programme
from parity.register.people.rules import ROLES, May
from parity.register.policy import Viewer, viewer_of
from parity.register.records.actions import (
    Keeping,
    change_record,
    note_listing,
    note_reading,
    restore_record,
    share_record,
    withdraw_record,
)
from parity.register.records.documents import Names, label_of, words_of
from parity.register.sharing.models import Sharing
from parity.review.models import Risk
from tests.given import EXAMPLES
from tests.layout.reading import Element, read_page
from tests.members import LONG_AGO
from tests.register.worlds import add, organisation, person, programme

LONDON = ZoneInfo("Europe/London")
DAY = date(2026, 7, 1)
WORDING = Wording(label_of, partial(words_of, names=Names({}, {})))
PAGE_QUERIES, STORY_QUERIES = 11, 9


@pytest.fixture
def here(db: None) -> Programme:
    """A programme of two partners, each with a director and an officer; a read record is told by either's members."""
    ours, theirs = organisation("ours"), organisation("theirs")
    made = programme("here", ours, theirs, by=person("clerk"))
    for name, partner, role in (
        ("director", ours, "director"),
        ("officer", ours, "planning_officer"),
        ("stranger", theirs, "planning_officer"),
        ("auditor", theirs, "director"),
    ):
        seat_person(person(name), Seat(made, partner, role), by=person_called("clerk"), on=LONG_AGO)
    return made


def person_called(name: str) -> Person:
    return Person.objects.get(username=name)


def viewer(name: str) -> Viewer:
    return viewer_of(person_called(name), Programme.objects.get(slug="here"), on=DAY)


@pytest.fixture
def act(here: Programme) -> Callable[..., Any]:
    """Does something at a minute past nine, each time a minute later: `act(change_record, risk, {…}, by="officer")`."""
    minutes = iter(range(1, 60))

    def acted(do: Callable[..., Any], *arguments: Any, by: str, **named: Any) -> Any:
        at = datetime(2026, 7, 1, 9, next(minutes), tzinfo=LONDON)
        with time_machine.travel(at, tick=False):
            return do(*arguments, by=person_called(by), **named)

    return acted


@pytest.fixture
def risk(act: Callable[..., Any], here: Programme) -> Risk:
    """A risk that was added, changed twice, shared, changed again, withdrawn and restored."""
    theirs = Organisation.objects.get(code="theirs")
    made = act(partial(add, Risk, here), keeping=Keeping(here.lead, lot="north"), by="officer", risk="R1", title="Beds")
    made = act(change_record, made, {"title": "No beds"}, by="officer", on=DAY, reason="Clearer")
    made = act(change_record, made, {"impact_score": "2", "target_date": "2027-03-31"}, by="director", on=DAY)
    until = date(2027, 1, 1)
    made = act(share_record, made, Sharing.NAMED, named={theirs: until}, by="director", on=DAY, reason="They asked")
    made = act(change_record, made, {"title": "Too few beds"}, by="officer", on=DAY, reason="Milder")
    made = act(withdraw_record, made, by="director", on=DAY, reason="Over")
    return act(restore_record, made, by="director", on=DAY, reason="Not over")


def story(record: Risk, name: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """The story's sentences and rows, as this person reads them."""
    blocks = story_blocks(Risk.objects.get(pk=record.pk), viewer(name), WORDING)
    (table,) = (block for block in blocks if isinstance(block, Table))
    sentences = [str(part) for block in blocks if isinstance(block, Paragraph) for part in block.parts]
    return sentences, [tuple(map(str, row)) for row in table.rows]


OFFICER, DIRECTOR = "Officer, for Ours council", "Director, for Ours council"
LATER = [
    ("1 July 2026, 09:07", DIRECTOR, "Restored", "–", "–", "Not over"),
    ("1 July 2026, 09:06", DIRECTOR, "Withdrawn", "–", "–", "Over"),
    ("1 July 2026, 09:05", OFFICER, "Changed: Title", "No beds", "Too few beds", "Milder"),
]
SHARED = ("1 July 2026, 09:04", DIRECTOR, "Shared: Shared with", "Our organisation only", "Organisations we name")
EARLIER = [
    ("1 July 2026, 09:03", DIRECTOR, "Changed: Target date", "–", "31 March 2027", "–"),
    ("1 July 2026, 09:03", DIRECTOR, "Changed: Impact score", "1", "2", "–"),
    ("1 July 2026, 09:02", OFFICER, "Changed: Title", "Beds", "No beds", "Clearer"),
    ("1 July 2026, 09:01", OFFICER, "Added", "–", "–", "–"),
]


def test_whoever_keeps_a_record_reads_its_whole_story(risk: Risk) -> None:
    named = (*SHARED, "With Theirs council (until 2027-01-01). They asked")
    assert story(risk, "officer") == ([], [*LATER, named, *EARLIER])


def test_with_whom_it_is_shared_reads_what_happened_since(risk: Risk) -> None:
    hidden = "What happened before it was shared as it is now is known to Ours council alone."
    assert story(risk, "stranger") == ([hidden], [*LATER, (*SHARED, "–")])


def test_who_read_a_sensitive_record_is_known_to_its_owner(
    act: Any, risk: Risk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Risk, "SENSITIVE", True)
    act(note_reading, risk, by="stranger", on=DAY)
    read = ("1 July 2026, 09:08", "Stranger, for Theirs council", "Read", "–", "–", "–")
    assert story(risk, "officer")[1][0] == read
    assert story(risk, "stranger")[1][0] == LATER[0]


def test_who_was_shown_a_sensitive_record_in_a_list_is_known_to_its_owner(
    act: Any, here: Programme, risk: Risk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Risk, "SENSITIVE", True)
    act(partial(note_listing, here), [risk], by="stranger", on=DAY)
    listed = ("1 July 2026, 09:08", "Stranger, for Theirs council", "Listed", "–", "–", "–")
    assert story(risk, "officer")[1][0] == listed
    assert story(risk, "stranger")[1][0] == LATER[0]
    (row,) = [row for row in rows_of(page("director")) if "Listed" in row[3]]
    assert (row[2:5], row[5]) == (["Stranger", "Listed: 1 record", "Ours council"], "–")


def test_a_transcribed_record_s_story_begins_with_the_transcription(load: Any) -> None:
    made = load(EXAMPLES / "leicester")
    person("reader")
    seat_person(person_called("reader"), Seat(made, made.lead, "provider"), by=person_called("reader"), on=LONG_AGO)
    one = Risk.objects.first()
    assert one is not None
    who = viewer_of(person_called("reader"), made, on=DAY)
    (table,) = story_blocks(one, who, WORDING)
    assert isinstance(table, Table)
    assert [row[1:] for row in table.rows] == [(f"Transcription, for {made.lead.name}", "Added", "–", "–", "–")]


def test_whoever_held_it_is_named_and_whoever_is_gone_is_not(act: Any, here: Programme) -> None:
    holder = person_called("stranger")
    made = act(partial(add, Risk, here), keeping=Keeping(here.lead, held_by=holder), by="officer", risk="R1")
    Risk.objects.filter(pk=made.pk).update(held_by=None)
    act(change_record, Risk.objects.get(), {"title": "Another"}, by="officer", on=DAY)
    Event.objects.filter(number=Event.objects.count()).update(by="nobody", at="never")
    rows = story(made, "officer")[1]
    assert [row[1:5] for row in rows if row[2] != "Changed: Title"] == [
        ("Somebody who is no longer known here, for Ours council", "Changed: Held by", "Stranger", "Nobody by name"),
        (OFFICER, "Added", "–", "–"),
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-01-31T23:59:59.000000+00:00", "31 January 2026, 23:59"),
        ("2026-06-30T23:30:00.000000+00:00", "1 July 2026, 00:30"),
    ],
)
def test_a_moment_is_told_in_local_time(at: str, words: str) -> None:
    assert moment_words(at) == words


def client_of(name: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person_called(name))
    return client


def page(name: str, **asked: str) -> Element:
    response = client_of(name).get("/here/audit/", asked)
    assert response.status_code == HTTPStatus.OK
    return read_page(response.content.decode())


def rows_of(shown: Element) -> list[list[str]]:
    """The cells of each event without the headings that stand beside them on a phone."""
    rows = [[cell for cell in row.below() if cell.name in ("th", "td")] for row in shown.one("tbody").all("tr")]
    return [[_said(cell) for cell in row] for row in rows]


def _said(cell: Element) -> str:
    (heading,) = cell.all("span", class_="nhsuk-table__heading")
    return cell.text.removeprefix(heading.text).strip()


def lines_of(name: str, **asked: str) -> list[dict[str, Any]]:
    response = client_of(name).get("/here/audit/", {**asked, "format": "jsonl"})
    assert response["Content-Disposition"] == 'attachment; filename="here-events.jsonl"'
    return [json.loads(line) for line in response.content.decode().splitlines()]


HIDDEN = "Something that another organisation keeps to itself"


def test_an_auditor_reads_who_did_what(risk: Risk) -> None:
    rows = rows_of(page("director"))
    number = Head.objects.get().number
    assert [int(row[0]) for row in rows] == list(range(number, 0, -1))
    event = Event.objects.get(number=number)
    first = [str(number), "1 July 2026, 09:07", "Director", "Restored: risk R1", "Ours council", "Not over"]
    assert rows[0] == [*first, f"{event.hash[:12]}…"]
    joined = [row for row in rows if row[3].startswith("Joined")]
    theirs = [row for row in rows if row[3] == HIDDEN]
    assert [row[3] for row in joined] == [
        f"Joined: {role} for Ours council" for role in ("Planning officer", "Director")
    ]
    assert [row[2:6] for row in theirs] == [["–", HIDDEN, "–", "–"]] * 2
    links = {link.attributes["href"] for link in page("director").one("tbody").all("a")}
    assert links == {f"/here/registers/risks/{risk.pk}/"}


def test_another_s_auditor_reads_what_is_shared_since_it_is(risk: Risk) -> None:
    rows = rows_of(page("auditor"))
    told = [row for row in rows if row[3] != HIDDEN]
    assert [(row[3], row[5]) for row in told] == [
        ("Restored: risk R1", "Not over"),
        ("Withdrawn: risk R1", "Over"),
        ("Changed: risk R1", "Milder"),
        ("Shared: risk R1", "–"),
        ("Joined: Director for Theirs council", "–"),
        ("Joined: Planning officer for Theirs council", "–"),
    ]
    assert {tuple(row[2:6]) for row in rows if row[3] == HIDDEN} == {("–", HIDDEN, "–", "–")}
    assert len(rows) == Head.objects.get().number


def test_a_private_record_leaves_number_time_and_hash_alone(act: Any, risk: Risk) -> None:
    act(share_record, Risk.objects.get(), Sharing.PRIVATE, named={}, by="director", on=DAY)
    lines = lines_of("auditor")
    events = {event.number: event for event in Event.objects.all()}
    hidden = [line for line in lines if "verb" not in line]
    assert hidden == [
        {"number": number, "at": events[number].at, "hash": events[number].hash}
        for number, event in sorted(events.items())
        if event.kind == "risks" or "for Ours council" in event.code
    ]
    assert [line["kind"] for line in lines if "verb" in line] == ["membership"] * 2
    assert "R1" not in json.dumps(lines)


def test_the_download_holds_what_the_page_holds(risk: Risk) -> None:
    whole = lines_of("director")
    told = [line for line in whole if "verb" in line]
    assert [line["number"] for line in whole] == list(range(1, Head.objects.get().number + 1))
    assert told == [event.as_dict() for event in Event.objects.all() if "Theirs council" not in event.code]
    shared = next(line for line in lines_of("auditor") if line.get("verb") == "shared")
    assert "reason" not in shared
    assert lines_of("auditor", kind="risks") == [line for line in lines_of("auditor") if line.get("kind") == "risks"]


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("director", {"kind": "risks"}, 7),
        ("director", {"kind": "membership"}, 2),
        ("director", {"who": "offic"}, 3),
        ("director", {"who": "DIRECTOR", "kind": "risks"}, 4),
        ("director", {"who": "nobody"}, 0),
        ("director", {"since_day": "1", "since_month": "7", "since_year": "2026"}, 6),
        ("director", {"until_day": "30", "until_month": "6", "until_year": "2026"}, 3),
        ("auditor", {"kind": "risks"}, 4),
        ("auditor", {"who": "officer"}, 1),
        ("auditor", {"kind": "membership"}, 2),
    ],
)
def test_a_search_finds_what_the_reader_may_know(risk: Risk, name: str, asked: dict[str, str], found: int) -> None:
    shown = page(name, **asked)
    rows = rows_of(shown) if found else []
    assert len(rows) == found
    assert [row for row in rows if row[3] == HIDDEN] == []
    assert found or "No event that you may read fits." in shown.one("main").text


def test_a_date_that_is_none_is_refused_with_a_sentence(risk: Risk) -> None:
    shown = page("director", since_day="31", since_month="2", since_year="2026")
    assert shown.one("div", class_="nhsuk-error-summary").one("a").text == "Enter a real date, such as 31 3 2027."


def test_a_kind_that_is_hidden_is_no_choice(act: Any, risk: Risk) -> None:
    act(share_record, Risk.objects.get(), Sharing.PRIVATE, named={}, by="director", on=DAY)
    choices = {name: [one.text for one in page(name).one("select").all("option")] for name in ("director", "auditor")}
    assert choices == {
        "director": ["Everything", "Membership", "Risks"],
        "auditor": ["Everything", "Membership"],
    }


@pytest.mark.parametrize("role", ROLES)
def test_only_roles_that_audit_find_the_page(here: Programme, role: str) -> None:
    seat_person(person("newcomer"), Seat(here, here.lead, role), by=person_called("clerk"), on=LONG_AGO)
    status = client_of("newcomer").get("/here/audit/").status_code
    assert status == (HTTPStatus.OK if May.AUDIT in ROLES[role].may else HTTPStatus.NOT_FOUND)


def test_an_auditor_of_one_lot_reads_of_that_lot(act: Any, here: Programme) -> None:
    for lot in ("north", "south"):
        act(partial(add, Risk, here), keeping=Keeping(here.lead, lot=lot), by="officer", risk=lot)
    seat_person(person("northern"), Seat(here, here.lead, "director", "north"), by=person_called("clerk"), on=LONG_AGO)
    told = events_told(here, viewer("northern")).filter(told=True)
    assert [event.code for event in told] == ["north"]


def test_whoever_left_finds_nothing(here: Programme) -> None:
    client = client_of("director")
    assert client.get("/here/audit/").status_code == HTTPStatus.OK
    seat = Membership.objects.get(person__username="director")
    end_membership(seat, by=person_called("director"), on=date.today() - timedelta(days=1), reason="Gone")  # noqa: DTZ011
    assert client.get("/here/audit/").status_code == HTTPStatus.NOT_FOUND


def test_fifty_events_stand_on_a_page_and_each_asks_as_little(act: Any, risk: Risk) -> None:
    client, counts = client_of("director"), []
    for more in (0, 60):
        for number in range(more):
            change_record(Risk.objects.get(), {"title": f"Number {number}"}, by=person_called("officer"), on=DAY)
        with CaptureQueriesContext(connection) as asked:
            shown = read_page(client.get("/here/audit/").content.decode())
        with CaptureQueriesContext(connection) as asked_too:
            rows = story(risk, "officer")[1]
        counts.append((len(rows_of(shown)), len(asked), len(rows), len(asked_too)))
    assert counts == [(11, PAGE_QUERIES, 8, STORY_QUERIES), (50, PAGE_QUERIES, 68, STORY_QUERIES)]
    assert len(rows_of(page("director", page="2"))) == 21
