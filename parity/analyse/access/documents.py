"""The chapter on access."""

from dataclasses import replace

from parity.documents.charts import Point, interval_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, shown
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no counts of people in contact with services and no shares in treatment "
    "(service_contacts, treatment), so access is not measured here."
)
PLACE = ("area", "population_group", "period")


def chapter(desk: Desk) -> list[Block]:
    """People in contact with services beside the comparator, and how many are not treated."""
    found = [*_contacts(desk), *_gap(desk)]
    return found or [Paragraph((WITHOUT,))]


def _contacts(desk: Desk) -> list[Block]:
    rates = desk.figures("contact_rate").all()
    if not rates:
        return []
    words = "A rate that lies below a comparator's by more than chance means that fewer people reach services here."
    blocks: list[Block] = [Heading("People in contact with services", 3), Paragraph((words,))]
    groups = parted(rates, keys=("population_group", "period"))
    for number, ((group, period), part) in enumerate(groups.items(), start=1):
        caption = f"People in contact with mental-health services per 100,000 ({group}), {period_words(period)}"
        points = [Point(figure.area.name, figure) for figure in part]
        blocks += [
            interval_chart(points, slug=f"contacts-{number}", title=caption, labels="Area"),
            replace(listed(f"contacts-{number}", caption, part, rows=("area",), value="Per 100,000"), bare=True),
        ]
    return [*blocks, *_beside(desk), *_implied(desk.figures("contacts_population_implied").all())]


def _beside(desk: Desk) -> list[Block]:
    differences, tests = desk.figures("contact_rate_difference").all(), desk.figures("contact_rate_z")
    if not differences:
        return []
    rows = [
        (figure.area.name, shown("population_group")(figure), by("comparator")(figure), shown("period")(figure), figure,
         tests.one(**figure.address))
        for figure in differences
    ]  # fmt: skip
    heads = ("Area", "Population", "Comparator", "Period", "Difference", "Standard errors")
    return [
        joined("contact-difference", "Difference from the comparator's rate", heads, rows),
        Paragraph(("Beyond 1.96 standard errors either way, a difference is unlikely to be chance.",)),
    ]


def _implied(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Population for which both the published count and the published rate are right"
    words = "If this is not the population of the area, the count and the rate belong to different places."
    return [Paragraph((words,)), listed("contacts-population", caption, figures, rows=PLACE, value="People")]


def _gap(desk: Desk) -> list[Block]:
    shares = desk.figures("treatment_gap_share").all()
    if not shares:
        return []
    rows = ("condition", "area", "period")
    blocks: list[Block] = [
        Heading("People who are not treated", 3),
        Paragraph(("The treatment gap: those who have a condition and get no treatment for it.",)),
        listed("treatment-gap", "Share of those with the condition who are not in treatment", shares, rows=rows,
               value="Share"),
        listed("untreated-share", "Share of all people who have the condition and are not in treatment",
               desk.figures("untreated_share_of_people").all(), rows=rows, value="Share"),
    ]  # fmt: skip
    people = desk.figures("people_untreated").all()
    if people:
        named = ("condition", "area", "period", "estimate_source")
        caption = "People with the condition who are not in treatment"
        blocks.append(listed("people-untreated", caption, people, rows=named, value="People"))
    return blocks


TOPIC = Topic(
    slug="access",
    stage="analyse",
    title="Access",
    lead="How many people reach services, and how many who need them do not.",
    chapter=chapter,
)
