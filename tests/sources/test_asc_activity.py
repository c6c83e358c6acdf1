"""Activity of adult social care: codes in words, the council's two codes, and voluntary numbers that are missing."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.asc_activity import PUBLICATION, SIGNS
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import table, typed
from tests.sources.workbooks import Rows

HEAD = (
    "FY_Ending", "CASSR_CODE", "GEOGRAPHY_CODE", "REGION_GO_CODE", "AgeBand_KEY", "PrimarySupportReason_KEY",
    "CareType_KEY", "SupportSetting_KEY", "Purpose_KEY", "ActivityProvision_KEY", "ItemValue",
)  # fmt: skip


def rows(**change: str) -> Rows:
    same = {
        "FY_Ending": "2017",
        "REGION_GO_CODE": "E12000001",
        "PrimarySupportReason_KEY": "5",
        "ActivityProvision_KEY": "3",
    }
    council = {"CASSR_CODE": "111", "GEOGRAPHY_CODE": "E06000001"}
    week = {"AgeBand_KEY": "1", "CareType_KEY": "2", "SupportSetting_KEY": "7", "ItemValue": "52.5"}
    short = {"AgeBand_KEY": "3", "CareType_KEY": "4", "Purpose_KEY": "2", "ItemValue": ":"}
    return table(HEAD, {**council, **week}, {**council, **short}, {**week, **change}, **same)


def test_codes_are_words(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "activity.csv", rows()))
    maximise = ("65 to 74", "short term", "none", "To maximise independence", "as councils count it", None, SIGNS[":"])
    residence = ("18 to 64", "long term", "Residential", "none", "weeks", 52.5, None)
    assert (name, set(frame["reason"]), set(frame["provision"])) == (
        "2016/17",
        {"Mental health support"},
        {"own provision"},
    )
    assert frame.select(
        "area", "cassr", "age", "care", "setting", "purpose", "unit", "value", "missing"
    ).rows() == [
        ("E06000001", "111", *residence),
        ("E06000001", "111", *maximise),
        ("E12000001", None, *residence),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SupportSetting_KEY": "8"}, "has “8” in the column “SupportSetting_KEY”, which is not known"),
        ({"FY_Ending": "2018"}, "holds 2 years instead of one"),
        ({"ItemValue": "*"}, "missing with a sign that is not known"),
    ],
)
def test_what_is_not_known_is_refused(change: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "activity.csv", rows(**change)))


@needs_data
def test_councils_add_up_to_england() -> None:
    name, frame = read_edition(PUBLICATION, official("ascfr_activity_2016_17.csv.gz"))
    weeks = frame.filter(pl.col("unit") == "weeks", pl.col("age") == "18 to 64")
    england = weeks.filter(pl.col("area") == "E92000001")["value"].sum()
    councils = weeks.filter(pl.col("cassr").is_not_null())
    assert (name, frame.height, councils["cassr"].n_unique()) == ("2016/17", 20_125, 151)
    assert round(england) == round(councils["value"].sum()) == 2_268_124
