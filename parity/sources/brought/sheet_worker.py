"""The process of its own in which an uploaded file is read, within limited memory: from its bytes to clean cells.

Started by `uploads.read_upload` with the file's kind; the bytes come on the standard input. On the standard output the
cells go back as lines of JSON, or the faults as one line; the exit status says which.
"""

import json
import struct
import sys
import zlib
from collections.abc import Iterator
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from parity.sources.brought.apart import DONE, REFUSED, limit_memory
from parity.sources.brought.cells import checked, csv_cells, without_guard
from parity.sources.brought.sheet_rows import sheet_rows
from parity.sources.brought.upload_guard import CSV, DAMAGED, refused, within_limits
from parity.terms.errors import Fault, InputRefused

MEMORY = 500_000_000
"""Bytes that the process may ask for: it starts with 20 million, and the largest table takes 310 million."""
TOO_MUCH = "The file takes more memory than one table may: split it, or save it anew."
_DAMAGES = (
    ArithmeticError, BadZipFile, EOFError, ExpatError, LookupError, RuntimeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip
"""What the readers of archives and of XML raise where the bytes are not what they should be."""


def main() -> int:
    """The exit status: 0 with the cells on the standard output, 3 with the faults there."""
    limit_memory(MEMORY)
    try:
        rows, faults = read_cells("", sys.stdin.buffer.read(), kind=sys.argv[1])
    except MemoryError:
        rows, faults = [], [Fault("", TOO_MUCH)]
    header, *body = rows or [[]]
    sentences = [[fault.sentence, fault.row, fault.column] for fault in faults]
    sys.stdout.write(json.dumps(sentences or header))
    for row in body:
        filled = {place: cell for place, cell in enumerate(row) if cell}
        sys.stdout.write(f"\n{json.dumps(filled)}")
    return REFUSED if faults else DONE


def read_cells(file: str, content: bytes, *, kind: str) -> tuple[list[list[str]], list[Fault]]:
    """The header and the rows below it; or no row and what is wrong. A CSV's text that starts with = is a text."""
    rows = _plain(content) if kind == CSV else _values(file, content)
    try:
        return checked(file, within_limits(file, rows))
    except InputRefused as refusal:
        return [], refusal.faults


def _plain(content: bytes) -> Iterator[list[str]]:
    """The rows of comma-separated text."""
    for row in csv_cells(content):
        yield [without_guard(cell) for cell in row]


def _values(file: str, content: bytes) -> Iterator[list[str]]:
    """The workbook's rows. Raises InputRefused where it is damaged, whatever the reader stumbled over."""
    try:
        yield from sheet_rows(file, content)
    except _DAMAGES:
        raise refused(file, DAMAGED) from None


if __name__ == "__main__":
    sys.exit(main())
