"""A release: one version of one table, and what is known of where it came from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

ID_LENGTH = 12
"""So many characters of the SHA-256 of what was read make a release's id."""
OF_EDITION, BETWEEN = "/", "; "
"""What stands between a table's stem and its edition, and between several of them."""
OF_PUBLICATIONS = ("edition", "credit", "by_area", "lookup", "parts")


@dataclass(frozen=True, slots=True)
class Release:
    """What was read: table stem, scope, id (prefix of the input's SHA-256), address, instant, rows, any warning.

    `illustrative` is a sentence where the numbers stand in for ones the source does not give; every figure
    that reads the table repeats it. `disclosure` is one where a policy hid and rounded counts; the id and the SHA-256
    are then of what is shown, for those of the input would let its hidden numbers be guessed and confirmed.
    Of what somebody publishes, `credit` names publisher and title, and `edition` the file; where several editions are
    read as one table, `parts` are their ids. A `lookup` gives no number. A table `by_area` is so large that it is read
    for some areas at a time.
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
    edition: str = ""
    credit: str = ""
    by_area: bool = False
    lookup: bool = False
    parts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`stem@id`, as written in footnotes and in the file's name."""
        return f"{self.stem}@{self.id}"

    @property
    def edition_name(self) -> str:
        """`stem/edition`: what a row read from this edition is marked with where a table joins several publications."""
        return f"{self.stem}{OF_EDITION}{self.edition}"

    @property
    def cited(self) -> str:
        """What a footnote says of it: who published which edition, or the table's name with its address."""
        if self.credit:
            return f"{self.credit}, {self.edition}" if self.edition else self.credit
        return f"{self.name} ({self.address})" if self.address else self.name

    @property
    def parts_cited(self) -> tuple[str, ...]:
        """What it cites, one by one: a table that joins several publications cites each."""
        return tuple(self.cited.split(BETWEEN))

    def as_dict(self) -> dict[str, Any]:
        """A dictionary of plain values; what is known of publications alone stands in it where it is known."""
        told = asdict(self)
        return {name: value for name, value in told.items() if value or name not in OF_PUBLICATIONS}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Release":
        """The release that such a dictionary tells of."""
        return cls(**{**told, "parts": tuple(told.get("parts", ()))})
