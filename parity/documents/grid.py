"""A table ready to print: its cells as text, its notes, and how wide its columns and how large its letters are."""

import math
from dataclasses import dataclass

from parity.documents.model import Table
from parity.terms.figure import Figure

MOST_COLUMNS_LARGE = 6
"""Tables with more columns are set in smaller letters."""
_NARROWEST, _WIDEST, _GUTTER = 5, 40, 3
_ROOM_LARGE, _ROOM_SMALL, _ROOM_SIDEWAYS = 100, 112, 160


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell's text, the letters of the notes on it, and the figure it prints."""

    text: str
    marks: tuple[str, ...] = ()
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A note under a table; its letter is empty where the note is on the whole table."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its number, cells as text, and all notes that go under it."""

    anchor: str
    label: str
    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[PrintedCell, ...], ...]
    remarks: tuple[Remark, ...]
    table: Table

    @property
    def heading(self) -> str:
        """The caption with its number."""
        return f"{self.label}: {self.caption}"

    @property
    def wide(self) -> bool:
        """True where the table needs a page turned on its side: its longest words do not fit beside each other."""
        return len(self.columns) > MOST_COLUMNS_LARGE and self._least > _ROOM_SMALL

    @property
    def small(self) -> bool:
        """True where the table is set in small letters: it has many columns, or words that do not fit in large ones."""
        return len(self.columns) > MOST_COLUMNS_LARGE or self._least > _ROOM_LARGE

    @property
    def _least(self) -> int:
        """The letters that the longest words of all columns take beside each other."""
        return sum(_longest_word(title, cells) for title, cells in self._columns)

    @property
    def _room(self) -> int:
        """The letters that a page is wide, as the table is set."""
        return _ROOM_SIDEWAYS if self.wide else _ROOM_SMALL if self.small else _ROOM_LARGE

    @property
    def lines(self) -> int:
        """About how many lines its rows and headings take as it is set."""
        share = self._room / max(sum(self.weights), 1)
        widths = [max(weight * share - _GUTTER, 1) for weight in self.weights]
        texts = [[title for title, _ in self.columns], *([cell.text for cell in row] for row in self.rows)]
        tallest = (max(len(text) / width for text, width in zip(row, widths, strict=True)) for row in texts)
        return sum(max(math.ceil(lines), 1) for lines in tallest)

    @property
    def _columns(self) -> list[tuple[str, list[PrintedCell]]]:
        """Each column's heading with its cells."""
        return [(title, [row[at] for row in self.rows]) for at, (title, _) in enumerate(self.columns)]

    @property
    def weights(self) -> tuple[int, ...]:
        """Each column's relative width in letters: that of its longest cell, squeezed so that no word is cut.

        Where the longest cells need more room than the page has, each column keeps its longest word and they share
        what is left in proportion to what they still want.
        """
        columns = self._columns
        wanted = [_wanted(title, cells) for title, cells in columns]
        least = [min(_longest_word(title, cells), most) for (title, cells), most in zip(columns, wanted, strict=True)]
        room = self._room
        left, missed = room - sum(least), sum(wanted) - sum(least)
        if sum(wanted) <= room or left <= 0:
            return tuple(wanted)
        return tuple(word + left * (most - word) // missed for word, most in zip(least, wanted, strict=True))


def _wanted(title: str, cells: list[PrintedCell]) -> int:
    """The letters that a column's longest cell takes, or its heading on three lines, and the gutter."""
    texts = [len(cell.text) + 2 * len(cell.marks) for cell in cells]
    longest = max([*texts, len(title) // 3, _longest_word(title, cells) - _GUTTER], default=_NARROWEST)
    return min(max(longest, _NARROWEST), _WIDEST) + _GUTTER


def _longest_word(title: str, cells: list[PrintedCell]) -> int:
    """The letters of the longest word in a column, and the gutter."""
    words = [word for text in (title, *(cell.text for cell in cells)) for word in text.split()]
    return max((len(word) for word in words), default=_NARROWEST) + _GUTTER
