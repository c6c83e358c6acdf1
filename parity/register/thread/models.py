"""A link of the thread."""

from django.db import models

from parity.register.records.models import Record
from parity.register.records.tables import record_id
from parity.register.thread.rules import FIGURE


class Link(Record):
    """A later record points to an earlier one. Each end is a UUID or a figure's key, beside its code.

    Who made it and when stands in its history.
    """

    STEM = "thread"
    KIND = "link"
    LISTED = ("source", "place", "note")
    FILTERS = ("relation", "from_kind", "to_kind")

    from_end = models.CharField(max_length=200)
    to_end = models.CharField(max_length=200)

    def complete(self) -> None:
        """Nothing; each end is known by its id."""
        self.from_end = self._end("from")
        self.to_end = self._end("to")

    def _end(self, side: str) -> str:
        kind, code = getattr(self, f"{side}_kind"), getattr(self, f"{side}_id")
        return code if kind == FIGURE else str(record_id(self.programme, kind, code))
