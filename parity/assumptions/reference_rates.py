"""The library of reference rates: what is published about how common conditions are, each number with its source."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import polars as pl

from parity.assumptions import assumption
from parity.terms.assumption import Confidence

CONFIDENCE = {"H": Confidence.SEEN, "M": Confidence.UNCHECKED, "L": Confidence.UNCHECKED}
"""What the letters of the library mean: seen, consistent with a published total but not seen, not seen."""
ROLES = ("band", "total", "extra", "single")
NUMBERS = dict.fromkeys(("rate", "low", "high"), pl.Float64)


@cache
def reference_rates() -> pl.DataFrame:
    """Every rate of the library: its columns, then confidence in words, and effective_people of its source's sample.

    `role` says what a row is: a `band` or a `single` rate is a part of a total, a `total` is a check of the bands, an
    `extra` stands outside the total at 65 and over. `low` and `high` are a 95% interval (`ci95`) or a `range`.
    `effective_people`, chosen by us, serves for an interval where the source publishes none.
    """
    rates = _table("reference_rates.csv", NUMBERS)
    letters = {letter: word.value for letter, word in CONFIDENCE.items()}
    samples = rate_samples().select("source", "effective_people")
    return rates.with_columns(pl.col("confidence").replace_strict(letters)).join(
        samples, on="source", how="left", maintain_order="left"
    )


@cache
def rate_samples() -> pl.DataFrame:
    """Source, effective_people (as if so many had been asked in a simple random sample) and reference, by source."""
    return _table("reference_rate_samples.csv", {"effective_people": pl.Float64})


def shares_aged_95() -> dict[str, float]:
    """The share (0–1) of those of 90 and over who are 95 or older, by sex: official populations end at 90 and over."""
    return {
        "female": assumption("aged_95_of_90_women").value,
        "male": assumption("aged_95_of_90_men").value,
    }


def _table(name: str, numbers: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    text = (resources.files("parity.assumptions") / name).read_bytes()
    return pl.read_csv(text, schema_overrides=numbers)
