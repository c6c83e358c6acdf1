"""How dashboards' measures are made: two layouts, one table; a section goes on until the next begins."""

from pathlib import Path

import pytest

from parity.sources.mhsds_measures import COMMUNITY, EMPLOYMENT, PUBLICATION
from parity.sources.shelf import read_edition
from parity.terms.errors import SourceChanged
from tests.sources.official_data import needs_data, official
from tests.sources.workbooks import written


def test_the_community_dashboard(tmp_path: Path) -> None:
    rows = [
        ["Metadata (v1.0)"],
        COMMUNITY,
        ["Caseload", "Open", "Number", "Where", "Of"],
        [None, "New", "Started", "When"],
    ]
    name, frame = read_edition(PUBLICATION, written(tmp_path / "cmh.xlsx", {"Metadata": rows}))
    assert name == "Community mental health dashboard"
    assert frame.drop("edition").rows() == [
        (1, "Caseload", "Open", "Number", "Where", "Of", None),
        (2, "Caseload", "New", "Started", "When", None, None),
    ]


def test_the_employment_dashboard(tmp_path: Path) -> None:
    head = [*list(EMPLOYMENT)[:3], "Reporting Period", "Methodology"]
    file = written(tmp_path / "ips.xlsx", {"Sheet1": [head, ["Access", "Referrals", "Number", "Monthly", "Sum"]]})
    name, frame = read_edition(PUBLICATION, file)
    assert name == "Employment support (IPS) dashboard"
    assert frame.drop("edition").rows() == [(1, "Access", "Referrals", "Number", "Sum", None, "Monthly")]


def test_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="the headings of neither the community nor the employment dashboard"):
        read_edition(PUBLICATION, written(tmp_path / "other.xlsx", {"Sheet1": [["Measure"], ["Open"]]}))


@needs_data
@pytest.mark.parametrize(
    ("file", "rows"), [("nhse_cmh_dashboard_metadata.xlsx", 22), ("nhse_ips_dashboard_metadata.xlsx", 37)]
)
def test_the_workbooks_hold_every_measure(file: str, rows: int) -> None:
    _, frame = read_edition(PUBLICATION, official(file))
    assert (frame.height, frame["section"].null_count()) == (rows, 0)
