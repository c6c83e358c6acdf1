"""Providers of Talking Therapies: where each is, and its ICB."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.shelf import read_edition
from parity.sources.talking_therapies_providers import PUBLICATION, RENAMED
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official


def test_the_list_is_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "providers.parquet"
    pl.DataFrame({**{old: [new] for old, new in RENAMED.items()}, "start_date": ["2014-09-05"]}).write_parquet(file)
    name, frame = read_edition(PUBLICATION, file)
    assert (name, frame["provider"].to_list(), frame["icb"].to_list()) == (
        "opened to 2014-09-05",
        ["provider"],
        ["icb"],
    )


def test_a_column_that_is_gone_is_named(tmp_path: Path) -> None:
    file = tmp_path / "providers.parquet"
    pl.DataFrame({"org_code": ["RT5"]}).write_parquet(file)
    with pytest.raises(SourceChanged, match="has no column “org_name”"):
        read_edition(PUBLICATION, file)


@needs_data
def test_the_file_holds_every_provider() -> None:
    _, frame = read_edition(PUBLICATION, official("nhstt_metadata_providers.parquet"))
    assert (frame.height, frame["icb"].null_count()) == (233, 14)
