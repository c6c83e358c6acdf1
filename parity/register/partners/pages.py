"""The organisations of a programme, one organisation, and the forms that say what it is and what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parity.layout.addresses import asked_url, register_url, stage_url
from parity.layout.forms import FaultForm
from parity.layout.sign_in import recently_signed_in
from parity.layout.topic_pages import programme_trail
from parity.register.keeping.actions import hand_over, owned_by
from parity.register.memberships.documents import holds, known_memberships, seat_cells
from parity.register.organisations.models import Organisation
from parity.register.partners.actions import (
    add_organisation,
    change_organisation,
    close_organisation,
    may_add,
    may_describe,
)
from parity.register.partners.documents import COLUMNS, facts_of, row_of
from parity.register.partners.forms import ClosingForm, DescriptionForm, HandOverForm
from parity.register.policy import ProgrammeRequest, hands_over, managers_of
from parity.register.records.documents import how_many, schema_of
from parity.register.records.tables import RECORDS
from parity.terms.errors import NotAllowed, NotFound
from parity.terms.units import Unit

MENU = "organisations"
FORMS = require_http_methods(("GET", "HEAD", "POST"))
SEATS = ("Person", "Role", "Lot", "From")


@require_safe
def show_organisations(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """Every organisation that takes part in the programme, with its codes and what became of it."""
    partners = request.programme.organisations.select_related("successor")
    context = {
        "title": "Organisations",
        "stage": MENU,
        "trail": programme_trail(request),
        "heads": [{"text": text} for text in COLUMNS],
        "rows": [row_of(one, _address(request, one), leads=one.pk == request.programme.lead_id) for one in partners],
        "add": f"{stage_url(programme, MENU)}new/" if may_add(request.viewer, request.programme) else "",
    }
    return render(request, "partners/organisations.jinja", context)


@require_safe
def show_organisation(request: ProgrammeRequest, programme: str, organisation: UUID) -> HttpResponse:
    """An organisation: codes, what it followed and what followed it, who acts for it, what it keeps."""
    found = _found(request, organisation)
    known = known_memberships(request.programme, request.viewer, managers_of(request.programme, on=request.viewer.on))
    seats = [one for one in known if one.organisation_id == found.pk and holds(one, request.viewer) and not one.waits]
    rows = [[cell for place, cell in enumerate(seat_cells(one)) if place != 1] for one in seats]
    context = {
        "title": found.name,
        "stage": MENU,
        "trail": _trail(request),
        "facts": facts_of(found),
        "seat_heads": [{"text": text} for text in SEATS],
        "seats": rows,
        "kept_heads": [{"text": "Register"}, {"text": "Records you see", "numeric": True}],
        "kept": list(_kept(request, found)),
        "acts": _acts(request, found),
    }
    return render(request, "partners/organisation.jinja", context)


def _kept(request: ProgrammeRequest, owner: Organisation) -> Any:
    """A line for each register in which the viewer sees something that the organisation keeps."""
    for stem, model in RECORDS.items():
        asked = {"organisation": owner.code}
        seen = how_many(request.programme, model, viewer=request.viewer, asked=asked)
        if seen:
            address = register_url(request.programme.slug, stem) + asked_url(asked.items())
            yield [{"text": schema_of(model).title, "href": address}, {"text": Unit.COUNT.write(seen)}]


def _acts(request: ProgrammeRequest, found: Organisation) -> list[tuple[str, str]]:
    acts = []
    if may_describe(request.viewer, found, request.programme):
        acts = [("Change", "edit"), ("Close" if found.closed_on is None else "Change closing", "close")]
    if _to_hand_over(request, found):
        acts.append(("Hand over records", "hand-over"))
    return [(words, f"{_address(request, found)}{act}/") for words, act in acts]


def _to_hand_over(request: ProgrammeRequest, found: Organisation) -> dict[str, int]:
    """How many records the viewer may hand over to the organisation's successor, by register."""
    over = found.closed_on is not None and found.successor_id is not None
    return owned_by(request.programme, found) if over and hands_over(request.viewer, found) else {}


@FORMS
@recently_signed_in
def show_new_organisation(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form that lets an organisation take part in the programme; then the way to it."""
    if not may_add(request.viewer, request.programme):
        raise NotAllowed("Your role does not let you say who takes part in this programme.")
    form = DescriptionForm(data=_sent(request))

    def add() -> Organisation:
        return add_organisation(request.programme, form.description(), by=request.user, on=request.viewer.on)

    made = form.done(add)
    if made is not None:
        return _back(request, made, f"{made} takes part in this programme.")
    context = {"title": "Add an organisation", "submit": "Add", "back": stage_url(programme, MENU)}
    said = (
        "One that takes part in another programme already is found by its code, and is called what it is called there."
    )
    return _asked(request, form, context | {"said": said, "trail": _trail(request)})


@FORMS
@recently_signed_in
def show_description(request: ProgrammeRequest, programme: str, organisation: UUID) -> HttpResponse:
    """The form that changes what an organisation is called, in every programme; then the way back to it."""
    found = _described(request, organisation)
    form = DescriptionForm(found, data=_sent(request))

    def change() -> Organisation:
        told: dict[str, Any] = {"by": request.user, "on": request.viewer.on, "reason": form.cleaned_data["reason"]}
        return change_organisation(found, form.description(), within=request.programme, **told)

    if form.done(change) is not None:
        return _back(request, found, "What you entered is kept.")
    return _asked(request, form, _about(request, found, title="Change an organisation", submit="Save"))


@FORMS
@recently_signed_in
def show_closing(request: ProgrammeRequest, programme: str, organisation: UUID) -> HttpResponse:
    """The form that says when an organisation closed and which took over from it; then the way back to it."""
    found = _described(request, organisation)
    form = ClosingForm(found, request.programme, data=_sent(request))

    def close() -> Organisation:
        told: dict[str, Any] = {"by": request.user, "on": request.viewer.on, "reason": form.cleaned_data["reason"]}
        return close_organisation(found, form.closing(), within=request.programme, **told)

    if form.done(close) is not None:
        return _back(request, found, "What you entered is kept.")
    said = "What it keeps stays with it. Its managers can hand that over to the organisation that took over."
    return _asked(request, form, _about(request, found, title="Close an organisation", submit="Save") | {"said": said})


@FORMS
@recently_signed_in
def show_hand_over(request: ProgrammeRequest, programme: str, organisation: UUID) -> HttpResponse:
    """The form by which a closed organisation's records go to the one that took over; then the way back to it."""
    found = _found(request, organisation)
    if not hands_over(request.viewer, found):
        raise NotAllowed("Your role does not let you hand over what this organisation keeps.")
    kept = _to_hand_over(request, found)
    if not kept:
        raise NotFound("There is nothing to hand over.")
    form = HandOverForm(kept, data=_sent(request))

    def give() -> Organisation:
        said = form.cleaned_data
        told: dict[str, Any] = {"by": request.user, "on": request.viewer.on, "reason": said["reason"]}
        hand_over(found, request.programme, stems=said["stems"], **told)
        return found

    if form.done(give) is not None:
        return _back(request, found, f"{found.successor} keeps these records from now on.")
    said = (
        f"What you choose is kept by {found.successor} from now on, with its story. It stays shared as it is, and "
        "whoever holds a record by name no longer does."
    )
    return _asked(request, form, _about(request, found, title="Hand over records", submit="Hand over") | {"said": said})


def _found(request: ProgrammeRequest, key: UUID) -> Organisation:
    """The organisation. Raises NotFound for one that takes no part in the programme."""
    found = request.programme.organisations.select_related("successor").filter(pk=key).first()
    if found is None:
        raise NotFound("There is no such organisation.")
    return found


def _described(request: ProgrammeRequest, key: UUID) -> Organisation:
    """The organisation. Raises NotFound, and NotAllowed where the viewer may not say what it is."""
    found = _found(request, key)
    if not may_describe(request.viewer, found, request.programme):
        raise NotAllowed("Your role does not let you change this organisation.")
    return found


def _sent(request: ProgrammeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _address(request: ProgrammeRequest, organisation: Organisation) -> str:
    return f"{stage_url(request.programme.slug, MENU)}{organisation.pk}/"


def _back(request: ProgrammeRequest, organisation: Organisation, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect(_address(request, organisation))


def _trail(request: ProgrammeRequest) -> Any:
    return (*programme_trail(request), ("Organisations", stage_url(request.programme.slug, MENU)))


def _about(request: ProgrammeRequest, organisation: Organisation, *, title: str, submit: str) -> dict[str, Any]:
    """What a form about one organisation shows besides its fields."""
    back = _address(request, organisation)
    trail = (*_trail(request), (organisation.name, back))
    return {"title": title, "submit": submit, "back": back, "trail": trail, "about": organisation.name}


def _asked(request: ProgrammeRequest, form: FaultForm, context: dict[str, Any]) -> HttpResponse:
    return render(request, "layout/act.jinja", {"form": form, "stage": MENU, **context})
