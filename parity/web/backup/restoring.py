"""Restoring a backup into an empty instance: every hash holds before anything is written, and it is all or nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DataError, IntegrityError, connection, transaction

from parity.terms.errors import NotAllowed, WrongState
from parity.web.backup.archive import Entry, Key, opened_archive
from parity.web.backup.digest import CHUNK, Digest, measured
from parity.web.backup.manifest import FOLDERS, NAME, Manifest, label_of, place_of
from parity.web.backup.rows import (
    MADE_AT_SET_UP,
    Kind,
    clear,
    kept_models,
    number_on,
    row_of,
    tally,
    write_rows,
)
from parity.web.database import setting_up

LARGEST_PART = 1 << 28
"""No member that is read into memory has more bytes: rows are written in parts of about a megabyte."""


def restore_backup(path: Path, home: Path, key: Key) -> Manifest:
    """What was restored into the empty instance.

    Raises NotAllowed where the instance holds anything or the key does not open the backup, WrongState where the
    backup is damaged or another version's. Then nothing of it is kept.
    """
    manifest = checked_backup(path, key)
    manifest.check_version()
    home.mkdir(parents=True, exist_ok=True)
    check_empty(home)
    with setting_up(home):
        call_command("migrate", verbosity=0)
        check_empty(home)
        staged = Path(tempfile.mkdtemp(prefix="restoring-", dir=home))
        try:
            _take_in(path, key, manifest, staged)
        finally:
            shutil.rmtree(staged)
    return manifest


def checked_backup(path: Path, key: Key) -> Manifest:
    """The manifest of a backup all of whose members are as it says. Raises WrongState for the first that is not."""
    found: dict[str, Digest] = {}
    text = b""
    with opened_archive(path, key) as members:
        for entry in members:
            if entry.name in found or not _belongs(entry):
                raise WrongState(f"{path} is no backup of Parity: it holds “{entry.name}”.")
            if entry.name == NAME:
                text = entry.content.read()
            else:
                found[entry.name] = measured(entry.content)
    if not text:
        raise WrongState(f"{path} is no backup of Parity, or not a whole one: it has no {NAME}.")
    manifest = Manifest.from_json(text)
    wrong = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
    if wrong:
        raise WrongState(f"The backup {path} is damaged: “{wrong[0]}” is not what was written.")
    return manifest


def _belongs(entry: Entry) -> bool:
    is_read_whole = bool(label_of(entry.name)) or entry.name == NAME
    return bool(place_of(entry.name)) or (is_read_whole and entry.size <= LARGEST_PART)


def check_empty(home: Path) -> None:
    """Nothing where the instance holds neither records nor tables. Raises NotAllowed where it does."""
    there = set(connection.introspection.table_names())
    for label, model in kept_models().items():
        is_made = label in MADE_AT_SET_UP
        if not is_made and model._meta.db_table in there and model._base_manager.exists():
            raise NotAllowed(f"This instance holds records already ({label}): a backup goes into an empty one alone.")
    for path in (entry for folder in FOLDERS for entry in (home / folder).glob("*")):
        raise NotAllowed(f"The home folder holds {path} already: a backup goes into an empty one alone.")


def _take_in(path: Path, key: Key, manifest: Manifest, staged: Path) -> None:
    """Nothing; rows and files are where they belong. Where anything fails, neither is."""
    home, models = staged.parent, kept_models()
    moved: list[Path] = []
    try:
        with transaction.atomic():
            for label in sorted(MADE_AT_SET_UP):
                clear(models[label])
            with opened_archive(path, key) as members:
                _write(members, models, staged)
            with as_sentence("the backup as a whole"):
                number_on(models.values())
                connection.check_constraints()
            _check_rows(manifest, models)
            _check_files(manifest, staged)
            for folder in FOLDERS:
                _move(staged / folder, home / folder, moved)
    except BaseException:
        for place in moved:
            shutil.rmtree(place)
        raise
    finally:
        ContentType.objects.clear_cache()


def _write(members: Iterator[Entry], models: dict[str, Kind], staged: Path) -> None:
    """Nothing; rows are in the database, files in the folder. Raises WrongState for a row that is none of ours."""
    for name, _, content in members:
        if label := label_of(name):
            with as_sentence(f"“{name}” of the backup"):
                model = models[label]
                write_rows(model, [row_of(model, line) for line in content.read().splitlines()])
        elif place := place_of(name):
            target = staged / place
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(content, file, CHUNK)
                file.flush()
                os.fsync(file.fileno())


@contextmanager
def as_sentence(what: str) -> Iterator[None]:
    """Whatever makes rows that the database cannot hold, as a sentence."""
    try:
        yield
    except (KeyError, TypeError, ValueError, RecursionError, ValidationError, DataError, IntegrityError) as error:
        reason = " ".join(str(error).split())
        raise WrongState(f"This database cannot take in {what}: {reason}. It is as before.") from None


def _check_rows(manifest: Manifest, models: dict[str, Kind]) -> None:
    for label, model in models.items():
        if tally(model) != manifest.rows.get(label):
            raise WrongState(f"The rows of {label} are not those of the backup once they are in this database.")


def _check_files(manifest: Manifest, staged: Path) -> None:
    expected = {place: told for name, told in manifest.files.items() if (place := place_of(name))}
    for place, told in expected.items():
        with (staged / place).open("rb") as file:
            if measured(file) != told:
                raise WrongState(f"{place} is not what the backup holds once it is written.")


def _move(staged: Path, place: Path, moved: list[Path]) -> None:
    """Nothing; a folder of files is in its place, where none or an empty one was, and is noted as moved."""
    if staged.exists():
        with suppress(FileNotFoundError):
            place.rmdir()
        staged.rename(place)
        moved.append(place)
