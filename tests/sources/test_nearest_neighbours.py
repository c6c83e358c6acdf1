"""Nearest neighbours: the order and the distances are joined, and another layout is refused by name."""

from pathlib import Path

import polars as pl
import pytest

from parity.sources.nearest_neighbours import PUBLICATION, tidy
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import Rows, written

COVER: Rows = [["This data was released on 01/10/2025 and relates to an earlier article."]]


def order(tier: str) -> Rows:
    heads = [f"{tier} tier local authority code", f"{tier} tier local authority name", "Neighbour 1", "Neighbour 2"]
    title = [f"Table: {tier} tier local authority statistical nearest neighbours [note 1]", "Back to contents"]
    return [title, ["Notes"], heads, ["E1", "A", "E3", "E2"], ["E2", "B", "E1", "E3"], ["E3", "C", "E1", "E2"]]


def distances(tier: str) -> Rows:
    heads = [f"{tier} tier local authority code", f"{tier} tier local authority name", "E1", "E2", "E3"]
    rows = [["E1", "A", 0, 2.5, 1.5], ["E2", "B", 2.5, 0, 3.5], ["E3", "C", 1.5, 3.5, 0]]
    return [[f"Table: {tier} tier local authority relative distances"], heads, *rows]


SHEETS = {
    "Contents": COVER,
    "Table 1": order("Lower"),
    "Table 2": distances("Lower"),
    "Table 3": order("Upper"),
    "Table 4": distances("Upper"),
}


def test_each_neighbour_has_its_distance(tmp_path: Path) -> None:
    name, frame = read_edition(PUBLICATION, written(tmp_path / "neighbours.xlsx", SHEETS))
    assert (name, frame.height) == ("2025", 2 * 3 * 2)
    assert frame.head(3).rows() == [
        ("2025", "lower", "E1", "A", 1, "E3", 1.5),
        ("2025", "lower", "E1", "A", 2, "E2", 2.5),
        ("2025", "lower", "E2", "B", 1, "E1", 2.5),
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"Table 4": [["Notes"]]}, "lacks a table of neighbours or of distances"),
        ({"Contents": [["Publication date"]]}, "does not say on “Contents” when it was released"),
        (
            {"Table 2": [*distances("Lower")[:2], ["E1", "A", 0, 2.5, 1.5]]},
            "a neighbour of the lower tier without a dist",
        ),
    ],
)
def test_another_layout_is_refused_by_name(changed: dict[str, Rows], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        tidy(written(tmp_path / "neighbours.xlsx", {**SHEETS, **changed}))


@needs_data
def test_the_published_order_is_that_of_the_distances() -> None:
    _, frame = read_edition(PUBLICATION, official("ons_la_statistical_nearest_neighbours_england.xlsx"))
    assert frame.height == 296 * 295 + 153 * 152
    steps = frame.select(pl.col("distance").diff().over("tier", "area")).drop_nulls()
    assert steps.filter(pl.col("distance") < 0).height == 0
