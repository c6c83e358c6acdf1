"""A guard for pages of grave acts: whoever opens one must have shown a moment ago who they are."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

CONFIRMED_AT = "confirmed_at"
OPENED_WITHIN_SECONDS = 5 * 60
SENT_WITHIN_SECONDS = 15 * 60
"""Longer than for opening: a form of a grave act wants reading and reasons."""

Asked = ParamSpec("Asked")
Request = TypeVar("Request", bound=HttpRequest)
Page = Callable[Concatenate[Request, Asked], HttpResponse]


def note_confirmed(request: HttpRequest) -> None:
    """Nothing; the session knows that the person has just shown who they are."""
    request.session[CONFIRMED_AT] = int(time.time())


def was_confirmed(request: HttpRequest, *, within: int) -> bool:
    """True where the person showed who they are within so many seconds."""
    return time.time() - request.session.get(CONFIRMED_AT, 0) <= within


def recently_signed_in(page: Page[Request, Asked]) -> Page[Request, Asked]:
    """The page for whoever showed in the last five minutes who they are; others do so first and then come back.

    What was typed on a page that was left open too long is not kept: the page is opened anew.
    """

    @wraps(page)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        within = OPENED_WITHIN_SECONDS if request.method in ("GET", "HEAD") else SENT_WITHIN_SECONDS
        if was_confirmed(request, within=within):
            return page(request, *args, **kwargs)
        return HttpResponseRedirect(
            f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}"
        )

    return guarded
