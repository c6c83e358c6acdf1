"""Policy and legislation, and checks whether a needs assessment fits another area."""

from parity.register.records.models import Record


class Policy(Record):
    """An act, policy or standard: what it requires of whom, and what it means for the strategy."""

    STEM = "policies"
    KIND = "policy"
    LISTED = ("title", "kind", "dated", "duty_bearer", "review")
    FILTERS = ("kind", "duty_bearer")


class AssessmentCheck(Record):
    """Whether one topic of a needs assessment that was made for one area holds for another, and why."""

    STEM = "assessment_checks"
    KIND = "assessment check"
    LISTED = ("assessment", "topic", "made_for", "area", "fits")
    FILTERS = ("assessment", "fits")
