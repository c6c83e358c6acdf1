"""The pages on models: how one is built, and how one begins with the services as they are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parity.plan.care_models.actions import begin_model
from parity.plan.care_models.forms import BeginForm
from parity.plan.flow_pages import MAY_NOT_ADD, adds_of, may_add, rows_of, trail_to
from parity.plan.scenarios.documents import TOPIC
from parity.plan.service_costs.indicators import AS_IS
from parity.register.policy import ProgrammeRequest
from parity.register.records.models import Record
from parity.terms.errors import NotAllowed

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


def _services(request: ProgrammeRequest) -> list[dict[str, Any]]:
    return [row for row in rows_of(request, "service_costs") if row["scenario"] == AS_IS]
