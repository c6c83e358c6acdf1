"""Small tables in the shape in which a programme's own are read."""

import hashlib
from pathlib import Path
from typing import Any

import polars as pl

from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import PRINTED, TYPES
from parity.tables import Desk, Store
from parity.terms.release import ID_LENGTH, Release

DECIMALS = 9


def table(stem: str, *rows: dict[str, Any], **common: Any) -> pl.DataFrame:
    """The rows as a table of this stem; every column not given is empty, a printed number is the number."""
    schema = house_schemas()[stem]
    kinds = {entry["name"]: TYPES[entry["type"]] for entry in schema.fields}
    kinds |= {name + PRINTED: pl.String() for name in schema.numeric}
    whole = [{**common, **row} for row in rows]
    printed = [
        {name + PRINTED: None if row.get(name) is None else str(row[name]) for name in schema.numeric} | row
        for row in whole
    ]
    return pl.DataFrame([{name: row.get(name) for name in kinds} for row in printed], schema=kinds)


def desk(home: Path, **tables: pl.DataFrame) -> Desk:
    """A desk on a programme that has these tables and no others."""
    store = Store(home)
    store.save("sample", [(frame, _release(stem, frame)) for stem, frame in tables.items()])
    return Desk(store, "sample")


def _release(stem: str, frame: pl.DataFrame) -> Release:
    """A release that differs wherever the table does."""
    digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
    at = "2026-01-01T00:00:00+00:00"
    return Release(stem, "sample", digest[:ID_LENGTH], digest, f"sample/{stem}.csv", at, frame.height)


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of a result as a list of rows; the last binary digits of a number are rounded away."""
    return [
        tuple(round(cell, DECIMALS) if isinstance(cell, float) else cell for cell in row)
        for row in frame.select(columns).rows()
    ]
