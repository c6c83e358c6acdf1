"""Small areas and their health bodies, on the small areas of either census."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.lsoa_health import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.kept_tables import kept
from tests.sources.official_data import needs_data, official

OLDER = {
    "lsoa11_code": ["E01012367"],
    "lsoa11_name": ["Halton 007A"],
    "sicbl22_code": ["E38000068"],
    "sicbl22_name": ["Cheshire 01F"],
    "sicbl22_code_h": ["01F"],
    "icb22_code": ["E54000008"],
    "icb22_name": ["Cheshire"],
    "icb22_code_h": ["QYG"],
    "ltla22_code": ["E06000006"],
    "ltla22_name": ["Halton"],
}
NEWER = {
    head.replace("lsoa11", "lsoa21").replace("22", "24").replace("_h", "_nhs"): cells
    for head, cells in OLDER.items()
    if not head.startswith("ltla")
}
OFFICIAL = {
    "LSOA21CD": ["E01012367"],
    "LSOA21NM": ["Halton 007A"],
    "LSOA21NMW": [None],
    "SICBL24CD": ["E38000068"],
    "SICBL24CDH": ["01F"],
    "SICBL24NM": ["Cheshire 01F"],
    "ICB24CD": ["E54000008"],
    "ICB24CDH": ["QYG"],
    "ICB24NM": ["Cheshire"],
    "LAD24CD": ["E06000006"],
    "LAD24NM": ["Halton"],
    "ObjectId": [1],
}
BODIES = ("E01012367", "Halton 007A", "E38000068", "Cheshire 01F", "01F", "E54000008", "Cheshire", "QYG")


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        (OLDER, ("2022", "2011", *BODIES, "E06000006", "Halton")),
        (NEWER, ("2024", "2021", *BODIES, None, None)),
        (OFFICIAL, ("2024", "2021", *BODIES, "E06000006", "Halton")),
    ],
)
def test_every_layout_gives_one_table(
    columns: dict[str, list[str]], row: tuple[str | None, ...], tmp_path: Path
) -> None:
    name, frame = read_edition(PUBLICATION, kept(tmp_path / "health.parquet", columns))
    assert (name, frame.rows()) == (row[0], [row])


def test_a_file_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no column for lsoa_code, lsoa_name, sicbl_code"):
        tidy(kept(tmp_path / "health.parquet", {"other": ["x"]}))


@needs_data
@pytest.mark.parametrize(
    ("file", "areas"), [("lsoa11_sicbl22_icb22_lad22.parquet", 32_844), ("lsoa21_sicbl24_icb24.parquet", 33_755)]
)
def test_every_small_area_of_england_has_its_bodies(file: str, areas: int) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    boards = frame.group_by("sub_icb").agg(pl.col("icb").n_unique())["icb"]
    assert (frame.height, frame["icb"].n_unique(), boards.len(), boards.max()) == (areas, 42, 106, 1)
