"""The evidence library: documents, and what they state."""

from parity.register.records.models import Record


class Statement(Record):
    """An aim, principle, priority or other statement, paraphrased, in its list and place."""

    STEM = "statements"
    KIND = "statement"
    LISTED = ("text", "place")
    FILTERS = ("list", "source")


class SourceDocument(Record):
    """A document that records and figures cite by its key."""

    STEM = "documents"
    KIND = "document"
    LISTED = ("title", "publisher", "published", "kind")
    FILTERS = ("kind", "publisher")
