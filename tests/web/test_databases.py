"""SQLite by default, PostgreSQL by DATABASE_URL: how each is opened, what is refused, that tables can go back."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation

from parity.register.models import Organisation
from parity.terms.errors import NotAllowed
from parity.web import database as module
from parity.web.backup.rows import MADE_AT_SET_UP
from parity.web.database import FORM, database, setting_up
from tests.emptying import MANY, empty_database, tables
from tests.processes import parity, python
from tests.register.worlds import organisation, person, programme
from tests.web.packing import small_programme

REFUSED = (
    f"DATABASE_URL must be of the form {FORM}, signs other than letters and digits in it written as %XX. "
    "Without it, records rest in SQLite in PARITY_HOME."
)
OURS = {app.label for app in apps.get_app_configs() if app.name.startswith("parity.")}
IRREVERSIBLE: set[str] = set()
"""Migrations that cannot be taken back, each with a line in the changelog that says so."""


# How it is opened


def test_without_an_address_records_rest_in_sqlite(tmp_path: Path) -> None:
    assert database("", tmp_path)["NAME"] == tmp_path / "parity.sqlite3"


def test_sqlite_lets_readers_and_a_writer_work_at_once(home: Path) -> None:
    asked = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
    code = (
        "import django, json; django.setup()\n"
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        f"    print(json.dumps([cursor.execute(f'PRAGMA {{name}}').fetchone()[0] for name in {asked!r}]))"
    )
    assert json.loads(python(code).stdout) == ["wal", 1, 30_000, 1]


def test_postgresql_is_named_by_its_address(tmp_path: Path) -> None:
    told = database("postgresql://ana:p%40ss@db.example:6432/parity?sslmode=require", tmp_path)
    assert told == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "parity", "USER": "ana", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": 6432,
        "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {"application_name": "parity", "connect_timeout": 10, "sslmode": "require"},
    }  # fmt: skip


def test_this_run_is_on_the_database_it_was_told(database_address: str) -> None:
    assert connection.vendor == ("postgresql" if database_address else "sqlite")


@pytest.mark.parametrize(
    "address",
    [
        "parity", "://", "mysql://ana:secret@db/parity", "sqlite:///parity.sqlite3", "postgresql://db.example",
        "postgresql://ana:secret@db:port/parity", "postgresql://[ana:secret@db/parity", "postgresql:///",
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_refused_and_not_repeated(address: str, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed) as refused:
        database(address, tmp_path)
    assert str(refused.value) == REFUSED


def test_the_terminal_refuses_a_bad_address_in_a_sentence() -> None:
    done = parity("digest", DATABASE_URL="mysql://ana:secret@db/parity")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", REFUSED + "\n")


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    done = parity("digest", DATABASE_URL="postgresql://ana:secret@127.0.0.1:1/parity")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("The records that DATABASE_URL names cannot be used: connection failed:")
    assert (done.stderr.count("\n"), "secret" in done.stderr) == (1, False)


def test_a_missing_driver_is_told_with_the_extra_that_brings_it() -> None:
    code = "import sys; sys.modules['psycopg'] = None\nfrom parity.cli import main\nsys.exit(main(['digest']))"
    done = python(code, DATABASE_URL="postgresql://ana@db.example/parity")
    assert (done.returncode, done.stderr) == (
        2,
        "DATABASE_URL names PostgreSQL, whose driver is not installed: install Parity with the extra “postgres”.\n",
    )


def test_whoever_waits_in_vain_is_told(
    db: None, home: Path, database_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_address:
        pytest.skip("PostgreSQL waits by itself, and its own error tells that it was in vain.")
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0)
    with setting_up(home), pytest.raises(OperationalError, match="database is locked"), setting_up(home):
        pass


# Migrations


def test_every_change_of_a_model_has_its_migration(db: None) -> None:
    call_command("makemigrations", *sorted(OURS), check=True, dry_run=True, verbosity=0)


def operations(found: list[Operation]) -> list[Operation]:
    """Operations with those inside others."""
    inner = [each for one in found if isinstance(one, SeparateDatabaseAndState) for each in one.database_operations]
    return [*found, *operations(inner)] if inner else found


def test_every_migration_can_be_taken_back_or_says_that_it_cannot() -> None:
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    ours = {f"{app}.{name}": migration for (app, name), migration in known.items() if app in OURS}
    one_way = {
        name
        for name, migration in ours.items()
        if not all(each.reversible for each in operations(migration.operations))
    }
    assert len(ours) >= len(OURS) - 1
    assert one_way == IRREVERSIBLE


WIDER = {"auth_group_permissions"}
"""Django's own table, which Parity leaves empty: migrations number its rows with larger integers than its models do."""
GONE_AND_BACK = """
import django, gc, json; django.setup()
# models are made by the ten thousand, and few are let go of
gc.set_threshold(200_000, 50, 100)
from django.apps import apps
from django.core.management import call_command
from django.db import connection

def shape():
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            rules = connection.introspection.get_constraints(cursor, table).items()
            # SQLite counts foreign keys, in the order of the columns
            named = [(None if name.startswith("fk_") else name, sorted(map(str, told.items()))) for name, told in rules]
            found[table] = sorted(map(str, columns)), sorted(map(str, named))
        for query in ("app, name FROM django_migrations", "app_label, model FROM django_content_type"):
            cursor.execute(f"SELECT {query}")
            found[query] = sorted(cursor.fetchall())
    return found

call_command("migrate", verbosity=0)
at_once = shape()
# register takes with it all that depends on people
for app in ("register", *(app.label for app in apps.get_app_configs() if app.label != "contenttypes"), "contenttypes"):
    if any(name == app for name, _ in at_once["app, name FROM django_migrations"]):
        call_command("migrate", app, "zero", verbosity=0)
left = connection.introspection.table_names()
call_command("migrate", "contenttypes", verbosity=0)
call_command("migrate", verbosity=0)
again = shape()
apart = [name for name in at_once | again if at_once.get(name) != again.get(name)]
print(json.dumps([left, apart, len(at_once)]))
"""


def test_tables_go_back_to_none_and_come_again(
    request: pytest.FixtureRequest, database_address: str, home: Path
) -> None:
    """They are made at once the first time, and step by step the second: that is the same."""
    served = {"DATABASE_URL": request.getfixturevalue("postgresql")} if database_address else {}
    home.mkdir()
    done = python(GONE_AND_BACK, **served)
    assert done.stderr == ""
    left, apart, count = json.loads(done.stdout)
    assert left == ["django_migrations"]
    assert set(apart) <= WIDER
    assert count > len(list(apps.get_models()))


def told() -> tuple[dict[str, int], list[object]]:
    """How many rows each table holds, where it holds any, and the content types and permissions that there are."""
    counted = {model._meta.label_lower: model._base_manager.count() for model in tables()}
    made = [sorted(apps.get_model(label)._base_manager.values_list()) for label in sorted(MADE_AT_SET_UP)]
    return {label: count for label, count in counted.items() if count}, made


@pytest.mark.parametrize("rows", [0, MANY + 1])
def test_what_a_test_left_is_gone_before_the_next(transactional_db: None, home: Path, rows: int) -> None:
    """However many rows: they are deleted, and where there are many truncated; and the next is number 1 again."""
    before = told()
    assert set(before[0]) == MADE_AT_SET_UP
    small_programme(home)
    Organisation.objects.bulk_create(Organisation(code=str(one), name="A", kind="council") for one in range(rows))
    empty_database()
    assert told()[0] == before[0]
    assert rows or told() == before
    made = programme("here", organisation("ours"), by=person("director"))
    assert made.organisations.through.objects.get().pk == 1


def test_what_set_up_makes_is_made_again(transactional_db: None) -> None:
    before = told()[0]
    Permission.objects.earliest("pk").delete()
    ContentType.objects.create(app_label="a", model="b")
    empty_database()
    assert told()[0] == before


def test_tables_are_made_whole_or_not_at_all(home: Path) -> None:
    home.mkdir()
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.db import connection\n"
        "from django.db.migrations.executor import MigrationExecutor\n"
        "whole, MigrationExecutor.migrate = MigrationExecutor.migrate, None\n"
        "try: call_command('migrate', verbosity=0)\n"
        "except TypeError: print(len(connection.introspection.table_names()))\n"
        "MigrationExecutor.migrate = whole; call_command('migrate', verbosity=0)\n"
        "print(len(connection.introspection.table_names()) > 90)"
    )
    done = python(code)
    assert (done.stdout.split(), done.stderr) == (["0", "True"], "")
