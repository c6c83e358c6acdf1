"""Who acts for whom in a programme, and the forms by which that begins and ends."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parity.documents.figure_tables import period_words
from parity.layout.addresses import stage_url
from parity.layout.forms import FaultForm
from parity.layout.sign_in import recently_signed_in
from parity.layout.topic_pages import programme_trail
from parity.register.memberships.actions import Seat, end_membership, invite_again, invite_member
from parity.register.memberships.documents import called, holds, known_memberships, named, seat_cells, seat_words
from parity.register.memberships.forms import EndingForm, InvitationForm
from parity.register.people.models import Membership
from parity.register.people.rules import ROLES
from parity.register.policy import MANAGING, Managers, ProgrammeRequest, managers_of, managing
from parity.terms.errors import NotAllowed, NotFound

MENU = "people"
HEADS = ("Person", "Acts for", "Role", "Lot", "From")
INVITED_HEADS = ("E-mail address", "For", "Role", "Lot", "Invited on", "Link", "Invitation")
NOTHING = {"text": "–"}
FORMS = require_http_methods(("GET", "HEAD", "POST"))


@require_safe
def show_people(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """Who acts for which organisation today; for those who decide that, who was invited and who has left."""
    managers = managers_of(request.programme, on=request.viewer.on)
    may_manage = bool(managers.managed_by(request.viewer, request.programme.organisations.all()))
    known = known_memberships(request.programme, request.viewer, managers)
    today = [one for one in known if holds(one, request.viewer)]
    heads = HEADS + (("Membership",) if may_manage else ())
    context: dict[str, Any] = {
        "title": "People",
        "stage": MENU,
        "trail": programme_trail(request),
        "now": [_row(request, one, managers)[: len(heads)] for one in today if not one.waits],
        "invited": [_invited_row(one) for one in today if one.waits],
        "left": [_left_row(one) for one in known if one not in today and not one.waits] if may_manage else [],
        "heads": _heads(*heads),
        "invited_heads": _heads(*INVITED_HEADS),
        "left_heads": _heads(*HEADS, "Ended on"),
        "invite": f"{stage_url(programme, MENU)}invite/" if may_manage else "",
    }
    return render(request, "memberships/people.jinja", context)


@FORMS
@recently_signed_in
def show_invitation(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form that lets somebody act for an organisation; once it was taken in, the way back to everybody."""
    form = InvitationForm(request.programme, request.viewer, data=request.POST if request.method == "POST" else None)
    if not form.managed:
        raise NotAllowed("Your role does not let you say who acts for an organisation.")
    if form.is_valid():
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="invite")
        if limited is not None:
            return limited
        made = form.done(lambda: _invited(request, form))
        if made is not None:
            return _back(request, f"{form.cleaned_data['email']} is invited to act {seat_words(made)}.")
    roles = [(role.title, sorted(may.value for may in role.may)) for role in ROLES.values()]
    context = {"title": "Invite somebody", "submit": "Invite", "roles": roles, "form": form}
    return render(request, "memberships/invitation.jinja", {**context, **_place(request)})


@FORMS
@recently_signed_in
def show_second_invitation(request: ProgrammeRequest, programme: str, membership: UUID) -> HttpResponse:
    """The form that sends another link to somebody who was invited; then the way back to everybody."""
    found = _found(request, membership)
    if request.method == "POST":
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="invite")
        if limited is not None:
            return limited
        invite_again(found, by=request.user, on=request.viewer.on)
        return _back(request, f"{named(found)} was sent another link.")
    if not found.waits:
        raise NotFound("There is no such invitation.")
    said = f"{named(found)} was invited to act {seat_words(found)}, and has not signed in since."
    context = {"title": "Send the invitation again", "submit": "Send again", "said": said, "form": FaultForm()}
    return render(request, "layout/act.jinja", {**context, **_place(request)})


@FORMS
@recently_signed_in
def show_ending(request: ProgrammeRequest, programme: str, membership: UUID) -> HttpResponse:
    """The form that ends a membership, with the reason; once it was taken in, the way back to everybody."""
    found = _found(request, membership)
    who, form = named(found), EndingForm(data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        end_membership(found, by=request.user, on=request.viewer.on, reason=form.cleaned_data["reason"])
        told = "is no longer invited to act" if found.waits else "no longer acts"
        return _back(request, f"{who} {told} for {found.organisation}.")
    title, said = ("Withdraw an invitation", "is invited to act") if found.waits else ("End a membership", "acts")
    submit = "Withdraw the invitation" if found.waits else "End the membership"
    context = {"title": title, "submit": submit, "about": f"{who} {said} {seat_words(found)}.", "form": form}
    return render(request, "layout/act.jinja", {**context, "said": _last_words(request, found), **_place(request)})


def _invited(request: ProgrammeRequest, form: InvitationForm) -> Membership:
    said = form.cleaned_data
    seat = Seat(request.programme, form.organisation_chosen(), said["role"], said["lot"])
    return invite_member(said["email"], seat, name=said["name"], by=request.user, on=request.viewer.on)


def _found(request: ProgrammeRequest, key: UUID) -> Membership:
    """The membership. Raises NotFound for one that is not known or has ended, NotAllowed for others to manage."""
    managers = managers_of(request.programme, on=request.viewer.on)
    known = known_memberships(request.programme, request.viewer, managers)
    found = next((one for one in known if one.pk == key and holds(one, request.viewer)), None)
    if found is None:
        raise NotFound("There is no such membership.")
    if not managers.let(request.viewer, found.organisation_id, found.lot):
        raise NotAllowed("Your role does not let you say who acts for this organisation.")
    return found


def _last_words(request: ProgrammeRequest, ending: Membership) -> str:
    """What follows where an organisation's last manager would leave; empty where another one stays."""
    if ending.waits or ending.lot or ending.role not in MANAGING:
        return ""
    others = managing(request.viewer.on).filter(programme=request.programme, organisation=ending.organisation, lot="")
    if others.exclude(pk=ending.pk).exists():
        return ""
    lead = ending.organisation_id == request.programme.lead_id
    then = "only whoever runs the workspace can invite somebody for it" if lead else (
        f"the managers of {request.programme.lead} say who acts for it until it has one again"
    )  # fmt: skip
    return f"{ending.organisation} then has no manager for all lots: {then}. Invite another manager first."


def _row(request: ProgrammeRequest, one: Membership, managers: Managers) -> list[dict[str, str]]:
    """A membership's cells; the last ends it."""
    cells = seat_cells(one)
    if not managers.let(request.viewer, one.organisation_id, one.lot):
        return [*cells, NOTHING]
    end = {"text": "End", "more": f"the membership of {called(one.person)}, {ROLES[one.role].title}"}
    return [*cells, end | {"href": _address(one, "end")}]


def _invited_row(one: Membership) -> list[dict[str, str]]:
    """The cells of a membership that waits for its person; the last two send another link, and withdraw it."""
    whose = f"the invitation of {named(one)}, {ROLES[one.role].title}"
    again = {"text": "Send again", "more": whose, "href": _address(one, "invite")}
    return [*seat_cells(one), again, {"text": "Withdraw", "more": whose, "href": _address(one, "end")}]


def _left_row(one: Membership) -> list[dict[str, str]]:
    return [*seat_cells(one), {"text": period_words(one.ends_on.isoformat()) if one.ends_on else ""}]


def _address(one: Membership, act: str) -> str:
    return f"{stage_url(one.programme.slug, MENU)}{one.pk}/{act}/"


def _heads(*heads: str) -> list[dict[str, str]]:
    return [{"text": text} for text in heads]


def _back(request: ProgrammeRequest, told: str) -> HttpResponse:
    """The way to the page of everybody, which then says what was done."""
    messages.success(request, told)
    return redirect(stage_url(request.programme.slug, MENU))


def _place(request: ProgrammeRequest) -> dict[str, Any]:
    back = stage_url(request.programme.slug, MENU)
    return {"stage": MENU, "back": back, "trail": (*programme_trail(request), ("People", back))}
