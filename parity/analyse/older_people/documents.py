"""The chapter on older people."""

from parity.documents.charts import Point, line_chart
from parity.documents.figure_tables import by, listed, parted, spread
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no population of older people and no forecasts (population with 65+, prevalence_estimates), "
    "so their need is not estimated here."
)
NO_BANDS = (
    "Estimates by age and sex need the population by five-year band (population_bands) and rates by band "
    "(band_prevalence_rates); this programme has not both."
)
LINES_START = 3
"""Periods from which a line says more than a table."""


def chapter(desk: Desk) -> list[Block]:
    """Forecasts and their change, sources side by side, depression by simple rules, cases by age band."""
    changes = desk.figures("forecast_change").all()
    found = [
        *_forecasts(desk.figures("people_forecast").all(), changes),
        *_differences(desk.figures("forecast_difference").all()),
        *_simple_rules(desk),
        *_implied(desk.figures("population_65plus_implied").all()),
    ]
    bands = _bands(desk.figures("cases_by_age_band").all())
    return [*found, *(bands or [Paragraph((NO_BANDS,))])] if found or bands else [Paragraph((WITHOUT,))]


def _forecasts(figures: list[Figure], changes: list[Figure]) -> list[Block]:
    """One section a condition and source that looks ahead: numbers, a line where it has enough periods, change."""
    keys = ("condition", "estimate_source")
    changed = parted(changes, keys=keys)
    ahead = {key: part for key, part in parted(figures, keys=keys).items() if key in changed}
    if not ahead:
        return []
    words = "How many people the sources expect to have each condition, and how that changes from their first year on."
    blocks: list[Block] = [Heading("Forecasts", 3), Paragraph((words,))]
    for number, (key, part) in enumerate(ahead.items(), start=1):
        condition, source = key
        caption = f"People estimated to have {condition}: {source}"
        blocks += [
            Heading(f"{condition.capitalize()}, as estimated by {source}", 4),
            *_line(part, f"forecast-{number}", caption),
            spread(f"forecast-{number}", caption, part, rows=("area",), columns="period"),
            spread(f"change-{number}", f"Change in {caption[0].lower()}{caption[1:]}", changed[key],
                   rows=("area",), columns="period"),
        ]  # fmt: skip
    return blocks


def _line(figures: list[Figure], slug: str, caption: str) -> list[Block]:
    """A line for each area, where all have the same periods and there are enough of them."""
    areas, periods = ({by(name)(figure) for figure in figures} for name in ("area", "period"))
    if len(periods) < LINES_START or len(figures) < len(areas) * len(periods):
        return []
    points = [Point(figure.period, figure, figure.area.name) for figure in figures]
    return [line_chart(points, slug=slug, title=caption, labels="Period")]


def _differences(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Difference between sources that estimate the same people"
    words = "Where two sources forecast one number for one year, both are shown and neither is chosen silently."
    return [
        Heading("Where sources differ", 3),
        Paragraph((words,)),
        listed("forecast-difference", caption, figures, rows=("condition", "area", "period"), value="People"),
    ]


def _simple_rules(desk: Desk) -> list[Block]:
    flat = desk.figures("depression_65plus_flat").all()
    if not flat:
        return []
    ranged = desk.figures("depression_65plus_range").all()
    words = "Two simple rules of the published strategies: one share for all, and a range. Both overstate rates by age."
    return [
        Heading("Depression by simple rules", 3),
        Paragraph((words,)),
        listed("depression-flat", "People aged 65 and over expected to be depressed, one share for all", flat,
               rows=("area", "period"), value="People"),
        listed("depression-range", "People aged 65 and over expected to be depressed, range of shares", ranged,
               rows=("area", "period"), value="People, middle of the range"),
    ]  # fmt: skip


def _implied(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "Population aged 65 and over implied by the estimates of depression"
    words = (
        "The source prints the estimates and the share it took, but not the population: this is the population behind."
    )
    rows = ("area", "estimate_source")
    return [
        Heading("The population behind the estimates", 3),
        Paragraph((words,)),
        spread("population-implied", caption, figures, rows=rows, columns="period"),
    ]


def _bands(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "People expected to have each condition, from rates by age and sex"
    rows = ("condition", "rate_source", "area")
    return [Heading("By age and sex", 3), spread("cases-by-band", caption, figures, rows=rows, columns="period")]


TOPIC = Topic(
    slug="older-people",
    stage="analyse",
    title="Older people",
    lead="How many older people are expected to have dementia or depression, now and in years to come.",
    chapter=chapter,
)
