"""The pages of scenarios: all side by side, one to try numbers on, and what becomes of a trial."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parity.assumptions import assumption
from parity.documents.figure_tables import period_words
from parity.documents.model import Block, Callout
from parity.layout.addresses import register_url
from parity.layout.csv_file import frame_csv
from parity.layout.forms import nhs_fields
from parity.layout.page import Page, page_response
from parity.plan.flow_pages import MAY_NOT_ADD, adds_of, may_add, records_of, rows_of, trail_to
from parity.plan.flow_paths import NO_SERIES, series_of
from parity.plan.flow_tables import AS_IT_IS
from parity.plan.scenarios.actions import STALE, copy_scenario, save_trial
from parity.plan.scenarios.documents import TOPIC, WORTH, scenario_blocks
from parity.plan.scenarios.forms import MODELS, CopyForm, SaveForm, TrialForm, scenario_asked, trial_asked
from parity.plan.scenarios.rules import SCENARIOS
from parity.register.policy import CHANGE, ProgrammeRequest
from parity.register.records.documents import names_of
from parity.register.records.models import Record
from parity.terms.derived import DERIVED
from parity.terms.errors import NotAllowed, NotFound, WrongState
from parity.terms.figure import Figure

FORMS = require_http_methods(("GET", "HEAD", "POST"))
PATHS, NET_COST = "flow_paths", "scenario_net_cost"
RESULT = "Net cost of the twelve months to"
MAY_NOT_SAVE = (
    "You may try these numbers, but your role does not let you save them: {names}. Send the address of this page to "
    "whoever may."
)
NOT_YET = Callout(
    "Nothing to show yet",
    ("What becomes of people and money stands here once the model has settings and numbers, and this has changes.",),
)


@require_safe
def show_scenarios(request: ProgrammeRequest, programme: str) -> HttpResponse:
    """Every model with its scenarios side by side, and the way to the page of each."""
    page = Page(TOPIC.title, TOPIC.lead, tuple(TOPIC.chapter(request.desk)), TOPIC.stage, trail_to(request, TOPIC))
    told = {"scenarios": rows_of(request, SCENARIOS), "adds": adds_of(request)}
    return page_response(request, page, template="scenarios/scenarios.jinja", **told)


@FORMS
def show_scenario(request: ProgrammeRequest, programme: str, code: str) -> HttpResponse:
    """One scenario with its numbers to try others in their place; what is tried stands in the address."""
    scenario = scenario_asked(request, code)
    form = TrialForm(request.desk, scenario, asked=request.POST or request.GET)
    here = reverse("scenario", args=(programme, code))
    if request.method == "POST" and form.is_valid():
        if not form.query:
            messages.success(request, "No number differs from what is saved.")
        return redirect(here + form.query)
    blocks = tuple(_blocks(form))
    page = Page(scenario["scenario"], "", blocks, TOPIC.stage, trail_to(request, TOPIC, TOPIC.title))
    if "table" in request.GET:
        return page_response(request, page)
    names = names_of(request.programme, request.desk)
    chosen = [assumption(name) for name in DERIVED[PATHS].assumptions]
    facts = next((row for row in rows_of(request, "flow_models") if row["model"] == scenario["model"]), None)
    return page_response(
        request,
        page,
        template="scenarios/scenario.jinja",
        form=form,
        fields={field.parameters["name"]: field for field in nhs_fields(form)},
        facts=facts,
        chosen=chosen,
        results=_results(form),
        documents=names.documents,
        registers={stem: register_url(programme, stem) for stem in (*MODELS, "flow_models")},
        saving=_saving(request, form),
        here=here,
    )


@FORMS
def show_saving(request: ProgrammeRequest, programme: str, code: str) -> HttpResponse:
    """The form that saves the trial of the address, with a reason; once it is saved, the way back to the scenario."""
    trial = trial_asked(request, code)
    here = reverse("scenario", args=(programme, code))
    if not trial.is_trial:
        return redirect(here)
    records = _records(request, trial)
    refusal = _refusal(request, trial, records)
    if refusal:
        raise NotAllowed(refusal)
    seen = " ".join(str(record.version) for record, _ in records)
    form = SaveForm(seen, data=request.POST if request.method == "POST" else None)

    def save() -> list[Record]:
        if form.cleaned_data["seen"] != seen:
            raise WrongState(STALE)
        wanted = [(record, cells, record.version) for record, cells in records]
        return save_trial(wanted, by=request.user, on=request.viewer.on, reason=form.cleaned_data["reason"])

    saved = form.done(save)
    if saved is not None:
        messages.success(request, "The numbers of the trial are saved. The story of each record tells why.")
        return redirect(here)
    said = "All of these are changed for everybody who sees them, or none is."
    context = {"title": "Save these numbers", "submit": "Save", "said": said, "back": here + trial.query}
    return _asked(request, trial, {**context, "form": form, "differences": trial.differences})


@FORMS
def show_copying(request: ProgrammeRequest, programme: str, code: str) -> HttpResponse:
    """The form by which a scenario, with what is tried of its changes, becomes another; then the way to that."""
    trial = trial_asked(request, code)
    if not may_add(request):
        raise NotAllowed(MAY_NOT_ADD)
    model = trial.scenario["model"]
    taken = [AS_IT_IS, *(row["scenario"] for row in rows_of(request, SCENARIOS) if row["model"] == model)]
    data = request.POST if request.method == "POST" else None
    form = CopyForm(request.programme, request.viewer, taken=taken, data=data)

    def copy() -> Record:
        row, changes = trial.copied
        row = {**row, "scenario": form.cleaned_data["scenario"]}
        told: dict[str, Any] = {"keeping": form.keeping(), "by": request.user, "on": request.viewer.on}
        return copy_scenario(request.programme, row, changes=changes, **told)

    made = form.done(copy)
    if made is not None:
        messages.success(request, "The new scenario was added, with its changes.")
        return redirect(reverse("scenario", args=(programme, made.known_as)))
    context = {
        "title": "Save as a new scenario",
        "submit": "Add the scenario",
        "said": f"It begins with all that “{trial.scenario['scenario']}” changes, as tried. {trial.left_out}".strip(),
        "back": reverse("scenario", args=(programme, code)) + trial.query,
        "keeping": "How it is kept",
    }
    return _asked(request, trial, {**context, "form": form, "differences": trial.of_scenario})


@require_safe
def take_series(request: ProgrammeRequest, programme: str, code: str) -> HttpResponse:
    """Every monthly series of the scenario's model, of all its scenarios, as CSV; with what is tried."""
    trial = trial_asked(request, code)
    found = trial.tried.table(PATHS)
    if found is None:
        raise NotFound(NO_SERIES)
    told = series_of(found[0], trial.scenario["model"])
    response = HttpResponse(frame_csv(told).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="series.csv"'
    return response


def _blocks(form: TrialForm) -> list[Block]:
    """What becomes of the scenario as it is tried; as it is saved where the trial is refused."""
    desk = form.shown if form.is_valid() else form.desk
    found, scenario = desk.table(PATHS), form.scenario
    there = found is not None and found[0].filter(model=scenario["model"], scenario=scenario["scenario"]).height
    return scenario_blocks(desk, scenario["model"], scenario["scenario"]) if there else [NOT_YET]


def _results(form: TrialForm) -> list[tuple[str, str, str]]:
    """What a scenario is worth, when it pays back and what a year costs, saved and tried. Nothing without a trial."""
    if not form.is_trial:
        return []
    found = []
    for key, words in {**WORTH, NET_COST: RESULT}.items():
        saved, tried = ({one.period: one for one in form.figures(desk, key)} for desk in (form.desk, form.shown))
        found += [
            (
                f"{words} {period_words(period)}" if key == NET_COST else words,
                _with_range(saved.get(period)),
                _with_range(one),
            )
            for period, one in tried.items()
        ]
    return found


def _with_range(figure: Figure | None) -> str:
    """A figure in words, with its range where it has one."""
    if figure is None:
        return "none"
    if figure.missing:
        return figure.missing
    return f"{figure.text} ({figure.interval_text})" if figure.interval_text else figure.text


def _records(request: ProgrammeRequest, form: TrialForm) -> list[tuple[Record, Mapping[str, str]]]:
    """The records that the trial differs from, with the cells that differ."""
    found: list[tuple[Record, Mapping[str, str]]] = []
    for stem, changed in form.cells.items():
        records = records_of(request, MODELS[stem])
        found += [(records[code], cells) for code, cells in changed.items() if code in records]
    return found


def _refusal(request: ProgrammeRequest, form: TrialForm, records: list[tuple[Record, Mapping[str, str]]]) -> str:
    """Why the viewer cannot save the trial; empty where they can."""
    kept = [record for record, _ in records if not CHANGE.holds(request.viewer, record)]
    if not kept:
        return ""
    names = ", ".join(f"{record.known_as} (kept by {record.organisation.name})" for record in kept)
    return MAY_NOT_SAVE.format(names=names)


def _saving(request: ProgrammeRequest, form: TrialForm) -> dict[str, Any]:
    """What the viewer can do with the trial: why it cannot be saved, and whether it can become a new scenario."""
    refusal = _refusal(request, form, _records(request, form)) if form.is_trial else ""
    return {"refusal": refusal, "may_add": may_add(request)}


def _asked(request: ProgrammeRequest, trial: TrialForm, context: Mapping[str, Any]) -> HttpResponse:
    """A form about what is tried."""
    name = trial.scenario["scenario"]
    slug, code = request.programme.slug, trial.scenario["code"]
    trail = (*trail_to(request, TOPIC, TOPIC.title), (name, reverse("scenario", args=(slug, code)) + trial.query))
    return render(request, "scenarios/trial.jinja", {"stage": TOPIC.stage, "trail": trail, "about": name, **context})
