"""Tasks of improvement and implementation plans."""

from django.db import models

from parity.register.records.models import Record


class Task(Record):
    """A task or action of a plan, known by its number."""

    STEM = "tasks"
    KIND = "task"

    task = models.CharField(max_length=60)
    plan = models.CharField(max_length=200)
    title = models.TextField()
    lead = models.CharField(max_length=200, blank=True)
    deadline = models.CharField(max_length=200, blank=True)
    resources = models.TextField(blank=True)
    constraint = models.TextField(blank=True)
    depends_on = models.TextField(blank=True)
    success = models.TextField(blank=True)
    indicators = models.TextField(blank=True)
