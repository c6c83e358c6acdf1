"""Households by council."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.census_households import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {"ltla23_code": ["E06000001"], "households": [40930.0]}


def test_the_columns_get_our_names(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "households.csv", COLUMNS))
    assert (name, frame.rows()) == ("2021", [("E06000001", "2021", 40_930)])


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “ltla23_code”"):
        tidy(kept(tmp_path / "households.csv", {"other": ["x"]}))


@needs_data
def test_england_and_wales_hold_what_was_published() -> None:
    _, frame = read_edition(PUBLICATION, official("census2021_households_ltla23.csv"))
    welsh = frame.filter(pl.col("area").cast(pl.String).str.starts_with("W"))
    assert (frame.height, frame["households"].sum(), welsh["households"].sum()) == (318, 24_783_192, 1_347_113)
