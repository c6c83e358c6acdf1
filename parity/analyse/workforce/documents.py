"""The chapter on the workforce."""

from parity.analyse.workforce_people.documents import people
from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import joined, listed, parted, period_words, shown, spread, titled
from parity.documents.model import Block, Callout, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no table of posts, staff or training (workforce, workforce_people, workforce_training, "
    "staffing), so nothing is said of the workforce here."
)
BUDGETED = {
    "staffing_total": "Staff of all grades",
    "staffing_change": "Change from the year before",
    "externally_funded_share": "Share that others pay for",
}
"""What the staff by grade that a budget states tell of the workforce."""
VACANT = (
    "Funded posts that nobody fills, as a share of those funded; with a minus, more are in post than funded. A post "
    "kept open to save money is vacant too: ask before calling it a shortage."
)
FEW = (
    "Few posts of one role and grade may be known people. Put the table under a policy for small numbers before "
    "others see it; whole-time equivalents are then hidden and rounded as people are."
)


def chapter(desk: Desk) -> list[Block]:
    """Posts, vacancies, the mix of skills, who pays, rates and change; the people; and a budget's staff."""
    found = [*_posts(desk), *_vacancies(desk), *_mix(desk), *_compared(desk), *people(desk), *_budgeted(desk)]
    return found or [Paragraph((WITHOUT,))]


def _posts(desk: Desk) -> list[Block]:
    totals = desk.figures("workforce_total").all()
    if not totals:
        return []
    posts = desk.figures("staff_in_post").all()
    rows = ("role", "area", "period")
    return [
        Heading("Posts", 3),
        spread("posts", "Posts funded and filled", totals, rows=("area", "period"), columns="posts"),
        spread("staff-in-post", "Staff in post by role and employer", posts, rows=rows, columns="employer"),
        Callout("Small teams", (FEW,)),
    ]


def _vacancies(desk: Desk) -> list[Block]:
    rates = desk.figures("vacancy_rate").all()
    if not rates:
        return []
    blocks: list[Block] = [Heading("Vacancies", 3), Paragraph((VACANT,))]
    for number, ((area, period), part) in enumerate(parted(rates, keys=("area", "period")).items(), start=1):
        caption = f"Share of posts that are vacant: {area}, {period_words(period)}"
        points = [Point(shown("role")(figure), figure) for figure in part]
        blocks.append(bar_chart(points, slug=f"vacancies-{number}", title=caption, labels="Role"))
    totals = desk.figures("vacancy_rate_total").all()
    caption = "Share of all posts that are vacant"
    return [*blocks, listed("vacancies", caption, totals, rows=("area", "period"), value="Share")]


def _mix(desk: Desk) -> list[Block]:
    mix, payers = desk.figures("skill_mix_share").all(), desk.figures("workforce_funding_share").all()
    if not mix:
        return []
    rows, whose = ("role", "area", "period"), ("funding", "area", "period")
    return [
        Heading("Skills, and who pays", 3),
        spread("skill-mix", "Share of staff in post by role and grade", mix, rows=rows, columns="grade"),
        listed("funding", "Share of funded posts by who pays", payers, rows=whose, value="Share"),
    ]


def _compared(desk: Desk) -> list[Block]:
    rates, changes = desk.figures("workforce_rate").all(), desk.figures("workforce_change").all()
    rows = ("role", "area", "period")
    blocks: list[Block] = []
    if any(figure.value is not None for figure in rates):
        caption = "Staff in post per 100,000 people weighted by need"
        blocks.append(listed("workforce-rates", caption, rates, rows=rows, value="Rate"))
    if changes:
        blocks.append(listed("workforce-change", "Change of staff in post", changes, rows=rows, value="Change"))
    return [Heading("Beside others, and over time", 3), *blocks] if blocks else []


def _budgeted(desk: Desk) -> list[Block]:
    """The staff by grade that a budget states, for a programme that has no more."""
    found = [(name, figure) for key, name in BUDGETED.items() for figure in desk.figures(key)]
    if not found:
        return []
    words = "Staff as a budget states them by grade. The grades stand under Budget, in Plan."
    rows = [(name, titled(figure.area.name), _when(figure), figure) for name, figure in found]
    caption = "Staff of all grades, as budgeted"
    return [
        Heading("Staff in the budget", 3),
        Paragraph((words,)),
        joined("staff-budgeted", caption, ("Figure", "Area", "Period", "Value"), rows),
    ]


def _when(figure: Figure) -> str:
    return period_words(figure.period)


TOPIC = Topic(
    slug="workforce",
    stage="analyse",
    title="Workforce",
    lead="Who works here: posts and vacancies, the mix of skills, who pays, and the people and their training.",
    chapter=chapter,
)
