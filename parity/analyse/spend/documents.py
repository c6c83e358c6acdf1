"""The chapter on spend."""

from collections.abc import Sequence

from parity.analyse.care_spend.documents import council_blocks
from parity.analyse.nhs_spend.documents import nhs_blocks
from parity.analyse.spend_adjusted.documents import head_blocks, real_blocks
from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, shown, spread, titled
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk, Figures
from parity.terms.areas import Place
from parity.terms.figure import Figure

WITHOUT = "This programme has no table of money (spend, spend_per_head, spend_shares), so spending is not shown here."
ACCOUNT = ("statement", "area", "period")


def chapter(desk: Desk) -> list[Block]:
    """Totals, what the money goes to and who provides, spending a head, what-if, change, and tests of claims."""
    found = [
        *_totals(desk.figures("spend_total").all()),
        *_services(desk.figures("spend_share").all()),
        *_providers(desk),
        *_heads(desk),
        *head_blocks(desk),
        *_stated(desk),
        *_what_if(desk),
        *_changes(desk),
        *real_blocks(desk),
        *_claims(desk),
    ]
    return found or [Paragraph((WITHOUT,))]


def _totals(figures: list[Figure]) -> list[Block]:
    if not figures:
        return []
    warning = (
        "Each row is a statement of account with a basis of its own: gross or net, direct or whole costs, budget or "
        "spending. Rows of different statements are neither added nor compared."
    )
    return [
        Heading("The money", 3),
        Callout("Statements are not added up", (warning,)),
        listed("spend-totals", "Spending and budgets", figures, rows=ACCOUNT, value="Amount"),
    ]


def _services(figures: list[Figure]) -> list[Block]:
    """Shares by service of every statement with several, and a chart of the one with the most in its last period."""
    several = {
        key: part for key, part in parted(figures, keys=("statement", "area")).items() if _several(part, "service")
    }
    if not several:
        return []
    blocks: list[Block] = [Heading("What the money goes to", 3)]
    (statement, area), longest = max(several.items(), key=lambda item: len(_last(item[1])))
    last = _last(longest)
    title = f"Share of spending by service: {titled(statement)}, {area}, {shown('period')(last[0])}"
    points = [Point(shown("service")(figure), figure) for figure in last]
    blocks.append(bar_chart(points, slug="spend-by-service", title=title, labels="Service"))
    for number, ((statement, area), part) in enumerate(several.items(), start=1):
        caption = f"Share of spending by service: {titled(statement)}, {area}"
        blocks.append(spread(f"spend-shares-{number}", caption, part, rows=("service",), columns="period"))
    return blocks


def _several(figures: Sequence[Figure], name: str) -> bool:
    return len({by(name)(figure) for figure in figures}) > 1


def _last(figures: Sequence[Figure]) -> list[Figure]:
    """The figures of the latest period."""
    latest = max(figure.period for figure in figures)
    return [figure for figure in figures if figure.period == latest]


def _providers(desk: Desk) -> list[Block]:
    groups = parted(desk.figures("spend_by_provider_share").all(), keys=ACCOUNT).values()
    several = [figure for part in groups if _several(part, "provider") for figure in part]
    if not several:
        return []
    return [
        Heading("Who provides", 3),
        spread("spend-providers", "Share of spending by provider", several, rows=ACCOUNT, columns="provider"),
    ]


def _heads(desk: Desk) -> list[Block]:
    heads = desk.figures("spend_per_head_stated").all()
    if not heads:
        return []
    blocks: list[Block] = [Heading("Spending a head", 3)]
    for number, ((statement, period), part) in enumerate(parted(heads, keys=("statement", "period")).items(), start=1):
        caption = f"Spending a head as stated: {statement}, {period_words(period)}"
        blocks.append(spread(f"spend-heads-{number}", caption, part, rows=("area",), columns="service"))
    above = desk.figures("spend_above_comparator").all()
    if above:
        caption = "How far spending a head is above the comparator's, or with a minus below it"
        rows = ("service", "comparator", "area", "period")
        blocks.append(listed("spend-above", caption, above, rows=rows, value="Difference"))
    return blocks


def _stated(desk: Desk) -> list[Block]:
    stated = desk.figures("spend_share_stated").all()
    if not stated:
        return []
    rows = ("statement", "service", "area", "period")
    blocks: list[Block] = [
        Heading("Shares of spending as stated", 3),
        listed("spend-stated", "Shares of spending as the sources state them", stated, rows=rows, value="Share"),
    ]
    ratios = desk.figures("spend_share_ratio").all()
    if ratios:
        caption = "Stated share as a multiple of the comparator's"
        rows = ("service", "comparator", "area", "period")
        blocks.append(listed("spend-ratio", caption, ratios, rows=rows, value="Multiple"))
    return blocks


def _what_if(desk: Desk) -> list[Block]:
    reductions = desk.figures("what_if_reduction").all()
    if not reductions:
        return []
    words = (
        "What would have to be saved if spending a head fell to the comparator's and one line alone bore it. A "
        "total and figures a head are only put together where both are on one stated basis. Where they are not, the "
        "notes say so; what a source works out itself, and what that is like for like, stands in the tie-out."
    )
    keys = ("statement", "comparator", "area", "period")
    left = desk.figures("what_if_share")
    rows: list[tuple[Cell, ...]] = [
        (*(shown(key)(figure) for key in keys), figure, _largest(figure, left)) for figure in reductions
    ]
    lines = [figure for figure in left.all() if figure.value is not None]
    heads = (*(titled(key) for key in keys), "Saving", "Largest line's share then")
    caption = "Saving that would bring spending a head to the comparator's"
    blocks: list[Block] = [
        Heading("At a comparator's level", 3),
        Paragraph((words,)),
        joined("what-if", caption, heads, rows),
    ]
    told = "Share of each line that could bear the saving alone, after it has"
    each = listed("what-if-lines", told, lines, rows=("line", *keys[1:]), value="Share then")
    return [*blocks, each] if lines else blocks


def _largest(reduction: Figure, shares: Figures) -> Figure:
    """The share of the largest line of the reduction's statement, which stands first."""
    statement, where = by("statement")(reduction), {**reduction.address}
    where.pop("statement")
    return next(share for share in shares.all(**where) if by("line")(share).startswith(f"{statement}: "))


def _changes(desk: Desk) -> list[Block]:
    totals = desk.figures("spend_total_change").all()
    if not totals:
        return []
    blocks: list[Block] = [
        Heading("Change over time", 3),
        Paragraph(
            ("Changes are nominal unless a note says that prices are held at one year's: those beyond prices follow.",)
        ),
        listed("spend-change", "Change in spending", totals, rows=ACCOUNT, value="Change"),
    ]
    groups = parted(desk.figures("spend_change").all(), keys=("statement", "area"))
    for number, ((statement, area), part) in enumerate(groups.items(), start=1):
        caption = f"Change in spending by service: {titled(statement)}, {area}"
        blocks.append(spread(f"spend-change-{number}", caption, part, rows=("service",), columns="period"))
    return blocks


def _claims(desk: Desk) -> list[Block]:
    ratios = desk.figures("unit_cost_ratio_implied").all()
    growths = desk.figures("total_growth_implied").all()
    blocks: list[Block] = []
    for figure in ratios:
        subject = by("subject")(figure)
        words = (
            f"Published growth of spending on {subject} services in {figure.area.name} fits the published change in "
        )
        blocks.append(Paragraph((words, "activity only if a unit now costs ", figure, " times what it did.")))
    for figure in growths:
        words = f"If the parts of spending in {figure.area.name} grew as published, the total grew by "
        blocks.append(Paragraph((words, figure, f" ({figure.period}).")))
    return [Heading("What published changes imply", 3), *blocks] if blocks else []


def profile(desk: Desk, place: Place) -> list[Block]:
    """What councils and the NHS spend on mental health in a place, beside other areas."""
    return [*council_blocks(desk, place), *nhs_blocks(desk, place)]


TOPIC = Topic(
    slug="spend",
    stage="analyse",
    title="Spend",
    lead="What the money goes to, who provides, how that compares, and how it changed.",
    chapter=chapter,
    profile=profile,
)
