"""The models of stage 2, gathered for Django."""

from parity.plan.improvement.models import Task
from parity.plan.outcomes.models import OutcomeMeasure
from parity.plan.targets.models import Milestone, Target

__all__ = ["Milestone", "OutcomeMeasure", "Target", "Task"]
