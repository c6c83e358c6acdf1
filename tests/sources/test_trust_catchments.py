"""Where the people whom trusts admit live."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.shelf import read_edition
from parity.sources.trust_catchments import PUBLICATION, tidy
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {
    "nhs_trust22_code": ["R0A"],
    "icb22_code": ["E54000008"],
    "proportion_trust_came_from_icb": [0.25],
}


def test_the_columns_get_our_names(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "catchments.csv", COLUMNS))
    assert (name, frame.rows()) == ("2022", [("2022", "R0A", "E54000008", 0.25)])


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “nhs_trust22_code”"):
        tidy(kept(tmp_path / "catchments.csv", {"other": ["x"]}))


@needs_data
def test_the_shares_of_every_trust_add_up_to_one() -> None:
    _, frame = read_edition(PUBLICATION, official("nhs_trust22_icb22_catchment_share.csv"))
    sums = frame.group_by("provider").agg(pl.col("share").sum())["share"]
    assert (frame.height, sums.len(), sums.round(9).unique().to_list()) == (1_321, 138, [1.0])
