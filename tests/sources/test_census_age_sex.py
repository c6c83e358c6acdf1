"""Broad ages by council: what the file adds up is told, and not taken for everybody."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.census_age_sex import CELLS, PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

COLUMNS = {"ltla21_code": ["E06000001"], **{head: [place] for place, head in enumerate(CELLS)}}


def test_each_group_is_a_row(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "ages.csv", COLUMNS))
    expected = sorted(("E06000001", "2021", sex, age, place) for place, (age, sex) in enumerate(CELLS.values()))
    assert (name, frame.rows()) == ("2021", expected)


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “ltla21_code”"):
        tidy(kept(tmp_path / "ages.csv", {"other": ["x"]}))


@needs_data
def test_the_groups_are_not_everybody() -> None:
    _, frame = read_edition(PUBLICATION, official("census2021_age_sex_broad_ltla21.csv"))
    sums = dict(frame.group_by("age_group").agg(pl.col("people").sum()).iter_rows())
    assert sums["all ages"] == 59_597_529
    assert sums["all ages"] - sum(people for age, people in sums.items() if age != "all ages") > 4_000_000
