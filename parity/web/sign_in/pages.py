"""The pages of sign-in that django-allauth does not have, or has otherwise."""

from typing import Any

import requests
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.views import ConnectionsView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parity.layout.sign_in import recently_signed_in
from parity.register.invitations.actions import accept_invitation, end_sessions, invited_person
from parity.register.models import Person
from parity.web.sign_in.forms import AcceptForm
from parity.web.sign_in.provider import INVITATION, Discovered
from parity.web.sign_in.rules import needs_second_factor
from parity.web.sign_in.sessions import FACTOR_ELSEWHERE, LACKS_FACTOR

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
DOUBTS = (OAuth2Error, requests.RequestException, KeyError, ValueError)
"""What is raised where a provider's description of itself cannot be had, or cannot be trusted."""
ACCEPTED = "Your password is set. Sign in with it."


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: Person


class SignIn(LoginView):
    """The sign-in page: user name and password, or another provider. Who is signed in already goes home."""

    def get_context_data(self, **told: Any) -> dict[str, Any]:
        """What the template shows."""
        return {**super().get_context_data(**told), "providers": _providers()}


def _providers() -> list[SocialApp]:
    return get_adapter().list_apps(None)


def has_second_factor(person: Person) -> bool:
    """True where the person can confirm their sign-in by an app or a passkey."""
    return Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).exists()


class ChangesFactors:
    """A page after which the session asks anew whether its person has the second factor that they need."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The answer to a form that holds."""
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        request: PersonRequest = self.request  # type: ignore[attr-defined]
        given = request.session.get(FACTOR_ELSEWHERE) or has_second_factor(request.user)
        request.session[LACKS_FACTOR] = needs_second_factor(request.user) and not given
        return answer


class AddApp(ChangesFactors, ActivateTOTPView):
    """Sets up the app that shows codes."""


class RemoveApp(ChangesFactors, DeactivateTOTPView):
    """Removes the app that shows codes."""


class AddPasskey(ChangesFactors, AddWebAuthnView):
    """Adds a passkey."""


class RemovePasskey(ChangesFactors, RemoveWebAuthnView):
    """Removes a passkey."""


@require_GET
def show_account(request: PersonRequest) -> HttpResponse:
    """What a person can change about their own sign-in."""
    names = {app.provider_id: app.name for app in _providers()}
    linked = SocialAccount.objects.filter(user_id=request.user.pk, provider__in=names).order_by("pk")
    context = {
        "has_factor": has_second_factor(request.user),
        "linked": [(one.pk, names[one.provider]) for one in linked],
        "providers": _providers(),
    }
    return render(request, "account/account.jinja", context)


class Linked(ConnectionsView):
    """Takes a link to another provider away; what is linked stands on the person's own page."""

    success_url = reverse_lazy("account")

    def get(self, request: HttpRequest, *args: Any, **told: Any) -> HttpResponse:
        """The way to the person's own page."""
        return redirect("account")

    def form_invalid(self, form: Any) -> HttpResponse:
        """The way to the person's own page, with what is wrong."""
        for sentence in (sentence for sentences in form.errors.values() for sentence in sentences):
            messages.error(self.request, sentence)
        return redirect("account")


@require_GET
@never_cache
@recently_signed_in
def show_recovery_codes(request: PersonRequest) -> HttpResponse:
    """The codes that are left. Raises Http404 where the person has no second factor."""
    kept = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    if kept is None:
        raise Http404("Recovery codes come with a second factor.")
    return render(request, "mfa/recovery_codes/index.jinja", {"codes": kept.wrap().get_unused_codes()})


@require_POST
def sign_out_everywhere(request: PersonRequest) -> HttpResponse:
    """The way to the sign-in page; no session of the person opens anything any more."""
    end_sessions(request.user, by=request.user, on=timezone.localdate())
    logout(request)
    messages.info(request, "You are signed out everywhere.")
    return redirect("account_login")


@login_not_required
@never_cache
@sensitive_post_parameters("password1")
@require_http_methods(["GET", "POST"])
def show_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person's choice of how to sign in. Raises NotFound, with one sentence for every reason."""
    person = invited_person(token)
    chosen = request.POST.get("provider")
    if chosen is not None:
        request.session[INVITATION] = token
        return go_to_provider(request, chosen)
    form = AcceptForm(request.POST or None, person=person)
    if form.is_valid():
        limited = ratelimit.consume_or_429(request, action="accept_invitation")
        if limited is not None:
            return limited
        accept_invitation(token, password=form.cleaned_data["password1"], on=timezone.localdate())
        logout(request)
        messages.success(request, ACCEPTED)
        return redirect("account_login")
    context = {"form": form, "person": person, "providers": _providers()}
    return render(request, "account/invitation.jinja", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def go_to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The way to another identity provider; who comes by a link is asked first. Raises Http404 for an unknown one."""
    provider = _provider(request, provider_id)
    if request.method == "GET":
        return render(request, "socialaccount/login.jinja", {"provider": provider})
    try:
        answer = provider.redirect_from_request(request)
    except DOUBTS as error:
        return render_authentication_error(request, provider, exception=error)
    if not isinstance(answer, HttpResponseRedirect):
        return answer
    # our policy lets a form lead to ourselves alone, so the browser goes on from a page
    page = render(request, "socialaccount/go_on.jinja", {"provider": provider, "address": answer.url})
    page["Refresh"] = f"0; url={answer.url}"
    return page


@login_not_required
@never_cache
@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The answer to whoever comes back from another identity provider."""
    provider = _provider(request, provider_id)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(Discovered(request, provider_id))(request)
    except DOUBTS as error:
        return render_authentication_error(request, provider, exception=error)
    return answer


def _provider(request: HttpRequest, provider_id: str) -> OpenIDConnectProvider:
    try:
        return get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404("There is no such provider.") from None
