"""A measure of an outcome."""

from django.db import models

from parity.register.records.models import Record


class OutcomeMeasure(Record):
    """One way in which an outcome is measured, with the outcome and its benefit to people."""

    STEM = "outcomes"
    KIND = "measure"

    outcome = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    benefit = models.TextField()
    measure = models.CharField(max_length=200)
    polarity = models.CharField(max_length=10)
    national_outcome = models.CharField(max_length=200, blank=True)
