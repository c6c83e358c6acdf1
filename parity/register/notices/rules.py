"""For which reasons a person is told of an event, how soon, and when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

HELD, OWNED, SHARED, SEATS, JOBS, STOPPED = "held", "owned", "shared", "seats", "jobs", "stopped"
REASONS = {
    HELD: "A record that I hold was changed",
    OWNED: "A record that my organisation keeps was added or changed",
    SHARED: "A record was shared with my organisation by name",
    SEATS: "A membership of my organisation began or ended",
    JOBS: "A job that I asked for is done, or failed",
}
"""What a person may choose to be told."""
ALWAYS = {STOPPED: "A webhook that I registered was stopped"}
"""What they are told in any case."""
AT_ONCE, DAILY = "at once", "daily"
PACES = {AT_ONCE: "Within minutes", DAILY: "Once a day, at 7 in the morning"}
MORNING, PLACE, ONE_DAY = time(7), ZoneInfo("Europe/London"), timedelta(days=1)
SEATED = ("joined", "left")
ENDED = ("done", "failed")


class Happened(Protocol):
    """What the rules ask of an event."""

    by: str
    verb: str
    kind: str
    organisation: str


class Kept(Protocol):
    """What the rules ask of a record."""

    organisation_id: UUID
    held_by_id: UUID | None
    sharing: str


@dataclass(frozen=True, slots=True)
class Reader:
    """A person, what they chose to be told, and the organisations that they read for."""

    person: UUID
    chosen: Collection[str]
    organisations: Collection[UUID]


def reason_for(reader: Reader, event: Happened, record: Kept | None) -> str:
    """Why this person is told of this event; empty where they are not.

    `record` is the record that was written, where they may see it. Nobody is told what they did themselves.
    """
    own, chosen = event.by == str(reader.person), reader.chosen
    ours = event.organisation in map(str, reader.organisations)
    reasons: Mapping[str, bool] = {
        STOPPED: own and (event.kind, event.verb) == ("webhook", "stopped"),
        JOBS: own and event.kind == "jobs" and event.verb in ENDED,
        SEATS: not own and ours and event.kind == "membership" and event.verb in SEATED,
    }
    if record is not None and not own:
        by_name = record.sharing == "named" and record.organisation_id not in reader.organisations
        reasons = {
            HELD: record.held_by_id == reader.person,
            SHARED: by_name and event.verb == "shared",
            OWNED: record.organisation_id in reader.organisations,
        }
    return next((why for why, holds in reasons.items() if holds and (why in chosen or why in ALWAYS)), "")


def due_at(pace: str, at: datetime) -> datetime:
    """When somebody is told of what happened at this instant: then, or at seven on the morning after it in London."""
    local = at.astimezone(PLACE)
    if pace == AT_ONCE:
        return at
    day = local.date() if local.time() < MORNING else local.date() + ONE_DAY
    return datetime.combine(day, MORNING, PLACE)
