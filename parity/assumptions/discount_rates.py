"""By how much a pound, or a year of health, counts for less with each year that it lies ahead."""

from datetime import date
from enum import Enum
from functools import cache
from importlib import resources

import polars as pl

from parity.terms.assumption import Confidence

FROM_DATE = date(2026, 2, 1)
REFERENCE = (
    "HM Treasury, Green Book, February 2026, as the Department for Transport reprints it "
    "(Transport analysis guidance, forthcoming change: Green Book updates, 16 April 2026)"
)
CONFIDENCE = Confidence.SEEN


class Discounting(Enum):
    """What is discounted: each has a column of rates, and words for a page."""

    STANDARD = "costs and benefits"
    HEALTH = "effects on health, in years of healthy life"
    LONG_LIFE = "a second look at what lasts over 50 years, without pure preference for the present"


@cache
def discount_rates(discounting: Discounting = Discounting.STANDARD) -> tuple[tuple[int, float], ...]:
    """The first year in which each rate holds, and the rate (a share of a year), the earliest first."""
    return tuple(all_discount_rates().select("from_year", discounting.name.lower()).rows())


@cache
def all_discount_rates() -> pl.DataFrame:
    """A row a step: from_year, counted from the first twelve months as year 0, and a column of rates for each use."""
    text = (resources.files("parity.assumptions") / "discount_rates.csv").read_bytes()
    return pl.read_csv(text)
