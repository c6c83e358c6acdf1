"""What becomes of a scenario: people, waits, staff and money by month, as stated, as drawn, and in bands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from parity.methods.chance import Chance, band_shares, quantiles
from parity.methods.flow import Month, Numbers, Rationing
from parity.methods.flow_case import Account, Case
from parity.methods.flow_cost import monthly_costs
from parity.methods.flow_levers import Lever, costs_with, months_with
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

    @property
    def of_money(self) -> "Outcome":
        """The same without its months and series, which are large: its accounts alone."""
        return replace(self, months=(), run=replace(self.run, series={}))

    @cached_property
    def there(self) -> Numbers:
        """Months × flows × columns: the share of those who are due to move that are there at the month's end.

        Where a setting has fewer people than are due out of it, each flow has its part of them.
        """
        people, due = self.run.series[Series.PEOPLE][1:], self.run.series[Series.DUE_BY_FLOW]
        settings = self.case.model.settings
        origins = [settings.index(origin) for origin, _ in self.case.model.flows]
        out_of = np.zeros(people.shape)
        for number, origin in enumerate(origins):
            out_of[:, origin] += due[:, number]
        share = np.divide(people, out_of, out=np.ones(people.shape), where=out_of > people)
        return np.asarray(share[:, origins])


def outcome_of(case: Case, levers: Levers, *, keep: Collection[Series] = KEPT, chance: Chance | None = None) -> Outcome:
    """What becomes of the case with these levers.

    With `chance`, people are whole in the draws, of which the case has as many; what is as stated stays an expectation.

    Source: `flow_run.run`, `flow_cost.monthly_costs`. Raises WrongState for what is impossible.
    """
    (found,) = outcomes_of(case, [levers], keep=keep, chance=chance)
    return found


def outcomes_of(
    case: Case, several: Sequence[Levers], *, keep: Collection[Series] = KEPT, chance: Chance | None = None
) -> list[Outcome]:
    """What becomes of the case with each of several sets of levers, as `outcome_of` has it for each, but sooner.

    Sets that move people alike are run once, the others beside each other as columns of one run; with `chance`, one
    after the other.

    Source: as for `outcome_of`.
    """
    kept = {*keep, *FOR_MONEY}
    if case.model.rationing is Rationing.LONGEST_WAIT and Series.REFUSED_BY_FLOW in kept:
        kept.add(Series.LISTED_BY_FLOW)
    keys = [_key(levers.flow) for levers in several]
    months = {
        key: months_with(case.model, case.month, levers=(*case.growth, *levers.flow), months=len(case.prices))
        for key, levers in dict(zip(keys, several, strict=True)).items()
    }
    if chance is None:
        runs = _side_by_side(case, list(months.values()), keep=kept)
    else:
        runs = [_by_chance(case, each, keep=kept, chance=chance) for each in months.values()]
    found = dict(zip(months, runs, strict=True))
    made: dict[tuple[object, ...], Numbers] = {}
    for key, levers in zip(keys, several, strict=True):
        for of, own in levers.accounts.items():
            if (key, of, _key(own)) not in made:
                made[key, of, _key(own)] = _account(case, of, levers=own, months=months[key], found=found[key])
    return [
        _outcome(case, months[key], found[key], {of: made[key, of, _key(own)] for of, own in levers.accounts.items()})
        for key, levers in zip(keys, several, strict=True)
    ]


def _key(levers: Sequence[Lever]) -> tuple[object, ...]:
    """The same for levers that do the same in the same order, whatever they are called."""
    return tuple(
        (lever.part, lever.row, lever.operation, lever.values.tobytes(), lever.profile.tobytes()) for lever in levers
    )


def _outcome(case: Case, months: Sequence[Month], found: Run, accounts: Mapping[Account, Numbers]) -> Outcome:
    """The outcome of a run, its accounts as wide as what is widest."""
    width = max(rows.shape[-1] for rows in (*found.series.values(), *accounts.values()))
    return Outcome(
        case, months, found, {of: np.broadcast_to(rows, (len(rows), width)) for of, rows in accounts.items()}
    )


def _side_by_side(case: Case, several: Sequence[Sequence[Month]], *, keep: Collection[Series]) -> list[Run]:
    """The runs of the case through each of several courses of months."""
    if len(several) <= 1:
        return [run(case.model, case.start, months=months, keep=keep) for months in several]
    width = max(case.start.shape[-1], *(month.draws for months in several for month in set(months)))
    joined: dict[tuple[Month, ...], Month] = {}
    for now in zip(*several, strict=True):
        if now not in joined:
            parts = {name: _beside([month.given[name] for month in now], width) for name in now[0].given}
            joined[now] = Month(**parts)
    start = np.tile(np.broadcast_to(case.start, (len(case.start), width)), len(several))
    found = run(case.model, start, months=[joined[now] for now in zip(*several, strict=True)], keep=keep)
    return [
        replace(found, series={name: rows[..., first : first + width] for name, rows in found.series.items()})
        for first in range(0, len(several) * width, width)
    ]


def _beside(several: Sequence[Numbers], width: int) -> Numbers:
    """Rows × columns of each beside those of the others; one column where all are the same."""
    first, *others = several
    if first.shape[-1] == 1 and all(np.array_equal(first, rows) for rows in others):
        return first
    return np.concatenate([np.broadcast_to(rows, (len(rows), width)) for rows in several], axis=-1)


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


def _account(case: Case, of: Account, *, levers: Sequence[Lever], months: Sequence[Month], found: Run) -> Numbers:
    """Months × columns of an account; prices grow for money alone."""
    costs = costs_with(case.accounts[of], levers, months=len(months))
    people, moved = found.series[Series.PERSON_MONTHS], found.series[Series.MOVED]
    # what people cost may be drawn where people are not
    width = max(people.shape[-1], *(rows.shape[-1] for now in set(costs) for rows in vars(now).values()))
    return monthly_costs(
        np.broadcast_to(people, (*people.shape[:-1], width)),
        np.broadcast_to(moved, (*moved.shape[:-1], width)),
        costs=costs,
        places=[month.capacities for month in months],
        prices=np.ones((len(months), 1)) if of is Account.STAFF else case.prices,
    )


def waiting_for_place(outcome: Outcome) -> Numbers:
    """Months × settings × columns: people who wait at the month's end because the setting they are to go to is full.

    Those on a list, or else those refused in the month, and those whom a plan could not move for want of a place. Whom
    a plan means to move but who is not there to be moved does not wait.

    Source: convention of this package.
    """
    series = outcome.run.series
    asked = series.get(Series.LISTED_BY_FLOW, series[Series.REFUSED_BY_FLOW])
    refused = series[Series.DUE_BY_FLOW] - series[Series.HELD_BY_FLOW]
    return _by_destination(outcome, asked + refused * outcome.there)


def waiting_for_staff(outcome: Outcome) -> Numbers:
    """Months × settings × columns: people whom a plan means to move to the setting, and for whom staff have no time.

    Source: convention of this package.
    """
    return _by_destination(outcome, outcome.run.series[Series.HELD_BY_FLOW] * outcome.there)


def _by_destination(outcome: Outcome, flows: Numbers) -> Numbers:
    model = outcome.case.model
    found = np.zeros((len(flows), len(model.settings), flows.shape[-1]))
    for number, (_, destination) in enumerate(model.flows):
        found[:, model.settings.index(destination)] += flows[:, number]
    return found


def places(outcome: Outcome) -> Numbers:
    """Months × settings × (1 or columns): places of each setting; NaN without a limit.

    Source: convention of this package.
    """
    found = np.stack(np.broadcast_arrays(*(month.capacities for month in outcome.months)))
    return np.where(np.isfinite(found), found, np.nan)


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


def banded(numbers: Numbers, *, items: Sequence[str], periods: Sequence[str], **named: str) -> pl.DataFrame:
    """A row for each item and period of months × items × columns: item, period, value as stated, the mean of the draws,
    and the ends of the bands that 95% and 80% of the draws leave. Where nothing is drawn all are the value; what is not
    a number as stated, or in one of the draws, is null. What is `named` stands before them, the same in each row.

    Source: equal tails of the draws (`chance.quantiles`).
    """
    stated = numbers[..., 0]
    draws = np.asarray(numbers[..., 1:] if numbers.shape[-1] > 1 else numbers, float)
    ends = quantiles(draws, band_shares(LEVELS))
    mean = draws.mean(axis=-1)
    ends[np.isnan(mean)] = np.nan
    every, each = np.arange(len(periods)), np.arange(len(items))
    texts = [
        *(pl.Series(name, [text], dtype=pl.String).new_from_index(0, stated.size) for name, text in named.items()),
        pl.Series("item", items, dtype=pl.String).gather(np.tile(each, len(every))),
        pl.Series("period", periods, dtype=pl.String).gather(np.repeat(every, len(each))),
    ]
    columns = {"value": stated, "mean": mean} | {name: ends[..., place] for place, name in enumerate(BANDS)}
    return pl.DataFrame([*texts, *(pl.Series(name, rows.ravel(), nan_to_null=True) for name, rows in columns.items())])


def measures_of(outcome: Outcome) -> Iterator[tuple[str, Sequence[str], Numbers]]:
    """Each measure of an outcome: its name, its items, and the numbers (months × items × columns).

    People are those at each month's end; of money and staff there is one item, without a name.

    Source: as for each measure.
    """
    settings = outcome.case.model.settings
    yield "people", settings, outcome.run.series[Series.PEOPLE][1:]
    yield "waiting for a place", settings, waiting_for_place(outcome)
    yield "waiting for staff", settings, waiting_for_staff(outcome)
    yield "places", settings, places(outcome)
    yield "occupancy", settings, occupancy(outcome)
    for account, rows in outcome.accounts.items():
        yield account.value, ("",), rows[:, None]
    yield "net cost", ("",), outcome.net[:, None]


def measured(outcome: Outcome, *, periods: Sequence[str], **named: str) -> Iterator[pl.DataFrame]:
    """The rows of each measure of an outcome, as `banded` gives them, with `measure`; people at each month's end.

    Source: as for each measure.
    """
    for measure, items, numbers in measures_of(outcome):
        yield banded(numbers, items=items, periods=periods, measure=measure, **named)
