"""Who acts for whom, as far as a viewer may know it, in words."""

from parity.documents.figure_tables import period_words
from parity.register.people.models import Membership, Person
from parity.register.people.rules import ROLES, May
from parity.register.policy import Managers, Viewer
from parity.register.programmes.models import Programme


def known_memberships(programme: Programme, viewer: Viewer, managers: Managers) -> list[Membership]:
    """The memberships that the viewer may know of: partners know all, others those of their own organisations.

    One that waits for its person is known to those alone who may invite to it.
    """
    known = Membership.objects.filter(programme=programme).select_related("person", "organisation", "programme")
    if not viewer.may(May.PARTNER):
        known = known.filter(organisation__in={standing.organisation for standing in viewer.standings})
    return [one for one in known if not one.waits or managers.let(viewer, one.organisation_id, one.lot)]


def holds(membership: Membership, viewer: Viewer) -> bool:
    """True for a membership that has not ended."""
    return membership.ends_on is None or membership.ends_on > viewer.on


def called(person: Person) -> str:
    """What a person is called."""
    return person.get_full_name() or person.get_username()


def named(membership: Membership) -> str:
    """Whom a membership is for: of somebody who was invited nothing is told but the address that was entered."""
    return membership.person.email if membership.waits else called(membership.person)


def seat_cells(membership: Membership) -> list[dict[str, str]]:
    """A membership as cells: who, for which organisation, in which role and lot, since when."""
    lot, role = membership.lot or "All lots", ROLES[membership.role].title
    since = period_words(membership.starts_on.isoformat())
    return [{"text": text} for text in (named(membership), membership.organisation.name, role, lot, since)]


def seat_words(membership: Membership) -> str:
    """What a membership is for, inside a sentence: `for North Council as planning officer`."""
    role = ROLES[membership.role].title
    inside = role if role[1:2].isupper() else f"{role[:1].lower()}{role[1:]}"
    lot = f" in the lot {membership.lot}" if membership.lot else ""
    return f"for {membership.organisation} as {inside}{lot}"
