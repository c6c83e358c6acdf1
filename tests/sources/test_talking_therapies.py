"""Talking Therapies: England and providers by month, shares from 0 to 1, and a reason where there is no number."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.shelf import read_edition
from parity.sources.talking_therapies import PUBLICATION, SUPPRESSED
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official

FILE = "nhstt_activity_performance_monthly_2021_01_to_2026_03.parquet"


def small() -> pl.DataFrame:
    same = {
        "reporting_period": "2025-03",
        "measure_id": "M192",
        "measure_name": "recovery",
        "measure_statistic": "percentage",
    }
    england = {**same, "group_type": "England", "org_code2": "all", "org_name2": "all Providers", "value": 51.6}
    trust = {**same, "group_type": "Provider", "org_code2": "RT5", "org_name2": "A TRUST", "value": None}
    wait = {**trust, "measure_id": "M048", "measure_name": "wait", "measure_statistic": "mean", "value": 23.0}
    return pl.DataFrame([england, trust, wait])


def test_shares_waits_and_gaps_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "tt.parquet"
    small().write_parquet(file)
    name, frame = read_edition(PUBLICATION, file)
    assert name == "2025-03 to 2025-03"
    assert frame.select("level", "area", "area_name", "measure", "statistic", "value", "missing").rows() == [
        ("country", "E92000001", "England", "M192", "share", 0.516, None),
        ("provider", "RT5", "A TRUST", "M048", "mean", 23.0, None),
        ("provider", "RT5", "A TRUST", "M192", "share", None, SUPPRESSED),
    ]


def test_a_column_that_is_gone_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tt.parquet"
    small().drop("org_code2").write_parquet(file)
    with pytest.raises(SourceChanged, match="has no column “org_code2”"):
        read_edition(PUBLICATION, file)


def test_another_level_is_not_taken_for_a_provider(tmp_path: Path) -> None:
    file = tmp_path / "tt.parquet"
    small().with_columns(group_type=pl.lit("SubICB")).write_parquet(file)
    with pytest.raises(SourceChanged, match="has “SubICB” in the column “group_type”"):
        read_edition(PUBLICATION, file)


@needs_data
def test_the_file_holds_what_was_published() -> None:
    name, frame = read_edition(PUBLICATION, official(FILE))
    england = frame.filter(pl.col("area") == "E92000001", pl.col("period") == "2025-03")
    found = {
        measure: value for measure, value in england.select("measure", "value").rows() if measure in {"M001", "M192"}
    }
    assert (name, frame.height, found) == ("2021-01 to 2026-03", 1_870_253, {"M001": 148_668.0, "M192": 0.516})
    assert frame["missing"].null_count() == 1_870_253 - 622_589
