"""The chapter on the market."""

from dataclasses import replace

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import listed, spread, titled
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = (
    "This programme names providers neither beside what services hold nor in its spending (service_directory with "
    "services, spend), so nothing is said of the market here."
)
OUTSIDE = (
    "What is run neither by the council itself nor by the NHS. By money and by what services hold the share can "
    "differ, as a place costs more with one provider than with another."
)
CONCENTRATION = (
    "The index is the sum of the squared percentage shares: 10,000 where one provider holds everything, 3,000 for "
    "shares of 40, 30, 20 and 10%. Its bands come from guidelines on mergers of firms, and say nothing of quality; "
    "read them as a question: what would happen if the largest gave up? A market is a type of service and a measure, "
    "within the area stated; people may well choose beyond it."
)


def chapter(desk: Desk) -> list[Block]:
    """Who runs services, what stands outside, each provider's share, and how few hold a market."""
    found = [*_kinds(desk), *_outside(desk), *_shares(desk), *_concentration(desk)]
    return found or [Paragraph((WITHOUT,))]


def _kinds(desk: Desk) -> list[Block]:
    kinds = desk.figures("services_by_provider_kind").all()
    if not kinds:
        return []
    caption = "Services by kind of provider and area"
    rows = ("provider_kind", "period")
    return [Heading("Who runs services", 3), spread("provider-kinds", caption, kinds, rows=rows, columns="area")]


def _outside(desk: Desk) -> list[Block]:
    money, capacity = desk.figures("external_share").all(), desk.figures("external_capacity_share").all()
    if not money and not capacity:
        return []
    blocks: list[Block] = [Heading("In-house and external", 3), Paragraph((OUTSIDE,))]
    if money:
        caption = "Share of spending with providers outside the council and the NHS"
        blocks.append(listed("external-share", caption, money, rows=("statement", "area", "period"), value="Share"))
    if capacity:
        caption = "Share of what services hold outside the council and the NHS"
        rows = ("market", "area", "period")
        blocks.append(listed("external-capacity", caption, capacity, rows=rows, value="Share"))
    return blocks


def _shares(desk: Desk) -> list[Block]:
    shares = desk.figures("market_share").all()
    if not shares:
        return []
    words = "Of what services hold, by type and measure, the share of each provider that the directory names."
    rows = ("market", "provider", "area", "period")
    return [
        Heading("Providers' shares", 3),
        Paragraph((words,)),
        listed("market-shares", "Share of each market by provider", shares, rows=rows, value="Share"),
    ]


def _concentration(desk: Desk) -> list[Block]:
    capacity, money = desk.figures("market_concentration").all(), desk.figures("spend_concentration").all()
    if not capacity and not money:
        return []
    blocks: list[Block] = [Heading("How few hold a market", 3), Paragraph((CONCENTRATION,))]
    if any(figure.value is not None for figure in capacity):
        title = "Concentration of markets"
        points = [Point(_market(figure), figure) for figure in capacity]
        blocks.append(bar_chart(points, slug="concentration-chart", title=title, labels="Market"))
    for figures, slug, caption, keys in (
        (capacity, "concentration", "Concentration of what services hold", ("market", "area", "period")),
        (money, "spend-concentration", "Concentration of spending", ("statement", "service", "area", "period")),
    ):
        if figures:
            blocks.append(replace(listed(slug, caption, figures, rows=keys, value="Index"), bare=True))
    return blocks


def _market(figure: Figure) -> str:
    market = titled(dict(figure.where)["market"])
    return f"{market}: {figure.area.name}, {figure.period}"


TOPIC = Topic(
    slug="market",
    stage="analyse",
    title="Market",
    lead="Who provides what there is, how much of it stands outside the council and the NHS, and how few hold it.",
    chapter=chapter,
)
