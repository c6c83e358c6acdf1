"""The chapter on supply."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from parity.analyse.directory import UNSTATED, in_use
from parity.analyse.mapped import MapChoice, map_blocks
from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, shown, spread, titled, worded
from parity.documents.maps import Spot, with_spots
from parity.documents.model import Block, Chart, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.areas import COUNTY
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has neither a directory of services nor a map of what they hold (service_directory, services, "
    "service_rates), so supply is not measured here."
)
SPOT = ("service", "service_type", "longitude", "latitude")
PLACED = {
    "service": "Service", "service_type": "Type", "provider": "Provider", "town": "Town", "postcode": "Postcode",
}  # fmt: skip
GROUND = (
    "Each mark is a service of the directory whose place is known; the areas are filled by the index of need by "
    "deprivation, 100 being England. Where a service is does not tell whom it reaches."
)
NO_GROUND = (
    "The directory tells where services are. A map of them needs the official outlines of areas and their deprivation, "
    "of which none was taken in for these areas."
)
HOW_TO_READ = (
    "What there is, by type of service. Each column is a measure of its own. A rate of people, such as a caseload, "
    "has its interval: had need been the same, chance alone could have brought so few or so many. Beds, places and "
    "posts are what was opened or hired: chance has no part in them, so their rates and the gaps in them have no "
    "interval."
)

RATES = (
    ("service_rate", "service-rates", "weighted by need"),
    ("service_rate_unweighted", "service-rates-unweighted", "of working age"),
)
"""Indicator, slug of its table, and the people of whom its rates are."""


def chapter(desk: Desk) -> list[Block]:
    """Which services there are, what they hold, rates per population, gaps to benchmarks, what stated rates imply."""
    found = [
        *_listed(desk),
        *_placed(desk),
        *_map(desk),
        *_benchmarks(desk),
        *_implied(desk.figures("implied_capacity").all()),
    ]
    return found or [Paragraph((WITHOUT,))]


def _listed(desk: Desk) -> list[Block]:
    """The locality profile: services by type, tier and client group, area beside area."""
    types = desk.figures("services_by_type").all()
    if not types:
        return []
    words = (
        "Services of the directory that are open, or closed for a time, by the area they serve. A dash is a type that "
        "the directory does not list there: ask whether there is none, or whether nobody entered it."
    )
    blocks: list[Block] = [
        Heading("Which services there are", 3),
        Paragraph((words,)),
        spread("services-by-type", "Services by type and area", types, rows=("service_type", "period"), columns="area"),
    ]
    for number, ((area, period), part) in enumerate(_tiers(desk).items(), start=1):
        title = f"Services by tier: {area}, {period_words(period)}"
        points = [Point(_tier(figure), figure) for figure in part]
        blocks.append(bar_chart(points, slug=f"services-by-tier-{number}", title=title, labels="Tier"))
    groups = desk.figures("services_by_client_group").all()
    if any(by("client_group")(figure) != UNSTATED for figure in groups):
        caption = "Services by client group and area"
        rows = ("client_group", "period")
        blocks.append(spread("services-by-client-group", caption, groups, rows=rows, columns="area"))
    return blocks


def _tiers(desk: Desk) -> dict[tuple[str, ...], list[Figure]]:
    """The counts by tier of each area whose directory names a tier at all."""
    groups = parted(desk.figures("services_by_tier").all(), keys=("area", "period"))
    return {key: part for key, part in groups.items() if any(by("tier")(figure) != UNSTATED for figure in part)}


def _tier(figure: Figure) -> str:
    name = by("tier")(figure)
    return f"Tier {name}" if name.isdigit() else titled(name)


def _placed(desk: Desk) -> list[Block]:
    """Where services are, on a map of how much their areas need; none where the directory tells no place."""
    found = desk.table("service_directory")
    placed = None if found is None else in_use(found[0]).drop_nulls(["latitude", "longitude"])
    if placed is None or placed.is_empty():
        return []
    title, spots = Heading("Where services are", 3), [Spot(*row) for row in placed.select(SPOT).iter_rows()]
    drawn = _need_map(desk, placed["area"].unique(maintain_order=True).to_list())
    if drawn is None:
        return [title, Paragraph((NO_GROUND,))]
    table = worded("services-placed", "Services on the map", placed, heads=PLACED)
    return [title, Paragraph((GROUND,)), with_spots(drawn, spots), table]


def _need_map(desk: Desk, codes: Sequence[str]) -> Chart | None:
    """The map of the index of need where services are, by the layer of outlines that has the most of these areas."""
    shapes, codes = desk.table("map_shapes"), _around(desk, codes)
    here = None if shapes is None else shapes[0].filter(pl.col("area").is_in(codes))
    figures = desk.looking_at(codes).figures("deprivation_need_index")
    if here is None or here.is_empty() or figures.frame.is_empty():
        return None
    layer = here["layer"].mode().sort()[0]
    choice = MapChoice({}, {"period": str(figures.frame["period"].max())}, [layer], layer)
    drawn = map_blocks(figures, here, choice, slug="services-on-map")[0]
    return drawn if isinstance(drawn, Chart) else None


def _around(desk: Desk, codes: Sequence[str]) -> list[str]:
    """The councils of the areas and of the counties they lie in: where there is no service is on the map too."""
    found = desk.table("council_groups")
    if found is None:
        return list(codes)
    counties = found[0].filter(pl.col("council").is_in(codes), pl.col("area").str.starts_with(COUNTY))["area"]
    councils = found[0].filter(pl.col("area").is_in([*codes, *counties]))["council"]
    return list(dict.fromkeys([*codes, *councils]))


def _map(desk: Desk) -> list[Block]:
    held = desk.figures("service_capacity").all()
    if not held:
        return []
    blocks: list[Block] = [
        Heading("The service map", 3),
        Paragraph((HOW_TO_READ,)),
        spread("service-map", "What services hold", held, rows=("service_type", "area", "period"), columns="measure"),
    ]  # fmt: skip
    rows = ("service_type", "area", "period")
    for key, slug, people in RATES:
        rates = [figure for figure in desk.figures(key).all() if figure.value is not None]
        if rates:
            caption = f"What services hold per 100,000 people {people}"
            blocks.append(replace(spread(slug, caption, rates, rows=rows, columns="measure"), bare=True))
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
    gaps, in_people = desk.figures("service_gap"), desk.figures("service_gap_in_people")
    service, measure = shown("service_type"), shown("measure")
    words = (
        "Below 100% there is less than at the benchmark. The gap, in the measure's own unit, is what would have to be "
        "opened or hired to reach it; with a minus, what there is beyond it. A gap in people seen has an interval: "
        "where it holds 0, chance alone could have brought it. Beds, places and posts, which do not come by chance, "
        "have none."
    )
    blocks: list[Block] = [Heading("Compared with benchmarks", 3), Paragraph((words,))]
    for number, ((area, period), part) in enumerate(parted(shares, keys=("area", "period")).items(), start=1):
        title = f"Supply as a share of the benchmark: {area}, {period_words(period)}"
        caption = f"Supply as a share of the benchmark, and the gap to it: {area}, {period_words(period)}"
        points = [Point(f"{service(figure)}: {measure(figure)}", figure) for figure in part]
        rows = [
            (
                service(figure),
                measure(figure),
                figure,
                next(iter(in_people.all(**figure.address)), None) or gaps.one(**figure.address),
            )
            for figure in part
        ]
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
