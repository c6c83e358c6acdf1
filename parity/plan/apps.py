"""Stage 2 as a Django app; its indicators are in the catalogue once this module is read."""

from django.apps import AppConfig

from parity.plan.budget import indicators as budget
from parity.plan.calibration import indicators as calibration
from parity.plan.enablement import indicators as enablement
from parity.plan.improvement import indicators as improvement
from parity.plan.move_on import indicators as move_on
from parity.plan.options import indicators as options
from parity.plan.outcomes import indicators as outcomes
from parity.plan.reasons import indicators as reasons
from parity.plan.scenarios import indicators as scenarios
from parity.plan.service_costs import indicators as service_costs
from parity.plan.targets import indicators as targets
from parity.plan.topics import STAGE
from parity.register.records.tables import offer_records

INDICATORS = (
    *(budget, calibration, enablement, improvement, move_on, options, outcomes, reasons, scenarios, service_costs),
    targets,
)


class PlanConfig(AppConfig):
    """The stage with the records it offers as tables."""

    name = "parity.plan"
    stage = STAGE

    def ready(self) -> None:
        """Nothing; the records of this stage are tables from now on."""
        offer_records(self)
