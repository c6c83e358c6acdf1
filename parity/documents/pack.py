"""A pack: one document in every form it is handed out in, its figures as a workbook, and a manifest of hashes."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from parity import __version__
from parity.documents.html import write_html
from parity.documents.model import Document
from parity.documents.pdf import write_pdf
from parity.documents.word import write_word
from parity.documents.workbook import write_workbook
from parity.terms.figure import Figure
from parity.terms.release import Release

WRITERS: Mapping[str, Callable[[Document], bytes]] = {"html": write_html, "pdf": write_pdf, "docx": write_word}
WORKBOOK = "figures.xlsx"
MANIFEST = "manifest.json"
Told = Callable[[int, int, str], None]
"""Is told how many steps of how many are done, and what is done now."""


def untold(step: int, of: int, words: str) -> None:
    """Nothing is told to anybody."""


def pack_files(
    document: Document, *, name: str, sheets: Document, figures: Sequence[Figure], told: Told = untold
) -> dict[str, bytes]:
    """The files of a pack by their names: the document as `name` in each form, and the workbook with its figures.

    `sheets` is the document as the workbook holds it, which may have tables too long to print.
    """
    contents, of = {}, len(WRITERS) + 2
    for step, (form, write) in enumerate(WRITERS.items(), 1):
        told(step, of, f"Writing {name}.{form}")
        contents[f"{name}.{form}"] = write(document)
    told(of - 1, of, f"Writing {WORKBOOK}")
    contents[WORKBOOK] = write_workbook(sheets, figures=figures)
    return contents


def with_manifest(
    contents: Mapping[str, bytes], facts: Mapping[str, str], releases: Iterable[Release]
) -> dict[str, bytes]:
    """The files with a manifest beside them: what was written from what, releases and files with their SHA-256."""
    manifest = {
        **facts,
        "parity": __version__,
        "releases": [{"table": one.name, "sha256": one.sha256, "rows": one.rows} for one in releases],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    return {**contents, MANIFEST: (json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()}


def write_files(contents: Mapping[str, bytes], folder: Path) -> list[Path]:
    """The paths of the files, now in the folder. Raises OSError where it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]
