"""A token of the API, and the answers kept so that a request sent twice is done once."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models

from parity.register.programmes.models import Programme

KEPT_FOR = timedelta(hours=24)
"""How long a request that is sent again is known."""


class Scope(models.TextChoices):
    """What a token lets a program do for its person."""

    READ = "read", "Read"
    WRITE = "write", "Read and change"


class Token(models.Model):
    """A program acts for a person in one programme, until the day before `ends_on`.

    Only the hash of its secret is kept. It can do no more than the person can, and nothing once they have left.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=100)
    scope = models.CharField(max_length=5, choices=Scope.choices, default=Scope.READ)
    digest = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ("-starts_on", "title")

    @staticmethod
    def on(day: date) -> models.Q:
        """The tokens that hold on a day."""
        return models.Q(starts_on__lte=day, ends_on__gt=day)


class Answered(models.Model):
    """What was answered to a request that bore an Idempotency-Key, so that the same request is not done again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    record = models.UUIDField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "key"), name="one_answer_a_key"),)

    @staticmethod
    def kept(at: datetime) -> models.Q:
        """The answers that are still kept at an instant."""
        return models.Q(at__gt=at - KEPT_FOR)
