"""The models of stage 1, gathered for Django."""

from parity.analyse.data_quality.models import DataIssue
from parity.analyse.intelligence.models import Theme
from parity.analyse.opportunities.models import CaseFinding
from parity.analyse.policy.models import AssessmentCheck, Policy

__all__ = ["AssessmentCheck", "CaseFinding", "DataIssue", "Policy", "Theme"]
