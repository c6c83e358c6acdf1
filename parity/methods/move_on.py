"""Move-on: people who leave residential care for assisted living, year by year, and what that saves."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import fsum, isclose

from parity.terms.errors import WrongState


@dataclass(frozen=True, slots=True)
class Year:
    """One year: people who move in it, have moved by its end, and stay; full-year saving in pounds."""

    number: int
    moved: float
    moved_so_far: float
    staying: float
    saving: float


@dataclass(frozen=True, slots=True)
class MoveOn:
    """The flow: people out, staying, and in assisted living at the end; yearly saving in pounds when all have moved."""

    out: float
    staying: float
    assisted: float
    yearly_saving: float
    years: tuple[Year, ...]


def plan_move_on(
    residents: float,
    *,
    staying: float,
    others: float,
    yearly_shares: Sequence[float],
    weekly_difference: float,
    weeks: float,
) -> MoveOn:
    """The flow from residential care to assisted living, in people and pounds.

    `others` join assisted living from elsewhere and save nothing here; `yearly_shares` (0–1, summing to 1) say what
    part of those who leave does so in each year; `weekly_difference` is what a place in residential care costs more in
    a week. A year's saving is that of a full year for all who have moved by its end, gross of the costs of moving.
    Raises WrongState where more stay than live there, or the yearly shares do not make a whole.

    Source: seed 000, sections 10 to 12: 180 - 96 = 84 out, 84 + 3 = 87 assisted.
    """
    if not 0 <= staying <= residents or others < 0:
        raise WrongState("No more people can stay than live there now, and no number of people is negative.")
    if yearly_shares and not isclose(fsum(yearly_shares), 1):
        raise WrongState("The yearly shares of those who move must add up to the whole.")
    out = residents - staying
    a_person = weekly_difference * weeks
    moves = [out * share for share in yearly_shares]
    years = tuple(
        Year(number, moved, so_far, residents - so_far, so_far * a_person)
        for number, (moved, so_far) in enumerate(zip(moves, accumulate(moves), strict=True), start=1)
    )
    return MoveOn(out, staying, out + others, out * a_person, years)
