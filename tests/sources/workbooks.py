"""Workbooks as small as a test needs, in the layouts that publishers use."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

Rows = Sequence[Sequence[object]]


def written(file: Path, sheets: Mapping[str, Rows]) -> Path:
    """The file, now a workbook with these sheets; None is an empty cell."""
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, ["" if cell is None else cell for cell in row])
    return file
