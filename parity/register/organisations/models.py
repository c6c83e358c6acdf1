"""An organisation that takes part in programmes."""

import uuid

from django.db import models
from simple_history.models import HistoricalRecords


class Organisation(models.Model):
    """A council, an NHS body, a provider or another partner, known by its ONS or ODS code or a code of our own.

    Bodies merge and vanish: `successor` took over from one that closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    ods_code = models.CharField(max_length=12, blank=True)
    ons_code = models.CharField(max_length=12, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")

    history = HistoricalRecords()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
