"""What every request passes: sign-in, the programme's desk, and our own errors as pages in plain words."""

from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control

from parity.layout.api_shapes import JSON
from parity.layout.page import PUBLISHED
from parity.register.limits.actions import count_one
from parity.register.limits.rules import ADDRESS, PROGRAM, STRANGER
from parity.register.models import Programme
from parity.register.policy import enters, viewer_of
from parity.register.tokens.actions import token_of
from parity.register.tokens.models import Scope
from parity.tables import ENGLAND_SCOPE, Desk, Store
from parity.terms.areas import ENGLAND
from parity.terms.errors import NotAllowed, ParityError, TooOften
from parity.web.errors import API, error_answer, refusal

BEARER = "bearer"
FIGURES = "api:figures"
SHORT, NETWORK_BITS = 4, 64
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


class ProgramMiddleware:
    """What every request to the API passes: how often it may come, what it may bring, and how it is told of errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of what lies below, or why there is none."""
        if not request.path.startswith(API):
            return self.get_response(request)
        try:
            _count(request)
        except TooOften as error:
            return refusal(request, error)
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return error_answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if size and request.content_type != JSON:
            return error_answer(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            told = error_answer(request, HTTPStatus.METHOD_NOT_ALLOWED)
            told["Allow"] = response["Allow"]
            return told
        return response


def _count(request: HttpRequest) -> None:
    """Nothing; the request is counted for its address, and for its token or person. Raises TooOften."""
    at, address, token = timezone.now(), _network(request), getattr(request, "token", None)
    count_one(ADDRESS, address, at=at)
    if token is not None:
        count_one(PROGRAM, f"token {token.pk}", at=at)
    elif request.user.is_authenticated:
        count_one(PROGRAM, f"person {request.user.pk}", at=at)
    else:
        count_one(STRANGER, address, at=at)


def _network(request: HttpRequest) -> str:
    """Where a request comes from: its address, of a long one the half that names the network; empty if not known."""
    try:
        found = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return ""
    return str(found if found.version == SHORT else ip_network((found, NETWORK_BITS), strict=False))


def _shows_england(request: HttpRequest) -> bool:
    """True where the address is one of England's own, or asks the API for figures, and not one of a programme's."""
    found = request.resolver_match
    return found is not None and ("programme" in found.extra_kwargs or found.view_name == FIGURES)  # type: ignore[attr-defined]


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
        if slug == ENGLAND_SCOPE and _shows_england(request):
            request.programme = PUBLISHED  # type: ignore[attr-defined]
            asked = request.GET.getlist("area")
            request.desk = Desk(Store(settings.PARITY_HOME), slug).looking_at(asked or [ENGLAND])  # type: ignore[attr-defined]
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
