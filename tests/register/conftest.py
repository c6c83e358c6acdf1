"""A database that several connections write to."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that several connections write to; with SQLite a file, where that of other tests is in memory."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    in_memory, path = connection.connection, tmp_path / "shared.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        in_memory.backup(file)
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", str(path))
        connection.connection = None
        yield
        connection.close()
    connection.connection = in_memory
