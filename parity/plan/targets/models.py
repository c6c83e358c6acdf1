"""Targets and their dated milestones."""

from django.db import models

from parity.register.records.models import Record


class Target(Record):
    """What is to be reached, known by its code."""

    STEM = "targets"
    KIND = "target"

    target = models.CharField(max_length=40)
    theme = models.CharField(max_length=200)
    text = models.TextField()


class Milestone(Record):
    """A step on the way to a target, with its date and value where it has them."""

    STEM = "milestones"
    KIND = "milestone"

    target = models.CharField(max_length=40)
    milestone = models.PositiveIntegerField()
    text = models.TextField()
    due = models.CharField(max_length=60, blank=True)
    value = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    polarity = models.CharField(max_length=10, blank=True)
