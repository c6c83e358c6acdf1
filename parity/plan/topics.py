"""The topics of the stage, in the order in which they are read."""

from parity.layout.topic import Stage
from parity.plan.budget.documents import TOPIC as BUDGET
from parity.plan.calibration.documents import TOPIC as CALIBRATION
from parity.plan.choice.documents import TOPIC as CHOICE
from parity.plan.enablement.documents import TOPIC as ENABLEMENT
from parity.plan.improvement.documents import TOPIC as IMPROVEMENT
from parity.plan.move_on.documents import TOPIC as MOVE_ON
from parity.plan.options.documents import TOPIC as OPTIONS
from parity.plan.outcomes.documents import TOPIC as OUTCOMES
from parity.plan.reasons.documents import TOPIC as REASONS
from parity.plan.scenarios.documents import TOPIC as SCENARIOS
from parity.plan.service_costs.documents import TOPIC as SERVICE_COSTS
from parity.plan.sizes.documents import TOPIC as SIZES
from parity.plan.targets.documents import TOPIC as TARGETS

STAGE = Stage(
    slug="plan",
    title="Plan",
    lead="What is to get better, which way is chosen, what it costs, and who does what by when.",
    topics=(
        *(OUTCOMES, TARGETS, OPTIONS, SERVICE_COSTS, MOVE_ON, ENABLEMENT, SCENARIOS, REASONS, CHOICE, SIZES),
        *(CALIBRATION, IMPROVEMENT, BUDGET),
    ),
)
