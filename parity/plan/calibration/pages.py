"""The pages of fits: how well the models meet what was counted, and the form that saves fitted numbers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import polars as pl
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parity.layout.addresses import register_url
from parity.layout.page import Page, page_response
from parity.plan.calibration.documents import TOPIC
from parity.plan.calibration.rules import difference, fitted_numbers, saved_cells, why_not
from parity.plan.flow_calibration import FITS
from parity.plan.flow_pages import may_add, records_of, trail_to
from parity.plan.scenarios.actions import save_trial
from parity.plan.scenarios.forms import SaveForm
from parity.plan.scenarios.models import CareModel, CareNumber, ScenarioChange
from parity.register.policy import CHANGE, ProgrammeRequest
from parity.register.records.actions import cells_of, written
from parity.register.records.models import Record
from parity.terms.errors import NotAllowed, NotFound, WrongState

TABLE, COUNTS = "flow_fits", "flow_counts"
STALE = "Somebody changed the model or its counts since you looked at the fit: look at it again, then save."
MAY_NOT_SAVE = "Your role does not let you change these numbers: {names}."
NOT_KEPT = "These numbers are not kept in this workspace, so they cannot be changed here: {codes}."
SAID = (
    "From then on forecasts use the fitted numbers. All of them are changed for everybody who sees them, or none is. "
    "The counts are then used up: the numbers will be fitted only to counts of later months."
)
SAVED = "The fitted numbers are saved. Each record tells in its note what it said before."
Cells = Mapping[str, str]
Key = tuple[bool, str]


@require_safe
def show_calibration(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """How well each model meets what was counted, and the way to save what the counts say of its numbers."""
    page = Page(TOPIC.title, TOPIC.lead, tuple(TOPIC.chapter(request.desk)), TOPIC.stage, trail_to(request, TOPIC))
    register = register_url(programme, COUNTS)
    fits, kept = _fits(request), _kept(request)
    models = [
        (name, reverse("fit-save", args=(programme, record.pk)), _refusal(request, fits.filter(model=name), kept))
        for name, record in records_of(request, CareModel).items()
        if name in fits["model"]
    ]
    return page_response(
        request,
        page,
        template="calibration/calibration.jinja",
        models=models,
        register=register,
        adding=f"{register}new/" if may_add(request) else "",
    )


@require_http_methods(("GET", "HEAD", "POST"))
def show_fit_saving(request: ProgrammeRequest, programme: str, model: UUID) -> HttpResponse:
    """The form that saves the fitted numbers of a model, with a reason; once they are saved, the way back."""
    name = next((name for name, record in records_of(request, CareModel).items() if record.pk == model), None)
    if name is None:
        raise NotFound("There is no such model.")
    fits, kept = _fits(request).filter(model=name), _kept(request)
    refusal = _refusal(request, fits, kept)
    if refusal:
        raise NotAllowed(refusal)
    rows = fitted_numbers(fits)
    wanted = [_wanted(row, kept[_key(row)]) for row in rows]
    seen = " ".join(f"{record.pk}.{version}:{','.join(cells.values())}" for record, cells, version in wanted)
    form = SaveForm(seen, data=request.POST if request.method == "POST" else None)

    def save() -> list[Record]:
        if form.cleaned_data["seen"] != seen:
            raise WrongState(STALE)
        return save_trial(wanted, by=request.user, on=request.viewer.on, reason=form.cleaned_data["reason"])

    here = reverse("plan-calibration", args=(programme,))
    if form.done(save) is not None:
        messages.success(request, SAVED)
        return redirect(here)
    context: dict[str, Any] = {
        "title": "Save the fitted numbers",
        "about": name,
        "said": SAID,
        "submit": "Save",
        "back": here,
        "stage": TOPIC.stage,
        "trail": trail_to(request, TOPIC, TOPIC.title),
        "form": form,
        "differences": [difference(row) for row in rows],
    }
    return render(request, "calibration/saving.jinja", context)


def _fits(request: ProgrammeRequest) -> pl.DataFrame:
    """The table of fits; without a row where nothing could be fitted."""
    found = request.desk.table(TABLE)
    return pl.DataFrame(schema=FITS) if found is None else found[0]


def _kept(request: ProgrammeRequest) -> dict[Key, Record]:
    """The records of numbers, by whether they are of a change, and their code."""
    numbers, changes = records_of(request, CareNumber), records_of(request, ScenarioChange)
    return {(False, code): record for code, record in numbers.items()} | {
        (True, code): record for code, record in changes.items()
    }


def _key(row: Mapping[str, Any]) -> Key:
    return row["lever"] is not None, row["code"]


def _wanted(row: Mapping[str, Any], record: Record) -> tuple[Record, Cells, int]:
    """The record that a fitted number would change, with its cells and the version that is looked at."""
    cells = saved_cells(row, note=cells_of(record)["note"])
    return record, {name: written(value) for name, value in cells.items()}, record.version


def _refusal(request: ProgrammeRequest, fits: pl.DataFrame, kept: Mapping[Key, Record]) -> str:
    """Why the viewer cannot save the fitted numbers of a model, from its rows of fits; empty where they can."""
    refusal = why_not(fits)
    if refusal:
        return refusal
    keys = [_key(row) for row in fitted_numbers(fits)]
    lost = [code for is_change, code in keys if (is_change, code) not in kept]
    if lost:
        return NOT_KEPT.format(codes=", ".join(lost))
    others = [kept[key] for key in keys if not CHANGE.holds(request.viewer, kept[key])]
    names = ", ".join(f"{record.known_as} (kept by {record.organisation.name})" for record in others)
    return MAY_NOT_SAVE.format(names=names) if others else ""
