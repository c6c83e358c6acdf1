"""The chapter on people who move on."""

from parity.documents.figure_tables import spread
from parity.documents.model import Block, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk

ABSENT = (
    "The programme has no table “move_on_returns”, in which providers tell, for each month or quarter, how many people "
    "are prepared for a move, have moved, are supported after it, and still live there after 3, 6 and 12 months."
)
COUNTED = (
    "Providers return numbers, never names. Small ones are hidden and the others rounded, unless the programme says "
    "that they are published already. Steps are not added up: who is supported after a move has moved before."
)
LASTING = (
    "A move that does not last costs twice. Of those who moved at least so long ago, this is the share who live there "
    "yet; the interval says how far chance may have moved it where few have moved. A forecast takes the people who "
    "come back as a flow of its own: set its share beside this one."
)


def chapter(desk: Desk) -> list[Block]:
    """People at each step by period, and whether their moves last."""
    people, lasting = (desk.figures(key).all() for key in ("moving_on_people", "moving_on_sustained_share"))
    blocks: list[Block] = []
    if people:
        rows = ("area", "setting", "stage")
        table = spread("moving-on", "People who move on, at each step", people, rows=rows, columns="period")
        blocks += [Paragraph((COUNTED,)), table]
    if lasting:
        rows, caption = ("area", "setting", "months"), "Share who still live where they moved to"
        table = spread("moving-on-sustained", caption, lasting, rows=rows, columns="period")
        blocks += [Paragraph((LASTING,)), table]
    return blocks or [Paragraph((ABSENT,))]


TOPIC = Topic(
    slug="moving-on",
    stage="secure",
    title="Moving on",
    lead="How many people have moved, who is on the way, and whether moves last.",
    chapter=chapter,
)
