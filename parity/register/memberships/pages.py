"""Who acts for whom in a programme, and the forms by which that begins and ends."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parity.documents.figure_tables import period_words
from parity.layout.addresses import stage_url
from parity.layout.topic_pages import programme_trail
from parity.register.memberships.actions import Seat, end_membership, manages, start_membership
from parity.register.memberships.forms import EndingForm, InvitationForm, managed
from parity.register.people.models import Membership, Person
from parity.register.people.rules import ROLES, May
from parity.register.policy import ProgrammeRequest
from parity.terms.errors import InputRefused, NotAllowed, NotFound

MENU = "people"
HEADS = ("Person", "Acts for", "Role", "Lot", "From")
FORMS = require_http_methods(("GET", "HEAD", "POST"))


@require_safe
def show_people(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """Who acts for which organisation today, and for those who decide that, who did before."""
    known, today = _known(request), Membership.on(request.viewer.on)
    may_manage = managed(request.programme, request.viewer).exists()
    context: dict[str, Any] = {
        "title": "People",
        "stage": MENU,
        "trail": programme_trail(request),
        "now": [_row(request, one)[: None if may_manage else len(HEADS)] for one in known.filter(today)],
        "left": [_row(request, one, ended=True) for one in known.exclude(today)] if may_manage else [],
        "heads": _heads(*(("Membership",) if may_manage else ())),
        "left_heads": _heads("Ended on"),
        "invite": f"{stage_url(programme, MENU)}invite/" if may_manage else "",
    }
    return render(request, "memberships/people.jinja", context)


@FORMS
def show_invitation(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form that lets somebody act for an organisation; once it was taken in, the way back to everybody."""
    if not managed(request.programme, request.viewer).exists():
        raise NotAllowed("Your role does not let you say who acts for an organisation.")
    form = InvitationForm(request.programme, request.viewer, data=request.POST if request.method == "POST" else None)
    made = _invited(request, form) if form.is_valid() else None
    if made is not None:
        role = ROLES[made.role].title.lower()
        return _back(request, f"{_called(made.person)} now acts for {made.organisation} as {role}.")
    roles = [(role.title, sorted(may.value for may in role.may)) for role in ROLES.values()]
    context = {"title": "Invite somebody", "submit": "Invite", "roles": roles, "form": form}
    return render(request, "memberships/invitation.jinja", {**context, **_place(request)})


@FORMS
def show_ending(request: ProgrammeRequest, programme: str, membership: UUID) -> HttpResponse:
    """The form that ends a membership, with the reason; once it was taken in, the way back to everybody."""
    found = _known(request).filter(Membership.on(request.viewer.on), pk=membership).first()
    if found is None:
        raise NotFound("There is no such membership.")
    if not manages(request.viewer, Seat(request.programme, found.organisation, found.role)):
        raise NotAllowed("Your role does not let you say who acts for this organisation.")
    form = EndingForm(data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        end_membership(found, by=request.user, on=request.viewer.on, reason=form.cleaned_data["reason"])
        return _back(request, f"{_called(found.person)} no longer acts for {found.organisation}.")
    said = f"{_called(found.person)} acts for {found.organisation} as {ROLES[found.role].title.lower()}."
    context = {"title": "End a membership", "submit": "End the membership", "said": said, "form": form}
    return render(request, "layout/act.jinja", {**context, **_place(request)})


def _invited(request: ProgrammeRequest, form: InvitationForm) -> Membership | None:
    """The new membership; None where it is refused: then the form says why."""
    said = form.cleaned_data
    person = Person.objects.filter(Q(email__iexact=said["email"]) | Q(username__iexact=said["email"])).first()
    if person is None:
        form.add_error("email", "Nobody signs in here with this e-mail address yet.")
        return None
    seat = Seat(request.programme, form.organisation_chosen(), said["role"], said["lot"])
    try:
        return start_membership(person, seat, by=request.user, on=request.viewer.on)
    except InputRefused as refused:
        form.refuse(refused.faults)
        return None


def _known(request: ProgrammeRequest) -> QuerySet[Membership]:
    """The memberships that the viewer may know of: partners know all, others those of their own organisations."""
    known = Membership.objects.filter(programme=request.programme).select_related("person", "organisation")
    ours = {standing.organisation for standing in request.viewer.standings}
    return known if request.viewer.may(May.PARTNER) else known.filter(organisation__in=ours)


def _row(request: ProgrammeRequest, one: Membership, *, ended: bool = False) -> list[dict[str, str]]:
    """A membership's cells; the last ends it, or says since when it has ended."""
    told = (_called(one.person), one.organisation.name, ROLES[one.role].title, one.lot or "All lots")
    cells = [{"text": text} for text in (*told, period_words(one.starts_on.isoformat()))]
    if ended:
        return [*cells, {"text": period_words(one.ends_on.isoformat()) if one.ends_on else ""}]
    if not manages(request.viewer, Seat(request.programme, one.organisation, one.role)):
        return [*cells, {"text": "–"}]
    end = {"text": "End", "more": f"the membership of {told[0]}, {told[2]}"}
    return [*cells, end | {"href": f"{stage_url(request.programme.slug, MENU)}{one.pk}/end/"}]


def _heads(*more: str) -> list[dict[str, str]]:
    return [{"text": text} for text in (*HEADS, *more)]


def _called(person: Person) -> str:
    return person.get_full_name() or person.get_username()


def _back(request: ProgrammeRequest, told: str) -> HttpResponse:
    """The way to the page of everybody, which then says what was done."""
    messages.success(request, told)
    return redirect(stage_url(request.programme.slug, MENU))


def _place(request: ProgrammeRequest) -> dict[str, Any]:
    back = stage_url(request.programme.slug, MENU)
    return {"stage": MENU, "back": back, "trail": (*programme_trail(request), ("People", back))}
