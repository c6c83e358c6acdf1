"""Reading an exit pack: nothing of it is used before every file is known to be as it was written."""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zipfile import BadZipFile, ZipFile

import parity
from parity.sources.brought.upload_guard import ENDING, ENDING_LENGTH, Danger, Limits, dangers
from parity.terms.errors import NotAllowed, WrongState
from parity.web.backup.digest import Digest, measured
from parity.web.backup.rows import Row, row_of
from parity.web.exit_pack.package import EVENTS, EVERYTHING, LAYOUT, NAME, SEEN, our_migrations
from parity.web.exit_pack.scope import Part

OF_A_PACK = Limits(entries=10_000, entry=1_000_000_000, total=2_000_000_000, ratio=1_000)
"""A register of 50,000 records takes about 100 MB with ten states of each; whole lines that repeat pack very small."""
LARGEST_PACKAGE = 50_000_000
"""Bytes of the datapackage.json, which is read at once."""
LONGEST_LINE = 50_000_000
"""Bytes of one row, which is read at once: an upload has no more, and a programme's description far less."""
LONGEST_LIST = 3_000_000
"""Bytes of the archive's own list of its files."""
ELSEWHERE = b"PK\x06\x07"
"""Where an archive's list of files stands elsewhere, as in one of more than 4 GB."""


class Told(NamedTuple):
    """What a pack says of itself: name and id of the programme, size and hash of each file, digests of its rows."""

    slug: str
    programme: UUID
    files: Mapping[str, tuple[int, str]]
    rows: Mapping[str, Digest]


@dataclass(frozen=True)
class ExitPack:
    """A pack all of whose files are as it says."""

    path: Path
    archive: ZipFile
    told: Told

    def rows_of(self, part: Part) -> Iterator[Row]:
        """The rows of a model, each value in its field's type. Raises ValueError, KeyError for another line."""
        name = EVENTS if part.label == "register.event" else f"rows/{part.label}.jsonl"
        if name not in self.archive.namelist():
            return
        with self.archive.open(name) as lines:
            while line := lines.readline(LONGEST_LINE):
                yield row_of(part.model, line, fields=part.fields)

    def tables(self) -> Iterator[str]:
        """The names of the files in which the programme's tables rest."""
        start = f"files/tables/{self.told.slug}/"
        return (name for name in self.archive.namelist() if name.startswith(start) and "/" not in name[len(start) :])


@contextmanager
def opened_pack(path: Path) -> Iterator[ExitPack]:
    """The pack, once every file in it is found to be as its datapackage.json says, and none is missing or beside.

    Raises WrongState where it is damaged, changed, or of another version; NotAllowed where it does not hold everything.
    """
    with opened_archive(path) as archive:
        try:
            told = _told(path, archive)
            _check_files(path, archive, told.files)
        except (BadZipFile, EOFError, RuntimeError, zlib.error):
            # a pack that was not damaged is read without any of these
            raise _damaged(path) from None
        yield ExitPack(path, archive, told)


def opened_archive(path: Path) -> ZipFile:
    """The archive, whose files can be unpacked within bounded memory and time. Raises WrongState for another."""
    _check_list(path)
    try:
        archive = ZipFile(path)
    except (BadZipFile, RuntimeError):
        raise _damaged(path) from None
    _check_limits(path, archive)
    return archive


def _damaged(path: Path) -> WrongState:
    return WrongState(f"{path} is no exit pack of Parity, or it is damaged. Take another copy of it.")


def _check_limits(path: Path, archive: ZipFile) -> None:
    """Nothing where the archive can be unpacked within bounded memory and time. Raises WrongState."""
    danger = next(dangers(archive.infolist(), OF_A_PACK), None)
    if danger is Danger.TOO_LARGE:
        raise WrongState(f"{path} holds more than 2 GB once unpacked, or more than 10,000 files: that is no exit pack.")
    if danger:
        raise WrongState(f"{path} is no exit pack of Parity: it is encrypted, or names files outside of it.")


def _check_list(path: Path) -> None:
    """Nothing where the archive's list of its files can be read at once. Raises WrongState."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - ENDING_LENGTH - 20))
        before, end = file.read(20), file.read()
    if len(end) != ENDING_LENGTH or not end.startswith(ENDING) or before.startswith(ELSEWHERE):
        raise _damaged(path)
    _, length = struct.unpack("<2I", end[8:16])
    if length > LONGEST_LIST:
        raise _damaged(path)


def _told(path: Path, archive: ZipFile) -> Told:
    """What the datapackage.json says. Raises WrongState where it is none that this version reads, NotAllowed."""
    if NAME not in archive.namelist():
        raise _damaged(path)
    with archive.open(NAME) as file:
        text = file.read(LARGEST_PACKAGE)
    try:
        whole = json.loads(text)
        _check_version(path, whole["parity"])
        files = {each["path"]: (each["bytes"], each["hash"]) for each in whole["resources"]}
        rows = {label: Digest(*digest) for label, digest in whole["parity"]["rows"].items()}
        return Told(_text(whole["name"]), UUID(whole["id"]), files, rows)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WrongState(f"The {NAME} in {path} is none that Parity wrote.") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _check_version(path: Path, ours: Mapping[str, Any]) -> None:
    """Nothing where this version reads the pack as a whole. Raises WrongState, NotAllowed where it is no whole."""
    layout, version, holds, migrations = (ours[name] for name in ("layout", "version", "holds", "migrations"))
    if layout != LAYOUT:
        raise WrongState(
            f"{path} was written in layout {layout} by Parity {version}; this is Parity {parity.__version__}, which "
            f"reads layout {LAYOUT}. Use the version that wrote it, or a newer one than this."
        )
    if holds != EVERYTHING.key:
        raise NotAllowed(f"{path} is not the whole programme, so it is not taken in. {SEEN.sentence}")
    if migrations != our_migrations():
        raise WrongState(
            f"{path} was written by Parity {version}, whose records have other tables than those of this version "
            f"({parity.__version__}). Take it in with the version that wrote it, then update."
        )


def _check_files(path: Path, archive: ZipFile, listed: Mapping[str, tuple[int, str]]) -> None:
    """Nothing where the pack has the files that are listed and no other, each as it was written. Raises WrongState."""
    there = {*archive.namelist()} - {NAME}
    for name in sorted({*listed} - there):
        raise WrongState(f"{path} is not whole: it lacks “{name}”.")
    for name in sorted(there - {*listed}):
        raise WrongState(f"{path} holds “{name}”, of which its {NAME} does not tell.")
    for name, told in listed.items():
        with archive.open(name) as file:
            found = measured(file)
        if told != (found.size, f"sha256:{found.sha256}"):
            raise WrongState(f"{path} was changed or damaged: “{name}” is not what was written.")
