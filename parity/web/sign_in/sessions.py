"""What a session notes of its sign-in, and when it is over. Read before any model is there."""

import time
from typing import Any

from allauth.account.signals import authentication_step_completed
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest

from parity.layout.sign_in import note_confirmed
from parity.web.sign_in.rules import NOTED_SECONDS, has_ended

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
LACKS_FACTOR = "lacks_second_factor"
"""True where the person still must set up a second factor. Not there where code opened the session, not a page."""
FACTOR_ELSEWHERE = "second_factor_elsewhere"
"""True where another provider asked for the second factor."""


def is_over(session: SessionBase) -> bool:
    """True for a session that lasted too long, or rested too long, or does not know. Else its use is noted."""
    now = int(time.time())
    seen_at = session.get(SEEN_AT, 0)
    if has_ended(signed_in_at=session.get(SIGNED_IN_AT, 0), seen_at=seen_at, now=now):
        return True
    if now - seen_at > NOTED_SECONDS:
        session[SEEN_AT] = now
    return False


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, **told: Any) -> None:
    """Nothing; the session knows when it began."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())
    note_confirmed(request)


@receiver(authentication_step_completed)
def note_step(request: HttpRequest, **told: Any) -> None:
    """Nothing; whoever confirmed who they are need not do so again for a while."""
    if told.get("reauthenticated"):
        note_confirmed(request)
