"""Findings of reviews of case files. They tell of cases in number, never of a person."""

from parity.register.records.models import Record


class CaseFinding(Record):
    """What a review of sampled case files found, in how many of them, and what could be saved."""

    STEM = "case_findings"
    KIND = "case finding"
    LISTED = ("title", "review", "kind", "cases", "of_cases")
    FILTERS = ("kind", "review")
