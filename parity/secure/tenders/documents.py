"""The chapter on tenders."""

from parity.documents.figure_tables import joined, listed, parted
from parity.documents.model import Block, Callout, Cell, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.secure.tenders.indicators import criterion_label
from parity.tables import Desk
from parity.terms.figure import Figure

ABSENT = "The programme has no tables “award_criteria” and “bids”, which would hold a tender."
STEPS = (
    "A score runs from 0 to 100. A price scores 100 times the lowest price over its own. Score times weight gives the "
    "points, and the points of all criteria add up to the total. Nothing is rounded before the bids are ranked. Equal "
    "totals are decided by the criterion of the highest weight, then the next, then the lowest price."
)
FIRM = (
    "Between the two weights the first bid stays first, the other criteria keeping their proportions. Where a "
    "criterion's own weight is close to one of them, the choice of weights decided the award."
)


def chapter(desk: Desk) -> list[Block]:
    """The criteria, the bids of each lot step by step, and how firm the first place is."""
    weights = desk.figures("criterion_weight").all()
    if not weights:
        return [Paragraph((ABSENT,))]
    criteria = listed("award-criteria", "Award criteria", weights, rows=("tender", "criterion"), value="Weight")
    totals = desk.figures("bid_total").all()
    if not totals:
        return [criteria, Paragraph(("The source gives no bids, so there is nothing to rank.",))]
    lots = parted(totals, keys=("tender", "area"))
    several = len({tender for tender, _ in lots}) > 1
    ledgers = [
        block
        for number, ((tender, lot), bids) in enumerate(lots.items(), start=1)
        for block in (
            Heading(f"{lot}, {tender}" if several else lot, 4),
            _standing(desk, bids, number),
            _ledger(desk, bids, number, several=several),
        )
    ]
    return [
        criteria,
        *_illustrative(desk),
        Heading("First place in each lot", 3),
        _winners(desk, lots),
        Heading("How firm the first place is", 3),
        Paragraph((FIRM,)),
        _ranges(desk),
        Heading("Every step, lot by lot", 3),
        Paragraph((STEPS,)),
        *ledgers,
    ]


def _illustrative(desk: Desk) -> list[Block]:
    """A warning where the bids are no real ones."""
    bids = desk.table("bids")
    if bids is None or not bids[1].illustrative:
        return []
    return [Callout("Illustrative bids", (bids[1].illustrative,))]


def _winners(desk: Desk, lots: dict[tuple[str, ...], list[Figure]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (tender, lot), bids in lots.items():
        first = bids[0]
        margin = desk.figures("bid_margin").one(area=first.area.code, tender=tender)
        ranks = [desk.figures("bid_rank").one(**bid.address) for bid in bids]
        winners = [_bidder(rank) for rank in ranks if rank.value == 1]
        rows.append((lot, tender, " and ".join(winners) or "nobody yet", first, margin))
    heads = ("Lot", "Tender", "First", "Total", "Margin over the second")
    return joined("award-first", "The first bid of each lot", heads, rows)


def _ranges(desk: Desk) -> Table:
    highest, weights = desk.figures("weight_range_high"), desk.figures("criterion_weight")
    rows: list[tuple[Cell, ...]] = []
    for lowest in desk.figures("weight_range_low"):
        where = dict(lowest.where)
        rows.append((lowest.area.name, *where.values(), weights.one(**where), lowest, highest.one(**lowest.address)))
    heads = ("Lot", "Tender", "Criterion", "Weight", "Stays first down to", "Stays first up to")
    return joined("award-weights", "Weights at which the first bid stays first", heads, rows)


def _standing(desk: Desk, bids: list[Figure], number: int) -> Table:
    prices = {(figure.area.code, figure.where): figure for figure in desk.figures("bid_price")}
    ranks = desk.figures("bid_rank")
    rows: list[tuple[Cell, ...]] = [
        (_bidder(bid), ranks.one(**bid.address), prices.get((bid.area.code, bid.where), "–"), bid) for bid in bids
    ]
    caption = f"Bids for {bids[0].area.name}"
    return joined(f"award-standing-{number}", caption, ("Bidder", "Rank", "Price", "Total"), rows)


def _ledger(desk: Desk, bids: list[Figure], number: int, *, several: bool) -> Table:
    """Score, weight and points of every bid for every criterion, each bid closed by its total."""
    tender, lot = dict(bids[0].where)["tender"], bids[0].area
    scores, points = desk.figures("bid_score"), desk.figures("bid_step")
    weights = desk.figures("criterion_weight").all(tender=tender)
    rows: list[tuple[Cell, ...]] = []
    for bid in bids:
        for weight in weights:
            name = dict(weight.where)["criterion"]
            where = {
                "area": lot.code,
                "bidder": _bidder(bid),
                "criterion": criterion_label(tender, name, several=several),
            }
            rows.append((_bidder(bid), name, scores.one(**where), weight, points.one(**where)))
        rows.append((_bidder(bid), "All criteria", "–", "–", bid))
    heads = ("Bidder", "Criterion", "Score", "× weight", "= points")
    return joined(f"award-steps-{number}", f"Every step for {lot.name}", heads, rows)


def _bidder(figure: Figure) -> str:
    return dict(figure.where)["bidder"]


TOPIC = Topic(
    slug="tenders",
    stage="secure",
    title="Tenders",
    lead="By which criteria bids are judged, how each bid scores, and how firm the result is.",
    chapter=chapter,
)
