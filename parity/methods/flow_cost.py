"""What a run of the flow model costs each month, and what else adds up as costs do: income, staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from parity.methods.flow import Numbers
from parity.terms.errors import WrongState

WITHOUT_LIMIT = "A setting without limit has no number of places to pay for."


@dataclass(frozen=True, eq=False)
class Costs:
    """Pounds of one month in the prices of one year, each a row × (1 or draws).

    Of each person, of each place whether filled or not, and of the setting as such, a row for each setting; of each
    person moved, a row for each flow; and what is paid once in this month, one row, below 0 where money comes in.
    Income and whole-time equivalents of staff are counted in the same way.
    """

    per_person: Numbers
    per_place: Numbers
    fixed: Numbers
    per_move: Numbers
    once: Numbers


def no_costs(settings: int, flows: int) -> Costs:
    """Costs of nothing, for so many settings and flows.

    Source: convention of this package.
    """
    nothing = np.zeros((settings, 1))
    return Costs(nothing, nothing, nothing, np.zeros((flows, 1)), np.zeros((1, 1)))


def monthly_costs(
    person_months: Numbers, moved: Numbers, *, costs: Sequence[Costs], places: Sequence[Numbers], prices: Numbers
) -> Numbers:
    """Months × draws: pounds that a run costs.

    `person_months` is months × settings × draws; with one step a month these are the people at the months' ends.
    `moved` is months × flows × draws. By month, `costs` and `places` (settings × (1 or draws)) are what is paid and the
    places paid for, and `prices` (months × (1 or draws)) what a pound of the price base costs. A setting without limit
    pays for no places: its number may be infinite where a place costs nothing. Raises WrongState for places without
    limit that cost something.

    Source: unit costs times volume (Curtis, PSSRU); prices by an index of inflation (HM Treasury, Green Book).
    """
    found = []
    for _, alike in groupby(range(len(costs)), key=lambda month: (id(costs[month]), id(places[month]))):
        months = list(alike)
        now, span = costs[months[0]], slice(months[0], months[-1] + 1)
        paid = _summed(person_months[span], now.per_person) + _summed(moved[span], now.per_move)
        found.append(paid + _standing(now, places[months[0]]))
    width = max([person_months.shape[-1], *(rows.shape[-1] for rows in found)])
    return (
        np.concatenate([np.zeros((0, width)), *(np.broadcast_to(rows, (len(rows), width)) for rows in found)]) * prices
    )


def _summed(numbers: Numbers, each: Numbers) -> Numbers:
    """Months × (1 or draws): what all rows cost in each month, where each is of so many."""
    if not each.any():
        return np.zeros((len(numbers), 1))
    return np.einsum("msd,sd->md", numbers, each)


def _standing(costs: Costs, places: Numbers) -> Numbers:
    """By draw: what is paid whoever is there."""
    paid = costs.per_place > 0
    if np.isinf(places[paid.any(axis=1)]).any():
        raise WrongState(WITHOUT_LIMIT)
    ready = np.where(paid, np.where(np.isinf(places), 0, places), 0) * costs.per_place + costs.fixed
    return ready.sum(axis=0) + costs.once[0]
