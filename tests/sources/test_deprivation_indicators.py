"""Indicators beneath the indices: one row each, and what is withheld says so."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.deprivation_indicators import PUBLICATION, WANTED, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "lsoa11_code": ["E01000001"],
    **{name: [-0.904] for name in WANTED},
    "income_domain_numerator": [None],
    "entry_to_higher_education_indicator": [None],
}


def test_what_is_withheld_says_so(tmp_path: Path) -> None:
    columns = {head: pl.Series(cells, dtype=None if "code" in head else pl.Float64) for head, cells in COLUMNS.items()}
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "indicators.parquet", columns))
    assert name == "2019"
    assert frame.filter(pl.col("value").is_null()).select("indicator", "value", "missing").rows() == [
        ("entry_to_higher_education_indicator", None, "The publisher gives no number here."),
        ("income_domain_numerator", None, "The publisher withholds counts of fewer than 10 people."),
    ]
    assert frame.filter(pl.col("indicator").is_in(WANTED))["value"].to_list() == [-0.904] * len(WANTED)


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “lsoa11_code”"):
        tidy(kept(tmp_path / "indicators.parquet", {"other": ["x"]}))


@pytest.mark.parametrize("gone", WANTED)
def test_a_file_without_an_indicator_that_figures_rest_on_is_refused(gone: str, tmp_path: Path) -> None:
    columns = {head: cells for head, cells in COLUMNS.items() if head != gone}
    with pytest.raises(SourceChanged, match=f"has no column “{gone}”"):
        tidy(kept(tmp_path / "indicators.parquet", columns))


@needs_data
def test_every_small_area_has_every_indicator() -> None:
    _, frame = read_edition(PUBLICATION, official("iod2019_lsoa11_underlying_indicators.parquet"))
    counts = frame.filter(pl.col("indicator").cast(pl.String).str.ends_with("_numerator"))["value"].drop_nulls()
    assert (frame.height, frame["value"].null_count()) == (32_844 * 28, 31 + 4_553 + 1_035 + 119 + 20)
    assert (counts.min(), (counts % 5).max()) == (10, 0)
