"""Stakeholders, and the log of engagement with them."""

from parity.register.records.models import Record


class Stakeholder(Record):
    """A group or body with an interest in the programme, and how it is involved."""

    STEM = "stakeholders"
    KIND = "stakeholder"
    LISTED = ("kind", "interest_score", "influence_score", "contact_role")
    FILTERS = ("kind",)


class Engagement(Record):
    """One occasion on which stakeholders were asked: what they said, and what was done about it."""

    STEM = "engagements"
    KIND = "engagement"
    LISTED = ("held", "stakeholder", "method", "subject", "people")
    FILTERS = ("method", "stakeholder")
