"""Evaluation of bids: weighted criteria, a price score, ties, every step of the sum, and how firm the winner is.

Fractions are exact, so that no bid wins or loses by rounding; what is shown is rounded once, at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from parity.methods.money import exactly
from parity.terms.errors import WrongState
from parity.terms.units import Unit

FULL = 100
"""Scores run from 0 to 100, and the weights of the criteria add up to 100."""

Number = Decimal | int | str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with its weight of 100; `from_price` where its score follows from the price."""

    key: str
    title: str
    weight: Number
    from_price: bool = False


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid: its name, its price in pounds, its score (0–100) for each criterion that is not scored from the price."""

    name: str
    scores: Mapping[str, Number]
    price: Number | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic: the bid, the criterion (or empty), the sentence, and the number it arrives at."""

    bid: str
    criterion: str
    words: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a bid stands: rank, total and the weighted score of each criterion, all exact."""

    rank: int
    bid: str
    total: Fraction
    weighted: Mapping[str, Fraction]

    def total_to(self, places: int) -> Decimal:
        """The total, rounded half up to that many decimal places.

        Source: arithmetic; rounded once, for display only.
        """
        scaled = Decimal(self.total.numerator) / Decimal(self.total.denominator)
        return scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The bids from first to last, and every step that led there."""

    standings: tuple[Standing, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class WeightRange:
    """The weights (of 100) of one criterion between which the winner stays first, the others rescaled in proportion."""

    criterion: str
    weight: Fraction
    low: Fraction
    high: Fraction


def price_score(price: Number | Fraction, lowest: Number | Fraction) -> Fraction:
    """Score 0–100 of a price: 100 for the lowest, half of that for one twice as high.

    Source: 100 x lowest / price, usual in public tenders. Raises WrongState for a price that is not above zero.
    """
    if exactly(price) <= 0 or exactly(lowest) <= 0:
        raise WrongState("A price must be above zero to be scored.")
    return FULL * exactly(lowest) / exactly(price)


def evaluate_bids(criteria: Sequence[Criterion], bids: Sequence[Bid]) -> Evaluation:
    """The bids ranked by weighted score, with every step of the arithmetic in words and numbers.

    Equal totals are decided, before any rounding, by the criterion of the highest weight, then the next, then the
    lowest price; bids equal in all of that share a rank. Only compliant bids belong here, since each price score
    depends on the lowest price. Raises WrongState for weights that do not add up to 100, a missing score or price, a
    score outside 0–100, or a name used twice.

    Source: sum of weight x score / 100, with price score 100 x lowest / price.
    """
    check_criteria(criteria)
    scores, prices = _scores(criteria, bids), _prices(criteria, bids)
    steps = _price_steps(criteria, scores, prices)
    weighted: dict[str, dict[str, Fraction]] = {}
    totals: dict[str, Fraction] = {}
    for name in scores:
        *parts, last = _sum_steps(criteria, scores[name], name)
        steps.extend([*parts, last])
        weighted[name], totals[name] = {part.criterion: part.value for part in parts}, last.value
    by_weight = sorted(criteria, key=lambda criterion: -exactly(criterion.weight))
    merit = {
        name: (-totals[name], *(-scores[name][criterion.key] for criterion in by_weight), prices.get(name, Fraction(0)))
        for name in totals
    }
    order = sorted(totals, key=lambda name: merit[name])
    ranks = {name: 1 + sum(merit[other] < merit[name] for other in order) for name in order}
    standings = tuple(Standing(ranks[name], name, totals[name], weighted[name]) for name in order)
    titles = [*(f"their scores for {criterion.title}" for criterion in by_weight), "their prices, the lower first,"]
    steps.extend(_tie_steps(standings, merit, titles))
    steps.extend(
        Step(one.bid, "", f"{one.bid} has rank {one.rank} with {_text(one.total)}.", Fraction(one.rank))
        for one in standings
    )
    return Evaluation(standings, tuple(steps))


def weight_ranges(criteria: Sequence[Criterion], bids: Sequence[Bid]) -> tuple[WeightRange, ...]:
    """For each criterion, the lowest and highest weight at which the winner still has the highest total (or shares it).

    Empty without bids. A criterion that holds all the weight has no others to rescale, so its range is that weight.

    Source: linear inequalities in the weight w: score x w + rest x (100 - w), for the winner and each other bid.
    """
    evaluation = evaluate_bids(criteria, bids)
    if not evaluation.standings:
        return ()
    scores = _scores(criteria, bids)
    winner, *others = (standing.bid for standing in evaluation.standings)
    found = []
    for criterion in criteria:
        weight = exactly(criterion.weight)
        if weight == FULL:
            found.append(WeightRange(criterion.key, weight, weight, weight))
            continue
        rest = {
            name: sum(exactly(other.weight) * parts[other.key] for other in criteria if other is not criterion)
            / (FULL - weight)
            for name, parts in scores.items()
        }
        low, high = Fraction(0), Fraction(FULL)
        for other in others:
            behind = rest[winner] - rest[other]
            slope = (scores[winner][criterion.key] - scores[other][criterion.key] - behind) / FULL
            if slope > 0:
                low = max(low, -behind / slope)
            elif slope < 0:
                high = min(high, -behind / slope)
        found.append(WeightRange(criterion.key, weight, low, high))
    return tuple(found)


def check_criteria(criteria: Sequence[Criterion]) -> None:
    """Nothing; raises WrongState where the criteria cannot be used.

    Source: published weights must add up to 100, each above or equal to 0, each criterion once.
    """
    weights = [exactly(criterion.weight) for criterion in criteria]
    if sum(weights) != FULL or min(weights) < 0:
        raise WrongState(f"The weights of the criteria must add up to {FULL}, and none may be negative.")
    if len({criterion.key for criterion in criteria}) < len(criteria):
        raise WrongState("A criterion is named twice.")


def _prices(criteria: Sequence[Criterion], bids: Sequence[Bid]) -> dict[str, Fraction]:
    """The price of each bid in pounds; empty where no criterion asks for prices and not all are known."""
    without = [bid.name for bid in bids if bid.price is None]
    if not without:
        return {bid.name: exactly(bid.price) for bid in bids if bid.price is not None}
    if any(criterion.from_price for criterion in criteria):
        raise WrongState(f"The price of {', '.join(without)} is not known.")
    return {}


def _scores(criteria: Sequence[Criterion], bids: Sequence[Bid]) -> dict[str, dict[str, Fraction]]:
    """The score of each bid for each criterion."""
    if len({bid.name for bid in bids}) < len(bids):
        raise WrongState("A bid is named twice.")
    prices = _prices(criteria, bids)
    return {
        bid.name: {
            criterion.key: price_score(prices[bid.name], min(prices.values()))
            if criterion.from_price
            else _given_score(bid, criterion)
            for criterion in criteria
        }
        for bid in bids
    }


def _given_score(bid: Bid, criterion: Criterion) -> Fraction:
    given = bid.scores.get(criterion.key)
    if given is None:
        raise WrongState(f"{bid.name} has no score for {criterion.title}.")
    score = exactly(given)
    if not 0 <= score <= FULL:
        raise WrongState(f"The score of {bid.name} for {criterion.title} must lie between 0 and {FULL}.")
    return score


def _price_steps(
    criteria: Sequence[Criterion], scores: Mapping[str, Mapping[str, Fraction]], prices: Mapping[str, Fraction]
) -> list[Step]:
    """How each price became a score."""
    priced = [criterion for criterion in criteria if criterion.from_price]
    steps = []
    for name, criterion in ((name, criterion) for name in scores for criterion in priced):
        score, lowest = scores[name][criterion.key], min(prices.values())
        sum_in_words = f"{FULL} × {_pounds(lowest)} ÷ {_pounds(prices[name])} = {_text(score)}"
        words = f"{name}, {criterion.title}: {sum_in_words}, the lowest price over its own."
        steps.append(Step(name, criterion.key, words, score))
    return steps


def _sum_steps(criteria: Sequence[Criterion], scores: Mapping[str, Fraction], name: str) -> list[Step]:
    """Score by weight for each criterion of one bid, then their total."""
    steps = []
    for criterion in criteria:
        weight, score = exactly(criterion.weight), scores[criterion.key]
        value = weight * score / FULL
        sum_in_words = f"{_text(score)} × {_text(weight)} ÷ {FULL} = {_text(value)}"
        words = f"{name}, {criterion.title}: {sum_in_words}, score by weight."
        steps.append(Step(name, criterion.key, words, value))
    total = sum((step.value for step in steps), start=Fraction(0))
    summands = " + ".join(_text(step.value) for step in steps)
    return [*steps, Step(name, "", f"{name}: {summands} = {_text(total)} in total.", total)]


def _tie_steps(
    standings: Sequence[Standing], merit: Mapping[str, tuple[Fraction, ...]], titles: Sequence[str]
) -> list[Step]:
    """A sentence for each pair of neighbours with equal totals: what put one before the other, if anything did."""
    steps = []
    for above, below in pairwise(standings):
        if above.total != below.total:
            continue
        pairs = zip(merit[above.bid][1:], merit[below.bid][1:], titles, strict=True)
        reason = next((title for first, second, title in pairs if first != second), None)
        tie = f"{above.bid} and {below.bid} have equal totals"
        words = f"{tie}; {reason} decide." if reason else f"{tie}, scores and prices, and share a rank."
        steps.append(Step(above.bid, "", words, above.total))
    return steps


def _text(number: Fraction) -> str:
    return Unit.SCORE.write(float(number), bare=True)


def _pounds(number: Fraction) -> str:
    return Unit.GBP_EXACT.write(float(number))
