"""The chapter on performance."""

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, parted, period_words
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk, Figures
from parity.terms.figure import Figure

WITHOUT = "This programme has no measures and no ranks (measures, ranks), so performance is not compared here."


def chapter(desk: Desk) -> list[Block]:
    """Measures beside those of the areas compared with, and ranks as the sources state them."""
    found = [*_compared(desk), *_single(desk), *_stated(desk)]
    return found or [Paragraph((WITHOUT,))]


def _compared(desk: Desk) -> list[Block]:
    """One table for each area that has comparators with values."""
    ranks, means = desk.figures("rank_in_group"), desk.figures("comparator_mean")
    ranked = [figure for figure in ranks.all() if means.one(**figure.address).value is not None]
    if not ranked:
        return []
    words = "Rank 1 is the best of the areas named, by whether a high or a low value is good; equals share a rank."
    blocks: list[Block] = [Heading("Compared with named areas", 3), Paragraph((words,))]
    values, described = desk.figures("measure_value"), _described(desk)
    for number, ((area, period), part) in enumerate(parted(ranked, keys=("area", "period")).items(), start=1):
        home = part[0].area.code
        others = _others(desk, home, values, period)
        heads = ("Measure", area, *(desk.areas[code].name for code in others), "Mean of the others", "Rank")
        rows = [
            (described[by("code")(rank)], *_beside(values, rank, [home, *others]), means.one(**rank.address), rank)
            for rank in part
        ]
        blocks.append(
            joined(
                f"performance-{number}", f"Measures of {area} beside the others, {period_words(period)}", heads, rows
            )
        )
    return blocks


def _described(desk: Desk) -> dict[str, str]:
    """The measure in words with its code, by code."""
    found = desk.table("measures")
    if found is None:
        return {}
    return {code: f"{measure} ({code})" for code, measure in found[0].select("code", "measure").iter_rows()}


def _others(desk: Desk, home: str, values: Figures, period: str) -> list[str]:
    """The codes of the areas compared with that have a measure in this period, in the order they are listed."""
    found = desk.table("comparators")
    if found is None:
        return []
    measured = {figure.area.code for figure in values.all(period=period)}
    pairs = found[0].select("area", "comparator", "use").iter_rows()
    return [code for area, code, use in pairs if use == "performance" and area == home and code in measured]


def _beside(values: Figures, rank: Figure, codes: list[str]) -> tuple[Cell, ...]:
    return tuple(values.one(**{**rank.address, "area": code}) for code in codes)


def _single(desk: Desk) -> list[Block]:
    """Measures of areas that cannot be compared, so that none is left unseen."""
    ranks = desk.figures("rank_in_group")
    shown = {tuple(figure.address.items()) for figure in ranks.all() if figure.value is not None}
    compared = {code for figure in ranks.all() if figure.value is not None for code in [by("code")(figure)]}
    alone = [
        figure
        for figure in desk.figures("measure_value").all()
        if tuple(figure.address.items()) not in shown and by("code")(figure) not in compared
    ]
    if not alone:
        return []
    described = _described(desk)
    rows = [(described[by("code")(figure)], figure.area.name, period_words(figure.period), figure) for figure in alone]
    heads = ("Measure", "Area", "Period", "Value")
    return [
        Heading("Measures without a comparison", 3),
        joined("measures-alone", "Measures of which no other area's value is known", heads, rows),
    ]


def _stated(desk: Desk) -> list[Block]:
    ranks, shares = desk.figures("stated_rank").all(), desk.figures("stated_rank_percentile").all()
    found = desk.table("ranks")
    if not ranks or found is None:
        return []
    words = dict(found[0].select("code", "measure").iter_rows())
    rows = [
        (f"{words[by('code')(rank)]} ({by('code')(rank)})", rank.area.name, period_words(rank.period), rank, share)
        for rank, share in zip(ranks, shares, strict=True)
    ]
    heads = ("Measure", "Area", "Period", "Rank", "Others that do no better")
    blocks: list[Block] = [
        Heading("Ranks as stated", 3),
        Paragraph(("100% is the best of the group, 0% the last. The sources do not always name the members.",)),
    ]
    for number, ((area, period), part) in enumerate(parted(shares, keys=("area", "period")).items(), start=1):
        title = f"Share of the comparator group that does no better: {area}, {period_words(period)}"
        points = [Point(by("code")(figure), figure) for figure in part]
        blocks.append(bar_chart(points, slug=f"ranks-chart-{number}", title=title, labels="Measure"))
    return [*blocks, joined("ranks", "Ranks in a comparator group, as the sources state them", heads, rows)]


TOPIC = Topic(
    slug="performance",
    stage="analyse",
    title="Performance",
    lead="How this area does beside the areas it is compared with.",
    chapter=chapter,
)
