"""Tasks of improvement and implementation plans."""

from parity.register.records.models import Record


class Task(Record):
    """A task or action of a plan, known by its number."""

    STEM = "tasks"
    KIND = "task"
    LISTED = ("title", "plan", "lead", "deadline")
    FILTERS = ("plan",)
