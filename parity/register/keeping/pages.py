"""The forms that change a record's lot, holder and owner."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parity.layout.addresses import record_url, register_url, stage_url
from parity.layout.forms import FaultForm
from parity.layout.topic_pages import programme_trail
from parity.register.keeping.actions import give_record, keep_record
from parity.register.keeping.forms import GivingForm, KeepingForm
from parity.register.policy import CHANGE, KEEP, SEE, SHARE, ProgrammeRequest, check, the_visible
from parity.register.records.documents import record_name, register_of, schema_of, title_of
from parity.register.records.models import Record

MENU = "registers"
FORMS = require_http_methods(("GET", "HEAD", "POST"))


@FORMS
def show_keeping(request: ProgrammeRequest, programme: str, stem: str, record: UUID) -> HttpResponse:
    """The form for a record's lot and holder; once it was taken in, the way back to it."""
    found = _found(request, stem, record)
    check(CHANGE, request.viewer, found)
    check(KEEP, request.viewer, found)
    form = KeepingForm(found, request.viewer, data=request.POST if request.method == "POST" else None)

    def keep() -> Record:
        said = form.cleaned_data
        how: dict[str, Any] = {"lot": said["lot"], "held_by": form.holder(), "reason": said["reason"]}
        return keep_record(found, **how, by=request.user, on=request.viewer.on)

    done = form.done(keep)
    if done is not None:
        same = done.version == found.version
        messages.success(request, "Nothing was changed." if same else f"{record_name(done)} was changed.")
        return redirect(_address(done))
    return _asked(request, form, found, title=f"Change lot or holder of {_inside(found)}", submit="Save")


@FORMS
def show_giving(request: ProgrammeRequest, programme: str, stem: str, record: UUID) -> HttpResponse:
    """The form that hands a record over to another partner; then the way to it, or to its register."""
    found = _found(request, stem, record)
    check(SHARE, request.viewer, found)
    form, viewer = GivingForm(found, data=request.POST if request.method == "POST" else None), request.viewer

    def give() -> Record:
        return give_record(found, form.partner(), by=request.user, on=viewer.on, reason=form.cleaned_data["reason"])

    done = form.done(give)
    if done is not None:
        told = f"{record_name(done)} is kept by {done.organisation} from now on."
        messages.success(request, told)
        return redirect(_address(done) if SEE.holds(viewer, done) else register_url(programme, stem))
    said = "Its story goes with it. It stays shared as it is, and whoever holds it by name no longer does."
    return _asked(request, form, found, title=f"Hand over {_inside(found)}", submit="Hand over", said=said)


def _found(request: ProgrammeRequest, stem: str, key: UUID) -> Record:
    """The record of the programme. Raises NotFound where there is none that the viewer may see."""
    records = register_of(stem)._default_manager.filter(programme=request.programme)
    return the_visible(records.select_related("organisation", "held_by", "programme"), request.viewer, key)


def _address(record: Record) -> str:
    return record_url(record.programme.slug, record.STEM, str(record.pk))


def _inside(record: Record) -> str:
    """A record's name inside a sentence: `risk 3`."""
    name = record_name(record)
    return f"{name[:1].lower()}{name[1:]}"


def _asked(request: ProgrammeRequest, form: FaultForm, record: Record, **told: Any) -> HttpResponse:
    slug, back = request.programme.slug, _address(record)
    register = (schema_of(type(record)).title, register_url(slug, record.STEM))
    trail = (*programme_trail(request), ("Registers", stage_url(slug, MENU)), register, (record_name(record), back))
    place = {"stage": MENU, "back": back, "trail": trail, "about": title_of(record)}
    return render(request, "layout/act.jinja", {"form": form, **place, **told})
