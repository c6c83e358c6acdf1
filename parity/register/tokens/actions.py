"""Giving a program a token, taking it away, and finding out whom a token stands for."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parity.register.audit.actions import Happening, append_events
from parity.register.people.models import Person
from parity.register.people.rules import may_sign_in
from parity.register.policy import enters, viewer_of
from parity.register.programmes.models import Programme
from parity.register.tokens.models import Answered, Scope, Token
from parity.terms.errors import Fault, InputRefused, NotFound

PREFIX = "parity"
SECRET_BYTES = 32
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Wish:
    """What a token is wanted for: its title, scope, and the day from which it holds no longer."""

    title: str
    scope: str
    ends_on: date


@transaction.atomic
def give_token(programme: Programme, wish: Wish, *, by: Person, on: date) -> tuple[Token, str]:
    """The token and its secret, which is told once and kept nowhere. Raises NotFound, InputRefused."""
    if not enters(viewer_of(by, programme, on=on)):
        raise NotFound("There is no such programme.")
    faults = []
    if not wish.title.strip():
        faults.append(Fault("token", "Give the token a name.", column="title"))
    if wish.scope not in Scope.values:
        faults.append(Fault("token", "Choose what the token may do.", column="scope"))
    if not on < wish.ends_on <= on + timedelta(days=LONGEST_DAYS):
        faults.append(Fault("token", "A token ends after today and within a year.", column="ends_on"))
    if faults:
        raise InputRefused(faults)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    token = Token.objects.create(
        person=by,
        programme=programme,
        title=wish.title.strip(),
        scope=wish.scope,
        digest=_digest(secret),
        starts_on=on,
        ends_on=wish.ends_on,
    )
    _tell("gave itself", token, by=by, on=on)
    return token, f"{PREFIX}_{token.pk.hex}_{secret}"


@transaction.atomic
def end_token(token: Token, *, by: Person, on: date) -> Token:
    """The token, which holds no longer. Raises NotFound for somebody else's."""
    found = Token.objects.select_for_update().filter(pk=token.pk, person=by).first()
    if found is None:
        raise NotFound("There is no such token.")
    if found.ends_on > on:
        found.ends_on = on
        found.save()
        _tell("ended", found, by=by, on=on)
    return found


def token_of(text: str, *, on: date) -> Token | None:
    """The token whose text a program sent, with its person and programme; None where it is none, or holds no longer."""
    prefix, _, rest = text.partition("_")
    number, _, secret = rest.partition("_")
    try:
        key = UUID(hex=number)
    except ValueError:
        return None
    found = Token.objects.filter(Token.on(on), pk=key).select_related("person", "programme").first()
    known = found.digest if found is not None else _digest("")
    # compared also where there is none, so that the time does not tell which was wrong
    right = secrets.compare_digest(known, _digest(secret)) and prefix == PREFIX
    return found if found is not None and right and may_sign_in(found.person, demo=settings.DEMO) else None


def forget_answers() -> int:
    """How many answers were removed: those that are kept no longer."""
    removed, _ = Answered.objects.exclude(Answered.kept(timezone.now())).delete()
    return removed


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(verb: str, token: Token, *, by: Person, on: date) -> None:
    words = f"{token.title}, to {Scope(token.scope).label.lower()}, until {token.ends_on.isoformat()}"
    organisation = viewer_of(by, token.programme, on=on).acts_for
    told = Happening(verb, "token", record=str(token.pk), code=words, organisation=organisation)
    append_events(token.programme.slug, [told], by=by, on=on)
