"""Disclosure: which counts of people a reader may see, and the words that say what is hidden."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

PUBLISHED = "published"
"""The policy of what its source has printed already: it is shown as it is."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Counts from `least` to `most` are hidden behind a symbol, others rounded to the nearest multiple of `nearest`.

    `national` says whether national counts are left as they are.
    """

    title: str
    symbol: str
    national: bool
    least: int
    most: int
    nearest: int

    @property
    def reason(self) -> str:
        """Why a hidden number is missing, as a sentence."""
        return f"Hidden: a number from {self.least} to {self.most}, or one that would tell it (policy {self.title})."

    @property
    def legend(self) -> str:
        """What a reader must know of every number under this policy."""
        numbers = f"a number from {self.least} to {self.most}"
        zero = "0 is hidden too" if self.least == 0 else "0 is 0, and hidden only where its total is"
        national = " National numbers are exact." if self.national else ""
        return (
            f"Policy {self.title}: {self.symbol} hides {numbers}, or one from which such a number could be worked out; "
            f"{zero}; the others are rounded to the nearest {self.nearest}.{national}"
        )


@dataclass(frozen=True, slots=True)
class _Preset:
    """A policy's name on screen and its symbol, with the keys of the assumptions that hold its three numbers."""

    title: str
    symbol: str
    national: bool
    numbers: tuple[str, str, str]


_PRESETS = {
    "nhse_secondary_care": _Preset(
        "NHSE secondary care",
        "*",
        True,
        ("nhse_secondary_care_hidden_from", "nhse_secondary_care_hidden_to", "nhse_secondary_care_nearest"),
    ),
    "mhsds": _Preset("MHSDS", "*", True, ("mhsds_hidden_from", "mhsds_hidden_to", "mhsds_nearest")),
    "opensafely": _Preset(
        "OpenSAFELY", "[c]", False, ("opensafely_hidden_from", "opensafely_hidden_to", "opensafely_nearest")
    ),
}
POLICIES = (PUBLISHED, *_PRESETS)
"""The names by which a table is given its policy."""


def policy_named(name: str, number: Callable[[str], float]) -> Policy:
    """The policy of this name; `number` gives the value of a chosen number by its key."""
    preset = _PRESETS[name]
    return Policy(preset.title, preset.symbol, preset.national, *(int(number(key)) for key in preset.numbers))


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is known of a table under a policy: the policy's name, and what its columns hold.

    `dimensions` name a row and `areas` are those that hold areas; `counts` hold counts of people, `means` the mean over
    the people of a count, `open` numbers that count nobody. `totals` gives the value of a dimension that holds
    all others, `sums` any value that holds some others, with one list of its parts or several.
    """

    policy: str
    dimensions: tuple[str, ...]
    areas: tuple[str, ...]
    counts: tuple[str, ...]
    means: Mapping[str, str] = field(default_factory=dict)
    open: tuple[str, ...] = ()
    totals: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, Mapping[str, list[Any]]] = field(default_factory=dict)


def disclosure_from(text: str) -> Disclosure:
    """The disclosure written as JSON: an object of its fields."""
    told = json.loads(text)
    lists = {name: tuple(told.get(name, ())) for name in ("dimensions", "areas", "counts", "open")}
    return Disclosure(**{**told, **lists})
