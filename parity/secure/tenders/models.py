"""A criterion by which bids are judged."""

from django.db import models

from parity.register.records.models import Record


class AwardCriterion(Record):
    """A criterion of a tender with its weight, a share of the total score."""

    STEM = "award_criteria"
    KIND = "criterion"

    tender = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    criterion = models.CharField(max_length=200)
    weight = models.FloatField()
    scored_as = models.CharField(max_length=10)
