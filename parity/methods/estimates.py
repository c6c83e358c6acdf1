"""Estimates: numbers with an interval, how each is drawn from it, and what is wrong with those that cannot be used."""

from dataclasses import dataclass
from math import inf

import numpy as np

from parity.methods.chance import Chance, normals
from parity.methods.intervals import z_for

LEVEL = 0.95
BELOW = "it is below 0."


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number as stated, the ends of its 95% interval where it has one, and the least and the most that it can be.

    A value of None is not known.
    """

    value: float | None
    lower: float | None = None
    upper: float | None = None
    least: float = 0
    most: float = inf

    @property
    def is_uncertain(self) -> bool:
        """Whether it has an interval, so that it is drawn."""
        return self.lower is not None and self.upper is not None and self.lower != self.upper


def estimate_draws(estimate: Estimate, *, name: str, chance: Chance) -> np.ndarray:
    """1 + draws, or 1 where there is no interval: the value as stated, then draws that belong to the name.

    The value is the median of the draws. It is known, and nothing is wrong with it (`faults_of_estimate`).

    Source: as for `at_normals`.
    """
    if not estimate.is_uncertain:
        return np.array([estimate.value], float)
    found = at_normals(estimate, np.concatenate([[0.0], normals(chance, [name])[0, 0].astype(float)]))
    found[0] = estimate.value
    return found


def at_normals(estimate: Estimate, normal: np.ndarray) -> np.ndarray:
    """What an uncertain number is where a standard normal draw is `normal`: at 0 its value.

    A share between 0 and 1 is normal on the logit scale, other numbers above 0 on the logarithmic scale, and the
    rest on their own; the standard deviation there is the distance of the ends over 3.92. Draws that no such number can
    be (people below 0, a share above 1) are the nearest that it can.

    Source: Briggs, Sculpher and Claxton 2006, chapter 4, distributions for parameters; as `need_rates.rate_draws`.
    """
    value, lower, upper = (np.float64(end) for end in (estimate.value, estimate.lower, estimate.upper))
    spread = 2 * z_for(LEVEL)
    if (estimate.least, estimate.most) == (0, 1) and lower > 0 and upper < 1:
        low, middle, high = (np.log(end / (1 - end)) for end in (lower, value, upper))
        found = 1 / (1 + np.exp(-(middle + (high - low) / spread * normal)))
    elif lower > 0:
        found = value * np.exp(np.log(upper / lower) / spread * normal)
    else:
        found = value + (upper - lower) / spread * normal
    return np.clip(found, estimate.least, estimate.most)


def faults_of_estimate(estimate: Estimate, *, below: str = BELOW) -> list[str]:
    """A sentence for each thing that keeps a number from being used: empty where there is none.

    It is not known, its interval has one end or does not hold it, it is less than it can be (the sentence `below`), or
    a share above 1.

    Source: convention of this package.
    """
    value, lower, upper = estimate.value, estimate.lower, estimate.upper
    if value is None:
        return ["the value is not known. Enter it."]
    found = []
    if (lower is None) != (upper is None):
        found.append("an interval has two ends. Enter both, or none.")
    elif lower is not None and upper is not None and not lower <= value <= upper:
        found.append("the value lies outside its own interval.")
    numbers = [number for number in (value, lower, upper) if number is not None]
    if min(numbers) < estimate.least:
        found.append(below)
    if max(numbers) > estimate.most:
        found.append("a share is at most 1: enter 0.15 for 15 in a hundred.")
    return found
