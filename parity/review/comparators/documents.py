"""The chapter on comparators."""

import polars as pl

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import joined, parted, period_words
from parity.documents.model import Block, Cell, Chart, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure
from parity.terms.polarity import Polarity

MOST_CHARTS = 3
ABSENT = "The programme has no tables “measures” and “comparators” that compare an area with named others."
READING = (
    "Rank 1 is the best of the areas named, by the way that is good for the measure; equals share a rank. The mean is "
    "that of the others, one voice each. The charts show the measures on which the area ranks lowest."
)


def chapter(desk: Desk) -> list[Block]:
    """Every measure that others have too, beside their mean with its rank, and charts of those that rank lowest."""
    means, measures = desk.figures("comparator_mean"), desk.table("measures")
    ranks = [rank for rank in desk.figures("rank_in_group") if means.one(**rank.address).value is not None]
    if not ranks or measures is None:
        return [Paragraph((ABSENT,))]
    titles = {
        code: f"{measure} ({Polarity[polarity.upper()].value})"
        for code, measure, polarity in measures[0].select("code", "measure", "polarity").iter_rows()
    }
    groups = parted(ranks, keys=("area", "period")).values()
    blocks = (block for number, group in enumerate(groups, start=1) for block in _group(desk, group, titles, number))
    return [Paragraph((READING,)), *blocks]


def _group(desk: Desk, ranks: list[Figure], titles: dict[str, str], number: int) -> list[Block]:
    """One area in one period."""
    area, period = ranks[0].area, ranks[0].period
    ranked = [figure for figure in ranks if figure.value is not None]
    lowest = sorted(ranked, key=lambda figure: -(figure.value or 0))[:MOST_CHARTS]
    return [
        Heading(f"{area.name}, {period_words(period)}", 3),
        _table(desk, ranks, titles, slug=f"comparators-{number}"),
        *(_chart(desk, figure, titles, slug=f"comparators-{number}-{_code(figure)}") for figure in lowest),
    ]


def _table(desk: Desk, ranks: list[Figure], titles: dict[str, str], *, slug: str) -> Table:
    area, period = ranks[0].area, ranks[0].period
    rows: list[tuple[Cell, ...]] = []
    for rank in ranks:
        own, mean = (desk.figures(key).one(**rank.address) for key in ("measure_value", "comparator_mean"))
        rows.append((f"{_code(rank)}: {titles[_code(rank)]}", own, mean, rank))
    heads = ("Measure", area.name, "Mean of the others", "Rank")
    return joined(slug, f"{area.name} beside the others, {period_words(period)}", heads, rows)


def _chart(desk: Desk, rank: Figure, titles: dict[str, str], *, slug: str) -> Chart:
    """The area and its comparators on one measure."""
    code = _code(rank)
    named = _compared(desk, rank.area.code)
    values = desk.figures("measure_value").all(period=rank.period, code=code)
    points = [Point(figure.area.name, figure) for figure in values if figure.area.code in named]
    return bar_chart(points, slug=slug, title=f"{titles[code]}, {period_words(rank.period)}", labels="Area")


def _compared(desk: Desk, area: str) -> set[str]:
    """The area itself and those it is compared with on performance."""
    found = desk.table("comparators")
    if found is None:
        return {area}
    others = found[0].filter(pl.col("area") == area, pl.col("use") == "performance")
    return {area, *others["comparator"]}


def _code(figure: Figure) -> str:
    return dict(figure.where)["code"]


TOPIC = Topic(
    slug="comparators",
    stage="review",
    title="Comparators",
    lead="Where an area stands beside those it chose to be compared with.",
    chapter=chapter,
)
