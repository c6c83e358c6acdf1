"""A table of the user's own without a schema: columns typed by what stands in them, numbers kept as printed."""

import tomllib
from pathlib import Path
from typing import Any

import polars as pl

from parity.sources.csv_text import read_text
from parity.sources.table_schema import PRINTED
from parity.terms.errors import Fault, InputRefused

_NUMBER = r"^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$"


def read_loose_table(path: Path) -> pl.DataFrame:
    """The file's frame: a column of numbers only (thousands separated or not) is numeric and keeps its printed text.

    A column `<name>_printed` of the file's own is kept as the text of `<name>`. Raises InputRefused where the file
    is not comma-separated text.
    """
    text, faults = read_text(path)
    if faults:
        raise InputRefused(faults)
    numeric = [name for name in text.columns if not name.endswith(PRINTED) and _holds_numbers(text[name])]
    printed = [
        pl.coalesce(f"{name}{PRINTED}" if name + PRINTED in text.columns else name, name).alias(name + PRINTED)
        for name in numeric
    ]
    return text.with_columns(pl.col(numeric).str.replace_all(",", "").cast(pl.Float64), *printed)


def _holds_numbers(cells: pl.Series) -> bool:
    stated = cells.drop_nulls()
    return stated.len() > 0 and bool(stated.str.contains(_NUMBER).all())


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises InputRefused where there is none or it is not TOML."""
    if not path.exists():
        raise InputRefused([Fault(path.name, f"The file is missing: {path.parent} must hold it.")])
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputRefused([Fault(path.name, f"The file is not valid TOML: {error}.")]) from None
