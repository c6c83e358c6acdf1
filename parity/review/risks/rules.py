"""Which band a risk is in, and whether the source's own rating and band agree."""

from collections.abc import Sequence

import polars as pl

from parity.methods.risk import band, rating

LOW, MEDIUM, HIGH = "Low", "Medium", "High"
BANDS = (LOW, MEDIUM, HIGH)
AGREES, DIFFERS, NOT_PRINTED = "as printed", "printed differently", "not printed"


def rated(risks: pl.DataFrame, *, lowest: Sequence[float]) -> pl.DataFrame:
    """The risks with score (impact × probability), band, and agreement of both with what the source prints.

    `lowest` are the lowest ratings of a low, a medium and a high risk.
    """
    bands = [(int(start), name) for start, name in zip(lowest, BANDS, strict=True)]
    scored = risks.with_columns(score=rating("impact_score", "probability_score"))
    banded = scored.with_columns(band=band("score", bands=bands))
    same_band = pl.col("band_printed").str.to_lowercase() == pl.col("band").str.to_lowercase()
    differs = pl.any_horizontal(
        ~same_band.fill_null(value=True), (pl.col("rating") != pl.col("score")).fill_null(False)
    )
    printed = pl.any_horizontal(pl.col("band_printed").is_not_null(), pl.col("rating").is_not_null())
    agreement = pl.when(differs).then(pl.lit(DIFFERS)).when(printed).then(pl.lit(AGREES)).otherwise(pl.lit(NOT_PRINTED))
    return banded.with_columns(agreement=agreement)
