"""What `parity invite` does: the first person of a programme, or another, from the terminal of whoever runs it."""

from argparse import Namespace

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parity.register.intake.actions import enlist_transcriber
from parity.register.invitations.actions import invitation_token, invite_person, is_awaited
from parity.register.memberships.actions import Seat, seat_person
from parity.register.memberships.documents import seat_words
from parity.register.models import Organisation, Person, Programme
from parity.register.people.rules import ROLES
from parity.terms.errors import NotAllowed, NotFound
from parity.web.sign_in.environment import CONSOLE
from parity.web.verbs import migrate

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


def invite(given: Namespace) -> int:
    """0; the person may act for the organisation once they have signed in, and has a link to do so.

    It comes by e-mail; on one's own machine without a server for e-mail it is printed.
    """
    migrate()
    prints = settings.EMAIL_BACKEND == CONSOLE
    if prints and not settings.ON_LOOPBACK:
        raise NotAllowed("Set PARITY_EMAIL_URL, so that the invitation can be sent.")
    if prints:
        settings.EMAIL_BACKEND = NO_MAIL
    seat = _seat(given)
    by, on = enlist_transcriber(), timezone.localdate()
    with transaction.atomic():
        person = invite_person(given.email, name=given.name, by=by, on=on)
        made = seat_person(person, seat, by=by, on=on, invited=True)
    print(f"{person.email} is invited to act {seat_words(made)}.")
    if prints:
        print(_link(person))
    return 0


def _link(person: Person) -> str:
    """Where an invited person chooses how to sign in, or whoever can sign in already does so."""
    awaited = is_awaited(person)
    path = reverse("invitation", args=[invitation_token(person)]) if awaited else reverse("account_login")
    return f"{settings.ADDRESS}{path}"


def _seat(given: Namespace) -> Seat:
    """What the person is invited for. Raises NotFound, naming what there is, for what there is not."""
    programme = Programme.objects.filter(slug=given.programme).first()
    if programme is None:
        known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True))
        raise NotFound(f"No programme is called “{given.programme}”. There are: {known or 'none; load one first'}.")
    organisation: Organisation | None = programme.organisations.filter(code=given.organisation).first()
    if organisation is None:
        known = "; ".join(f"{one.code} ({one.name})" for one in programme.organisations.all())
        raise NotFound(f"No organisation “{given.organisation}” takes part. There are: {known}.")
    if given.role not in ROLES:
        raise NotFound(f"No role is called “{given.role}”. There are: {', '.join(ROLES)}.")
    return Seat(programme, organisation, given.role, given.lot)
