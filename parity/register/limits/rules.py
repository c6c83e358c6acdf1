"""How often is too often: the one place where it is said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in each stretch of so many seconds."""

    most: int
    seconds: int


PROGRAM, ADDRESS, STRANGER, UPLOAD, EXPORT = "program", "address", "stranger", "upload", "export"
LIMITS: dict[str, Limit] = {
    PROGRAM: Limit(600, 60),
    ADDRESS: Limit(3000, 60),
    STRANGER: Limit(60, 60),
    UPLOAD: Limit(30, 600),
    EXPORT: Limit(60, 600),
}
"""What one token or person may ask of the API, one address of it, one address that brings nothing that holds; and how
many files one person may bring, and take out. A whole council may come from one address."""


def stretch(limit: Limit, second: int) -> int:
    """The second at which the stretch ends in which this second lies. Stretches begin at the same time for all."""
    return (second // limit.seconds + 1) * limit.seconds
