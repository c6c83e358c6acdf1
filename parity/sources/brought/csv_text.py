"""A comma-separated file as text, cell by cell: or the rows that keep it from being read."""

from pathlib import Path

import polars as pl

from parity.sources.brought.cells import CONTROL_CHARACTER, checked, csv_cells, row_number
from parity.terms.errors import Fault

__all__ = ["CONTROL_CHARACTER", "read_text", "row_number"]


def read_text(path: Path) -> tuple[pl.DataFrame, list[Fault]]:
    """Every cell as text without the spaces around it, empty cells null; or an empty frame and what is wrong.

    Rows are counted as a spreadsheet numbers them: the header is row 1. Empty rows at the end are left out.
    Raises OSError where there is no such file.
    """
    rows, faults = checked(path.name, csv_cells(path.read_bytes()))
    if faults:
        return pl.DataFrame(), faults
    header, *body = rows
    texts = [[cell or None for cell in row] for row in body]
    return pl.DataFrame(texts, schema=dict.fromkeys(header, pl.String), orient="row"), []
