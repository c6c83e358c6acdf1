"""The models of stage 2, gathered for Django."""

from parity.plan.calibration.models import CareCount
from parity.plan.improvement.models import Task
from parity.plan.outcomes.models import OutcomeMeasure
from parity.plan.scenarios.models import CareModel, CareNumber, CareSetting, Scenario, ScenarioChange
from parity.plan.targets.models import Milestone, Target

__all__ = [
    "CareCount",
    "CareModel",
    "CareNumber",
    "CareSetting",
    "Milestone",
    "OutcomeMeasure",
    "Scenario",
    "ScenarioChange",
    "Target",
    "Task",
]
