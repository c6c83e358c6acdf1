"""Scenarios beside the model as it is: what they save and when they pay back, in bands.

In every table `value` is *as stated*: what comes out where every number has its stated value. `mean` is the *mean of
the draws*: what comes out on average where each number is drawn from its interval. They differ, since limits and
waits do not give way evenly, and where an interval reaches further to one side. The ends of the bands leave out equal
tails of the draws. Differences are taken draw by draw before they are summed up in bands: a band of a saving is not
the difference of two bands.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from math import ceil, floor

import numpy as np
import polars as pl

from parity.methods.appraisal import by_year, payback_of_months
from parity.methods.chance import band_shares
from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow import Numbers
from parity.methods.flow_measures import present_saving, saving
from parity.methods.flow_outcome import BANDS, LEVELS, Outcome, banded

MONTH, SO_FAR, YEAR, IN_ALL, PRESENT = "month", "so far", "year", "in all", "present value"
"""The spans over which money is summed up."""
NEVER_OWED = "It never costs more than it has saved."
NEVER_BACK = "It does not pay back within the months of the model."


def years_of(periods: Sequence[str]) -> list[str]:
    """The years of twelve months from the first month on, as `2026-04 to 2027-03`; the last may be shorter.

    Source: as for `appraisal.by_year`.
    """
    months = iter(periods)
    years = iter(lambda: list(islice(months, MONTHS_OF_A_YEAR)), [])
    return [f"{year[0]} to {year[-1]}" for year in years]


def by_span(flows: Numbers, *, periods: Sequence[str], item: str) -> pl.DataFrame:
    """Rows of `banded` with span, of flows (months × columns): each month, up to each month's end, each year, and all.

    Source: sums of the flows, draw by draw.
    """
    whole = f"{periods[0]} to {periods[-1]}"
    spans = {
        MONTH: (flows, periods),
        SO_FAR: (flows.cumsum(axis=0), periods),
        YEAR: (by_year(flows), years_of(periods)),
        IN_ALL: (flows.sum(axis=0, keepdims=True), [whole]),
    }
    return pl.concat(_spanned(span, numbers, item, names) for span, (numbers, names) in spans.items())


def _spanned(span: str, numbers: Numbers, item: str, periods: Sequence[str]) -> pl.DataFrame:
    return banded(numbers[:, None], items=(item,), periods=periods, span=span)


def savings(
    base: Outcome, others: Mapping[str, Outcome], *, periods: Sequence[str], rates: Sequence[tuple[int, float]]
) -> pl.DataFrame:
    """What each scenario (its name is the item) saves against the model as it is, in pounds of each month.

    Rows of `by_span`, and a row for the present value, in prices of the start; `rates` are those of
    `appraisal.discount_factors`. All on the same columns.

    Source: `flow_measures.saving`, `present_saving`.
    """
    found = []
    for name, then in others.items():
        worth = present_saving(base, then, rates=rates)
        found += [
            by_span(saving(base, then), periods=periods, item=name),
            _spanned(PRESENT, worth[None], name, [f"{periods[0]} to {periods[-1]}"]),
        ]
    return pl.concat(found)


def paybacks(base: Outcome, others: Mapping[str, Outcome], *, periods: Sequence[str]) -> pl.DataFrame:
    """A row for each scenario: item, value, period, lower_95, upper_95, lower_80, upper_80, chance and missing.

    Months from the start until the running sum of the undiscounted saving is back at 0 after it was below, a month's
    saving falling evenly within it; 0 where it never was below. `value` is as stated, `period` the month in which it
    falls, `chance` the share of draws in which it falls within the months of the model. The ends of bands are those of
    whole draws, null where the draw never pays back; so there is no mean. `missing` says why there is no value.

    Source: `appraisal.payback_of_months`.
    """
    found = []
    for name, then in others.items():
        months = payback_of_months(saving(base, then))
        stated, draws = months[0], months[1:] if len(months) > 1 else months
        period = None if np.isnan(stated) or not stated else periods[ceil(stated) - 1]
        missing = NEVER_BACK if np.isnan(stated) else None if stated else NEVER_OWED
        ends = _ends(draws)
        found.append((name, stated, period, *ends, float(np.isfinite(draws).mean()), missing))
    numbers = dict.fromkeys((*BANDS, "chance"), pl.Float64)
    schema = {"item": pl.String, "value": pl.Float64, "period": pl.String, **numbers, "missing": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row").with_columns(pl.col(pl.Float64).fill_nan(None))


def _ends(draws: Numbers) -> list[float]:
    """The ends of the bands among whole draws; those that are never reached come last."""
    least_first, last = np.sort(draws), len(draws) - 1
    places = [floor(share * last) if share < 0.5 else ceil(share * last) for share in band_shares(LEVELS)]
    return [float(least_first[place]) for place in places]
