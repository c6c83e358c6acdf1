"""Estimates of health bodies: each mid-year and kind of body is a sheet, and another layout is refused by name."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.population_health_geographies import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import Rows, written

ENGLAND = ["SICBL 2023 Code", "SICBL 2023 Name", "ICB 2023 Code", "ICB 2023 Name", "NHSER 2023 Code", "NSHER 2023 Name"]
AGES = [f"{sex}{age}" for sex in "FM" for age in range(91)]
BOARD: Rows = [
    ["Estimates by single year of age and sex"],
    [*ENGLAND, "Total", *AGES],
    ["E38000006", "South Yorkshire 02P", "E54000061", "South Yorkshire", "E40000012", "North East", 10, *range(182)],
]
WALES: Rows = [["LHB 2023 Code", "LHB 2023 Name", "Total", *AGES], ["W11000024", "Powys", 11, *range(5, 187)]]


def test_every_sheet_of_estimates_is_read(tmp_path: Path) -> None:
    sheets = {"Notes": [["Rounding"]], "Mid-2022 ICB 2023": BOARD, "Mid-2022 LHB 2023": WALES}
    name, frame = read_edition(PUBLICATION, written(tmp_path / "sape.xlsx", sheets))
    assert name == "mid-2022"
    ends = frame.filter(pl.col("age").is_in([0, 90])).drop("edition", "area_name", "within_name", "period")
    assert ends.rows() == [
        ("ICB 2023", "E38000006", "E54000061", "female", 0, 0),
        ("ICB 2023", "E38000006", "E54000061", "female", 90, 90),
        ("ICB 2023", "E38000006", "E54000061", "male", 0, 91),
        ("ICB 2023", "E38000006", "E54000061", "male", 90, 181),
        ("LHB 2023", "W11000024", None, "female", 0, 5),
        ("LHB 2023", "W11000024", None, "female", 90, 95),
        ("LHB 2023", "W11000024", None, "male", 0, 96),
        ("LHB 2023", "W11000024", None, "male", 90, 186),
    ]


def test_a_sheet_without_an_age_is_refused_by_name(tmp_path: Path) -> None:
    short = [[cell for cell in row if cell not in ("M45", 136)] for row in BOARD]
    with pytest.raises(SourceChanged, match="has no males of age 45 in E38000006, mid-2022"):
        tidy(written(tmp_path / "sape.xlsx", {"Mid-2022 ICB 2023": short}))


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"Mid-2022": BOARD}, "has no sheet such as “Mid-2021 ICB 2023”"),
        ({"Mid-2022 CCG 2021": BOARD}, "no row with the headings “ccg 2021 code”"),
    ],
)
def test_another_layout_is_refused_by_name(sheets: dict[str, Rows], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        tidy(written(tmp_path / "sape.xlsx", sheets))


@needs_data
def test_the_workbook_holds_what_was_published() -> None:
    file = official("ons_sape_health_geographies_mid2021_mid2022_sicbl_icb_sya_sex.xlsx")
    name, frame = read_edition(PUBLICATION, file)
    board = pl.col("within_name").cast(pl.String).str.contains("Leicester, Leicestershire and Rutland")
    mine = frame.filter(board, pl.col("geography") == "ICB 2023", pl.col("period") == "2022")
    people = mine.group_by("area").agg(pl.col("people").sum()).sort("people")["people"].to_list()
    assert (name, people) == ("mid-2021 and mid-2022", [350_329, 373_399, 412_977])
    totals = frame.group_by("geography", "period").agg(pl.col("people").sum()).sort("geography", "period")
    assert totals.filter(pl.col("geography") != "LHB 2023")["people"].to_list() == ENGLISH


ENGLISH = [56_554_891, 57_106_398, 56_554_891, 57_106_398]
"""England at mid-2021 and mid-2022, as commissioning groups and as sub-ICB locations."""
