"""Mid-year estimates: the layouts of different years give one table, and another layout is refused by name."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.population_estimates import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import Rows, written

AGES = range(90)
NEWER = ["Code", "Name", "Geography1", "All ages", *AGES, "90+"]
OLDER = ["CODE", "NAME", "ALL AGES", *AGES, 90]
PEOPLE = [sum(range(91)), *range(91)]


def newer(sex: str) -> Rows:
    title = [f"MYE2: Population estimates: {sex} by single year of age and sex, mid-2018"]
    return [["Contents"], title, [], NEWER, ["E06000016", "Leicester ", "Unitary", *PEOPLE], ["Note", "x"]]


def older(sex: str) -> Rows:
    return [["MYE2: Population estimates, mid-2015"], [sex.upper()], OLDER, ["E06000016", "Leicester", *PEOPLE]]


@pytest.mark.parametrize(
    ("sheets", "edition"),
    [
        ({"MYE2-All": [], "MYE2 - Males": newer("Males"), "MYE2 - Females": newer("Females")}, "mid-2018"),
        ({"Persons UK": [], "Males UK": older("males"), "Females UK ": older("females")}, "mid-2015"),
    ],
)
def test_the_layouts_of_different_years_give_one_table(sheets: dict[str, Rows], edition: str, tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, written(tmp_path / "mye.xlsx", sheets))
    year = edition.removeprefix("mid-")
    assert (name, frame.height) == (edition, 182)
    assert frame.row(181) == (edition, "E06000016", "Leicester", year, "male", 90, 90)


def test_the_rebased_series_is_an_edition_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "series.parquet"
    row = {"area_code": "E06000016", "area_name": "Leicester", "year": 2018, "age": range(91), "female": 2, "male": 3}
    whole = pl.DataFrame(row)
    whole.write_parquet(file)
    name, frame = read_edition(PUBLICATION, file)
    assert name == "rebased 2018 to 2018"
    assert frame.filter(pl.col("age") == 7).select("sex", "people").rows() == [("female", 2), ("male", 3)]
    whole.filter(pl.col("age") != 7).write_parquet(file)
    with pytest.raises(SourceChanged, match="has no females of age 7 in E06000016, mid-2018"):
        read_edition(PUBLICATION, file)


def test_a_workbook_without_an_age_is_refused_by_name(tmp_path: Path) -> None:
    whole, short = newer("Females"), [[cell for cell in row if cell != 45] for row in newer("Males")]
    file = written(tmp_path / "mye.xlsx", {"Females": whole, "Males": short})
    with pytest.raises(SourceChanged, match="has no males of age 45 in E06000016, mid-2018"):
        tidy(file)


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"Males": newer("Males")}, "has no sheets of males and of females"),
        ({"Males": newer("Males")[3:], "Females": newer("Females")}, "names no mid-year above the table of"),
        ({"Males": newer("Males")[:2], "Females": newer("Females")}, "no row with the headings “code”, “name”"),
    ],
)
def test_another_layout_is_refused_by_name(sheets: dict[str, Rows], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        tidy(written(tmp_path / "mye.xlsx", sheets))


@needs_data
@pytest.mark.parametrize(
    ("file", "edition", "england"),
    [
        ("ons_mye_mid2015.xls", "mid-2015", 54_786_327),
        ("ons_mye_mid2018.xls", "mid-2018", 55_977_178),
        ("ons_mye_mid2020_ukpopestimatesmid2020on2021geography.xls", "mid-2020", 56_550_138),
    ],
)
def test_the_workbooks_hold_what_was_published(file: str, edition: str, england: int) -> None:
    name, frame = read_edition(PUBLICATION, official(file))
    people = frame.filter(pl.col("area") == "E92000001")["people"].sum()
    councils = frame.filter(pl.col("area").cast(pl.String).str.contains("^E0[6-9]"))["people"].sum()
    assert (name, people, councils) == (edition, england, england)
