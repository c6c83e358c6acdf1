"""The chapter on policy and law, and on assessments made for other areas."""

import polars as pl

from parity.documents.figure_tables import by, listed, period_words, spread, worded
from parity.documents.model import Block, Callout, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk

WITHOUT = (
    "This programme keeps no register of policy and law, and no check of a needs assessment made for another area "
    "(policies, assessment_checks), so nothing is said of them here."
)
POLICY = {
    "title": "Policy or law",
    "kind": "Kind",
    "when": "Of",
    "requirement": "What it requires",
    "duty_bearer": "Who must act",
    "impact": "What it means here",
    "review": "Look at again",
    "note": "Remarks",
}
CHECK = {
    "topic": "Topic",
    "fits": "Fits?",
    "reason": "Why",
    "further_work": "What else is needed",
    "note": "Remarks",
}


def chapter(desk: Desk) -> list[Block]:
    """What law and policy require and what it means here; then, topic by topic, whether an assessment fits."""
    found = [*_policies(desk), *_checks(desk)]
    return found or [Paragraph((WITHOUT,))]


def _policies(desk: Desk) -> list[Block]:
    found = desk.table("policies")
    if found is None or found[0].is_empty():
        return []
    policies = found[0].with_columns(when=pl.col("dated").map_elements(period_words, pl.String))
    counts, silent = desk.figures("policies_count").all(), desk.figures("policies_without_impact").one()
    return [
        Heading("Policy and law", 3),
        listed("policies-count", "Entries in the register", counts, rows=("kind",), value="Entries"),
        Paragraph(("Entries of which nobody has said yet what they mean here: ", silent, ".")),
        worded("policies", "What policy and law require, and what that means here", policies, heads=POLICY),
    ]


def _checks(desk: Desk) -> list[Block]:
    found = desk.table("assessment_checks")
    if found is None or found[0].is_empty():
        return []
    counts = desk.figures("assessment_topics_count").all()
    names = {figure.area.code: figure.area.name for figure in counts}
    blocks: list[Block] = [
        Heading("Assessments made for another area", 3),
        spread("assessment-fit", "Topics by whether they fit", counts, rows=("assessment", "area"), columns="fits"),
    ]
    for number, ((assessment, made_for, area), checks) in enumerate(
        found[0].group_by("assessment", "made_for", "area", maintain_order=True), start=1
    ):
        caption = f"Does it fit? {assessment}, made for {made_for}, in {names[str(area)]}"
        blocks.append(worded(f"assessment-checks-{number}", caption, checks, heads=CHECK))
    unknown = [figure for figure in counts if by("fits")(figure) == "not known" and figure.value]
    words = "Of some topics it is not known yet whether they fit: do not take them over unseen."
    return [*blocks, *([Callout("Not all is checked", (words,))] if unknown else [])]


TOPIC = Topic(
    slug="policy",
    stage="analyse",
    title="Policy and law",
    lead="What law and policy require and what that means here, and whether another area's needs assessment fits.",
    chapter=chapter,
)
