from datetime import date
from pathlib import Path

import pytest

from parity.documents.model import Callout, Paragraph, Table
from parity.plan.targets.documents import chapter
from parity.plan.targets.indicators import (
    delivered,
    milestone_value,
    target_coverage,
    targets_count,
    targets_linked,
    theme_targets,
    theme_targets_linked,
)
from parity.plan.targets.rules import last_day
from tests.stages.analyse.frames import desk, rows, table

TARGETS = table(
    "targets",
    {"target": "A.1", "theme": "Access", "text": "One strategy"},
    {"target": "A.2", "theme": "Access", "text": "One team"},
    {"target": "B.1", "theme": "Carers", "text": "Breaks"},
)
MILESTONES = table(
    "milestones",
    {"target": "B.1", "milestone": 2, "due": "2004/5", "value": 600.0, "unit": "count"},
    {"target": "B.1", "milestone": 1, "due": "April 2004"},
    {"target": "A.1", "milestone": 1, "value": 0.061, "unit": "share"},
    {"target": "A.2", "milestone": 1},
    text="Step",
)
THREAD = table(
    "thread",
    {"from_id": "1", "to_id": "A.1"},
    {"from_id": "2", "to_id": "A.1"},
    {"from_id": "2", "to_id": "B.1"},
    {"from_id": "2", "to_id": "Z.9"},
    {"from_id": "2", "to_id": "A.2", "relation": "changes"},
    **{"from_kind": "task", "to_kind": "target", "relation": "delivers"},
)


def test_targets_are_counted_once_however_many_tasks_they_have() -> None:
    assert rows(targets_count(TARGETS), "area", "period", "value") == [("whole programme", "undated", 3)]
    assert rows(targets_linked(TARGETS, THREAD), "value") == [(2,)]
    assert rows(target_coverage(TARGETS, THREAD), "value") == [(round(2 / 3, 9),)]


def test_themes_have_their_own_counts() -> None:
    assert rows(theme_targets(TARGETS), "theme", "value") == [("Access", 2), ("Carers", 1)]
    assert rows(theme_targets_linked(TARGETS, THREAD), "theme", "value") == [("Access", 1), ("Carers", 1)]


def test_only_links_from_tasks_deliver() -> None:
    assert delivered(THREAD).rows() == [("1", "A.1"), ("2", "A.1"), ("2", "B.1"), ("2", "Z.9")]


def test_a_milestone_keeps_its_own_unit() -> None:
    assert rows(milestone_value(MILESTONES), "target", "step", "value", "unit") == [
        ("B.1", "2", 600, "count"),
        ("A.1", "1", 0.061, "share"),
    ]


def test_no_targets_give_no_figure() -> None:
    assert target_coverage(TARGETS.clear(), THREAD).height == 0
    assert milestone_value(MILESTONES.clear()).height == 0
    assert rows(targets_linked(TARGETS, THREAD.clear()), "value") == [(0,)]


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("31 March 2005", date(2005, 3, 31)),
        ("April 2005", date(2005, 4, 30)),
        ("february 2004", date(2004, 2, 29)),
        ("2003/4", date(2004, 3, 31)),
        ("1999/00", date(2000, 3, 31)),
        (" 2004 ", date(2004, 12, 31)),
        ("Sept 2010", date(2010, 9, 30)),
        ("Ma 2010", None),
        ("Spring 2004", None),
        ("31 Juni 2005", None),
        ("31 February 2005", None),
        ("April 2004; then April 2005", None),
        ("soon", None),
    ],
)
def test_a_printed_date_ends_on_its_last_day(due: str, day: date | None) -> None:
    assert last_day(due) == day


@pytest.mark.usefixtures("db")
def test_the_chapter_names_the_target_without_a_task(home: Path) -> None:
    blocks = chapter(desk(home, targets=TARGETS, milestones=MILESTONES, thread=THREAD))
    tables = {block.slug: block for block in blocks if isinstance(block, Table)}
    assert tables["targets-without-task"].rows == (("A.2", "Access", "One team"),)
    assert [row[:3] for row in tables["milestones"].rows] == [
        ("April 2004", "B.1", "Step"),
        ("2004/5", "B.1", "Step"),
        ("no date given", "A.1", "Step"),
    ]


@pytest.mark.usefixtures("db")
def test_the_chapter_says_when_every_target_has_a_task(home: Path) -> None:
    linked = TARGETS.filter(TARGETS["target"] != "A.2")
    blocks = chapter(desk(home, targets=linked, thread=THREAD, milestones=MILESTONES.clear()))
    assert [block.title for block in blocks if isinstance(block, Callout)] == ["Every target has a task"]
    assert [block.slug for block in blocks if isinstance(block, Table)] == ["target-themes", "targets"]


@pytest.mark.usefixtures("db")
def test_the_chapter_does_without_links_and_without_targets(home: Path) -> None:
    blocks = chapter(desk(home / "loose", targets=TARGETS))
    assert [block for block in blocks if isinstance(block, Callout)] == []
    absent = "The programme has no table “targets”, which would hold what is promised by when."
    assert chapter(desk(home / "none")) == [Paragraph((absent,))]
