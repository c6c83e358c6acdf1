"""Writing events: the one way in, and always within the transaction of what they tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from parity.register.audit.models import Event, Head
from parity.register.audit.rules import hash_of
from parity.register.people.models import Person
from parity.terms.errors import NotAllowed

EVENTS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Happening:
    """What was done to which record: verb in the past tense, kind, id, code; why; hashes of its content."""

    verb: str
    kind: str
    record: str = ""
    code: str = ""
    organisation: str = ""
    reason: str = ""
    before: str = ""
    after: str = ""


def append_events(chain: str, happenings: Iterable[Happening], *, by: Person, on: date) -> str:
    """The chain's new head, after these happenings were appended in their order.

    Raises NotAllowed where nobody is named who did it. Must run in the transaction of the write itself.
    """
    if by is None or by.pk is None or by._state.adding:
        raise NotAllowed("Whoever changes a record must be known.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event belongs into the transaction of what it tells")
    Head.objects.get_or_create(chain=chain)
    head = Head.objects.select_for_update().get(chain=chain)
    at, events = timezone.now().isoformat(timespec="microseconds"), []
    for happening in happenings:
        told = {name: getattr(happening, name) for name in Happening.__slots__}
        place = {"chain": chain, "number": head.number + 1, "previous": head.hash}
        event = Event(**told, **place, at=at, on=on.isoformat(), by=str(by.pk))
        event.hash = hash_of(event.as_dict())
        head.number, head.hash = event.number, event.hash
        events.append(event)
    Event.objects.bulk_create(events, batch_size=EVENTS_AT_ONCE)
    head.save()
    return head.hash
