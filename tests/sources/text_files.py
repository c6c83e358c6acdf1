"""Text files as small as a test needs, in the layouts that publishers use."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.sources.workbooks import Rows


def typed(file: Path, rows: Rows, *, encoding: str = "utf-8") -> Path:
    """The file, now comma-separated text with these rows; None is an empty cell."""
    with file.open("w", encoding=encoding, newline="") as text:
        csv.writer(text).writerows(rows)
    return file


def table(head: Sequence[str], *rows: Mapping[str, object], **same: object) -> Rows:
    """The rows of a file with this heading: each cell is the row's own, or the same in every row, or empty."""
    return [head, *([{**same, **row}.get(name, "") for name in head] for row in rows)]
