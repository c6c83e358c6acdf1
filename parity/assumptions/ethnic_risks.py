"""How much more often a psychosis is newly diagnosed in one ethnic group than in the majority of England."""

from functools import cache
from importlib import resources

import polars as pl

from parity.terms.assumption import Confidence

CONFIDENCE = {"H": Confidence.SEEN.value, "C": Confidence.CHOSEN.value}
"""What the letters of the table mean: seen in its source, chosen by us for a group of which it does not speak."""
REFERENCE = (
    "Halvorsrud, Nazroo, Otis, Brown Hajdukova and Bhui, Social Psychiatry and Psychiatric Epidemiology "
    "2019;54:1311–23: relative risk of a diagnosed schizophrenia, 28 studies in England"
)


@cache
def ethnic_risks() -> pl.DataFrame:
    """A row for each ethnic group of the census of 2021: counted_as, relative_risk, low, high and confidence in words.

    `low` and `high` are the published 95% interval; empty for the majority, which is 1 by definition, and for groups
    of which the source does not speak.
    """
    text = (resources.files("parity.assumptions") / "ethnic_risks.csv").read_bytes()
    risks = pl.read_csv(text, schema_overrides=dict.fromkeys(("relative_risk", "low", "high"), pl.Float64))
    return risks.with_columns(pl.col("confidence").replace_strict(CONFIDENCE))
