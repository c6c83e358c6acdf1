"""The chapter on need."""

from parity.analyse.people import AGED_65_PLUS, WOMEN_GIVING_BIRTH
from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, listed, parted, period_words, shown
from parity.documents.model import Block, Callout, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no populations with need indices or rates (population, need_index, prevalence_rates), "
    "so need is not estimated here."
)


def chapter(desk: Desk) -> list[Block]:
    """Population weighted by need, severe illness, expected cases by condition, need around childbirth."""
    found = [
        *_weighted(desk.figures("population_weighted_by_need").all()),
        *_severe(desk.figures("severe_mental_illness_expected").all()),
        *_cases([figure for figure in desk.figures("cases_expected").all() if not _told_elsewhere(figure)]),
        *_births(desk.figures("perinatal_depression_expected").all()),
        *_serious(desk.figures("perinatal_serious_illness_expected").all()),
    ]
    return found or [Paragraph((WITHOUT,))]


def _told_elsewhere(figure: Figure) -> bool:
    """Whether another part of the chapters estimates the same people, with the range of rates as an interval."""
    return by("population_group")(figure).replace("–", "-") in (*WOMEN_GIVING_BIRTH, *AGED_65_PLUS)


def _weighted(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    rows = ("area", "population_group", "period", "index_name")
    caption = "Population of working age weighted by need"
    words = (
        "A place with an index above 100 needs more care than its number of people says; the weighted number shows it."
    )
    return [
        Heading("Population weighted by need", 3),
        Paragraph((words,)),
        listed("weighted-population", caption, figures, rows=rows, value="Weighted people"),
    ]


def _severe(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "People expected to have a severe and enduring mental illness"
    return [
        Heading("Severe and enduring illness", 3),
        listed("severe-illness", caption, figures, rows=("area", "population_group", "period"), value="People"),
    ]


def _cases(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    overlap = "One person can have several disorders: the numbers are never added up."
    plain = "The rate of each condition times the number of people, not weighted by need."
    blocks: list[Block] = [
        Heading("Expected cases", 3),
        Paragraph((plain,)),
        Callout("These numbers overlap", (overlap,)),
    ]
    groups = parted(figures, keys=("area", "population_group", "period"))
    for number, ((area, group, period), part) in enumerate(groups.items(), start=1):
        caption = f"People expected to have each condition: {area}, {group}, {period_words(period)}"
        points = [Point(shown("condition")(figure), figure) for figure in part]
        if len(points) > 1:
            blocks.append(bar_chart(points, slug=f"cases-{number}", title=caption, labels="Condition"))
        blocks.append(listed(f"cases-{number}", caption, part, rows=("condition",), value="People"))
    return blocks


def _births(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Women expected to have moderate to severe depression around childbirth, a year"
    return [
        Heading("Around childbirth", 3),
        listed("perinatal", caption, figures, rows=("area", "period"), value="Women"),
    ]


def _serious(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Women expected to have a serious mental illness around childbirth, a year"
    words = "The three groups may overlap and are not added up."
    return [
        Paragraph((words,)),
        listed("perinatal-serious", caption, figures, rows=("condition", "area", "period"), value="Women"),
    ]


TOPIC = Topic(
    slug="need",
    stage="analyse",
    title="Need",
    lead="How many people are expected to need mental-health care, and how need differs between places.",
    chapter=chapter,
)
