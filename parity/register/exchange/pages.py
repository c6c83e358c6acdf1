"""The pages of a register's exchange: template, exports, and the upload with its look before it is taken in."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any
from uuid import UUID

import polars as pl
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from parity.layout.addresses import register_url, stage_url
from parity.layout.topic_pages import programme_trail
from parity.register.exchange.actions import (
    Outcome,
    keep_upload,
    note_taking_out,
    outcome_of,
    take_in,
    upload_of,
)
from parity.register.exchange.documents import (
    Misfit,
    csv_lines,
    differences,
    misfits,
    template_of,
    workbook_of,
)
from parity.register.exchange.forms import ConfirmForm, UploadForm
from parity.register.exchange.models import Upload
from parity.register.limits.actions import count_one
from parity.register.limits.rules import EXPORT, UPLOAD
from parity.register.policy import ProgrammeRequest
from parity.register.records.actions import note_listing
from parity.register.records.documents import Fact, listed, names_of, register_of, schema_of
from parity.register.records.forms import owners
from parity.register.records.models import Record
from parity.register.sharing.models import Sharing
from parity.sources.brought.upload_guard import LARGEST_FILE
from parity.sources.brought.uploads import read_upload
from parity.terms.errors import Fault, InputRefused, NotAllowed, WrongState
from parity.terms.units import Unit

MENU = "registers"
SHOWN = 50
"""Changes of cells that the preview shows; and twice as many faults."""
BESIDE_THE_FILE = 100_000
"""Bytes of a request with a file: so many may go to its other fields."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"
"""By it spreadsheets know UTF-8."""
AT_ONCE = 2000
FORMS = require_http_methods(("GET", "HEAD", "POST"))
HEADS = ("Record", "Column", "Now", "After the upload")
FAULT_HEADS = ("Row", "Column", "What stands there", "What to do")


@require_safe
def show_template(request: ProgrammeRequest, programme: str, stem: str) -> HttpResponse:
    """An empty workbook to be filled in and uploaded."""
    model = register_of(stem)
    content = template_of(model, request.programme, names_of(request.programme, request.desk))
    return _file(HttpResponse(content, content_type=XLSX), f"{programme}-{stem}-template.xlsx")


@require_safe
def show_csv(request: ProgrammeRequest, programme: str, stem: str) -> HttpResponseBase:
    """The records that the register's list would show, on all its pages, as comma-separated text."""
    found = _taken_out(request, stem).iterator(chunk_size=AT_ONCE)
    lines = csv_lines(found, register_of(stem))
    content = (line.encode() for part in ((BYTE_ORDER_MARK,), lines) for line in part)
    return _file(StreamingHttpResponse(content, content_type="text/csv; charset=utf-8"), f"{programme}-{stem}.csv")


@require_safe
def show_workbook(request: ProgrammeRequest, programme: str, stem: str) -> HttpResponse:
    """The records that the register's list would show, on all its pages, as a workbook."""
    names = names_of(request.programme, request.desk)
    found = _taken_out(request, stem).iterator(chunk_size=AT_ONCE)
    content = workbook_of(found, register_of(stem), request.programme, names)
    return _file(HttpResponse(content, content_type=XLSX), f"{programme}-{stem}.xlsx")


def _taken_out(request: ProgrammeRequest, stem: str) -> QuerySet[Any]:
    """The records that are taken out; of a sensitive register that stands in the chain."""
    count_one(EXPORT, f"person {request.user.pk}", at=timezone.now())
    asked = {name: str(text) for name, text in request.GET.items()}
    found = listed(request.programme, register_of(stem), viewer=request.viewer, asked=asked)
    note_taking_out(found, request.programme, by=request.user, on=request.viewer.on)
    return found


def _file(response: HttpResponseBase, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@csrf_exempt
@FORMS
def show_upload(request: ProgrammeRequest, programme: str, stem: str) -> HttpResponseBase:
    """The form that brings a sheet. One that is too large is refused before it is read.

    The form's token is asked for after that: to find it, the whole of what was sent is read.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + BESIDE_THE_FILE:
        raise InputRefused([Fault("The upload", "A file may have up to 20 MB: split the table into several files.")])
    return _show_upload(request, programme, stem)


@csrf_protect
def _show_upload(request: ProgrammeRequest, programme: str, stem: str) -> HttpResponse:
    model = register_of(stem)
    if not owners(request.programme, request.viewer).exists():
        raise NotAllowed("Your role does not let you add records for an organisation.")
    sent = {}
    if request.method == "POST":
        count_one(UPLOAD, f"person {request.user.pk}", at=timezone.now())
        sent = {"data": request.POST, "files": request.FILES}
    form = UploadForm(model, programme=request.programme, viewer=request.viewer, **sent)
    wrong: list[Misfit] = []
    if form.is_valid():
        upload, cells, faults = _read(form)
        faults = faults or list(outcome_of(upload, viewer=request.viewer).faults)
        if not faults:
            kept = keep_upload(upload, by=request.user)
            return redirect(f"{register_url(programme, stem)}upload/{kept.pk}/")
        wrong = _misfits(faults, cells, model)
        told = f"{upload.name} cannot be taken in: it has {_count(len(faults), 'fault')}. Nothing of it was kept."
        form.add_error("file", told)
    title = f"Upload a sheet: {schema_of(model).title}"
    context = {
        "form": form,
        "title": title,
        "submit": "Check the file",
        "template": f"{register_url(programme, stem)}template.xlsx",
        **_wrong(wrong),
    }
    return render(request, "exchange/upload.jinja", {**context, **_place(request, model)})


def _read(form: UploadForm) -> tuple[Upload, pl.DataFrame, list[Fault]]:
    """The upload with its cells, the cells, and why they could not be read."""
    upload, content = form.upload(), form.cleaned_data["file"].read()
    cells, faults = read_upload(upload.name, content)
    return upload.hold(content, cells), cells, faults


@FORMS
def show_preview(request: ProgrammeRequest, programme: str, stem: str, upload: UUID) -> HttpResponse:
    """What an upload would do; once that was confirmed and done, the way back to the register."""
    model, found = register_of(stem), upload_of(request.user, request.programme, stem, upload)
    form = ConfirmForm(data=request.POST if request.method == "POST" else None)
    if form.is_valid() and _taken_in(request, found, form):
        return redirect(register_url(programme, stem))
    outcome = outcome_of(found, viewer=request.viewer)
    form.ask_why(restates=bool(outcome.changed))
    looked_at = [one.record for one in outcome.changed]
    note_listing(request.programme, looked_at, by=request.user, on=request.viewer.on)
    told = list(differences(outcome.changed, names_of(request.programme, request.desk)))
    context = {
        "title": f"Check the upload: {schema_of(model).title}",
        "form": form,
        "seal": outcome.seal,
        "facts": _facts(found, outcome),
        "acts": bool(outcome.changed or outcome.added.height),
        "heads": _texts(HEADS),
        "rows": [_texts(astuple(one)) for one in told[:SHOWN]],
        "more": _count(len(told) - SHOWN, "more cell") if len(told) > SHOWN else "",
        "again": f"{register_url(programme, stem)}upload/",
        **_wrong(_misfits(outcome.faults, found.frame(), model)),
    }
    return render(request, "exchange/preview.jinja", {**context, **_place(request, model)})


def _taken_in(request: ProgrammeRequest, upload: Upload, form: ConfirmForm) -> bool:
    """True where the upload was taken in; else the form says why it was not."""
    why = {"seen": request.POST.get("seen", ""), "reason": form.cleaned_data["reason"]}
    try:
        done = take_in(upload, **why, by=request.user, on=request.viewer.on)
    except WrongState as changed:
        form.add_error(None, str(changed))
        return False
    except InputRefused as refused:
        # what is wrong with its rows stands in a table below
        form.refuse(fault for fault in refused.faults if fault.row is None)
        return False
    added, restated = _count(done.added.height, "record"), _count(len(done.changed), "record")
    messages.success(request, f"{upload.name} was taken in: {added} added, {restated} changed.")
    return True


def _facts(upload: Upload, outcome: Outcome) -> list[Fact]:
    """What was uploaded, and what it would do in numbers."""
    facts = [Fact("File", upload.name), Fact("Kept by", upload.organisation.name)]
    if outcome.faults:
        return facts
    if outcome.added.height:
        facts.append(Fact("Who may see new records", str(Sharing(upload.sharing).label)))
    if outcome.added.height and upload.lot:
        facts.append(Fact("Lot of new records", upload.lot))
    counts = (outcome.added.height, len(outcome.changed), outcome.unchanged)
    labels = ("New records", "Changed records", "Unchanged records")
    return facts + [Fact(label, Unit.COUNT.write(count)) for label, count in zip(labels, counts, strict=True)]


def _misfits(faults: Sequence[Fault], cells: pl.DataFrame, model: type[Record]) -> list[Misfit]:
    return list(misfits(faults, cells, {entry["name"]: entry for entry in schema_of(model).fields}))


def _wrong(found: Sequence[Misfit]) -> dict[str, Any]:
    """The table of what is wrong, and how much more there is."""
    more = len(found) - 2 * SHOWN
    return {
        "fault_heads": _texts(FAULT_HEADS),
        "faults": [_texts(astuple(one)) for one in found[: 2 * SHOWN]],
        "more_faults": _count(more, "more fault") if more > 0 else "",
    }


def _texts(texts: Iterable[str]) -> list[dict[str, str]]:
    """The texts as cells or headings of a table."""
    return [{"text": text} for text in texts]


def _count(number: int, thing: str) -> str:
    """So many of a thing: `1 record`, `12 records`."""
    return f"{Unit.COUNT.write(number)} {thing}{'' if number == 1 else 's'}"


def _place(request: ProgrammeRequest, model: type[Record]) -> dict[str, Any]:
    """Where the page stands."""
    back, title = register_url(request.programme.slug, model.STEM), schema_of(model).title
    trail = (*programme_trail(request), ("Registers", stage_url(request.programme.slug, MENU)), (title, back))
    return {"stage": MENU, "back": back, "trail": trail}
