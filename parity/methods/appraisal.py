"""Appraisal of an option's costs and benefits over time: present values, payback, optimism bias, switching values.

Time is the first axis, draws are the last. Year 0 is the first twelve months and is not discounted; flows by month
are summed to such years first. Costs and benefits are both given above 0, each classed by its nature: a saving is a
benefit, and an income that belongs to a cost is taken off it, whatever the sign of the year's net. All is in prices of
one year, without value added tax, transfers between public bodies and what is spent already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
import polars as pl

from parity.methods.chance import band_shares, quantiles
from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow import Numbers
from parity.terms.errors import WrongState

NO_COST = "Nothing is spent, so there is nothing to divide the benefits by."
NEVER = "It does not pay back within the time appraised."
SELDOM = "In some draws it does not pay back within the time appraised: they count as the slowest."


@dataclass(frozen=True, eq=False)
class Appraisal:
    """What an option is worth, a number a draw.

    `benefits`, `costs` and `net`, their difference, are present values in pounds, `a_year` the equal yearly amount
    that is worth as much as `net`. `ratio` is pounds of benefit for each pound of cost, `payback` years; both are NaN
    where there is none.
    """

    benefits: Numbers
    costs: Numbers
    net: Numbers
    a_year: Numbers
    ratio: Numbers
    payback: Numbers


def discount_factors(years: int, *, rates: Sequence[tuple[int, float]]) -> Numbers:
    """Years: what a pound of each year is worth in year 0, which is 1; each is the one before ÷ (1 + its own rate).

    `rates` are pairs of the first year in which a rate holds and the rate (a share a year), the earliest first and
    from year 1 on. Raises WrongState where they are not.

    Source: HM Treasury, Green Book 2026: a running product, so that later rates leave earlier years as they are.
    """
    firsts = [first for first, _ in rates]
    if firsts[:1] != [1] or sorted(set(firsts)) != firsts:
        raise WrongState("Discount rates must start with year 1, each in a later year than the one before.")
    values = np.array([rate for _, rate in rates])
    holding = np.searchsorted(firsts, np.arange(1, years), side="right") - 1
    return np.cumprod(np.concatenate([np.ones(min(years, 1)), 1 / (1 + values[holding])]))


def by_year(flows: Numbers) -> Numbers:
    """Years × …: flows by month summed to years of twelve months from the first month on; the last may be shorter.

    Source: the Green Book discounts by year. No year where there is no month.
    """
    starts = range(0, len(flows), MONTHS_OF_A_YEAR)
    return np.add.reduceat(flows, starts, axis=0) if len(flows) else flows


def present_value(flows: Numbers, *, factors: Numbers) -> Numbers:
    """The sum over years (the first axis) of each year's flow times its factor, in the unit of the flows.

    Source: HM Treasury, Green Book 2026. Raises WrongState where there are fewer factors than years.
    """
    if len(flows) > len(factors):
        raise WrongState("There are more years of flows than of discount factors.")
    return np.tensordot(factors[: len(flows)], flows, axes=1)


def payback(net: Numbers) -> Numbers:
    """Periods until what was spent has come back, undiscounted, by draw; 0 where nothing is ever owed, NaN for never.

    `net` is periods × draws, benefits less costs. The first flow falls at time 0, the flow of a later period evenly
    between the times of the period before and its own. It is the first time that the running sum is back at 0 after
    it was below; it may fall below again.

    Source: Green Book tradition, first time that the undiscounted running sum reaches 0, interpolated.
    """
    period, share = _back_at_zero(net)
    return np.maximum(period - 1 + share, 0)


def payback_of_months(net: Numbers) -> Numbers:
    """Months from the start until what was spent has come back: as `payback`, but a flow falls within its own month.

    A project that spends in its first month and has it all back by the end of its third is paid back after 3 months.

    Source: as for `payback`; the flow of a month falls evenly between its start and its end.
    """
    period, share = _back_at_zero(net)
    return period + share


def payback_for_good(net: Numbers) -> Numbers:
    """Months from the start until what was spent has come back and nothing is owed again: as `payback_of_months`.

    The same where the running sum falls below 0 but once; NaN where it is below 0 at the end.

    Source: as for `payback_of_months`, the last time that the running sum is back at 0.
    """
    total = np.cumsum(net, axis=0)
    months = np.arange(1, len(net) + 1).reshape(-1, *[1] * (net.ndim - 1))
    owed = np.where(total < 0, months, 0).max(axis=0, initial=0)
    # what is owed in the month before the sum is back, and all that comes in then
    at = np.minimum(owed, len(net) - 1)[None]
    flow, then = (np.take_along_axis(rows, at, axis=0)[0] for rows in (net, total))
    share = np.divide(flow - then, flow, out=np.zeros_like(flow), where=(owed > 0) & (then >= 0))
    return np.where((owed > 0) & (owed == len(net)), np.nan, owed + share)


def _back_at_zero(net: Numbers) -> tuple[Numbers, Numbers]:
    """By draw, the period in which the running sum is back at 0, and the share of its flow that was needed."""
    if not len(net):
        return np.zeros(net.shape[1:]), np.zeros(net.shape[1:])
    total = np.cumsum(net, axis=0)
    owed = np.logical_or.accumulate(total < 0, axis=0)
    back = owed & (total >= 0)
    found = back.argmax(axis=0)
    at = found[None]
    flow = np.take_along_axis(net, at, axis=0)[0]
    before = np.take_along_axis(total, at, axis=0)[0] - flow
    share = np.divide(-before, flow, out=np.zeros_like(flow), where=back.any(axis=0))
    return np.where(back.any(axis=0) | ~owed[-1], found, np.nan), share


def yearly_equivalent(value: Numbers, *, years: float, rate: float) -> Numbers:
    """The equal amount at the end of each of so many years that is worth as much as a present value, in its unit.

    Year 0 is counted among the years; the last may be a part of one. `rate` is a share a year. Raises WrongState where
    there is no year.

    Source: annuity at a constant rate, value × rate ÷ (1 - (1 + rate) to the power of -years).
    """
    if not years:
        raise WrongState("An equal amount of each year needs at least a part of one.")
    return value * rate / (1 - (1 + rate) ** -years) if rate else value / years


def with_optimism_bias(cost: Numbers, *, lower: float, upper: float, mitigation: float) -> Numbers:
    """The cost with what estimates made early leave out, in the unit of the cost; it keeps its shape.

    `lower` and `upper` bound the addition as shares of the cost; `mitigation` is the share (0–1) of the causes that
    are under control. Raises WrongState for a mitigation outside 0–1.

    Source: HM Treasury, Green Book: cost × (1 + the larger of lower and upper × (1 - mitigation)).
    """
    if not 0 <= mitigation <= 1:
        raise WrongState("The causes under control are a share between none (0) and all (1).")
    return cost * (1 + max(lower, upper * (1 - mitigation)))


def appraise(benefits: Numbers, costs: Numbers, *, rates: Sequence[tuple[int, float]]) -> Appraisal:
    """The appraisal of benefits and costs, both years × draws (or × 1) in pounds; rates as in `discount_factors`.

    Equal yearly amounts are at the first rate. Raises WrongState where benefits and costs have not the same years.

    Source: HM Treasury, Green Book 2026.
    """
    years = len(benefits)
    if years != len(costs):
        raise WrongState("Benefits and costs must be given for the same years.")
    factors = discount_factors(years, rates=rates)
    gained, spent = (present_value(flows, factors=factors) for flows in np.broadcast_arrays(benefits, costs))
    (_, rate), *_ = rates
    net = gained - spent
    return Appraisal(
        benefits=gained,
        costs=spent,
        net=net,
        a_year=yearly_equivalent(net, years=years, rate=rate),
        ratio=_divided(gained, spent),
        payback=payback(benefits - costs),
    )


def appraise_months(benefits: Numbers, costs: Numbers, *, rates: Sequence[tuple[int, float]]) -> Appraisal:
    """The appraisal of benefits and costs by month, months × draws (or × 1) in pounds: by year.

    The payback is in years of twelve months since the start of the first month, wherever in the years the flows fall;
    for the equal amount a year, a last year of fewer months counts as the part of a year that it is.

    Source: as for `appraise`, `by_year` and `payback_of_months`.
    """
    found = appraise(by_year(benefits), by_year(costs), rates=rates)
    (_, rate), *_ = rates
    return replace(
        found,
        a_year=yearly_equivalent(found.net, years=len(benefits) / MONTHS_OF_A_YEAR, rate=rate),
        payback=payback_of_months(benefits - costs) / MONTHS_OF_A_YEAR,
    )


def switching_values(appraisal: Appraisal) -> tuple[Numbers, Numbers]:
    """By draw, the shares by which all benefits may fall and all costs may rise before the net present value is 0.

    Below 0 where it is below 0 already: by so much they must rise and fall. NaN where there are no benefits or costs.

    Source: HM Treasury, Green Book 2026: net present value ÷ the present value of what changes.
    """
    return _divided(appraisal.net, appraisal.benefits), _divided(appraisal.net, appraisal.costs)


def appraisal_table(appraisal: Appraisal, *, level: float) -> pl.DataFrame:
    """A row a measure: its mean, median, and the ends of the band that holds `level` (0–1) of the draws, and missing.

    `benefits`, `costs`, `net` and `a_year` are pounds, `ratio` pounds for a pound, `payback` years. `missing` says why
    a number is not there, or what it leaves out. Quantiles of the payback are those of whole draws, as a payback that
    is never reached cannot be interpolated; it counts as the slowest, and leaves no mean.

    Source: equal tails, as in `chance`. Raises WrongState where there is no draw.
    """
    shares = [0.5, *band_shares([level])]
    plain = {name: getattr(appraisal, name) for name in ("benefits", "costs", "net", "a_year")}
    found = quantiles(np.array(list(plain.values())), shares).tolist()
    rows: list[tuple[object, ...]] = [
        (name, float(draws.mean()), *ends, None) for (name, draws), ends in zip(plain.items(), found, strict=True)
    ]
    rows.append(_row("ratio", appraisal.ratio, shares, (NO_COST, NO_COST)))
    rows.append(_row("payback", appraisal.payback, shares, (NEVER, SELDOM)))
    numbers = dict.fromkeys(("mean", "median", "lower", "upper"), pl.Float64)
    table = pl.DataFrame(rows, schema={"measure": pl.String, **numbers, "missing": pl.String}, orient="row")
    return table.with_columns(pl.col(pl.Float64).fill_nan(None))


def _row(name: str, draws: Numbers, shares: Sequence[float], reasons: tuple[str, str]) -> tuple[object, ...]:
    """A measure that some draws lack, with the reason where all do and where only some do."""
    places = [share * (len(draws) - 1) for share in shares]
    at = [floor(place) if share < 0.5 else ceil(place) for place, share in zip(places, shares, strict=True)]
    found = np.sort(draws)[at].tolist()
    always, sometimes = reasons
    lacking = np.isnan(draws)
    missing = always if lacking.all() else sometimes if lacking.any() else None
    return (name, float(draws.mean()), *found, missing)


def _divided(top: Numbers, bottom: Numbers) -> Numbers:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom != 0)
