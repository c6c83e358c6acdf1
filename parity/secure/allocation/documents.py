"""The chapter on the allocation to lots."""

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import crossed, joined, listed, parted
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

ABSENT = (
    "The programme has no table “allocation_factors”, which would hold people, prevalence, deprivation and rurality "
    "of each lot."
)
WEIGHTS = (
    "The source names the factors and gives neither weights nor numbers of the districts. Those used here are "
    "illustrative: weights are to be decided and published before bidders are asked."
)
STEPS = (
    "Each lot's people count more or less by its prevalence and deprivation, each with its weight, and a little more "
    "by the share who live in rural places. A lot's share of the budget is its share of these weighted people. Pounds "
    "are whole, and what rounding leaves over goes to the largest remainders, so that the lots add up to the budget. "
    "Population, prevalence and deprivation share the whole weight; rurality comes on top of it."
)
OFF = "Each column compares the allocation with one in which that factor is off. The effects need not add up."


def chapter(desk: Desk) -> list[Block]:
    """The weights, every step from people to pounds, and what each factor does."""
    people = desk.figures("lot_people").all()
    if not people:
        return [Paragraph((ABSENT,))]
    periods = parted(people, keys=("period",)).values()
    return [
        Callout("Illustrative: the weights and the districts' numbers are not the source's", (WEIGHTS,)),
        listed(
            "allocation-weights",
            "Weights of the factors",
            desk.figures("allocation_weight").all(),
            rows=("factor", "period"),
            value="Weight",
        ),
        Heading("From people to shares", 3),
        Paragraph((STEPS,)),
        *(_steps(desk, lots, f"allocation-steps-{number}") for number, lots in enumerate(periods, start=1)),
        *_pounds(desk),
    ]


def _steps(desk: Desk, lots: list[Figure], slug: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for people in lots:
        where = people.address
        indices = (desk.figures("lot_index").one(**where, factor=name) for name in ("prevalence", "deprivation"))
        more = (desk.figures(key).one(**where) for key in ("lot_rural_share", "lot_weighted_people", "lot_share"))
        rows.append((people.area.name, people, *indices, *more))
    heads = (
        "Lot",
        "People",
        "Prevalence index",
        "Deprivation index",
        "Rural share",
        "Weighted people",
        "Share of the budget",
    )
    return joined(slug, f"From people to shares, {lots[0].period}", heads, rows)


def _pounds(desk: Desk) -> list[Block]:
    """The pounds of each lot for each budget, with and without a floor, and the effect of each factor."""
    allocations = parted(desk.figures("lot_allocation").all(), keys=("allocation", "period"))
    if not allocations:
        return [Paragraph(("The programme has no table “allocation_budgets”, so there are shares but no pounds.",))]
    return [
        block
        for number, ((name, period), lots) in enumerate(allocations.items(), start=1)
        for block in _allocation(desk, lots, f"{name}, {period}", number)
    ]


def _allocation(desk: Desk, lots: list[Figure], name: str, number: int) -> list[Block]:
    with_floor = desk.figures("lot_allocation_with_floor")
    rows = [(lot.area.name, lot, with_floor.one(**lot.address)) for lot in lots]
    points = [Point(lot.area.name, lot) for lot in lots]
    where = {"period": lots[0].period, **dict(lots[0].where)}
    effects = desk.figures("factor_effect").all(**where)
    return [
        Heading(name[:1].upper() + name[1:], 3),
        bar_chart(points, slug=f"allocation-chart-{number}", title=f"Allocation to each lot, {name}", labels="Lot"),
        joined(f"allocation-{number}", f"Allocation, {name}", ("Lot", "Allocation", "With a floor"), rows),
        Paragraph((OFF,)),
        crossed(
            f"allocation-effects-{number}",
            f"What each factor does, {name}",
            effects,
            rows="area",
            columns="factor",
            head="Lot",
        ),
    ]


TOPIC = Topic(
    slug="allocation",
    stage="secure",
    title="Allocation to lots",
    lead="How a budget is shared among localities, with every step and every weight in the open.",
    chapter=chapter,
)
