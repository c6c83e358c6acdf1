"""What becomes of a scenario: people, waits, staff and money by month, as stated, as drawn, and in bands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from parity.methods.chance import Chance, band_shares, quantiles
from parity.methods.flow import Month, Numbers, Rationing
from parity.methods.flow_case import Account, Case
from parity.methods.flow_cost import monthly_costs
from parity.methods.flow_levers import costs_with, months_with
from parity.methods.flow_run import Run, Series, run
from parity.methods.flow_scenario import Levers

KEPT = frozenset(
    {
        Series.PEOPLE,
        Series.PERSON_MONTHS,
        Series.MOVED,
        Series.LEFT,
        Series.ARRIVED,
        Series.REFUSED_BY_FLOW,
        Series.DUE_BY_FLOW,
        Series.HELD_BY_FLOW,
    }
)
FOR_MONEY = frozenset({Series.PERSON_MONTHS, Series.MOVED})
"""What a run must keep so that its accounts can be made."""
LEVELS = (0.95, 0.8)
BANDS = ("lower_95", "upper_95", "lower_80", "upper_80")


@dataclass(frozen=True, eq=False)
class Outcome:
    """A scenario that was run: its months, series and accounts (months × columns: as stated, then as drawn)."""

    case: Case
    months: Sequence[Month]
    run: Run
    accounts: Mapping[Account, Numbers]

    @property
    def net(self) -> Numbers:
        """Months × columns: pounds paid less pounds that come in."""
        return self.accounts[Account.COST] - self.accounts[Account.INCOME]


def outcome_of(case: Case, levers: Levers, *, keep: Collection[Series] = KEPT, chance: Chance | None = None) -> Outcome:
    """What becomes of the case with these levers.

    With `chance`, people are whole in the draws, of which the case has as many; what is as stated stays an expectation.

    Source: `flow_run.run`, `flow_cost.monthly_costs`. Raises WrongState for what is impossible.
    """
    kept = {*keep, *FOR_MONEY}
    if case.model.rationing is Rationing.LONGEST_WAIT and Series.REFUSED_BY_FLOW in kept:
        kept.add(Series.LISTED_BY_FLOW)
    months = months_with(case.model, case.month, levers=levers.flow, months=len(case.prices))
    if chance is None:
        found = run(case.model, case.start, months=months, keep=kept)
    else:
        found = _by_chance(case, months, keep=kept, chance=chance)
    accounts = _accounts(case, levers, months=months, found=found)
    width = max(rows.shape[-1] for rows in (*found.series.values(), *accounts.values()))
    return Outcome(
        case, months, found, {of: np.broadcast_to(rows, (len(rows), width)) for of, rows in accounts.items()}
    )


def _by_chance(case: Case, months: Sequence[Month], *, keep: Collection[Series], chance: Chance) -> Run:
    """The run as stated beside the run of whole people."""
    cuts: dict[tuple[int, bool], Month] = {}

    def cut(month: Month, is_stated: bool) -> Month:
        key = (id(month), is_stated)
        if key not in cuts:
            cuts[key] = Month(**{name: _columns(rows, is_stated) for name, rows in month.given.items()})
        return cuts[key]

    runs = [
        run(
            case.model,
            _columns(case.start, is_stated),
            months=[cut(month, is_stated) for month in months],
            keep=keep,
            chance=None if is_stated else chance,
        )
        for is_stated in (True, False)
    ]
    series = {name: np.concatenate([one.series[name] for one in runs], axis=-1) for name in runs[0].series}
    return replace(runs[0], series=series)


def _columns(rows: Numbers, is_stated: bool) -> Numbers:
    return rows if rows.shape[-1] == 1 else rows[:, :1] if is_stated else rows[:, 1:]


def _accounts(case: Case, levers: Levers, *, months: Sequence[Month], found: Run) -> dict[Account, Numbers]:
    """Months × columns of each account; prices grow for money alone."""
    people, moved = found.series[Series.PERSON_MONTHS], found.series[Series.MOVED]
    places = [month.capacities for month in months]
    flat = np.ones((len(months), 1))
    return {
        of: monthly_costs(
            people,
            moved,
            costs=costs_with(base, levers.accounts[of], months=len(months)),
            places=places,
            prices=flat if of is Account.STAFF else case.prices,
        )
        for of, base in case.accounts.items()
    }


def waiting_for_place(outcome: Outcome) -> Numbers:
    """Months × settings × columns: people who wait at the month's end because the setting they are to go to is full.

    Those on a list, or else those refused in the month, and those whom a plan could not move for want of a place. Whom
    a plan means to move but who is not there to be moved does not wait.

    Source: convention of this package.
    """
    series = outcome.run.series
    asked = series.get(Series.LISTED_BY_FLOW, series[Series.REFUSED_BY_FLOW])
    refused = series[Series.DUE_BY_FLOW] - series[Series.HELD_BY_FLOW]
    return _by_destination(outcome, asked + refused * _there(outcome))


def waiting_for_staff(outcome: Outcome) -> Numbers:
    """Months × settings × columns: people whom a plan means to move to the setting, and for whom staff have no time.

    Source: convention of this package.
    """
    return _by_destination(outcome, outcome.run.series[Series.HELD_BY_FLOW] * _there(outcome))


def _there(outcome: Outcome) -> Numbers:
    """Months × flows × columns: the share of those who are due to move that are there at the month's end.

    Where a setting has fewer people than are due out of it, each flow has its part of them.
    """
    people, due = outcome.run.series[Series.PEOPLE][1:], outcome.run.series[Series.DUE_BY_FLOW]
    settings = outcome.case.model.settings
    origins = [settings.index(origin) for origin, _ in outcome.case.model.flows]
    out_of = np.zeros(people.shape)
    for number, origin in enumerate(origins):
        out_of[:, origin] += due[:, number]
    share = np.divide(people, out_of, out=np.ones(people.shape), where=out_of > people)
    return np.asarray(share[:, origins])


def _by_destination(outcome: Outcome, flows: Numbers) -> Numbers:
    model = outcome.case.model
    found = np.zeros((len(flows), len(model.settings), flows.shape[-1]))
    for number, (_, destination) in enumerate(model.flows):
        found[:, model.settings.index(destination)] += flows[:, number]
    return found


def occupancy(outcome: Outcome) -> Numbers:
    """Months × settings × columns: people for each place (0–1, above 1 where more are there); NaN without a limit.

    Source: occupied bed days over available bed days (NHS England, KH03).
    """
    people = outcome.run.series[Series.PERSON_MONTHS]
    found = np.full(people.shape, np.nan)
    for now, here, month in zip(found, people, outcome.months, strict=True):
        places = np.broadcast_to(month.capacities, now.shape)
        np.divide(here, places, out=now, where=np.isfinite(places) & (places > 0))
    return found


def banded(numbers: Numbers, *, items: Sequence[str], periods: Sequence[str]) -> pl.DataFrame:
    """A row for each item and period of months × items × columns: item, period, value as stated, the mean of the draws,
    and the ends of the bands that 95% and 80% of the draws leave. Where nothing is drawn all are the value; what is not
    a number as stated, or in one of the draws, is null.

    Source: equal tails of the draws (`chance.quantiles`).
    """
    stated = numbers[..., 0]
    draws = numbers[..., 1:] if numbers.shape[-1] > 1 else numbers
    ends = quantiles(np.ascontiguousarray(draws), band_shares(LEVELS))
    mean = draws.mean(axis=-1)
    ends[np.isnan(mean)] = np.nan
    frame = {
        "item": np.tile(np.array(items, object), len(periods)),
        "period": np.repeat(np.array(periods, object), len(items)),
        "value": stated.ravel(),
        "mean": mean.ravel(),
        **{name: ends[..., place].ravel() for place, name in enumerate(BANDS)},
    }
    return pl.DataFrame(frame, schema_overrides={"item": pl.String, "period": pl.String}).fill_nan(None)


def measured(outcome: Outcome, *, periods: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each measure of an outcome by name, with its rows as `banded` gives them; people at each month's end.

    Source: as for each measure.
    """
    settings = outcome.case.model.settings
    by_setting = {
        "people": outcome.run.series[Series.PEOPLE][1:],
        "waiting for a place": waiting_for_place(outcome),
        "waiting for staff": waiting_for_staff(outcome),
        "occupancy": occupancy(outcome),
    }
    for name, numbers in by_setting.items():
        yield name, banded(numbers, items=settings, periods=periods)
    in_all = {account.value: rows for account, rows in outcome.accounts.items()} | {"net cost": outcome.net}
    for name, rows in in_all.items():
        yield name, banded(rows[:, None], items=("",), periods=periods)
