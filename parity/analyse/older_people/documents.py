"""The chapter on older people."""

from parity.documents.charts import Point, line_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, spread
from parity.documents.model import Block, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no population of older people and no forecasts (population with 65+, prevalence_estimates), "
    "so their need is not estimated here."
)
NO_BANDS = (
    "The documents do not print the population by age band and sex, so no estimate from rates by age and sex is made: "
    "the estimates above are those of the sources, or rest on one rate for everyone aged 65 and over."
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
            _with_change(part, changed[key], f"forecast-{number}", caption),
        ]
    return blocks


def _with_change(figures: list[Figure], changes: list[Figure], slug: str, caption: str) -> Table:
    """One row an area: the estimate of each period, then its change from the first period to each later one."""
    columns = {period_words(period): part for (period,), part in parted(figures, keys=("period",)).items()}
    columns |= {f"Change {period_words(key)}": part for (key,), part in parted(changes, keys=("period",)).items()}
    cells = {(head, figure.area.name): figure for head, part in columns.items() for figure in part}
    rows: list[tuple[Cell, ...]] = [
        (area, *(cells.get((head, area), "not estimated") for head in columns))
        for (area,) in parted(figures, keys=("area",))
    ]
    return joined(slug, caption, ("Area", *columns), rows)


def _line(figures: list[Figure], slug: str, caption: str) -> list[Block]:
    """A line for each area, where all have the same periods and there are enough of them."""
    areas, periods = ({by(name)(figure) for figure in figures} for name in ("area", "period"))
    if len(periods) < LINES_START or len(figures) < len(areas) * len(periods):
        return []
    points = [Point(period_words(figure.period), figure, figure.area.name) for figure in figures]
    return [line_chart(points, slug=slug, title=caption, labels="Period")]


def _differences(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "How far apart the sources are"
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
