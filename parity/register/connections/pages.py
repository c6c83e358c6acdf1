"""Pages of what reaches a person outside the pages: the address of their calendar, e-mails, tokens for programs."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parity.documents.figure_tables import period_words
from parity.layout.addresses import stage_url
from parity.layout.page import Trail
from parity.layout.sign_in import recently_signed_in
from parity.layout.topic_pages import programme_trail
from parity.register.calendars.actions import end_calendar, give_calendar
from parity.register.calendars.models import Calendar
from parity.register.connections.forms import ChoiceForm, TokenForm
from parity.register.notices.actions import choose_notices
from parity.register.notices.models import Choice
from parity.register.notices.rules import DAILY, PACES, REASONS
from parity.register.policy import ProgrammeRequest
from parity.register.tokens.actions import end_token, give_token
from parity.register.tokens.models import Scope, Token
from parity.register.webhooks.actions import managed_by
from parity.terms.errors import InputRefused, NotFound

MENU, TITLE = "connections", "Your connections"
HEADS = ("Token", "May", "From", "Ends on", "End it")
FORMS = require_http_methods(("GET", "HEAD", "POST"))


@require_safe
def show_connections(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The person's calendar address, what they are told by e-mail, and their tokens, in this programme."""
    mine: dict[str, Any] = {"person": request.user, "programme": request.programme}
    choice = Choice.objects.filter(**mine).first()
    tokens = Token.objects.filter(Token.on(request.viewer.on), **mine)
    calendar = Calendar.objects.filter(**mine).first()
    context = {
        "title": TITLE,
        "stage": MENU,
        "trail": programme_trail(request),
        "made_on": period_words(calendar.made_on.isoformat()) if calendar else "",
        "told": [REASONS[reason] for reason in choice.reasons] if choice else [],
        "pace": PACES[choice.pace] if choice else "",
        "heads": [{"text": text} for text in HEADS],
        "tokens": [_row(request, one) for one in tokens],
        "manages": bool(managed_by(request.viewer)),
    }
    return render(request, "connections/connections.jinja", context)


@FORMS
@never_cache
@recently_signed_in
def show_calendar(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form that makes a new address for the person's calendar; once it was sent, that address, this once."""
    if request.method == "POST":
        made, secret = give_calendar(request.programme, by=request.user, on=request.viewer.on)
        address = settings.ADDRESS + reverse("calendar-feed", args=(made.pk, secret))
        said = "Add it to your calendar program as a calendar from the internet. Whoever has it sees what you see."
        return _shown_once(request, "The address of your calendar", address, said)
    said = "You get an address with a secret in it, which is shown once. An address that you made before ends."
    return render(
        request,
        "layout/act.jinja",
        {"title": "Make a calendar address", "submit": "Make the address", "said": said, **_place(request)},
    )


@require_POST
def stop_calendar(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The way back; the address of the person's calendar leads nowhere any more."""
    calendar = Calendar.objects.filter(person=request.user, programme=request.programme).first()
    if calendar is None:
        raise NotFound("You have no calendar address in this programme.")
    end_calendar(calendar, by=request.user, on=request.viewer.on)
    return _back(request, "The address of your calendar leads nowhere any more.")


@FORMS
def show_choice(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form that says what the person is told by e-mail; once it was taken in, the way back."""
    choice = Choice.objects.filter(person=request.user, programme=request.programme).first()
    now = {"reasons": choice.reasons, "pace": choice.pace} if choice else {"pace": DAILY}
    form = ChoiceForm(initial=now, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            said = form.cleaned_data
            choose_notices(request.programme, said["reasons"], said["pace"], by=request.user, on=request.viewer.on)
            return _back(request, "Your choice is kept.")
        except InputRefused as refused:
            form.refuse(refused.faults)
    address = request.user.email or "nobody, for we know no address of yours"
    told = f"They go to {address}. Each holds a link and nothing else."
    context = {"title": "E-mails about this programme", "submit": "Save", "said": told, "form": form}
    return render(request, "layout/act.jinja", {**context, **_place(request)})


@FORMS
@never_cache
@recently_signed_in
def show_new_token(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form for a new token; once it was taken in, its secret, this once."""
    form = TokenForm(data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            token, secret = give_token(request.programme, form.wish(), by=request.user, on=request.viewer.on)
            said = "Send it in the header Authorization: Bearer … of each request to the API."
            return _shown_once(request, f"The token “{token.title}”", secret, said)
        except InputRefused as refused:
            form.refuse(refused.faults)
    said = "A program that has it acts for you in this programme. It can do no more than you can."
    context = {"title": "Make a token", "submit": "Make the token", "said": said, "form": form}
    return render(request, "layout/act.jinja", {**context, **_place(request)})


@require_POST
def stop_token(request: ProgrammeRequest, programme: str, token: UUID) -> HttpResponse:
    """The way back; the token holds no longer."""
    found = Token.objects.filter(person=request.user, programme=request.programme, pk=token).first()
    if found is None:
        raise NotFound("There is no such token.")
    end_token(found, by=request.user, on=request.viewer.on)
    return _back(request, f"The token “{found.title}” has ended.")


def _row(request: ProgrammeRequest, token: Token) -> list[dict[str, str]]:
    """A token's cells; the last ends it."""
    days = (period_words(day.isoformat()) for day in (token.starts_on, token.ends_on))
    told = [{"text": text} for text in (token.title, Scope(token.scope).label, *days)]
    end = {"text": "End", "more": f"the token {token.title}"}
    return [*told, end | {"post": reverse("end-token", args=(request.programme.slug, token.pk))}]


def _shown_once(request: ProgrammeRequest, title: str, secret: str, said: str) -> HttpResponse:
    return render(
        request, "connections/secret.jinja", {"title": title, "secret": secret, "said": said, **_place(request)}
    )


def _back(request: ProgrammeRequest, told: str) -> HttpResponse:
    """The way to the page of all connections, which then says what was done."""
    messages.success(request, told)
    return redirect(stage_url(request.programme.slug, MENU))


def _place(request: ProgrammeRequest) -> dict[str, Any]:
    back = stage_url(request.programme.slug, MENU)
    trail: Trail = (*programme_trail(request), (TITLE, back))
    return {"stage": MENU, "back": back, "trail": trail}
