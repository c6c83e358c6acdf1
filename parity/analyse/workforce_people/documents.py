"""The part of the workforce's chapter that tells of its people."""

from parity.analyse.workforce_people.indicators import ALL
from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, shown, spread
from parity.documents.model import Block, Cell, Heading, Paragraph
from parity.tables import Desk
from parity.terms.units import write_number

WHO = (
    "Shares are of those who stated their group. Heads are counted, not hours: two people on half time are one "
    "whole-time equivalent. Small numbers are hidden, and the others rounded, unless the programme says that they "
    "are published already."
)
OLDER = (
    "Staff of {} and over. They need not leave, but they may, often several of one team within a year: a role with a "
    "high share needs successors in training now."
)
BESIDE = (
    "1 means that a group's share of the staff is its share of the population; 2, that it is twice that. Where the "
    "interval holds 1, chance alone may explain the difference. A team whose area differs from its patients' has to be "
    "read with care."
)
TRAINED = (
    "Of those who should have a training, how many have it. Small teams scatter: the interval says how far chance may "
    "have moved a share. People are counted once for each course."
)


def people(desk: Desk) -> list[Block]:
    """Staff by age, sex and ethnic group, those near retirement, staff beside the population, and training."""
    return [*_who(desk), *_older(desk), *_beside_population(desk), *_training(desk)]


def _who(desk: Desk) -> list[Block]:
    shares = desk.figures("staff_group_share").all()
    if not shares:
        return []
    unstated = desk.figures("staff_not_stated_share").all()
    rows = ("characteristic", "group", "period")
    blocks: list[Block] = [
        Heading("Who the staff are", 3),
        Paragraph((WHO,)),
        spread(
            "staff-groups", "Share of staff by age, sex, ethnic group or disability", shares, rows=rows, columns="area"
        ),
    ]
    if unstated:
        caption = "Share of staff whose group is not known"
        blocks.append(spread("staff-not-stated", caption, unstated, rows=("characteristic", "period"), columns="area"))
    return blocks


def _older(desk: Desk) -> list[Block]:
    shares, people, older = (desk.figures(key) for key in ("staff_older_share", "staff_people", "staff_older"))
    rows: list[tuple[Cell, ...]] = [
        (_everybody(by("role")(share), "roles"), share.area.name, period_words(share.period),
         people.one(**share.address), older.one(**share.address), share)
        for share in shares
    ]  # fmt: skip
    if not rows:
        return []
    age = write_number(shares.assumptions[0].value)
    heads = ("Role", "Area", "Period", "People employed", f"{age} and over", "Share of those whose age is known")
    return [
        Heading("Who may retire", 3),
        Paragraph((OLDER.format(age),)),
        joined("staff-older", f"Staff of {age} and over by role", heads, rows),
    ]


def _beside_population(desk: Desk) -> list[Block]:
    ratios = desk.figures("staff_representation").all()
    if not any(ratio.value is not None for ratio in ratios):
        return []
    blocks: list[Block] = [Heading("Staff beside the people they serve", 3), Paragraph((BESIDE,))]
    for number, ((area, period), part) in enumerate(parted(ratios, keys=("area", "period")).items(), start=1):
        caption = f"Share of staff as a multiple of the share of the population: {area}, {period_words(period)}"
        points = [Point(by("ethnic_group")(figure), figure) for figure in part]
        blocks += [
            bar_chart(points, slug=f"staff-representation-{number}", title=caption, labels="Ethnic group"),
            listed(f"staff-representation-{number}", caption, part, rows=("ethnic_group",), value="Multiple"),
        ]
    return blocks


def _training(desk: Desk) -> list[Block]:
    shares, remaining = desk.figures("training_share").all(), desk.figures("training_remaining")
    if not shares:
        return []
    rows = [
        (shown("course")(share), _everybody(by("employer")(share), "employers"), share.area.name,
         period_words(share.period), share, remaining.one(**share.address))
        for share in shares
    ]  # fmt: skip
    heads = ("Course", "Employer", "Area", "Period", "Trained", "Still to be trained")
    return [
        Heading("Training", 3),
        Paragraph((TRAINED,)),
        joined("training", "Staff who have a training, of those who should", heads, rows),
    ]


def _everybody(name: str, kind: str) -> str:
    return f"All {kind}" if name == ALL else name
