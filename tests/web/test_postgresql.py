"""What is asked of the PostgreSQL that DATABASE_URL names. `.ci/on-postgresql` starts one for a command."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from parity.terms.errors import NotAllowed
from parity.web import database as module
from parity.web.database import check_postgresql
from tests.given import EXAMPLES, HOUSE
from tests.processes import parity, python

if not os.environ.get("DATABASE_URL"):
    pytest.skip(
        "DATABASE_URL names no PostgreSQL, so every test ran on SQLite alone; .ci/on-postgresql starts one.",
        allow_module_level=True,
    )

SUPERUSER = (
    "DATABASE_URL signs in as a superuser of PostgreSQL. Beyond this machine Parity must not: make it a role of its "
    "own that owns its database, and nothing else."
)
SORTS_OTHERWISE = (
    "The database that DATABASE_URL names is not in UTF-8 or sorts by the rules of a language. Make it with: "
    "createdb --template=template0 --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8 DATABASE"
)


def as_superuser(address: str) -> str:
    """The same database, signed in as the server's own superuser; skips the test where it lets nobody in so."""
    parts = urlsplit(address)
    superuser = parts._replace(netloc="postgres@" + parts.netloc.rpartition("@")[2]).geturl()
    try:
        with psycopg.connect(superuser):
            return superuser
    except psycopg.OperationalError:
        pytest.skip("The server lets no superuser in without a password.")


def test_beyond_this_machine_no_superuser_is_taken(postgresql: str) -> None:
    address = as_superuser(postgresql)
    assert parity("load", str(EXAMPLES / "luton"), DATABASE_URL=address).returncode == 0
    done = parity("digest", DATABASE_URL=address, PARITY_ALLOWED_HOSTS="parity.council.example")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", SUPERUSER + "\n")
    asked_twice = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "for _ in range(2):\n"
        "    try:\n        connection.ensure_connection()\n"
        "    except Exception as error:\n        print(type(error).__name__)"
    )
    refusals = python(asked_twice, DATABASE_URL=address, PARITY_ALLOWED_HOSTS="parity.council.example")
    assert refusals.stdout.split() == ["NotAllowed", "NotAllowed"]


def test_beyond_this_machine_a_role_of_its_own_is_taken(postgresql: str) -> None:
    served = {"DATABASE_URL": postgresql, "PARITY_ALLOWED_HOSTS": "parity.council.example"}
    done = parity("load", str(EXAMPLES / "luton"), **served)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_database_that_sorts_by_a_language_is_refused(postgresql: str) -> None:
    parts = urlsplit(postgresql)
    name = parts.path.removeprefix("/")
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f"DROP DATABASE {name}")
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-GB'")
    done = parity("load", str(EXAMPLES / "luton"), DATABASE_URL=postgresql)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", SORTS_OTHERWISE + "\n")


def test_a_server_that_is_too_old_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    check_postgresql()
    monkeypatch.setattr(module, "OLDEST", 99)
    with pytest.raises(NotAllowed, match=r"^Parity needs PostgreSQL 99 or newer; DATABASE_URL names version \d+\.$"):
        check_postgresql()


def test_two_machines_that_set_up_one_database_wait_for_each_other(postgresql: str, tmp_path: Path) -> None:
    code = f"import sys; from parity.cli import main; sys.exit(main(['load', {str(EXAMPLES / 'luton')!r}]))"
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "DATABASE_URL": postgresql, "PARITY_HOME": str(tmp_path / name)},
        )
        for name in ("one", "other")
    ]  # fmt: skip
    said = [process.communicate(timeout=120) for process in begun]
    assert [(process.returncode, error) for process, (_, error) in zip(begun, said, strict=True)] == [(0, "")] * 2


@pytest.fixture
def role(database_address: str) -> Iterator[str]:
    """A role that may sign in and nothing else."""
    name = f"parity_{uuid.uuid4().hex}"
    with psycopg.connect(as_superuser(database_address), autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN")
        yield name
        server.execute(f"DROP ROLE {name}")


def test_the_role_of_the_pages_cannot_alter_the_audit(role: str, postgresql: str) -> None:
    """The rights are those that docs/databases.md gives."""
    rights = (HOUSE / "docs" / "databases.md").read_text("utf-8").partition("```sql\n")[2].partition("```")[0]
    parts = urlsplit(postgresql)
    pages = parts._replace(netloc=f"{role}@" + parts.netloc.rpartition("@")[2]).geturl()
    assert parity("load", EXAMPLES / "luton", DATABASE_URL=postgresql).returncode == 0
    with psycopg.connect(postgresql) as owner:
        owner.execute(rights.replace(" parity;", f" {role};"))
    done = parity("load", EXAMPLES / "kent", DATABASE_URL=pages)
    assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(pages, autocommit=True) as connected:
        for words in ("UPDATE register_event SET reason = ''", "DELETE FROM register_event", "TRUNCATE register_event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connected.execute(words)
