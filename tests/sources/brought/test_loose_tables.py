"""A table of the user's own: typed by what stands in it, or refused."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.brought.loose_tables import read_loose_table
from parity.terms.errors import Fault, InputRefused


def loose(folder: Path, content: str | bytes) -> pl.DataFrame:
    path = folder / "own.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_loose_table(path)


def test_a_column_of_numbers_keeps_its_printed_text(tmp_path: Path) -> None:
    frame = loose(tmp_path, 'line,spend,share\nA,"2,290.5",24%\nB,-10,\nC,,3%\n')
    assert frame.to_dict(as_series=False) == {
        "line": ["A", "B", "C"],
        "spend": [2290.5, -10.0, None],
        "share": ["24%", None, "3%"],
        "spend_printed": ["2,290.5", "-10", None],
    }


@pytest.mark.parametrize("cell", ["1,5", "12,34", "NaN", "inf", "1e5", "1.", "£5", "1 000", "--1", "2,2905"])
def test_what_only_looks_like_a_number_is_text(tmp_path: Path, cell: str) -> None:
    assert loose(tmp_path, f'x\n1\n"{cell}"\n')["x"].to_list() == ["1", cell]


def test_an_empty_column_is_text(tmp_path: Path) -> None:
    assert loose(tmp_path, "a,b\n1,\n")["b"].dtype == pl.String


def test_a_printed_column_of_its_own_is_kept(tmp_path: Path) -> None:
    frame = loose(tmp_path, "spend_printed,spend\n£1.4m,1400000\n,25\n12,12\n")
    assert frame.to_dict(as_series=False) == {
        "spend_printed": ["£1.4m", "25", "12"],
        "spend": [1400000.0, 25.0, 12.0],
    }


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault("own.csv", "The file is empty: it needs a header row.")),
        (b"a,b\n1\n", Fault("own.csv", "The row has 1 cells where the header has 2.", 2)),
        (b"a\n\xff\n", Fault("own.csv", "A character here is not UTF-8: save the file as CSV UTF-8.", 2)),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, fault: Fault) -> None:
    with pytest.raises(InputRefused) as refused:
        loose(tmp_path, content)
    assert refused.value.faults == [fault]


def test_a_number_that_cannot_be_computed_with_is_told(tmp_path: Path) -> None:
    sentence = "This number is too large or too small: check it and its unit."
    with pytest.raises(InputRefused) as refused:
        loose(tmp_path, f"a,b\n1,2\n3,{'9' * 400}\n")
    assert refused.value.faults == [Fault("own.csv", sentence, 3, "b")]
