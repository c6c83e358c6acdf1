"""Parameters of a flow model: six sheets in one long table, percentages as shares."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.service_flow_parameters import PUBLICATION, SHEETS
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import Rows, written

BOOK: dict[str, Rows] = {
    "curves": [["month", *SHEETS["curves"][1]], [1, 0.1, 0.2, 0.3, 0.4, 0.5]],
    "groups": [["group", "curve", "size", "pcnt"], ["Students", "Even Ebb", 1000, 25]],
    "g2c": [["group", "condition", "pcnt"], ["Students", "Anxiety", 0.12]],
    "c2t": [["group", "condition", "treatment", "split"], ["Students", "Anxiety", "General\u00a0Practice", 40]],
    "treatments": [["treatment", *SHEETS["treatments"][1]], ["IAPT", 0.5, 2, 0.5, 1.5, 0.6]],
    "demand": [["service", "month", "underlying", "suppressed"], ["IAPT", "2020-05-01 00:00:00", 969, 0]],
}


def test_six_sheets_are_one_table(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, written(tmp_path / "params_Mersey_Care.xlsx", BOOK))
    assert (name, frame.height) == ("Mersey Care", 16)
    found = {row[-3]: row[1:6] + row[-2:] for row in frame.rows()}
    assert found["reaches"] == ("Students", "Anxiety", "General Practice", "none", "none", "share", 0.4)
    assert found["susceptible"] == ("Students", "none", "none", "Even Ebb", "none", "share", 0.25)
    assert found["underlying demand"] == ("none", "none", "IAPT", "none", "2020-05", "referrals", 969.0)
    curves = frame.filter(measure="curve").select("curve", "month", "value").rows()
    assert curves[0] == ("Even Ebb", "1", 0.3)


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("book.xlsx", {}, "names no area"),
        ("params_England.xlsx", {"g2c": [["group"]]}, "has no row with the headings “group”, “condition”, “pcnt”"),
        ("params_England.xlsx", {"demand": [*BOOK["demand"], ["IAPT", "May", 1, 1]]}, "“May” is no day"),
    ],
)
def test_another_layout_is_refused(file: str, change: dict[str, Rows], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, written(tmp_path / file, {**BOOK, **change}))


@needs_data
def test_shares_of_a_condition_that_reach_a_service_add_up_to_one() -> None:
    name, frame = read_edition(PUBLICATION, official("su_mh_surge_params_England.xlsx"))
    reaching = frame.filter(measure="reaches").group_by("group", "condition").agg(pl.col("value").sum().round(9))
    assert (name, frame.height, reaching.height, reaching["value"].unique().to_list()) == ("England", 3504, 56, [1.0])
    assert frame.filter(measure="size")["value"].sum() == 56_101_295.0
