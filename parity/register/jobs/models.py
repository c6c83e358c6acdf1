"""A job: something that takes a while, done in the background for a person."""

import uuid

from django.conf import settings
from django.db import models

from parity.register.jobs.rules import COUNTED, ENDED, RUNNING, STATES, WAITING
from parity.register.programmes.models import Programme


class Job(models.Model):
    """What a person asked for, how far it is, and what came of it.

    `what` names a job function that a layer offers, never code. `key` is the hash of all that the result depends on, so
    that the same is not computed twice. `standing` is the hash of what the person might see in the programme when they
    asked. `attempts` counts the starts: who works on an earlier one may write nothing any more. `beat_at` is the last
    sign of life: while it waits, of being handed over; while it runs, of its worker.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64)
    what = models.CharField(max_length=40)
    title = models.TextField()
    payload = models.JSONField()
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, null=True, related_name="+")
    standing = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    state = models.CharField(max_length=10, choices=tuple(STATES.items()), default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    done_steps = models.PositiveIntegerField(default=0)
    all_steps = models.PositiveIntegerField(default=0)
    words = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("key",), condition=models.Q(state__in=COUNTED), name="one_job_an_input"),
        )
        indexes = (
            models.Index(fields=("by", "-asked_at"), name="job_mine"),
            models.Index(fields=("state", "beat_at"), name="job_stale"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def has_ended(self) -> bool:
        """True where nothing more will happen to it."""
        return self.state in ENDED

    @property
    def is_stopping(self) -> bool:
        """True where it was cancelled while somebody works on it: it ends with its next step."""
        return self.state == RUNNING and self.cancel_asked
