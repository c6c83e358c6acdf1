"""The chapter on improvement plans."""

import polars as pl

from parity.documents.figure_tables import joined, worded
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.plan.targets.indicators import delivered
from parity.tables import Desk

WORK = {"work": "Task", "lead": "Lead", "deadline": "When", "success": "How success is known"}
MEANS = {
    "work": "Task",
    "resources": "Resources",
    "constraint": "Constraint",
    "depends_on": "Depends on",
    "indicators": "Indicators",
    "note": "Remarks",
}


def chapter(desk: Desk) -> list[Block]:
    """Each plan: its tasks, what they need, their money, and the targets they deliver."""
    found = desk.table("tasks")
    if found is None or found[0].is_empty():
        return [Paragraph(("The programme has no table “tasks”, which would hold who does what by when.",))]
    plans = found[0].group_by("plan", maintain_order=True)
    return [
        block
        for number, ((plan,), tasks) in enumerate(plans, start=1)
        for block in _plan(desk, str(plan), tasks, number)
    ]


def _plan(desk: Desk, plan: str, tasks: pl.DataFrame, number: int) -> list[Block]:
    count = desk.figures("tasks_count").one(plan=plan)
    named = tasks.with_columns(work=pl.format("{}: {}", "task", "title"))
    needs = worded(f"plan-{number}-means", f"What the tasks need: {plan}", named, heads=MEANS)
    return [
        Heading(plan[:1].upper() + plan[1:], 3),
        Paragraph(("The plan has ", count, " tasks.")),
        worded(f"plan-{number}-tasks", f"Tasks: {plan}", named, heads=WORK),
        *([needs] if len(needs.columns) > 1 else []),
        *_money(desk, plan, tasks, number),
        *_links(desk, plan, tasks, number),
    ]


def _money(desk: Desk, plan: str, tasks: pl.DataFrame, number: int) -> list[Block]:
    """The money of each task and of the plan, where the source gives any."""
    own = set(tasks["task"])
    amounts = [figure for figure in desk.figures("task_amount") if dict(figure.where)["task"] in own]
    if not amounts:
        return []
    rows: list[tuple[Cell, ...]] = [(*(value for _, value in amount.where), amount) for amount in amounts]
    names = {
        "plan_revenue": "Taken a year",
        "plan_release": "Released a year",
        "plan_net": "Needed a year on balance",
        "plan_capital": "Capital, once",
    }
    sums = [(name, figure) for key, name in names.items() for figure in desk.figures(key).all(plan=plan)]
    return [
        Paragraph(("An amount with a minus releases money.",)),
        joined(f"plan-{number}-money", f"Money of each task: {plan}", ("No.", "Item", "Amount"), rows),
        joined(f"plan-{number}-sums", f"Money of the whole plan: {plan}", ("Sum", "Amount"), sums),
    ]


def _links(desk: Desk, plan: str, tasks: pl.DataFrame, number: int) -> list[Block]:
    """Which targets each task delivers, where any task of the plan is linked to one."""
    thread = desk.table("thread")
    if thread is None:
        return []
    links = delivered(thread[0]).join(tasks.select("task", "title"), on="task", maintain_order="left")
    if links.is_empty():
        return []
    counts = desk.figures("task_targets")
    rows: list[tuple[Cell, ...]] = []
    for task, title in tasks.select("task", "title").rows():
        codes = links.filter(pl.col("task") == task)["target"].to_list()
        rows.append((f"{task}: {title}", ", ".join(codes) or "none", counts.one(task=task)))
    heads = ("Task", "Targets it delivers", "Number")
    return [joined(f"plan-{number}-targets", f"Targets that each task delivers: {plan}", heads, rows)]


TOPIC = Topic(
    slug="improvement",
    stage="plan",
    title="Improvement plans",
    lead="Who does what by when, with what money, and towards which target.",
    chapter=chapter,
)
