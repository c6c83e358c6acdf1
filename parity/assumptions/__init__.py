"""What we choose and why: one TOML file a family; each number with unit, date, reference and confidence."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from parity.terms.assumption import Assumption, Confidence
from parity.terms.errors import AssumptionMissing


@cache
def all_assumptions() -> dict[str, Assumption]:
    """Every declared assumption by its key. Keys are unique across families; ValueError where one is used twice."""
    found: dict[str, Assumption] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        family = file.name.removesuffix(".toml")
        for key, fields in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in found:
                raise ValueError(f"The assumption {key} is declared in {found[key].family} and in {family}.")
            found[key] = _assumption(key, family, fields)
    return found


def assumption(key: str) -> Assumption:
    """The assumption with this key. Raises AssumptionMissing with a sentence that names where to declare it."""
    try:
        return all_assumptions()[key]
    except KeyError:
        raise AssumptionMissing(
            f"No assumption is called “{key}”: declare it in a file of parity/assumptions/ with value, unit, "
            "from_date, reference and confidence."
        ) from None


def _assumption(key: str, family: str, fields: dict[str, Any]) -> Assumption:
    """One declared number. Confidence is `seen`, `unchecked` or `chosen`."""
    return Assumption(key=key, family=family, **{**fields, "confidence": Confidence[fields["confidence"].upper()]})
