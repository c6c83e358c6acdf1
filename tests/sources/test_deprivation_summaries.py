"""Summaries of deprivation: both layouts give one table of measures, and a strange heading is refused by name."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.deprivation_summaries import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import written

GROUP = ["Clinical Commissioning Group Code (2019)", "Clinical Commissioning Group Name (2019)"]
IMD = [
    *GROUP,
    "IMD - Average rank",
    "IMD - Proportion of LSOAs in most deprived 10% nationally",
    "IMD 2019 - Rank of extent",
]
INCOME = [*GROUP, "Income - Rank of average score", "Income scale", "Rank of Income Scale"]
COUNCIL = {
    "ltla24_code": ["E06000001"],
    "ltla24_name": ["Hartlepool"],
    "imd_rank_of_proportion_of_lso_as_in_most_deprived_10_percent_nationally": [3.0],
    "imd25_local_concentration": [33623.27],
    "income_scale": [33507.0],
    "rank_of_income_scale": [127.0],
    "barriers_to_housing_and_services_average_score": [15.27],
}


def test_the_workbook_of_commissioning_groups(tmp_path: Path) -> None:
    code = ["E38000001", "Airedale"]
    sheets = {"Notes": [], "IMD": [IMD, [*code, 1.5, 0.25, 7]], "Income": [INCOME, [*code, 12, 16541, 154]]}
    name, frame = read_edition(PUBLICATION, written(tmp_path / "groups.xlsx", sheets))
    assert name == "2019"
    assert frame.select("area", "domain", "measure", "value").rows() == [
        ("E38000001", "imd", "average_rank", 1.5),
        ("E38000001", "imd", "rank_of_extent", 7.0),
        ("E38000001", "imd", "share_most_deprived", 0.25),
        ("E38000001", "income", "rank_of_average_score", 12.0),
        ("E38000001", "income", "rank_of_scale", 154.0),
        ("E38000001", "income", "scale", 16541.0),
    ]


def test_the_table_of_councils(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "councils.parquet", COUNCIL))
    assert name == "2025"
    assert frame.select("domain", "measure", "value").rows() == [
        ("barriers", "average_score", 15.27),
        ("imd", "local_concentration", 33623.27),
        ("imd", "rank_of_share_most_deprived", 3.0),
        ("income", "rank_of_scale", 127.0),
        ("income", "scale", 33507.0),
    ]


def test_another_layout_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column “ltla24_code”"):
        tidy(kept(tmp_path / "councils.parquet", {"other": [1.0]}))
    with pytest.raises(SourceChanged, match="has the column “imd_best_score”, which is not known"):
        tidy(kept(tmp_path / "councils.parquet", {**COUNCIL, "imd_best_score": [1.0]}))


@needs_data
@pytest.mark.parametrize(
    ("file", "areas", "values"),
    [("IoD2019_CCG_Summaries.xlsx", 191, 68), ("iod2025_lad24_summaries.parquet", 296, 56)],
)
def test_every_area_has_every_measure(file: str, areas: int, values: int) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    assert frame.group_by("area").len()["len"].unique().to_list() == [values]
    assert (frame["area"].n_unique(), frame["value"].null_count()) == (areas, 0)
    shares = frame.filter(pl.col("measure").is_in(["share_most_deprived", "extent"]))["value"]
    assert (shares.min(), shares.is_between(0, 1).all()) == (0, True)
