"""Saying who acts for whom: every membership begins and ends with an event."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from parity.register.audit.actions import Happening, append_events
from parity.register.organisations.models import Organisation
from parity.register.people.models import Membership, Person
from parity.register.people.rules import ROLES, May
from parity.register.policy import Viewer, viewer_of
from parity.register.programmes.models import Programme
from parity.register.records.rules import digest
from parity.terms.errors import Fault, InputRefused, NotAllowed, NotFound, WrongState


@dataclass(frozen=True, slots=True)
class Seat:
    """What a membership is for: an organisation in a programme, a role, one lot or (empty) all."""

    programme: Programme
    organisation: Organisation
    role: str
    lot: str = ""


@transaction.atomic
def start_membership(person: Person, seat: Seat, *, by: Person, on: date) -> Membership:
    """The membership, from today on; the one there is where the person has this seat already.

    Raises NotAllowed where `by` may not manage the organisation, InputRefused for an organisation or role that is none.
    """
    if not manages(viewer_of(by, seat.programme, on=on), seat):
        raise NotAllowed("Your role does not let you say who acts for this organisation.")
    return seat_person(person, seat, by=by, on=on)


def manages(viewer: Viewer, seat: Seat) -> bool:
    """True where the viewer may say who acts for the seat's organisation: its own managers, and those of the lead.

    A manager of one lot says so for that lot alone.
    """
    managing = [standing for standing in viewer.standings if May.MANAGE in standing.may]
    within = {seat.organisation.pk, seat.programme.lead_id}
    return any(standing.organisation in within and standing.lot in ("", seat.lot) for standing in managing)


@transaction.atomic
def seat_person(person: Person, seat: Seat, *, by: Person, on: date) -> Membership:
    """The membership, without asking whether `by` may: for whoever runs the workspace from its terminal."""
    if seat.role not in ROLES:
        raise InputRefused([Fault("membership", "Choose a role.", column="role")])
    if not seat.programme.organisations.filter(pk=seat.organisation.pk).exists():
        sentence = f"{seat.organisation} takes no part in this programme."
        raise InputRefused([Fault("membership", sentence, column="organisation")])
    held = Membership.objects.filter(Membership.on(on), person=person, **_place(seat)).first()
    if held is not None:
        return held
    made = Membership.objects.create(person=person, starts_on=on, **_place(seat))
    _tell("joined", made, by=by, on=on)
    return made


@transaction.atomic
def end_membership(membership: Membership, *, by: Person, on: date, reason: str) -> Membership:
    """The membership, ended: it holds no longer from the next request on. Raises NotFound, NotAllowed, WrongState."""
    found = Membership.objects.select_for_update().select_related("programme", "organisation").get(pk=membership.pk)
    viewer = viewer_of(by, found.programme, on=on)
    if not viewer.standings:
        raise NotFound("There is no such membership.")
    if not manages(viewer, Seat(found.programme, found.organisation, found.role, found.lot)):
        raise NotAllowed("Your role does not let you say who acts for this organisation.")
    if found.ends_on is not None and found.ends_on <= on:
        raise WrongState("This membership has ended already.")
    before = membership_content(found)
    found.ends_on = on
    found.save()
    _tell("left", found, by=by, on=on, reason=reason, before=digest(before))
    return found


def _place(seat: Seat) -> dict[str, object]:
    return {"programme": seat.programme, "organisation": seat.organisation, "role": seat.role, "lot": seat.lot}


def membership_content(membership: Membership) -> dict[str, object]:
    """Who sits where and when: what the hash in a membership's event covers."""
    names = ("person_id", "organisation_id", "programme_id", "role", "lot", "starts_on", "ends_on")
    values = {name: getattr(membership, name) for name in names}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}


def _tell(verb: str, membership: Membership, *, by: Person, on: date, reason: str = "", before: str = "") -> None:
    role = ROLES[membership.role].title
    words = f"{role} for {membership.organisation}" + (f", lot {membership.lot}" if membership.lot else "")
    told = Happening(
        verb=verb,
        kind="membership",
        record=str(membership.pk),
        code=words,
        organisation=str(membership.organisation_id),
        reason=reason,
        before=before,
        after=digest(membership_content(membership)),
    )
    append_events(membership.programme.slug, [told], by=by, on=on)
