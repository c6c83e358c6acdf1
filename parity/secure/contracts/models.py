"""Contracts and agreements."""

from parity.register.records.models import Record


class Contract(Record):
    """A contract, grant or agreement with its term and its possible extension."""

    STEM = "contracts"
    KIND = "contract"
    LISTED = ("title", "provider", "kind", "start", "annual_value_gbp", "status")
    FILTERS = ("status", "kind")
