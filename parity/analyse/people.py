"""Which rows of the population table are people of working age, older people, or women giving birth; whose ages."""

import re
from collections.abc import Collection

import polars as pl

from parity.terms.figure import Figure

AGES = re.compile(r"Ages ([^.]+)\.")
"""How the note on an expected number opens."""
WORKING_AGE = ("15-64", "16-64", "18-64")
AGED_65_PLUS = ("65+", "65 and over")
WOMEN_GIVING_BIRTH = ("women giving birth",)
COUNTED_FIRST = {"resident": 0, "registered": 1}
"""Where one group is counted in several ways, residents come before registered patients, and both before others."""


def plain_group(column: str) -> pl.Expr:
    """The group's name with a plain hyphen for any dash, so that 16–64 and 16-64 are one group."""
    return pl.col(column).str.replace_all("[–—]", "-")


def people_of(population: pl.DataFrame, groups: Collection[str]) -> pl.DataFrame:
    """The rows of these groups (written with a hyphen), one for each area, period and group."""
    return counted_once(population).filter(plain_group("population_group").is_in(list(groups)))


def counted_once(population: pl.DataFrame) -> pl.DataFrame:
    """The population with one row for each area, period and group, whichever way it is counted first."""
    key = ["area", "period", "population_group"]
    order = pl.col("counted_as").replace_strict(COUNTED_FIRST, default=len(COUNTED_FIRST), return_dtype=pl.Int64)
    return population.filter(order == order.min().over(key)).unique(key, keep="first", maintain_order=True)


def ages_of(figure: Figure) -> str:
    """The ages that the rates of an expected number cover, such as `16 to 64`; a dash where none are told."""
    found = AGES.match(figure.note or "")
    return found[1] if found else "–"
