"""What a person wants to be told, what they were told, and how far the events of a programme were looked through."""

import uuid

from django.conf import settings
from django.db import models

from parity.register.notices.rules import DAILY, PACES
from parity.register.programmes.models import Programme


class Choice(models.Model):
    """What one person wants to be told of one programme by e-mail, and how soon.

    `due_at` is when the next e-mail goes; whoever sends it moves it on first, so that no two do. Null where there is
    nothing to tell.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list)
    pace = models.CharField(max_length=10, choices=tuple(PACES.items()), default=DAILY)
    since = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "programme"), name="one_choice_a_programme"),)
        indexes = (models.Index(fields=("due_at",), name="choice_due"),)


class Notice(models.Model):
    """One event that a person is told of, and why. What it says is asked of the event, under the policy of the day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="notices")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=12)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("choice", "number"), name="one_notice_an_event"),)


class Progress(models.Model):
    """How far the events of a chain were told. Whoever tells more takes this row first."""

    chain = models.CharField(max_length=60, primary_key=True)
    number = models.PositiveIntegerField(default=0)
