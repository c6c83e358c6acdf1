"""Projections by cohort change: simple ones, made where no official projection is, or to see how projections err."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from parity.methods.age_bands import AGES, OLDEST
from parity.terms.errors import WrongState

WOMEN, SEXES = 0, 2
CHILDBEARING = slice(20, 40)
"""Ages of the women to whom new-born children are related."""
YEARS_POOLED = 3
"""Years of change that are carried forward: enough to smooth a single odd year."""


@dataclass(frozen=True)
class Change:
    """How cohorts change in a year: people of 1 to 89 over those a year younger before, and of 90 and over
    over those of 89 and over (areas × sexes × ages), and children born to each woman of 20 to 39 (areas × sexes)."""

    younger: np.ndarray
    oldest: np.ndarray
    newborn: np.ndarray


def cohort_change(record: np.ndarray, *, last: int) -> Change:
    """The mean change of each cohort, by area and sex, over the three years up to the year in place `last`.

    `record` is areas × years × sexes (women first) × 91 ages, of estimates one year apart. A cohort that was empty
    counts as one person before.

    Source: Hamilton and Perry 1962; Smith, Tayman and Swanson 2013, chapter 8. Raises WrongState where fewer than three
    years stand before.
    """
    if last < YEARS_POOLED:
        raise WrongState("Cohort change needs three years before the last one.")
    after = record[:, last - YEARS_POOLED + 1 : last + 1].sum(axis=1)
    before = record[:, last - YEARS_POOLED : last].sum(axis=1)
    return Change(
        younger=after[:, :, 1:OLDEST] / np.maximum(before[:, :, : OLDEST - 1], 1),
        oldest=after[:, :, OLDEST] / np.maximum(before[:, :, OLDEST - 1] + before[:, :, OLDEST], 1),
        newborn=after[:, :, 0] / np.maximum(after[:, WOMEN, CHILDBEARING].sum(axis=1), 1)[:, None],
    )


def projected(people: np.ndarray, change: Change, *, years: int) -> Iterator[np.ndarray]:
    """For each of so many years, areas × sexes × 91 ages of people: those of the year before, changed once more.

    Source: as for `cohort_change`.
    """
    for _ in range(years):
        later = np.empty((len(people), SEXES, AGES))
        later[:, :, 1:OLDEST] = people[:, :, : OLDEST - 1] * change.younger
        later[:, :, OLDEST] = (people[:, :, OLDEST - 1] + people[:, :, OLDEST]) * change.oldest
        later[:, :, 0] = change.newborn * later[:, WOMEN, CHILDBEARING].sum(axis=1)[:, None]
        people = later
        yield people
