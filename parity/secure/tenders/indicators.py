"""Figures of a tender: prices, scores, weighted points, totals, ranks, and how firm the winner is. The area is the lot.

Scores and points have no room for the tender among their dimensions: where a programme has several tenders, the
tender's name stands before the criterion's.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from parity.analyse.scope import UNDATED, of_the_programme
from parity.methods.evaluate_bids import FULL, Bid, Criterion, Evaluation, evaluate_bids, price_score, weight_ranges
from parity.terms.basis import Basis
from parity.terms.errors import WrongState
from parity.terms.indicator import indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

PLACE = ("area", "period")
PRICE = "price"
NO_CRITERIA = "The tender has no criteria by which to score its bids."
ONLY_ONE = "There is only one bid, so there is no second."
Row = dict[str, Any]


@dataclass(frozen=True)
class _Lot:
    """The bids for one lot of one tender, its criteria, and what stands before a criterion's name."""

    tender: str
    area: str
    criteria: tuple[Criterion, ...]
    bids: tuple[Bid, ...]
    before: str

    @property
    def place(self) -> Row:
        """The keys of every figure of this lot."""
        return {"area": self.area, "period": UNDATED, "tender": self.tender}

    def evaluated(self) -> Evaluation:
        """The bids from first to last. Raises WrongState with the sentence that says why they cannot be ranked."""
        if not self.criteria:
            raise WrongState(NO_CRITERIA)
        return evaluate_bids(self.criteria, self.bids)


@indicator(
    rows="C4",
    title="Weight of an award criterion",
    unit=Unit.SHARE,
    numerator="Share of the total score",
    formula="as published in the tender",
    purpose="Let bidders know what counts before they bid",
    dimensions=("tender", "criterion"),
)
def criterion_weight(award_criteria: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) of each criterion in its tender's total score."""
    return of_the_programme(award_criteria.sort("tender", "number")).select(
        *PLACE, "tender", "criterion", value="weight"
    )


@indicator(
    rows="C4",
    title="Price of a bid",
    unit=Unit.GBP,
    numerator="Price bid for the lot",
    formula="as bid",
    purpose="See what the price score rests on",
    polarity=Polarity.LOW,
    dimensions=("tender", "bidder"),
    basis=Basis.NOT_STATED,
)
def bid_price(bids: pl.DataFrame) -> pl.DataFrame:
    """Pounds of each bid that names a price."""
    priced = bids.filter(pl.col("price_gbp").is_not_null()).unique(["tender", "lot", "bidder"], maintain_order=True)
    return priced.select("tender", "bidder", area="lot", period=pl.lit(UNDATED), value="price_gbp")


@indicator(
    rows="C4",
    title="Score of a bid for a criterion",
    unit=Unit.SCORE,
    numerator="Moderated score 0–100; for the price, 100 × lowest price",
    denominator="none; for the price, its own price",
    formula="as moderated; for the price 100 × lowest price ÷ its own",
    purpose="See where a bid is strong and where it is weak",
    polarity=Polarity.HIGH,
    dimensions=("bidder", "criterion"),
)
def bid_score(bids: pl.DataFrame, award_criteria: pl.DataFrame) -> pl.DataFrame:
    """Score (0–100) of each bid for each criterion, before weighting."""
    return _frame(
        (row for lot in _lots(bids, award_criteria) for row in _score_rows(lot)), dimensions=("bidder", "criterion")
    )


@indicator(
    rows="C4",
    title="Weighted points of a bid for a criterion",
    unit=Unit.SCORE,
    numerator="Score × weight",
    formula="score (0–100) × weight",
    purpose="Show every step that leads to the total",
    polarity=Polarity.HIGH,
    dimensions=("bidder", "criterion"),
)
def bid_step(bids: pl.DataFrame, award_criteria: pl.DataFrame) -> pl.DataFrame:
    """Points that each criterion adds to each bid's total."""

    def points(lot: _Lot, evaluation: Evaluation) -> Iterator[Row]:
        for standing in evaluation.standings:
            for criterion in lot.criteria:
                name = lot.before + criterion.title
                yield {"bidder": standing.bid, "criterion": name, "value": standing.weighted[criterion.key]}

    def unranked(lot: _Lot) -> Iterator[Row]:
        for bid in lot.bids:
            for criterion in lot.criteria:
                yield {"bidder": bid.name, "criterion": lot.before + criterion.title}

    return _frame(_each(bids, award_criteria, points, unranked), dimensions=("bidder", "criterion"))


@indicator(
    rows="C4",
    title="Total score of a bid",
    unit=Unit.SCORE,
    numerator="Weighted points of all criteria",
    formula="sum over criteria of score × weight",
    purpose="Find the bid that meets the criteria best",
    polarity=Polarity.HIGH,
    dimensions=("tender", "bidder"),
)
def bid_total(bids: pl.DataFrame, award_criteria: pl.DataFrame) -> pl.DataFrame:
    """Total score (0–100) of each bid, from first to last."""

    def total_scores(_: _Lot, evaluation: Evaluation) -> Iterator[Row]:
        yield from ({"bidder": standing.bid, "value": standing.total} for standing in evaluation.standings)

    return _frame(_each(bids, award_criteria, total_scores, _bidders), dimensions=("tender", "bidder"))


@indicator(
    rows="C4",
    title="Rank of a bid",
    unit=Unit.RANK,
    numerator="Bids with a higher total, and one",
    formula="1 for the highest total; equal totals are decided by the criterion of the highest weight, then by price",
    purpose="Name the bid that is first",
    polarity=Polarity.LOW,
    dimensions=("tender", "bidder"),
)
def bid_rank(bids: pl.DataFrame, award_criteria: pl.DataFrame) -> pl.DataFrame:
    """Rank of each bid for its lot, 1 the first."""

    def ranks(_: _Lot, evaluation: Evaluation) -> Iterator[Row]:
        yield from ({"bidder": standing.bid, "value": standing.rank} for standing in evaluation.standings)

    return _frame(_each(bids, award_criteria, ranks, _bidders), dimensions=("tender", "bidder"))


@indicator(
    rows="C4",
    title="Margin of the first bid over the second",
    unit=Unit.SCORE,
    numerator="Total score of the first bid − that of the second",
    formula="highest total − second highest total",
    purpose="See how close the decision is",
    dimensions=("tender",),
)
def bid_margin(bids: pl.DataFrame, award_criteria: pl.DataFrame) -> pl.DataFrame:
    """Points between the first bid and the second, for each lot."""

    def margin(_: _Lot, evaluation: Evaluation) -> Iterator[Row]:
        first, *others = evaluation.standings
        yield {"value": first.total - others[0].total} if others else {"missing": ONLY_ONE}

    return _frame(_each(bids, award_criteria, margin, lambda _: ({},)), dimensions=("tender",))


@indicator(
    rows="C4",
    title="Lowest weight of a criterion at which the winner stays first",
    unit=Unit.SHARE,
    numerator="Weight of the criterion, the others rescaled in proportion",
    formula="smallest weight at which no other bid has a higher total",
    purpose="See whether the choice of weights decided the award",
    dimensions=("tender", "criterion"),
)
def weight_range_low(bids: pl.DataFrame, award_criteria: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) down to which each criterion's weight can fall before another bid is first."""
    return _weight_range(bids, award_criteria, "low")


@indicator(
    rows="C4",
    title="Highest weight of a criterion at which the winner stays first",
    unit=Unit.SHARE,
    numerator="Weight of the criterion, the others rescaled in proportion",
    formula="largest weight at which no other bid has a higher total",
    purpose="See whether the choice of weights decided the award",
    dimensions=("tender", "criterion"),
)
def weight_range_high(bids: pl.DataFrame, award_criteria: pl.DataFrame) -> pl.DataFrame:
    """Share (0–1) up to which each criterion's weight can rise before another bid is first."""
    return _weight_range(bids, award_criteria, "high")


def criterion_label(tender: str, criterion: str, *, several: bool) -> str:
    """The criterion's name as scores and points carry it: behind its tender's where there are several tenders."""
    return _before(tender, several=several) + criterion


def _before(tender: str, *, several: bool) -> str:
    return f"{tender}: " if several else ""


def _lots(bids: pl.DataFrame, award_criteria: pl.DataFrame) -> Iterator[_Lot]:
    """The lots of all tenders, in the order of the bids."""
    several = bids["tender"].n_unique() > 1
    for (tender, area), rows in bids.group_by("tender", "lot", maintain_order=True):
        chosen = award_criteria.filter(pl.col("tender") == tender).sort("number")
        yield _Lot(
            tender=str(tender),
            area=str(area),
            criteria=tuple(_criterion(row) for row in chosen.iter_rows(named=True)),
            bids=tuple(_bid(str(name), lines) for (name,), lines in rows.group_by("bidder", maintain_order=True)),
            before=_before(str(tender), several=several),
        )


def _criterion(row: Row) -> Criterion:
    weight = Decimal(str(row["weight"])) * FULL
    return Criterion(row["criterion"], row["criterion"], weight, from_price=row["scored_as"] == PRICE)


def _bid(name: str, lines: pl.DataFrame) -> Bid:
    scores = {
        row["criterion"]: Decimal(str(row["score"])) for row in lines.iter_rows(named=True) if row["score"] is not None
    }
    price = lines["price_gbp"].drop_nulls().first()
    return Bid(name, scores, None if price is None else Decimal(str(price)))


def _score_rows(lot: _Lot) -> Iterator[Row]:
    """The score of each bid for each criterion, or the sentence that says why it has none."""
    lowest = min((bid.price for bid in lot.bids if bid.price is not None), default=None)
    for bid in lot.bids:
        for criterion in lot.criteria:
            keys = {**lot.place, "bidder": bid.name, "criterion": lot.before + criterion.title}
            if not criterion.from_price:
                given = bid.scores.get(criterion.key)
                yield {**keys, "value": given, "missing": "No score is given." if given is None else None}
            elif bid.price is None or lowest is None:
                yield {**keys, "missing": "No price is given."}
            else:
                yield {**keys, "value": price_score(bid.price, lowest)}


def _each(
    bids: pl.DataFrame,
    award_criteria: pl.DataFrame,
    ranked: Callable[[_Lot, Evaluation], Iterable[Row]],
    unranked: Callable[[_Lot], Iterable[Row]],
) -> Iterator[Row]:
    """The rows of every lot: `ranked` where its bids can be ranked, else `unranked` with the reason."""
    for lot in _lots(bids, award_criteria):
        try:
            evaluation = lot.evaluated()
        except WrongState as refusal:
            yield from ({**lot.place, **row, "missing": str(refusal)} for row in unranked(lot))
        else:
            yield from ({**lot.place, **row} for row in ranked(lot, evaluation))


def _bidders(lot: _Lot) -> Iterator[Row]:
    yield from ({"bidder": bid.name} for bid in lot.bids)


def _weight_range(bids: pl.DataFrame, award_criteria: pl.DataFrame, end: str) -> pl.DataFrame:
    """One end of the range of each criterion's weight, for each lot."""

    def ends(lot: _Lot, _: Evaluation) -> Iterator[Row]:
        for found in weight_ranges(lot.criteria, lot.bids):
            yield {"criterion": found.criterion, "value": getattr(found, end) / FULL}

    def unranked(lot: _Lot) -> Iterator[Row]:
        yield from ({"criterion": criterion.title} for criterion in lot.criteria)

    return _frame(_each(bids, award_criteria, ends, unranked), dimensions=("tender", "criterion"))


def _frame(rows: Iterable[Row], *, dimensions: tuple[str, ...]) -> pl.DataFrame:
    """The rows as a frame; exact values become floats here and nowhere before."""
    names = (*PLACE, *dimensions, "missing")
    plain = [{**row, "value": None if row.get("value") is None else float(row["value"])} for row in rows]
    return pl.DataFrame(plain, schema={**dict.fromkeys(names, pl.String()), "value": pl.Float64()})
