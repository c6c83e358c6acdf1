"""Disability of people in small areas."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.census_disability import GROUPS, PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {"lsoa21_code": ["E01000001"], **{head: [place] for place, head in enumerate(GROUPS)}}


def test_each_group_is_a_row(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "census.parquet", COLUMNS))
    expected = sorted(("E01000001", "2021", group, place) for place, group in enumerate(GROUPS.values()))
    assert (name, frame.rows()) == ("2021", expected)


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “lsoa21_code”"):
        tidy(kept(tmp_path / "census.parquet", {"other": ["x"]}))


@needs_data
def test_england_and_wales_hold_what_was_published() -> None:
    _, frame = read_edition(PUBLICATION, official("census2021_disability_lsoa21.parquet"))
    sums = dict(frame.group_by("disability").agg(pl.col("people").sum()).iter_rows())
    assert frame["area"].n_unique() == 35_672
    assert sums == {
        "disabled": 10_444_750,
        "not disabled": 49_152_793,
    }
