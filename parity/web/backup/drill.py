"""The drill: a backup is written and restored into an instance of its own, and the two are compared."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from parity.terms.errors import NotAllowed
from parity.web.backup.archive import Key
from parity.web.backup.digest import Digest, measured
from parity.web.backup.manifest import Manifest, kept_files, place_of
from parity.web.backup.restoring import checked_backup
from parity.web.backup.rows import kept_models, tally
from parity.web.backup.writing import write_backup

OF_THIS_PLACE = ("DATABASE_URL", "PARITY_HOME", "PARITY_ALLOWED_HOSTS")
"""What the environment says of the instance that is drilled, and not of the one it is restored into."""


class Check(NamedTuple):
    """What was looked at, and whether it holds."""

    holds: bool
    sentence: str


def digests(home: Path) -> Iterator[tuple[str, Digest]]:
    """Every table of the database and every file that a backup holds, by name with its digest."""
    for label, model in kept_models().items():
        yield label, tally(model)
    for path in kept_files(home):
        with path.open("rb") as file:
            yield path.relative_to(home).as_posix(), measured(file)


def drill(home: Path) -> Iterator[Check]:
    """The checks one by one, each a sentence and whether it holds."""
    once = Key.made_once()
    with tempfile.TemporaryDirectory(prefix="parity-drill-") as name:
        folder = Path(name)
        backup, key = folder / "backup.age", folder / "key"
        key.write_text(once.as_text(), encoding="ascii")
        manifest = write_backup(backup, home, once.lock())
        held = sum(digest.size for digest in manifest.rows.values())
        yield Check(True, f"a backup holds {held} rows of {len(manifest.rows)} tables, {backup.stat().st_size} bytes")
        yield _stays_shut(backup)
        restored = _parity(folder / "home", "restore", str(backup), "--into-empty", "--identity", str(key))
        yield Check(restored.returncode == 0, f"it goes into an empty instance{_reason(restored)}")
        verified = _parity(folder / "home", "verify")
        yield Check(verified.returncode == 0, f"the audit restored from it is whole{_reason(verified)}")
        yield from _compare(manifest, _parity(folder / "home", "digest"))


def _stays_shut(backup: Path) -> Check:
    """That another key does not open the backup."""
    try:
        checked_backup(backup, Key.made_once())
    except NotAllowed:
        return Check(True, "another key does not open it")
    return Check(False, "another key opens it")


def _parity(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What the command does in a process of its own, with SQLite in that home."""
    ours = {name: value for name, value in os.environ.items() if name not in OF_THIS_PLACE}
    return subprocess.run(  # noqa: S603 -- the words are our own
        [sys.executable, "-P", "-m", "parity.cli", *words],
        env={**ours, "PARITY_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that failed said, after a colon."""
    return ": " + " ".join((done.stdout + done.stderr).split()) if done.returncode else ""


def _compare(manifest: Manifest, told: subprocess.CompletedProcess[str]) -> Iterator[Check]:
    """For each table and for the files, whether the restored instance has what the backup was made of."""
    found = {}
    for line in told.stdout.splitlines():
        sha256, size, name = line.split(maxsplit=2)
        found[name] = Digest(int(size), sha256)
    for label, digest in manifest.rows.items():
        yield Check(found.pop(label, None) == digest, f"{label}: {digest.size} rows")
    files = {place: digest for name, digest in manifest.files.items() if (place := place_of(name))}
    yield Check(found == files, f"{len(files)} files")
