"""Small populations for tests of need."""

import numpy as np
import polars as pl

from parity.methods.headcount import CELLS, Headcount, headcount

Row = tuple[str, str, str, int, float | None]
SCHEMA = {"area": pl.String, "period": pl.String, "sex": pl.String, "age": pl.Int64, "people": pl.Float64}


def population(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def counted(*rows: Row) -> Headcount:
    """The rows as a headcount in which every other cell is empty."""
    return headcount(population(*rows), absent=0)


def everywhere(areas: int, periods: tuple[str, ...] = ("2020", "2030"), *, seed: int = 1) -> Headcount:
    """Some people in every cell of so many areas."""
    chance = np.random.default_rng(seed)
    names = tuple(f"A{place}" for place in range(areas))
    return Headcount(names, periods, chance.integers(1, 2_000, (areas, len(periods), CELLS)).astype(float))
