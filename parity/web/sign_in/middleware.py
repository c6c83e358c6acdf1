"""Ends sessions that lasted too long, and lets nobody past who still needs a second factor."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from parity.web.errors import API, error_answer
from parity.web.sign_in.sessions import LACKS_FACTOR, is_over

ENDED = "You were signed out: a session ends after half an hour of rest, and after twelve hours."
SET_UP_FIRST = "Set up a second step of your sign-in first: open the workspace in a browser."
OPEN_WITHOUT_FACTOR = ("account_logout", "account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn")


class SessionEndMiddleware:
    """Signs out whoever has a session that is over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of what lies below, to a visitor where the session was over."""
        if request.user.is_authenticated and is_over(request.session):
            logout(request)
            messages.info(request, ENDED)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Sends whoever lacks a second factor that they need to where they set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of what lies below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        """None where the request may go on, else the way to the set-up; the API says so in a problem document."""
        if not request.user.is_authenticated or not request.session.get(LACKS_FACTOR):
            return None
        if request.path.startswith(API):
            return error_answer(request, HTTPStatus.FORBIDDEN, sentences=(SET_UP_FIRST,))
        match = request.resolver_match
        is_open = not getattr(view_func, "login_required", True)
        return None if is_open or (match and match.view_name in OPEN_WITHOUT_FACTOR) else redirect("mfa_index")
