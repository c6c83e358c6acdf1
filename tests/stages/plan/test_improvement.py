from pathlib import Path

import pytest

from parity.documents.model import Paragraph, Table
from parity.plan.improvement.documents import chapter
from parity.plan.improvement.indicators import (
    plan_capital,
    plan_net,
    plan_release,
    plan_revenue,
    task_amount,
    task_targets,
    tasks_count,
)
from parity.plan.totals import UNLIKE
from tests.stages.analyse.frames import desk, rows, table
from tests.stages.plan.test_targets import THREAD

TASKS = table(
    "tasks",
    {"task": "1", "plan": "Main", "title": "Recruit", "resources": "New posts"},
    {"task": "2", "plan": "Main", "title": "Merge"},
    {"task": "3", "plan": "Main", "title": "Rest"},
    {"task": "9", "plan": "Other", "title": "Train"},
)
RESOURCES = table(
    "task_resources",
    {"task": "1", "item": "Posts", "kind": "revenue", "amount_gbp": 100},
    {"task": "2", "item": "Team", "kind": "revenue", "amount_gbp": 40},
    {"task": "2", "item": "Grant", "kind": "revenue", "amount_gbp": -130},
    {"task": "2", "item": "System", "kind": "capital", "amount_gbp": 75},
)


def test_a_plan_takes_and_releases_money() -> None:
    assert rows(tasks_count(TASKS), "plan", "value") == [("Main", 3), ("Other", 1)]
    assert rows(plan_revenue(TASKS, RESOURCES), "area", "period", "plan", "value") == [
        ("whole programme", "undated", "Main", 140),
    ]
    assert rows(plan_release(TASKS, RESOURCES), "plan", "value") == [("Main", 130)]
    assert rows(plan_net(TASKS, RESOURCES), "plan", "value") == [("Main", 10)]
    assert rows(plan_capital(TASKS, RESOURCES), "plan", "value") == [("Main", 75)]
    assert rows(task_amount(RESOURCES), "task", "item", "value")[2] == ("2", "Grant", -130)


def test_money_in_prices_of_two_years_is_not_added() -> None:
    mixed = table(
        "task_resources",
        {"task": "1", "item": "a", "price_year": "2003"},
        {"task": "2", "item": "b", "price_year": "2004"},
        kind="revenue",
        amount_gbp=1,
    )
    assert rows(plan_net(TASKS, mixed), "value", "missing") == [(None, UNLIKE)]


def test_a_task_without_links_delivers_no_target() -> None:
    assert rows(task_targets(TASKS, THREAD), "task", "value") == [("1", 1), ("2", 3), ("3", 0), ("9", 0)]


def test_no_rows_give_no_figure() -> None:
    assert plan_net(TASKS, RESOURCES.clear()).height == 0
    assert task_targets(TASKS.clear(), THREAD).height == 0


@pytest.mark.usefixtures("db")
def test_the_chapter_shows_each_plan(home: Path) -> None:
    blocks = chapter(desk(home, tasks=TASKS, task_resources=RESOURCES, thread=THREAD))
    tables = {block.slug: block for block in blocks if isinstance(block, Table)}
    means = ["plan-1-tasks", "plan-1-means", "plan-1-money", "plan-1-sums", "plan-1-targets", "plan-2-tasks"]
    assert list(tables) == means
    assert [row[:2] for row in tables["plan-1-targets"].rows] == [
        ("1: Recruit", "A.1"),
        ("2: Merge", "A.1, B.1, Z.9"),
        ("3: Rest", "none"),
    ]
    assert [row[0] for row in tables["plan-1-sums"].rows] == [
        "Taken a year",
        "Released a year",
        "Needed a year on balance",
        "Capital, once",
    ]


@pytest.mark.usefixtures("db")
def test_the_chapter_does_without_money_links_and_tasks(home: Path) -> None:
    blocks = chapter(desk(home / "bare", tasks=TASKS.tail(1)))
    assert [block.slug for block in blocks if isinstance(block, Table)] == ["plan-1-tasks"]
    absent = "The programme has no table “tasks”, which would hold who does what by when."
    assert chapter(desk(home / "none")) == [Paragraph((absent,))]
