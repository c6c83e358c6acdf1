"""The calendar feed: what its person may see today, at an address that ends with whatever ends that."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import icalendar
import polars as pl
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parity.register.calendars.actions import calendar_of, end_calendar, give_calendar
from parity.register.calendars.documents import DATED, PAST, calendar_text, dates
from parity.register.calendars.models import Calendar
from parity.register.memberships.actions import end_membership
from parity.register.models import Agreement, Board, Decision, Event, Membership, Organisation, Person, Programme
from parity.register.policy import viewer_of
from parity.register.records.actions import Keeping, change_record, share_record, withdraw_record
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS
from parity.register.sharing.models import Sharing
from parity.sources.brought.programme import house_schemas
from parity.tables import Store
from parity.terms.errors import NotFound
from tests.given import release
from tests.members import join
from tests.register.worlds import TODAY, add, organisation, person, programme

LONGEST_LINE = 75
END = "2026-03-31"
AREA = "E06000099"
MARKED = 12
"""So many columns are marked."""
QUERIES = 15
"""The calendar, its person's memberships, one for each column with dates, and when the records were written."""


@pytest.fixture(autouse=True)
def _today(time_machine: object) -> None:
    time_machine.move_to(datetime(2026, 1, 2, 9, tzinfo=UTC))


@pytest.fixture
def here(db: None) -> Programme:
    """A programme of two partners, each with a director; the first leads it."""
    partners = [organisation(code) for code in ("ours", "theirs")]
    made = programme("here", *partners, by=person("starter"))
    for partner in partners:
        join(person(f"director-{partner.code}"), made, role="director", organisation=partner)
    return made


def who(name: str = "director-ours") -> Person:
    return Person.objects.get(username=name)


def keep(model: type[Record], here: Programme, *, owner: str = "ours", **cells: str) -> Record:
    keeping = Keeping(Organisation.objects.get(code=owner))
    return add(model, here, keeping=keeping, by=who(f"director-{owner}"), **cells)


def entries(here: Programme, name: str = "director-ours") -> list[icalendar.Event]:
    """The events of the person's calendar, as a calendar program reads them."""
    text = calendar_text(here, viewer_of(who(name), here, on=timezone.localdate()))
    return list(icalendar.Calendar.from_ical(text).events)


def told(event: icalendar.Event) -> tuple[str, date]:
    return str(event["summary"]), event.start


def address(here: Programme, name: str = "director-ours") -> str:
    made, secret = give_calendar(here, by=who(name), on=TODAY)
    return f"/calendars/{made.pk}/{secret}.ics"


def get(where: str, **headers: str) -> HttpResponse:
    """The answer to a calendar program, which is not signed in."""
    return Client(SERVER_NAME="127.0.0.1", raise_request_exception=False).get(where, headers=headers)


class TestWhatIsInIt:
    """One event of a whole day for each date that a register marks as one."""

    def test_every_column_that_a_register_marks_is_an_event(self, here: Programme, store: Store) -> None:
        areas = pl.DataFrame({"area": [AREA], "name": ["Anywhere"], "kind": ["town"], "parent": [None]})
        store.save("here", [(areas, release("areas", "here", "1"))])
        marked = {}
        for stem, model in RECORDS.items():
            schema = house_schemas()[stem]
            for number, entry in enumerate(one for one in schema.fields if DATED in one):
                marked[entry[DATED], stem] = entry["name"]
                key = {name: str(number) for name in schema.key[:1]}
                keep(model, here, **dict.fromkeys(schema.areas, AREA), **key | {entry["name"]: END})
        viewer = viewer_of(who(), here, on=TODAY)
        found = {(one.what, one.record.STEM): one.column for one in dates(here, viewer) if one.on == date(2026, 3, 31)}
        assert (found, len(marked)) == (marked, MARKED)

    def test_it_says_what_happens_to_what_and_leads_there(self, here: Programme) -> None:
        record = keep(Agreement, here, agreement="S75", title="Pooled fund", start="2020-04-01", end=END)
        (event,) = entries(here)
        assert told(event) == ("Ends: Agreement S75, Pooled fund", date(2026, 3, 31))
        assert event["dtstart"].params == {"VALUE": "DATE"}
        assert str(event["uid"]) == f"{record.pk}-end@parity"
        assert str(event["url"]) == f"http://127.0.0.1:8000/here/registers/agreements/{record.pk}/"
        assert event["dtstamp"].dt == datetime(2026, 1, 2, 9, tzinfo=UTC)
        assert (event["sequence"], str(event["transp"])) == (0, "TRANSPARENT")

    def test_a_change_keeps_the_event_and_moves_it(self, here: Programme, time_machine: object) -> None:
        record = keep(Agreement, here, start="2020-04-01", end=END)
        (before,) = entries(here)
        time_machine.shift(timedelta(hours=1))
        change_record(record, {"end": "2026-04-30"}, by=who(), on=TODAY)
        (after,) = entries(here)
        assert (after["uid"], after.start, after["sequence"]) == (before["uid"], date(2026, 4, 30), 1)
        assert after["dtstamp"].dt - before["dtstamp"].dt == timedelta(hours=1)

    def test_a_deadline_in_words_is_none_and_one_written_as_a_date_is(self, here: Programme) -> None:
        for deadline in ("by 1 October 2026", "2026-13-41", "2026-06-30", "2026-06", ""):
            keep(RECORDS["tasks"], here, task=f"T{deadline}", deadline=deadline)
        assert [event.start for event in entries(here)] == [date(2026, 6, 30)]

    def test_what_is_long_over_and_what_was_withdrawn_are_not(self, here: Programme) -> None:
        keep(Board, here, board="old", review=(TODAY - PAST - timedelta(days=1)).isoformat())
        keep(Board, here, board="recent", review=(TODAY - PAST).isoformat())
        gone = keep(Board, here, board="gone", review=END)
        withdraw_record(gone, by=who(), on=TODAY, reason="Entered twice")
        assert [str(event["summary"]).split(",")[0] for event in entries(here)] == ["Review: Board recent"]

    def test_a_register_whose_reading_is_an_event_is_left_out(
        self, here: Programme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(Board, here, review=END)
        monkeypatch.setattr(Board, "SENSITIVE", True)
        events = Event.objects.count()
        assert (entries(here), Event.objects.count()) == ([], events)

    def test_only_what_the_person_may_see_is_in_it(self, here: Programme) -> None:
        record = keep(Agreement, here, start="2020-04-01", end=END)
        assert [len(entries(here, f"director-{code}")) for code in ("ours", "theirs")] == [1, 0]
        theirs = Organisation.objects.get(code="theirs")
        share_record(record, Sharing.NAMED, named={theirs: None}, by=who(), on=TODAY)
        assert len(entries(here, "director-theirs")) == 1
        share_record(record, Sharing.PRIVATE, named={}, by=who(), on=TODAY)
        assert entries(here, "director-theirs") == []


class TestHowItIsWritten:
    """As RFC 5545 has it, whatever people write."""

    @pytest.mark.parametrize(
        ("title", "read"),
        [
            ("Fund, pool; and \\share", "Fund, pool; and \\share"),
            ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),
            ("Two\nlines\r\nDESCRIPTION:more", "Two lines DESCRIPTION:more"),
            ("End\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1", "End END:VEVENT BEGIN:VEVENT UID:1"),
            ("Unseen\u2028\u0085\u200b\x0bmarks", "Unseen marks"),
            ("Crisis café – sûr " * 10, ("Crisis café – sûr " * 10).strip()),
        ],
    )  # fmt: skip
    def test_no_text_becomes_more_than_text(self, here: Programme, title: str, read: str) -> None:
        record = keep(Agreement, here, agreement="S75", start="2020-04-01", end=END)
        Agreement.objects.filter(pk=record.pk).update(title=title)
        Programme.objects.filter(pk=here.pk).update(title=title)
        here.refresh_from_db()
        text = calendar_text(here, viewer_of(who(), here, on=TODAY))
        lines = text.split(b"\r\n")
        assert (lines[0], lines[-2:]) == (b"BEGIN:VCALENDAR", [b"END:VCALENDAR", b""])
        assert max(map(len, lines)) <= LONGEST_LINE
        assert not {b"\n", b"\r"} & {bytes([one]) for line in lines for one in line}
        assert text.count(b"\nBEGIN:VEVENT") == 1
        calendar = icalendar.Calendar.from_ical(text)
        assert str(calendar["x-wr-calname"]) == read
        assert [told(event) for event in calendar.events] == [(f"Ends: Agreement S75, {read}", date(2026, 3, 31))]

    def test_the_same_state_is_the_same_calendar(self, here: Programme, time_machine: object) -> None:
        keep(Decision, here, decided=END)
        where = address(here)
        first = get(where)
        time_machine.shift(timedelta(hours=1))
        again = get(where, **{"If-None-Match": first["ETag"]})
        assert (first.status_code, first["Content-Type"]) == (HTTPStatus.OK, "text/calendar; charset=utf-8")
        assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
        keep(Decision, here, decision="another", decided=END)
        assert get(where, **{"If-None-Match": first["ETag"]}).status_code == HTTPStatus.OK

    def test_many_records_take_no_more_queries_than_one(self, here: Programme) -> None:
        where, counted = address(here), {}
        for number in range(30):
            keep(Board, here, board=str(number), review=END)
            if number in (0, 29):
                with CaptureQueriesContext(connection) as queries:
                    get(where)
                counted[number] = len(queries)
        assert counted == {0: QUERIES, 29: QUERIES}


class TestItsAddress:
    """A secret that is told once, and ends with whatever ends what its person may see."""

    def test_whoever_has_it_reads_without_signing_in_and_leaves_no_trace(self, here: Programme) -> None:
        keep(Board, here, review=END)
        where, events = address(here), Event.objects.count()
        answer = get(where)
        assert (answer.status_code, answer.content.count(b"BEGIN:VEVENT")) == (HTTPStatus.OK, 1)
        assert (answer["Cache-Control"], answer.cookies) == ("private, no-cache", {})
        assert Event.objects.count() == events

    def test_it_is_kept_as_a_hash_alone(self, here: Programme) -> None:
        made, secret = give_calendar(here, by=who(), on=TODAY)
        kept = [*Calendar.objects.values_list(), *Event.objects.values_list()]
        assert not any(secret in str(value) for row in kept for value in row)
        assert calendar_of(made.pk, secret, on=TODAY)[0] == made

    def test_another_secret_and_another_calendar_are_answered_alike(self, here: Programme) -> None:
        made, secret = give_calendar(here, by=who(), on=TODAY)
        for where in (f"{made.pk}/wrong", f"{uuid4()}/{secret}", f"{made.pk}/{secret[:-1]}"):
            assert get(f"/calendars/{where}.ics").status_code == HTTPStatus.NOT_FOUND
        other, theirs = give_calendar(here, by=who("director-theirs"), on=TODAY)
        assert get(f"/calendars/{made.pk}/{theirs}.ics").status_code == HTTPStatus.NOT_FOUND
        assert get(f"/calendars/{other.pk}/{theirs}.ics").status_code == HTTPStatus.OK

    def test_a_new_one_ends_the_one_before(self, here: Programme) -> None:
        before, after = address(here), address(here)
        assert [get(one).status_code for one in (before, after)] == [HTTPStatus.NOT_FOUND, HTTPStatus.OK]

    def test_it_ends_when_its_person_ends_it_and_nobody_else_can(self, here: Programme) -> None:
        where = address(here)
        calendar = Calendar.objects.get()
        with pytest.raises(NotFound):
            end_calendar(calendar, by=who("director-theirs"), on=TODAY)
        assert get(where).status_code == HTTPStatus.OK
        end_calendar(calendar, by=who(), on=TODAY)
        assert get(where).status_code == HTTPStatus.NOT_FOUND
        with pytest.raises(NotFound):
            end_calendar(calendar, by=who(), on=TODAY)

    def test_nobody_makes_one_where_they_may_not_enter(self, here: Programme) -> None:
        with pytest.raises(NotFound):
            give_calendar(here, by=person("stranger"), on=TODAY)

    def test_each_makes_an_event(self, here: Programme) -> None:
        give_calendar(here, by=who(), on=TODAY)
        end_calendar(Calendar.objects.get(), by=who(), on=TODAY)
        told = Event.objects.filter(kind="calendar").values_list("verb", "by", "code", "reason")
        assert list(told) == [(verb, str(who().pk), "", "") for verb in ("gave itself", "ended")]


class TestAtTheNextRequest:
    """What ends the feed of whoever is removed."""

    def test_the_feed_ends_with_the_membership(self, here: Programme) -> None:
        where = address(here, "director-theirs")
        assert get(where).status_code == HTTPStatus.OK
        held = Membership.objects.get(person__username="director-theirs")
        end_membership(held, by=held.person, on=TODAY, reason="Moved on")
        assert get(where).status_code == HTTPStatus.NOT_FOUND

    def test_the_feed_ends_on_the_day_on_which_the_membership_does(self, here: Programme, time_machine: object) -> None:
        where = address(here)
        Membership.objects.filter(person=who()).update(ends_on=TODAY + timedelta(days=1))
        assert get(where).status_code == HTTPStatus.OK
        time_machine.shift(timedelta(days=1))
        assert get(where).status_code == HTTPStatus.NOT_FOUND

    def test_the_feed_of_the_demo_s_people_ends_with_the_demo(self, here: Programme, settings: Any) -> None:
        where = address(here)
        Person.objects.filter(pk=who().pk).update(is_demo=True)
        settings.DEMO = True
        assert get(where).status_code == HTTPStatus.OK
        settings.DEMO = False
        assert get(where).status_code == HTTPStatus.NOT_FOUND

    def test_the_feed_of_somebody_who_is_no_longer_active_ends(self, here: Programme) -> None:
        where = address(here)
        Person.objects.filter(pk=who().pk).update(is_active=False)
        assert get(where).status_code == HTTPStatus.NOT_FOUND
