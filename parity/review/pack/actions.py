"""Writing a pack into a folder."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from parity import __version__
from parity.documents.html import write_html
from parity.documents.model import Document
from parity.documents.pdf import write_pdf
from parity.documents.word import write_word
from parity.documents.workbook import write_workbook
from parity.register.jobs.actions import Progress
from parity.register.people.rules import May
from parity.register.policy import Viewer, enters, viewer_of
from parity.register.programmes.models import Programme
from parity.review.pack.documents import strategy, workbook_document
from parity.tables import Desk, Store
from parity.terms.errors import NotAllowed

WRITERS: dict[str, Callable[[Document], bytes]] = {
    "strategy.html": write_html,
    "strategy.pdf": write_pdf,
    "strategy.docx": write_word,
}
WORKBOOK = "figures.xlsx"
MANIFEST = "manifest.json"
Told = Callable[[int, int, str], None]
"""Is told how many steps of how many are done, and what is done now."""


def write_pack(
    desk: Desk, programme: Programme, into: Path, *, told: Told = lambda step, of, words: None
) -> list[Path]:
    """The paths written under `into/<slug>/`: the strategy three times, the workbook, and a manifest of hashes.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    of = len(WRITERS) + 2
    told(0, of, "Composing the strategy")
    document, contents = strategy(desk, programme), {}
    for step, (name, write) in enumerate(WRITERS.items(), 1):
        told(step, of, f"Writing {name}")
        contents[name] = write(document)
    told(of - 1, of, f"Writing {WORKBOOK}")
    contents[WORKBOOK] = write_workbook(workbook_document(desk, document), figures=tuple(desk.all_figures()))
    contents[MANIFEST] = _manifest(desk, programme, contents)
    folder = into / programme.slug
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def write_pack_job(payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Nothing beside the job's files: the pack of its programme, of what the partners share and the person may see.

    Raises NotAllowed where the job has no programme, or the person may not enter it any more.
    """
    programme, today = progress.job.programme, timezone.localdate()
    if programme is None or not enters(viewer := viewer_of(progress.job.by, programme, on=today)):
        raise NotAllowed("A pack is written for who takes part in its programme, and you do not.")
    write_pack(shared_desk(programme, viewer, Store(settings.PARITY_HOME)), programme, progress.into, told=progress)
    return {}


def shared_desk(programme: Programme, viewer: Viewer, store: Store) -> Desk:
    """The desk of a document that is handed on: of what the partners share, as much as the viewer may see."""
    shared = tuple(replace(one, may=one.may & {May.PARTNER}) for one in viewer.standings)
    return Desk(store, programme.slug, replace(viewer, person=None, standings=shared))


def _manifest(desk: Desk, programme: Programme, contents: dict[str, bytes]) -> bytes:
    """What was written from what: releases with their SHA-256, and the SHA-256 of every file."""
    releases = [found[1] for stem in desk.stems() if (found := desk.table(stem)) is not None]
    manifest = {
        "programme": programme.slug,
        "title": programme.title,
        "parity": __version__,
        "releases": [{"table": one.name, "sha256": one.sha256, "rows": one.rows} for one in releases],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    return (json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()
