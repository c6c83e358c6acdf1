"""The chapter on supply."""

from dataclasses import replace

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import joined, listed, parted, period_words, shown, spread
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = "This programme has no map of services (services, service_rates), so supply is not measured here."


def chapter(desk: Desk) -> list[Block]:
    """The service map, its rates per weighted population, the gap to benchmarks, and what stated rates imply."""
    found = [*_map(desk), *_benchmarks(desk), *_implied(desk.figures("implied_capacity").all())]
    return found or [Paragraph((WITHOUT,))]


def _map(desk: Desk) -> list[Block]:
    held = desk.figures("service_capacity").all()
    if not held:
        return []
    blocks: list[Block] = [
        Heading("The service map", 3),
        Paragraph(("What there is, by type of service. Each column is a measure of its own.",)),
        spread("service-map", "What services hold", held, rows=("service_type", "area", "period"), columns="measure"),
    ]  # fmt: skip
    rates = [figure for figure in desk.figures("service_rate").all() if figure.value is not None]
    if rates:
        caption = "What services hold per 100,000 people weighted by need"
        rows = ("service_type", "area", "period")
        blocks.append(replace(spread("service-rates", caption, rates, rows=rows, columns="measure"), bare=True))
    solved = desk.figures("weighted_population_implied").all()
    if solved:
        words = "The source does not print the population that its rates are of. Solved from its own rows it is:"
        caption = "Population weighted by need, solved from the service map"
        blocks += [
            Paragraph((words,)),
            listed("weighted-solved", caption, solved, rows=("area", "period"), value="Weighted people"),
        ]
    return blocks


def _benchmarks(desk: Desk) -> list[Block]:
    shares = desk.figures("service_share_of_benchmark").all()
    if not shares:
        return []
    gaps = desk.figures("service_gap")
    service, measure = shown("service_type"), shown("measure")
    words = (
        "Below 100% there is less than at the benchmark. The gap, in the measure's own unit, is what would have to be "
        "opened or hired to reach it; with a minus, what there is beyond it."
    )
    blocks: list[Block] = [Heading("Compared with benchmarks", 3), Paragraph((words,))]
    for number, ((area, period), part) in enumerate(parted(shares, keys=("area", "period")).items(), start=1):
        title = f"Supply as a share of the benchmark: {area}, {period_words(period)}"
        caption = f"Supply as a share of the benchmark, and the gap to it: {area}, {period_words(period)}"
        points = [Point(f"{service(figure)}: {measure(figure)}", figure) for figure in part]
        rows = [(service(figure), measure(figure), figure, gaps.one(**figure.address)) for figure in part]
        blocks += [
            bar_chart(points, slug=f"benchmark-chart-{number}", title=title, labels="Service"),
            joined(f"benchmark-{number}", caption, ("Service type", "Measure", "Share of benchmark", "Gap"), rows),
        ]
    return blocks


def _implied(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    caption = "What the stated rates imply services hold"
    words = "A stated rate times the weighted population. Numbers close to whole or half posts confirm the rate's unit."
    rows = ("service_type", "measure", "area", "period")
    return [
        Heading("What stated rates imply", 3),
        Paragraph((words,)),
        listed("implied-capacity", caption, figures, rows=rows, value="In the measure's unit"),
    ]


TOPIC = Topic(
    slug="supply",
    stage="analyse",
    title="Supply",
    lead="What services there are for the people of this area, and how far that is from a benchmark.",
    chapter=chapter,
)
