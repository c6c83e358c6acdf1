"""A scenario: the changes that a table tells, as levers on what a month brings, costs, brings in and takes in staff."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow import Numbers
from parity.methods.flow_case import (
    Account,
    Case,
    Told,
    Where,
    cost_of_move,
    leaving_in_month,
    shares_of_ended,
)
from parity.methods.flow_levers import OF_COSTS, Lever, Operation, Part, profile
from parity.methods.flow_parameters import MEANINGS, OF_CHANGES, TOTALS, Drawing, Of, Parameter
from parity.terms.errors import WrongState

IN_ALL = "in all"
"""The operation of a change that is told in all, and spread evenly over its months."""
AMOUNTS = frozenset({Parameter.TEAM, Parameter.PLACES, Parameter.ARRIVALS, Parameter.STAFF, Parameter.SETTING_COST})
"""What there is twice as much of, in an option of twice the size, where it is raised by a number."""
OF_EACH = frozenset(
    {
        Parameter.MOVE_COST,
        Parameter.DOUBLE_RUNNING,
        Parameter.VOID,
        Parameter.MOVES_OF_WORKER,
        Parameter.COST_OF_WORKER,
    }
)
"""What is told of each move or each worker of a flow, and holds at any size of an option that moves people there."""


@dataclass(frozen=True, eq=False)
class Change:
    """One change: its row of the table, what it is of, its numbers, and how much of it holds in each month (0–1)."""

    row: Mapping[str, Any]
    parameter: Parameter
    where: Where
    values: Numbers
    profile: Numbers

    @property
    def name(self) -> str:
        """What people call the lever that it belongs to."""
        return str(self.row["lever"])

    def lever(self, part: Part, row: int, *, scale: float = 1.0) -> Lever:
        """The change as a lever on a row whose numbers are told times `scale`."""
        is_total = self.row["operation"] == IN_ALL
        operation = Operation.PLUS if is_total else Operation(self.row["operation"])
        values = self.values if operation is Operation.TIMES else self.values * scale
        return Lever(self.name, part, row, operation, values, self.profile)

    def changed(self, numbers: Numbers, month: int) -> Numbers:
        """The numbers with as much of the change as holds in the month; other changes may raise them to 0 again."""
        return self.lever(Part.RATES, 0).changed(numbers, month)

    @property
    def is_amount(self) -> bool:
        """Whether it is told in all, or raises an amount, so that it can come in another size.

        What only a change can bring begins with nothing, so to set it is to raise it.
        """
        operation, starts_bare = self.row["operation"], self.parameter in OF_CHANGES
        is_raised = operation == Operation.PLUS.value or (starts_bare and operation == Operation.SET.value)
        return self.parameter in TOTALS or (self.parameter in AMOUNTS and is_raised)

    def sized(self, size: float) -> "Change":
        """The change of an option of so many times its size: only amounts are other than before."""
        return replace(self, values=self.values * size) if self.is_amount else self


@dataclass(frozen=True, eq=False)
class Levers:
    """The levers that a case's changes are: on what a month brings (`flow`), and on each account. None without changes.

    Numbers that depend on several changes are worked out for each month in which these hold in another way: rates on
    lengths of stay and shares, the cost of a move on its weeks and what they cost, moves on a team and its workers.
    With `is_moving` they only move people: their own prices, payments and staff are left out.
    """

    changes: Sequence[Change] = ()
    case: Case | None = None
    is_moving: bool = False

    @property
    def names(self) -> list[str]:
        """What the levers are called, each once, in the order in which they begin."""
        return list(dict.fromkeys(change.name for change in self.changes))

    def only(self, names: Collection[str]) -> "Levers":
        """The levers of these names alone, as if no others were told."""
        return replace(self, changes=[change for change in self.changes if change.name in names])

    @property
    def without_size(self) -> list[Change]:
        """The changes of which nothing says what they would be at another size; all of them where none is an amount.

        What is told of each move or worker holds at any size where the levers themselves move people there.
        """
        amounts = [change for change in self.changes if change.is_amount]
        moved = {change.where for change in amounts if MEANINGS[change.parameter].of is Of.FLOW}
        return [
            change
            for change in self.changes
            if not (change.is_amount or (change.parameter in OF_EACH and change.where in moved)) or not amounts
        ]

    def sized(self, size: float) -> "Levers":
        """The levers of so many times the size, 1 as they are told. Raises WrongState where they have no other size."""
        if size != 1 and self.without_size:
            raise WrongState(f"{' and '.join(self.names)}: it is taken whole or not at all.")
        return replace(self, changes=[change.sized(size) for change in self.changes])

    @cached_property
    def flow(self) -> list[Lever]:
        """The levers on what a month brings."""
        return [lever for _, lever in self._placed if lever.part not in OF_COSTS]

    @cached_property
    def accounts(self) -> Mapping[Account, list[Lever]]:
        """The levers on each account."""
        placed = [] if self.is_moving else self._placed
        return {of: [lever for account, lever in placed if account is of] for of in Account}

    @cached_property
    def _placed(self) -> list[tuple[Account | None, Lever]]:
        """The levers in the order in which they act, each with its account."""
        return [] if self.case is None else list(_levers(self.changes, self.case))


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
    Parameter.STAFF_PER_PERSON: (Part.PER_PERSON, Account.STAFF, ""),
    Parameter.STAFF_PER_PLACE: (Part.PER_PLACE, Account.STAFF, ""),
    Parameter.STAFF: (Part.FIXED, Account.STAFF, ""),
}
"""What a change of each of these is a lever on: the part, the account, and the time that the number is told for."""


WORKERS = frozenset({Parameter.TEAM, Parameter.MOVES_OF_WORKER, Parameter.COST_OF_WORKER})
STAYS = frozenset({Parameter.STAY, Parameter.SHARE})
OF_MOVE = frozenset({Parameter.MOVE_COST, Parameter.DOUBLE_RUNNING, Parameter.VOID})

Placed = Iterator[tuple[Account | None, Lever]]


def levers_of(told: Told, case: Case, *, scenario: str, drawing: Drawing) -> Levers:
    """The levers of a scenario's changes, those that begin earlier first; none where no change tells of the scenario.

    What is told in all is spread evenly from its first month to its last, and comes in the first where there is no
    last. Of those whose stay ends, shares that are changed are as told, and the others share what is left in
    proportion. A plan of moves along a flow that has a team waits for it: only as many move as its workers manage; the
    team costs and counts as staff in the setting that people leave.

    Source: convention of this package.
    """
    return Levers(list(changes_of(told, scenario, drawing=drawing)), case)


def changes_of(told: Told, scenario: str, *, drawing: Drawing) -> Iterator[Change]:
    """The changes of a scenario with their numbers and months, those that begin earlier first.

    Source: convention of this package.
    """
    rows = told.changes.filter(scenario=scenario).sort("starts", maintain_order=True)
    for row in rows.iter_rows(named=True):
        holds = _profile(told, row, delay=told.delays.get(scenario, 0))
        values = drawing({**row, "model": told.name})
        yield Change(row, Parameter(row["parameter"]), (row["setting"], row["destination"]), values, holds)


def _profile(told: Told, row: Mapping[str, Any], *, delay: int) -> Numbers:
    """Months: how much of a change holds in each (0–1), or how much of what is told in all comes in each."""
    first = months_between(told.starts, row["starts"]) + delay
    last = None if row["ends"] is None else months_between(told.starts, row["ends"]) + delay
    if Parameter(row["parameter"]) not in TOTALS:
        return profile(first, months=told.months, ramp=row["ramp_months"] or 0, last=last)
    last = first if last is None else last
    return profile(first, months=told.months, last=last) / (last - first + 1)


def months_between(first: date, day: date) -> int:
    """Whole calendar months from the month of one day to that of another.

    Source: convention of this package.
    """
    return (day.year - first.year) * MONTHS_OF_A_YEAR + day.month - first.month


def _levers(changes: Sequence[Change], case: Case) -> Placed:
    """The levers of changes that stand by themselves, then those worked out from several."""
    scales = {"week": case.weeks / MONTHS_OF_A_YEAR, "year": 1 / MONTHS_OF_A_YEAR, "": 1.0}
    for change in changes:
        if change.parameter in PLAIN:
            part, account, time = PLAIN[change.parameter]
            row = 0 if part is Part.ONCE else case.row(change.where, MEANINGS[change.parameter].of)
            yield account, change.lever(part, row, scale=scales[time])
    for setting in case.model.settings:
        yield from _rates(setting, changes, case)
    for flow in case.model.flows:
        yield from _moves(flow, changes, case)
        yield from _team(flow, changes, case)


def _rates(setting: str, changes: Sequence[Change], case: Case) -> Placed:
    """The rates out of a setting, as they follow from its stay and shares in each month."""
    own = [change for change in changes if change.parameter in STAYS and change.where[0] == setting]
    for month, holds in _phases(own):
        now = _in_month(case, own, month)
        stay = now.values[Parameter.STAY, (setting, "")]
        ending = leaving_in_month(stay, weeks=case.weeks, steps=case.model.steps)
        for where, share in _shares(setting, own, case, month).items():
            part, of = (Part.RATES, Of.FLOW) if where[1] else (Part.EXITS, Of.SETTING)
            yield None, Lever(_named(own), part, case.row(where, of), Operation.SET, ending * share, holds)


def _shares(setting: str, changes: Sequence[Change], case: Case, month: int) -> dict[Where, Numbers]:
    """The shares of those whose stay ends in the month, of which those that are changed come first."""
    shares = shares_of_ended(case, setting)
    own = [change for change in changes if change.parameter is Parameter.SHARE and change.profile[month]]
    fixed = {change.where: shares[change.where] for change in own}
    for change in own:
        fixed[change.where] = change.changed(fixed[change.where], month)
    fixed = {where: np.clip(share, 0, 1) for where, share in fixed.items()}
    total = sum(fixed.values(), np.zeros(1))
    left, others = np.maximum(1 - total, 0), {where: share for where, share in shares.items() if where not in fixed}
    weight = sum(others.values(), np.zeros(1))
    rest = case.rests.get(setting, (setting, ""))
    # where nothing tells who shares what is left, all of it is the rest
    alone = {where: float(where == (rest if rest in others else (setting, ""))) for where in others}
    even = np.maximum(weight, np.finfo(float).tiny)
    found = {where: left * np.where(weight > 0, share / even, alone[where]) for where, share in others.items()}
    return {where: share / np.maximum(total, 1) for where, share in fixed.items()} | found


def _moves(flow: Where, changes: Sequence[Change], case: Case) -> Placed:
    """The cost of a move along a flow; what its weeks cost may change with them."""
    own = [change for change in changes if change.parameter in OF_MOVE and change.where == flow]
    if own or {(Parameter.DOUBLE_RUNNING, flow), (Parameter.VOID, flow)} & case.values.keys():
        own += [change for change in changes if change.parameter is Parameter.COST and change.where[0] == flow[0]]
    for month, holds in _phases(own):
        cost = cost_of_move(_in_month(case, own, month), flow)
        yield Account.COST, Lever(_named(own), Part.PER_MOVE, case.row(flow, Of.FLOW), Operation.SET, cost, holds)


def _team(flow: Where, changes: Sequence[Change], case: Case) -> Placed:
    """What a team manages, costs and counts as; before it begins and after it ends nobody is moved."""
    own = [change for change in changes if change.parameter in WORKERS and change.where == flow]
    if not any(change.parameter is Parameter.TEAM for change in own):
        return
    row, origin, name = case.row(flow, Of.FLOW), case.row(flow, Of.SETTING), _named(own)
    yield None, Lever(name, Part.LIMITS, row, Operation.SET, np.zeros(1), np.ones(len(own[0].profile)))
    for month, holds in _phases(own):
        now = _in_month(case, own, month)
        team, able = np.broadcast_arrays(
            now.value(Parameter.TEAM, flow), now.value(Parameter.MOVES_OF_WORKER, flow, other=np.inf)
        )
        managed = np.multiply(team, able, out=np.zeros(team.shape), where=team > 0)
        cost = team * now.value(Parameter.COST_OF_WORKER, flow) / MONTHS_OF_A_YEAR
        yield None, Lever(name, Part.LIMITS, row, Operation.SET, managed, holds)
        yield Account.COST, Lever(name, Part.FIXED, origin, Operation.PLUS, cost, holds)
        yield Account.STAFF, Lever(name, Part.FIXED, origin, Operation.PLUS, team, holds)


def _phases(changes: Sequence[Change]) -> Iterator[tuple[int, Numbers]]:
    """Each way in which some of the changes hold: a month of it, and all its months (1 in them, else 0)."""
    if not changes:
        return
    ways, firsts, which = np.unique(
        [change.profile for change in changes], axis=1, return_index=True, return_inverse=True
    )
    for number, (way, first) in enumerate(zip(ways.T, firsts, strict=True)):
        if way.any():
            yield int(first), (which.ravel() == number).astype(float)


def _in_month(case: Case, changes: Sequence[Change], month: int) -> Case:
    """The case whose numbers are as the changes, one after the other, make them in the month, and not below 0."""
    values = dict(case.values)
    for change in changes:
        key = (change.parameter, change.where)
        if change.profile[month]:
            values[key] = change.changed(values.get(key, np.zeros(1)), month)
    changed = {(change.parameter, change.where) for change in changes} & values.keys()
    return replace(case, values=values | {key: np.maximum(values[key], 0) for key in changed})


def _named(changes: Sequence[Change]) -> str:
    """What the levers are called that several changes make together."""
    return " and ".join(dict.fromkeys(change.name for change in changes))
