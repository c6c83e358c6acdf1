"""Spending of a programme a head and in prices of one year: a part of the chapter on spend."""

from parity.analyse.spend_adjusted.indicators import TOGETHER
from parity.documents.figure_tables import by, joined, listed, parted, shown, spread, titled
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.tables import Desk

ACCOUNT = ("statement", "area", "period")
A_HEAD = (
    "Each statement over the people who live in its area, as the table of population counts them, and over those "
    "people weighted by need. Only statements on one basis may be compared."
)
REAL = "What the same money would be in the prices of one year, by the GDP deflator."


def head_blocks(desk: Desk) -> list[Block]:
    """Spending a head and a weighted head of each statement whose people are known."""
    heads, weighted = desk.figures("spend_a_head").all(), desk.figures("spend_a_weighted_head")
    known = [figure for figure in heads if figure.value is not None]
    if not known:
        return []
    rows: list[tuple[Cell, ...]] = [
        (*(shown(key)(figure) for key in ACCOUNT), figure, next(iter(weighted.all(**figure.address)), "–"))
        for figure in known
    ]
    names = (*(titled(key) for key in ACCOUNT), "A head", "A head weighted by need")
    return [
        Heading("Spending a head, worked out", 3),
        Paragraph((A_HEAD,)),
        joined("spend-a-head", "Spending a head", names, rows),
    ]


def real_blocks(desk: Desk) -> list[Block]:
    """Totals in the prices of today, and the change of totals and services beyond that of prices."""
    real = [figure for figure in desk.figures("spend_real").all() if figure.value is not None]
    if not real:
        return []
    caption = f"Spending in prices of {real[0].price_year}"
    blocks: list[Block] = [
        Heading("Beyond the rise of prices", 3),
        Paragraph((REAL,)),
        listed("spend-real", caption, real, rows=ACCOUNT, value="Amount"),
    ]
    changes = desk.figures("spend_real_change").all()
    groups = parted(changes, keys=("statement", "area"))
    for number, ((statement, area), part) in enumerate(groups.items(), start=1):
        caption = f"Change beyond the rise of prices: {titled(statement)}, {area}"
        part.sort(key=lambda figure: by("service")(figure) != TOGETHER)
        blocks.append(spread(f"spend-real-change-{number}", caption, part, rows=("service",), columns="period"))
    return blocks
