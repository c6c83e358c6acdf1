"""With whom a record is shared: its class, and grants to organisations by name."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models

from parity.register.organisations.models import Organisation
from parity.register.programmes.models import Programme


class Sharing(models.TextChoices):
    """With whom a record is shared, from the fewest to the most."""

    PRIVATE = "private", "Our organisation only"
    NAMED = "named", "Organisations we name"
    PARTNERS = "partners", "All partners of the programme"
    PUBLIC = "public", "Everybody"


class Grant(models.Model):
    """One record is shared with one organisation by name, until the day before `ends_on` or without end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    record = models.UUIDField(db_index=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "organisation"), name="one_grant_an_organisation"),)

    @staticmethod
    def on(day: date) -> models.Q:
        """The grants that hold on a day."""
        return models.Q(starts_on__lte=day) & (models.Q(ends_on=None) | models.Q(ends_on__gt=day))
