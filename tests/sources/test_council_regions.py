"""Councils and their region."""

from pathlib import Path

import pytest

from parity.sources.council_regions import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "ltla24_name": ["Hartlepool"],
    "ltla24_code": ["E06000001"],
    "region24_name": ["North East"],
    "region24_code": ["E12000001"],
}


def test_the_columns_get_our_names(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "regions.csv", COLUMNS))
    assert (name, frame.rows()) == ("2024", [("2024", "E06000001", "Hartlepool", "E12000001", "North East")])


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column for ltla_code"):
        tidy(kept(tmp_path / "regions.csv", {"other": ["x"]}))


@needs_data
def test_every_council_of_england_has_a_region() -> None:
    _, frame = read_edition(PUBLICATION, official("lad24_region24.csv"))
    assert (frame.height, frame["region"].n_unique(), frame.null_count().sum_horizontal().item()) == (296, 9, 0)
