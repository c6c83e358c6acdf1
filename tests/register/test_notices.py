"""What people are told by e-mail: what they chose, once, as a link alone, and only as long as they may hear of it."""

import logging
import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from smtplib import SMTPServerDisconnected
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from parity.register.audit.actions import Happening, append_events
from parity.register.jobs.actions import enqueue, run_job
from parity.register.jobs.rules import OFFERS
from parity.register.memberships.actions import Seat, end_membership, start_membership
from parity.register.models import (
    Agreement,
    Choice,
    Event,
    Membership,
    Notice,
    Organisation,
    Person,
    Programme,
    Progress,
)
from parity.register.notices import actions
from parity.register.notices.actions import (
    KEPT_DAYS,
    LEASE,
    SENTENCES,
    SUBJECT,
    choice_of,
    choose_notices,
    note_events,
    send_letters,
    stop_notices,
    stop_token,
    tell_all,
)
from parity.register.notices.rules import (
    AT_ONCE,
    DAILY,
    HELD,
    JOBS,
    OWNED,
    REASONS,
    SEATS,
    SHARED,
    STOPPED,
    Reader,
    due_at,
    reason_for,
)
from parity.register.records.actions import Keeping, change_record, share_record
from parity.register.sharing.models import Sharing
from parity.register.webhooks.actions import add_webhook
from parity.register.webhooks.models import Webhook
from parity.register.webhooks.rules import pause
from parity.terms.errors import InputRefused, NotFound
from tests.members import join
from tests.register.sample_jobs import SAMPLES
from tests.register.worlds import TODAY, add, organisation, person, programme

NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)
SONG = "A word that must not leave"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")
ME, OTHER = UUID(int=1), UUID(int=2)
OURS, THEIRS = UUID(int=3), UUID(int=4)


# Rules


class Happened:
    """An event, as far as the rules ask."""

    def __init__(self, by: UUID = OTHER, verb: str = "changed", kind: str = "risks", organisation: UUID = OURS) -> None:
        self.by, self.verb, self.kind, self.organisation = str(by), verb, kind, str(organisation)


class Row:
    """A record, as far as the rules ask."""

    def __init__(self, owner: UUID = OURS, holder: UUID | None = None, sharing: str = "private") -> None:
        self.organisation_id, self.held_by_id, self.sharing = owner, holder, sharing


@pytest.mark.parametrize(
    ("event", "record", "why"),
    [
        (Happened(), Row(holder=ME), HELD),
        (Happened(), Row(), OWNED),
        (Happened(verb="added"), Row(), OWNED),
        (Happened(verb="shared"), Row(THEIRS, sharing="named"), SHARED),
        (Happened(verb="shared"), Row(THEIRS, sharing="partners"), ""),
        (Happened(verb="changed"), Row(THEIRS, sharing="named"), ""),
        (Happened(), None, ""),
        (Happened(by=ME), Row(holder=ME), ""),
        (Happened(kind="membership", verb="joined"), None, SEATS),
        (Happened(kind="membership", verb="left"), None, SEATS),
        (Happened(kind="membership", verb="left", organisation=THEIRS), None, ""),
        (Happened(kind="membership", verb="joined", by=ME), None, ""),
        (Happened(kind="jobs", verb="done", by=ME), None, JOBS),
        (Happened(kind="jobs", verb="failed", by=ME), None, JOBS),
        (Happened(kind="jobs", verb="done"), None, ""),
        (Happened(kind="jobs", verb="asked for", by=ME), None, ""),
        (Happened(kind="webhook", verb="stopped", by=ME), None, STOPPED),
        (Happened(kind="webhook", verb="stopped"), None, ""),
    ],
)
def test_why_somebody_is_told(event: Happened, record: Row | None, why: str) -> None:
    assert reason_for(Reader(ME, tuple(REASONS), {OURS}), event, record) == why
    assert reason_for(Reader(ME, (), {OURS}), event, record) == (why if why == STOPPED else "")


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 1, 2, 6, 59, 59, tzinfo=UTC), datetime(2026, 1, 2, 7, tzinfo=UTC)),
        (datetime(2026, 1, 2, 7, tzinfo=UTC), datetime(2026, 1, 3, 7, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ],
)
def test_once_a_day_is_at_seven_in_london_summer_and_winter(at: datetime, due: datetime) -> None:
    assert due_at(DAILY, at) == due
    assert due_at(AT_ONCE, at) == at


@given(at=st.datetimes(*map(datetime.fromisoformat, ("2020-01-01", "2040-01-01")), timezones=st.just(UTC)))
def test_the_next_morning_is_within_a_day(at: datetime) -> None:
    assert timedelta() < due_at(DAILY, at) - at <= timedelta(hours=25)


# A world


@pytest.fixture(autouse=True)
def _now(time_machine: object) -> None:
    time_machine.move_to(NOW)


@pytest.fixture
def here(db: None) -> Programme:
    """A programme of two partners, each with a director and an officer; the first leads it."""
    partners = [organisation(code) for code in ("ours", "theirs")]
    made = programme("here", *partners, by=person("starter"))
    for partner in partners:
        for role in ("director", "planning_officer"):
            name = f"{role}-{partner.code}"
            join(person(name), made, role=role, organisation=partner)
            Person.objects.filter(username=name).update(email=f"{name}@council.example")
    return made


def who(name: str = "planning_officer-ours") -> Person:
    return Person.objects.get(username=name)


def of(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def choose(here: Programme, *reasons: str, name: str = "planning_officer-ours", pace: str = AT_ONCE) -> Choice:
    return choose_notices(here, reasons, pace, by=who(name), on=TODAY)


def keep(here: Programme, *, owner: str = "ours", held_by: Person | None = None, **cells: str) -> Agreement:
    keeping = Keeping(of(owner), held_by=held_by, reason=SONG)
    return add(Agreement, here, keeping=keeping, by=who(f"director-{owner}"), title=SONG, **cells)


def told() -> list[tuple[str, str, str]]:
    """Who is told of which event, and why."""
    verbs = dict(Event.objects.values_list("number", "verb"))
    rows = Notice.objects.order_by("number").values_list("choice__person__username", "number", "reason")
    return [(name, verbs[number], reason) for name, number, reason in rows]


def browser(name: str = "") -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    if name:
        client.force_login(who(name))
    return client


def later(time_machine: object, **more: float) -> None:
    time_machine.shift(timedelta(**more))


class TestWhatPeopleChoose:
    """What was chosen, and nothing else."""

    def test_a_record_that_they_hold_or_their_organisation_keeps(self, here: Programme) -> None:
        choose(here, HELD)
        choose(here, OWNED, name="director-theirs")
        record = keep(here, held_by=who())
        keep(here, agreement="another")
        change_record(record, {"end": "2026-05-01"}, by=who("director-ours"), on=TODAY)
        change_record(record, {"end": "2026-06-01"}, by=who(), on=TODAY)
        keep(here, owner="theirs")
        note_events(here)
        assert told() == [("planning_officer-ours", verb, HELD) for verb in ("added", "changed")]
        choose(here, OWNED)
        change_record(record, {"end": "2026-07-01"}, by=who("director-ours"), on=TODAY)
        note_events(here)
        assert told()[-1] == ("planning_officer-ours", "changed", OWNED)

    def test_something_shared_with_their_organisation_by_name(self, here: Programme) -> None:
        choose(here, SHARED, name="director-theirs")
        record = keep(here)
        share_record(record, Sharing.NAMED, named={of("theirs"): None}, by=who("director-ours"), on=TODAY)
        change_record(record, {"end": "2026-05-01"}, by=who(), on=TODAY)
        share_record(record, Sharing.PARTNERS, named={}, by=who("director-ours"), on=TODAY)
        note_events(here)
        assert told() == []
        share_record(record, Sharing.NAMED, named={of("theirs"): None}, by=who("director-ours"), on=TODAY)
        note_events(here)
        assert told() == [("director-theirs", "shared", SHARED)]

    def test_a_membership_of_their_organisation(self, here: Programme) -> None:
        choose(here, SEATS)
        for code in ("ours", "theirs"):
            seat = Seat(here, of(code), "planning_officer")
            by = who(f"director-{code}")
            made = start_membership(person(f"new-{code}"), seat, by=by, on=TODAY)
            end_membership(made, by=by, on=TODAY, reason="Moved on")
        note_events(here)
        assert told() == [("planning_officer-ours", verb, SEATS) for verb in ("joined", "left")]

    def test_a_job_that_is_done_or_failed(
        self, here: Programme, tmp_path: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, offer in SAMPLES.items():
            monkeypatch.setitem(OFFERS, name, offer)
        choose(here, JOBS)
        choose(here, JOBS, name="director-ours")
        payload = {"ledger": f"{tmp_path}/ledger.txt", "word": "parity"}
        for what in ("write_word", "fail"):
            job = enqueue(what, payload, by=who(), on=TODAY, programme=here)
            run_job(str(job.pk))
        note_events(here)
        assert told() == [("planning_officer-ours", verb, JOBS) for verb in ("done", "failed")]

    def test_a_webhook_that_was_stopped_in_any_case(self, here: Programme) -> None:
        add_webhook(here, of("ours"), "https://hooks.council.example", by=who("director-ours"), on=TODAY)
        note_events(here)
        webhook = Webhook.objects.get()
        stopped = Happening("stopped", "webhook", str(webhook.pk), organisation=str(webhook.organisation_id))
        append_events("here", [stopped], by=who("director-ours"), on=TODAY)
        keep(here)
        note_events(here)
        assert told() == [("director-ours", "stopped", STOPPED)]

    def test_nothing_from_before_they_chose(self, here: Programme, time_machine: object) -> None:
        record = keep(here)
        later(time_machine, seconds=1)
        choose(here, OWNED)
        note_events(here)
        assert told() == []
        change_record(record, {"end": "2026-05-01"}, by=who("director-ours"), on=TODAY)
        note_events(here)
        assert len(told()) == 1

    def test_what_they_no_longer_want_is_not_sent_either(self, here: Programme) -> None:
        choose(here, OWNED)
        keep(here)
        note_events(here)
        choose(here, SEATS)
        tell_all()
        assert (told(), mail.outbox, Choice.objects.get().due_at) == ([], [], None)

    def test_choosing_is_an_event_and_choosing_the_same_again_is_none(self, here: Programme) -> None:
        choose(here, OWNED, HELD)
        choose(here, HELD, OWNED, "nonsense")
        assert list(Event.objects.values_list("verb", "kind", "by")) == [("chose", "notices", str(who().pk))]

    @pytest.mark.parametrize(("change", "fault"), [({"email": ""}, "We know no e-mail address"), ({}, "how soon")])
    def test_whom_we_cannot_write_to_is_told_so(self, here: Programme, change: dict[str, str], fault: str) -> None:
        Person.objects.filter(pk=who().pk).update(**change)
        with pytest.raises(InputRefused, match=fault):
            choose(here, OWNED, pace=AT_ONCE if change else "yesterday")

    def test_nobody_chooses_where_they_may_not_enter(self, here: Programme) -> None:
        with pytest.raises(NotFound):
            choose(here, OWNED, name="starter")


class TestTheLetter:
    """A link and nothing else, once, and again only where it was not taken."""

    def test_it_holds_a_link_and_nothing_of_what_happened(self, here: Programme) -> None:
        choose(here, OWNED)
        record = keep(here, agreement="S75")
        tell_all()
        (letter,) = mail.outbox
        news, stop = LINK.findall(letter.body)
        assert (letter.subject, letter.to) == (SUBJECT, ["planning_officer-ours@council.example"])
        assert letter.body == "\n\n".join(SENTENCES).format(
            news=f"http://127.0.0.1:8000{news}", stop=f"http://127.0.0.1:8000{stop}"
        ) + "\n"  # fmt: skip
        assert news == "/here/notices/"
        whole = letter.message().as_string()
        assert [word for word in (SONG, "S75", "Agreement", "agreements", str(record.pk)) if word in whole] == []

    def test_its_headers_name_the_way_to_stop_it(self, here: Programme) -> None:
        choice = choose(here, OWNED)
        keep(here)
        tell_all()
        headers = mail.outbox[0].message()
        stop = LINK.findall(mail.outbox[0].body)[1]
        assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{stop}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["Auto-Submitted"] == "auto-generated"
        assert headers["Message-ID"] == f"<{choice.pk}.{Event.objects.get(kind='agreements').number}@127.0.0.1>"

    def test_what_happens_together_is_one_e_mail_and_is_not_told_again(self, here: Programme) -> None:
        choose(here, OWNED)
        for number in range(3):
            keep(here, agreement=str(number))
        tell_all()
        tell_all()
        assert (len(mail.outbox), Notice.objects.filter(sent_at=None).count()) == (1, 0)
        keep(here, agreement="another")
        tell_all()
        assert len(mail.outbox) == 2

    def test_once_a_day_is_one_e_mail_in_the_morning(self, here: Programme, time_machine: object) -> None:
        choose(here, OWNED, pace=DAILY)
        keep(here)
        tell_all()
        later(time_machine, hours=21, minutes=59)
        keep(here, agreement="another")
        tell_all()
        assert mail.outbox == []
        later(time_machine, minutes=1)
        tell_all()
        assert len(mail.outbox) == 1
        later(time_machine, days=1)
        tell_all()
        assert len(mail.outbox) == 1

    def test_a_server_that_takes_none_gets_it_later(
        self, here: Programme, time_machine: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        choose(here, OWNED)
        keep(here)

        def refuse(self: EmailBackend, messages: Collection[EmailMessage]) -> int:
            raise SMTPServerDisconnected

        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "send_messages", refuse)
            tell_all()
        assert [record.levelno for record in caplog.records if record.name == "parity.notices"] == [logging.ERROR]
        assert SONG.casefold() not in caplog.text.casefold()
        tell_all()
        assert mail.outbox == []
        later(time_machine, seconds=pause(1, 1) + 1)
        tell_all()
        assert (len(mail.outbox), Choice.objects.get().attempts) == (1, 0)

    def test_a_worker_that_was_killed_leaves_it_to_the_next_under_the_same_number(
        self, here: Programme, time_machine: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        choose(here, OWNED)
        keep(here)

        def killed(*told: object) -> None:
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(actions, "_settle", killed)
            with pytest.raises(SystemExit):
                tell_all()
        tell_all()
        assert len(mail.outbox) == 1
        later(time_machine, seconds=LEASE.total_seconds() + 1)
        tell_all()
        tell_all()
        assert len({letter.message()["Message-ID"] for letter in mail.outbox}) == 1
        assert len(mail.outbox) == 2

    def test_a_worker_that_was_killed_while_it_looked_at_events_told_nothing_twice(
        self, here: Programme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        choose(here, OWNED)
        keep(here)

        def killed(*told: object, **more: object) -> None:
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(actions, "expect", killed)
            with pytest.raises(SystemExit):
                note_events(here)
        assert (Notice.objects.count(), Progress.objects.count()) == (0, 0)
        tell_all()
        assert (len(told()), len(mail.outbox)) == (1, 1)

    def test_of_two_workers_one_sends_it(self, here: Programme) -> None:
        choose(here, OWNED)
        keep(here)
        note_events(here)
        twice = [Choice.objects.get(), Choice.objects.get()]
        assert [actions._claimed(one) for one in twice] == [True, False]

    def test_an_old_notice_is_no_longer_listed(self, here: Programme, time_machine: object) -> None:
        choose(here, OWNED)
        keep(here)
        tell_all()
        later(time_machine, days=KEPT_DAYS + 1)
        tell_all()
        assert Notice.objects.count() == 0


class TestWhenItIsSent:
    """The policy is asked again: who was removed, and what was unshared, is not told."""

    @pytest.fixture
    def waiting(self, here: Programme) -> Agreement:
        """A record that was shared with theirs by name, of which their director is about to be told."""
        choose(here, SHARED, name="director-theirs")
        record = keep(here)
        share_record(record, Sharing.NAMED, named={of("theirs"): None}, by=who("director-ours"), on=TODAY)
        note_events(here)
        assert told() == [("director-theirs", "shared", SHARED)]
        return record

    def test_pending_notices_end_with_the_membership(self, here: Programme, waiting: Agreement) -> None:
        held = Membership.objects.get(person__username="director-theirs")
        end_membership(held, by=held.person, on=TODAY, reason="Moved on")
        tell_all()
        assert (mail.outbox, Notice.objects.count(), Choice.objects.count()) == ([], 0, 0)

    def test_somebody_who_is_no_longer_active_is_told_nothing(self, here: Programme, waiting: Agreement) -> None:
        Person.objects.filter(username="director-theirs").update(is_active=False)
        tell_all()
        assert (mail.outbox, Choice.objects.count()) == ([], 0)

    def test_what_is_shared_no_longer_is_not_told(self, here: Programme, waiting: Agreement) -> None:
        share_record(waiting, Sharing.PRIVATE, named={}, by=who("director-ours"), on=TODAY)
        tell_all()
        assert (mail.outbox, Notice.objects.filter(sent_at=None).count()) == ([], 0)
        assert SONG not in browser("director-theirs").get("/here/notices/").content.decode()

    def test_what_may_be_heard_is_told(self, here: Programme, waiting: Agreement) -> None:
        assert (send_letters(), len(mail.outbox)) == (1, 1)


class TestStopping:
    """One click, without signing in, and by the mail program itself."""

    @pytest.fixture
    def link(self, here: Programme) -> str:
        choose(here, OWNED)
        keep(here)
        tell_all()
        return LINK.findall(mail.outbox[0].body)[1]

    def test_the_link_asks_and_its_form_stops_them(self, here: Programme, link: str) -> None:
        asked = browser().get(link)
        assert (asked.status_code, Choice.objects.count()) == (HTTPStatus.OK, 1)
        assert "Stop the e-mails" in asked.content.decode()
        assert "Here" not in asked.content.decode()
        stopped = browser().post(link)
        assert (stopped.status_code, Choice.objects.count()) == (HTTPStatus.OK, 0)
        again = browser().get(link)
        assert (again.status_code, "You get no more of these e-mails" in again.content.decode()) == (
            HTTPStatus.OK,
            True,
        )
        assert Event.objects.filter(kind="notices", verb="stopped").count() == 1
        keep(here, agreement="another")
        tell_all()
        assert len(mail.outbox) == 1

    def test_a_mail_program_needs_no_page_of_ours(self, link: str) -> None:
        strict = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
        assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == HTTPStatus.OK
        assert Choice.objects.count() == 0

    def test_another_link_is_none(self, here: Programme, link: str) -> None:
        choice = Choice.objects.get()
        for wrong in (f"{link[:-2]}x/", f"/notices/stop/{choice.pk}/", "/notices/stop/x/"):
            assert browser().post(wrong).status_code == HTTPStatus.NOT_FOUND
        assert Choice.objects.count() == 1
        choice.pk = uuid4()
        assert choice_of(stop_token(choice)) is None

    def test_nothing_is_left(self, here: Programme, link: str) -> None:
        stop_notices(Choice.objects.get(), by=who(), on=TODAY)
        assert (Choice.objects.count(), Notice.objects.count()) == (0, 0)


class TestTheListOfNotices:
    """What a person was told, as far as they may still hear of it."""

    def test_it_says_what_happened_and_leads_there(self, here: Programme) -> None:
        choose(here, OWNED, SEATS)
        record = keep(here, agreement="S75")
        start_membership(person("newcomer"), Seat(here, of("ours"), "director"), by=who("director-ours"), on=TODAY)
        note_events(here)
        page = browser("planning_officer-ours").get("/here/notices/").content.decode()
        for words in (
            f'href="/here/registers/agreements/{record.pk}/"', "Agreement S75: added", REASONS[OWNED],
            'href="/here/people/"', "Director for Ours council: joined", "Director-Ours", "2 January 2026, 09:00",
        ):  # fmt: skip
            assert words in page
        assert "There is nothing new." in browser("director-ours").get("/here/notices/").content.decode()
