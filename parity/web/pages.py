"""Pages that belong to no stage: sign-in, the accessibility statement and the security contact."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

VALID = timedelta(days=180)


class SignInForm(AuthenticationForm):
    """User name and password; the words do not tell which of the two was wrong."""

    error_messages = {  # noqa: RUF012 -- the way Django words its forms
        **AuthenticationForm.error_messages,
        "invalid_login": "Enter a user name and password that belong together.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"
        self.fields["username"].error_messages["required"] = "Enter your user name."
        self.fields["password"].error_messages["required"] = "Enter your password."


class SignIn(LoginView):
    """The sign-in page. Paste and password managers work; whoever is signed in already goes home."""

    authentication_form = SignInForm
    template_name = "web/sign_in.jinja"
    redirect_authenticated_user = True
    extra_context = {"title": "Sign in", "submit": "Sign in"}  # noqa: RUF012 -- the way Django words its views


@login_not_required
def show_accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    context = {"title": "Accessibility statement", "trail": (("Home", "/"),), "contact": settings.CONTACT}
    return render(request, "web/accessibility.jinja", context)


@login_not_required
def show_security_contact(request: HttpRequest) -> HttpResponse:
    """How to report a weakness, in the form of RFC 9116; without a contact of its own, the statement's page is it."""
    contact = settings.CONTACT or request.build_absolute_uri(reverse("accessibility"))
    expires = timezone.now().replace(microsecond=0) + VALID
    lines = (f"Contact: {contact}", f"Expires: {expires.isoformat()}", "Preferred-Languages: en")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
