"""Assessment tools: each score's code, trimmed, and its range."""

from pathlib import Path

import pytest

from parity.sources.mhsds_assessments import PUBLICATION, RENAMED
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import written


def test_a_score_has_a_code_and_a_range(tmp_path: Path) -> None:
    row = ["1323791000000108 ", "Score", "Tool", "PROM ", "v1", 0, 4, "Y", "NULL", "NULL"]
    name, frame = read_edition(PUBLICATION, written(tmp_path / "a.xlsx", {"Sheet1": [RENAMED, row]}))
    assert (name, frame.rows()) == (
        "MHSDS",
        [("MHSDS", "1323791000000108", "Score", "Tool", "PROM", "v1", 0.0, 4.0, "Y", None, None)],
    )


def test_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="has no row with the headings"):
        read_edition(PUBLICATION, written(tmp_path / "a.xlsx", {"Sheet1": [["Score"]]}))


@needs_data
def test_the_workbook_holds_every_score() -> None:
    _, frame = read_edition(PUBLICATION, official("nhse_mhsds_assessments_reference.xlsx"))
    assert (frame.height, frame["lowest"].null_count(), sorted(frame["category"].unique())) == (
        410, 0, ["CROM", "PREM", "PROM"],
    )  # fmt: skip
