"""The chapter on data quality."""

import polars as pl

from parity.analyse.data_quality.indicators import is_open, is_overdue
from parity.documents.figure_tables import listed, worded
from parity.documents.model import Block, Callout, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.tables import Desk

WITHOUT = "This programme keeps no log of data quality issues (data_issues), so nothing is said of them here."
HEADS = {
    "named": "Issue",
    "dataset": "Dataset",
    "severity": "Severity",
    "state": "State",
    "effect": "What it does to the figures",
    "action": "What is done about it",
    "owner": "Owner",
    "due": "Due",
    "note": "Remarks",
}


def chapter(desk: Desk) -> list[Block]:
    """How many issues there are and how many are overdue, then the open ones, by dataset, and those that are closed."""
    found = desk.table("data_issues")
    if found is None or found[0].is_empty():
        return [Paragraph((WITHOUT,))]
    issues = found[0].with_columns(
        named=pl.format("{}: {}", "issue", "title"),
        order=pl.col("severity").replace_strict({"high": 0, "medium": 1, "low": 2}, return_dtype=pl.Int64),
    )
    late = issues.filter(is_overdue())["issue"].to_list()
    open_, closed = issues.filter(is_open()).sort("order", maintain_order=True), issues.filter(~is_open())
    return [
        *_counts(desk),
        *([Callout("Overdue", (", ".join(late), "."))] if late else []),
        Heading("The improvement plan", 3),
        *_list("data-issues-open", "Open issues, the gravest first", open_),
        *_list("data-issues-closed", "Issues resolved or accepted", closed),
    ]


def _counts(desk: Desk) -> list[Block]:
    states = {dict(figure.where)["state"]: figure for figure in desk.figures("data_issues_count")}
    overdue = desk.figures("data_issues_overdue").one()
    words = ("Open: ", states["open"], "; in hand: ", states["in hand"], "; of these overdue: ", overdue)
    closed = ("; resolved: ", states["resolved"], "; accepted as they are: ", states["accepted"], ".")
    datasets, severities = desk.figures("data_issues_of_dataset").all(), desk.figures("data_issues_open").all()
    return [
        Paragraph((*words, *closed)),
        listed("data-issues-severity", "Open issues by severity", severities, rows=("severity",), value="Open issues"),
        listed("data-issues-dataset", "Open issues by dataset", datasets, rows=("dataset",), value="Open issues"),
    ]


def _list(slug: str, caption: str, issues: pl.DataFrame) -> list[Table]:
    return [] if issues.is_empty() else [worded(slug, caption, issues, heads=HEADS)]


TOPIC = Topic(
    slug="data-quality",
    stage="analyse",
    title="Data quality",
    lead="What is wrong with the data, what that does to the figures, and who mends it by when.",
    chapter=chapter,
)
