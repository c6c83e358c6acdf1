"""What tests of several folders are given: where the examples are, small releases, the mission's own figures."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parity.terms.release import Release

HOUSE = Path(__file__).parent.parent
EXAMPLES = HOUSE / "examples"
GOLDEN = HOUSE / "tests" / "golden"
SLUGS = ("leicester", "luton", "kent")
READ_AT = "2026-01-02T03:04:05"
LOADED_ON = date(2026, 1, 2)


@dataclass(frozen=True)
class Computed:
    """What the three examples give: the tie-out's rows by id, and every figure's JSON."""

    tie_out: dict[str, dict[str, Any]]
    figures: list[dict[str, Any]]


def release(stem: str, scope: str, version: str, *, rows: int = 0, illustrative: str = "") -> Release:
    return Release(stem, scope, version, version * 8, f"{scope}/{stem}.csv", READ_AT, rows, illustrative)


def mission_file(name: str) -> Path:
    """A file of the mission beside the data that PARITY_DATA names; skips the test where it is not there."""
    data = os.environ.get("PARITY_DATA")
    if not data:
        pytest.skip("PARITY_DATA does not name the shared data, so the mission's own figures cannot be read.")
    path = Path(data).parent.parent / "mission" / name
    if not path.exists():
        pytest.skip(f"There is no {path}, so the mission's own figures cannot be read.")
    return path
