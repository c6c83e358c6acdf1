"""Indices of Deprivation by small area: both editions give one table."""

from pathlib import Path

import pytest

from parity.sources.deprivation import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

OLDER = {
    "lsoa11_code": ["E01000001"],
    "IMD_decile": [9.0],
    "IMD_rank": [29199.0],
    "imd2019_score": [6.208],
    "Income_decile": [10.0],
    "Income_rank": [32831.0],
    "income_score_pct": [0.7000000000000001],
    "Housing_and_Access_decile": [3.0],
    "Housing_and_Access_rank": [7319.0],
}
NEWER = {
    "lsoa21_code": ["E01000001"],
    "IMD_decile": [8.0],
    "IMD_rank": [26525.0],
    "IMD_score": [8.742],
    "indoors_score": [1.207],
    "indoors_rank": [1105.0],
    "indoors_decile": [1.0],
}


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (
            OLDER,
            [
                ("2019", "E01000001", "barriers", "barriers to housing and services", None, 7319, 3),
                ("2019", "E01000001", "imd", "multiple deprivation", 6.208, 29199, 9),
                ("2019", "E01000001", "income", "income", 0.007, 32831, 10),
            ],
        ),
        (
            NEWER,
            [
                ("2025", "E01000001", "imd", "multiple deprivation", 8.742, 26525, 8),
                ("2025", "E01000001", "indoors", "living environment: indoors", 1.207, 1105, 1),
            ],
        ),
    ],
)
def test_both_editions_give_one_table(
    columns: dict[str, list[object]], rows: list[tuple[object, ...]], tmp_path: Path
) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "iod.parquet", columns))
    assert (name, frame.rows()) == (rows[0][0], rows)


@pytest.mark.parametrize("lacking", ["lsoa21_code", "indoors_decile", "imd_rank"])
def test_a_file_without_a_column_is_refused_by_name(lacking: str, tmp_path: Path) -> None:
    columns = {head: cells for head, cells in NEWER.items() if head.lower() != lacking}
    with pytest.raises(SourceChanged, match=f"has no column “{lacking}”"):
        tidy(kept(tmp_path / "iod.parquet", columns))


@needs_data
@pytest.mark.parametrize(
    ("file", "areas", "highest"),
    [
        ("iod2019_lsoa11_scores_ranks_deciles.parquet", 32_844, ("E01021988", 92.735)),
        ("iod2025_lsoa21_scores_ranks_deciles.parquet", 33_755, ("E01021988", 94.223)),
    ],
)
def test_every_small_area_of_england_is_there(file: str, areas: int, highest: tuple[str, float]) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    domains = frame.group_by("domain").len()
    assert (domains.height, domains["len"].unique().to_list()) == (14, [areas])
    assert frame.filter(domain="imd").sort("score").select("area", "score").row(-1) == highest
