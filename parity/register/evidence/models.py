"""A statement that a document makes."""

from django.db import models

from parity.register.records.models import Record


class Statement(Record):
    """An aim, principle, priority or other statement, paraphrased, in its list and place."""

    STEM = "statements"
    KIND = "statement"

    list = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    text = models.TextField()
