"""A secret address of a calendar feed."""

import uuid

from django.conf import settings
from django.db import models

from parity.register.programmes.models import Programme


class Calendar(models.Model):
    """The address at which a calendar program reads a person's dates in one programme. Only its hash is kept.

    It shows no more than the person sees at the moment it is asked for; there is one for each person and programme.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    made_on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "programme"), name="one_calendar_a_programme"),)
