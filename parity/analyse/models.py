"""The models of stage 1, gathered for Django."""

from parity.analyse.data_quality.models import DataIssue
from parity.analyse.intelligence.models import Theme
from parity.analyse.opportunities.models import CaseFinding
from parity.analyse.policy.models import AssessmentCheck, Policy
from parity.analyse.supply.models import Service, ServiceMeasure

__all__ = ["AssessmentCheck", "CaseFinding", "DataIssue", "Policy", "Service", "ServiceMeasure", "Theme"]
