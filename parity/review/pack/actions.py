"""Writing a pack into a folder."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from parity import __version__
from parity.documents.html import write_html
from parity.documents.model import Document
from parity.documents.pdf import write_pdf
from parity.documents.word import write_word
from parity.documents.workbook import write_workbook
from parity.register.programmes.models import Programme
from parity.review.pack.documents import strategy, workbook_document
from parity.tables import Desk

WRITERS: dict[str, Callable[[Document], bytes]] = {
    "strategy.html": write_html,
    "strategy.pdf": write_pdf,
    "strategy.docx": write_word,
}
WORKBOOK = "figures.xlsx"
MANIFEST = "manifest.json"


def write_pack(desk: Desk, programme: Programme, into: Path) -> list[Path]:
    """The paths written under `into/<slug>/`: the strategy three times, the workbook, and a manifest of hashes.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    document = strategy(desk, programme)
    contents = {name: write(document) for name, write in WRITERS.items()}
    contents[WORKBOOK] = write_workbook(workbook_document(desk, document), figures=tuple(desk.all_figures()))
    contents[MANIFEST] = _manifest(desk, programme, contents)
    folder = into / programme.slug
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


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
