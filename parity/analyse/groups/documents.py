"""The chapter on particular groups."""

from parity.documents.figure_tables import listed
from parity.documents.model import Block, Callout, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk

WITHOUT = (
    "This programme has no table of people in prison or of people with two kinds of need at once "
    "(prison_findings, prison_places, dual_diagnosis), so nothing is said of them here."
)


def chapter(desk: Desk) -> list[Block]:
    """What reviews of people in prison found, how many are held, and who has two kinds of need at once."""
    found = [*_prisons(desk), *_dual(desk)]
    return found or [Paragraph((WITHOUT,))]


def _prisons(desk: Desk) -> list[Block]:
    shares, people = desk.figures("prison_finding_share").all(), desk.figures("prison_people").all()
    blocks: list[Block] = []
    if shares:
        by_finding = ("finding", "prison", "area", "period")
        caption = "What reviews of people in prison found"
        blocks.append(listed("prison-findings", caption, shares, rows=by_finding, value="Share of those reviewed"))
    if people:
        blocks.append(listed("prison-people", "People held", people, rows=("prison", "area", "period"), value="People"))
    return [Heading("People in prison", 3), *blocks] if blocks else []


def _dual(desk: Desk) -> list[Block]:
    people, shares = desk.figures("dual_diagnosis_people").all(), desk.figures("dual_diagnosis_share").all()
    if not people:
        return []
    rows = ("group", "other_group", "area", "period")
    caption = "Share of a group who have another kind of need as well"
    return [
        Heading("Two kinds of need at once", 3),
        Callout("These numbers overlap", ("One person can have several kinds of need: the rows are never added up.",)),
        listed("dual-diagnosis", "People who have two kinds of need at once", people, rows=rows, value="People"),
        *([listed("dual-diagnosis-share", caption, shares, rows=rows, value="Share")] if shares else []),
    ]


TOPIC = Topic(
    slug="groups",
    stage="analyse",
    title="Particular groups",
    lead="People in prison, and people who have two kinds of need at once.",
    chapter=chapter,
)
