"""A criterion by which bids are judged."""

from parity.register.records.models import Record


class AwardCriterion(Record):
    """A criterion of a tender with its weight, a share of the total score."""

    STEM = "award_criteria"
    KIND = "criterion"
    LISTED = ("number", "weight", "scored_as")
    FILTERS = ("tender", "scored_as")
