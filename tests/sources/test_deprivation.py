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
                ("2019", "E01000001", "barriers", "barriers to housing and services", None, 7319, 3, None),
                ("2019", "E01000001", "imd", "multiple deprivation", 6.208, 29199, 9, None),
                ("2019", "E01000001", "income", "income", 0.007, 32831, 10, None),
            ],
        ),
        (
            NEWER,
            [
                ("2025", "E01000001", "imd", "multiple deprivation", 8.742, 26525, 8, None),
                ("2025", "E01000001", "indoors", "living environment: indoors", 1.207, 1105, 1, None),
            ],
        ),
    ],
)
def test_both_editions_give_one_table(
    columns: dict[str, list[object]], rows: list[tuple[object, ...]], tmp_path: Path
) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "iod.parquet", columns))
    assert (name, frame.rows()) == (rows[0][0], rows)


OFFICIAL = {
    "LSOA code (2021)": ["E01000001"],
    "Local Authority District code (2024)": ["E09000001"],
    "Index of Multiple Deprivation (IMD) Score": [8.742],
    "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)": [26525],
    "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": [8],
    "Income Deprivation Affecting Children Index (IDACI) Score (rate)": [0.039],
    "Income Deprivation Affecting Children Index (IDACI) Rank (where 1 is most deprived)": [33000],
    "Income Deprivation Affecting Children Index (IDACI) Decile (where 1 is most deprived 10% of LSOAs)": [10],
    "Education, Skills and Training Score": [0.004],
    "Education, Skills and Training Rank (where 1 is most deprived)": [33755],
    "Education, Skills and Training Decile (where 1 is most deprived 10% of LSOAs)": [10],
    "Children and Young People Sub-domain Score": [-2.902],
    "Children and Young People Sub-domain Rank (where 1 is most deprived)": [33752],
    "Children and Young People Sub-domain Decile (where 1 is most deprived 10% of LSO": [10],
    "Total population: mid 2022": [1795],
    "Older population aged 60 and over: mid 2022": [400],
}


@pytest.mark.parametrize(("year", "edition"), [("2021", "2025"), ("2011", "2019")])
def test_the_publishers_own_file_has_its_own_denominator(year: str, edition: str, tmp_path: Path) -> None:
    columns = {head.replace("(2021)", f"({year})"): cells for head, cells in OFFICIAL.items()}
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "File_7_IoD2025.csv", columns))
    assert name == edition
    assert frame.drop("edition", "area", "domain_name").rows() == [
        ("children", -2.902, 33752, 10, 1795),
        ("education", 0.004, 33755, 10, 1795),
        ("idaci", 0.039, 33000, 10, 1795),
        ("imd", 8.742, 26525, 8, 1795),
    ]


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ("lsoa21_code", "has no column “LSOA code \\(2021\\)”"),
        ("indoors_decile", "has no decile of living environment: indoors"),
        ("imd_rank", "has no rank of multiple deprivation"),
        ("imd_score", "has no score of multiple deprivation"),
        ("indoors_score", "has no score of living environment: indoors"),
    ],
)
def test_a_file_without_a_column_is_refused_by_name(lacking: str, words: str, tmp_path: Path) -> None:
    columns = {head: cells for head, cells in NEWER.items() if head.lower() != lacking}
    with pytest.raises(SourceChanged, match=words):
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
