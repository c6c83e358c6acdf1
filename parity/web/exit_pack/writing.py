"""Writing an exit pack: everything for whoever runs the workspace, or what one person may see, as a job of theirs."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.utils import timezone

from parity.documents.archive import EARLIEST
from parity.register.audit.documents import event_told, events_told
from parity.register.exchange.actions import note_taking_out
from parity.register.jobs.actions import Progress
from parity.register.models import Event, Programme
from parity.register.people.rules import May
from parity.register.policy import Viewer, partnership, viewer_of
from parity.register.records.documents import listed
from parity.register.records.tables import RECORDS
from parity.review.pack.actions import Told, shared_desk, write_pack
from parity.tables import Desk, Store
from parity.terms.errors import NotAllowed
from parity.web.backup.archive import OWNER_ALONE
from parity.web.backup.digest import CHUNK, Count, Digest
from parity.web.backup.rows import canonical, line_of
from parity.web.backup.writing import one_state
from parity.web.exit_pack.package import (
    EVENTS,
    EVERYTHING,
    NAME,
    README,
    SCRIPT,
    SEEN,
    Holding,
    datapackage,
    readme,
    resource,
)
from parity.web.exit_pack.reading import opened_archive
from parity.web.exit_pack.scope import Part, files_of, parts_of
from parity.web.exit_pack.sheets import sheets_of

STEPS = 3
FILE = "{}-exit-pack.zip"
WHOEVER_RUNS_IT = "whoever runs the workspace"


@dataclass
class _Pack:
    """A pack in the making: its archive, and what its datapackage.json will say of each file and of all rows."""

    archive: ZipFile
    files: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, Digest] = field(default_factory=dict)

    def add(self, path: str, chunks: Iterable[bytes], told: Mapping[str, Any] | None = None) -> None:
        """Nothing; the file is in the pack, and what is told of it in its list."""
        counted = Count()
        with self.archive.open(_entry(path), "w") as into:
            for chunk in chunks:
                counted.add(chunk)
                into.write(chunk)
        self.files.append(resource(path, counted.digest(), told or {}))

    def add_file(self, path: str, file: Path) -> None:
        """Nothing; the file is in the pack."""
        with file.open("rb") as content:
            self.add(path, iter(lambda: content.read(CHUNK), b""))

    def seal(self, programme: Programme, holding: Holding, at: datetime) -> None:
        """Nothing; the pack says what it holds."""
        text = datapackage(programme, holding, at=at, files=self.files, rows=self.rows)
        with self.archive.open(_entry(NAME), "w") as into:
            into.write(text)


def _entry(path: str) -> ZipInfo:
    entry = ZipInfo(path, date_time=EARLIEST)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 0, 0
    return entry


def write_exit_pack(programme: Programme, into: Path, home: Path) -> str:
    """The SHA-256 of the pack that is now at this path, its owner's alone, once it is whole. It holds everything.

    Rows and files are of one instant; others work on meanwhile. Raises NotAllowed where the path is taken.
    """
    at = timezone.now()
    desk = Desk(Store(home), programme.slug, partnership(programme, on=timezone.localdate(at)))
    with _named_once_whole(into) as pack:
        pack.add(README, [readme(programme, EVERYTHING, asked=WHOEVER_RUNS_IT, at=at)])
        script = resources.files("parity.register.audit") / "rules.py"
        pack.add(SCRIPT, [script.read_bytes()])
        _add_documents(pack, desk, programme)
        with one_state():
            _add_everything(pack, programme, home)
        pack.seal(programme, EVERYTHING, at)
    with into.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_seen_pack(
    programme: Programme, viewer: Viewer, into: Path, *, asked: str, told: Told = lambda step, of, words: None
) -> None:
    """Nothing; at this path is a pack of what the viewer may see, and of which events they may know."""
    at, store = timezone.now(), Store(settings.PARITY_HOME)
    with _named_once_whole(into) as pack:
        told(0, STEPS, "Writing the strategy")
        pack.add(README, [readme(programme, SEEN, asked=asked, at=at)])
        _add_documents(pack, shared_desk(programme, viewer, store), programme)
        told(1, STEPS, "Writing the registers and tables")
        _add_sheets(pack, programme, Desk(store, programme.slug, viewer), viewer)
        told(2, STEPS, "Writing who did what")
        events = events_told(programme, viewer).order_by("number")
        pack.add(EVENTS, (line_of(event_told(event)) for event in events))
        pack.seal(programme, SEEN, at)


def write_exit_pack_job(payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Nothing beside the job's file: the exit pack of its programme as whoever asked may see it.

    That somebody took a sensitive register out stands in the chain. Raises NotAllowed where they may not audit it.
    """
    programme, today = progress.job.programme, timezone.localdate()
    viewer = viewer_of(progress.job.by, programme, on=today) if programme is not None else None
    if programme is None or viewer is None or not viewer.may(May.AUDIT):
        raise NotAllowed("An exit pack is written for roles that may read who did what, and yours may not.")
    for model in RECORDS.values():
        seen = listed(programme, model, viewer=viewer, asked={"withdrawn": "yes"})
        note_taking_out(seen, programme, by=progress.job.by, on=today)
    name = progress.job.by.get_full_name() or progress.job.by.get_username()
    write_seen_pack(programme, viewer, progress.into / FILE.format(programme.slug), asked=name, told=progress)
    return {}


@contextmanager
def _named_once_whole(path: Path) -> Iterator[_Pack]:
    """A pack to be filled. It gets its name once it is whole and can be read again, and is the owner's alone."""
    if path.exists():
        raise NotAllowed(f"{path} exists, and no pack is written over another: name a new file.")
    partial = path.with_name(f"{path.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, OWNER_ALONE), "r+b") as file:
            with ZipFile(file, "w") as archive:
                yield _Pack(archive)
            file.flush()
            os.fsync(file.fileno())
        opened_archive(partial).close()
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _add_documents(pack: _Pack, desk: Desk, programme: Programme) -> None:
    """Nothing; the strategy and its workbook are in the pack, of what the partners share."""
    with tempfile.TemporaryDirectory(prefix="parity-documents-") as folder:
        for path in write_pack(desk, programme, Path(folder)):
            pack.add_file(f"documents/{path.name}", path)


def _add_sheets(pack: _Pack, programme: Programme, desk: Desk, viewer: Viewer | None) -> None:
    for sheet in sheets_of(programme, desk, viewer):
        pack.add(sheet.resource["path"], (line.encode() for line in sheet.lines), sheet.resource)


def _add_rows(pack: _Pack, programme: Programme) -> None:
    """Nothing; every row of the programme's is in the pack, one a line. Its events stand where people find them."""
    for label, part in parts_of(programme).items():
        counted = Count()
        lines = _counted_lines(part, counted)
        first = next(lines, None)
        if first is not None:
            pack.add(EVENTS if part.model is Event else f"rows/{label}.jsonl", chain([first], lines))
        pack.rows[label] = counted.digest()


def _counted_lines(part: Part, counted: Count) -> Iterator[bytes]:
    for row in part.rows():
        counted.add(canonical(part.model, row), size=1)
        yield line_of(row)


def _add_everything(pack: _Pack, programme: Programme, home: Path) -> None:
    """Nothing; all rows and tables are in the pack, exact and as people read them."""
    # the list of releases is read first: it alone is ever replaced by another of its name
    lists = {path: path.read_bytes() for path in files_of(programme.slug, home) if path.suffix == ".json"}
    _add_rows(pack, programme)
    _add_sheets(pack, programme, Desk(Store(home), programme.slug), None)
    for path in files_of(programme.slug, home):
        name = f"files/{path.relative_to(home).as_posix()}"
        if path in lists:
            pack.add(name, [lists[path]])
        else:
            pack.add_file(name, path)
