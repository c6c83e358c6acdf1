"""National Cost Collection: the whole year and its mental health part are two editions."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.national_cost_collection import NUMBERS, PUBLICATION, RENAMED, SUPPRESSED
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import typed

HEAD = [*RENAMED, *NUMBERS]
TEAM = ["Mental Health Care Contact", "A05", "Primary Care\u00a0Service", 674284.0, 254.25, 171442396.0]
AMBULANCE = ["Ambulance", "01", "Hear & Treat", None, None, 62.5]


@pytest.mark.parametrize(("more", "edition"), [([AMBULANCE], "2024/25"), ([], "2024/25, mental health")])
def test_a_part_is_an_edition_of_its_own(more: list[list[object]], edition: str, tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "ncc_2024_25.csv", [HEAD, TEAM, *more]))
    assert name == edition
    assert frame.row(-1) == (edition, "2024/25", *TEAM[:2], "Primary Care Service", *TEAM[3:], None)
    assert frame["missing"].drop_nulls().to_list() == [SUPPRESSED for _ in more]


@pytest.mark.parametrize(
    ("file", "head", "words"),
    [("ncc.csv", HEAD, "names no financial year"), ("ncc_2024_25.csv", HEAD[:5], "has no column “cost”")],
)
def test_what_is_gone_is_named(file: str, head: list[str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / file, [head, TEAM[: len(head)]]))


@needs_data
def test_the_files_hold_what_was_published() -> None:
    """Contacts of teams: 22.8 million for GBP 6.99 billion; 7 units and fewer are withheld."""
    name, whole = read_edition(PUBLICATION, official("national_cost_collection_2024_25.csv.gz"))
    part_name, part = read_edition(PUBLICATION, official("national_cost_collection_2024_25_mental_health.csv"))
    assert (name, whole.height, part_name, part.height) == ("2024/25", 13_362, "2024/25, mental health", 86)
    assert part.drop("edition").join(whole, on=["department", "currency", "cost_gbp"], how="anti").height == 0
    teams = whole.filter(pl.col("department") == "Mental Health Care Contact")
    assert (teams.height, teams["activity"].sum(), round(teams["cost_gbp"].sum())) == (53, 22_844_196.0, 6_988_892_926)
    assert whole["activity"].min() == 8.0
