"""The chapter on the population."""

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, shown, spread
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no table of ethnic groups or of new communities (ethnic_mix, community_estimates), so nothing "
    "is said of the population here."
)


def chapter(desk: Desk) -> list[Block]:
    """Ethnic groups as shares, beside the places compared with, minority groups together, and new communities."""
    found = [
        *_shares(desk.figures("ethnic_share").all()),
        *_quotients(desk.figures("ethnic_location_quotient").all()),
        *_minority(desk.figures("ethnic_minority_share").all()),
        *_communities(desk),
    ]
    return found or [Paragraph((WITHOUT,))]


def _shares(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    blocks: list[Block] = [
        Heading("Ethnic groups", 3),
        Paragraph(("Sources group people differently, so each period is a table of its own.",)),
    ]
    for number, ((period,), part) in enumerate(parted(figures, keys=("period",)).items(), start=1):
        caption = f"Ethnic groups as shares of the population, {period_words(period)}"
        blocks.append(spread(f"ethnic-groups-{number}", caption, part, rows=("ethnic_group",), columns="area"))
    return blocks


def _quotients(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    words = (
        "1 means the same share as the comparator, 2 twice the share. Groups well above 1 need services that suit them."
    )
    blocks: list[Block] = [Heading("Compared with other places", 3), Paragraph((words,))]
    groups = parted(figures, keys=("area", "comparator", "period"))
    for number, ((area, comparator, period), part) in enumerate(groups.items(), start=1):
        caption = (
            f"Share of each ethnic group in {area} as a multiple of its share in {comparator}, {period_words(period)}"
        )
        points = [Point(shown("ethnic_group")(figure), figure) for figure in part]
        blocks += [
            bar_chart(points, slug=f"quotients-{number}", title=caption, labels="Ethnic group"),
            listed(f"quotients-{number}", caption, part, rows=("ethnic_group",), value="Multiple"),
        ]
    return blocks


def _minority(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Share of the population from minority ethnic groups"
    words = (
        "Everyone but those of a group whose name begins with “White”. Years and definitions differ between sources."
    )
    return [
        Heading("Minority ethnic groups together", 3),
        Paragraph((words,)),
        listed("minority-share", caption, figures, rows=("area", "period"), value="Share"),
    ]


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


TOPIC = Topic(
    slug="population",
    stage="analyse",
    title="Population",
    lead="Who lives here, and how that differs from the places this area is compared with.",
    chapter=chapter,
)
