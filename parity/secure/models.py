"""The models of stage 3, gathered for Django."""

from parity.secure.contracts.models import Contract
from parity.secure.tenders.models import AwardCriterion

__all__ = ["AwardCriterion", "Contract"]
