"""Official files opened: either encoding, codes and patterns in words, and what is not known in a sentence."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.census_households import PUBLICATION
from parity.sources.reading.official import by_pattern, in_words, read_cells, read_table, sheet_names
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged

FILE = Path("file.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_cells_are_read_in_either_encoding(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_bytes('"Cost (£000\'s)",\n,"1,284"\n'.encode(encoding))
    cells = read_cells(file)
    assert (cells.columns, cells.rows()) == (["column_0", "column_1"], [("Cost (£000's)", None), (None, "1,284")])


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_bytes(b"")
    with pytest.raises(SourceChanged, match="cannot be read: "):
        read_cells(file)


def test_codes_become_words() -> None:
    column = pl.Series("age", ["1", None, "2"])
    assert in_words(column, {"1": "young", "2": "old"}, file=FILE).to_list() == ["young", None, "old"]
    with pytest.raises(SourceChanged, match="has “2” in the column “age”, which is not known"):
        in_words(column, {"1": "young"}, file=FILE)


def test_the_first_pattern_that_a_text_holds_gives_its_word() -> None:
    column = pl.Series("measure", ["days of beds", "beds"])
    assert by_pattern(column, {"days": "days", "": "beds"}, file=FILE).to_list() == ["days", "beds"]
    with pytest.raises(SourceChanged, match="it is not known of what “beds” is"):
        by_pattern(column, {"days": "days"}, file=FILE)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("table.parquet", "table.parquet cannot be read as Parquet"),
        ("table.csv", "table.csv cannot be read: 'utf-8' codec"),
        ("table.xlsx", "table.xlsx cannot be read as a workbook"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceChanged, match=words):
        sheet_names(file) if name.endswith("xlsx") else read_table(file)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("", "there is no row"),
        ("E06000001,many\n", "conversion from `str` to `f64` failed"),
        ("E06000001,5\nE06000001,6\n", "two rows have the same “area”, “period”"),
        (",5\n", "a row lacks “area”, “period”"),
    ],
)
def test_rows_that_cannot_be_right_are_refused(rows: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "households.csv"
    file.write_text(f"ltla23_code,households\n{rows}", encoding="utf-8")
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, file)
