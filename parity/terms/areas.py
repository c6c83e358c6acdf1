"""Areas: a place or group of people that figures are about, known by one code."""

from collections.abc import Mapping
from dataclasses import dataclass

ENGLAND = "E92000001"

KINDS: Mapping[str, str] = {
    "E92": "country",
    "E12": "region",
    "E10": "county",
    "E06": "unitary authority",
    "E07": "district",
    "E08": "metropolitan district",
    "E09": "London borough",
    "E54": "integrated care board",
    "E38": "sub-ICB location",
    "E05": "ward",
    "E01": "small area (LSOA)",
}
"""What kind of area in England a code is of, by the first characters of the ONS (GSS) code."""

COUNCILS = ("E06", "E07", "E08", "E09", "E10")
LOWER_TIER = ("E06", "E07", "E08", "E09")
UPPER_TIER = ("E06", "E08", "E09", "E10")
COUNTY = "E10"
"""Codes of councils: of all, of those that together cover England in the lower tier, and in the upper; of counties."""


def kind_of(code: str, otherwise: str) -> str:
    """What kind of area the code is of, by its first characters; `otherwise` where they tell nothing."""
    return KINDS.get(code[:3], otherwise)


@dataclass(frozen=True, slots=True)
class Area:
    """An area: ONS (GSS) code, or a lower-case code of our own where ONS has none; its name; its kind."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Place:
    """An area that somebody looks at, the areas it is compared with, the year and what else is asked for.

    `option` is one of the topic's own options; empty for the first of them.
    """

    area: Area
    compared: tuple[Area, ...] = ()
    year: str = ""
    option: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the area, of those it is compared with and of England, each once."""
        return tuple(dict.fromkeys((self.area.code, *(area.code for area in self.compared), ENGLAND)))
