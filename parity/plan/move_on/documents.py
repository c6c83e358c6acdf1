"""The chapter on move-on."""

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import joined
from parity.documents.model import Block, Callout, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.figure import Figure

ABSENT = (
    "The programme's tables show no accommodation that people leave for another: that needs a table “service_costs” "
    "with clients as they are and as they are to be."
)
PROMISE = (
    "A plan may promise a round share in words. The share here is what its own table of clients gives; where a "
    "printed promise differs, the tie-out lists it."
)
COSTS_LEFT_OUT = (
    "The saving is that of a full year for everyone who has moved by then. Moving people, double running and empty "
    "places cost money that is not in it."
)


def chapter(desk: Desk) -> list[Block]:
    """Who leaves, who stays, what the new accommodation takes in, and the saving year by year."""
    moves = desk.figures("move_on_out").all()
    if not moves:
        return [Paragraph((ABSENT,))]
    blocks = [block for number, out in enumerate(moves, start=1) for block in _move(desk, out, number)]
    return [*blocks, Callout("What is promised and what is planned", (PROMISE,))]


def _move(desk: Desk, out: Figure, number: int) -> list[Block]:
    """One area's move."""
    keys = ("move_on_staying", "move_on_assisted", "residential_reduction", "move_on_saving")
    staying, joining, reduction, saving = (desk.figures(key).one(**out.address) for key in keys)
    sentence = Paragraph(
        (
            *(f"{out.note} ", out, " people leave, ", reduction, " of those who live there now; ", staying, " stay. "),
            *("The new accommodation takes in ", joining, ". Once all have moved, the saving is ", saving, " a year."),
        )
    )
    so_far = desk.figures("move_on_saving_so_far")
    people = desk.figures("move_on_people").all(**out.address)
    years = [(f"Year {dict(figure.where)['year']}", figure) for figure in people]
    title = f"People who have moved on, {out.area.name}, {out.period}"
    rows = [(name, figure, so_far.one(**figure.address)) for name, figure in years]
    heads = ("By the end of", "People moved", "Saving of a full year")
    points = [Point(name, saved) for name, _, saved in rows]
    chart_title = f"Saving of those who have moved on, {out.area.name}"
    return [
        Heading(f"{out.area.name}, {out.period}", 3),
        sentence,
        bar_chart(points, slug=f"move-on-saving-{number}", title=chart_title, labels="By the end of"),
        joined(f"move-on-{number}", title, heads, rows),
        Paragraph((COSTS_LEFT_OUT,)),
    ]


TOPIC = Topic(
    slug="move-on",
    stage="plan",
    title="Move-on",
    lead="How many people leave one kind of accommodation for another, and what that saves year by year.",
    chapter=chapter,
)
