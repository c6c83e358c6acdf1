"""The gate for uploaded files: what may come in, told by name, first bytes and the archive's own list of entries.

The limits keep a hostile file within bounded memory and time. They are chosen: each says what it leaves room for.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from parity.terms.errors import Fault, InputRefused

LARGEST_FILE = 20_000_000
"""Bytes: six times what 50,000 rows of 20 columns take as a workbook."""
RATIO_FROM = 1_000_000
"""Bytes: what stays smaller once inflated harms nobody, however well it was packed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many entries an archive may have, bytes of one and of all once inflated, inflated bytes for each stored."""

    entries: int
    entry: int
    total: int
    ratio: int


OF_A_WORKBOOK = Limits(entries=1_000, entry=50_000_000, total=200_000_000, ratio=100)
"""A workbook has about ten entries, and two more for each sheet; a sheet of 1.5 million cells is one of 50 MB, and
stands there twice with its shared texts. Sheets of figures are packed about 30 times, deflate itself does 1,032."""


class Danger(Enum):
    """What keeps an archive from being unpacked."""

    DAMAGED = auto()
    CLOSED = auto()
    TOO_LARGE = auto()


MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 200, 2_000_000
"""A register of 50,000 rows may have 40 columns as CSV, and 25 as a workbook, whose sheet reaches its limit first."""
LONGEST_CELL = 32_767
"""Characters: what a spreadsheet's cell holds."""
MOST_TEXT = 20_000_000
"""Characters of all cells: what a CSV file of the largest size holds. A workbook may repeat one text in many cells."""

CSV, XLSX = "csv", "xlsx"
ARCHIVE = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LISTED = b"PK\x01\x02"
ENDING, ENDING_LENGTH = b"PK\x05\x06", 22
"""How an archive without a comment ends."""
_ENCRYPTED = 1
_WITH_MACROS = {".xlsm", ".xltm", ".xlam", ".xlsb", ".xla", ".docm", ".dotm", ".pptm"}
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|[\x00-\x1f]")

DAMAGED = "The workbook is damaged: open it in a spreadsheet program and save it anew as .xlsx."
MACROS = "The workbook holds macros: save it as a workbook without macros (.xlsx)."
LINKS = "The workbook takes values from other files or databases: save a copy that holds values only."
EMBEDDED = "Other files or controls are embedded in the workbook: save a copy without them."
_CLOSED = "The file is an old or a password-protected workbook: take the password off and save it as .xlsx."
_UNKNOWN = "Only workbooks (.xlsx) and comma-separated files (.csv) are read: save the table as one of them."
_TOO_LARGE = "The file is larger than 20 MB: split the table into several files."
_TOO_WIDE = "The sheet is larger than any table here once unpacked: keep only the rows and columns that hold the table."
TOO_LONG = "The table is too long: split it before this row. 200,000 rows, or 2 million cells, are read at once."
WIDE = "The row has more than 200 cells: remove what does not belong to the table."
LONG = "A cell has more than 32,767 characters: shorten it."
_DANGERS = {Danger.DAMAGED: DAMAGED, Danger.CLOSED: _CLOSED, Danger.TOO_LARGE: _TOO_WIDE}
_UNWANTED = (
    (re.compile("vbaproject|macro|dialogsheet"), MACROS),
    (re.compile("externallink|/connections|querytable"), LINKS),
    (re.compile("/embeddings/|activex|oleobject"), EMBEDDED),
)


def refused(file: str, sentence: str, row: int | None = None) -> InputRefused:
    """The refusal of a file for one reason, to be raised."""
    return InputRefused([Fault(file, sentence, row)])


def kind_of(name: str, content: bytes) -> str:
    """What the file is, `csv` or `xlsx`, by its name and its first bytes alike; nothing is unpacked.

    Raises InputRefused with a sentence for a file of another kind, an empty one and one too large.
    """
    sentence = _closed_door(PurePath(name).suffix.lower(), content)
    if sentence:
        raise refused(name, sentence)
    return XLSX if content.startswith(ARCHIVE) else CSV


def _closed_door(ending: str, content: bytes) -> str:
    """Why the file is not even opened, or nothing."""
    if ending in _WITH_MACROS:
        return MACROS
    if content.startswith(_COMPOUND) or ending == ".xls":
        return _CLOSED
    if ending not in (".csv", ".xlsx"):
        return _UNKNOWN
    if len(content) > LARGEST_FILE:
        return _TOO_LARGE
    if not content:
        return "The file is empty: it needs a header row."
    if content.startswith(ARCHIVE) != (ending == ".xlsx") or content.startswith(b"%PDF"):
        return f"The file is not what its name says ({ending}): save the table anew as .xlsx or .csv."
    return ""


def open_archive(file: str, content: bytes) -> ZipFile:
    """The archive, once nothing in it is unsafe to unpack and everything belongs to a table. Raises InputRefused.

    The sizes are those that the archive declares: reading an entry stops at its declared size.
    """
    if not content[-ENDING_LENGTH:].startswith(ENDING) or content.count(_LISTED) > OF_A_WORKBOOK.entries:
        raise refused(file, DAMAGED)
    archive = ZipFile(io.BytesIO(content))
    entries = archive.infolist()
    danger = next(dangers(entries, OF_A_WORKBOOK), None)
    sentence = _DANGERS[danger] if danger else unwanted(entry.filename for entry in entries)
    if sentence:
        raise refused(file, sentence)
    return archive


def dangers(entries: list[ZipInfo], limits: Limits) -> Iterator[Danger]:
    """Whatever keeps an archive with these entries from being unpacked. Of names that differ in case two are one."""
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) < len(names):
        yield Danger.DAMAGED
    if len(entries) > limits.entries or sum(entry.file_size for entry in entries) > limits.total:
        yield Danger.TOO_LARGE
    for entry in entries:
        if _OUTSIDE.search(entry.orig_filename) or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            yield Danger.DAMAGED
        if entry.flag_bits & _ENCRYPTED:
            yield Danger.CLOSED
        if entry.file_size > min(limits.entry, max(RATIO_FROM, entry.compress_size * limits.ratio)):
            yield Danger.TOO_LARGE


def unwanted(words: Iterable[str]) -> str:
    """The sentence on the first of an archive's names or content types that has no place in a table, or nothing."""
    found = (sentence for word in words for pattern, sentence in _UNWANTED if pattern.search(word.lower()))
    return next(found, "")


def within_limits(file: str, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows as they come. Raises InputRefused at the first that goes beyond what a table here may have."""
    cells = text = 0
    for number, row in enumerate(rows, 1):
        lengths = [len(cell) for cell in row]
        cells += len(row)
        text += sum(lengths)
        if len(row) > MOST_COLUMNS:
            raise refused(file, WIDE, number)
        if max(lengths, default=0) > LONGEST_CELL:
            raise refused(file, LONG, number)
        if number > MOST_ROWS or cells > MOST_CELLS or text > MOST_TEXT:
            raise refused(file, TOO_LONG, number)
        yield row
