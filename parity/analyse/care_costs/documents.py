"""What a unit of social care costs, and the balance of care in homes and in the community, beside other councils."""

from dataclasses import replace

from parity.analyse.care_spend.documents import speaker
from parity.analyse.placed import beside, latest, not_read, of_place, own, spoken_for
from parity.analyse.spend_standing import among_words, is_far
from parity.documents.charts import bar_chart
from parity.documents.figure_tables import annexed, by, crossed, joined, spread, titled
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.tables import Desk
from parity.terms.areas import ENGLAND, Place
from parity.terms.figure import Figure

TABLES = "pss_unit_costs, pss_activity, asc_activity, asc_expenditure, pss_expenditure and those of places"
BALANCE = (
    "The share of long-term support that goes to residential and nursing care. Most people want support at home; a "
    "high share may also mean that there is little else to buy."
)
PEOPLE = (
    "People aged 18 to 64 with mental health needs, rounded to 5. Somebody with several services in the community "
    "counts in each, so the numbers are not added up. England’s hold estimates for councils that returned none."
)
COSTS = (
    "Half of all councils lie between the quartiles; rank 1 is the highest cost. A cost beyond a quartile by more than "
    "one and a half times the distance between the quartiles (Tukey’s rule) is called far above or far below. Where "
    "few people are served a unit cost swings from year to year. Costs of 2016/17 are worked out from spending and "
    "weeks after income from the NHS, and are not set beside those published until 2013/14. Costs by provider and a "
    "client, and those of 2008/09, are under each figure."
)
GROSS = "Gross, at the prices of the year."
WEEKLY, NOT_SHOWN = ", a week", ("provision", "less income")
OF_HOMES = "mental health support, 18 to 64"


def cost_blocks(desk: Desk, place: Place) -> list[Block]:
    """Balance of care by spending, people and weeks, then unit costs of the latest years among all councils."""
    found = spoken_for(desk, place, bodies="care_bodies")
    if found is None:
        return not_read("What social care costs", TABLES)
    looking, spoken = found
    return [
        Heading("Social care: homes and community", 3),
        *speaker(place, spoken),
        *_balance(looking, spoken),
        *_people(looking, spoken),
        *_weeks(looking, spoken),
        Heading("Social care: what a unit costs", 3),
        Paragraph((COSTS,)),
        *_costs_of_years(looking, spoken),
        *_changes(looking, spoken),
    ]


def _balance(desk: Desk, place: Place) -> list[Block]:
    shares = latest(of_place(desk, "care_residential_share", place))
    charted = [figure for figure in shares if by("people")(figure) == OF_HOMES]
    if not charted:
        return []
    caption = f"Share of gross long-term spending that goes to residential and nursing care, {shares[0].period}"
    return [
        Paragraph((BALANCE,)),
        bar_chart(
            beside(charted), slug="care-homes", title=f"{caption}: {OF_HOMES}", labels="Area", own=place.area.name
        ),
        spread("care-homes", caption, shares, rows=("people",), columns="area"),
    ]


def _people(desk: Desk, place: Place) -> list[Block]:
    people = latest(of_place(desk, "care_people", place))
    if not own(people, place):
        return []
    caption = f"People with a service at 31 March, {people[0].period}"
    return [Paragraph((PEOPLE,)), crossed("care-people", caption, people, rows="service", columns="area")]


def _weeks(desk: Desk, place: Place) -> list[Block]:
    weeks = latest(of_place(desk, "care_weeks", place))
    if not weeks:
        return []
    caption = f"Weeks of care in homes paid for, {weeks[0].period}"
    return [annexed(spread("care-weeks", caption, weeks, rows=("people", "service"), columns="area"))]


def _years(desk: Desk) -> list[str]:
    """The last two years of unit costs, the latest first: those worked out, and the last that were published."""
    return sorted(desk.figures("care_unit_cost").frame["period"].unique(), reverse=True)[:2]


def _shown(figures: list[Figure]) -> list[Figure]:
    """Weekly costs of each kind of care as a whole."""
    return [
        figure
        for figure in figures
        if (name := by("unit_cost")(figure)).endswith(WEEKLY) and not any(word in name for word in NOT_SHOWN)
    ]


def _costs_of_years(desk: Desk, place: Place) -> list[Block]:
    years = _years(desk)
    found = [block for year in years for block in _costs(desk, place, year, older=year != years[0])]
    return [*found, *(_far_outside(desk, years[0]) if place.area.code == ENGLAND else [])]


def _far_outside(desk: Desk, year: str) -> list[Block]:
    """The councils of England whose unit costs lie far outside the range of all, by unit cost."""
    everywhere = desk.looking_at(None)
    costs = everywhere.figures("care_unit_cost")
    far = [rank for rank in _shown(everywhere.figures("care_unit_cost_rank").all(period=year)) if is_far(rank)]
    far.sort(key=lambda rank: (by("unit_cost")(rank), rank.value or 0))
    rows = [
        (titled(by("unit_cost")(rank)), rank.area.name, costs.one(**rank.address), rank, among_words(rank))
        for rank in far
    ]
    heads = ("Unit cost", "Council", "Cost", "Rank", "Among councils")
    caption = f"Unit costs: councils far outside the range, {year}"
    return [annexed(replace(joined("unit-costs-far", caption, heads, rows), remarks=False))] if rows else []


def _costs(desk: Desk, place: Place, year: str, *, older: bool) -> list[Block]:
    """The place's unit costs of a year with the quartiles and its rank, then those of the areas compared with.

    A document leaves those of the older year to its workbook.
    """
    figures = _shown(of_place(desk, "care_unit_cost", place, period=year))
    ranks = desk.figures("care_unit_cost_rank").all(area=place.area.code, period=year)
    ranked = {by("unit_cost")(figure): figure for figure in ranks}
    quarters: dict[str, list[Figure]] = {}
    for figure in desk.figures("care_unit_cost_spread").all(area=ENGLAND, period=year):
        quarters.setdefault(by("unit_cost")(figure), []).append(figure)
    rows: list[tuple[Cell, ...]] = [
        (titled(name), figure, *quarters[name], *_rank(ranked.get(name)))
        for figure in figures
        if figure.area.code == place.area.code and (name := by("unit_cost")(figure)) in quarters
    ]
    if not rows:
        return []
    heads = ("Unit cost", place.area.name, "Lower quartile", "Median", "Upper quartile", "Rank", "Among councils")
    among = joined(f"unit-costs-{year[:4]}", f"Unit costs among all councils, {year}", heads, rows)
    mine = replace(among, remarks=False, annexed=older, notes=(GROSS,))
    others = [figure for figure in figures if figure.area.code != place.area.code]
    if not others:
        return [mine]
    caption = f"Unit costs beside other areas, {year}"
    table = spread(f"unit-costs-beside-{year[:4]}", caption, figures, rows=("unit_cost",), columns="area")
    return [mine, annexed(table)]


def _rank(figure: Figure | None) -> tuple[Cell, Cell]:
    """The rank with what it is of; England and regions have none."""
    return ("–", "Not a council.") if figure is None else (figure, among_words(figure))


def _changes(desk: Desk, place: Place) -> list[Block]:
    changes = _shown(of_place(desk, "care_unit_cost_change", place))
    if not own(changes, place):
        return []
    caption = f"Change of weekly unit costs beyond the rise of prices, {changes[0].period}, by the GDP deflator"
    return [annexed(spread("unit-cost-changes", caption, changes, rows=("unit_cost",), columns="area"))]
