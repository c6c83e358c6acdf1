"""What Talking Therapies' measures count: one row a measure or variable."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.shelf import read_edition
from parity.sources.talking_therapies_measures import PUBLICATION, RENAMED
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official


def test_the_list_is_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "measures.parquet"
    words = {old: f" {new} " for old, new in RENAMED.items()}
    pl.DataFrame({"reporting_period": ["2026-07"], **words}).write_parquet(file)
    name, frame = read_edition(PUBLICATION, file)
    assert (name, frame.row(0)) == ("2026-07", ("2026-07", *RENAMED.values()))


def test_a_column_that_is_gone_is_named(tmp_path: Path) -> None:
    file = tmp_path / "measures.parquet"
    pl.DataFrame({"reporting_period": ["2026-07"]}).write_parquet(file)
    with pytest.raises(SourceChanged, match="has no column “measure_type”"):
        read_edition(PUBLICATION, file)


@needs_data
def test_the_file_holds_every_measure() -> None:
    name, frame = read_edition(PUBLICATION, official("nhstt_metadata_measures_monthly.parquet"))
    assert (name, frame.height, frame.filter(pl.col("measure") == "M001")["measure_name"].to_list()) == (
        "2026-07", 481, ["Count_ReferralsReceived"],
    )  # fmt: skip
