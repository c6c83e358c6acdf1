"""Registering a webhook, its secret, its end; what it is told of; delivering that, again and again where need be."""

import base64
import hashlib
import json
import random
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from parity.layout.addresses import record_url
from parity.register.audit.actions import Happening, append_events
from parity.register.audit.models import Event
from parity.register.organisations.models import Organisation
from parity.register.people.models import Person
from parity.register.people.rules import May
from parity.register.policy import Viewer, viewer_of
from parity.register.programmes.models import Programme
from parity.register.records.tables import RECORDS
from parity.register.webhooks.models import Delivery, Webhook
from parity.register.webhooks.rules import (
    BOTH_HOLD_HOURS,
    FAILING_DAYS,
    KEPT_DAYS,
    MOST_ATTEMPTS,
    PREFIX,
    is_taken,
    pause,
    signature,
)
from parity.sources.reading.outgoing import DIRECT, Way, place_of, send
from parity.terms.errors import Fault, InputRefused, NotAllowed, NotFound, ParityError, WrongState

SALT = "parity.register.webhooks"
LEASE = timedelta(minutes=2)
"""Longer than one attempt can take: whoever tries a delivery has it for so long."""
ROUND_SECONDS = 45
AT_ONCE = 200
MOST_WEBHOOKS = 10
GONE = "There is no such webhook."
LEFT = "Whoever registered it no longer manages the organisation."
FAILED = f"Nothing could be delivered for {FAILING_DAYS} days."
ANOTHER_KEY = "The workspace has another key than when the secret was made: make a new one."


@transaction.atomic
def add_webhook(
    programme: Programme, organisation: Organisation, address: str, *, by: Person, on: date
) -> tuple[Webhook, str]:
    """The webhook and its secret, which is told once. Raises NotAllowed; InputRefused for an address we do not ask."""
    _check_manages(viewer_of(by, programme, on=on), organisation)
    try:
        place_of(address)
    except NotAllowed as refused:
        raise InputRefused([Fault("webhook", str(refused), column="address")]) from None
    if Webhook.objects.filter(programme=programme, organisation=organisation, ended_at=None).count() >= MOST_WEBHOOKS:
        words = f"An organisation has at most {MOST_WEBHOOKS} webhooks in a programme: end one first."
        raise InputRefused([Fault("webhook", words, column="address")])
    made = Webhook(programme=programme, organisation=organisation, person=by, address=address)
    made.digest = _digest(secret_of(made))
    made.save()
    _tell("registered", made, by=by, on=on)
    return made, secret_of(made)


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: Person, on: date) -> tuple[Webhook, str]:
    """The webhook and its new secret; for a day deliveries bear a signature with the old one too. Raises WrongState."""
    found = _the_running(webhook, by, on)
    found.turn, found.turned_at = found.turn + 1, timezone.now()
    found.digest = _digest(secret_of(found))
    found.save()
    _tell("given a new secret", found, by=by, on=on)
    return found, secret_of(found)


@transaction.atomic
def end_webhook(webhook: Webhook, *, by: Person, on: date) -> Webhook:
    """The webhook, which is told nothing more. Raises WrongState where it has ended."""
    found = _the_running(webhook, by, on)
    _end(found, "Somebody ended it.", "ended", by=by, on=on)
    return found


@transaction.atomic
def try_webhook(webhook: Webhook, *, by: Person, on: date) -> Delivery:
    """A delivery that says nothing but that it is a test. Raises WrongState where the webhook has ended."""
    found = _the_running(webhook, by, on)
    _tell("tested", found, by=by, on=on)
    return Delivery.objects.create(webhook=found, due_at=timezone.now())


def managed_by(viewer: Viewer) -> frozenset[UUID]:
    """The organisations that the viewer manages in all lots: a webhook is told of all."""
    return frozenset(one.organisation for one in viewer.standings if May.MANAGE in one.may and not one.lot)


def webhooks_of(programme: Programme, viewer: Viewer) -> QuerySet[Webhook]:
    """The webhooks of the organisations that the viewer manages."""
    mine = Webhook.objects.filter(programme=programme, organisation__in=managed_by(viewer))
    return mine.select_related("programme", "organisation", "person")


def secret_of(webhook: Webhook, *, turn: int | None = None) -> str:
    """The webhook's secret of this turn, of the present one where none is named: 32 bytes that nobody keeps."""
    told = f"{webhook.pk} {webhook.turn if turn is None else turn}"
    return PREFIX + base64.b64encode(salted_hmac(SALT, told, algorithm="sha256").digest()).decode()


def watcher_of(webhook: Webhook, *, on: date) -> Viewer | None:
    """Who sees what a webhook is told of: its person, for its organisation alone; None where they manage it no more."""
    viewer = viewer_of(webhook.person, webhook.programme, on=on)
    held = tuple(one for one in viewer.standings if one.organisation == webhook.organisation_id)
    watcher = Viewer(viewer.person, viewer.programme, on, held)
    return watcher if managed_by(watcher) else None


def seen_records(viewer: Viewer, events: Iterable[Event]) -> dict[tuple[str, str], Any]:
    """The records of the events that the viewer may see, by register and id."""
    wanted: dict[str, set[str]] = {}
    for event in events:
        if event.kind in RECORDS and event.after:
            wanted.setdefault(event.kind, set()).add(event.record)
    found = {}
    for stem, keys in wanted.items():
        records = RECORDS[stem].seen_by(viewer).filter(pk__in=keys)
        found.update({(stem, str(one.pk)): one for one in records})
    return found


def expect(programme: Programme, events: Sequence[Event], *, on: date) -> None:
    """Nothing; each webhook of the programme has a delivery for each event of a record that it may be told of.

    One whose person manages the organisation no more ends. Registers whose reading is an event are left out. Runs in
    the transaction that notes how far the events were told.
    """
    for webhook in Webhook.objects.filter(programme=programme, ended_at=None).select_related("person", "programme"):
        since = webhook.made_at.astimezone(UTC).isoformat(timespec="microseconds")
        watcher = watcher_of(webhook, on=on)
        if watcher is None:
            _end_left(webhook, on=on)
            continue
        seen = seen_records(watcher, events)
        numbers = [
            event.number
            for event in events
            if (event.kind, event.record) in seen and event.after and event.at > since
            if not RECORDS[event.kind].SENSITIVE
        ]
        at = timezone.now()
        Delivery.objects.bulk_create([Delivery(webhook=webhook, number=number, due_at=at) for number in numbers])


def deliver_due(*, way: Way = DIRECT) -> int:
    """How many deliveries were tried that are due. One that fails holds up others of the same webhook, and no more."""
    begun, tried, failing = time.monotonic(), 0, set()
    due = Delivery.objects.filter(due_at__lte=timezone.now()).order_by("due_at", "number")
    for delivery in due.select_related("webhook__programme", "webhook__organisation", "webhook__person")[:AT_ONCE]:
        if time.monotonic() - begun > ROUND_SECONDS:
            break
        if delivery.webhook_id not in failing and _claimed(delivery):
            tried += 1
            if not _deliver(delivery, way):
                failing.add(delivery.webhook_id)
    return tried


def remove_old_deliveries() -> None:
    """Nothing; deliveries that ended long ago are no longer listed."""
    limit = timezone.now() - timedelta(days=KEPT_DAYS)
    Delivery.objects.filter(due_at=None, made_at__lt=limit).delete()


def body_of(delivery: Delivery) -> bytes | None:
    """What a delivery says: what was done, to a record of which register, where it is, when. No word of its content.

    None where the webhook may no longer be told of it.
    """
    webhook = delivery.webhook
    if delivery.number is None:
        told: dict[str, Any] = {"type": "test", "timestamp": delivery.made_at.isoformat(), "data": {}}
        return json.dumps(told).encode()
    event = Event.objects.get(chain=webhook.programme.slug, number=delivery.number)
    watcher = watcher_of(webhook, on=timezone.localdate())
    if watcher is None or not seen_records(watcher, [event]):
        return None
    link = settings.ADDRESS + record_url(webhook.programme.slug, event.kind, event.record)
    data = {"programme": webhook.programme.slug, "register": event.kind, "record": event.record, "link": link}
    return json.dumps({"type": f"record.{event.verb}", "timestamp": event.at, "data": data}).encode()


def headers_of(delivery: Delivery, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows that a delivery is ours. Raises WrongState under another key."""
    webhook, now = delivery.webhook, timezone.now()
    if _digest(secret_of(webhook)) != webhook.digest:
        raise WrongState(ANOTHER_KEY)
    both = webhook.turn > 1 and now - webhook.turned_at < timedelta(hours=BOTH_HOLD_HOURS)
    turns = (webhook.turn, webhook.turn - 1) if both else (webhook.turn,)
    identity, timestamp = f"msg_{delivery.pk.hex}", int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Parity",
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature((secret_of(webhook, turn=one) for one in turns), identity, timestamp, body),
    }


def _claimed(delivery: Delivery) -> bool:
    """True where nobody else tries this delivery: it is ours for a while."""
    same = Delivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at)
    delivery.attempts += 1
    return bool(same.update(due_at=timezone.now() + LEASE, attempts=delivery.attempts))


def _deliver(delivery: Delivery, way: Way) -> bool:
    """True unless the receiver failed; what it answered, and when it is tried again, stands in the delivery."""
    webhook, on = delivery.webhook, timezone.localdate()
    if watcher_of(webhook, on=on) is None:
        _end_left(webhook, on=on)
        return True
    body = body_of(delivery)
    if body is None:
        Delivery.objects.filter(pk=delivery.pk).delete()
        return True
    try:
        status = send(webhook.address, body, headers_of(delivery, body), way=way)
        answer, taken = f"Status {status}", is_taken(status)
    except ParityError as error:
        answer, taken = str(error), False
    _note(delivery, answer, taken=taken)
    return taken


@transaction.atomic
def _note(delivery: Delivery, answer: str, *, taken: bool) -> None:
    """Nothing; the answer is noted, and what follows from it. A webhook that failed for too long is stopped."""
    now, webhook = timezone.now(), Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
    mine = Delivery.objects.filter(pk=delivery.pk)
    if taken:
        mine.update(due_at=None, delivered_at=now, answer=answer)
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)
        return
    again = now + timedelta(seconds=pause(delivery.attempts, random.random()))  # noqa: S311 -- spreads the load
    over = delivery.attempts >= MOST_ATTEMPTS or webhook.ended_at is not None
    mine.update(due_at=None if over else again, answer=answer)
    webhook.failing_since = webhook.failing_since or now
    webhook.save(update_fields=("failing_since",))
    if webhook.ended_at is None and now - webhook.failing_since >= timedelta(days=FAILING_DAYS):
        _end(webhook, FAILED, "stopped", by=webhook.person, on=timezone.localdate())


@transaction.atomic
def _end_left(webhook: Webhook, *, on: date) -> None:
    """Nothing; a webhook has ended whose person no longer manages the organisation."""
    found = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if found.ended_at is None:
        _end(found, LEFT, "ended", by=webhook.person, on=on)


def _end(webhook: Webhook, why: str, verb: str, *, by: Person, on: date) -> None:
    webhook.ended_at, webhook.why_ended = timezone.now(), why
    webhook.save(update_fields=("ended_at", "why_ended"))
    webhook.deliveries.filter(due_at__isnull=False).update(due_at=None)
    _tell(verb, webhook, by=by, on=on, reason=why)


def _the_running(webhook: Webhook, by: Person, on: date) -> Webhook:
    """The webhook, held until the transaction ends. Raises NotFound, NotAllowed, or WrongState where it has ended."""
    found = (
        Webhook.objects.select_for_update().select_related("programme", "organisation").filter(pk=webhook.pk).first()
    )
    if found is None:
        raise NotFound(GONE)
    _check_manages(viewer_of(by, found.programme, on=on), found.organisation)
    if found.ended_at is not None:
        raise WrongState("This webhook has ended.")
    return found


def _check_manages(viewer: Viewer, organisation: Organisation) -> None:
    if organisation.pk not in managed_by(viewer):
        raise NotAllowed("Your role does not let you manage webhooks for this organisation.")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(verb: str, webhook: Webhook, *, by: Person, on: date, reason: str = "") -> None:
    """Nothing; it stands in the chain, without the address: what is asked there may be a secret."""
    told = Happening(verb, "webhook", str(webhook.pk), organisation=str(webhook.organisation_id), reason=reason)
    append_events(webhook.programme.slug, [told], by=by, on=on)
