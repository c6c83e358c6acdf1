"""Risks."""

from parity.register.records.models import Record


class Risk(Record):
    """A risk with its scores, owner, mitigation and direction of travel."""

    STEM = "risks"
    KIND = "risk"
    LISTED = ("title", "owner", "impact_score", "probability_score", "trend", "target_date")
    FILTERS = ("trend", "owner")
