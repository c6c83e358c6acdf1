"""The rows of a workbook's data sheet as text. A formula is refused and never computed.

Layout: ECMA-376 (Office Open XML), part 1, section 18.3.1.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import inf, isfinite

from parity.sources.brought.cells import FAULTS_KEPT, HEADER_ROWS
from parity.sources.brought.serial_dates import Style, date_text
from parity.sources.brought.upload_guard import LONG, LONGEST_CELL, WIDE, refused
from parity.sources.brought.workbook_parts import Book, open_book, unescaped
from parity.terms.errors import Fault, InputRefused

_STARTS, _ENDS = "row c f mergeCell", "row v t"
_WIDEST, _LONGEST = 16_384, 1_048_576
"""Columns and rows of the largest sheet that a spreadsheet program makes."""
_EXACT = 2**53
"""Beyond it a spreadsheet's number is no longer exactly a whole one."""
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})(?::|$)")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ERROR = re.compile(r"#[A-Z0-9/!?_]{1,20}")
_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0+)?)?Z?$")
_LETTERS = 26

_FORMULA = "holds a formula: put its value in its place."
_MERGED = "is merged with other cells: split them, and fill in each."
_NO_HEADER = "The first row is empty: it must hold the names of the columns."


class _NoValue(Exception):
    """What a cell holds that is no value, as the end of a sentence that starts with its address."""


def sheet_rows(file: str, content: bytes) -> Iterator[list[str]]:
    """The header and the rows of the workbook's data sheet as text, each at least as wide as the header.

    Dates are written 2026-01-31, whole numbers without a point, other numbers in the fewest digits that give the same
    number back, booleans true and false. Raises InputRefused with every cell that holds no value (formulas, errors),
    and where the workbook holds more than values; another error means that it is damaged.
    """
    book = open_book(file, content)
    header: list[str] = []
    faults: list[Fault] = []
    last = 0
    for number, texts, wrong in _Reader(book).rows():
        for column, sentence in wrong.items():
            name = header[column - 1] if column <= len(header) else None
            faults.append(Fault(file, f"{_letters(column)}{number} {sentence}", number, name))
        if not header and texts and number > HEADER_ROWS:
            raise refused(file, _NO_HEADER, HEADER_ROWS)
        if len(faults) >= FAULTS_KEPT or (faults and not header):
            break
        if texts:
            row = [texts.get(column, "") for column in range(1, max(len(header), *texts) + 1)]
            yield from ([""] * len(header) for _ in range(number - last - 1))
            yield row
            header, last = header or row, number
    if faults:
        raise InputRefused(faults)


@dataclass(slots=True)
class _Reader:
    """Where the reading of a sheet stands: the row with its texts and wrongs so far, the last cell, its type and style.

    Rows and columns count from 1.
    """

    book: Book
    row: int = 0
    column: int = 0
    kind: str = ""
    style: int = 0
    texts: dict[int, str] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[int, dict[int, str], dict[int, str]]]:
        """Each row that holds something: its number, the texts of its cells and what is wrong with others, by column.

        Then the first cell of each merged range, as one that is wrong.
        """
        for name, given, text in self.book.parts.marks(self.book.sheet, starts=_STARTS, ends=_ENDS):
            if name == "c":
                self._enter(given or {})
            elif name in ("v", "t"):
                self._add(text)
            elif name == "f":
                self.wrong[self.column] = _FORMULA
            elif name == "mergeCell":
                column, row = _place((given or {})["ref"])
                yield row, {}, {column: _MERGED}
            elif given is not None:
                self._begin(given)
            elif self.texts or self.wrong:
                yield self.row, {column: text for column, text in self.texts.items() if text.strip()}, self.wrong

    def _begin(self, given: Mapping[str, str]) -> None:
        """A new row, below the last."""
        row = int(given.get("r", self.row + 1))
        if not self.row < row <= _LONGEST:
            raise ValueError(row)
        self.row, self.column, self.texts, self.wrong = row, 0, {}, {}

    def _enter(self, given: Mapping[str, str]) -> None:
        """A new cell, to the right of the last."""
        column, row = _place(given["r"]) if "r" in given else (self.column + 1, self.row)
        if column > _WIDEST:
            raise refused(self.book.parts.file, WIDE, row)
        if column <= self.column or row != self.row:
            raise ValueError(column)
        self.column, self.kind, self.style = column, given.get("t", "n"), _index(given.get("s", "0"))

    def _add(self, text: str) -> None:
        """The cell's value, or more of its text where that stands in several pieces."""
        if self.column in self.wrong:
            return
        try:
            value = self.texts.get(self.column, "") + _text(text, self.kind, self.style, self.book)
        except _NoValue as error:
            self.wrong[self.column] = str(error)
            return
        if len(value) > LONGEST_CELL:
            raise refused(self.book.parts.file, LONG, self.row)
        self.texts[self.column] = value


def _text(text: str, kind: str, style: int, book: Book) -> str:
    """What a cell of this type and style holds, as text. Raises _NoValue where it holds no value."""
    match kind:
        case "s":
            return book.strings[_index(text)]
        case "n":
            return _number_text(text, style, book)
        case "str" | "inlineStr":
            return unescaped(text)
        case "b":
            return {"0": "false", "1": "true"}[text]
        case "d":
            return _MIDNIGHT.sub("", text)
        case "e":
            shown = text if _ERROR.fullmatch(text) else "an error"
            raise _NoValue(f"holds {shown}: put a value in its place, or leave the cell empty.")
    raise ValueError(kind)


def _number_text(text: str, style: int, book: Book) -> str:
    """The number, or the date that the cell's style makes of it."""
    value = float(text) if _NUMBER.fullmatch(text) else inf
    if not isfinite(value):
        raise ValueError(text)
    shown = book.styles[style] if book.styles else Style.NUMBER
    if shown is Style.NUMBER:
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    try:
        return date_text(value, shown, from_1904=book.from_1904)
    except (ValueError, OverflowError):
        raise _NoValue("is shown as a date and holds none: write the date as 2026-01-31.") from None


def _index(text: str) -> int:
    """A position from 0. Raises ValueError for a negative one, which would count from the end."""
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


def _place(address: str) -> tuple[int, int]:
    """The column and the row, both from 1, of an address such as C5 or of the first cell of one such as C5:D6."""
    found = _ADDRESS.match(address)
    if not found:
        raise ValueError(address)
    return _column(found[1]), int(found[2])


@cache
def _column(letters: str) -> int:
    """The column, from 1, of its letters."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def _letters(column: int) -> str:
    """The letters of a column counted from 1."""
    above, last = divmod(column - 1, _LETTERS)
    return (_letters(above) if above else "") + chr(ord("A") + last)
