"""What every record has: a programme, an owner, with whom it is shared, and the columns of its table."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Self

import polars as pl
from django.conf import settings
from django.db import models
from django.db.models.base import ModelBase
from simple_history.models import HistoricalRecords

from parity.register.organisations.models import Organisation
from parity.register.people.models import Person
from parity.register.policy import Viewer, visible
from parity.register.programmes.models import Programme
from parity.register.sharing.models import Sharing
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import Schema
from parity.terms.errors import Fault

_FIELDS: dict[str, Any] = {
    "string": models.TextField,
    "number": models.FloatField,
    "integer": models.BigIntegerField,
    "date": models.DateField,
    "boolean": models.BooleanField,
}


def columns_of(schema: Schema) -> dict[str, Any]:
    """A model's field for each column of a table. Text that may be absent is empty; any other value is null."""
    fields: dict[str, Any] = {}
    for entry in schema.fields:
        required, kind = bool(entry.get("constraints", {}).get("required")), entry["type"]
        absent = {"default": ""} if kind == "string" else {"null": True}
        fields[entry["name"]] = _FIELDS[kind](blank=not required, **({} if required else absent))
    return fields


class RecordType(ModelBase):
    """Gives a register's model the columns of its table, so that they are declared once, in the Table Schema."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        """The model, with a field for each column that it does not declare itself."""
        stem = attrs.get("STEM")
        columns = columns_of(house_schemas()[stem]) if stem else {}
        return super().__new__(mcs, name, bases, {**columns, **attrs}, **kwargs)


class Record(models.Model, metaclass=RecordType):
    """A row that an organisation keeps in a programme.

    `STEM` names its table; `KIND` is what the thread and people call one of them. `LISTED` are the columns that a list
    shows, `FILTERS` those by which it can be narrowed. Reading a record of a `SENSITIVE` register is an event too.
    `known_as` are the values of its table's key; `transcribed` is the hash of the row it was read from, empty where
    somebody entered it; `version` is one more after every change.
    """

    STEM: ClassVar[str]
    KIND: ClassVar[str] = ""
    LISTED: ClassVar[tuple[str, ...]] = ()
    FILTERS: ClassVar[tuple[str, ...]] = ()
    SENSITIVE: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.PRIVATE)
    lot = models.CharField(max_length=60, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    known_as = models.TextField()
    transcribed = models.CharField(max_length=64, blank=True)
    position = models.PositiveIntegerField()
    printed = models.JSONField(default=dict)

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "organisation", "known_as"), name="%(app_label)s_%(class)s_known_once"
            ),
        )
        # the list's order, and all that the policy asks of a record: a late page needs no row of those before
        indexes = (
            models.Index(
                fields=("programme", "withdrawn", "position", "id", "organisation", "sharing", "lot"),
                name="%(class)s_listed",
            ),
        )

    @classmethod
    def seen_by(cls, viewer: Viewer | None) -> models.QuerySet[Self]:
        """The records that a viewer may see; those of every programme for None, who runs the workspace."""
        return cls._default_manager.all() if viewer is None else visible(cls._default_manager.all(), viewer)

    @classmethod
    def complete(cls, records: Sequence[Self], *, by: Person, on: date) -> None:
        """Nothing; of these new records the fields are set that follow from their names, where a register has such."""

    @classmethod
    def faults_in(cls, rows: pl.DataFrame, viewer: Viewer, *, file: str) -> list[Fault]:
        """What is wrong with typed rows that are to be new records, beyond their columns; here nothing."""
        return []

    def __str__(self) -> str:
        return f"{self.KIND or self.STEM} {self.known_as}"
