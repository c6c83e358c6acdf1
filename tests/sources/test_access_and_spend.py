"""Children's access and mental health spend: each block by its right title, zeros and copies that are no numbers."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.access_and_spend import (
    BLOCKS,
    COPIED,
    FORMED_LATER,
    ONE_CONTACT,
    PUBLICATION,
    SPEND,
    SPEND_SHARE,
    SUPPRESSED,
)
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import Rows, written

YEARS = ["2017/18", "2018/19", "2019/20", "2020/21", "2021/22"]
QUARTERS = [f"Q{quarter} {year}" for year in YEARS for quarter in range(1, 5)]
PERIODS = {1: ["Q4 2021-22 (12m rolling) actual"], 2: YEARS[3:], 5: YEARS}
LOOKUP: Rows = [["2122 Sub-ICB Code", "ICB Code"], ["04C", "QK1"]]
LATER = 10
"""So many rows below the first block of a sheet stands one in the same columns."""


def sheets(cells: dict[tuple[str, int], object] | None = None) -> dict[str, Rows]:
    """A workbook with one body in every block; its numbers are the block's place, or those given for a measure."""
    grids: dict[str, dict[tuple[int, int], object]] = {}
    for place, block in enumerate(BLOCKS):
        grid = grids.setdefault(block.sheet, {(0, 0): block.sheet})
        top = LATER if block.at and (0, block.at) in grid else 0
        periods = PERIODS.get(block.count, QUARTERS[-block.count :])
        body = "QK1" if "ICB" in block.sheet else "04C"
        grid |= {(top + block.below, block.first + nth): period for nth, period in enumerate(periods)}
        grid[top + block.below + 1, block.code], grid[top + block.below + 1, block.name] = body, "Body"
        for nth in range(block.count):
            own = (cells or {}).get((f"{block.measure} {body}", nth), f"{place}.{nth}")
            grid[top + block.below + 1, block.first + nth] = own
        known = str(grid.get((top, block.at), ""))
        grid[top, block.at] = block.title if block.title not in known else known
    return {**{name: rows(grid) for name, grid in grids.items()}, "Lookup": LOOKUP}


def rows(grid: dict[tuple[int, int], object]) -> Rows:
    height, width = (max(place[axis] for place in grid) + 1 for axis in (0, 1))
    return [[grid.get((row, column)) for column in range(width)] for row in range(height)]


def test_every_block_is_read_from_its_place(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, written(tmp_path / "occ.xlsx", sheets()))
    assert (name, frame.height) == ("2021/22", sum(block.count for block in BLOCKS))
    last = frame.filter(pl.col("period") == "2021/22").select("level", "icb", "measure", "value").rows()
    assert ("icb", "QK1", SPEND, 17.4) in last
    assert ("ccg", "QK1", SPEND, 15.4) in last
    assert ("icb", "QK1", ONE_CONTACT, 1.0) in last


def test_zeros_and_copies_are_no_numbers(tmp_path: Path) -> None:
    """A CCG's 0 of a year before it was formed, a suppressed number, and a column of ICBs that repeats the CCGs'."""
    cells: dict[tuple[str, int], object] = {
        (f"{ONE_CONTACT} 04C", 0): 0,
        (f"{SPEND_SHARE} 04C", 0): 0.13,
        (f"{SPEND_SHARE} QK1", 0): 0.13,
        ("CYP in adult wards 04C", 0): "*",
    }
    _, frame = read_edition(PUBLICATION, written(tmp_path / "occ.xlsx", sheets(cells)))
    missing = frame.filter(pl.col("missing").is_not_null()).select("area", "period", "measure", "value", "missing")
    assert missing.rows() == [
        ("04C", "2020-04 to 2020-06", "CYP in adult wards", None, SUPPRESSED),
        ("04C", "2020/21", ONE_CONTACT, None, FORMED_LATER),
        ("QK1", "2017/18", SPEND_SHARE, None, COPIED),
    ]


@pytest.mark.parametrize(
    ("sheet", "rows", "words"),
    [
        ("Trend MHF (i and ii)", [["Spend"]], "sheet Trend MHF .* does not say “CCG spend on MH as a %” in its place"),
        ("Trend CYP (i.a)", [["x", "y", "Period Type", "May", "June"]], "“May” is no period"),
        ("Lookup", [["Code"]], "no row with the headings “2122 sub-icb code”, “icb code”"),
    ],
)
def test_another_layout_is_refused(sheet: str, rows: Rows, words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, written(tmp_path / "occ.xlsx", {**sheets(), sheet: rows}))


@needs_data
def test_the_workbook_holds_what_was_published() -> None:
    name, frame = read_edition(PUBLICATION, official("nhse_occ_mh_access_and_spend_ccg_icb_trend_to_2021_22.xlsx"))
    latest = frame.filter(pl.col("period") == "2021/22")
    leicester = dict(latest.filter(pl.col("area") == "QK1").select("measure", "value").iter_rows())
    assert (name, round(leicester[SPEND]), leicester[SPEND_SHARE]) == ("2021/22", 236_350_546, 0.15186557)
    england = latest.filter(pl.col("measure") == SPEND).group_by("level").agg(pl.col("value").sum().round(0))
    assert sorted(england.rows()) == [("ccg", 12_693_647_557.0), ("icb", 12_693_647_557.0)]
    reasons = frame["missing"].drop_nulls().value_counts().rows()
    assert sorted(reasons) == [(FORMED_LATER, 2), (SUPPRESSED, 2726), (COPIED, 42)]
