"""Broad ethnic group of small areas."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.census_ethnicity_small_areas import GROUPS, PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {"lsoa21_code": ["E01000001"], **{head: [place] for place, head in enumerate(GROUPS)}}


def test_each_group_is_a_row(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "census.parquet", COLUMNS))
    expected = sorted(("E01000001", "2021", group, place) for place, group in enumerate(GROUPS))
    assert (name, frame.rows()) == ("2021", expected)


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “lsoa21_code”"):
        tidy(kept(tmp_path / "census.parquet", {"other": ["x"]}))


@needs_data
def test_england_and_wales_hold_what_was_published() -> None:
    _, frame = read_edition(PUBLICATION, official("census2021_ethnic_group5_lsoa21.parquet"))
    sums = dict(frame.group_by("broad_group").agg(pl.col("people").sum()).iter_rows())
    assert frame["area"].n_unique() == 35_672
    assert sums == {
        "Asian, Asian British or Asian Welsh": 5_515_544,
        "Black, Black British, Black Welsh, Caribbean or African": 2_409_211,
        "Mixed or Multiple ethnic groups": 1_717_884,
        "Other ethnic group": 1_255_470,
        "White": 48_699_467,
    }
