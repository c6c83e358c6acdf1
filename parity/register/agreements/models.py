"""Partnership agreements."""

from parity.register.records.models import Record


class Agreement(Record):
    """An agreement between partners, such as a pooled fund under section 75, with its term and notice."""

    STEM = "agreements"
    KIND = "agreement"
    LISTED = ("title", "kind", "start", "end", "status")
    FILTERS = ("kind", "status")
