"""The chapter on the resource of several bodies."""

from collections.abc import Sequence
from dataclasses import replace

from parity.analyse.care_costs.documents import cost_blocks
from parity.analyse.nhs_spend.documents import placement_blocks, unit_cost_blocks
from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, shown, titled
from parity.documents.model import Block, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.tables import Desk
from parity.terms.areas import Place
from parity.terms.figure import Figure

WITHOUT = (
    "This programme has no spending of several bodies or by tier, and does not say which services are care in hospital "
    "or in the community, or are bought by a contract (spend, care_settings, contract_services), so nothing is shown."
)


def chapter(desk: Desk) -> list[Block]:
    """The combined resource with who brings what, spending by tier, balance of care, and cost per person."""
    found = [*_combined(desk), *_tiers(desk), *_balance(desk), *_per_person(desk)]
    return found or [Paragraph((WITHOUT,))]


def _combined(desk: Desk) -> list[Block]:
    shares = desk.figures("combined_resource_share").all()
    if not shares:
        return []
    amounts, totals = desk.figures("combined_resource"), desk.figures("combined_resource_total")
    words = (
        "What several bodies spend on one purpose, seen as one. Where the bodies count on different bases the sum is "
        "only an order of size, and the table says so."
    )
    blocks: list[Block] = [Heading("Combined resource", 3), Paragraph((words,))]
    for number, ((statement, period), part) in enumerate(parted(shares, keys=("statement", "period")).items(), start=1):
        named = f"{titled(statement)}, {period_words(period)}"
        caption = f"Resource of several bodies: {named}"
        total = totals.all(statement=statement, period=period)
        if total:
            blocks.append(Paragraph((f"{named}, all bodies together: ", total[0], ".")))
        rows = [_row(figure, amounts.one(**figure.address)) for figure in part]
        blocks.append(joined(f"resource-{number}", caption, ("Body", "Area", "Amount", "Share"), rows))
    return blocks


def _row(share: Figure, amount: Figure) -> tuple[Cell, ...]:
    return by("body")(share), share.area.name, amount, share


def _tiers(desk: Desk) -> list[Block]:
    tiers = sorted(desk.figures("tier_share").all(), key=by("tier"))
    if not tiers:
        return []
    rows = ("statement", "area", "period")
    words = (
        "Tier 4 is the most intensive care, tier 1 what is open to everyone. Shares are of the money that could be "
        "given to a tier; the last column is the share of all the money that could not."
    )
    highest = by("tier")(tiers[-1])
    several = [part for part in parted(tiers, keys=rows).values() if len(part) > 1]
    points = [
        Point(", ".join(shown(name)(figure) for name in rows), figure)
        for part in several
        for figure in part
        if by("tier")(figure) == highest
    ]
    title = f"Share of spending in tier {highest}, where a statement has several tiers"
    charts = [bar_chart(points, slug="tier-chart", title=title, labels="Statement")] if points else []
    return [
        Heading("By tier of service", 3),
        Paragraph((words,)),
        *charts,
        _by_tier(desk, tiers, rows),
    ]


def _by_tier(desk: Desk, tiers: Sequence[Figure], keys: Sequence[str]) -> Table:
    """One row a statement: its shares by tier, then the share that no tier could be found for."""
    names = list(dict.fromkeys(by("tier")(figure) for figure in tiers))
    left = desk.figures("unallocated_share")
    rows: list[tuple[Cell, ...]] = []
    for part in parted(tiers, keys=keys).values():
        first, found = part[0], {by("tier")(figure): figure for figure in part}
        where = {"area": first.area.code, "period": first.period, "statement": by("statement")(first)}
        words = (shown(key)(first) for key in keys)
        rows.append((*words, *(found.get(name, "–") for name in names), left.one(**where)))
    heads = (*(titled(key) for key in keys), *(f"Tier {name}" for name in names), "In no tier")
    table = joined("tiers", "Share of allocated spending by tier of service", heads, rows)
    return replace(table, notes=("– : the source has no such line.",))


def _balance(desk: Desk) -> list[Block]:
    """Hospital and long-term care against the community: by money, and by what is counted."""
    kinds = (("care_balance_spend", "statement", "spending"), ("care_balance_activity", "measure", "activity"))
    tables: list[Block] = [
        listed(key.replace("_", "-"), f"Hospital and long-term care against the community, by {words}", figures,
               rows=(dimension, "area", "period"), value="Ratio")
        for key, dimension, words in kinds
        if (figures := desk.figures(key).all())
    ]  # fmt: skip
    words = "1 means as much for hospital and long-term care as for the community; 2, twice as much."
    return [Heading("Balance of care", 3), Paragraph((words,)), *tables] if tables else []


def _per_person(desk: Desk) -> list[Block]:
    costs = desk.figures("cost_per_person").all()
    if not costs:
        return []
    rows = ("service_type", "area", "period")
    caption = "Yearly value of the contracts of a service for each person it supports"
    return [Heading("Cost per person", 3), listed("cost-per-person", caption, costs, rows=rows, value="A year")]


def profile(desk: Desk, place: Place) -> list[Block]:
    """Balance of care and unit costs of councils, placements far from home, and national unit costs of the NHS."""
    return [*cost_blocks(desk, place), *placement_blocks(desk, place), *unit_cost_blocks(desk)]


TOPIC = Topic(
    slug="resource",
    stage="analyse",
    title="Resource",
    lead="What several bodies spend on one purpose, how it is spread over tiers and settings, and what a person costs.",
    chapter=chapter,
    profile=profile,
)
