"""How far population projections have gone wrong: the numbers of the model, learnt from the record of estimates."""

from functools import cache
from importlib import resources

import polars as pl

from parity.assumptions import assumption


@cache
def projection_errors() -> pl.DataFrame:
    """Name, from_age (the first age of a group; null where a number holds for all ages) and value of each number.

    Learnt from the ONS mid-year estimates of 2000 to 2011, the years known in 2018; `benchmarks/need_backtest.py`
    learns them anew and judges them.
    """
    text = (resources.files("parity.assumptions") / "projection_errors.csv").read_bytes()
    return pl.read_csv(text, schema_overrides={"from_age": pl.Int64, "value": pl.Float64})


def councils_revised_little() -> float:
    """The share (0–1) of councils whose population a census revised by under 5% after ten years."""
    return assumption("councils_revised_under_5_percent").value
