"""Price indices: outturn and forecast, and no number where an index has no forecast."""

from pathlib import Path

import pytest

from parity.sources.deflators import PUBLICATION, SIGNS
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.text_files import typed

HEAD = ["fiscal_year", "gdp_deflator", "cpi_index", "cpih_index", "is_forecast"]


def test_each_index_is_a_series(tmp_path: Path) -> None:
    rows = [HEAD, ["2024-25", 100.0, 134.8, 134.0, "false"], ["2025-26", 103.2, None, None, "true"]]
    name, frame = read_edition(PUBLICATION, typed(tmp_path / "indices.csv", rows))
    assert name == "outturn to 2024/25"
    assert frame.filter(measure="CPI").drop("edition", "measure").rows() == [
        ("2024/25", "outturn", 134.8, None),
        ("2025/26", "forecast", None, SIGNS[""]),
    ]
    assert frame.filter(measure="GDP deflator")["value"].to_list() == [100.0, 103.2]


@pytest.mark.parametrize(
    ("rows", "words"),
    [([HEAD[:4]], "has no column “is_forecast”"), ([HEAD, ["2024", 1, 1, 1, "false"]], "“2024” is no financial year")],
)
def test_another_layout_is_refused(rows: list[list[object]], words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=words):
        read_edition(PUBLICATION, typed(tmp_path / "indices.csv", rows))


@needs_data
def test_the_file_holds_what_was_published() -> None:
    name, frame = read_edition(PUBLICATION, official("uk_cost_indices_gdp_deflator_cpi.csv"))
    deflator = dict(frame.filter(measure="GDP deflator").select("period", "value").iter_rows())
    assert (name, frame.height) == ("outturn to 2024/25", 93)
    assert [deflator[year] for year in ("2013/14", "2024/25", "2030/31")] == [73.0337, 100.0, 113.6416]
