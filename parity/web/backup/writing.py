"""Writing a backup: one state of all rows and files, while others go on working."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

import parity
from parity.register.audit.models import Head
from parity.web.backup.archive import Lock, Member, write_archive
from parity.web.backup.digest import CHUNK, Count, measured
from parity.web.backup.manifest import NAME, Manifest, check_migrated, kept_files, known_migrations
from parity.web.backup.rows import Kind, canonical, kept_models, line_of, read_rows


def write_backup(path: Path, home: Path, lock: Lock) -> Manifest:
    """What the backup holds that is now at the path, once it is whole.

    Raises NotAllowed where the path is taken, WrongState where the database is another version's.
    """
    check_migrated()
    manifest = Manifest(parity.__version__, timezone.now().isoformat(), known_migrations(), {}, {}, {})
    with one_state():
        write_archive(path, _members(manifest, home), lock)
    return manifest


@contextmanager
def one_state() -> Iterator[None]:
    """Whatever is read within is of one instant. Others may write meanwhile."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        # not `atomic`, which would take the lock of whoever writes
        cursor.execute("BEGIN DEFERRED")
        try:
            # the instant is that of the first reading, not of BEGIN
            cursor.execute("SELECT count(*) FROM sqlite_schema")
            yield
        finally:
            cursor.execute("ROLLBACK")


def _members(manifest: Manifest, home: Path) -> Iterator[Member]:
    """Every member of the archive, the manifest last, which is filled in as they pass."""
    # lists of releases first, and at once: they are the only files that are ever replaced by others of their name
    lists = {path: path.read_bytes() for path in kept_files(home) if path.suffix == ".json"}
    for label, model in kept_models().items():
        yield from _parts(manifest, label, model)
    for path in kept_files(home):
        name = f"files/{path.relative_to(home).as_posix()}"
        yield _noted(manifest, name, lists[path]) if path in lists else _file(manifest, name, path)
    manifest.heads.update(Head.objects.order_by("chain").values_list("chain", "hash"))
    text = manifest.as_json()
    yield Member(NAME, len(text), [text])


def _parts(manifest: Manifest, label: str, model: Kind) -> Iterator[Member]:
    """The model's rows in members of about a megabyte."""
    counted, numbers, lines = Count(), count(1), bytearray()
    for row in read_rows(model):
        counted.add(canonical(model, row), size=1)
        lines += line_of(row)
        if len(lines) >= CHUNK:
            yield _noted(manifest, f"rows/{label}/{next(numbers):06}.jsonl", bytes(lines))
            lines.clear()
    if lines:
        yield _noted(manifest, f"rows/{label}/{next(numbers):06}.jsonl", bytes(lines))
    manifest.rows[label] = counted.digest()


def _noted(manifest: Manifest, name: str, content: bytes) -> Member:
    manifest.files[name] = measured(io.BytesIO(content))
    return Member(name, len(content), [content])


def _file(manifest: Manifest, name: str, path: Path) -> Member:
    def chunks() -> Iterator[bytes]:
        counted = Count()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                counted.add(chunk)
                yield chunk
        manifest.files[name] = counted.digest()

    return Member(name, path.stat().st_size, chunks())
