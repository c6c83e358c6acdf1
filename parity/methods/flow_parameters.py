"""The numbers that a flow model is told: what each means, and how it is drawn from its interval."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from parity.methods import estimates
from parity.methods.chance import Chance
from parity.methods.estimates import Estimate, estimate_draws, faults_of_estimate
from parity.methods.flow import Numbers
from parity.methods.flow_levers import Operation
from parity.terms.units import Unit, write_number


class Of(Enum):
    """What a number belongs to."""

    MODEL = "the model"
    SETTING = "a setting"
    FLOW = "a flow from a setting to another"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number belongs to, the unit in which it is written, and whether it is a share that cannot exceed 1."""

    of: Of
    unit: Unit
    is_share: bool = False


class Parameter(Enum):
    """Numbers of a flow model, each under the words by which a table names it."""

    PEOPLE = "people at the start"
    PLACES = "places"
    ARRIVALS = "arrivals a month"
    LEAVING = "share leaving services a month"
    STAY = "length of stay in weeks"
    COST = "cost of a person a week"
    INCOME = "income from a person a week"
    PLACE_COST = "cost of a place a week"
    SETTING_COST = "cost of the setting a year"
    STAFF_PER_PERSON = "staff for a person"
    STAFF_PER_PLACE = "staff for a place"
    STAFF = "staff of the setting"
    RATE = "share asking to move a month"
    SHARE = "share of those whose stay ends"
    MOVE_COST = "cost of a move"
    DOUBLE_RUNNING = "weeks of double running"
    VOID = "weeks a place stays empty"
    MOVES_OF_WORKER = "moves of a worker a month"
    COST_OF_WORKER = "cost of a worker a year"
    MOVES = "people to move"
    TEAM = "workers of the team"
    JOINING = "people who join"
    ONCE = "paid once"
    INFLATION = "inflation a year"


MEANINGS: Mapping[Parameter, Meaning] = {
    Parameter.PEOPLE: Meaning(Of.SETTING, Unit.PEOPLE),
    Parameter.PLACES: Meaning(Of.SETTING, Unit.PLACES),
    Parameter.ARRIVALS: Meaning(Of.SETTING, Unit.NUMBER),
    Parameter.LEAVING: Meaning(Of.SETTING, Unit.SHARE, is_share=True),
    Parameter.STAY: Meaning(Of.SETTING, Unit.NUMBER),
    Parameter.COST: Meaning(Of.SETTING, Unit.GBP_PER_WEEK),
    Parameter.INCOME: Meaning(Of.SETTING, Unit.GBP_PER_WEEK),
    Parameter.PLACE_COST: Meaning(Of.SETTING, Unit.GBP_PER_WEEK),
    Parameter.SETTING_COST: Meaning(Of.SETTING, Unit.GBP),
    Parameter.STAFF_PER_PERSON: Meaning(Of.SETTING, Unit.WTE),
    Parameter.STAFF_PER_PLACE: Meaning(Of.SETTING, Unit.WTE),
    Parameter.STAFF: Meaning(Of.SETTING, Unit.WTE),
    Parameter.RATE: Meaning(Of.FLOW, Unit.SHARE, is_share=True),
    Parameter.SHARE: Meaning(Of.FLOW, Unit.SHARE, is_share=True),
    Parameter.MOVE_COST: Meaning(Of.FLOW, Unit.GBP),
    Parameter.DOUBLE_RUNNING: Meaning(Of.FLOW, Unit.NUMBER),
    Parameter.VOID: Meaning(Of.FLOW, Unit.NUMBER),
    Parameter.MOVES_OF_WORKER: Meaning(Of.FLOW, Unit.NUMBER),
    Parameter.COST_OF_WORKER: Meaning(Of.FLOW, Unit.GBP),
    Parameter.MOVES: Meaning(Of.FLOW, Unit.PEOPLE),
    Parameter.TEAM: Meaning(Of.FLOW, Unit.WTE),
    Parameter.JOINING: Meaning(Of.SETTING, Unit.PEOPLE),
    Parameter.ONCE: Meaning(Of.SETTING, Unit.GBP),
    Parameter.INFLATION: Meaning(Of.MODEL, Unit.SHARE),
}
OF_CHANGES = frozenset({Parameter.MOVES, Parameter.TEAM, Parameter.JOINING, Parameter.ONCE})
"""What only a change can bring."""
TOTALS = frozenset({Parameter.MOVES, Parameter.JOINING, Parameter.ONCE})
"""What a change brings in all between its first month and its last, spread evenly."""
AT_START = frozenset({Parameter.PEOPLE, Parameter.INFLATION})
"""What no change can bring: it holds from the start, or throughout."""
LEAST_INFLATION = -0.99
"""Were prices to fall by all that they are, nothing could be told in those of another year."""


Drawing = Callable[[Mapping[str, Any]], Numbers]
"""How a row with parameter, operation, value, lower and upper becomes the numbers in its columns (1, or 1 + others)."""


def by_chance(chance: Chance) -> Drawing:
    """The drawing by which each number is drawn from its interval, and belongs to what it is a number of.

    Source: as for `drawn`.
    """
    return lambda row: drawn(row, name=name_of(row), chance=chance)


def as_stated(row: Mapping[str, Any]) -> Numbers:
    """The drawing by which each number is as stated, in one column.

    Source: convention of this package.
    """
    return np.array([float(row["value"])])


def at_ends(names: Sequence[str]) -> Drawing:
    """The drawing of 1 + 2 × names columns: all as stated; then one after the other of the numbers of these names
    (`name_of`) at its lower, then at its upper end, and all others as stated.

    Source: one-way sensitivity analysis (Eschenbach 1992).
    """
    places = {name: 1 + 2 * place for place, name in enumerate(names)}

    def drawing(row: Mapping[str, Any]) -> Numbers:
        place = places.get(name_of(row))
        if place is None:
            return as_stated(row)
        found = np.full(1 + 2 * len(places), float(row["value"]))
        found[place : place + 2] = row["lower"], row["upper"]
        return found

    return drawing


def drawn(row: Mapping[str, Any], *, name: str, chance: Chance) -> Numbers:
    """1 + draws, or 1 where there is no interval: the value as stated, then draws that belong to the name.

    `row` has value, lower and upper (the ends of a 95% interval, or null) and parameter. The value is the median of the
    draws. A row may bring `draws` of its own that were made elsewhere by the same chance, after the value.

    Source: as for `at_normals`.
    """
    if row.get("draws") is not None:
        return np.asarray(row["draws"][: 1 + chance.draws])
    return estimate_draws(_estimate(row), name=name, chance=chance)


def is_uncertain(row: Mapping[str, Any]) -> bool:
    """Whether a number has an interval, so that it is drawn.

    Source: convention of this package.
    """
    return Estimate(row["value"], row["lower"], row["upper"]).is_uncertain


def at_normals(row: Mapping[str, Any], normal: Numbers) -> Numbers:
    """What an uncertain number is where a standard normal draw is `normal`: at 0 its value.

    Draws that no such number can be (people below 0, a share above 1) are the nearest that it can.

    Source: as for `estimates.at_normals`.
    """
    return estimates.at_normals(_estimate(row), normal)


def _estimate(row: Mapping[str, Any]) -> Estimate:
    return Estimate(row["value"], row["lower"], row["upper"], *limits_of(row))


def limits_of(row: Mapping[str, Any]) -> tuple[float, float]:
    """The least and the most that a number can be, in its own unit: a share 0 and 1, what has no limit infinity.

    Source: convention of this package.
    """
    parameter, operation = Parameter(row["parameter"]), row["operation"]
    if parameter is Parameter.INFLATION:
        return LEAST_INFLATION, np.inf
    is_free = operation == Operation.PLUS.value or parameter is Parameter.ONCE
    is_share = MEANINGS[parameter].is_share and operation != Operation.TIMES.value
    return -np.inf if is_free else 0, 1 if is_share else np.inf


def name_of(row: Mapping[str, Any]) -> str:
    """What the draws of a number belong to: what it is, where, and of which change; not which scenario.

    Source: convention of this package.
    """
    keys = ("model", "lever", "parameter", "setting", "destination", "operation")
    return "|".join(["flow", *(str(row.get(key) or "") for key in keys)])


def unit_of(row: Mapping[str, Any]) -> Unit:
    """The unit of a number of a model, or of a change; what something is multiplied by is a bare number.

    Source: convention of this package.
    """
    is_factor = row.get("operation") == Operation.TIMES.value
    return Unit.NUMBER if is_factor else MEANINGS[Parameter(row["parameter"])].unit


def written(row: Mapping[str, Any], value: float) -> str:
    """A number in its unit; a bare one in all its digits.

    Source: convention of this package.
    """
    unit = unit_of(row)
    return write_number(value) if unit is Unit.NUMBER else unit.write(value)


def faults_of_values(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each number that cannot be used: not known, below 0, a share above 1, or outside its interval.

    By what something is raised, and what is paid once, may be below 0, for then it falls, or money comes in.
    `rows` have code, parameter, operation (null for a number that is no change), value, lower, upper.

    Source: convention of this package.
    """
    return [f"{row['code']} ({row['parameter']}): {fault}" for row in rows for fault in _faults(row)]


def _faults(row: Mapping[str, Any]) -> list[str]:
    """What is wrong with one number."""
    estimate = _estimate(row)
    below = "prices cannot fall by more than 99% a year." if estimate.least else estimates.BELOW
    return faults_of_estimate(estimate, below=below)
