"""The chapter on the market."""

from dataclasses import replace

from parity.analyse.care_returns import SUPPORTS
from parity.analyse.care_spend.documents import speaker
from parity.analyse.placed import beside, latest, not_read, of_place, own, spoken_for
from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import annexed, by, crossed, listed, spread, titled
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.areas import Place
from parity.terms.figure import Figure

WITHOUT = (
    "This programme names providers neither beside what services hold nor in its spending (service_directory with "
    "services, spend), so nothing is said of the market here."
)
OUTSIDE = (
    "What is run neither by the council itself nor by the NHS. By money and by what services hold the share can "
    "differ, as a place costs more with one provider than with another."
)
TABLES = "pss_expenditure, asc_expenditure, asc_activity, council_counties and those of places"
BY_MONEY = (
    "What councils pay for services of others and give in grants to voluntary organisations, of all they pay for the "
    "people named, before any income. The return of 2014/15 is the last that tells this. A high share is neither "
    "better nor worse: it says how much hangs on what others offer, and at what price."
)
NOT_BY_MONEY = "What is paid to others is returned by council, and was not told for this area as it is today."
BY_WEEKS = (
    "Weeks of care in residential and nursing homes that the council pays others for, of all such weeks it pays for. "
    "Councils give no nursing care themselves."
)
NO_PROVIDERS = (
    "No official table taken in names the providers of social care, so neither their shares nor how few hold the "
    "market can be told here: a programme’s own directory of services and contracts tell it."
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


def profile(desk: Desk, place: Place) -> list[Block]:
    """How much of social care councils give themselves and how much they buy, by money and by weeks of care."""
    found = spoken_for(desk, place, bodies="care_bodies")
    if found is None:
        return not_read("Who provides social care", TABLES)
    looking, spoken = found
    shares = of_place(looking, "care_outside_share", spoken)
    weeks = latest(of_place(looking, "care_weeks_outside_share", spoken))
    blocks: list[Block] = [Heading("Social care: in-house and external", 3), *speaker(place, spoken)]
    if own(shares, spoken):
        blocks += [Paragraph((BY_MONEY,)), *_by_money(looking, spoken, shares)]
    else:
        blocks.append(Paragraph((looking.figures("care_outside_share").absent or NOT_BY_MONEY,)))
    if weeks:
        caption = f"Share of weeks of care in homes bought from others, {weeks[0].period}"
        table = spread("care-weeks-outside", caption, weeks, rows=("people",), columns="area")
        blocks += [Paragraph((BY_WEEKS,)), table]
    return [*blocks, Paragraph((NO_PROVIDERS,))]


def _by_money(desk: Desk, place: Place, shares: list[Figure]) -> list[Block]:
    caption = f"Share of spending with outside providers, {shares[0].period}"
    adults = f"{SUPPORTS[0]}, 18 to 64"
    charted = [figure for figure in shares if by("people")(figure) == adults]
    title = f"{titled(adults)}: share of spending with outside providers, {shares[0].period}"
    kinds = own(desk.figures("care_provider_share").all(area=place.area.code), place)
    told = f"Who gives what {place.area.name} pays for, share of spending, {shares[0].period}"
    several = len(charted) > 1
    chart = {"slug": "care-outside", "title": title, "labels": "Area", "own": place.area.name}
    return [
        *([bar_chart(beside(charted), **chart)] if several else []),
        spread("care-outside", caption, shares, rows=("people",), columns="area"),
        *([annexed(crossed("care-providers", told, kinds, rows="people", columns="provider_kind"))] if kinds else []),
    ]


TOPIC = Topic(
    slug="market",
    stage="analyse",
    title="Market",
    lead="Who provides what there is, how much of it stands outside the council and the NHS, and how few hold it.",
    chapter=chapter,
    profile=profile,
)
