"""Data quality issues."""

from parity.register.records.models import Record


class DataIssue(Record):
    """What is wrong with a table or publication, how much it matters, and who mends it by when."""

    STEM = "data_issues"
    KIND = "data issue"
    LISTED = ("title", "dataset", "severity", "state", "owner", "due")
    FILTERS = ("state", "severity", "dataset")
