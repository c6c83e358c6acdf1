"""The chapter on targets."""

from datetime import date

import polars as pl

from parity.documents.figure_tables import joined, worded
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.plan.targets.indicators import delivered
from parity.plan.targets.rules import last_day
from parity.tables import Desk

NO_DATE = "no date given"


def chapter(desk: Desk) -> list[Block]:
    """How many targets there are, which of them no task delivers, the register, and what is due when."""
    found = desk.table("targets")
    if found is None or found[0].is_empty():
        return [Paragraph(("The programme has no table “targets”, which would hold what is promised by when.",))]
    targets = found[0]
    heads = {"target": "Target", "theme": "Theme", "text": "What is promised"}
    return [
        *_coverage(desk, targets),
        Heading("The register", 3),
        worded("targets", "Targets", targets, heads=heads),
        *_milestones(desk),
    ]


def _coverage(desk: Desk, targets: pl.DataFrame) -> list[Block]:
    """How complete the plan is, and the targets that hang loose."""
    keys = ("targets_count", "targets_linked", "target_coverage")
    count, linked, share = (desk.figures(key).one() for key in keys)
    themes = desk.figures("theme_targets").all()
    with_task = desk.figures("theme_targets_linked")
    rows = [(dict(theme.where)["theme"], theme, with_task.one(**dict(theme.where))) for theme in themes]
    return [
        Paragraph((count, " targets are set. A task delivers ", linked, " of them, ", share, ".")),
        joined("target-themes", "Targets by theme", ("Theme", "Targets", "With a task"), rows),
        *_orphans(desk, targets),
    ]


def _orphans(desk: Desk, targets: pl.DataFrame) -> list[Block]:
    thread = desk.table("thread")
    if thread is None:
        return []
    linked = delivered(thread[0])["target"]
    orphans = targets.filter(~pl.col("target").is_in(linked.implode()))
    if orphans.is_empty():
        return [Callout("Every target has a task", ("Each target is delivered by at least one task of the plan.",))]
    heads = {"target": "Target", "theme": "Theme", "text": "What is promised"}
    warning = "The plan links no task to the targets below: either a link is missing, or nobody is to deliver them."
    return [
        Callout("Targets without a task", (warning,)),
        worded("targets-without-task", "Targets that no task delivers", orphans, heads=heads),
    ]


def _milestones(desk: Desk) -> list[Block]:
    """The milestones in the order in which they are due; those without a date come last."""
    found = desk.table("milestones")
    if found is None or found[0].is_empty():
        return []
    rows = [row for row in found[0].iter_rows(named=True) if row["due"] or row["value"] is not None]
    values = {figure.where: figure for figure in desk.figures("milestone_value")}
    ordered = sorted(rows, key=lambda row: _end(row["due"]) or date.max)
    cells: list[tuple[Cell, ...]] = []
    for row in ordered:
        where = (("target", row["target"]), ("step", str(row["milestone"])))
        cells.append((row["due"] or NO_DATE, row["target"], row["text"], values.get(where, "–")))
    table: Table = joined("milestones", "Milestones by date", ("Due", "Target", "Milestone", "Value to reach"), cells)
    return [Heading("What is due when", 3), table]


def _end(due: str | None) -> date | None:
    return last_day(due) if due else None


TOPIC = Topic(
    slug="targets",
    stage="plan",
    title="Targets",
    lead="What is promised by when, and whether a task stands behind each promise.",
    chapter=chapter,
)
