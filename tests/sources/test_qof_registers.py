"""Registers by CCG: two years a sheet, the publisher's signs, and prevalence that recomputes from register and list."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.qof_registers import BASES, NOT_COMPARABLE, NOT_THERE, PUBLICATION, TIDIED
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import table, typed
from tests.sources.workbooks import Rows, written

BLOCK = ["Number of practices", "List size ages 18+", "Register", "Prevalence (%)"]
HEAD = ["Region code", "CCG code", "CCG ONS code", "CCG name", *BLOCK, *BLOCK, "Achievement (%)"]
YEARS = [None, None, None, None, "2017-181", None, None, None, "2018-19", None, None, None, "2018-19"]
CCG = ["Y56", "07M", "E38000005", "NHS Barnet CCG"]


def sheet(*cells: object, head: Rows = (HEAD,), years: Rows = (YEARS,)) -> Rows:
    return [["Table 20: registers, 2018-19"], *years, *head, [*CCG, *cells], [None] * 4, ["Notes"]]


def test_a_workbook_has_two_years_of_each_condition_with_a_register(tmp_path: Path) -> None:
    rows = sheet(52, 400, "z", "z", 54, 500, 25, 5, 99)
    none = sheet(52, 400, 1, head=[[*HEAD[:4], *BLOCK[:2], "Achievement (%)"]])
    file = written(tmp_path / "qof.xlsx", {"Title sheet": [["QOF"]], "DEP": rows, "BP": none})
    name, frame = read_edition(PUBLICATION, file)
    assert name == "2018/19"
    assert frame.drop("edition", "area_name").rows() == [
        ("2018/19", "DEP", "E38000005", "07M", "2017/18", "18+", 400, None, None, NOT_COMPARABLE),
        ("2018/19", "DEP", "E38000005", "07M", "2018/19", "18+", 500, 25, 0.05, None),
    ]


def test_several_workbooks_in_one_file(tmp_path: Path) -> None:
    row = {"condition": "DEP", "ccg_ons_code": "E38000005", "ccg_ods_code": "07M", "ccg_name": "NHS Barnet CCG"}
    years = {"year": "2014-15", "published_in": "2015-16"}
    rows = table(
        (*TIDIED, *BASES),
        {
            "list_size": "500.0",
            "register": "25.0",
            "prevalence_pct": "5",
            "list_basis": "list size ages 18+ (estimated)",
        },
        {"condition": "MH", "list_basis": "list size"},
        **row,
        **years,
    )
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "qof.csv", rows))
    assert name == "workbooks of 2015/16 to 2015/16"
    assert frame.drop("edition", "area_name").rows() == [
        ("2015/16", "DEP", "E38000005", "07M", "2014/15", "18+ (estimated)", 500, 25, 0.05, None),
        ("2015/16", "MH", "E38000005", "07M", "2014/15", "all", None, None, None, NOT_THERE),
    ]


NUMBERS = (52, 400, 1, 0.25, 54, 500, 25, 5, 99)


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"Title sheet": [["QOF"]]}, "has no sheet with registers"),
        ({"DEP": sheet(*NUMBERS, head=[HEAD[:2]])}, "has no row with the heading “ccg ons code” on its sheet DEP"),
        ({"DEP": sheet(*NUMBERS, years=[])}, "has not two years of registers on its sheet DEP"),
        ({"DEP": sheet(52, 400, "?", "?", *NUMBERS[4:])}, "missing with a sign that is not known"),
    ],
)
def test_another_layout_is_refused(sheets: dict[str, Rows], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, written(tmp_path / "qof.xlsx", sheets))


@needs_data
@pytest.mark.parametrize(
    ("file", "edition", "rows", "gaps"),
    [
        ("qof-1819-prev-ach-exc-ccg.xlsx", "2018/19", 8022, 211),
        ("qof_mh_dep_dem_ld_register_by_ccg_2014_15_to_2019_20.csv.gz", "workbooks of 2015/16 to 2019/20", 7488, 194),
    ],
)
def test_prevalence_recomputes_for_every_ccg(file: str, edition: str, rows: int, gaps: int) -> None:
    """Lists of adults that were estimated are not the ones that prevalence was published of."""
    name, frame = read_edition(PUBLICATION, official(file))
    assert (name, frame.height, frame["register"].null_count()) == (edition, rows, gaps)
    known = frame.filter(pl.col("register").is_not_null(), ~pl.col("ages").cast(pl.String).str.contains("estimated"))
    apart = (pl.col("register") / pl.col("list_size") - pl.col("prevalence")).abs()
    assert known.filter(apart > 1e-9).height == 0


@needs_data
def test_england_has_the_prevalence_that_was_published() -> None:
    _, frame = read_edition(PUBLICATION, official("qof_mh_dep_dem_ld_register_by_ccg_2014_15_to_2019_20.csv.gz"))
    latest = frame.filter(pl.col("period") == "2019/20").group_by("condition")
    share = dict(latest.agg((pl.col("register").sum() / pl.col("list_size").sum()).round(4)).iter_rows())
    assert (share["MH"], share["DEP"]) == (0.0093, 0.1156)
