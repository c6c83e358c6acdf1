"""Events: who did what, when and why, each chained to the one before."""

from typing import Any

from django.db import models

from parity.register.audit.rules import START

READ, LISTED = "read", "listed"
"""The verbs of events that tell of looks, and not of writes."""


class Event(models.Model):
    """One thing that was done. It points to nothing that could be deleted: ids and hashes stand as text.

    `before` and `after` are the hashes of the record's content; `at` is an instant as written into the chain.
    """

    chain = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    at = models.CharField(max_length=40)
    on = models.CharField(max_length=10)
    by = models.CharField(max_length=36)
    organisation = models.CharField(max_length=60, blank=True)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    record = models.CharField(max_length=36, blank=True, db_index=True)
    code = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("chain", "number")
        constraints = (models.UniqueConstraint(fields=("chain", "number"), name="one_event_a_number"),)
        indexes = (models.Index(fields=("chain", "kind"), condition=models.Q(verb=LISTED), name="event_listed"),)

    def as_dict(self) -> dict[str, Any]:
        """The event as it stands in the chain."""
        return {name: getattr(self, name) for name in WRITTEN}


WRITTEN = tuple(field.name for field in Event._meta.concrete_fields if field.name != "id")


class Head(models.Model):
    """The end of a chain. Whoever appends takes this row first, so that two cannot follow the same event."""

    chain = models.CharField(max_length=60, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default=START)
