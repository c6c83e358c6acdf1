"""The chapter on the budget."""

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import joined, parted
from parity.documents.model import Block, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.plan.budget.indicators import CONTROLLABLE, EXPENSES, GROSS, INCOME
from parity.tables import Desk
from parity.terms.figure import Figure

HEADINGS = {
    "employee": "Employees",
    "running": "Running costs",
    "contracts": "Contracts",
    "transfers": "Transfers",
    "external_income": "External income",
    "internal_income": "Internal income",
    GROSS: "Gross",
    CONTROLLABLE: "Controllable",
}
FUNDING = {
    "own": "All funding",
    "external": "Paid for by others",
    "of which external": "Of which paid for by others",
}


def chapter(desk: Desk) -> list[Block]:
    """The budget by line and heading, its change from year to year, and the staff it pays."""
    budget, staff = _budget(desk), _staff(desk)
    if not budget and not staff:
        return [Paragraph(("The programme has no table “budget”, which would hold its lines by heading.",))]
    return [*budget, *staff]


def _budget(desk: Desk) -> list[Block]:
    lines = desk.figures("budget_controllable").all()
    groups = parted(lines, keys=("area", "period")).values()
    return [block for number, figures in enumerate(groups, start=1) for block in _year(desk, figures, number)]


def _year(desk: Desk, lines: list[Figure], number: int) -> list[Block]:
    """One area's budget of one year; only the controllable amounts where the source gives no headings for it."""
    area, period = lines[0].area, lines[0].period
    place = {"area": area.code, "period": period}
    total = desk.figures("budget_total").one(**place, heading=CONTROLLABLE)
    gross = desk.figures("budget_gross").all(**place)
    heading = Heading(f"{area.name}, {period}", 3)
    if not gross:
        rows = [*((_line(figure), figure) for figure in lines), ("All lines", total)]
        caption = f"Controllable budget, {area.name}, {period}"
        return [heading, joined(f"budget-{number}", caption, ("Line", "Controllable"), rows)]
    sentence = _sentence(desk, place)
    points = [Point(_line(figure), figure) for figure in gross]
    return [
        heading,
        sentence,
        bar_chart(points, slug=f"budget-gross-{number}", title=f"Gross budget, {area.name}, {period}", labels="Line"),
        _headings(desk, gross, f"budget-headings-{number}"),
        _results(desk, gross, f"budget-{number}"),
    ]


def _sentence(desk: Desk, place: dict[str, str]) -> Paragraph:
    gross = desk.figures("budget_total").one(**place, heading=GROSS)
    income = desk.figures("income_recovery").one(**place)
    total = desk.figures("budget_total").one(**place, heading=CONTROLLABLE)
    return Paragraph(
        (
            "The gross budget is ",
            gross,
            ". Income pays ",
            income,
            " of it, which leaves a controllable budget of ",
            total,
            ".",
        )
    )


def _headings(desk: Desk, gross: list[Figure], slug: str) -> Table:
    """What each line is made of: one column a heading that the source uses."""
    area, period = gross[0].area, gross[0].period
    place = {"area": area.code, "period": period}
    amounts, totals = desk.figures("budget_amount"), desk.figures("budget_total")
    used = {dict(figure.where)["heading"] for figure in amounts.all(**place)}
    shown = [name for name in (*EXPENSES, *INCOME) if name in used]
    rows: list[tuple[Cell, ...]] = [
        (_line(figure), *(amounts.one(**figure.address, heading=name) for name in shown)) for figure in gross
    ]
    rows.append(("All lines", *(totals.one(**place, heading=name) for name in shown)))
    caption = f"Budget by heading, {area.name}, {period}"
    return joined(slug, caption, ("Line", *(HEADINGS[name] for name in shown)), rows)


def _results(desk: Desk, gross: list[Figure], slug: str) -> Table:
    """Gross and controllable amount of each line, its share, and its change from the year before where there is one."""
    area, period = gross[0].area, gross[0].period
    place = {"area": area.code, "period": period}
    controllable, shares, totals = (
        desk.figures(key) for key in ("budget_controllable", "budget_share", "budget_total")
    )
    changes = {_line(figure): figure for figure in _ending(desk.figures("budget_change").all(area=area.code), period)}
    overall = _ending(desk.figures("budget_total_change").all(area=area.code), period)
    rows: list[tuple[Cell, ...]] = []
    for figure in gross:
        where = figure.address
        more = (shares.one(**where), controllable.one(**where), changes.get(_line(figure), "–"))
        rows.append((_line(figure), figure, *more))
    both = (totals.one(**place, heading=name) for name in (GROSS, CONTROLLABLE))
    gross_total, controllable_total = both
    rows.append(("All lines", gross_total, "–", controllable_total, overall[0] if overall else "–"))
    heads = ("Line", "Gross", "Share of gross", "Controllable", "Controllable: change on the year before")
    return joined(slug, f"Gross and controllable budget, {area.name}, {period}", heads, rows)


def _ending(changes: list[Figure], period: str) -> list[Figure]:
    """The changes up to this period."""
    return [figure for figure in changes if figure.period.endswith(period)]


def _line(figure: Figure) -> str:
    return dict(figure.where)["line"]


def _staff(desk: Desk) -> list[Block]:
    """Staff by grade, and what a whole-time equivalent costs."""
    staff = desk.figures("staffing_wte").all()
    if not staff:
        return []
    rows: list[tuple[Cell, ...]] = []
    for figure in staff:
        where = dict(figure.where)
        rows.append((where["grade"], figure.area.name, figure.period, FUNDING[where["funding"]], figure))
    names = {
        "staffing_total": "Staff of all grades",
        "staffing_change": "Change from the year before",
        "externally_funded_share": "Share that others pay for",
        "employee_cost_per_wte": "Employee cost of a whole-time equivalent",
    }
    sums = [
        (name, figure.area.name, figure.period, figure) for key, name in names.items() for figure in desk.figures(key)
    ]
    return [
        Heading("Staff", 3),
        joined("staff", "Staff by grade", ("Grade", "Area", "Year", "Funding", "Staff"), rows),
        joined("staff-sums", "Staff of all grades", ("Figure", "Area", "Year", "Value"), sums),
    ]


TOPIC = Topic(
    slug="budget",
    stage="plan",
    title="Budget",
    lead="What the service may spend, on what, how that changes from year to year, and whom it pays.",
    chapter=chapter,
)
