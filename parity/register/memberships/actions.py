"""Saying who acts for whom: every membership begins and ends with an event."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parity.register.audit.actions import Happening, append_events
from parity.register.invitations.actions import end_sessions, invite_person, is_awaited
from parity.register.organisations.models import Organisation
from parity.register.people.models import Membership, Person
from parity.register.people.rules import ROLES
from parity.register.policy import Viewer, managers_of, viewer_of
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
    _check_manages(viewer_of(by, seat.programme, on=on), seat)
    return seat_person(person, seat, by=by, on=on)


@transaction.atomic
def invite_member(email: str, seat: Seat, *, name: str, by: Person, on: date) -> Membership:
    """The membership of whoever has this address, which waits until they sign in; they are sent a link.

    Whether the person was known, the answer does not tell. Raises as `start_membership`, and for what is no address.
    """
    _check_manages(viewer_of(by, seat.programme, on=on), seat)
    person = invite_person(email, name=name, by=by, on=on)
    return seat_person(person, seat, by=by, on=on, invited=True)


@transaction.atomic
def invite_again(membership: Membership, *, by: Person, on: date) -> Membership:
    """The membership, whose person is sent another link. Raises WrongState where it waits for nobody."""
    _check_manages(viewer_of(by, membership.programme, on=on), seat_of(membership))
    if not (membership.waits and Membership.objects.filter(Membership.on(on), pk=membership.pk).exists()):
        raise WrongState("This invitation was taken up or withdrawn.")
    invite_person(membership.person.email, name="", by=by, on=on)
    return membership


def manages(viewer: Viewer, seat: Seat) -> bool:
    """True where the viewer may say who acts for the seat's organisation in its lot."""
    return managers_of(seat.programme, on=viewer.on).let(viewer, seat.organisation.pk, seat.lot)


def seat_of(membership: Membership) -> Seat:
    """What a membership is for."""
    return Seat(membership.programme, membership.organisation, membership.role, membership.lot)


def _check_manages(viewer: Viewer, seat: Seat) -> None:
    if not manages(viewer, seat):
        raise NotAllowed("Your role does not let you say who acts for this organisation.")


@transaction.atomic
def seat_person(person: Person, seat: Seat, *, by: Person, on: date, invited: bool = False) -> Membership:
    """The membership, without asking whether `by` may: for whoever runs the workspace from its terminal."""
    if seat.role not in ROLES:
        raise InputRefused([Fault("membership", "Choose a role.", column="role")])
    if not seat.programme.organisations.filter(pk=seat.organisation.pk).exists():
        sentence = f"{seat.organisation} takes no part in this programme."
        raise InputRefused([Fault("membership", sentence, column="organisation")])
    held = Membership.objects.filter(Membership.on(on), person=person, **_place(seat)).first()
    if held is not None:
        return held
    since = timezone.now() if invited else None
    made = Membership.objects.create(person=person, starts_on=on, invited_at=since, **_place(seat))
    _tell("joined", made, by=by, on=on)
    return made


@transaction.atomic
def end_membership(membership: Membership, *, by: Person, on: date, reason: str) -> Membership:
    """The membership, ended: it holds no longer from the next request on. Raises NotFound, NotAllowed, WrongState.

    The link of an invitation ends with the last membership that waits for its person.
    """
    found = Membership.objects.select_for_update().select_related("programme", "organisation").get(pk=membership.pk)
    viewer = viewer_of(by, found.programme, on=on)
    if not viewer.standings:
        raise NotFound("There is no such membership.")
    _check_manages(viewer, seat_of(found))
    if found.ends_on is not None and found.ends_on <= on:
        raise WrongState("This membership has ended already.")
    before = membership_content(found)
    found.ends_on = on
    found.save()
    _tell("left", found, by=by, on=on, reason=reason, before=digest(before))
    others = Membership.objects.filter(Membership.on(on), person=found.person)
    if found.waits and is_awaited(found.person) and not others.exists():
        end_sessions(found.person, by=by, on=on)
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
