"""The chapter on key performance indicators."""

import polars as pl

from parity.documents.figure_tables import joined, listed, period_words
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.review.kpis.rules import state_of
from parity.tables import Desk
from parity.terms.polarity import Polarity

ABSENT = "The programme has no table “kpis”, which would hold indicators with target and estimate."
READING = (
    "A variance is the estimate less the target, as a share of the target. Whether more is good depends on the "
    "indicator, so the standing says in words whether the target was met."
)
NEXT = {"set": "set", "new": "new, none yet", "pending": "pending", "none": "none"}


def chapter(desk: Desk) -> list[Block]:
    """How many indicators stand where, then each with target, estimate, variance and the state of its next target."""
    found = desk.table("kpis")
    if found is None or found[0].is_empty():
        return [Paragraph((ABSENT,))]
    counts = desk.figures("kpis_count").all()
    groups = found[0].with_columns(state=state_of()).group_by("area", "period", maintain_order=True)
    blocks: list[Block] = [
        Paragraph((READING,)),
        listed("kpi-states", "Indicators by how they stand", counts, rows=("state", "area", "period"), value="Number"),
        *_pending(found[0]),
    ]
    for number, ((area, period), rows) in enumerate(groups, start=1):
        name = desk.areas[str(area)].name if area in desk.areas else str(area)
        when = period_words(str(period))
        blocks += [Heading(f"{name}, {when}", 3), _table(desk, rows, number, caption=f"Indicators, {name}, {when}")]
    return blocks


def _pending(kpis: pl.DataFrame) -> list[Block]:
    """A warning where no indicator at all has a target for the next period."""
    if (kpis["next_target_state"] == "set").any():
        return []
    return [Callout("The next targets are open", ("No indicator has a target for the period that follows.",))]


def _table(desk: Desk, rows: pl.DataFrame, number: int, *, caption: str) -> Table:
    keys = ("kpi_target", "kpi_estimate", "kpi_variance")
    cells: list[tuple[Cell, ...]] = []
    for row in rows.iter_rows(named=True):
        where = {"area": row["area"], "period": row["period"], "code": row["code"]}
        figures = (desk.figures(key).one(**where) for key in keys)
        standing = f"{row['state']}; {Polarity[row['polarity'].upper()].value}"
        cells.append((f"{row['code']}: {row['measure']}", *figures, standing, NEXT[row["next_target_state"]]))
    heads = ("Indicator", "Target", "Estimate", "Variance", "Standing", "Next target")
    return joined(f"kpis-{number}", caption, heads, cells)


TOPIC = Topic(
    slug="kpis",
    stage="review",
    title="Performance indicators",
    lead="Which promises are kept, which are not, and which have no target or no data yet.",
    chapter=chapter,
)
