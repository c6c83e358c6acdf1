"""Webhooks: signed, told of what their person sees and nothing it says, tried again, ended with their person."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.register.memberships.actions import end_membership
from parity.register.models import (
    Agreement,
    Delivery,
    Event,
    Interest,
    Membership,
    Organisation,
    Person,
    Programme,
    Webhook,
)
from parity.register.notices.actions import note_events, tell_all
from parity.register.records.actions import Keeping, change_record, note_reading, share_record
from parity.register.records.models import Record
from parity.register.sharing.models import Sharing
from parity.register.webhooks import actions
from parity.register.webhooks.actions import (
    ANOTHER_KEY,
    FAILED,
    LEASE,
    LEFT,
    add_webhook,
    deliver_due,
    end_webhook,
    renew_secret,
    try_webhook,
)
from parity.register.webhooks.rules import (
    BOTH_HOLD_HOURS,
    FAILING_DAYS,
    FIRST_PAUSE_SECONDS,
    KEPT_DAYS,
    LONGEST_PAUSE_SECONDS,
    MOST_ATTEMPTS,
    is_taken,
    pause,
    signature,
)
from parity.sources.reading.outgoing import Way
from parity.terms.errors import InputRefused, NotAllowed, NotFound, WrongState
from tests.members import join
from tests.receiving import Request, make_certificate, plainly, served, to_loopback
from tests.register.worlds import TODAY, add, organisation, person, programme

ADDRESS = "https://hooks.council.example/in"
CLOSED = "https://hooks.council.example:65535/in"
"""Where nobody listens."""
NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)
SONG = "A word that must not leave"


# Rules


def test_the_signature_is_that_of_the_specification() -> None:
    """Source: Standard Webhooks, the reference libraries' common test vector."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signature([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_give_two_signatures() -> None:
    secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA"]
    both = signature(secrets, "msg_1", 1, b"{}")
    assert both == " ".join(signature([one], "msg_1", 1, b"{}") for one in secrets)


@given(attempts=st.integers(1, MOST_ATTEMPTS), chance=st.floats(0, 1))
def test_each_pause_is_longer_than_the_one_before_up_to_half_a_day(attempts: int, chance: float) -> None:
    longest = [FIRST_PAUSE_SECONDS * 2**number for number in range(attempts)][-1]
    whole = min(longest, LONGEST_PAUSE_SECONDS)
    assert whole / 2 <= pause(attempts, chance) <= whole
    assert pause(attempts, chance) <= pause(attempts + 1, chance)


def test_all_attempts_together_take_about_as_long_as_a_webhook_may_fail() -> None:
    days = sum(pause(number, 0.5) for number in range(1, MOST_ATTEMPTS)) / timedelta(days=1).total_seconds()
    assert 2 < days < FAILING_DAYS


@pytest.mark.parametrize(("status", "taken"), [(200, True), (204, True), (199, False), (301, False), (500, False)])
def test_only_success_is_taken(status: int, taken: bool) -> None:
    assert is_taken(status) == taken


# A world with a receiver


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def way(certificate: Path) -> Way:
    return to_loopback(certificate)


@pytest.fixture
def statuses() -> list[int]:
    """What the receiver answers, one after the other; the last for ever."""
    return [204]


@pytest.fixture
def receiver(certificate: Path, statuses: list[int]) -> Iterator[tuple[str, list[Request]]]:
    """The address of a receiver, and what it got."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        plainly(statuses.pop(0) if len(statuses) > 1 else statuses[0])(handler)

    with served(certificate, answer) as told:
        yield told


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
            join(person(f"{role}-{partner.code}"), made, role=role, organisation=partner)
    return made


def who(name: str = "director-ours") -> Person:
    return Person.objects.get(username=name)


def of(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def hook(here: Programme, address: str = ADDRESS, *, code: str = "ours") -> tuple[Webhook, str]:
    return add_webhook(here, of(code), address, by=who(f"director-{code}"), on=TODAY)


def keep(here: Programme, model: type[Record] = Agreement, *, owner: str = "ours", **cells: str) -> Record:
    keeping = Keeping(of(owner), reason=SONG)
    return add(model, here, keeping=keeping, by=who(f"director-{owner}"), **cells)


def checked(request: Request, secret: str) -> dict[str, object]:
    """What a receiver reads that checks the signature for itself."""
    _, headers, body = request
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert f"v1,{base64.b64encode(mac).decode()}" in headers["webhook-signature"].split(" ")
    return dict(json.loads(body))


def later(time_machine: object, **more: float) -> None:
    time_machine.shift(timedelta(**more))


class TestWhatItIsTold:
    """What happened, to which record, where and when: no text, no number, and nothing its person may not see."""

    def test_a_delivery_says_what_happened_and_where(
        self, here: Programme, receiver: tuple[str, list[Request]], way: Way
    ) -> None:
        address, heard = receiver
        webhook, secret = hook(here, address)
        record = keep(here, title=SONG, agreement="S75")
        tell_all(way=way)
        event = Event.objects.get(kind="agreements")
        (request,) = heard
        assert checked(request, secret) == {
            "type": "record.added",
            "timestamp": event.at,
            "data": {
                "programme": "here",
                "register": "agreements",
                "record": str(record.pk),
                "link": f"http://127.0.0.1:8000/here/registers/agreements/{record.pk}/",
            },
        }
        assert (request[1]["Content-Type"], request[1]["webhook-timestamp"]) == (
            "application/json", str(int(NOW.timestamp())),
        )  # fmt: skip
        delivery = Delivery.objects.get()
        assert request[1]["webhook-id"] == f"msg_{delivery.pk.hex}"
        assert (delivery.webhook, delivery.attempts, delivery.answer, delivery.due_at) == (
            webhook,
            1,
            "Status 204",
            None,
        )
        assert SONG not in str(request)

    def test_it_is_told_of_what_its_person_sees_for_its_organisation_alone(self, here: Programme) -> None:
        hook(here, code="theirs")
        record = keep(here)
        note_events(here)
        assert Delivery.objects.count() == 0
        share_record(record, Sharing.NAMED, named={of("theirs"): None}, by=who(), on=TODAY)
        join(who("director-theirs"), here, role="director", organisation=of("ours"))
        keep(here, agreement="private")
        note_events(here)
        assert [Event.objects.get(number=one.number).verb for one in Delivery.objects.all()] == ["shared"]

    def test_what_is_unshared_before_it_is_delivered_is_not_told(
        self, here: Programme, receiver: tuple[str, list[Request]], way: Way
    ) -> None:
        address, heard = receiver
        hook(here, address, code="theirs")
        record = keep(here)
        share_record(record, Sharing.PARTNERS, named={}, by=who(), on=TODAY)
        note_events(here)
        share_record(record, Sharing.PRIVATE, named={}, by=who(), on=TODAY)
        tell_all(way=way)
        assert (heard, Delivery.objects.count()) == ([], 0)

    def test_no_reading_no_sensitive_register_and_nothing_from_before(self, here: Programme) -> None:
        keep(here, agreement="before")
        hook(here)
        note_reading(keep(here, Interest), by=who(), on=TODAY)
        note_events(here)
        assert Delivery.objects.count() == 0

    def test_every_event_is_told_once_however_often_events_are_looked_through(
        self, here: Programme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("parity.register.notices.actions.EVENTS_AT_ONCE", 2)
        hook(here)
        for number in range(5):
            keep(here, agreement=str(number))
        end = Event.objects.count()
        told = [note_events(here) for _ in range(end)]
        assert told == [min(2 * (number + 1), end) for number in range(end)]
        assert sorted(Delivery.objects.values_list("number", flat=True)) == sorted(
            Event.objects.filter(kind="agreements").values_list("number", flat=True)
        )

    def test_a_test_says_that_it_is_one(self, here: Programme, receiver: tuple[str, list[Request]], way: Way) -> None:
        address, heard = receiver
        webhook, secret = hook(here, address)
        delivery = try_webhook(webhook, by=who(), on=TODAY)
        assert deliver_due(way=way) == 1
        assert checked(heard[0], secret) == {"type": "test", "timestamp": delivery.made_at.isoformat(), "data": {}}


class TestTryingAgain:
    """Nothing is lost, nothing is told twice by two, and a webhook that fails for days is stopped."""

    @pytest.fixture
    def statuses(self) -> list[int]:
        return [500, 301, 204]

    def test_what_failed_is_tried_again_after_a_pause_that_grows(
        self, here: Programme, receiver: tuple[str, list[Request]], way: Way, time_machine: object
    ) -> None:
        address, heard = receiver
        webhook, _ = hook(here, address)
        keep(here)
        tell_all(way=way)
        tried = [(one.answer, one.attempts) for one in Delivery.objects.all()]
        assert (tried, deliver_due(way=way)) == ([("Status 500", 1)], 0)
        later(time_machine, seconds=pause(1, 1) + 1)
        assert deliver_due(way=way) == 1
        webhook.refresh_from_db()
        assert (Delivery.objects.get().answer, webhook.failing_since.date()) == ("Status 301", TODAY)
        later(time_machine, seconds=pause(2, 1) + 1)
        deliver_due(way=way)
        webhook.refresh_from_db()
        assert (Delivery.objects.get().answer, webhook.failing_since) == ("Status 204", None)
        assert len({request[1]["webhook-id"] for request in heard}) == 1
        assert len(heard) == 3

    def test_one_that_fails_holds_up_others_of_its_webhook_alone(
        self, here: Programme, receiver: tuple[str, list[Request]], way: Way
    ) -> None:
        address, heard = receiver
        hook(here, CLOSED)
        hook(here, address)
        keep(here, agreement="1")
        keep(here, agreement="2")
        note_events(here)
        assert (deliver_due(way=way), len(heard)) == (2, 1)

    def test_a_worker_that_was_killed_leaves_its_delivery_to_the_next(
        self, here: Programme, receiver: tuple[str, list[Request]], way: Way, time_machine: object,
        statuses: list[int], monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        statuses[:] = [204]
        hook(here, receiver[0])
        keep(here)
        note_events(here)

        def killed(*told: object, **more: object) -> int:
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(actions, "send", killed)
            with pytest.raises(SystemExit):
                deliver_due(way=way)
        assert deliver_due(way=way) == 0
        later(time_machine, seconds=LEASE.total_seconds() + 1)
        assert (deliver_due(way=way), deliver_due(way=way), len(receiver[1])) == (1, 0, 1)

    def test_of_two_workers_one_has_it(self, here: Programme) -> None:
        hook(here)
        keep(here)
        note_events(here)
        twice = [Delivery.objects.get(), Delivery.objects.get()]
        assert [actions._claimed(one) for one in twice] == [True, False]

    def test_after_days_without_success_it_is_stopped_and_that_is_an_event(
        self, here: Programme, way: Way, time_machine: object
    ) -> None:
        webhook, _ = hook(here, CLOSED)
        keep(here)
        tell_all(way=way)
        later(time_machine, days=FAILING_DAYS)
        deliver_due(way=way)
        webhook.refresh_from_db()
        assert (webhook.ended_at.date(), webhook.why_ended) == (TODAY + timedelta(days=FAILING_DAYS), FAILED)
        assert Delivery.objects.get().due_at is None
        stopped = Event.objects.get(kind="webhook", verb="stopped")
        assert (stopped.record, stopped.reason, stopped.by) == (str(webhook.pk), FAILED, str(who().pk))
        keep(here, agreement="after")
        note_events(here)
        assert Delivery.objects.count() == 1

    def test_a_delivery_is_given_up_in_the_end(self, here: Programme, way: Way) -> None:
        hook(here, CLOSED)
        keep(here)
        note_events(here)
        Delivery.objects.update(attempts=MOST_ATTEMPTS - 1)
        deliver_due(way=way)
        given_up = Delivery.objects.get()
        assert (given_up.due_at, given_up.delivered_at, given_up.answer) == (
            None,
            None,
            "The host takes no connection.",
        )

    def test_old_deliveries_are_no_longer_listed(self, here: Programme, way: Way, time_machine: object) -> None:
        webhook, _ = hook(here)
        Delivery.objects.create(webhook=webhook, number=1)
        later(time_machine, days=KEPT_DAYS + 1)
        tell_all(way=way)
        assert Delivery.objects.count() == 0

    def test_no_private_address_is_asked(self, here: Programme) -> None:
        hook(here, "https://localhost:8443/in")
        keep(here)
        tell_all()
        assert Delivery.objects.get().answer == (
            "The host is not on the public network, and nothing is sent to any other."
        )


class TestItsSecret:
    """Told once, kept nowhere, and renewed without a gap."""

    def test_it_is_kept_nowhere(self, here: Programme) -> None:
        webhook, secret = hook(here)
        renewed = renew_secret(webhook, by=who(), on=TODAY)[1]
        kept = [*Webhook.objects.values_list(), *Event.objects.values_list()]
        assert not any(one in str(value) for row in kept for value in row for one in (secret, renewed))
        assert len({secret, renewed, hook(here)[1]}) == 3
        assert {len(base64.b64decode(one.removeprefix("whsec_"))) for one in (secret, renewed)} == {32}

    def test_for_a_day_the_old_one_signs_too(
        self, here: Programme, receiver: tuple[str, list[Request]], way: Way, time_machine: object
    ) -> None:
        address, heard = receiver
        webhook, old = hook(here, address)
        webhook, new = renew_secret(webhook, by=who(), on=TODAY)
        try_webhook(webhook, by=who(), on=TODAY)
        deliver_due(way=way)
        assert [checked(heard[0], secret)["type"] for secret in (old, new)] == ["test", "test"]
        later(time_machine, hours=BOTH_HOLD_HOURS)
        try_webhook(webhook, by=who(), on=TODAY)
        deliver_due(way=way)
        assert checked(heard[1], new)["type"] == "test"
        assert " " not in heard[1][1]["webhook-signature"]

    def test_under_another_key_nothing_is_sent_until_there_is_a_new_one(
        self, here: Programme, receiver: tuple[str, list[Request]], way: Way, settings: object
    ) -> None:
        """As after a restore into an instance with a key of its own."""
        webhook, old = hook(here, receiver[0])
        settings.SECRET_KEY = "another"
        try_webhook(webhook, by=who(), on=TODAY)
        deliver_due(way=way)
        assert (Delivery.objects.get().answer, receiver[1]) == (ANOTHER_KEY, [])
        webhook, new = renew_secret(webhook, by=who(), on=TODAY)
        try_webhook(webhook, by=who(), on=TODAY)
        deliver_due(way=way)
        assert checked(receiver[1][0], new)["type"] == "test"
        assert new != old


class TestWhoManagesIt:
    """Those who manage the organisation in the programme, each for their own."""

    def test_others_register_none(self, here: Programme) -> None:
        for name in ("planning_officer-ours", "director-theirs", "starter"):
            with pytest.raises(NotAllowed):
                add_webhook(here, of("ours"), ADDRESS, by=who(name), on=TODAY)

    def test_an_address_that_we_do_not_ask_is_refused_with_a_sentence(self, here: Programme) -> None:
        with pytest.raises(InputRefused, match="An address begins with https://"):
            hook(here, "http://hooks.council.example")

    def test_there_is_a_most(self, here: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "MOST_WEBHOOKS", 1)
        webhook, _ = hook(here)
        with pytest.raises(InputRefused, match="at most 1 webhooks"):
            hook(here)
        end_webhook(webhook, by=who(), on=TODAY)
        hook(here)

    @pytest.mark.parametrize("act", [end_webhook, renew_secret, try_webhook])
    def test_only_who_manages_it_changes_it_and_only_while_it_runs(self, here: Programme, act: object) -> None:
        webhook, _ = hook(here)
        with pytest.raises(NotAllowed):
            act(webhook, by=who("director-theirs"), on=TODAY)
        end_webhook(webhook, by=who(), on=TODAY)
        with pytest.raises(WrongState):
            act(webhook, by=who(), on=TODAY)
        Webhook.objects.all().delete()
        with pytest.raises(NotFound):
            act(webhook, by=who(), on=TODAY)

    def test_each_act_is_an_event_without_the_address(self, here: Programme) -> None:
        webhook, _ = hook(here, f"{ADDRESS}?key=secret")
        renew_secret(webhook, by=who(), on=TODAY)
        try_webhook(webhook, by=who(), on=TODAY)
        end_webhook(webhook, by=who(), on=TODAY)
        events = Event.objects.filter(kind="webhook", record=str(webhook.pk))
        assert [one.verb for one in events] == ["registered", "given a new secret", "tested", "ended"]
        assert "key=secret" not in str([one.as_dict() for one in events])


class TestAtTheNextDelivery:
    """What ends the webhook of whoever is removed."""

    @pytest.fixture
    def waiting(self, here: Programme, receiver: tuple[str, list[Request]]) -> Webhook:
        """A webhook of theirs to which something is about to be delivered."""
        webhook, _ = hook(here, receiver[0], code="theirs")
        share_record(keep(here), Sharing.PARTNERS, named={}, by=who(), on=TODAY)
        note_events(here)
        assert Delivery.objects.filter(due_at__isnull=False).count() == 2
        return webhook

    def ended(self, webhook: Webhook) -> tuple[str, list[Request]]:
        webhook.refresh_from_db()
        assert Delivery.objects.filter(due_at__isnull=False).count() == 0
        assert Event.objects.filter(kind="webhook", verb="ended").count() == 1
        return webhook.why_ended

    def test_the_webhook_ends_with_the_membership_and_nothing_more_is_sent(
        self, waiting: Webhook, receiver: tuple[str, list[Request]], way: Way
    ) -> None:
        held = Membership.objects.get(person__username="director-theirs")
        end_membership(held, by=held.person, on=TODAY, reason="Moved on")
        tell_all(way=way)
        assert (self.ended(waiting), receiver[1]) == (LEFT, [])

    def test_the_webhook_ends_when_its_person_manages_no_more(
        self, waiting: Webhook, receiver: tuple[str, list[Request]], way: Way
    ) -> None:
        Membership.objects.filter(person__username="director-theirs").update(role="planning_officer")
        tell_all(way=way)
        assert (self.ended(waiting), receiver[1]) == (LEFT, [])

    def test_the_webhook_of_somebody_who_is_no_longer_active_ends(
        self, waiting: Webhook, receiver: tuple[str, list[Request]], way: Way
    ) -> None:
        Person.objects.filter(username="director-theirs").update(is_active=False)
        tell_all(way=way)
        assert (self.ended(waiting), receiver[1]) == (LEFT, [])


def test_a_webhook_ends_with_its_person_though_nothing_waits(here: Programme) -> None:
    webhook, _ = hook(here, code="theirs")
    Membership.objects.filter(person__username="director-theirs").update(ends_on=TODAY)
    keep(here)
    note_events(here)
    webhook.refresh_from_db()
    assert (webhook.why_ended, Delivery.objects.count()) == (LEFT, 0)


def test_a_change_that_fails_is_told_to_nobody(here: Programme) -> None:
    hook(here)
    record = keep(here)
    with pytest.raises(InputRefused):
        change_record(record, {"end": "no date"}, by=who(), on=TODAY)
    note_events(here)
    assert Delivery.objects.count() == 1
