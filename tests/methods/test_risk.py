"""Risk: rating, band and trend."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.risk import band, rating, trend

SCORE = st.none() | st.integers(0, 25)
BANDS = [(15, "extreme"), (1, "low"), (8, "high"), (4, "moderate")]


def test_missing_score_and_no_bands() -> None:
    frame = pl.DataFrame({"impact": [None, 0, 2], "likelihood": [2, 2, 2]})
    result = frame.with_columns(rating("impact", "likelihood").alias("score"))
    assert result["score"].to_list() == [None, 0, 4]
    assert result.select(band("score", bands=BANDS).alias("band"))["band"].to_list() == [None, None, "moderate"]
    assert result.select(band("score", bands=[]).alias("band"))["band"].to_list() == [None]


def test_empty_table() -> None:
    frame = pl.DataFrame(schema={"score": pl.Int64})
    assert frame.select(band("score", bands=BANDS), trend("score", "score").alias("trend")).height == 0


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=6))
def test_bands_and_trends_case_by_case(rows: list[tuple[int | None, int | None]]) -> None:
    def banded(score: int | None) -> str | None:
        reached = [name for lowest, name in sorted(BANDS) if score is not None and score >= lowest]
        return reached[-1] if reached else None

    def moved(before: int | None, now: int | None) -> str | None:
        if before is None or now is None:
            return None
        return "rising" if now > before else "falling" if now < before else "steady"

    frame = pl.DataFrame(rows, schema={"before": pl.Int64, "now": pl.Int64}, orient="row")
    result = frame.select(band=band("now", bands=BANDS), trend=trend("before", "now"))
    assert result.rows() == [(banded(now), moved(before, now)) for before, now in rows]
