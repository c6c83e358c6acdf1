"""Rows of the database as lines of JSON, exact in every type, alike from SQLite and PostgreSQL; and their digests."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import singledispatch
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, JSONField, Model, Q
from django.utils.duration import duration_iso_string

from parity.web.backup.digest import Count, Digest

ROWS_AT_ONCE = 2000
LEFT_OUT = {
    "sessions": "whoever was signed in signs in again",
    "usersessions": "the list of those sessions",
    "django_q": "the queue of jobs, which holds no record",
    "register.tally": "how often somebody came within the last minutes",
}
"""Apps and models whose rows are in no backup, and why."""
ALL = Q()
MADE_AT_SET_UP = {"contenttypes.contenttype", "auth.permission"}
"""Models whose rows every set-up makes anew; a restored instance has those of the backup instead."""

Kind = type[Model]
Row = Mapping[str, Any]
Fields = Sequence["Field[Any, Any]"]


def kept_models() -> dict[str, Kind]:
    """Every model whose rows are in a backup, by its label, in order; tables between two models are models too."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    kept = [
        model
        for model in found
        if not model._meta.proxy and not {model._meta.app_label, model._meta.label_lower} & LEFT_OUT.keys()
    ]
    return {model._meta.label_lower: model for model in sorted(kept, key=lambda model: model._meta.label_lower)}


def columns(model: Kind) -> list["Field[Any, Any]"]:
    """The fields that the model's own table stores; not those that the database computes by itself."""
    return [each for each in model._meta.local_concrete_fields if not each.generated]


def read_rows(model: Kind, *, among: Q = ALL, fields: Fields = ()) -> Iterator[Row]:
    """The rows of the model's table, all or those among these, in the order of its key, a few at a time.

    A row has a value of each column, or of these fields alone.
    """
    names = [each.attname for each in fields or columns(model)]
    rows = model._base_manager.filter(among).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield dict(zip(names, row, strict=True))


def write_rows(model: Kind, rows: Iterable[Row], *, fields: Fields = ()) -> None:
    """Nothing; the rows, as `row_of` gives them, are in the model's table, and no signal or default changed them.

    Where only some fields are named, the database itself fills in the rest: the number of a row.
    """
    given, quote = fields or columns(model), connection.ops.quote_name
    names = ", ".join(quote(str(each.column)) for each in given)
    values = ", ".join("%s" for _ in given)
    # names of tables and columns come from our own models
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({values})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[_stored(each, row[each.attname]) for each in given] for row in rows])


def _stored(each: "Field[Any, Any]", value: Any) -> Any:
    return each.get_db_prep_save(value, connection)


def clear(model: Kind) -> None:
    """Nothing; the model's table is empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 -- as above


def number_on(models: Iterable[Kind]) -> None:
    """Nothing; the next row of each model gets a number that none has."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def line_of(row: Row) -> bytes:
    """The row as one line of JSON. Raises TypeError for a value of a type that `written` does not know."""
    return json.dumps(row, default=written, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def row_of(model: Kind, line: bytes, *, fields: Fields = ()) -> Row:
    """The row that a line tells, each value in its field's type. Raises ValueError or KeyError for any other line."""
    told = json.loads(line)
    return {each.attname: each.to_python(told[each.attname]) for each in fields or columns(model)}


@singledispatch
def written(value: object) -> str:
    """A value as text that its field reads back to the same value, to the last microsecond."""
    raise TypeError(f"a backup cannot hold a {type(value).__name__}")


@written.register(UUID)
@written.register(Decimal)
def _(value: object) -> str:
    return str(value)


@written.register(date)
@written.register(datetime)
@written.register(time)
def _(value: date | time) -> str:
    return value.isoformat()


@written.register
def _(value: timedelta) -> str:
    return duration_iso_string(value)


@written.register(bytes)
@written.register(memoryview)
def _(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def canonical(model: Kind, row: Row) -> bytes:
    """What a row says, alike in every database: for digests.

    PostgreSQL sorts the names in a JSON value, and writes 1e16 without an exponent.
    """
    even = {each.attname: _even(row[each.attname]) for each in columns(model) if isinstance(each, JSONField)}
    return json.dumps({**row, **even}, default=written, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _even(value: Any) -> Any:
    """A JSON value with every whole number written as one."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _even(each) for name, each in value.items()}
        case list():
            return [_even(each) for each in value]
    return value


def tally(model: Kind, rows: Iterable[Row] | None = None) -> Digest:
    """How many rows the model has, or how many these are, and the hash of what they say."""
    counted = Count()
    for row in read_rows(model) if rows is None else rows:
        counted.add(canonical(model, row), size=1)
    return counted.digest()
