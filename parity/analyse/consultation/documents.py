"""The chapter on who answered."""

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, shown
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk, Figures
from parity.terms.figure import Figure

WITHOUT = "This programme has no table of who answered a survey (respondents), so nothing is said of it here."


def chapter(desk: Desk) -> list[Block]:
    """Who answered, how far results may be off, and whether those who answered are like the population."""
    shares = desk.figures("respondents_share").all()
    if not shares:
        return [Paragraph((WITHOUT,))]
    margins = desk.figures("survey_margin_of_error").all()
    return [*_who(shares, desk.figures("respondents_implied")), *_margins(margins), *_like_the_area(desk)]


def _who(shares: list[Figure], implied: Figures) -> list[Block]:
    blocks: list[Block] = [Heading("Who answered", 3)]
    for number, ((area, period), part) in enumerate(parted(shares, keys=("area", "period")).items(), start=1):
        rows = [_row(share, implied.one(**share.address)) for share in part]
        heads = ("Dimension", "Category", "Share of responses", "People implied")
        blocks.append(joined(f"respondents-{number}", f"Who answered: {area}, {period_words(period)}", heads, rows))
    return blocks


def _row(share: Figure, people: Figure) -> tuple[Cell, ...]:
    return shown("dimension")(share), shown("category")(share), share, people


def _margins(figures: list[Figure]) -> list[Block]:
    caption = "Widest margin of error, either way"
    words = "Were the respondents a random sample, a result could still be off by this much by chance alone. Those who"
    return [
        Heading("How sure the results are", 3),
        Paragraph((f"{words} choose to answer a consultation are no random sample, so the true error is larger.",)),
        listed("margins", caption, figures, rows=("survey", "area", "period"), value="Margin"),
    ]


def _like_the_area(desk: Desk) -> list[Block]:
    ratios = desk.figures("representation_ratio").all()
    if not ratios:
        return []
    words = (
        "1 means that a group's share of the respondents is its share of the population; 2, that it is twice that. The "
        "interval tells what chance alone could do. A group is called under- or over-represented where the whole of it "
        "lies below 0.8 or above 1.25, the four-fifths rule."
    )
    blocks: list[Block] = [Heading("Are they like the people of the area?", 3), Paragraph((words,))]
    for number, ((area, period), part) in enumerate(parted(ratios, keys=("area", "period")).items(), start=1):
        caption = f"Share of respondents as a multiple of the share of the population: {area}, {period_words(period)}"
        points = [Point(by("population_group")(figure), figure) for figure in part]
        blocks += [
            bar_chart(points, slug=f"representation-{number}", title=caption, labels="Group"),
            listed(f"representation-{number}", caption, part, rows=("population_group",), value="Multiple"),
        ]
    minority = desk.figures("minority_share_of_respondents").all()
    blocks.append(listed("minority-respondents", "Respondents from minority ethnic groups, of those who stated theirs",
                         minority, rows=("survey", "area", "period"), value="Share"))  # fmt: skip
    for test in desk.figures("respondents_representative").all():
        verdict = test.note or test.missing or ""
        title = f"Representative by {by('dimension')(test)}? {by('survey')(test)}"
        blocks.append(Callout(title, (f"{verdict} Probability of such a difference by chance: ", test, ".")))
    return blocks


TOPIC = Topic(
    slug="consultation",
    stage="analyse",
    title="Consultation",
    lead="Who answered, how sure the results are, and whose voice they carry.",
    chapter=chapter,
)
