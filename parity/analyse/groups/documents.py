"""The chapter on particular groups."""

from parity.documents.figure_tables import by, joined, listed, shown
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk

WITHOUT = (
    "This programme has no table of new communities, people in prison or people with two kinds of need at once "
    "(community_estimates, prison_findings, prison_places, dual_diagnosis), so nothing is said of them here."
)


def chapter(desk: Desk) -> list[Block]:
    """How large new communities may be, what was found of people in prison, and who has two kinds of need at once."""
    found = [*_communities(desk), *_prisons(desk), *_dual(desk)]
    return found or [Paragraph((WITHOUT,))]


def _communities(desk: Desk) -> list[Block]:
    """Each community with its lowest and highest estimate, and what shares of the population they would be."""
    people, shares = desk.figures("community_people"), desk.figures("community_share")
    lows = people.all(end="low")
    if not lows:
        return []
    ends = [({**low.address, "end": "low"}, {**low.address, "end": "high"}) for low in lows]
    rows: list[tuple[Cell, ...]] = [
        (by("community")(low), low.area.name, shown("period")(low), low, people.one(**high), low.note or "–")
        for low, (_, high) in zip(lows, ends, strict=True)
    ]
    words = (
        "Estimates of communities that no census has counted: the truth may lie anywhere between the two, or outside."
    )
    blocks: list[Block] = [
        Heading("New communities", 3),
        Paragraph((words,)),
        joined("communities", "People of new communities, as estimated",
               ("Community", "Area", "Period", "From", "To", "Remarks"), rows),
    ]  # fmt: skip
    if any(share.value is not None for share in shares):
        of_all: list[tuple[Cell, ...]] = [
            (by("community")(low), low.area.name, shares.one(**one), shares.one(**other))
            for low, (one, other) in zip(lows, ends, strict=True)
        ]
        heads = ("Community", "Area", "From", "To")
        blocks.append(joined("communities-share", "Share of new communities in the population", heads, of_all))
    return blocks


def _prisons(desk: Desk) -> list[Block]:
    shares, people = desk.figures("prison_finding_share").all(), desk.figures("prison_people").all()
    blocks: list[Block] = []
    if shares:
        by_finding = ("finding", "prison", "area", "period")
        caption = "What reviews of people in prison found"
        blocks.append(listed("prison-findings", caption, shares, rows=by_finding, value="Share of those reviewed"))
    if people:
        blocks.append(listed("prison-people", "People held", people, rows=("prison", "area", "period"), value="People"))
    expected = desk.figures("prison_cases_expected").all()
    if expected:
        rows = ("condition", "rate_source", "area", "period")
        caption = "People in prison expected to have each condition, by source of the rates; never added up"
        blocks.append(listed("prison-expected", caption, expected, rows=rows, value="People"))
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
    lead="New communities, people in prison, and people who have two kinds of need at once.",
    chapter=chapter,
)
