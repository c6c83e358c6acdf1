"""A programme and what its folder declares."""

import uuid

from django.conf import settings
from django.db import models

from parity.register.organisations.models import Organisation


class Programme(models.Model):
    """One programme shared by several organisations. `described` is what its folder declared.

    `records_version` is another after every change of its records, so that nothing computed from them grows stale.
    `lead` keeps what no other partner keeps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    period = models.CharField(max_length=60)
    summary = models.TextField()
    home_area = models.CharField(max_length=60)
    described = models.JSONField()
    organisations = models.ManyToManyField(Organisation, related_name="programmes")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    loaded_on = models.DateField()
    records_version = models.UUIDField(default=uuid.uuid4)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title
