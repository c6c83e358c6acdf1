"""A webhook, and what is on its way to it."""

import uuid

from django.conf import settings
from django.db import models

from parity.register.organisations.models import Organisation
from parity.register.programmes.models import Programme


class Webhook(models.Model):
    """Where an organisation is told that something happened in a programme, for as long as `person` manages it there.

    No secret is kept: it follows from the workspace's key, the webhook and its `turn`, which is one more after every
    new secret; `digest` is its hash, by which another key of the workspace is noticed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=500)
    turn = models.PositiveIntegerField(default=1)
    turned_at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why_ended = models.TextField(blank=True)

    class Meta:
        ordering = ("made_at", "id")


class Delivery(models.Model):
    """One event that a webhook is told of; without a number, a test.

    `due_at` is when it is tried next; whoever tries it moves it on first, so that no two do. Null once it has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    number = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at", "-number", "id")
        constraints = (models.UniqueConstraint(fields=("webhook", "number"), name="one_delivery_an_event"),)
        indexes = (models.Index(fields=("due_at",), name="delivery_due"),)
