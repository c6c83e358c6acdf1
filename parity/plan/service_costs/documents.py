"""The chapter on service costs."""

from dataclasses import replace

from parity.documents.charts import Point, grouped_bar_chart
from parity.documents.figure_tables import joined, parted
from parity.documents.model import Block, Cell, Chart, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.plan.service_costs.indicators import AS_IS, TO_BE
from parity.tables import Desk, Figures
from parity.terms.figure import Figure

SCENARIOS = {AS_IS: "Services as they are", TO_BE: "Services as they are to be"}
NOT_LISTED = "The source does not list this service there."
SERIES = {AS_IS: "Now", TO_BE: "To be"}
HEADS = ("Service", "Clients", "Cost of a client a week", "Cost a year, computed", "Cost a year, as printed")


def chapter(desk: Desk) -> list[Block]:
    """Each scenario service by service, both side by side, and the saving."""
    costs = desk.figures("annual_cost").all()
    if not costs:
        return [Paragraph(("The programme has no table “service_costs”, which would hold what services cost.",))]
    explained = (
        "Costs are computed from clients, weekly cost and the weeks of a year. The source's own yearly costs stand "
        "beside them: where the two differ by more than rounding, the tie-out says so."
    )
    tables = [
        _scenario(desk, figures, f"scenario-{number}")
        for number, figures in enumerate(parted(costs, keys=("scenario", "area", "period")).values(), start=1)
    ]
    charts = [
        _both(desk, figures, f"scenario-costs-{number}")
        for number, figures in enumerate(parted(costs, keys=("area",)).values(), start=1)
        if any(cost.value for cost in figures)
    ]
    return [Paragraph((explained,)), *charts, *tables, *_saving(desk)]


def _scenario(desk: Desk, costs: list[Figure], slug: str) -> Table:
    """One scenario's services, and a last row for all of them."""
    first = costs[0]
    scenario = dict(first.where)["scenario"]
    beside = ("clients", "weekly_cost", "annual_cost", "annual_cost_printed")
    rows: list[tuple[Cell, ...]] = [
        (dict(cost.where)["service"], *(desk.figures(key).one(**cost.address) for key in beside)) for cost in costs
    ]
    place = {"area": first.area.code, "period": first.period, "scenario": scenario}
    people, reckoned, printed = (
        desk.figures(key).one(**place) for key in ("scenario_clients", "scenario_cost", "scenario_cost_printed")
    )
    rows.append(("All services", people, "–", reckoned, printed))
    return joined(slug, f"{SCENARIOS[scenario]}, {first.area.name}, {first.period}", HEADS, rows)


def _both(desk: Desk, costs: list[Figure], slug: str) -> Chart:
    """Yearly cost in both scenarios of one area, of every service that costs something in either."""
    services = dict.fromkeys(dict(cost.where)["service"] for cost in costs if cost.value)
    area = costs[0].area
    known = desk.figures("annual_cost")
    points = [
        Point(service, _listed(known, area=area.code, scenario=scenario, service=service), words)
        for service in services
        for scenario, words in SERIES.items()
    ]
    title = f"Yearly cost of services as they are and as they are to be, {area.name}"
    return grouped_bar_chart(points, slug=slug, title=title, labels="Service")


def _listed(known: Figures, **where: str) -> Figure:
    """The figure there; where the scenario has no such service, a missing one that says so."""
    if known.all(**where):
        return known.one(**where)
    others = known.all(area=where["area"], scenario=where["scenario"])
    period = others[0].period if others else ""
    return replace(known.one(**where, period=period), missing=NOT_LISTED)


def _saving(desk: Desk) -> list[Block]:
    savings = desk.figures("net_saving").all()
    if not savings:
        return [Paragraph(("Only one scenario is given, so there is no saving to show.",))]
    rows: list[tuple[Cell, ...]] = []
    for saving in savings:
        where = saving.address
        printed, share, share_printed = (
            desk.figures(key).one(**where) for key in ("net_saving_printed", "saving_share", "saving_share_printed")
        )
        rows.append(("Computed", saving.area.name, saving.period, saving, share))
        rows.append(("From printed costs", saving.area.name, saving.period, printed, share_printed))
    heads = ("How", "Area", "From and to", "Saving a year", "Share of present cost")
    return [Heading("Net saving", 3), joined("net-saving", "Net saving a year", heads, rows)]


TOPIC = Topic(
    slug="service-costs",
    stage="plan",
    title="Service costs",
    lead="What services cost now, what they would cost as planned, and what that releases.",
    chapter=chapter,
)
