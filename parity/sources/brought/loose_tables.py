"""A table of the user's own without a schema: columns typed by what stands in them, numbers kept as printed."""

from pathlib import Path

import polars as pl

from parity.sources.brought.csv_text import read_text, row_number
from parity.sources.brought.table_schema import PRINTED, out_of_range
from parity.terms.errors import Fault, InputRefused

_NUMBER = r"^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$"


def read_loose_table(path: Path) -> pl.DataFrame:
    """The file's frame: a column of numbers only (thousands separated or not) is numeric and keeps its printed text.

    A column `<name>_printed` of the file's own is kept as the text of `<name>`. Raises InputRefused where the file
    is not comma-separated text, or holds a number that cannot be computed with.
    """
    text, faults = read_text(path)
    if faults:
        raise InputRefused(faults)
    numeric = [name for name in text.columns if not name.endswith(PRINTED) and _holds_numbers(text[name])]
    printed = [
        pl.coalesce(f"{name}{PRINTED}" if name + PRINTED in text.columns else name, name).alias(name + PRINTED)
        for name in numeric
    ]
    typed = text.with_columns(pl.col(numeric).str.replace_all(",", "").cast(pl.Float64), *printed)
    beyond = [(name, out_of_range(typed[name]).fill_null(False).arg_true().to_list()) for name in numeric]
    sentence = "This number is too large or too small: check it and its unit."
    faults = [Fault(path.name, sentence, row_number(rows[0]), name) for name, rows in beyond if rows]
    if faults:
        raise InputRefused(faults)
    return typed


def _holds_numbers(cells: pl.Series) -> bool:
    stated = cells.drop_nulls()
    return stated.len() > 0 and bool(stated.str.contains(_NUMBER).all())
