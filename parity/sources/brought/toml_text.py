"""A TOML file as texts, whole numbers, fractions and lists: or the sentence that says why it cannot be used."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from parity.sources.brought.csv_text import CONTROL_CHARACTER
from parity.terms.errors import Fault, InputRefused

LARGEST = 1e15


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises InputRefused where there is none, it is no TOML, or a value cannot be kept."""
    if not path.exists():
        raise InputRefused([Fault(path.name, f"The file is missing: {path.parent} must hold it.")])
    try:
        # Windows marks its UTF-8 files; TOML itself does not know that mark
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise InputRefused([Fault(path.name, f"The file is not valid TOML: {error}.")]) from None
    except RecursionError:
        raise InputRefused([Fault(path.name, "The file's lists stand too deep in one another.")]) from None
    faults = [Fault(path.name, sentence) for sentence in dict.fromkeys(_unfit(content))]
    if faults:
        raise InputRefused(faults)
    return content


def _unfit(value: Any) -> Iterator[str]:
    """A sentence for each value that cannot be kept: a bare date, no number, one too large, a control character."""
    if isinstance(value, Mapping):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for item in value:
            yield from _unfit(item)
    elif isinstance(value, date | datetime | time):
        yield "A date must stand in quotation marks."
    elif isinstance(value, int | float) and not abs(value) <= LARGEST:
        yield "A number is too large or not a number."
    elif isinstance(value, str) and CONTROL_CHARACTER.search(value):
        yield "An unseen control character stands in a text: remove it."
