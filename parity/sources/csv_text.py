"""A comma-separated file as text, cell by cell: or the rows that keep it from being read."""

import csv
import io
import re
from pathlib import Path

import polars as pl

from parity.terms.errors import Fault

HEADER_ROWS = 1
# Line breaks and tabs may stand in a cell; other control characters are unseen on a page and obeyed by a terminal.
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_OTHER_SEPARATOR = re.compile(r"[;\t|]")


def read_text(path: Path) -> tuple[pl.DataFrame, list[Fault]]:
    """Every cell as text without the spaces around it, empty cells null; or an empty frame and what is wrong.

    Rows are counted as a spreadsheet numbers them: the header is row 1. Empty rows at the end are left out.
    Raises OSError where there is no such file.
    """
    try:
        cells = _cells(path.read_bytes())
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + HEADER_ROWS
        return pl.DataFrame(), [Fault(path.name, "A character here is not UTF-8: save the file as CSV UTF-8.", row)]
    except csv.Error as error:
        return pl.DataFrame(), [Fault(path.name, f"The file cannot be read as comma-separated text: {error}.")]
    if not cells:
        return pl.DataFrame(), [Fault(path.name, "The file is empty: it needs a header row.")]
    header, *body = cells
    faults = [*_control_characters(path.name, cells)]
    faults = faults or [*_header_faults(path.name, header), *_ragged_rows(path.name, header, body)]
    if faults:
        return pl.DataFrame(), faults
    rows = [[cell or None for cell in row] for row in body]
    return pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row"), []


def row_number(position: int) -> int:
    """The row of a frame's position as a spreadsheet numbers it."""
    return position + HEADER_ROWS + 1


def _cells(content: bytes) -> list[list[str]]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    cells = [[cell.strip() for cell in row] for row in csv.reader(text, strict=True)]
    while cells and not any(cells[-1]):
        cells.pop()
    return cells


def _control_characters(file: str, cells: list[list[str]]) -> list[Fault]:
    return [
        Fault(file, f"An unseen control character stands in cell {place}: remove it.", row)
        for row, line in enumerate(cells, HEADER_ROWS)
        for place, cell in enumerate(line, 1)
        if CONTROL_CHARACTER.search(cell)
    ]


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


def _ragged_rows(file: str, header: list[str], body: list[list[str]]) -> list[Fault]:
    return [
        Fault(file, f"The row has {len(row)} cells where the header has {len(header)}.", row_number(position))
        for position, row in enumerate(body)
        if len(row) != len(header)
    ]
