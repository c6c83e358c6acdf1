"""What every record has: a programme, a place in its table, the text as printed, and where it was read."""

import uuid
from typing import ClassVar

from django.db import models

from parity.register.programmes.models import Programme


class Record(models.Model):
    """A row that people keep. The fields of a subclass bear the names of its table's columns.

    `STEM` is the table the records offer; `KIND` what the thread calls one of them, known by its `CODE` field.
    """

    STEM: ClassVar[str]
    KIND: ClassVar[str] = ""
    CODE: ClassVar[str] = ""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    printed = models.JSONField(default=dict)
    source = models.CharField(max_length=60)
    place = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ("position",)
