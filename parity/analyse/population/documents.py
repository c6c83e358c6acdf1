"""The chapter on the population."""

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import listed, parted, period_words, shown, spread
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = "This programme has no table of ethnic groups (ethnic_mix), so nothing is said of the population here."


def chapter(desk: Desk) -> list[Block]:
    """Ethnic groups as shares, beside the places compared with, and the share of minority groups."""
    found = [
        *_shares(desk.figures("ethnic_share").all()),
        *_quotients(desk.figures("ethnic_location_quotient").all()),
        *_minority(desk.figures("ethnic_minority_share").all()),
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


TOPIC = Topic(
    slug="population",
    stage="analyse",
    title="Population",
    lead="Who lives here, and how that differs from the places this area is compared with.",
    chapter=chapter,
)
