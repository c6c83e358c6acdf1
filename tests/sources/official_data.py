"""Where the official files are that a test tries Parity on; none of them is part of the project."""

import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("PARITY_DATA", "")
needs_data = pytest.mark.skipif(not FOLDER, reason="PARITY_DATA names no folder of official files to try this on.")


def official(name: str) -> Path:
    """The official file of this name, in whatever folder below PARITY_DATA."""
    (found,) = Path(FOLDER).rglob(name)
    return found
