"""What a run of the flow model costs each month."""

from dataclasses import dataclass

import numpy as np

from parity.methods.flow import Numbers
from parity.terms.errors import WrongState


@dataclass(frozen=True, eq=False)
class Costs:
    """Pounds in the prices of one year.

    A month's cost of each person, of each place whether filled or not, and of the setting as such (settings × draws, or
    × 1); and what is paid once, by month (months × draws, or × 1), below 0 where money comes in.
    """

    per_person: Numbers
    per_place: Numbers
    fixed: Numbers
    once: Numbers


def monthly_costs(person_months: Numbers, costs: Costs, *, places: Numbers, prices: Numbers) -> Numbers:
    """Months × draws: pounds that a run costs.

    `person_months` is months × settings × draws; with one step a month these are the people at the months' ends.
    `places` (months × settings × draws, or × 1) are those paid for, `prices` (months) what a pound of the price base
    costs in each month. A setting without limit pays for no places: its number may be infinite where a place costs
    nothing. Raises WrongState for places without limit that cost something.

    Source: unit costs times volume (Curtis, PSSRU); prices by an index of inflation (HM Treasury, Green Book).
    """
    paid = costs.per_place > 0
    if np.isinf(places[:, paid.any(axis=1)]).any():
        raise WrongState("A setting without limit has no number of places to pay for.")
    ready = np.where(paid, np.where(np.isinf(places), 0, places), 0) * costs.per_place + costs.fixed
    found = [
        np.einsum("sd,sd->d", people, np.broadcast_to(costs.per_person, people.shape)) + standing.sum(axis=0)
        for people, standing in zip(person_months, ready, strict=True)
    ]
    return (np.array(found) + costs.once) * prices[:, None]
