"""Expenditure of 2014/15: a row a council, repeated totals once, thousands made pounds."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.pss_expenditure import PUBLICATION, RENAMED
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import typed

FILE = "pss-exp-eng-14-15-fin-coun-lev-exp-data.csv"
HEAD = [*RENAMED, "102 - Cumbria", "203 - Kingston upon Hull"]
BASIS = "Gross current expenditure"
ROWS: list[list[object]] = [
    ["", "", "", "", "", "NW", "YH"],
    HEAD,
    ["Long term", "Age 18 to 64", "Physical support", "Nursing", BASIS, "1284.73", "$0.00 "],
    ["Non Salt Totals", "", "Asylum ", "", BASIS, "7", "8"],
    ["Non Salt Totals", "", "Asylum ", "Total", BASIS, "7", "8"],
    ["", "", "", "", "", "", ""],
    ["Data are presented in thousands", "", "", "", "", "", ""],
]


def test_repeated_totals_stand_once(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / FILE, ROWS))
    assert name == "2014/15"
    assert frame.select("cassr", "council", "age", "reason", "service", "cost_gbp").rows() == [
        ("102", "Cumbria", "Age 18 to 64", "Physical support", "Nursing", 1_284_730.0),
        ("102", "Cumbria", "all", "Asylum", "Total", 7000.0),
        ("203", "Kingston upon Hull", "Age 18 to 64", "Physical support", "Nursing", 0.0),
        ("203", "Kingston upon Hull", "all", "Asylum", "Total", 8000.0),
    ]


@pytest.mark.parametrize(
    ("file", "rows", "words"),
    [
        ("pss.csv", ROWS, "names no financial year"),
        (FILE, [ROWS[0], ["Support", *HEAD[1:]]], "has no column “Support type” in its second row"),
        (FILE, [ROWS[0], [*HEAD[:5], "Cumbria", "Hull"]], "has no column “102 - Cumbria” in its second row"),
        (FILE, [*ROWS[:5], [*ROWS[3][:3], "Total", BASIS, "9", "8"]], "two rows have the same"),
    ],
)
def test_another_layout_is_refused(file: str, rows: list[list[object]], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / file, rows))


@needs_data
def test_the_file_holds_what_was_published() -> None:
    name, frame = read_edition(PUBLICATION, official("pssex1_expenditure_by_council_2014_15.csv.gz"))
    gross = frame.filter(pl.col("basis") == BASIS)
    care = gross.filter(reason="Adult Social Care")["cost_gbp"].sum()
    minds = gross.filter(reason="Mental health support", service="Short and long term total").group_by("age")
    spent = dict(minds.agg(pl.col("cost_gbp").sum().round(0)).iter_rows())
    assert (name, frame["cassr"].n_unique(), round(care / 1e6)) == ("2014/15", 152, 17_043)
    assert spent == {"Age 18 to 64": 625_817_000.0, "Age 65 and over": 508_766_300.0}
