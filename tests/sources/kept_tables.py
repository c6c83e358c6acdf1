"""Tables as small as a test needs, kept as Parquet or as comma-separated text."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl


def kept(file: Path, columns: Mapping[str, Sequence[object]]) -> Path:
    """The file, now a table of these columns, in the form that its name ends with."""
    frame = pl.DataFrame(columns)
    if file.suffix == ".parquet":
        frame.write_parquet(file)
    else:
        frame.write_csv(file)
    return file
