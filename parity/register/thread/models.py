"""A link of the thread."""

from django.conf import settings
from django.db import models

from parity.register.records.models import Record


class Link(Record):
    """A later record points to an earlier one. Each end is a UUID or a figure's key, beside its code."""

    STEM = "thread"

    from_kind = models.CharField(max_length=40)
    from_id = models.CharField(max_length=120)
    from_end = models.CharField(max_length=200)
    relation = models.CharField(max_length=20)
    to_kind = models.CharField(max_length=40)
    to_id = models.CharField(max_length=120)
    to_end = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
