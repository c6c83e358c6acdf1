"""Small areas, their ward and council."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.lsoa_wards import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "lsoa21_code": ["E01012049"],
    "lsoa21_name": ["Middlesbrough 014A"],
    "ward24_code": ["E05009861"],
    "ward24_name": ["Ladgate"],
    "ltla24_code": ["E06000002"],
    "ltla24_name": ["Middlesbrough"],
}


def test_the_columns_get_our_names(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "wards.parquet", COLUMNS))
    assert (name, frame.rows()) == (
        "2024",
        [("2024", "E01012049", "Middlesbrough 014A", "E05009861", "Ladgate", "E06000002", "Middlesbrough")],
    )


def test_the_publishers_own_headings_are_known(tmp_path: Path) -> None:
    heads = ("LSOA21CD", "LSOA21NM", "WD25CD", "WD25NM", "LAD25CD", "LAD25NM")
    columns = dict(zip(heads, COLUMNS.values(), strict=True)) | {"LSOA21NMW": [None], "ObjectId": [1]}
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "wards.csv", columns))
    assert (name, frame.row(0)[1:]) == ("2025", tuple(cells[0] for cells in COLUMNS.values()))


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column for lsoa_code"):
        tidy(kept(tmp_path / "wards.parquet", {"other": ["x"]}))


@needs_data
def test_every_small_area_has_one_ward_and_every_ward_one_council() -> None:
    _, frame = read_edition(PUBLICATION, official("lsoa21_ward24_lad24.parquet"))
    councils = frame.group_by("ward").agg(pl.col("council").n_unique())["council"]
    assert (frame.height, frame["area"].n_unique(), councils.max()) == (35_672, 35_672, 1)
