"""Areas: a place or group of people that figures are about, known by one code."""

from dataclasses import dataclass

ENGLAND = "E92000001"


@dataclass(frozen=True, slots=True)
class Area:
    """An area: ONS (GSS) code, or a lower-case code of our own where ONS has none; its name; its kind."""

    code: str
    name: str
    kind: str
