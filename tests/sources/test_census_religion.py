"""Religion by council."""

from pathlib import Path

import pytest

from parity.sources.census_religion import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "ltla24_code": ["E06000001"],
    "ltla24_name": ["Hartlepool"],
    "religion": ["Buddhist"],
    "n": [182.0],
}


def test_the_columns_get_our_names(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "religion.csv", COLUMNS))
    assert (name, frame.rows()) == ("2021", [("E06000001", "Hartlepool", "2021", "Buddhist", 182)])


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “ltla24_code”"):
        tidy(kept(tmp_path / "religion.csv", {"other": ["x"]}))


@needs_data
def test_everybody_has_an_answer_or_none() -> None:
    _, frame = read_edition(PUBLICATION, official("census2021_religion_lad24_from_lsoa.csv.gz"))
    assert (frame.height, frame["people"].sum()) == (318 * 9, 59_597_267)
