"""Waits for early intervention in psychosis: bands of a week and their total, by provider and CCG."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.early_intervention_waits import PUBLICATION, WHO
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import typed

BANDS = [f"Gt_{week}_{week + 1}_Weeks" for week in range(12)]
HEAD = [*WHO, *BANDS, "Gt_12_Plus_Weeks", "Total_Pathways"]
ROW = ["01/09/2019", "RXY", "A TRUST", "07T", "A CCG", "EIP pathways completed this month", *range(12), 3, 69]


def test_a_row_becomes_one_of_each_band_and_a_total(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "eip.csv", [HEAD, ROW]))
    found = dict(frame.select("weeks", "pathways").iter_rows())
    expected = {**{f"{week} to {week + 1}": week for week in range(12)}, "12 and over": 3, "all": 69}
    assert (name, found) == ("2019-09 to 2019-09", expected)
    assert frame.row(0)[1:7] == ("RXY", "A TRUST", "07T", "A CCG", "2019-09", "completed")


@pytest.mark.parametrize(
    ("head", "row", "words"),
    [
        ([*HEAD[:6], "Gt_0_1", *HEAD[7:]], ROW, "has 12 bands of weeks instead of 13"),
        (HEAD, [*ROW[:5], "EIP pathways lost", *ROW[6:]], "has “EIP pathways lost” in the column “Description”"),
        (HEAD, ["09-2019", *ROW[1:]], "“09-2019” is no day"),
    ],
)
def test_another_layout_is_refused(head: list[str], row: list[object], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "eip.csv", [head, row]))


@needs_data
def test_the_file_holds_what_was_published() -> None:
    _, frame = read_edition(PUBLICATION, official("nhse_eip_waiting_times_2015_12_to_2019_09_provider_ccg.csv.gz"))
    totals = frame.filter(pl.col("weeks") == "all")
    completed = totals.filter(pl.col("pathway") == "completed")["pathways"].sum()
    assert (frame["period"].n_unique(), completed) == (46, 50_353)
    key = ["provider", "area", "period", "pathway"]
    bands = frame.filter(pl.col("weeks") != "all").group_by(key).agg(pl.col("pathways").sum().alias("banded"))
    wrong = totals.join(bands, on=key).filter(pl.col("banded") != pl.col("pathways"))
    assert wrong.select("provider", "area", "pathways", "banded").sort("area").rows() == [
        ("RWK", "06F", 24, 14), ("RWK", "06P", 6, 17), ("RWK", "07T", 4, 3),
    ]  # fmt: skip
