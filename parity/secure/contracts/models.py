"""Contracts and agreements."""

from django.db import models

from parity.register.records.models import Record


class Contract(Record):
    """A contract, grant or agreement with its term and its possible extension."""

    STEM = "contracts"
    KIND = "contract"

    contract = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    provider = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    area = models.CharField(max_length=60)
    start = models.DateField(null=True, blank=True)
    initial_months = models.PositiveIntegerField()
    extension_months = models.PositiveIntegerField()
    annual_value_gbp = models.FloatField(null=True, blank=True)
    funders = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=20)
