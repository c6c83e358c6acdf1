"""A scenario: the changes that a table tells, as levers on what a month brings, costs, brings in and takes in staff."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from parity.methods.flow import Numbers
from parity.methods.flow_case import MONTHS_A_YEAR, Account, Case, Told, Where, leaving_rates
from parity.methods.flow_levers import Lever, Operation, Part, profile
from parity.methods.flow_parameters import MEANINGS, TOTALS, Drawing, Of, Parameter

IN_ALL = "in all"
"""The operation of a change that is told in all, and spread evenly over its months."""


@dataclass(frozen=True, eq=False)
class Levers:
    """The levers of a scenario, in the order in which they begin: on what a month brings, and on each account."""

    flow: list[Lever] = field(default_factory=list)
    accounts: Mapping[Account, list[Lever]] = field(default_factory=lambda: {account: [] for account in Account})

    @property
    def names(self) -> list[str]:
        """What the levers are called, each once, in their order."""
        every = [*self.flow, *(lever for levers in self.accounts.values() for lever in levers)]
        return list(dict.fromkeys(lever.name for lever in every))

    def only(self, names: set[str]) -> "Levers":
        """The levers of these names alone."""
        return Levers(
            [lever for lever in self.flow if lever.name in names],
            {of: [lever for lever in levers if lever.name in names] for of, levers in self.accounts.items()},
        )


@dataclass(frozen=True, eq=False)
class _Change:
    """One change being made into levers: its row, what it is of, its draws and when it holds."""

    row: Mapping[str, Any]
    parameter: Parameter
    where: Where
    values: Numbers
    profile: Numbers

    @property
    def operation(self) -> Operation:
        return Operation.PLUS if self.row["operation"] == IN_ALL else Operation(self.row["operation"])

    def lever(self, part: Part, row: int, *, scale: float = 1.0) -> Lever:
        """The change as a lever on a row whose numbers are told times `scale`."""
        values = self.values if self.operation is Operation.TIMES else self.values * scale
        return Lever(self.row["lever"], part, row, self.operation, values, self.profile)

    def other(self, part: Part, row: int, operation: Operation, values: Numbers) -> Lever:
        """A lever with the name and the months of the change, and numbers of its own."""
        return Lever(self.row["lever"], part, row, operation, values, self.profile)

    def applied(self, numbers: Numbers) -> Numbers:
        """The numbers as they are once the change holds whole."""
        whole = replace(self.other(Part.RATES, 0, self.operation, self.values), profile=np.ones(1))
        return whole.changed(numbers, 0)


PLAIN: Mapping[Parameter, tuple[Part, Account | None, str]] = {
    Parameter.PLACES: (Part.CAPACITIES, None, ""),
    Parameter.ARRIVALS: (Part.ARRIVALS, None, ""),
    Parameter.JOINING: (Part.ARRIVALS, None, ""),
    Parameter.MOVES: (Part.PLANNED, None, ""),
    Parameter.LEAVING: (Part.EXITS, None, ""),
    Parameter.RATE: (Part.RATES, None, ""),
    Parameter.COST: (Part.PER_PERSON, Account.COST, "week"),
    Parameter.INCOME: (Part.PER_PERSON, Account.INCOME, "week"),
    Parameter.PLACE_COST: (Part.PER_PLACE, Account.COST, "week"),
    Parameter.SETTING_COST: (Part.FIXED, Account.COST, "year"),
    Parameter.ONCE: (Part.ONCE, Account.COST, ""),
    Parameter.MOVE_COST: (Part.PER_MOVE, Account.COST, ""),
    Parameter.STAFF_PER_PERSON: (Part.PER_PERSON, Account.STAFF, ""),
    Parameter.STAFF_PER_PLACE: (Part.PER_PLACE, Account.STAFF, ""),
    Parameter.STAFF: (Part.FIXED, Account.STAFF, ""),
}
"""What a change of each of these is a lever on: the part, the account, and the time that the number is told for."""


def levers_of(told: Told, case: Case, *, scenario: str, drawing: Drawing) -> Levers:
    """The levers of a scenario's changes, in the order in which they begin.

    A change of a length of stay, or of a share of those whose stay ends, sets the rates out of its setting; the other
    shares then share out what is left in proportion. A team makes its moves from the month in which it begins, and
    costs and counts as staff in the setting that people leave; what its workers manage and cost holds throughout.

    Source: convention of this package.
    """
    found = Levers()
    changes = list(_changes(told, scenario, drawing=drawing))
    values = dict(case.values)
    for change in changes:
        if change.parameter in (Parameter.MOVES_OF_WORKER, Parameter.COST_OF_WORKER):
            values[change.parameter, change.where] = change.applied(case.value(change.parameter, change.where))
    now = replace(case, values=values)
    for change in changes:
        _add(found, change, now, weeks=told.weeks)
    return found


def _changes(told: Told, scenario: str, *, drawing: Drawing) -> Iterator[_Change]:
    """The changes of a scenario with their numbers and months, those that begin earlier first."""
    rows = told.changes.filter(scenario=scenario).sort("starts", maintain_order=True)
    delay = told.delays.get(scenario, 0)
    for row in rows.iter_rows(named=True):
        parameter = Parameter(row["parameter"])
        first = _months_between(told.starts, row["starts"]) + delay
        last = None if row["ends"] is None else _months_between(told.starts, row["ends"]) + delay
        if parameter in TOTALS and last is None:
            last = first
        ramp = row["ramp_months"] or 0
        holds = profile(first, months=told.months, ramp=0 if parameter in TOTALS else ramp, last=last)
        if parameter in TOTALS and last is not None:
            holds = holds / (last - first + 1)
        values = drawing({**row, "model": told.name})
        yield _Change(row, parameter, (row["setting"], row["destination"]), values, holds)


def _months_between(first: date, day: date) -> int:
    """Whole calendar months from the month of one day to that of another."""
    return (day.year - first.year) * MONTHS_A_YEAR + day.month - first.month


def _add(found: Levers, change: _Change, case: Case, *, weeks: float) -> None:
    """Nothing; the levers of the change are added to those found."""
    if change.parameter in PLAIN:
        part, account, time = PLAIN[change.parameter]
        scale = {"week": weeks / MONTHS_A_YEAR, "year": 1 / MONTHS_A_YEAR}.get(time, 1.0)
        row = 0 if part is Part.ONCE else case.row(change.where, MEANINGS[change.parameter].of)
        levers = found.flow if account is None else found.accounts[account]
        levers.append(change.lever(part, row, scale=scale))
    else:
        OTHERS[change.parameter](found, change, case, weeks)


def _stay_or_share(found: Levers, change: _Change, case: Case, weeks: float) -> None:
    """The rates out of the setting as they follow from its stay and shares once the change holds whole."""
    setting = change.where[0]
    key = (change.parameter, change.where)
    before = case.value(*key)
    case.values[key] = np.maximum(change.applied(before), 0)
    if change.parameter is Parameter.SHARE:
        case.values[key] = np.minimum(case.values[key], 1)
        left = (1 - case.values[key]) / np.maximum(1 - before, np.finfo(float).tiny)
        for where in case.model.flows:
            if where[0] == setting and where != change.where:
                case.values[Parameter.SHARE, where] = case.value(Parameter.SHARE, where) * left
    for where, rate in leaving_rates(case, setting, weeks=weeks).items():
        part, of = (Part.RATES, Of.FLOW) if where[1] else (Part.EXITS, Of.SETTING)
        found.flow.append(change.other(part, case.row(where, of), Operation.SET, rate))


def _team(found: Levers, change: _Change, case: Case, weeks: float) -> None:
    """What a team manages, costs and counts as."""
    flow, origin = case.row(change.where, Of.FLOW), case.row(change.where, Of.SETTING)
    able = case.value(Parameter.MOVES_OF_WORKER, change.where, other=np.inf)
    if not any(lever.part is Part.LIMITS and lever.row == flow for lever in found.flow):
        throughout = np.ones(len(change.profile))
        found.flow.append(Lever(change.row["lever"], Part.LIMITS, flow, Operation.SET, np.zeros(1), throughout))
    raised = change.other(Part.LIMITS, flow, Operation.PLUS, change.values * able)
    found.flow.append(raised)
    cost = change.values * case.value(Parameter.COST_OF_WORKER, change.where) / MONTHS_A_YEAR
    found.accounts[Account.COST].append(change.other(Part.FIXED, origin, Operation.PLUS, cost))
    found.accounts[Account.STAFF].append(change.other(Part.FIXED, origin, Operation.PLUS, change.values))


def _paid_weeks(found: Levers, change: _Change, case: Case, weeks: float) -> None:
    """What more, or less, a move costs for weeks in which a place that was left is still paid for."""
    before = case.value(change.parameter, change.where)
    more = (change.applied(before) - before) * case.value(Parameter.COST, (change.where[0], ""))
    row = case.row(change.where, Of.FLOW)
    found.accounts[Account.COST].append(change.other(Part.PER_MOVE, row, Operation.PLUS, more))


def _nothing(found: Levers, change: _Change, case: Case, weeks: float) -> None:
    """Nothing: what a worker manages and costs is told to the team."""


OTHERS: Mapping[Parameter, Callable[[Levers, _Change, Case, float], None]] = {
    Parameter.STAY: _stay_or_share,
    Parameter.SHARE: _stay_or_share,
    Parameter.TEAM: _team,
    Parameter.DOUBLE_RUNNING: _paid_weeks,
    Parameter.VOID: _paid_weeks,
    Parameter.MOVES_OF_WORKER: _nothing,
    Parameter.COST_OF_WORKER: _nothing,
}
"""How a change of each of these numbers becomes levers."""
