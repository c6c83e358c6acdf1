"""A measure of an outcome."""

from parity.register.records.models import Record


class OutcomeMeasure(Record):
    """One way in which an outcome is measured, with the outcome and its benefit to people."""

    STEM = "outcomes"
    KIND = "measure"
    LISTED = ("title", "polarity", "national_outcome")
    FILTERS = ("polarity",)
