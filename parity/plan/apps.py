"""Stage 2 as a Django app; its indicators are in the catalogue once this module is read."""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig

from parity.layout.addresses import asked_url, topic_url
from parity.plan.budget import indicators as budget
from parity.plan.calibration import indicators as calibration
from parity.plan.choice import indicators as choice
from parity.plan.choice.rules import JOB, address_of
from parity.plan.enablement import indicators as enablement
from parity.plan.improvement import indicators as improvement
from parity.plan.move_on import indicators as move_on
from parity.plan.options import indicators as options
from parity.plan.outcomes import indicators as outcomes
from parity.plan.reasons import indicators as reasons
from parity.plan.scenarios import indicators as scenarios
from parity.plan.service_costs import indicators as service_costs
from parity.plan.sizes import indicators as sizes
from parity.plan.targets import indicators as targets
from parity.plan.topics import STAGE
from parity.register.jobs.rules import offer_job
from parity.register.records.tables import offer_records

INDICATORS = (
    *(budget, calibration, choice, enablement, improvement, move_on, options, outcomes, reasons, scenarios),
    *(service_costs, sizes, targets),
)


class PlanConfig(AppConfig):
    """The stage with the records it offers as tables, and the job of a choice among many portfolios."""

    name = "parity.plan"
    stage = STAGE

    def ready(self) -> None:
        """Nothing; the records of this stage are tables from now on, and people may ask for a choice."""
        offer_records(self)
        work = "parity.plan.choice.actions.work_out_job"
        offer_job(JOB, work, title="Choice of options", page=_page_of_choice)


def _page_of_choice(payload: Mapping[str, Any]) -> str:
    """The address of the page that asks what a job was asked."""
    return topic_url(payload["programme"], STAGE.slug, "choice") + asked_url(address_of(payload["question"]).items())
