"""The pages on models: how one is built, begun with the services as they are, or brought; and what is taken out."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from parity.plan.care_models.actions import begin_model, held_file, hold_file, take_in_model
from parity.plan.care_models.documents import HEADS, brought_file, model_xmile, number_rows, scenario_file
from parity.plan.care_models.forms import BROUGHT, BeginForm, BringForm, TakeInForm
from parity.plan.flow_pages import MAY_NOT_ADD, adds_of, may_add, records_of, rows_of, trail_to
from parity.plan.scenarios.documents import TOPIC
from parity.plan.scenarios.forms import trial_asked
from parity.plan.scenarios.models import CareModel, Scenario
from parity.plan.service_costs.indicators import AS_IS
from parity.register.exchange.actions import keep_upload, upload_of
from parity.register.exchange.models import Upload
from parity.register.limits.actions import count_one
from parity.register.limits.rules import EXPORT, UPLOAD
from parity.register.policy import ProgrammeRequest
from parity.register.records.documents import Fact
from parity.register.records.models import Record
from parity.register.sharing.models import Sharing
from parity.sources.brought.scenario_file import LARGEST_FILE, ScenarioFile, json_schema
from parity.sources.brought.system_dynamics import missing_reader
from parity.terms.errors import Fault, InputRefused, NotAllowed, NotFound, WrongState
from parity.terms.units import Unit

BESIDE_THE_FILE = 100_000
"""Bytes of a request with a file: so many may go to its other fields."""
SHOWN, SHOWN_NUMBERS = 50, 200
"""Faults, and numbers of a model, that a page shows."""
AS_IT_STANDS = "What becomes of it as it is stands at the end of this page; add a scenario to change something."
FAULT_HEADS = ("Where", "Why")
FORMS = require_http_methods(("GET", "HEAD", "POST"))


@require_safe
def show_models(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """How a model is built in three steps, and the forms for each."""
    context = {
        "title": "Build a model",
        "stage": TOPIC.stage,
        "trail": trail_to(request, TOPIC, TOPIC.title),
        "models": rows_of(request, "flow_models"),
        "adds": adds_of(request),
        "services": len(_services(request)),
        "files": {name: reverse("model-file", args=(programme, one.pk)) for name, one in _models(request).items()},
    }
    return render(request, "care_models/models.jinja", context)


@FORMS
def show_beginning(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The form by which a model begins with the services as they are; then the way to what is to be added."""
    if not may_add(request):
        raise NotAllowed(MAY_NOT_ADD)
    services = _services(request)
    known = {row["area"]: request.desk.areas[row["area"]].name for row in services if row["area"] in request.desk.areas}
    data = request.POST if request.method == "POST" else None
    form = BeginForm(request.programme, request.viewer, known, data=data)

    def begin() -> Record:
        cells = form.cells()
        told: dict[str, Any] = {"keeping": form.keeping(), "by": request.user, "on": request.viewer.on}
        own = [row for row in services if row["area"] == cells["area"]]
        return begin_model(request.programme, cells, services=own, **told)

    made = form.done(begin) if services else None
    if made is not None:
        messages.success(request, f"The model “{made.known_as}” was added, with a setting for each service.")
        return redirect(reverse("models", args=(programme,)))
    context = {
        "title": "Start from services as they are",
        "submit": "Add the model",
        "back": reverse("models", args=(programme,)),
        "stage": TOPIC.stage,
        "trail": trail_to(request, TOPIC, TOPIC.title),
        "form": form,
        "services": services,
        "keeping": "How it is kept",
    }
    return render(request, "care_models/beginning.jinja", context)


@csrf_exempt
@FORMS
def show_bringing(request: ProgrammeRequest, programme: str) -> HttpResponseBase:
    """The form that brings a model or a scenario. A file that is too large is refused before it is read.

    The form's token is asked for after that: to find it, the whole of what was sent is read.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + BESIDE_THE_FILE:
        raise InputRefused([Fault("The upload", "A model may have up to 5 MB.")])
    return _show_bringing(request, programme)


@csrf_protect
def _show_bringing(request: ProgrammeRequest, programme: str) -> HttpResponse:
    if not may_add(request):
        raise NotAllowed(MAY_NOT_ADD)
    sent = {}
    if request.method == "POST":
        count_one(UPLOAD, f"person {request.user.pk}", at=timezone.now())
        sent = {"data": request.POST, "files": request.FILES}
    form = BringForm(request.programme, request.viewer, **sent)
    faults: list[Fault] = []
    if form.is_valid():
        try:
            kept = keep_upload(_read(form), by=request.user)
        except InputRefused as refusal:
            faults = refusal.faults
            form.add_error("file", "The file cannot be taken in: the table says why. Nothing of it was kept.")
        except WrongState as missing:
            form.add_error("file", str(missing))
        else:
            return redirect(reverse("model-brought", args=(programme, kept.pk)))
    context = {
        "title": "Bring a model from another program",
        "submit": "Read the file",
        "form": form,
        "lacking": missing_reader(),
        "fault_heads": _texts(FAULT_HEADS),
        "faults": [_texts((_place(fault), fault.sentence)) for fault in faults[:SHOWN]],
        "more_faults": len(faults) - SHOWN,
    }
    return render(request, "care_models/bring.jinja", {**context, **_where(request)})


def _read(form: BringForm) -> Upload:
    """The upload with what was read of its file. Raises InputRefused with every fault, WrongState."""
    upload, content = form.upload(), form.cleaned_data["file"].read()
    return hold_file(upload, content, brought_file(form.cleaned_data["file"].name, content))


def _place(fault: Fault) -> str:
    """Where a fault is, in words."""
    row = f"row {fault.row}" if fault.row else ""
    return ", ".join(filter(None, (fault.file, row, fault.column)))


@FORMS
def show_brought(request: ProgrammeRequest, programme: str, upload: UUID) -> HttpResponse:
    """What was read in a file, and what it leaves out; once that was taken in, the way to what becomes of it."""
    found = upload_of(request.user, request.programme, BROUGHT, upload)
    file = held_file(found)
    model, numbers = file.of("model")[0], number_rows(file)
    areas = {code: area.name for code, area in request.desk.areas.items()}
    form = TakeInForm(model, areas, data=request.POST if request.method == "POST" else None)

    def take_in() -> tuple[CareModel, Scenario | None]:
        reason = form.cleaned_data["reason"]
        return take_in_model(found, form.cells(), reason=reason, by=request.user, on=request.viewer.on)

    made = form.done(take_in)
    if made is not None:
        settings = Unit.COUNT.write(len(file.of("settings")), bare=True)
        told = f"The model “{made[0].known_as}” was added, with {settings} settings and {len(numbers)} numbers."
        scenario = made[1]
        messages.success(request, told if scenario else f"{told} {AS_IT_STANDS}")
        away = ("scenario", (programme, scenario.known_as)) if scenario else ("plan-scenarios", (programme,))
        return redirect(reverse(away[0], args=away[1]))
    context = {
        "title": f"Check what was read: {model['model']}",
        "submit": "Add the model",
        "form": form,
        "facts": _facts(found, file),
        "told": file.told,
        "settings": [row["setting"] for row in file.of("settings")],
        "heads": _texts(HEADS),
        "rows": [_texts(row) for row in numbers[:SHOWN_NUMBERS]],
        "more": len(numbers) - SHOWN_NUMBERS,
        "again": reverse("model-bring", args=(programme,)),
    }
    return render(request, "care_models/brought.jinja", {**context, **_where(request)})


def _facts(upload: Upload, file: ScenarioFile) -> list[Fact]:
    """What was brought, and how it would be kept."""
    model = file.of("model")[0]
    scenario = [Fact("Scenario", row["scenario"]) for row in file.of("scenario")]
    steps = model.get("steps", 1)
    return [
        Fact("File", upload.name),
        *scenario,
        Fact("Runs for", f"{model['months']} months, {steps} step{'' if steps == 1 else 's'} in each"),
        Fact("Free places go", model["rationing"]),
        Fact("Kept by", upload.organisation.name),
        Fact("Who may see it", str(Sharing(upload.sharing).label)),
    ]


def _texts(texts: Iterable[str]) -> list[dict[str, str]]:
    """The texts as cells or headings of a table."""
    return [{"text": text} for text in texts]


def _where(request: ProgrammeRequest) -> dict[str, Any]:
    """Where the page stands."""
    models = ("Build a model", reverse("models", args=(request.programme.slug,)))
    return {"stage": TOPIC.stage, "back": models[1], "trail": (*trail_to(request, TOPIC, TOPIC.title), models)}


@require_safe
def take_schema(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """The schema of the file that a scenario is written as."""
    return _file(json.dumps(json_schema(), indent=1, ensure_ascii=False), "parity-scenario-1.schema.json")


@require_safe
def take_scenario(request: ProgrammeRequest, programme: str, code: str) -> HttpResponse:
    """The scenario with its model as one file, which can be brought into any programme; with what is tried."""
    trial = trial_asked(request, code)
    count_one(EXPORT, f"person {request.user.pk}", at=timezone.now())
    return _file(scenario_file(trial.tried, code, notes=trial.notes).text(), "scenario.json")


@require_safe
def take_model(request: ProgrammeRequest, programme: str, model: UUID) -> HttpResponse:
    """The model as it is, for other programs."""
    name = next((name for name, record in _models(request).items() if record.pk == model), None)
    if name is None:
        raise NotFound("There is no such model.")
    count_one(EXPORT, f"person {request.user.pk}", at=timezone.now())
    return _file(model_xmile(request.desk, name), "model.xmile", "application/xml")


def _models(request: ProgrammeRequest) -> dict[str, Record]:
    """The models that the viewer sees, by name."""
    return records_of(request, CareModel)


def _file(text: str, name: str, kind: str = "application/json") -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _services(request: ProgrammeRequest) -> list[dict[str, Any]]:
    return [row for row in rows_of(request, "service_costs") if row["scenario"] == AS_IS]
