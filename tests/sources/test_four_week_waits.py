"""Waits for community mental health care: suppressed numbers have a reason, percentages are shares."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.four_week_waits import PUBLICATION, SIGNS
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import table, typed
from tests.sources.workbooks import Rows

HEAD = (
    "REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "BREAKDOWN", "PRIMARY_LEVEL", "PRIMARY_LEVEL_DESCRIPTION",
    "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE",
)  # fmt: skip
ENGLAND = {"BREAKDOWN": "England", "PRIMARY_LEVEL": "England", "PRIMARY_LEVEL_DESCRIPTION": "England"}
TRUST = {"BREAKDOWN": "Provider", "PRIMARY_LEVEL": "RT5", "PRIMARY_LEVEL_DESCRIPTION": "A TRUST"}


def rows(*more: dict[str, str]) -> Rows:
    counted = {
        "MEASURE_ID": "MRS01",
        "MEASURE_NAME": "Number of CMH referral-spells",
        "REPORTING_PERIOD_START": "01/02/2024",
    }
    shared = {"MEASURE_ID": "MRS01b", "MEASURE_NAME": "Proportion of CMH referral-spells"}
    waited = {"MEASURE_ID": "MRS03a", "MEASURE_NAME": "Median time (days)"}
    return table(
        HEAD,
        {**ENGLAND, **counted, "MEASURE_VALUE": "19727"},
        {**ENGLAND, **shared, "MEASURE_VALUE": "10.5"},
        {**TRUST, **waited, "MEASURE_VALUE": "*"},
        *more,
        REPORTING_PERIOD_START="01/04/2024",
        REPORTING_PERIOD_END="30/04/2024",
    )


def test_a_months_file_gives_counts_shares_and_days(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "4ww.csv", rows()))
    assert name == "2024-04"
    assert frame.select("level", "area", "period", "measure", "unit", "value", "missing").rows() == [
        ("country", "E92000001", "2024-02 to 2024-04", "MRS01", "referral spells", 19727.0, None),
        ("country", "E92000001", "2024-04", "MRS01b", "share", 0.105, None),
        ("provider", "RT5", "2024-04", "MRS03a", "days", None, SIGNS["*"]),
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({**TRUST, "MEASURE_NAME": "Mean of something"}, "it is not known of what “Mean of something” is"),
        ({**TRUST, "BREAKDOWN": "Ward", "MEASURE_NAME": "Number"}, "has “Ward” in the column “BREAKDOWN”"),
        (
            {**TRUST, "MEASURE_ID": "MRS02", "MEASURE_NAME": "Number", "MEASURE_VALUE": "[c]"},
            "missing with a sign that is not known",
        ),
        ({**ENGLAND, "MEASURE_ID": "MRS01", "MEASURE_NAME": "Number"}, "two rows have the same"),
    ],
)
def test_what_is_not_known_is_refused(more: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "4ww.csv", rows({"MEASURE_VALUE": "1", **more})))


@needs_data
def test_the_files_hold_what_was_published() -> None:
    for month, edition, open_waits in (("Apr", "2024-04", 366_988.0), ("Jul", "2024-07", 374_078.0)):
        name, frame = read_edition(PUBLICATION, official(f"MHSDS_Data_4WW_{month}Perf_2024_v2.csv.gz"))
        england = frame.filter(pl.col("area") == "E92000001", pl.col("measure") == "MRS02")
        assert (name, england["value"].to_list()) == (edition, [open_waits])
        assert frame.filter(pl.col("unit") == "share")["value"].max() == 1.0
