"""Arrivals that grow with need: how a number stated for a model's first month follows people expected by year."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow import Numbers
from parity.methods.flow_levers import Lever, Operation, Part

TO_MIDDLE_OF_YEAR = 6
"""Months from the first of January to the middle of the year, of which a projection of people speaks."""
TO_MIDDLE_OF_MONTH = 0.5


@dataclass(frozen=True, eq=False)
class Need:
    """People expected in each of several years, which follow each other, though not each at once.

    `people` are years × columns: as stated, then as drawn, or as stated alone.
    """

    years: tuple[int, ...]
    people: Numbers


def weights_of_years(years: tuple[int, ...], *, starts: date, months: int) -> Numbers:
    """Months × years: how much of each year's number is in that of each month from `starts` on; a month's add up to 1.

    The number of a year is that of its middle; that of a month's middle lies on the straight line between the middles
    of years on either side. Before the middle of the first year and after that of the last, it is that year's: use it
    for no month outside those years (`lasts`).

    Source: convention of this package; projections of population are of the 30th of June (ONS).
    """
    middles = np.array(years) * MONTHS_OF_A_YEAR + TO_MIDDLE_OF_YEAR
    at = starts.year * MONTHS_OF_A_YEAR + starts.month - 1 + np.arange(months) + TO_MIDDLE_OF_MONTH
    return np.array([np.interp(at, middles, alone) for alone in np.eye(len(years))]).T


def last_year(starts: date, *, months: int) -> int:
    """The year of the last of so many months from `starts` on.

    Source: arithmetic.
    """
    return starts.year + (starts.month - 1 + months - 1) // MONTHS_OF_A_YEAR


def lasts(years: tuple[int, ...], *, starts: date, months: int) -> bool:
    """Whether every month from `starts` on lies in the years, from the first of them to the last.

    Source: convention of this package.
    """
    return years[0] <= starts.year and last_year(starts, months=months) <= years[-1]


def growth(need: Need, *, starts: date, months: int) -> Numbers:
    """Months × columns: people expected in each month over those expected in the first, by which arrivals grow.

    Not a number or infinite where nobody is expected in the first month.

    Source: arrivals in proportion to need, column by column; `weights_of_years`.
    """
    expected = weights_of_years(need.years, starts=starts, months=months) @ need.people
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(expected / expected[:1])


def growth_levers(need: Need, arrivals: Numbers, *, name: str, row: int, starts: date, months: int) -> list[Lever]:
    """The levers that make arrivals (1 or columns), a row of a month's, those stated times `growth`.

    One for each year of which a part is in one of the months: it raises arrivals by what that year's people are more
    than those of the first month, by as much as the year counts in each month.

    Source: as for `growth`.
    """
    weights = weights_of_years(need.years, starts=starts, months=months)
    more = need.people / (weights[0] @ need.people) - 1
    return [
        Lever(name, Part.ARRIVALS, row, Operation.PLUS, arrivals * change, share)
        for change, share in zip(more, weights.T, strict=True)
        if share.any()
    ]
