"""Giving a person the address of their calendar, taking it away, and finding out whose an address is."""

import hashlib
import secrets
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction

from parity.register.audit.actions import Happening, append_events
from parity.register.calendars.models import Calendar
from parity.register.people.models import Person
from parity.register.people.rules import may_sign_in
from parity.register.policy import Viewer, enters, viewer_of
from parity.register.programmes.models import Programme
from parity.terms.errors import NotFound

SECRET_BYTES = 32
GONE = "There is no such calendar."


@transaction.atomic
def give_calendar(programme: Programme, *, by: Person, on: date) -> tuple[Calendar, str]:
    """The person's calendar and the secret of its address, which is told once; an earlier address ends.

    Raises NotFound where the person may not enter the programme.
    """
    if not enters(viewer_of(by, programme, on=on)):
        raise NotFound("There is no such programme.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    Calendar.objects.filter(person=by, programme=programme).delete()
    made = Calendar.objects.create(person=by, programme=programme, digest=_digest(secret), made_on=on)
    _tell("gave itself", made, by=by, on=on)
    return made, secret


@transaction.atomic
def end_calendar(calendar: Calendar, *, by: Person, on: date) -> None:
    """Nothing; the address leads nowhere any more. Raises NotFound for somebody else's."""
    found = Calendar.objects.select_related("programme").filter(pk=calendar.pk, person=by).first()
    if found is None:
        raise NotFound(GONE)
    _tell("ended", found, by=by, on=on)
    found.delete()


def calendar_of(key: UUID, secret: str, *, on: date) -> tuple[Calendar, Viewer]:
    """The calendar of an address, and its person as a viewer today.

    Raises NotFound, with one sentence for every reason: unknown, ended, or of somebody who may not enter any more.
    """
    found = Calendar.objects.filter(pk=key).select_related("person", "programme").first()
    known = found.digest if found is not None else _digest("")
    # compared also where there is none, so that the time does not tell which was wrong
    right = secrets.compare_digest(known, _digest(secret))
    if found is None or not right or not may_sign_in(found.person, demo=settings.DEMO):
        raise NotFound(GONE)
    viewer = viewer_of(found.person, found.programme, on=on)
    if not enters(viewer):
        raise NotFound(GONE)
    return found, viewer


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(verb: str, calendar: Calendar, *, by: Person, on: date) -> None:
    told = Happening(verb, "calendar", record=str(calendar.pk))
    append_events(calendar.programme.slug, [told], by=by, on=on)
