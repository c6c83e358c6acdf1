"""Single numbers by which a scenario is judged and explained: what it saves, costs, and where people are at the end."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from parity.methods.appraisal import by_year, discount_factors, present_value
from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow import Numbers
from parity.methods.flow_outcome import KEPT, Outcome, waiting_for_place, waiting_for_staff
from parity.methods.flow_run import Series
from parity.terms.units import Unit

DUST = 1e-5
"""Pounds of a month that come from arithmetic, where costs of up to a thousand million are added in another order."""


@dataclass(frozen=True, eq=False)
class Measure:
    """One number in each column, from the model as it is and a scenario on the same columns, and its name and unit.

    `needs` are the series that their runs must keep for it.
    """

    name: str
    unit: Unit
    of: Callable[[Outcome, Outcome], Numbers]
    needs: Collection[Series] = ()


def saving(base: Outcome, then: Outcome) -> Numbers:
    """Months × columns: pounds that the scenario saves, its net cost taken off that of the model as it is.

    Below 0 where the scenario costs more, and 0 where all that differs is the rounding of sums. Column by column, so
    that what is uncertain in both cancels out.

    Source: common random numbers (Glasserman and Yao 1992).
    """
    saved: Numbers = base.net - then.net
    return np.where(np.abs(saved) < DUST, 0, saved)


def present_saving(base: Outcome, then: Outcome, *, rates: Sequence[tuple[int, float]]) -> Numbers:
    """Columns: what the saving of all years is worth in the first, in its pounds and prices.

    `rates` are those of `appraisal.discount_factors`. They are real, so inflation is first taken out.

    Source: HM Treasury, Green Book 2026; `appraisal.present_value`.
    """
    years = by_year(saving(base, then) / base.case.prices)
    return present_value(years, factors=discount_factors(len(years), rates=rates))


def saved_in_all() -> Measure:
    """The saving over all months, in pounds of each month.

    Source: `saving`.
    """
    return Measure("saving in all", Unit.GBP, lambda base, then: saving(base, then).sum(axis=0))


def saved_at_present(rates: Sequence[tuple[int, float]]) -> Measure:
    """The present value of the saving.

    Source: `present_saving`.
    """
    return Measure("present value of the saving", Unit.GBP, lambda base, then: present_saving(base, then, rates=rates))


def cost_of_last_year() -> Measure:
    """The scenario's net cost over the last twelve months, or all where there are fewer.

    Source: convention of this package.
    """
    return Measure(
        "net cost of the last twelve months", Unit.GBP, lambda base, then: then.net[-MONTHS_OF_A_YEAR:].sum(axis=0)
    )


def people_at_end(setting: str) -> Measure:
    """People in a setting of the scenario at the end of the last month.

    Source: convention of this package.
    """

    def of(base: Outcome, then: Outcome) -> Numbers:
        return np.asarray(then.run.series[Series.PEOPLE][-1, then.case.model.settings.index(setting)])

    return Measure(f"people in {setting} at the end", Unit.NUMBER, of, (Series.PEOPLE,))


def waiting_at_end() -> Measure:
    """People of the scenario who wait at the end of the last month, for a place or for staff, in all settings.

    Source: `flow_outcome.waiting_for_place` and `waiting_for_staff`.
    """

    def of(base: Outcome, then: Outcome) -> Numbers:
        return np.asarray((waiting_for_place(then) + waiting_for_staff(then))[-1].sum(axis=0))

    return Measure("people waiting at the end", Unit.NUMBER, of, KEPT)
