"""The page that explains one scenario, with what is tried of it."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from parity.layout.page import Page, page_response
from parity.plan.flow_pages import trail_to
from parity.plan.reasons.documents import TOPIC, reason_blocks
from parity.plan.scenarios.documents import TOPIC as SCENARIOS
from parity.plan.scenarios.forms import trial_asked
from parity.register.policy import ProgrammeRequest


@require_safe
def show_why(request: ProgrammeRequest, programme: str, code: str) -> HttpResponse:
    """Why one scenario comes out as it does, and how sure that is; with the trial that the address holds."""
    trial = trial_asked(request, code)
    name, here = trial.scenario["scenario"], reverse("scenario", args=(programme, code)) + trial.query
    trail = (*trail_to(request, SCENARIOS, SCENARIOS.title), (name, here))
    blocks = tuple(reason_blocks(trial.shown, trial.scenario["model"], name))
    page = Page(f"{TOPIC.title}: {name}", TOPIC.lead, blocks, TOPIC.stage, trail)
    return page_response(request, page, template="reasons/why.jinja", trial=trial, back=here)
