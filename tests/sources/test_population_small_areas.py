"""Estimates of small areas: one row an area and age, both sexes together."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.population_small_areas import AGES, PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "lsoa11_code": ["E01011949"],
    "lsoa11_name": ["Hartlepool 009A"],
    **{age: [place] for age, place in AGES.items()},
}


def test_the_files_name_tells_the_mid_year(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "sape_mid2020.parquet", COLUMNS))
    assert (name, frame.height, frame["people"].sum()) == ("mid-2020", 91, sum(range(91)))
    assert frame.row(90) == ("mid-2020", "E01011949", "Hartlepool 009A", "2020", 90, 90)


def test_a_file_that_tells_no_mid_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="does not tell its mid-year"):
        tidy(kept(tmp_path / "sape.parquet", COLUMNS))


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “lsoa11_code”"):
        tidy(kept(tmp_path / "mid2020.parquet", {"other": ["x"]}))


@needs_data
def test_the_small_areas_of_england_hold_what_was_published() -> None:
    _, frame = read_edition(PUBLICATION, official("ons_sape_mid2020_lsoa11_sya_persons.parquet"))
    english = frame.filter(pl.col("area").cast(pl.String).str.starts_with("E"))
    assert (english["people"].sum(), english["area"].n_unique(), frame.height) == (56_550_138, 32_844, 34_753 * 91)
