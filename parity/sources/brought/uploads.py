"""An uploaded workbook or comma-separated file as text, cell by cell: or what keeps it from being read.

The file is read by a process of its own with little memory and time, so that no file can harm the one that serves.
"""

import json
from pathlib import PurePosixPath

import polars as pl

from parity.sources.brought.apart import DONE, REFUSED, run_apart
from parity.sources.brought.cells import CONTROL_CHARACTER
from parity.sources.brought.sheet_worker import TOO_MUCH
from parity.sources.brought.upload_guard import kind_of
from parity.terms.errors import Fault, InputRefused

LONGEST_SECONDS = 30
"""Time for one file: the largest workbook takes about ten seconds of one core."""
_LONGEST_NAME = 100
_TOO_SLOW = "The file takes too long to read: split it, or save it anew."
_WORKER = "parity.sources.brought.sheet_worker"


def read_upload(name: str, content: bytes) -> tuple[pl.DataFrame, list[Fault]]:
    """Every cell as text without the spaces around it, empty cells null; or an empty frame and what is wrong.

    A workbook's sheet “Data” is read, or its only visible sheet; row 1 is the header, and rows are counted as a
    spreadsheet numbers them. Dates are written 2026-01-31, whole numbers without a point, other numbers in the fewest
    digits that give the same number back, booleans true and false. Nothing is computed: a workbook's formula is a
    fault, and a CSV's text that starts with = is a text.
    """
    file = shown(name)
    try:
        return _frame(_read_apart(file, content, kind=kind_of(file, content))), []
    except InputRefused as refusal:
        return pl.DataFrame(), refusal.faults


def shown(name: str) -> str:
    """The file's name as every fault tells it: no folder, no unseen character, not too long."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return CONTROL_CHARACTER.sub(" ", last)[-_LONGEST_NAME:]


def _read_apart(file: str, content: bytes, *, kind: str) -> bytes:
    """The cells as the process gives them. Raises InputRefused with the faults that it found, or with its end."""
    try:
        ended, answer = run_apart(_WORKER, content, kind=kind, seconds=LONGEST_SECONDS)
    except TimeoutError:
        raise InputRefused([Fault(file, _TOO_SLOW)]) from None
    if ended == REFUSED:
        raise InputRefused([Fault(file, *found) for found in json.loads(answer)])
    if ended != DONE:
        raise InputRefused([Fault(file, TOO_MUCH)])
    return answer


def _frame(lines: bytes) -> pl.DataFrame:
    """The frame of the header on the first line and of the filled cells, by their places, on each that follows."""
    first, _, rest = lines.partition(b"\n")
    header = json.loads(first)
    texts = pl.read_ndjson(rest, schema={str(place): pl.String for place in range(len(header))})
    return texts.rename(dict(zip(texts.columns, header, strict=True)))
