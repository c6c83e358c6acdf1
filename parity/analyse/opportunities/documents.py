"""The chapter on opportunities."""

from typing import Any

import polars as pl

from parity.documents.figure_tables import by, joined, period_words
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk, Figures

WITHOUT = "This programme keeps no findings of a review of case files (case_findings), so nothing is said here."
HOW = "How it was estimated"
READ = "A finding tells in how many of the cases read something was found. It never tells of a person."


def chapter(desk: Desk) -> list[Block]:
    """Each review: what it found, in how many cases, and what could be saved."""
    found = desk.table("case_findings")
    if found is None or found[0].is_empty():
        return [Paragraph((WITHOUT,))]
    blocks: list[Block] = [Paragraph((READ,))]
    for number, ((review,), findings) in enumerate(found[0].group_by("review", maintain_order=True), start=1):
        blocks += [Heading(str(review), 3), *_review(desk, str(review), findings, number)]
    return blocks


def _review(desk: Desk, review: str, findings: pl.DataFrame, number: int) -> list[Block]:
    shares = desk.figures("case_finding_share")
    rows: list[tuple[Cell, ...]] = [
        (
            *(f"{row['finding']}: {row['title']}", row["kind"]),
            period_words(row["dated"]) if row["dated"] else "–",
            shares.one(review=review, finding=row["finding"]),
        )
        for row in findings.iter_rows(named=True)
    ]
    heads = ("Finding", "Kind", "When", "Share of the cases read")
    return [
        joined(f"case-findings-{number}", f"What was found: {review}", heads, rows),
        *_savings(desk, findings, number, review),
    ]


def _savings(desk: Desk, findings: pl.DataFrame, number: int, review: str) -> list[Block]:
    """What could be saved: by the cases read, and as the review states it."""
    own = {row["finding"]: row for row in findings.iter_rows(named=True)}
    blocks: list[Block] = []
    estimated: list[tuple[Cell, ...]] = [
        (_named(own, by("finding")(one)), one, one.note or "–")
        for one in desk.figures("case_finding_saving")
        if by("finding")(one) in own
    ]
    if estimated:
        caption = f"Saving if all cases are like those read: {review}"
        blocks.append(joined(f"case-savings-{number}", caption, ("Finding", "Saving a year", HOW), estimated))
    stated = _stated(desk.figures("case_saving_stated"), own)
    if stated:
        caption = f"Saving a year as stated: {review}"
        blocks.append(joined(f"case-savings-stated-{number}", caption, ("Finding", "From", "To", HOW), stated))
    return blocks


def _stated(ends: Figures, own: dict[str, dict[str, Any]]) -> list[tuple[Cell, ...]]:
    """One row a finding of the review: the low and the high end, and how they were estimated."""
    found: dict[str, dict[str, Cell]] = {}
    for one in ends:
        if by("finding")(one) in own:
            found.setdefault(by("finding")(one), {})[by("end")(one)] = one
    return [
        (_named(own, name), row.get("low", "–"), row.get("high", "–"), own[name]["estimated_how"] or "–")
        for name, row in found.items()
    ]


def _named(own: dict[str, dict[str, Any]], finding: str) -> str:
    return f"{finding}: {own[finding]['title']}"


TOPIC = Topic(
    slug="opportunities",
    stage="analyse",
    title="Opportunities",
    lead="What reviews of case files found, how often, and what could be saved.",
    chapter=chapter,
)
