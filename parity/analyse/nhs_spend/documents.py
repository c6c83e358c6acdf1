"""What the NHS spends on mental health in a place, its placements far from home, and national unit costs."""

from dataclasses import replace

from parity.analyse.placed import beside, latest, of_place, own, spoken_for
from parity.analyse.spend_standing import among_words, is_far
from parity.documents.charts import bar_chart
from parity.documents.figure_tables import annexed, by, crossed, joined, parted, period_words, spread
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph
from parity.tables import Desk
from parity.terms.areas import ENGLAND, Place
from parity.terms.figure import Figure

SPENDING = (
    "What ICBs, and the commissioning groups before them, spent on mental health with learning disabilities and "
    "dementia; specialised commissioning, such as secure care, is not in it. Allocations changed in 2020/21, and "
    "shares fell with it. Earlier years are recalculated by the publisher for the bodies of 2021/22."
)
YEARS = "Each year at its own prices; bodies are those of 2021/22, under their names of today."
NOT_TOLD = "It is published of the health bodies that buy for a place, and is not told for this one."
REGION_NOT_TOLD = (
    "NHS spending is published of integrated care boards and the commissioning groups before them, and not told for "
    "this kind of area: England’s stands below, and each board’s on a page of its own."
)
BOARD = "integrated care board"
PLACED = (
    "Placements outside the usual local network, as providers reported them in their first months of doing so: not all "
    "took part, and small numbers are hidden by the publisher. Fewer is better. A share of spending is not formed: the "
    "months are before the first year whose spending is known."
)
NOT_PLACED = (
    "Placements were published by commissioning group. Those of this place were merged or changed since 2016, so only "
    "England’s can be shown."
)
NATIONAL = (
    "Averages of what providers in England spent. A unit is a contact of a team, or a bed day of a stay, as the "
    "heading says: costs under different headings are not compared, and what a commissioner pays can differ."
)


def nhs_blocks(desk: Desk, place: Place) -> list[Block]:
    """NHS spending on mental health by the bodies that buy for the place: amounts, shares of the budget, a head."""
    heading = Heading("NHS: what is spent on mental health", 3)
    found = spoken_for(desk, place, bodies="nhs_buyers")
    looking, spoken = _boards(*(found or (desk, place)))
    spending = of_place(looking, "nhs_spend", spoken)
    if not spending:
        return [heading, Paragraph((looking.figures("nhs_spend").absent or NOT_TOLD,))]
    heads = of_place(looking, "nhs_spend_per_head", spoken)
    real = looking.figures("nhs_spend_real").all(area=spoken.area.code)
    shares = of_place(looking, "nhs_spend_share", spoken)
    young = latest(of_place(looking, "nhs_spend_young", spoken))
    blocks: list[Block] = [heading, Paragraph((SPENDING,))]
    if place.area.code != ENGLAND and {figure.area.code for figure in spending} == {ENGLAND}:
        blocks.append(Callout("England alone", (REGION_NOT_TOLD,)))
    if len(heads) > 1:
        title = f"NHS spending on mental health a head, {heads[0].period}"
        blocks.append(bar_chart(beside(heads), slug="nhs-heads", title=title, labels="Area", own=spoken.area.name))
    blocks += _among_bodies(looking, spoken)
    amounts = crossed("nhs-spend", "NHS spending on mental health", spending, rows="area", columns="period")
    blocks.append(replace(amounts, remarks=False, notes=(YEARS,)))
    if shares:
        caption = "Share of the NHS allocation spent on mental health"
        blocks.append(crossed("nhs-shares", caption, shares, rows="area", columns="period"))
    if real:
        caption = f"NHS spending on mental health in prices of {real[0].price_year}: {spoken.area.name}"
        blocks.append(annexed(crossed("nhs-real", caption, real, rows="area", columns="period")))
    caption = f"NHS spending on children and young people, {young[0].period}" if young else ""
    if young:
        blocks.append(annexed(crossed("nhs-young", caption, young, rows="area", columns="purpose")))
    return blocks


def _among_bodies(desk: Desk, place: Place) -> list[Block]:
    """Where the bodies stand among all of their kind; for England, the bodies far outside the range."""
    everywhere = place.area.code == ENGLAND
    looking = desk.looking_at(None) if everywhere else desk
    ranks = looking.figures("nhs_spend_rank")
    found = sorted(filter(is_far, ranks), key=_worth) if everywhere else of_place(desk, "nhs_spend_rank", place)
    heads, quarters = looking.figures("nhs_spend_per_head"), looking.figures("nhs_spend_spread")
    rows: list[tuple[Cell, ...]] = [
        (rank.area.name, heads.one(**rank.address), *quarters.all(**rank.address), rank, among_words(rank))
        for rank in found
    ]
    names = ("Body", "A head", "Lower quartile", "Median", "Upper quartile", "Rank", "Among its kind")
    words = "bodies far outside the range" if everywhere else "among all bodies of its kind, 1 spends the most"
    caption = f"NHS spending on mental health, pounds a head: {words}, {found[0].period}" if found else ""
    table = joined("nhs-ranks", caption, names, rows)
    return [replace(table, remarks=False, bare=True)] if found else []


def _worth(rank: Figure) -> float:
    return rank.value or 0.0


def _boards(desk: Desk, place: Place) -> tuple[Desk, Place]:
    """The desk and the place without the parts of integrated care boards, where the place's own board has figures."""
    if place.area.kind != BOARD or not own(of_place(desk, "nhs_spend", place), place):
        return desk, place
    boards = tuple(area for area in place.compared if area.kind == BOARD)
    return desk, Place(place.area, boards, place.year)


def placement_blocks(desk: Desk, place: Place) -> list[Block]:
    """Placements out of area by month: number, days, cost and distance, of the bodies that buy for the place.

    Bodies compared with of which no number is known are left out. A document leaves all to its workbook where none of
    the place is known.
    """
    looking, spoken = spoken_for(desk, place, bodies="nhs_buyers") or (desk, place)
    counted = of_place(looking, "placements_out_of_area", spoken)
    known = {figure.area.code for figure in counted if figure.value is not None} | {spoken.area.code}
    counts, days, far = (
        [figure for figure in figures if figure.area.code in known]
        for figures in (
            counted,
            latest(of_place(looking, "placement_days_and_cost", spoken)),
            sorted(latest(of_place(looking, "placement_distance_share", spoken)), key=_distance),
        )
    )
    if not counts:
        return []
    blocks: list[Block] = [Heading("NHS: placements far from home", 3), Paragraph((PLACED,))]
    if place.area.code != ENGLAND and {figure.area.code for figure in counts} == {ENGLAND}:
        blocks.append(Callout("England alone", (NOT_PLACED,)))
    tables = [spread("placements", "Placements out of area", counts, rows=("area", "counted"), columns="period")]
    if days:
        caption = f"Days of placement and their cost, {period_words(days[0].period)}"
        tables.append(crossed("placement-days", caption, days, rows="measure", columns="area"))
    if far:
        caption = f"How far from home, share of active placements, {period_words(far[0].period)}"
        tables.append(crossed("placement-distance", caption, far, rows="distance", columns="area"))
    is_known = any(figure.value is not None for figure in own(counts, spoken))
    return [*blocks, *(tables if is_known else map(annexed, tables))]


def _distance(figure: Figure) -> tuple[int, bool]:
    """The first number of a band, the band below it first."""
    words = by("distance")(figure)
    return int("".join(filter(str.isdigit, words.split("km")[0]))), not words.startswith("less")


def unit_cost_blocks(desk: Desk) -> list[Block]:
    """National unit costs of mental-health care with the activity behind them, one table a kind of care."""
    costs = desk.figures("nhs_unit_cost").all()
    if not costs:
        return []
    activity = {figure.where: figure for figure in desk.figures("nhs_unit_activity").all()}
    blocks: list[Block] = [Heading("NHS: what a contact or a bed day costs", 3), Paragraph((NATIONAL,))]
    for number, ((department,), part) in enumerate(parted(costs, keys=("department",)).items(), start=1):
        rows = [(by("currency")(figure), figure, activity[figure.where]) for figure in part]
        caption = f"{department}: national unit costs, {part[0].period}"
        blocks.append(annexed(joined(f"national-costs-{number}", caption, ("Currency", "Unit cost", "Units"), rows)))
    return blocks
