"""What a backup says of itself: which version wrote it, what it holds, and the hash of each of its files."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from django.db import connection
from django.db.migrations.loader import MigrationLoader

import parity
from parity.terms.errors import WrongState
from parity.web.backup.digest import Digest

FORMAT = 1
NAME = "manifest.json"
FOLDERS = ("tables",)
"""Folders of the home whose files are in a backup."""
LEFT_OUT = ("secret-key", "parity.sqlite3*", "setting-up.sqlite3*")
"""Files of the home that are in none: the key that signs sessions, the database itself, the lock of its set-up."""
_ROWS = re.compile(r"rows/(?P<label>[a-z_0-9]+\.[a-z_0-9]+)/\d{6}\.jsonl")
_FILE = re.compile(rf"files/(?P<path>(?:{'|'.join(FOLDERS)})(?:/(?!\.\.?/|\.\.?$)[^/\\:\0]+)+)")


@dataclass(frozen=True)
class Manifest:
    """`rows` is each model's digest, `files` each member's, `heads` the end of each audit chain."""

    parity: str
    written: str
    migrations: list[str]
    rows: dict[str, Digest]
    files: dict[str, Digest]
    heads: dict[str, str]
    format: int = FORMAT

    def as_json(self) -> bytes:
        """The manifest as it stands in the backup."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """The manifest a text tells. Raises WrongState where it tells none, or one of another form."""
        try:
            told = json.loads(text)
            if told["format"] != FORMAT:
                raise WrongState(
                    f"The backup was written in form {told['format']} by Parity {told['parity']}; this is Parity "
                    f"{parity.__version__}, which reads form {FORMAT}. Restore it with that version."
                )
            rows, files = ({name: Digest(*each) for name, each in told[part].items()} for part in ("rows", "files"))
            return cls(**{**told, "rows": rows, "files": files})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise WrongState("The backup's manifest.json is none that Parity wrote.") from None

    def check_version(self) -> None:
        """Nothing. Raises WrongState where another version's tables are in the backup than this one has."""
        if self.migrations != known_migrations():
            raise WrongState(
                f"The backup was written by Parity {self.parity}, whose records have other tables than those of this "
                f"version ({parity.__version__}). Restore it with the version that wrote it, then update."
            )


def known_migrations() -> list[str]:
    """Every migration this version has, in alphabetical order."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(f"{app}.{name}" for app, name in known)


def check_migrated() -> None:
    """Nothing. Raises WrongState where the database's tables are not those of this version."""
    applied = {f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations}
    if not set(known_migrations()) <= applied:
        raise WrongState(
            "The records' tables are not those of this version of Parity. Start it once (parity serve), or use the "
            "version that was used last."
        )


def label_of(name: str) -> str:
    """The label of the model whose rows a member holds; empty where it holds none."""
    found = _ROWS.fullmatch(name)
    return found["label"] if found else ""


def place_of(name: str) -> str:
    """Where in the home a member belongs; empty where it belongs nowhere there."""
    found = _FILE.fullmatch(name)
    return found["path"] if found else ""


def kept_files(home: Path) -> Iterator[Path]:
    """Every file of the home that is in a backup, in order; what is just being written is not."""
    for folder in FOLDERS:
        yield from sorted(path for path in (home / folder).rglob("*") if path.is_file() and path.suffix != ".partial")


def unknown_entries(home: Path) -> list[str]:
    """What the home holds that is neither in a backup nor known to be left out."""
    known = {path for pattern in (*FOLDERS, *LEFT_OUT) for path in home.glob(pattern)}
    return sorted(path.name for path in home.iterdir() if path not in known)
