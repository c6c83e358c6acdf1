"""Inviting people, their acceptance, and ending their sessions or second factors; each with an event."""

from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from parity.register.audit.actions import Happening, append_events
from parity.register.people.models import Person
from parity.terms.errors import Fault, InputRefused, NotFound

CHAIN = "sign-in"
"""The chain of events about people, who belong to no one programme."""
OPEN_FOR = timedelta(days=7)
SALT = "parity.register.invitations"
LONGEST_ADDRESS = 150
SUBJECT = "Parity: an invitation"
INVITED = (
    "You are invited to Parity. Choose how you will sign in:",
    "The link works once, within 7 days. If you do not expect an invitation, you need not do anything.",
)
KNOWN = ("You have been given access to more in Parity. Sign in as always:",)
GONE = "This invitation was used or withdrawn, or is older than 7 days. Ask whoever invited you for another."


@transaction.atomic
def invite_person(email: str, *, name: str, by: Person, on: date) -> Person:
    """The person of this address, who is sent a link: to choose how to sign in, or to where they already do.

    Whether the person was known, the answer does not tell. Raises InputRefused for what is no address.
    """
    address = _address(email)
    person = Person.objects.filter(email__iexact=address).first()
    if person is None:
        nameless = Person(username=address, email=address, first_name=name)
        nameless.set_unusable_password()
        given = {"email": address, "first_name": name, "password": nameless.password}
        person, _ = Person.objects.get_or_create(username=address, defaults=given)
    tell("invited", person, by=by, on=on)
    if is_awaited(person):
        _send(address, INVITED, reverse("invitation", args=[invitation_token(person)]))
    else:
        _send(address, KNOWN, reverse("account_login"))
    return person


def is_awaited(person: Person) -> bool:
    """True for a person who has no way to sign in yet."""
    return not person.has_usable_password() and not SocialAccount.objects.filter(user_id=person.pk).exists()


def invitation_token(person: Person) -> str:
    """The text in an invitation's link: it dies with its use, with the next epoch and after seven days."""
    return signing.dumps({"person": str(person.pk), "state": _state(person)}, salt=SALT)


def invited_person(token: str) -> Person:
    """The person whom the token invites. Raises NotFound, with one sentence for every reason."""
    try:
        told = signing.loads(token, salt=SALT, max_age=OPEN_FOR)
    except signing.BadSignature:
        raise NotFound(GONE) from None
    person = Person.objects.filter(pk=told["person"], is_active=True).first()
    if person is None or not constant_time_compare(told["state"], _state(person)):
        raise NotFound(GONE)
    return person


@transaction.atomic
def accept_invitation(token: str, *, password: str | None, on: date) -> Person:
    """The person, who signs in with this password from now on, or through another provider where there is none.

    Raises NotFound for an invitation that is gone.
    """
    Person.objects.select_for_update().get(pk=invited_person(token).pk)
    # asked once more, for this acceptance may have waited for another one to end
    person = invited_person(token)
    if password is not None:
        person.set_password(password)
    person.session_epoch += 1
    person.save()
    tell("accepted", person, by=person, on=on)
    return person


@transaction.atomic
def end_sessions(person: Person, *, by: Person, on: date) -> Person:
    """The person, signed out everywhere at the next request; an open invitation ends too."""
    found = Person.objects.select_for_update().get(pk=person.pk)
    found.session_epoch += 1
    found.save()
    tell("signed out everywhere", found, by=by, on=on)
    return found


@transaction.atomic
def remove_second_factors(person: Person, *, by: Person, on: date) -> Person:
    """The person without second factor and recovery codes, signed out: the next sign-in begins with a new one."""
    Authenticator.objects.filter(user_id=person.pk).delete()
    tell("second factors removed", person, by=by, on=on)
    return end_sessions(person, by=by, on=on)


def tell(verb: str, person: Person, *, by: Person, on: date) -> None:
    """Nothing; the chain of sign-in has an event about the person, who bears no name there."""
    append_events(CHAIN, [Happening(verb=verb, kind="person", record=str(person.pk))], by=by, on=on)


def _state(person: Person) -> str:
    """What changes when an invitation is used or ended."""
    return salted_hmac(SALT, f"{person.password} {person.session_epoch}", algorithm="sha256").hexdigest()


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not 0 < len(address) <= LONGEST_ADDRESS:
        raise InputRefused([Fault("invitation", "Enter an e-mail address.", column="email")])
    return address


def _send(address: str, sentences: tuple[str, ...], path: str) -> None:
    """Nothing; once the transaction is kept, the link is sent, and nothing else that is not public."""
    first, *rest = sentences
    text = "\n\n".join([first, settings.ADDRESS + path, *rest]) + "\n"
    transaction.on_commit(lambda: send_mail(SUBJECT, text, None, [address]))
