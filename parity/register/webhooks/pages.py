"""Pages of an organisation's webhooks, for those who manage it in the programme."""

from typing import Any
from uuid import UUID

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
from parity.register.audit.documents import moment_words
from parity.register.policy import ProgrammeRequest
from parity.register.webhooks.actions import (
    add_webhook,
    end_webhook,
    managed_by,
    renew_secret,
    try_webhook,
    webhooks_of,
)
from parity.register.webhooks.forms import WebhookForm
from parity.register.webhooks.models import Delivery, Webhook
from parity.register.webhooks.rules import BOTH_HOLD_HOURS, KEPT_DAYS
from parity.terms.errors import InputRefused, NotAllowed, NotFound

MENU, TITLE = "webhooks", "Webhooks"
HEADS = ("Address", "For", "Registered by", "State")
DELIVERY_HEADS = ("When", "What", "State", "Attempts", "Last answer")
MOST_SHOWN = 50
ABOUT = (
    "It is told of the records that you may see for this organisation, as long as you manage it: that one was changed, "
    "and where it is, but nothing of what it says."
)
FORMS = require_http_methods(("GET", "HEAD", "POST"))
SECRET = "Whoever receives the deliveries checks their signature with it, as Standard Webhooks says."  # noqa: S105 -- words


@require_safe
def show_webhooks(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The webhooks of the organisations that the viewer manages. Raises NotAllowed where they manage none."""
    _check(request)
    rows = [
        [
            {"text": one.address, "href": reverse("webhook", args=(programme, one.pk))},
            *({"text": text} for text in (one.organisation.name, _called(one), _state(one))),
        ]
        for one in webhooks_of(request.programme, request.viewer)
    ]
    context = {"title": TITLE, "stage": MENU, "trail": _above(request), "rows": rows}
    return render(request, "webhooks/webhooks.jinja", {**context, "heads": [{"text": text} for text in HEADS]})


@FORMS
@never_cache
@recently_signed_in
def show_new(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form that registers a webhook; once it was taken in, its secret, this once."""
    _check(request)
    managed = request.programme.organisations.filter(pk__in=managed_by(request.viewer))
    form = WebhookForm(managed, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        said: dict[str, Any] = {"by": request.user, "on": request.viewer.on}
        try:
            webhook, secret = add_webhook(
                request.programme, form.organisation_chosen(), form.cleaned_data["address"], **said
            )
            return _shown_once(request, webhook, secret)
        except InputRefused as refused:
            form.refuse(refused.faults)
    context = {"title": "Register a webhook", "submit": "Register", "said": ABOUT, "form": form}
    return render(request, "layout/act.jinja", {**context, **_place(request)})


@require_safe
def show_webhook(request: ProgrammeRequest, programme: str, webhook: UUID) -> HttpResponse:
    """A webhook: what it is, and what was last delivered to it."""
    found = _the_webhook(request, webhook)
    last = list(found.deliveries.all()[:MOST_SHOWN])
    context = {
        "webhook": found,
        "state": _state(found),
        "registered": f"By {_called(found)}, for {found.organisation.name}, {moment_words(found.made_at.isoformat())}",
        "heads": [{"text": text} for text in DELIVERY_HEADS],
        "rows": [_row(one) for one in last],
        "kept": KEPT_DAYS,
    }
    return render(request, "webhooks/webhook.jinja", {"title": "Webhook", **context, **_place(request)})


@FORMS
@never_cache
@recently_signed_in
def show_renewal(request: ProgrammeRequest, programme: str, webhook: UUID) -> HttpResponse:
    """The form that makes a new secret; once it was sent, that secret, this once."""
    found = _the_webhook(request, webhook)
    if request.method == "POST":
        return _shown_once(request, *renew_secret(found, by=request.user, on=request.viewer.on))
    said = f"For {BOTH_HOLD_HOURS} hours deliveries are signed with the old secret too, so that you can change over."
    context = {"title": "Make a new secret", "submit": "Make the secret", "said": said}
    return render(request, "layout/act.jinja", {**context, **_place(request, found)})


@require_POST
def send_test(request: ProgrammeRequest, programme: str, webhook: UUID) -> HttpResponse:
    """The way back to the webhook, which is about to get a test."""
    found = _the_webhook(request, webhook)
    try_webhook(found, by=request.user, on=request.viewer.on)
    return _back(request, found, "A test is on its way. Look again in a minute or two.")


@require_POST
def stop(request: ProgrammeRequest, programme: str, webhook: UUID) -> HttpResponse:
    """The way back to the webhook, which has ended."""
    found = _the_webhook(request, webhook)
    end_webhook(found, by=request.user, on=request.viewer.on)
    return _back(request, found, "The webhook has ended.")


def _check(request: ProgrammeRequest) -> None:
    if not managed_by(request.viewer):
        raise NotAllowed("Your role does not let you manage webhooks.")


def _the_webhook(request: ProgrammeRequest, key: UUID) -> Webhook:
    """The webhook. Raises NotFound for one of an organisation that the viewer does not manage, as for none."""
    found = webhooks_of(request.programme, request.viewer).filter(pk=key).first()
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def _state(webhook: Webhook) -> str:
    if webhook.ended_at is not None:
        return f"Ended on {period_words(webhook.ended_at.date().isoformat())}. {webhook.why_ended}"
    if webhook.failing_since is not None:
        return f"Failing since {moment_words(webhook.failing_since.isoformat())}"
    return "Running"


def _row(delivery: Delivery) -> list[dict[str, str]]:
    state = "Delivered" if delivery.delivered_at else "Waiting" if delivery.due_at else "Given up"
    what = f"Event {delivery.number}" if delivery.number else "Test"
    told = (moment_words(delivery.made_at.isoformat()), what, state, str(delivery.attempts), delivery.answer or "–")
    return [{"text": text} for text in told]


def _called(webhook: Webhook) -> str:
    return webhook.person.get_full_name() or webhook.person.get_username()


def _shown_once(request: ProgrammeRequest, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"title": "The secret of the webhook", "secret": secret, "said": SECRET, **_place(request, webhook)}
    return render(request, "connections/secret.jinja", context)


def _back(request: ProgrammeRequest, webhook: Webhook, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("webhook", request.programme.slug, webhook.pk)


def _above(request: ProgrammeRequest) -> Trail:
    return (*programme_trail(request), ("Your connections", stage_url(request.programme.slug, "connections")))


def _place(request: ProgrammeRequest, webhook: Webhook | None = None) -> dict[str, Any]:
    slug = request.programme.slug
    trail = (*_above(request), (TITLE, stage_url(slug, MENU)))
    if webhook is None:
        return {"stage": MENU, "back": stage_url(slug, MENU), "trail": trail}
    back = reverse("webhook", args=(slug, webhook.pk))
    return {"stage": MENU, "back": back, "trail": (*trail, ("Webhook", back))}
