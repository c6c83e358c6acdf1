from pathlib import Path

import pytest

from parity.analyse.opportunities.documents import chapter
from parity.analyse.opportunities.indicators import case_finding_saving, case_finding_share, case_saving_stated
from parity.assumptions import assumption
from parity.documents.model import Table
from parity.terms.figure import Figure
from tests.stages.analyse.frames import desk, rows, table

SURE = assumption("confidence_level")
FINDINGS = table(
    "case_findings",
    {"finding": "1", "dated": "2010", "cases": 20, "of_cases": 100, "all_cases": 200, "saving_per_case_gbp": 1000,
     "estimated_how": "Residential less supported living."},
    {"finding": "2", "cases": 20, "of_cases": 100, "saving_per_case_gbp": 1000},
    {"finding": "3", "saving_low_gbp": 1_400_000, "saving_high_gbp": 2_000_000, "estimated_how": "At average."},
    {"finding": "4", "cases": 0, "of_cases": 0, "saving_high_gbp": 5},
    review="Case files",
    kind="over-provision",
    title="Too much care",
)  # fmt: skip


def test_a_share_found_has_wilsons_interval() -> None:
    found = case_finding_share(FINDINGS, SURE)
    assert rows(found, "period", "review", "finding", "value", "missing") == [
        ("2010", "Case files", "1", 0.2, None),
        ("undated", "Case files", "2", 0.2, None),
        ("undated", "Case files", "3", None, "The number counted is not known."),
        ("undated", "Case files", "4", None, "The number of all is zero, so nothing can be divided by it."),
    ]
    limits = (pytest.approx(0.133367, abs=1e-6), pytest.approx(0.288829, abs=1e-6))
    assert found.select("lower", "upper").row(0) == limits


def test_a_saving_carries_what_the_sample_leaves_uncertain() -> None:
    found = case_finding_saving(FINDINGS, SURE)
    assert rows(found, "finding", "value", "missing", "note") == [
        ("1", 40_000.0, None, "Residential less supported living."),
        ("2", None, "How many cases there are in all is not known.", None),
    ]
    assert found.select("lower", "upper").row(0) == (pytest.approx(26_673.3, abs=0.2), pytest.approx(57_765.8, abs=0.2))


def test_a_stated_saving_keeps_its_two_ends() -> None:
    assert rows(case_saving_stated(FINDINGS), "finding", "end", "value", "note") == [
        ("3", "low", 1_400_000.0, "At average."),
        ("3", "high", 2_000_000.0, "At average."),
        ("4", "high", 5.0, None),
    ]


def test_no_findings_give_no_figure() -> None:
    empty = FINDINGS.clear()
    assert case_finding_share(empty, SURE).is_empty()
    assert case_finding_saving(empty, SURE).is_empty()
    assert case_saving_stated(empty).is_empty()


@pytest.mark.usefixtures("db")
def test_the_chapter_sets_each_end_of_a_saving_in_its_own_column(home: Path) -> None:
    tables = {one.slug: one for one in chapter(desk(home, case_findings=FINDINGS)) if isinstance(one, Table)}
    assert list(tables) == ["case-findings-1", "case-savings-1", "case-savings-stated-1"]
    stated = [
        tuple(cell.text if isinstance(cell, Figure) else cell for cell in row)
        for row in tables["case-savings-stated-1"].rows
    ]
    assert stated == [
        ("3: Too much care", "£1,400,000", "£2,000,000", "At average."),
        ("4: Too much care", "–", "£5", "–"),
    ]
