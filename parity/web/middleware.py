"""What every request passes: sign-in, the programme's desk, and our own errors as pages in plain words."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control

from parity.register.models import Programme
from parity.register.policy import enters, viewer_of
from parity.register.tokens.actions import token_of
from parity.register.tokens.models import Scope
from parity.tables import Desk, Store
from parity.terms.errors import NotAllowed, ParityError
from parity.web.errors import API, refusal

BEARER = "bearer"
SAFE = ("GET", "HEAD", "OPTIONS")


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends whoever is not signed in to the sign-in page; the API answers 401 by itself instead."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """None where the request may go on, else the way to the sign-in page."""
        if request.path.startswith(API):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class TokenMiddleware:
    """Lets a program act for the person of its token, on the API alone; without a token that holds, for nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of what lies below."""
        word, _, text = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith(API) and word.lower() == BEARER:
            token = token_of(text.strip(), on=timezone.localdate())
            request.token = token  # type: ignore[attr-defined]
            request.user = AnonymousUser() if token is None else token.person
            # no browser sends this header by itself, so no other site can
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)


class DeskMiddleware:
    """Gives each request on a programme its `programme` and `desk`; the one place that asks who may see it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of what lies below, for the person who asked alone: it is kept in no cache that others share."""
        response = self.get_response(request)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None, or the refusal of a change by a token that may only read.

        Raises Http404 where the address names a programme that is not there for this person.
        """
        slug = view_kwargs.get("programme")
        if slug is None or not request.user.is_authenticated:
            return None
        programme = Programme.objects.filter(slug=slug).first()
        viewer = None if programme is None else viewer_of(request.user, programme, on=timezone.localdate())
        token = getattr(request, "token", None)
        if viewer is None or not enters(viewer) or (token is not None and token.programme != programme):
            raise Http404(f"There is no programme called {slug}.")
        if token is not None and token.scope == Scope.READ and request.method not in SAFE:
            return refusal(request, NotAllowed("This token may read, and not change anything."))
        request.programme = programme  # type: ignore[attr-defined]
        request.viewer = viewer  # type: ignore[attr-defined]
        request.desk = Desk(Store(settings.PARITY_HOME), slug, viewer)  # type: ignore[attr-defined]
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to an error of ours in its own words; None leaves any other error to Django."""
        return refusal(request, exception) if isinstance(exception, ParityError) else None
