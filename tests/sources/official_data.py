"""Where the official files are that a test tries Parity on; none of them is part of the project."""

import os
from pathlib import Path

import polars as pl
import pytest

from parity.sources.shelf import publication_of, read_edition

FOLDER = os.environ.get("PARITY_DATA", "")
needs_data = pytest.mark.skipif(not FOLDER, reason="PARITY_DATA names no folder of official files to try this on.")


def official(name: str) -> Path:
    """The official file of this name, in whatever folder below PARITY_DATA."""
    (found,) = Path(FOLDER).rglob(name)
    return found


def official_table(name: str) -> pl.DataFrame:
    """The rows of the official file of this name, as its publication reads them."""
    file = official(name)
    publication = publication_of(file)
    assert publication is not None
    return read_edition(publication, file)[1]
