"""The populations by whose ages rates are standardised: one TOML file each in `standard_populations/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import polars as pl

from parity.terms.assumption import Confidence
from parity.terms.errors import AssumptionMissing

EUROPEAN_2013 = "european_2013"
FOLDER = resources.files("parity.assumptions") / "standard_populations"
SUFFIX = ".toml"


@dataclass(frozen=True, slots=True)
class StandardPopulation:
    """People by age band, from `standard_populations/<key>.toml`, and where they are from."""

    key: str
    title: str
    from_date: date
    reference: str
    confidence: Confidence
    people: Mapping[str, int]

    @property
    def table(self) -> pl.DataFrame:
        """The bands, youngest first: band and people."""
        return pl.DataFrame({"band": list(self.people), "people": list(self.people.values())})


def standard_populations() -> list[StandardPopulation]:
    """Every declared standard population, by key."""
    return [standard_population(file.name.removesuffix(SUFFIX)) for file in sorted(FOLDER.iterdir(), key=str)]


@cache
def standard_population(key: str) -> StandardPopulation:
    """The standard population of this name. Raises AssumptionMissing with a sentence that names where to declare it."""
    file = FOLDER / f"{key}{SUFFIX}"
    if not file.is_file():
        raise AssumptionMissing(
            f"No standard population is called “{key}”: declare it in parity/assumptions/standard_populations/ with "
            "title, from_date, reference, confidence and people."
        )
    fields = tomllib.loads(file.read_text(encoding="utf-8"))
    return StandardPopulation(key=key, **{**fields, "confidence": Confidence[fields["confidence"].upper()]})
