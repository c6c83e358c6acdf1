from datetime import date
from pathlib import Path

import pytest

from parity.analyse.data_quality.documents import WITHOUT, chapter
from parity.analyse.data_quality.indicators import (
    data_issues_count,
    data_issues_of_dataset,
    data_issues_open,
    data_issues_overdue,
)
from parity.documents.model import Callout, Paragraph, Table
from tests.stages.analyse.frames import desk, rows, table

RAISED = date(2026, 1, 10)
ISSUES = table(
    "data_issues",
    {"issue": "1", "dataset": "spend", "severity": "low", "state": "open", "due": date(2026, 2, 1)},
    {"issue": "2", "dataset": "spend", "severity": "high", "state": "in hand", "reviewed": date(2026, 3, 1)},
    {"issue": "3", "dataset": "spend", "severity": "high", "state": "resolved", "due": date(2026, 2, 1)},
    {"issue": "4", "dataset": "services", "severity": "medium", "state": "accepted"},
    {"issue": "5", "dataset": "kpis", "severity": "medium", "state": "open", "due": date(2026, 3, 1)},
    raised=RAISED,
    title="A code is missing",
    owner="Analyst",
)
LOG = ("whole programme", "2026-03-01")


def test_issues_are_counted_on_the_day_the_log_was_last_looked_at() -> None:
    assert rows(data_issues_count(ISSUES), "area", "period", "state", "value") == [
        (*LOG, "open", 2),
        (*LOG, "in hand", 1),
        (*LOG, "resolved", 1),
        (*LOG, "accepted", 1),
    ]
    assert rows(data_issues_open(ISSUES), "severity", "value") == [("high", 1), ("medium", 1), ("low", 1)]
    assert rows(data_issues_of_dataset(ISSUES), "dataset", "value") == [("spend", 2), ("services", 0), ("kpis", 1)]


def test_only_what_is_open_and_past_its_day_is_overdue() -> None:
    assert rows(data_issues_overdue(ISSUES), "area", "period", "value") == [(*LOG, 1)]
    assert rows(data_issues_overdue(ISSUES.head(1)), "period", "value") == [("2026-01-10", 0)]


def test_no_issues_give_no_figure() -> None:
    empty = ISSUES.clear()
    for function in (data_issues_count, data_issues_open, data_issues_of_dataset, data_issues_overdue):
        assert function(empty).is_empty()


@pytest.mark.usefixtures("db")
def test_the_chapter_puts_the_gravest_first_and_names_what_is_overdue(home: Path) -> None:
    blocks = chapter(desk(home, data_issues=ISSUES))
    assert [block.parts for block in blocks if isinstance(block, Callout)] == [("1", ".")]
    tables = {block.slug: block for block in blocks if isinstance(block, Table)}
    assert [row[0] for row in tables["data-issues-open"].rows] == [
        f"{number}: A code is missing" for number in ("2", "5", "1")
    ]
    assert [row[0] for row in tables["data-issues-closed"].rows] == [f"{n}: A code is missing" for n in ("3", "4")]


@pytest.mark.usefixtures("db")
def test_the_chapter_leaves_out_what_there_is_not(home: Path) -> None:
    blocks = chapter(desk(home / "closed", data_issues=ISSUES.slice(2, 1)))
    assert [block for block in blocks if isinstance(block, Callout)] == []
    assert [block.slug for block in blocks if isinstance(block, Table)][-1] == "data-issues-closed"
    assert chapter(desk(home / "bare")) == [Paragraph((WITHOUT,))]
