"""A release: one version of one table, and what is known of where it came from."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Release:
    """What was read: table stem, scope, id (prefix of the input's SHA-256), address, instant, rows, any warning.

    `illustrative` is a sentence where the numbers stand in for ones the source does not give; every figure
    that reads the table repeats it. `disclosure` is one where a policy hid and rounded counts; the id and the SHA-256
    are then of what is shown, for those of the input would let its hidden numbers be guessed and confirmed.
    """

    stem: str
    scope: str
    id: str
    sha256: str
    address: str
    at: str
    rows: int
    illustrative: str = ""
    disclosure: str = ""

    @property
    def name(self) -> str:
        """`stem@id`, as written in footnotes and in the file's name."""
        return f"{self.stem}@{self.id}"

    def as_dict(self) -> dict[str, Any]:
        """A dictionary of plain values."""
        return asdict(self)
