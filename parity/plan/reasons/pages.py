"""The page that explains one scenario, with what is tried of it."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from parity.layout.page import Page, page_response
from parity.plan.flow_pages import rows_of, trail_to
from parity.plan.reasons.documents import TOPIC, reason_blocks
from parity.plan.scenarios.documents import TOPIC as SCENARIOS
from parity.plan.scenarios.forms import TrialForm
from parity.register.policy import ProgrammeRequest
from parity.terms.errors import NotFound, WrongState


@require_safe
def show_why(request: ProgrammeRequest, programme: str, code: str) -> HttpResponse:
    """Why one scenario comes out as it does, and how sure that is; with the trial that the address holds."""
    trial = _trial(request, code)
    name, here = trial.scenario["scenario"], reverse("scenario", args=(programme, code)) + trial.query
    trail = (*trail_to(request, SCENARIOS, SCENARIOS.title), (name, here))
    blocks = tuple(reason_blocks(trial.shown, trial.scenario["model"], name))
    page = Page(f"{TOPIC.title}: {name}", TOPIC.lead, blocks, TOPIC.stage, trail)
    return page_response(request, page, template="reasons/why.jinja", trial=trial, back=here)


def _trial(request: ProgrammeRequest, code: str) -> TrialForm:
    """The scenario as the address tries it.

    Raises NotFound where the viewer may see none of this code, WrongState where the trial cannot be computed.
    """
    found = next((row for row in rows_of(request, "scenarios") if row["code"] == code), None)
    if found is None:
        raise NotFound("There is no such scenario.")
    trial = TrialForm(request.desk, found, asked=request.GET)
    if not trial.is_valid():
        raise WrongState(" ".join(str(each) for told in trial.errors.values() for each in told))
    return trial
