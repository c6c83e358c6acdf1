"""Risks."""

from django.db import models

from parity.register.records.models import Record


class Risk(Record):
    """A risk with its scores, owner, mitigation and direction of travel."""

    STEM = "risks"
    KIND = "risk"

    risk = models.CharField(max_length=40)
    raised = models.DateField()
    title = models.TextField()
    effect = models.TextField()
    owner = models.CharField(max_length=200)
    impact_score = models.PositiveSmallIntegerField()
    probability_score = models.PositiveSmallIntegerField()
    band_printed = models.CharField(max_length=20, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    mitigation = models.TextField()
    action_owner = models.CharField(max_length=200)
    target_date_printed = models.CharField(max_length=60, blank=True)
    target_date = models.DateField(null=True, blank=True)
    trend = models.CharField(max_length=20)
