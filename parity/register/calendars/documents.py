"""The dated things that a viewer may see, as a calendar (RFC 5545)."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
from django.conf import settings
from django.db.models import Max

from parity.layout.addresses import record_url
from parity.register.audit.models import Event
from parity.register.policy import Viewer
from parity.register.programmes.models import Programme
from parity.register.records.documents import record_name, schema_of, title_of
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS

DATED = "event"
"""What a Table Schema says of a column whose date belongs in a calendar: what happens then, such as “Review”."""
PAST = timedelta(days=366)
"""How long a date stays in the calendar once it is over."""
MOST = 2000
"""So many dates of one register are in a calendar, the earliest first."""
MAKER = "-//Parity//Calendar//EN"
DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """One record's date: the column it stands in, what happens then, and the day."""

    record: Record
    column: str
    what: str
    on: date


def calendar_text(programme: Programme, viewer: Viewer) -> bytes:
    """The viewer's calendar: one event of a whole day for each date in a record that they may see.

    It says what happens and what the record is called, and leads to it. The same state gives the same bytes. Registers
    whose reading is an event are left out: a program that asks every hour reads nothing.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("name", _plain(programme.title))
    calendar.add("x-wr-calname", _plain(programme.title))
    calendar.add("refresh-interval", DAILY, parameters={"value": "DURATION"})
    every = list(dates(programme, viewer))
    changed = _changed(programme, [one.record for one in every])
    for one in every:
        calendar.add_component(_event(programme, one, changed[str(one.record.pk)]))
    return bytes(calendar.to_ical())


def dates(programme: Programme, viewer: Viewer) -> Iterator[Dated]:
    """Every date from a year ago on in the records that the viewer may see, register by register."""
    for model in (RECORDS[stem] for stem in sorted(RECORDS)):
        columns = [entry for entry in schema_of(model).fields if DATED in entry]
        for entry in columns if not model.SENSITIVE else ():
            records = model.seen_by(viewer).filter(programme=programme, withdrawn=False)
            found = _from(records, entry, since=viewer.on - PAST)
            yield from (Dated(record, entry["name"], entry[DATED], on) for record, on in found)


def _from(records: Any, entry: dict[str, Any], *, since: date) -> list[tuple[Record, date]]:
    """Records with the date in a column, the earliest first. A text counts where it is a date written as 2026-01-31."""
    name = entry["name"]
    # such a text sorts as its date does
    sought = since if entry["type"] == "date" else since.isoformat()
    found = records.filter(**{f"{name}__gte": sought}).order_by(name, "position", "id")
    if entry["type"] != "date":
        found = found.filter(**{f"{name}__regex": r"^\d{4}-\d\d-\d\d$"})
    given = []
    for record in found[:MOST]:
        value = getattr(record, name)
        with suppress(ValueError):
            given.append((record, value if isinstance(value, date) else date.fromisoformat(value)))
    return given


def _changed(programme: Programme, records: Iterable[Record]) -> dict[str, datetime]:
    """When each record was last written, by its id."""
    keys = {str(record.pk) for record in records}
    writes = Event.objects.filter(chain=programme.slug, record__in=keys).exclude(after="").order_by()
    told = writes.values_list("record").annotate(at=Max("at"))
    return {key: datetime.fromisoformat(at) for key, at in told}


def _event(programme: Programme, one: Dated, changed: datetime) -> icalendar.Event:
    record, title, event = one.record, title_of(one.record), icalendar.Event()
    event.add("uid", f"{record.pk}-{one.column}@parity")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", record.version - 1)
    event.add("dtstart", one.on)
    event.add("summary", _plain(f"{one.what}: {record_name(record)}" + (f", {title}" if title else "")))
    event.add("url", settings.ADDRESS + record_url(programme.slug, record.STEM, str(record.pk)))
    event.add("transp", "TRANSPARENT")
    return event


def _plain(text: str) -> str:
    """The text on one line, without anything that cannot be seen."""
    return " ".join("".join(each for each in text if each.isprintable() or each.isspace()).split())
