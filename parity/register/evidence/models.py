"""A statement that a document makes."""

from parity.register.records.models import Record


class Statement(Record):
    """An aim, principle, priority or other statement, paraphrased, in its list and place."""

    STEM = "statements"
    KIND = "statement"
