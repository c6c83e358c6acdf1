"""Out-of-area placements: both layouts give one table, and England's totals stand in it once."""

from pathlib import Path

import pytest

from parity.sources.out_of_area_placements import PUBLICATION, SIGNS
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import table, typed
from tests.sources.workbooks import Rows

OLDER = ("Question", "Breakdown1", "Breakdown1Code", "Breakdown2", "Breakdown2Code", "value")
NEWER = (*OLDER[:3], "Breakdown1Description", *OLDER[3:5], "Breakdown2Description", "value")
ACTIVE, SHARE, COSTS = (
    "OAPs active at period end",
    "Percentage of OAP days with cost recorded",
    "Total recorded costs over the period",
)

CCG = {"Breakdown1Code": "00C", "Breakdown1Description": "A CCG"}
MALE = {"Breakdown1Code": "1", "Breakdown1Description": "Male"}


def rows(head: tuple[str, ...], level: str = "Ccg") -> Rows:
    return table(
        head,
        {"Question": ACTIVE, "Breakdown1": "England", "value": "528"},
        {"Question": SHARE, "Breakdown1": "England", "value": "0.85"},
        {"Question": COSTS, "Breakdown1": "England", "value": "6.7639e+006"},
        {"Question": ACTIVE, "Breakdown1": level, **CCG, "value": "*"},
        {"Question": ACTIVE, "Breakdown1": level, "Breakdown1Code": "England", "value": "528"},
        {"Question": ACTIVE, "Breakdown1": "Gender", **MALE, "value": "5"},
        {
            "Question": ACTIVE, "Breakdown1": "region", "Breakdown1Code": "Y54", "Breakdown1Description": "North",
            "Breakdown2": "Gender", "Breakdown2Code": "1", "Breakdown2Description": "Male", "value": "5",
        },
    )  # fmt: skip


@pytest.mark.parametrize(("head", "named"), [(OLDER, False), (NEWER, True)])
def test_both_layouts_give_one_table(head: tuple[str, ...], named: bool, tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "oaps_open_data_dec-2016.csv", rows(head)))
    assert name == "2016-12"
    assert frame.select("level", "area", "area_name", "breakdown", "group", "group_name", "unit", "value").rows() == [
        ("ccg", "00C", "A CCG" if named else None, "all", "all", None, "placements", None),
        ("country", "E92000001", "England", "Gender", "1", "Male" if named else None, "placements", 5.0),
        ("country", "E92000001", "England", "all", "all", None, "placements", 528.0),
        ("country", "E92000001", "England", "all", "all", None, "share", 0.85),
        ("country", "E92000001", "England", "all", "all", None, "GBP", 6_763_900.0),
        ("region", "Y54", "North" if named else None, "Gender", "1", "Male" if named else None, "placements", 5.0),
    ]
    assert frame["missing"].drop_nulls().to_list() == [SIGNS["*"]]


@pytest.mark.parametrize(
    ("file", "level", "words"),
    [
        ("oaps_open_data.csv", "Ccg", "names no month"),
        ("oaps_open_data_dec-2016.csv", "Ward", "has “Ward” in the column"),
    ],
)
def test_what_is_not_known_is_refused(file: str, level: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / file, rows(OLDER, level)))


@needs_data
@pytest.mark.parametrize(
    ("month", "edition", "active"), [("oct", "2016-10", None), ("nov", "2016-11", 528), ("dec", "2016-12", 528)]
)
def test_the_files_hold_what_was_published(month: str, edition: str, active: int | None) -> None:
    name, frame = read_edition(PUBLICATION, official(f"nhsdigital_oaps_open_data_{month}-2016.csv.gz"))
    england = frame.filter(level="country", breakdown="all", measure=ACTIVE)["value"].to_list()
    assert (name, len(england)) == (edition, 1)
    assert active is None or england == [active]
    assert frame["unit"].null_count() == 0
