"""What became of the small areas of 2011."""

from pathlib import Path

import pytest

from parity.sources.lsoa_changes import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "lsoa11_code": ["E01000001", "E01000002", "E01000002"],
    "lsoa11_name": ["A", "B", "B"],
    "change_code": ["U", "S", "S"],
    "lsoa21_code": ["E01000001", "E01030001", "E01030002"],
    "lsoa21_name": ["A", "BA", "BB"],
    "ltla22_code": ["E06000001"] * 3,
    "ltla22_name": ["Hartlepool"] * 3,
}


def test_changes_are_told_in_words(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "changes.parquet", COLUMNS))
    assert name == "2011 to 2021"
    assert frame.select("area_2011", "change", "area", "council").rows() == [
        ("E01000001", "unchanged", "E01000001", "E06000001"),
        ("E01000002", "split", "E01030001", "E06000001"),
        ("E01000002", "split", "E01030002", "E06000001"),
    ]


def test_a_change_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has a change that is not known: Z"):
        tidy(kept(tmp_path / "changes.parquet", {**COLUMNS, "change_code": ["U", "S", "Z"]}))


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “lsoa11_code”"):
        tidy(kept(tmp_path / "changes.parquet", {"other": ["x"]}))


@needs_data
def test_every_small_area_of_either_census_is_there() -> None:
    _, frame = read_edition(PUBLICATION, official("lsoa11_lsoa21_lad22.parquet"))
    assert (frame.height, frame["area_2011"].n_unique(), frame["area"].n_unique()) == (35_795, 34_753, 35_672)
    changes = dict(frame.group_by("change").len().sort("change").iter_rows())
    assert changes == {"irregular": 9, "merged": 239, "split": 1_900, "unchanged": 33_647}
