"""Councils and the upper tier above them, by year."""

from pathlib import Path

import pytest

from parity.sources.council_counties import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "ltla21_code": ["E06000001", "E07000008"],
    "ltla21_name": ["Hartlepool", "Cambridge"],
    "utla21_code": ["E06000001", "E10000003"],
    "utla21_name": ["Hartlepool", "Cambridgeshire"],
}


@pytest.mark.parametrize("year", ["21", "23"])
def test_only_districts_have_a_county(year: str, tmp_path: Path) -> None:
    columns = {head.replace("21", year): cells for head, cells in COLUMNS.items()}
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "counties.csv", columns))
    assert name == f"20{year}"
    assert frame.drop("edition").rows() == [
        ("E06000001", "Hartlepool", "E06000001", "Hartlepool", None),
        ("E07000008", "Cambridge", "E10000003", "Cambridgeshire", "E10000003"),
    ]


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column for ltla_code, ltla_name, utla_code"):
        tidy(kept(tmp_path / "counties.csv", {"other": ["x"]}))


@needs_data
@pytest.mark.parametrize(
    ("file", "councils", "counties"), [("lad21_utla21.csv", 331, 24), ("lad23_utla23.csv", 318, 21)]
)
def test_every_council_has_an_upper_tier(file: str, councils: int, counties: int) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    assert (frame.height, frame["county"].drop_nulls().n_unique()) == (councils, counties)
    assert frame["upper_tier"].null_count() == 0
