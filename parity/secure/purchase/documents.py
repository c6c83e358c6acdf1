"""The chapter on purchase."""

from parity.documents.model import Block, Callout, Cell, Paragraph
from parity.layout.topic import Topic
from parity.plan.told_numbers import RANGES, unsure, warned
from parity.plan.told_services import ToldServices, service_blocks
from parity.secure.purchase.indicators import UNITS
from parity.tables import Desk
from parity.terms.figure import Figure

ABSENT = (
    "The programme has no table “block_purchase”, which would tell what a place costs bought by itself and in a block, "
    "and how much of the block is used."
)
RULE = (
    "A block is paid for whether its places are used or not; a place bought by itself is paid for only while somebody "
    "has it. So the block is cheaper where the share of it in use is above its price ÷ the price of a place by itself."
)
BEYOND_PRICE = (
    "Places in a block are there when they are needed, and the provider can plan on them. People may then be placed "
    "where there is room rather than where their needs, religion, language or culture are met best. Neither is in the "
    "sums above."
)
TITLES = {
    "purchase_break_even": "The block is cheaper from this use on",
    "purchase_use": "Use expected",
    "purchase_used_place_cost": "Cost of a place in use in the block",
    "purchase_block_cost": "Cost of the block a year",
    "purchase_spot_cost": "Cost of the same places one by one a year",
    "purchase_block_saving": "Saving of the block a year",
    "purchase_block_chance": "Chance that the block is cheaper",
}


def chapter(desk: Desk) -> list[Block]:
    """Which way of buying is cheaper at the use expected and from what use on, and every number that rests on."""
    told = desk.table("block_purchase")
    uses = desk.figures("purchase_break_even").all()
    if told is None or not uses:
        return [Paragraph((ABSENT,))]
    return [
        Paragraph((RULE,)),
        *warned(told[1]),
        *service_blocks(desk, uses, SHOWN),
        Paragraph((RANGES,)),
        Callout("What the prices do not tell", (BEYOND_PRICE,)),
    ]


def _in_words(figures: dict[str, Figure]) -> list[Block]:
    """Which is cheaper, as far as it is known."""
    even, use, saving, chance = (
        figures[f"purchase_{key}"] for key in ("break_even", "use", "block_saving", "block_chance")
    )
    if even.value is None:
        return [Paragraph((f"Which is cheaper cannot be told. {even.missing}",))]
    parts: list[Cell] = ["The block is cheaper where more than ", even, " of it is used. "]
    if saving.value is None:
        return [Paragraph((*parts, f"At the use expected it cannot be told which is. {saving.missing}"))]
    if saving.value > 0:
        cheaper = "the block is cheaper: it saves "
    else:
        cheaper = "places bought one by one are cheaper: the saving of the block is "
    parts += ["At the use expected, ", use, f", {cheaper}", saving, " a year", unsure(saving), "."]
    if chance.value is not None:
        parts += [" The chance that the block is cheaper is ", chance, "."]
    return [Paragraph(tuple(parts))]


SHOWN = ToldServices("block_purchase", UNITS, TITLES, "purchase", "A block beside places one by one", _in_words)
TOPIC = Topic(
    slug="purchase",
    stage="secure",
    title="Purchase of places",
    lead="Whether places are cheaper bought one by one or in a block, and from what use on.",
    chapter=chapter,
)
