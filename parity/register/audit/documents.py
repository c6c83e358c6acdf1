"""What people read of the chain, in plain words: a record's story, and who did what in a programme."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.apps import apps
from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Replace
from django.utils import timezone

from parity.documents.figure_tables import period_words
from parity.documents.model import Block, Column, Paragraph, Table
from parity.register.audit.models import LISTED, READ, Event
from parity.register.organisations.models import Organisation
from parity.register.people.models import Membership, Person
from parity.register.people.rules import May
from parity.register.policy import KNOW, NOBODY, Kept, Viewer, visible
from parity.register.programmes.models import Programme
from parity.register.sharing.models import Sharing
from parity.sources.brought.programme import house_schemas

Entry = Mapping[str, Any]
NOTHING = "–"
UNKNOWN = "Somebody who is no longer known here"
UNKNOWN_BODY = "an organisation that is no longer known here"
HEADS = ("When", "Who", "What", "Before", "After", "Why")
SHARED = "shared"


class Told(Kept, Protocol):
    """What a story must know of a record."""

    STEM: ClassVar[str]
    SENSITIVE: ClassVar[bool]
    programme: Programme
    organisation: Organisation
    history: Any


@dataclass(frozen=True, slots=True)
class Wording:
    """How a register's pages call a column, and what they say that a record holds in it."""

    label: Callable[[Entry], str]
    words: Callable[[Any, Entry], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an event changed: what it is called, and what it was before and after, in words."""

    what: str = ""
    before: str = NOTHING
    after: str = NOTHING


def story_blocks(record: Told, viewer: Viewer, wording: Wording) -> list[Block]:
    """The record's story, the latest first: when, who for whom, what changed from what to what, and why.

    Those with whom it is shared read what happened since then. Who read a sensitive record, and what was said when it
    was shared, is known to its owner alone.
    """
    whole = KNOW.holds(viewer, record)
    about = Q(record=str(record.pk))
    if whole and record.SENSITIVE:
        about |= Q(verb=LISTED, kind=record.STEM, code__contains=str(record.pk))
    events = list(Event.objects.filter(about, chain=record.programme.slug).order_by("number"))
    states = [then.instance for then in record.history.order_by("history_id")]
    people = people_called(
        {*(event.by for event in events), *(str(one.held_by_id) for one in states if one.held_by_id)}
    )
    owners = organisations_called(
        {*(event.organisation for event in events), *(str(one.organisation_id) for one in states)}
    )
    told = [_keeping(state, people, owners) for state in states]
    changes = _changes(events, states, told, wording)
    readers = _acting(record.programme, [event for event in events if event.verb in (READ, LISTED)])
    first = 0 if whole else max((place for place, event in enumerate(events) if event.verb == SHARED), default=0)
    rows: list[tuple[str, ...]] = []
    for event in events[first:] if whole else [event for event in events[first:] if event.verb != READ]:
        body = readers.get(event.number) or owners.get(event.organisation, UNKNOWN_BODY)
        who = f"{people.get(event.by, UNKNOWN)}, for {body}"
        why = event.reason if whole or event.verb != SHARED else ""
        for one in changes.get(event.number) or [Change()]:
            what = verb_words(event) + (f": {one.what}" if one.what else "")
            rows.append((moment_words(event.at), who, what, one.before, one.after, why or NOTHING))
    table = Table("story", "What happened to this record, the latest first", _columns(), tuple(reversed(rows)))
    if not first:
        return [table]
    owner = record.organisation.name
    return [Paragraph((f"What happened before it was shared as it is now is known to {owner} alone.",)), table]


def _columns() -> tuple[Column, ...]:
    return tuple(Column(title) for title in HEADS)


def moment_words(at: str) -> str:
    """An instant of the chain in words: `31 March 2027, 09:05`; as it stands where somebody altered it to none."""
    try:
        local = timezone.localtime(datetime.fromisoformat(at))
    except ValueError:
        return at
    return f"{period_words(local.date().isoformat())}, {local:%H:%M}"


def verb_words(event: Event) -> str:
    """What was done, with a capital: `Changed`."""
    return event.verb[:1].upper() + event.verb[1:]


def people_called(keys: Iterable[str]) -> dict[str, str]:
    """The names of people by id: as they are called, or else as they sign in."""
    found = Person.objects.filter(pk__in=_ids(keys))
    return {str(one.pk): one.get_full_name() or one.get_username() for one in found}


def organisations_called(keys: Iterable[str]) -> dict[str, str]:
    """The names of organisations by id."""
    return {str(one.pk): one.name for one in Organisation.objects.filter(pk__in=_ids(keys))}


def _ids(keys: Iterable[str]) -> set[UUID]:
    """The ids among the keys: an event that somebody altered may hold anything."""
    found = set()
    for key in keys:
        with suppress(ValueError):
            found.add(UUID(key))
    return found


def _acting(programme: Programme, events: Sequence[Event]) -> dict[int, str]:
    """The organisations for which whoever did this acted in the programme on its day, by the event's number."""
    if not events:
        return {}
    held = Membership.objects.filter(programme=programme, person__in=_ids(event.by for event in events))
    seats = list(held.select_related("organisation").order_by("organisation__name"))
    found = {}
    for event in events:
        acting = [one for one in seats if str(one.person_id) == event.by and one.starts_on.isoformat() <= event.on]
        still = [one for one in acting if one.ends_on is None or one.ends_on.isoformat() > event.on]
        found[event.number] = " and ".join(dict.fromkeys(one.organisation.name for one in still))
    return found


def _changes(
    events: Iterable[Event], states: Sequence[Any], told: Sequence[dict[str, str]], wording: Wording
) -> dict[int, list[Change]]:
    """What each event changed, by its number: each write left one event and one state of the record, in one order.

    `told` says in words how the record was kept in each state.
    """
    later = [event.number for event in events if event.after][1:]
    found = {}
    for number, (before, after), (kept, keeps) in zip(later, pairwise(states), pairwise(told), strict=False):
        columns = [
            Change(wording.label(entry), wording.words(before, entry), wording.words(after, entry))
            for entry in house_schemas()[after.STEM].fields
        ]
        keeping = [Change(what, kept[what], keeps[what]) for what in keeps]
        found[number] = [
            Change(one.what, one.before or NOTHING, one.after or NOTHING)
            for one in (*columns, *keeping)
            if one.before != one.after
        ]
    return found


def _keeping(state: Any, people: Mapping[str, str], owners: Mapping[str, str]) -> dict[str, str]:
    """How a record was kept, in words."""
    holder = people.get(str(state.held_by_id), UNKNOWN) if state.held_by_id else "Nobody by name"
    return {
        "Kept by": owners.get(str(state.organisation_id), UNKNOWN_BODY),
        "Shared with": str(Sharing(state.sharing).label),
        "Lot": state.lot or "All lots",
        "Held by": holder,
    }


def events_told(programme: Programme, viewer: Viewer) -> QuerySet[Any]:
    """The programme's events, the latest first, each with what the viewer may know of it.

    `whole` are those of organisations whose audit the viewer reads; `told` are these, and those of records that others
    share with the viewer, since they are shared as they are now. Of any other only number, time and hash are shown.
    """
    events = Event.objects.filter(chain=programme.slug)
    kinds = set(events.order_by().values_list("kind", flat=True).distinct())
    shown = NOBODY
    for model in apps.get_models():
        stem = getattr(model, "STEM", "")
        if stem in kinds:
            seen = visible(model._default_manager.filter(programme=programme), viewer)
            shown |= Q(kind=stem, plain__in=seen.annotate(plain=_plain(Cast("pk", CharField()))).values("plain"))
    # a record's id is known to one chain alone; asked for the chain too, SQLite would read all of it for every event
    later = Event.objects.filter(record=OuterRef("record"), number__gt=OuterRef("number"))
    owners = {str(one.organisation) for one in viewer.standings if May.AUDIT in one.may and not one.lot}
    whole = Q(organisation__in=owners)
    told = whole | (shown & ~Q(verb=READ) & ~Exists(later.filter(verb=SHARED)))
    return events.annotate(
        plain=_plain("record"),
        whole=ExpressionWrapper(whole, BooleanField()),
        told=ExpressionWrapper(told, BooleanField()),
    ).order_by("-number")


def _plain(key: Any) -> Replace:
    """An id without dashes: not every database keeps them."""
    return Replace(key, Value("-"), Value(""))


def event_told(event: Any) -> dict[str, Any]:
    """An event of `events_told` as it may be handed on: all of it, or number, time and hash alone.

    What was said when a record was shared names others with whom it is shared, and stays with its owner.
    """
    told: dict[str, Any] = event.as_dict()
    if event.whole:
        return told
    if event.told:
        return {name: value for name, value in told.items() if name != "reason" or event.verb != SHARED}
    return {name: told[name] for name in ("number", "at", "hash")}
