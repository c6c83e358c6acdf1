"""Activity until 2013/14: headings of several rows are joined, and a heading ends where one above it begins anew."""

from pathlib import Path

import pytest

from parity.sources.pss_activity import PUBLICATION
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import typed

ROWS: list[list[object]] = [
    ["Personal Social Services - 2013-14, Final Release", "", "", "", ""],
    ["", "REVIEWS", "", "", "HOME CARE"],
    ["", "All reviews", "Reviews of:", "", "Hours"],
    ["", "", "Physical disability", "Mental health", ""],
    ["", "A1.1", "A2.1", "A2.2", "F1.1"],
    ["102 - Cumbria ", "11,845", "..", "5", "7"],
    ["TOTAL England", "846,980", "1", "5", "7"],
    [".. data not available", "", "", "", ""],
]


def test_headings_are_joined_and_councils_are_known_by_number(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "pss.csv", ROWS, encoding="cp1252"))
    assert name == "2013/14"
    assert frame.filter(cassr="102").drop("edition", "cassr", "period").rows() == [
        ("Cumbria", "A1.1", "Reviews", "All reviews", 11845.0, None),
        ("Cumbria", "A2.1", "Reviews", "Reviews of: Physical disability", None, "Not available."),
        ("Cumbria", "A2.2", "Reviews", "Reviews of: Mental health", 5.0, None),
        ("Cumbria", "F1.1", "Home care", "Hours", 7.0, None),
    ]
    assert frame.filter(cassr="E92000001")["council"].unique().to_list() == ["England"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["No year", "", "", "", ""], *ROWS[1:]], "names no financial year in its first cell"),
        (ROWS[:4] + ROWS[5:], "has no row of codes such as A1.1"),
        ([*ROWS, ["104 - Northumberland", "n/a", 1, 1, 1]], "missing with a sign that is not known"),
    ],
)
def test_another_layout_is_refused(rows: list[list[object]], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "pss.csv", rows))


@needs_data
def test_the_file_holds_what_was_published() -> None:
    name, frame = read_edition(PUBLICATION, official("pssex1_activity_by_council_2013_14.csv.gz"))
    england = dict(frame.filter(cassr="E92000001").select("measure", "value").iter_rows())
    assert (name, frame.height, frame["cassr"].n_unique()) == ("2013/14", 19_431, 153)
    assert (england["A2.3"], england["D1.7"]) == (100_795.0, 102_330.0)
