"""Levers: dated changes of what a month brings and what it costs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

import numpy as np

from parity.methods.flow import FlowModel, Month, Numbers, held_to_one
from parity.methods.flow_cost import Costs

Rows = TypeVar("Rows", Month, Costs)


class Part(Enum):
    """What a lever changes: the name of a part of a month, or of what it costs."""

    RATES = "rates"
    EXITS = "exits"
    ARRIVALS = "arrivals"
    CAPACITIES = "capacities"
    PLANNED = "planned"
    LIMITS = "limits"
    PER_PERSON = "per_person"
    PER_PLACE = "per_place"
    FIXED = "fixed"
    PER_MOVE = "per_move"
    ONCE = "once"


OF_COSTS = frozenset({Part.PER_PERSON, Part.PER_PLACE, Part.FIXED, Part.PER_MOVE, Part.ONCE})


class Operation(Enum):
    """What a lever does to a number."""

    SET = "set to"
    TIMES = "multiplied by"
    PLUS = "raised by"


@dataclass(frozen=True, eq=False)
class Lever:
    """A dated change of one row of a part.

    `values` hold one number or one for each draw; `profile` (months) says how much of the change holds in each month
    (0–1), so that it may begin late, grow and end. Several levers may have the same name: they belong together.
    """

    name: str
    part: Part
    row: int
    operation: Operation
    values: Numbers
    profile: Numbers

    def changed(self, numbers: Numbers, month: int) -> Numbers:
        """The numbers of the row (1 or draws) with as much of the change as holds in the month."""
        share = self.profile[month]
        if self.operation is Operation.PLUS:
            return numbers + share * self.values
        if self.operation is Operation.TIMES:
            # what has no limit has none however it is multiplied, and infinity times 0 is not a number
            factor = 1 + share * (self.values - 1)
            return np.multiply(
                numbers,
                factor,
                out=np.full(np.broadcast_shapes(numbers.shape, factor.shape), np.inf),
                where=np.isfinite(numbers),
            )
        # there is no way from infinity to a number, so the whole change holds as soon as it begins
        partly = np.where(np.isfinite(numbers), numbers, self.values)
        return partly + share * (self.values - partly) if share else numbers


def months_with(model: FlowModel, month: Month, *, levers: Iterable[Lever], months: int) -> list[Month]:
    """What each month brings with the levers: the same object wherever nothing differs from the month before.

    Levers act one after the other in their order. No number falls below 0, and rates are held to 1 (`held_to_one`).

    Source: convention of this package.
    """
    own = [lever for lever in levers if lever.part not in OF_COSTS]
    return list(_changed(month, own, months, finished=lambda now: _finished(model, now, month)))


def costs_with(costs: Costs, levers: Iterable[Lever], *, months: int) -> list[Costs]:
    """What each month costs with the levers: the same object wherever nothing differs from the month before.

    No number falls below 0, but for what is paid once: there money may come in.

    Source: convention of this package.
    """
    own = [lever for lever in levers if lever.part in OF_COSTS]
    return list(_changed(costs, own, months, finished=lambda now: _not_below_0(now, costs)))


def _changed(base: Rows, levers: Sequence[Lever], months: int, *, finished: Callable[[Rows], Rows]) -> Iterator[Rows]:
    """The rows of each month; those that differ from the month before are finished."""
    last, now = (0.0,) * len(levers), base
    for month in range(months):
        state = tuple(float(lever.profile[month]) for lever in levers)
        if state != last:
            now = finished(_with(base, levers, month)) if any(state) else base
        last = state
        yield now


def _with(base: Rows, levers: Sequence[Lever], month: int) -> Rows:
    """The rows of one month, of which only the parts that are changed are copied."""
    parts: dict[str, Numbers] = {}
    for lever in levers:
        if not lever.profile[month]:
            continue
        name = lever.part.value
        rows = parts.get(name, getattr(base, name))
        row = lever.changed(rows[lever.row], month)
        if row.shape[-1] > rows.shape[-1]:
            rows = np.repeat(rows, row.shape[-1], axis=1)
        elif name not in parts:
            rows = rows.copy()
        rows[lever.row] = row
        parts[name] = rows
    return replace(base, **parts)


def _finished(model: FlowModel, now: Month, base: Month) -> Month:
    """The month with what levers changed in it not below 0, and its rates held to 1 where they did."""
    found = _not_below_0(now, base)
    return found if found.rates is base.rates and found.exits is base.exits else held_to_one(model, found)


def _not_below_0(now: Rows, base: Rows) -> Rows:
    """The rows with what levers changed in them not below 0, but for what is paid once."""
    before = vars(base)
    changed = {name: rows for name, rows in vars(now).items() if rows is not before[name]}
    return replace(now, **{name: np.maximum(rows, 0) for name, rows in changed.items() if name != Part.ONCE.value})


def profile(first: int, *, months: int, ramp: int = 0, last: int | None = None) -> Numbers:
    """Months: how much of a change (0–1) holds in each, from the month numbered `first` (0 is the first) to `last`.

    It grows evenly over the months of the ramp and is whole in the ramp's last; without a ramp, or with one of a month,
    it is whole at once.

    Source: convention of this package.
    """
    turn = np.arange(months) - first
    share = np.clip((turn + 1) / max(ramp, 1), 0, 1)
    return np.where((turn >= 0) & (turn <= (months if last is None else last) - first), share, 0.0)
