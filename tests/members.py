"""People who act for an organisation in a programme."""

from datetime import date

from parity.register.models import Organisation, Person, Programme
from parity.register.people.models import Membership

LONG_AGO = date(2000, 1, 1)


def join(
    person: Person, programme: Programme, *, role: str = "planning_officer", organisation: Organisation | None = None
) -> Membership:
    """The person's membership, for the programme's lead unless another organisation is named."""
    if organisation is not None:
        programme.organisations.add(organisation)
    return Membership.objects.create(
        person=person,
        programme=programme,
        organisation=organisation or programme.lead,
        role=role,
        starts_on=LONG_AGO,
    )


def join_everything(person: Person, *, role: str = "planning_officer") -> None:
    """Nothing; the person acts for the lead of every programme there is."""
    for programme in Programme.objects.all():
        join(person, programme, role=role)
