"""`migrate` as Django has it, but that an empty database has its tables at once, as the models are now.

To go through every migration makes all models anew at each, which takes some thirty times as long.
"""

from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

STEPWISE = ("app_label", "plan", "check_unapplied", "fake", "fake_initial", "prune")
"""Options by which something else is asked for than the tables of this version."""


class Command(migrate.Command):
    """Brings the tables of a database to this version."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Nothing; the tables are there, and every migration is told as done."""
        connection = connections[options["database"]]
        if not any(options[name] for name in STEPWISE) and _is_empty(connection):
            _make_tables(connection)
        super().handle(*args, **options)


def _is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database has none of our tables, nor that in which migrations are told."""
    ours = {*connection.introspection.django_table_names(), MigrationRecorder.Migration._meta.db_table}
    return not ours & {*connection.introspection.table_names()}


def _make_tables(connection: BaseDatabaseWrapper) -> None:
    """All tables, or none: they are made in one transaction, in which their migrations are told as done."""
    own = [model for model in apps.get_models() if model._meta.can_migrate(connection)]
    models: list[type[Model]] = [*own, MigrationRecorder.Migration]
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes(), fake=True)
