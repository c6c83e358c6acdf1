"""Emptying the database after a test that commits, in a tenth of the time that Django's `flush` takes.

`flush` makes every content type and permission anew, and PostgreSQL, told to truncate, every table and index.
"""

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import AutoField, Model

from parity.web.backup.rows import MADE_AT_SET_UP

MANY = 2000
"""Rows of one table that are truncated rather than deleted: of each, PostgreSQL asks who pointed to it."""


def empty_database() -> None:
    """Nothing; the tables hold no more than set-up makes, and rows are numbered from 1 again."""
    emptied = [model for model in tables() if model._meta.label_lower not in MADE_AT_SET_UP]
    if not _is_as_set_up() or _has_many(emptied):
        call_command("flush", interactive=False, verbosity=0)
        return
    quote = connection.ops.quote_name
    statements = [f"DELETE FROM {quote(model._meta.db_table)}" for model in emptied]
    numbered = [
        {"table": model._meta.db_table, "column": model._meta.pk.column}
        for model in emptied
        if isinstance(model._meta.pk, AutoField)
    ]
    statements += connection.ops.sequence_reset_by_name_sql(no_style(), numbered)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statements = ["; ".join(each.rstrip(";") for each in statements)]
        for each in statements:
            cursor.execute(each)


def tables() -> list[type[Model]]:
    """A model of each table that migrations make."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]


def _is_as_set_up() -> bool:
    """True where there is a content type of each model with its permissions, and no other."""
    models = apps.get_models()
    types = {(model._meta.app_label, model._meta.model_name) for model in models}
    permissions = sum(len({*model._meta.default_permissions, *model._meta.permissions}) for model in models)
    found = set(ContentType.objects.values_list("app_label", "model"))
    return (found, Permission.objects.count()) == (types, permissions)


def _has_many(models: list[type[Model]]) -> bool:
    """True where a table holds so many rows that it is quicker truncated."""
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    asked = " UNION ALL ".join(f"SELECT * FROM (SELECT 1 FROM {name} LIMIT 1 OFFSET {MANY}) AS more" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchone() is not None
