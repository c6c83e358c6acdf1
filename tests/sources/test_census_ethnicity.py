"""Ethnic group by council: number and percentage in one row."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.census_ethnicity import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "ltla21_code": ["E06000016"] * 4,
    "ltla21_name": ["Leicester"] * 4,
    "ethnic_group": [
        "White: Roma (number)",
        "Mixed: White and Black African (number)",
        "White: Roma (percent)",
        "Mixed: White and Black African  (percent)",
    ],
    "value": [839.0, 1776.0, 0.2, 0.5],
}


def test_number_and_percentage_stand_in_one_row(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "ethnic.csv", COLUMNS))
    assert name == "2021"
    assert frame.drop("area_name").rows() == [
        ("E06000016", "2021", "Mixed", "Mixed: White and Black African", 1776, 0.005),
        ("E06000016", "2021", "White", "White: Roma", 839, 0.002),
    ]


def test_a_group_that_says_neither_number_nor_percent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="says neither number nor percent: White: Roma"):
        tidy(kept(tmp_path / "ethnic.csv", {**COLUMNS, "ethnic_group": ["White: Roma", *COLUMNS["ethnic_group"][1:]]}))


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “ltla21_code”"):
        tidy(kept(tmp_path / "ethnic.csv", {"other": ["x"]}))


@needs_data
def test_leicester_is_as_published() -> None:
    _, frame = read_edition(PUBLICATION, official("census2021_ethnic_group_ltla21.csv.gz"))
    leicester = frame.filter(pl.col("area") == "E06000016")
    shares = dict(leicester.select("ethnic_group", "share").iter_rows())
    assert (leicester.height, leicester["people"].sum(), frame.height) == (19, 368_571, 331 * 19)
    assert shares["Asian, Asian British or Asian Welsh: Indian"] == 0.343
    assert shares["White: English, Welsh, Scottish, Northern Irish or British"] == 0.332
