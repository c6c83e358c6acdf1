"""The chapter on the population."""

from parity.analyse.localities.documents import ward_map
from parity.analyse.mapped import WHOLE_INDEX
from parity.analyse.placed import beside, latest, not_told, of_place, own, spoken_for
from parity.analyse.residents import EVERYBODY, resident_year
from parity.documents.charts import Point, bar_chart, line_chart
from parity.documents.figure_tables import annexed, by, joined, listed, parted, period_words, shown, spread
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.areas import Place
from parity.terms.figure import Figure

SHOWN_GROWING = ("18-64", "65 and over", "85 and over")
POPULATION_TABLES = "population_projections, population_small_areas, lsoa_wards, lsoa_health, lsoa_changes"
PROJECTED = (
    "Projected from the estimates of mid-{base}, the base year, by how many were born, died and moved in the years "
    "before it. All that is told of need rests on this projection."
)
ESTIMATED = (
    "What was estimated since says whether the projection came true. Estimates of councils are read up to mid-2020, "
    "rolled forward from the census of 2011; those of health bodies rest on the census of 2021."
)
WHY_LISTS_DIFFER = (
    "Lists are published of health bodies, not of councils: these are the bodies in which the place lies, then those "
    "of the areas it is compared with. A list counts who is registered with their practices wherever they live; "
    "residents are who lives in their area. Lists are mostly longer: people who moved away or died stay on them for a "
    "while, some are on two, people cross borders to their practice, and estimates of residents miss some who came "
    "lately. A rate must name which it uses: set what practices record against lists, and what councils plan against "
    "residents."
)
NO_LISTS = "How many are registered with practices is published of health bodies, and is not told for this place."
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


def profile(desk: Desk, place: Place) -> list[Block]:
    """People by age now and in years to come, ethnic groups, religion and deprivation, beside other areas."""
    return [
        *_people(desk, place),
        *_registered(desk, place),
        *_groups(desk, place, "census_ethnic_share", "ethnic_group", "Ethnic groups"),
        *_multiples(desk, place),
        *_broad_groups(desk, place),
        *_groups(desk, place, "census_religion_share", "religion", "Religion"),
        *_deprived(desk, place),
    ]


def _people(desk: Desk, place: Place) -> list[Block]:
    figures = of_place(desk, "residents", place, sex=EVERYBODY)
    year = [figure for figure in figures if figure.period == place.year]
    if not own(year, place):
        return not_told(desk, place, "The number of people", key="residents", stems=POPULATION_TABLES)
    grown = [
        Point(period_words(figure.period), figure, by("age_group")(figure))
        for figure in own(figures, place)
        if by("age_group")(figure) in SHOWN_GROWING
    ]
    caption = f"People who live here by age, {place.year}"
    sexes = own(of_place(desk, "residents", place, period=place.year), place)
    base = min(figure.period for figure in figures)
    return [
        Heading("People", 3),
        Paragraph((PROJECTED.format(base=base),)),
        spread("people", caption, year, rows=("area",), columns="age_group"),
        line_chart(grown, slug="people-growing", title=f"People of {place.area.name} as projected", labels="Year"),
        annexed(spread("people-by-sex", f"{caption}, men and women", sexes, rows=("age_group",), columns="sex")),
        *_estimated(desk, place),
    ]


def _estimated(desk: Desk, place: Place) -> list[Block]:
    """What was estimated since of the years that were projected."""
    above = own(of_place(desk, "projected_above_estimated", place), place)
    if not above:
        return []
    code, projected, estimated = place.area.code, desk.figures("residents"), desk.figures("residents_estimated")
    rows = [
        (
            each.period,
            projected.one(area=code, period=each.period, age_group="all ages", sex=EVERYBODY),
            estimated.one(area=code, period=each.period),
            each,
        )
        for each in above
    ]
    heads = ("Year", "Projected", "Estimated since", "Projected above estimated")
    caption = f"People of {place.area.name} as projected, and as estimated since"
    return [Paragraph((ESTIMATED,)), joined("estimated", caption, heads, rows)]


def _registered(desk: Desk, place: Place) -> list[Block]:
    """People registered with practices beside residents, of the health bodies that speak for the place."""
    title = Heading("People registered with practices", 3)
    spoken = spoken_for(desk, place, bodies="registering_bodies")
    if spoken is None:
        return [title, Paragraph((NO_LISTS,))]
    bodies, told = spoken
    above = latest(of_place(bodies, "registered_above_residents", told))
    if not above:
        return [title, Paragraph((bodies.figures("registered_people").absent or NO_LISTS,))]
    period = above[0].period
    lived = {"period": resident_year(period), "age_group": "all ages", "sex": EVERYBODY}
    listed, residents = bodies.figures("registered_people"), bodies.figures("residents")
    rows = [
        (each.area.name, listed.one(area=code, period=period), residents.one(area=code, **lived), each)
        for each in above
        if (code := each.area.code)
    ]
    heads = (
        "Health body",
        f"Registered, {period}",
        f"Residents, mid-{resident_year(period)}",
        "Registered above residents",
    )
    caption = f"People registered with practices beside residents, {period}"
    return [title, Paragraph((WHY_LISTS_DIFFER,)), joined("registered", caption, heads, rows)]


def _groups(desk: Desk, place: Place, key: str, dimension: str, title: str) -> list[Block]:
    figures = latest(of_place(desk, key, place))
    if not own(figures, place):
        return []
    caption = f"{title} as shares of the population, census of {figures[0].period}"
    order = sorted(own(figures, place), key=lambda figure: -(figure.value or 0))
    ranked = {by(dimension)(figure): number for number, figure in enumerate(order)}
    sorted_figures = sorted(figures, key=lambda figure: ranked[by(dimension)(figure)])
    return [
        Heading(title, 3),
        spread(key.replace("_", "-"), caption, sorted_figures, rows=(dimension,), columns="area"),
    ]


MOST_GROUPS = 10
"""So many of the groups of a place are charted, the largest: the table beside the chart has them all."""


def _multiples(desk: Desk, place: Place) -> list[Block]:
    """Which groups are larger or smaller here than in England."""
    figures = latest(of_place(desk, "census_ethnic_quotient", place))
    if not own(figures, place):
        return []
    caption = f"Share of each ethnic group as a multiple of England’s, census of {figures[0].period}"
    shares = own(latest(of_place(desk, "census_ethnic_share", place)), place)
    by_size = sorted(shares, key=lambda figure: -(figure.value or 0))
    largest = [by("ethnic_group")(figure) for figure in by_size[:MOST_GROUPS]]
    charted = [figure for figure in own(figures, place) if by("ethnic_group")(figure) in largest]
    points = [Point(shown("ethnic_group")(figure), figure) for figure in charted]
    ranked = sorted(points, key=lambda point: -(point.figure.value or 0))
    table = spread("ethnic-multiples", caption, figures, rows=("ethnic_group",), columns="area")
    words = "1 means the same share as in England, 2 twice the share. Groups well above 1 need services that suit them."
    title = f"{place.area.name}: its {len(points)} largest ethnic groups, each share as a multiple of England’s, "
    title += f"census of {figures[0].period}"
    return [
        Paragraph((words,)),
        bar_chart(ranked, slug="ethnic-multiples-here", title=title, labels="Ethnic group"),
        annexed(table),
    ]


def _broad_groups(desk: Desk, place: Place) -> list[Block]:
    """Five groups from small areas, where nineteen are not counted: in wards and health bodies."""
    if own(of_place(desk, "census_ethnic_share", place), place):
        return []
    return _groups(desk, place, "census_broad_ethnic_share", "ethnic_group", "Ethnic groups")


def _deprived(desk: Desk, place: Place) -> list[Block]:
    figures = of_place(desk, "most_deprived_share", place)
    whole = [figure for figure in figures if by("domain")(figure) == WHOLE_INDEX]
    if not own(figures, place):
        return []
    words = (
        "Small areas (LSOA, about 1,600 people) are ranked over all England. One in ten would lie in the most deprived "
        "tenth if the place were like England."
    )
    caption = f"Share of small areas in the most deprived tenth of England, {figures[0].period}"
    together = f"{caption}: all domains together"
    scores = sorted(of_place(desk, "deprivation_score", place), key=_whole_first)
    titled = f"Score of deprivation, {figures[0].period}"
    return [
        Heading("Deprivation", 3),
        Paragraph((words,)),
        bar_chart(beside(whole), slug="most-deprived", title=together, labels="Area", own=place.area.name),
        spread("most-deprived-domains", caption, sorted(figures, key=_whole_first), rows=("domain",), columns="area"),
        annexed(spread("deprivation-scores", titled, scores, rows=("domain",), columns="area")),
        *ward_map(desk, place),
    ]


def _whole_first(figure: Figure) -> tuple[bool, str]:
    """Sorts all domains together before each of them."""
    return by("domain")(figure) != WHOLE_INDEX, by("domain")(figure)


TOPIC = Topic(
    slug="population",
    stage="analyse",
    title="Population",
    lead="Who lives here, and how that differs from the places this area is compared with.",
    chapter=chapter,
    profile=profile,
)
