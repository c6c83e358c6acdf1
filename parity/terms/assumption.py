"""A chosen number: its value, unit, date, reference and how sure we are of it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Confidence(Enum):
    """Whether a chosen number was seen in the source it is credited to, or has none but us."""

    SEEN = "seen in its source"
    UNCHECKED = "not yet seen in its source"
    CHOSEN = "chosen by us to show the method"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A chosen number from `assumptions/<family>.toml`; low and high are its range where its source gives one."""

    key: str
    family: str
    title: str
    value: float
    unit: str
    from_date: date
    reference: str
    confidence: Confidence
    low: float | None = None
    high: float | None = None
    note: str = ""
