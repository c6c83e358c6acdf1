"""What `parity verify` does: chains are walked, and every record is held against the last event that tells of it."""

import json
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from django.db import transaction

from parity.register.audit.models import Event, Head
from parity.register.audit.rules import START, faults
from parity.register.memberships.actions import membership_content
from parity.register.models import Membership, Organisation, Programme
from parity.register.partners.actions import KIND as ORGANISATION
from parity.register.partners.actions import organisation_content
from parity.register.records.actions import content_of
from parity.register.records.rules import digest
from parity.register.records.tables import RECORDS
from parity.terms.errors import NotFound

MEMBERSHIP = "membership"
AT_ONCE = 1000
WHOLE, BROKEN = 0, 1


@dataclass
class _Walk:
    """A chain while it is walked: its end so far, and by record the last event that says how it was left."""

    chain: str
    into: TextIO | None = None
    number: int = 0
    hash: str = START
    left: dict[str, Event] = field(default_factory=dict)

    def events(self) -> Iterator[dict[str, Any]]:
        """The events in their order, each written where a file was named."""
        for event in Event.objects.filter(chain=self.chain).order_by("number").iterator(AT_ONCE):
            told = event.as_dict()
            if self.into is not None:
                self.into.write(json.dumps(told, sort_keys=True, ensure_ascii=False) + "\n")
            self.number, self.hash = event.number, event.hash
            if event.after:
                self.left[event.record] = event
            yield told


def verify(given: Namespace) -> int:
    """0 where nothing was found, else 1; each event and each record that does not agree is named."""
    known = sorted({*Programme.objects.values_list("slug", flat=True), *Head.objects.values_list("chain", flat=True)})
    if given.programme is None and (given.events or given.head):
        raise NotFound("Name the programme whose events you want written, or whose head you noted.")
    if given.programme is not None and given.programme not in known:
        raise NotFound(f"No programme is called “{given.programme}”. There are: {', '.join(known) or 'none'}.")
    found = 0
    for chain in known if given.programme is None else [given.programme]:
        found += verify_chain(chain, events=given.events, head=given.head or "")
    print(f"Found: {found}." if found else "Every chain is whole, and every record is as its last event left it.")
    return BROKEN if found else WHOLE


def verify_chain(chain: str, *, events: str | None = None, head: str = "") -> int:
    """How many faults the chain and its records have; each is printed. Nobody writes while they are compared."""
    with ExitStack() as stack:
        into = stack.enter_context(Path(events).open("w", encoding="utf-8", newline="\n")) if events else None
        stack.enter_context(transaction.atomic())
        noted = Head.objects.select_for_update().filter(chain=chain).first()
        walk = _Walk(chain, into)
        sentences = [*faults(walk.events(), head), *_end_faults(walk, noted), *_record_faults(walk)]
    print(f"{chain}: {walk.number} events, head {walk.hash}")
    for sentence in sentences:
        print(f"  {sentence}")
    return len(sentences)


def _end_faults(walk: _Walk, noted: Head | None) -> Iterator[str]:
    """A sentence where the chain does not end as the workspace itself noted."""
    number, last = (noted.number, noted.hash) if noted is not None else (0, START)
    if (number, last) != (walk.number, walk.hash):
        yield (
            f"The workspace noted event {number} as the last one, with the hash {last}: the chain's end was cut off, "
            "replaced or added to."
        )


def _record_faults(walk: _Walk) -> Iterator[str]:
    """A sentence for each record or membership that is not as its last event left it, or that is gone."""
    programme = Programme.objects.filter(slug=walk.chain).first()
    if programme is None:
        return
    for kind, key, name, content in _kept(programme):
        event = walk.left.pop(key, None)
        if event is None:
            yield f"No event tells of the {kind} {name} ({key}): it was added past the workspace."
        elif event.after != digest(content):
            yield f"The {kind} {name} ({key}) is not as event {event.number} left it: altered past the workspace."
    for event in walk.left.values():
        if event.kind in RECORDS or event.kind == MEMBERSHIP:
            told = f"The {_kind(event.kind)} {event.code} ({event.record})"
            yield f"{told}, of which event {event.number} tells, is gone: removed past the workspace."
    yield from _organisation_faults([event for event in walk.left.values() if event.kind == ORGANISATION])


def _organisation_faults(events: list[Event]) -> Iterator[str]:
    """A sentence for each organisation that is not as the last event of all chains left it: it is one in them all."""
    known = {str(one.pk): one for one in Organisation.objects.all()}
    for event in events:
        one = known.get(event.record)
        later = Event.objects.filter(kind=ORGANISATION, record=event.record, at__gt=event.at).exists()
        if not later and (one is None or event.after != digest(organisation_content(one))):
            told = f"The organisation {event.code} ({event.record}) is not as event {event.number} left it"
            yield f"{told}: altered past the workspace."


def _kept(programme: Programme) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Kind, id, name and content of everything the programme's chain tells of."""
    for stem, model in RECORDS.items():
        for record in model.seen_by(None).filter(programme=programme).iterator(AT_ONCE):
            yield _kind(stem), str(record.pk), record.known_as, content_of(record)
    for one in Membership.objects.filter(programme=programme).select_related("person", "organisation"):
        yield MEMBERSHIP, str(one.pk), f"of {one.person} for {one.organisation}", membership_content(one)


def _kind(kind: str) -> str:
    return RECORDS[kind].KIND or "record" if kind in RECORDS else kind
