"""Where records rest: SQLite in the home folder, or the PostgreSQL that DATABASE_URL names; and what is asked of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from parity.terms.errors import NotAllowed

FORM = "postgresql://NAME:PASSWORD@HOST:5432/DATABASE"
SCHEMES = ("postgres", "postgresql")
OLDEST = 15
VERSION_STEP = 10_000
"""PostgreSQL writes its version 15.4 as 150004."""
PATIENCE_SECONDS = 60
KEPT_OPEN_SECONDS = 60
SETTING_UP = 0x50617269
"""The number under which PostgreSQL knows our lock: the first letters of our name."""

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON;"
    ),
}
POSTGRESQL_OPTIONS = {"application_name": "parity", "connect_timeout": 10}


def database(address: str, home: Path) -> dict[str, Any]:
    """Django's settings of the database: SQLite in the home without an address, else PostgreSQL.

    No request is one transaction: pages that only read would wait for whoever writes to SQLite. Every action is one.
    Raises NotAllowed where the address is not of the form, whose password no message repeats, or the driver is missing.
    """
    if not address:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": home / "parity.sqlite3", "OPTIONS": SQLITE_OPTIONS}
    told = _parsed(address)
    if find_spec("psycopg") is None:
        raise NotAllowed(
            "DATABASE_URL names PostgreSQL, whose driver is not installed: install Parity with the extra “postgres”."
        )
    return {**told, "OPTIONS": {**POSTGRESQL_OPTIONS, **told.get("OPTIONS", {})}}


def _parsed(address: str) -> dict[str, Any]:
    refused = NotAllowed(
        f"DATABASE_URL must be of the form {FORM}, signs other than letters and digits in it written as %XX. "
        "Without it, records rest in SQLite in PARITY_HOME."
    )
    scheme, found, _ = address.partition("://")
    if not found or scheme not in SCHEMES:
        raise refused
    try:
        told = dj_database_url.parse(address, conn_max_age=KEPT_OPEN_SECONDS, conn_health_checks=True)
    except ValueError:
        raise refused from None
    if not told["NAME"]:
        raise refused
    return dict(told)


def check_role(*, sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Nothing. Raises NotAllowed where a fresh connection to PostgreSQL acts as a superuser, and closes it.

    A superuser reads every database of the server and passes by every right that was taken from Parity's own role.
    The server tells this with each connection, so that asking costs nothing.
    """
    if connection.vendor != "postgresql":
        return
    if connection.connection.info.parameter_status("is_superuser") == "on":
        connection.close()
        raise NotAllowed(
            "DATABASE_URL signs in as a superuser of PostgreSQL. Beyond this machine Parity must not: make it a role "
            "of its own that owns its database, and nothing else."
        )


@contextmanager
def setting_up(home: Path) -> Iterator[None]:
    """Lets one process at a time set the database up; the next one waits, a minute at most.

    Raises OperationalError for whoever waited in vain, NotAllowed where PostgreSQL is too old or sorts otherwise.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _postgresql_lock() if connection.vendor == "postgresql" else _file_lock(home):
        yield


@contextmanager
def _file_lock(home: Path) -> Iterator[None]:
    """A transaction on a file of its own is a lock that ends with its process, however that ends."""
    with closing(sqlite3.connect(home / "setting-up.sqlite3", timeout=PATIENCE_SECONDS)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise OperationalError(str(error)) from None
        yield


@contextmanager
def _postgresql_lock() -> Iterator[None]:
    """A lock of the database: its processes may run on several machines."""
    check_postgresql()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{PATIENCE_SECONDS}s"])
        cursor.execute("SELECT pg_advisory_lock(%s)", [SETTING_UP])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SETTING_UP])


def check_postgresql() -> None:
    """Nothing. Raises NotAllowed where PostgreSQL is too old, or its database sorts text otherwise than SQLite.

    The same records must give the same page and the same bytes of a document, wherever they rest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // VERSION_STEP
        cursor.execute("SELECT 'B' < 'a' AND 'a b' < 'aa' AND current_setting('server_encoding') = 'UTF8'")
        sorts_by_sign = cursor.fetchone()[0]
    if version < OLDEST:
        raise NotAllowed(f"Parity needs PostgreSQL {OLDEST} or newer; DATABASE_URL names version {version}.")
    if not sorts_by_sign:
        raise NotAllowed(
            "The database that DATABASE_URL names is not in UTF-8 or sorts by the rules of a language. Make it with: "
            "createdb --template=template0 --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8 DATABASE"
        )
