"""Targets and their dated milestones."""

from parity.register.records.models import Record


class Target(Record):
    """What is to be reached, known by its code."""

    STEM = "targets"
    KIND = "target"
    LISTED = ("theme", "text")
    FILTERS = ("theme",)


class Milestone(Record):
    """A step on the way to a target, with its date and value where it has them."""

    STEM = "milestones"
    KIND = "milestone"
    LISTED = ("text", "due", "value", "unit")
    FILTERS = ("polarity",)
