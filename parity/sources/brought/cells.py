"""Rows of cells as text: what must hold of them before they are a table.

Only the standard library is imported, so that the process that reads an upload starts at once and stays small.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from parity.terms.errors import Fault

HEADER_ROWS = 1
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula in a CSV file, full-width characters too."""
FAULTS_KEPT = 1_000
"""More faults of one kind help nobody, and a hostile file has millions."""
# Line breaks and tabs may stand in a cell; other control characters are unseen on a page and obeyed by a terminal.
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_OTHER_SEPARATOR = re.compile(r"[;\t|]")


def row_number(position: int) -> int:
    """The row of a frame's position as a spreadsheet numbers it."""
    return position + HEADER_ROWS + 1


def csv_cells(content: bytes) -> Iterator[list[str]]:
    """The rows of comma-separated text, each cell without the spaces around it.

    Raises UnicodeDecodeError or csv.Error where it is none; `checked` puts them into words.
    """
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    for row in csv.reader(text, strict=True):
        yield [cell.strip() for cell in row]


def without_guard(text: str) -> str:
    """The text without the one apostrophe that stands in our CSV files before what would be read as a formula."""
    guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)
    return text[1:].strip() if guarded else text


def checked(file: str, cells: Iterable[list[str]]) -> tuple[list[list[str]], list[Fault]]:
    """The header and the rows below it, without the empty rows at the end; or no row and what is wrong.

    Rows are counted as a spreadsheet numbers them: the header is row 1.
    """
    try:
        rows = list(cells)
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + HEADER_ROWS
        return [], [Fault(file, "A character here is not UTF-8: save the file as CSV UTF-8.", row)]
    except csv.Error as error:
        return [], [Fault(file, f"The file cannot be read as comma-separated text: {error}.")]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        return [], [Fault(file, "The file is empty: it needs a header row.")]
    header, *body = rows
    faults = _first(_control_characters(file, rows))
    faults = faults or [*_header_faults(file, header), *_first(_ragged_rows(file, header, body))]
    return ([], faults) if faults else (rows, [])


def _first(faults: Iterator[Fault]) -> list[Fault]:
    return list(islice(faults, FAULTS_KEPT))


def _control_characters(file: str, rows: list[list[str]]) -> Iterator[Fault]:
    return (
        Fault(file, f"An unseen control character stands in cell {place}: remove it.", row)
        for row, line in enumerate(rows, HEADER_ROWS)
        for place, cell in enumerate(line, 1)
        if CONTROL_CHARACTER.search(cell)
    )


def _header_faults(file: str, header: list[str]) -> list[Fault]:
    twice = sorted({name for name in header if header.count(name) > 1 and name})
    if len(header) == 1 and _OTHER_SEPARATOR.search(header[0]):
        return [Fault(file, "The columns are not separated by commas: save the file as CSV with commas.", HEADER_ROWS)]
    faults = [
        Fault(file, f"Two columns are called “{name}”: name each once.", HEADER_ROWS, column=name) for name in twice
    ]
    if not all(header):
        place = header.index("") + 1
        faults.append(Fault(file, f"Column {place} has no name: give it one, or remove it.", HEADER_ROWS))
    return faults


def _ragged_rows(file: str, header: list[str], body: list[list[str]]) -> Iterator[Fault]:
    return (
        Fault(file, f"The row has {len(row)} cells where the header has {len(header)}.", row_number(position))
        for position, row in enumerate(body)
        if len(row) != len(header)
    )
