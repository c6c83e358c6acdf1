"""Who may do what: each permission is a predicate on one record, paired with the filter that finds all such records.

A person acts through memberships that hold today. Whatever is not allowed here is refused; an object that a person may
not see is answered like one that does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Min, Model, Q, QuerySet
from django.http import HttpRequest

from parity.layout.page import DeskRequest
from parity.register.organisations.models import Organisation
from parity.register.people.models import Membership, Person
from parity.register.people.rules import ROLES, May
from parity.register.programmes.models import Programme
from parity.register.sharing.models import Grant, Sharing
from parity.terms.errors import NotAllowed, NotFound

NOBODY = Q(pk__in=())
MANAGING = tuple(code for code, role in ROLES.items() if May.MANAGE in role.may)


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: Person


class EnglandRequest(DeskRequest):
    """A request on England's pages by somebody who is signed in."""

    user: Person


class ProgrammeRequest(DeskRequest):
    """A request on a programme's page: who asks, and who they are there."""

    user: Person
    programme: Programme
    viewer: "Viewer"


class Kept(Protocol):
    """What the policy must know of a record."""

    pk: UUID
    programme_id: UUID
    organisation_id: UUID
    sharing: str
    lot: str
    held_by_id: UUID | None
    withdrawn: bool


Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one membership allows: for an organisation, in one lot or (empty) in all."""

    organisation: UUID
    may: frozenset[May]
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, at which programme, on which day, with which standings there."""

    person: UUID | None
    programme: UUID
    on: date
    standings: tuple[Standing, ...] = ()

    def may(self, what: May) -> frozenset[UUID]:
        """The organisations for which the viewer may do this, in one lot at least."""
        return frozenset(standing.organisation for standing in self.standings if what in standing.may)

    @property
    def acts_for(self) -> str:
        """The id of the organisation that the viewer acts for; empty where there is none, or more than one."""
        found = {str(standing.organisation) for standing in self.standings}
        return found.pop() if len(found) == 1 else ""


def viewer_of(person: Person, programme: Programme, *, on: date) -> Viewer:
    """The viewer that a person is in a programme on a day; with no standing where they have no membership."""
    if not person.is_active:
        return Viewer(person.pk, programme.pk, on)
    held = Membership.objects.filter(Membership.on(on), person=person, programme=programme)
    standings = tuple(Standing(one.organisation_id, ROLES[one.role].may, one.lot) for one in held.order_by("pk"))
    return Viewer(person.pk, programme.pk, on, standings)


def programmes_of(person: Person, *, on: date) -> QuerySet[Programme]:
    """The programmes that a person may enter on a day."""
    held = Membership.objects.filter(Membership.on(on), person=person if person.is_active else None)
    return Programme.objects.filter(pk__in=held.values("programme"))


def partnership(programme: Programme, *, on: date) -> Viewer:
    """The viewer that all partners are together: who sees what is shared among them, and nothing that one keeps."""
    return Viewer(None, programme.pk, on, (Standing(programme.lead_id, frozenset({May.PARTNER})),))


def enters(viewer: Viewer) -> bool:
    """True where the viewer may enter the programme."""
    return bool(viewer.standings)


@dataclass(frozen=True, slots=True)
class Managers:
    """Who says who acts for whom in a programme on a day: each manager's organisation and lot, and the lead."""

    lead: UUID
    seats: frozenset[tuple[UUID, str]]

    def let(self, viewer: Viewer, organisation: UUID, lot: str = "") -> bool:
        """True where the viewer may say who acts for the organisation, in one lot or (empty) in all.

        Its own managers may, those of one lot for that lot alone; the lead's managers only while it has none.
        """
        managing = {
            standing.organisation
            for standing in viewer.standings
            if May.MANAGE in standing.may and standing.lot in ("", lot)
        }
        managed = self.seats & {(organisation, ""), (organisation, lot)}
        return organisation in managing or (self.lead in managing and not managed)

    def managed_by(self, viewer: Viewer, partners: QuerySet[Organisation]) -> list[Organisation]:
        """Those of the partners for which the viewer may say who acts, in one lot at least."""
        lots = {standing.lot for standing in viewer.standings if May.MANAGE in standing.may}
        return [one for one in partners if any(self.let(viewer, one.pk, lot) for lot in lots)]


def managers_of(programme: Programme, *, on: date) -> Managers:
    """Who says who acts for whom in the programme on a day."""
    seats = managing(on).filter(programme=programme)
    return Managers(programme.lead_id, frozenset(seats.values_list("organisation", "lot")))


def managing(on: date) -> QuerySet[Membership]:
    """The memberships of managers who can sign in and, where they were invited, have done so."""
    held = Membership.objects.filter(Membership.on(on), Membership.taken_up(), role__in=MANAGING)
    held = held.filter(person__is_active=True)
    return held if settings.DEMO else held.filter(person__is_demo=False)


def describes(viewer: Viewer, organisation: Organisation, managers: Managers) -> bool:
    """True where the viewer may say what an organisation is called, and that it closed: who says who acts for it.

    It is the same organisation in every programme. Where others manage it elsewhere, those decide who have for longest:
    whoever is let in by another programme's lead cannot rename it for all.
    """
    if not managers.let(viewer, organisation.pk):
        return False
    held = managing(viewer.on).filter(organisation=organisation, lot="")
    first = held.aggregate(first=Min("starts_on"))["first"]
    return first is None or held.filter(starts_on=first, programme=viewer.programme).exists()


def hands_over(viewer: Viewer, organisation: Organisation) -> bool:
    """True where the viewer may hand over what a closed organisation keeps: who manages it and shares its records."""
    return any(
        standing.organisation == organisation.pk and not standing.lot and {May.MANAGE, May.SHARE} <= standing.may
        for standing in viewer.standings
    )


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that may be done with a record of the programme that the viewer looks at."""

    words: str
    predicate: Callable[[Viewer, Kept], bool]
    filter: Callable[[Viewer], Q]

    def holds(self, viewer: Viewer, record: Kept) -> bool:
        """True where this viewer may do this with the record."""
        return record.programme_id == viewer.programme and self.predicate(viewer, record)

    def among(self, viewer: Viewer) -> Q:
        """The filter that finds all the records with which this viewer may do this."""
        return Q(programme=viewer.programme) & self.filter(viewer)


def _granted(viewer: Viewer, standing: Standing) -> QuerySet[Grant]:
    return Grant.objects.filter(Grant.on(viewer.on), organisation=standing.organisation)


def _covers(standing: Standing, record: Kept) -> bool:
    return standing.lot in ("", record.lot)


def _covered(standing: Standing) -> Q:
    return Q(lot=standing.lot) if standing.lot else Q()


def _sees(viewer: Viewer, record: Kept) -> bool:
    def through(standing: Standing) -> bool:
        if not _covers(standing, record):
            return False
        if May.PARTNER in standing.may and record.sharing == Sharing.PARTNERS:
            return True
        if May.READ not in standing.may:
            return False
        by_name = record.sharing == Sharing.NAMED and _granted(viewer, standing).filter(record=record.pk).exists()
        return record.organisation_id == standing.organisation or by_name

    return record.sharing == Sharing.PUBLIC or any(map(through, viewer.standings))


def _seen(viewer: Viewer) -> Q:
    seen = Q(sharing=Sharing.PUBLIC)
    for standing in viewer.standings:
        if May.PARTNER in standing.may:
            seen |= Q(sharing=Sharing.PARTNERS) & _covered(standing)
        if May.READ in standing.may:
            by_name = Q(sharing=Sharing.NAMED, pk__in=_granted(viewer, standing).values("record"))
            seen |= (Q(organisation=standing.organisation) | by_name) & _covered(standing)
    return seen


def _changes(viewer: Viewer, record: Kept) -> bool:
    def through(standing: Standing) -> bool:
        held = May.EDIT_HELD in standing.may and record.held_by_id is not None and record.held_by_id == viewer.person
        own = record.organisation_id == standing.organisation and _covers(standing, record)
        return own and (May.EDIT in standing.may or held)

    return not record.withdrawn and any(map(through, viewer.standings))


def _changed(viewer: Viewer) -> Q:
    found = NOBODY
    for standing in viewer.standings:
        own = Q(organisation=standing.organisation) & _covered(standing)
        if May.EDIT in standing.may:
            found |= own
        elif May.EDIT_HELD in standing.may and viewer.person is not None:
            found |= own & Q(held_by=viewer.person)
    return found & Q(withdrawn=False)


def _owns(what: May) -> tuple[Callable[[Viewer, Kept], bool], Callable[[Viewer], Q]]:
    """The predicate and the filter for what an organisation decides of all its records."""

    def holds(viewer: Viewer, record: Kept) -> bool:
        return any(
            what in standing.may and standing.organisation == record.organisation_id and _covers(standing, record)
            for standing in viewer.standings
        )

    def among(viewer: Viewer) -> Q:
        found = NOBODY
        for standing in viewer.standings:
            if what in standing.may:
                found |= Q(organisation=standing.organisation) & _covered(standing)
        return found

    return holds, among


SEE = Permission("see", _sees, _seen)
CHANGE = Permission("change", _changes, _changed)
KEEP = Permission("say who holds", *_owns(May.EDIT))
SHARE = Permission("share or withdraw", *_owns(May.SHARE))
KNOW = Permission("read the whole story of", *_owns(May.READ))
"""Whoever only sees a record because it is shared reads its story from then on."""
PERMISSIONS = (SEE, CHANGE, KEEP, SHARE, KNOW)


def visible(records: QuerySet[Found], viewer: Viewer) -> QuerySet[Found]:
    """Those of the records that the viewer may see."""
    return records.filter(SEE.among(viewer))


def the_visible(records: QuerySet[Found], viewer: Viewer, pk: UUID) -> Found:
    """The record of this id. Raises NotFound where there is none that the viewer may see."""
    found = visible(records, viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such record.")
    return found


def check(permission: Permission, viewer: Viewer, record: Kept) -> None:
    """Nothing where the viewer may do this. Raises NotFound for a record they may not see, else NotAllowed."""
    if not SEE.holds(viewer, record):
        raise NotFound("There is no such record.")
    if not permission.holds(viewer, record):
        raise NotAllowed(f"Your role does not let you {permission.words} this record.")
