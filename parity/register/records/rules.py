"""What a record says, as plain values and as a hash: what a change is told by."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of a record's content, written as JSON with sorted keys; dates as 2026-01-31.

    The one zero is 0.0: not every database keeps a zero's sign.
    """
    plain = {name: value + 0.0 if isinstance(value, float) else value for name, value in content.items()}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a record does not hold {type(value).__name__}")


def changed_columns(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the columns whose values differ, in the order of `after`."""
    return tuple(name for name in after if before.get(name) != after[name])
