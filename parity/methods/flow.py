"""People flow between settings of care: the model, what a month brings, and what cannot be.

Each month everybody in a setting may leave services, ask for a place in another setting, or stay. A setting with so
many places takes those who ask as long as places are free; the others stay where they are. What is uncertain is given
as draws, on the last axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import Enum

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ROUNDING = 1e-9
"""By how much rates that add up to 1 may miss it."""
PARTS = {
    "rates": "rates",
    "exits": "shares who leave services",
    "arrivals": "arrivals",
    "capacities": "places",
    "planned": "planned moves",
    "limits": "moves that staff can manage",
}
"""The parts of a month, in words."""
BY_FLOW = frozenset({"rates", "planned", "limits"})
"""The parts of a month with a row for each flow; the others have one for each setting."""
SPREAD = frozenset({"arrivals", "planned", "limits"})
"""The parts of a month that are people a month, of which each step brings its part."""
DRAWS_DIFFER = "Numbers are given for different numbers of draws."


class Rationing(Enum):
    """Who gets the free places where more ask than there are.

    In proportion, all who ask have the same chance. By priority, those from an earlier setting go first. These two
    forget: people who are refused stay where they are, and next time ask again, or not, as the rates say. By the
    longest wait, they are on a list until they have the place, leave services or ask for another; those who joined
    the list earlier go first, wherever they are, and those who joined in the same step have the same chance.
    """

    PROPORTIONAL = "in proportion to who asks"
    PRIORITY = "by the setting they come from"
    LONGEST_WAIT = "longest wait first"


@dataclass(frozen=True)
class FlowModel:
    """Settings, flows (from which setting, to which), who gets the free places, and equal steps in a month.

    `priority` names the settings that people come from, first first; only rationing by priority uses it.
    """

    settings: tuple[str, ...]
    flows: tuple[tuple[str, str], ...]
    rationing: Rationing = Rationing.PROPORTIONAL
    priority: tuple[str, ...] = ()
    steps: int = 1


@dataclass(frozen=True, eq=False)
class Month:
    """What a month brings, each a row for each flow or setting, with one column or one for each draw.

    `rates` are the shares (0–1) of a setting's people who ask for each flow in the month, `exits` the shares who leave
    services, `arrivals` people, `capacities` places (infinity where there is no limit). Where people are moved by a
    plan, `planned` are the people a month whom it means to move along each flow, and `limits` how many of them staff
    can move in a month (infinity where there is no limit).
    """

    rates: Numbers
    exits: Numbers
    arrivals: Numbers
    capacities: Numbers
    planned: Numbers | None = None
    limits: Numbers | None = None

    @property
    def given(self) -> dict[str, Numbers]:
        """The parts that are given, by name."""
        return {part.name: rows for part in fields(self) if (rows := getattr(self, part.name)) is not None}

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return max(rows.shape[-1] for rows in self.given.values())


def flow_model(
    settings: pl.DataFrame,
    flows: pl.DataFrame,
    *,
    rationing: Rationing = Rationing.PROPORTIONAL,
    priority: Sequence[str] = (),
    steps: int = 1,
) -> FlowModel:
    """The model of a table of settings (setting) and one of flows (origin, destination), in their order.

    Source: convention of this package.
    """
    return FlowModel(
        tuple(settings["setting"]), tuple(flows.select("origin", "destination").rows()), rationing, (*priority,), steps
    )


def people_at_start(settings: pl.DataFrame) -> Numbers:
    """Settings × 1: the people of a table of settings (people).

    Source: convention of this package.
    """
    return _column(settings["people"])


def month_of(settings: pl.DataFrame, flows: pl.DataFrame) -> Month:
    """The month that a table of settings (leaving, arrivals, capacity) and one of flows (rate) tell, as one draw.

    A setting without capacity has no limit; a rate or number that is not given is not known, and is refused later.

    Source: convention of this package.
    """
    capacities = _column(settings["capacity"].fill_null(np.inf))
    return Month(_column(flows["rate"]), _column(settings["leaving"]), _column(settings["arrivals"]), capacities)


def _column(values: pl.Series) -> Numbers:
    return values.cast(pl.Float64).fill_null(np.nan).to_numpy()[:, None]


def in_steps(model: FlowModel, month: Month) -> Month:
    """What one step of the month brings: the same total share leaves each setting over the month, if none returned.

    The share that leaves a setting for whatever reason becomes 1 - (1 - share) to the power of 1 ÷ steps, and its
    rates keep their proportions. Arrivals, planned moves and what staff can manage are spread evenly.

    Source: competing risks with constant proportions (Putter, Fiocco and Geskus 2007).
    """
    if model.steps == 1:
        return month
    leaving = _leaving(model, month)
    # where all leave, the root would make much of a share that misses 1 by rounding
    leaving = np.where(leaving > 1 - ROUNDING, 1, leaving)
    shrunk = 1 - (1 - leaving) ** (1 / model.steps)
    factor = np.divide(shrunk, leaving, out=np.zeros_like(leaving), where=leaving > 0)
    spread = {name: rows / model.steps for name, rows in month.given.items() if name in SPREAD}
    return replace(_with_leaving(model, month, factor=factor), **spread)


def held_to_one(model: FlowModel, month: Month) -> Month:
    """The month with a setting's rates shrunk in proportion in each draw in which they add up to more than 1.

    Rates that are drawn one by one may do so now and then, without being impossible; everybody then leaves.

    Source: convention of this package.
    """
    return _with_leaving(model, month, factor=1 / np.maximum(_leaving(model, month), 1))


def _with_leaving(model: FlowModel, month: Month, *, factor: Numbers) -> Month:
    """The month with the rates and exits of each setting multiplied (settings × draws)."""
    origins = [model.settings.index(origin) for origin, _ in model.flows]
    return replace(month, rates=month.rates * factor[origins], exits=month.exits * factor)


def _leaving(model: FlowModel, month: Month) -> Numbers:
    """Settings × draws: the share (0–1) of a setting's people who leave it in the month if nothing holds them."""
    total = np.array(np.broadcast_to(month.exits, (len(model.settings), month.draws)), float)
    for (origin, _), rate in zip(model.flows, month.rates, strict=True):
        total[model.settings.index(origin)] += rate
    return total


def impossible(model: FlowModel, start: Numbers, *, month: Month) -> list[str]:
    """A sentence for each thing that cannot be, so that nothing can be run: empty where all can be.

    Unknown or doubled settings and flows, tables of another length, numbers below 0 or not known, rates of a setting
    that add up to more than 1, a month without steps, no place in the order of priority.

    Source: convention of this package.
    """
    return _faults_of_model(model) or _faults_of_shape(model, start, month) or _faults_of_numbers(model, start, month)


def _faults_of_model(model: FlowModel) -> list[str]:
    known = set(model.settings)
    faults = [] if len(known) == len(model.settings) else ["Two settings have the same name."]
    faults += [f"There is no setting called {name}." for name in _named(model) if name not in known]
    faults += [f"{origin}: a flow from a setting leads to another." for origin, end in model.flows if origin == end]
    if len(set(model.flows)) < len(model.flows):
        faults.append("Two flows join the same two settings in the same direction.")
    if model.steps < 1:
        faults.append("A month has at least one step.")
    if model.rationing is Rationing.PRIORITY:
        origins = dict.fromkeys(origin for origin, _ in model.flows)
        faults += [f"{name} has no place in the order of priority." for name in origins if name not in model.priority]
    return faults


def _named(model: FlowModel) -> dict[str, None]:
    """The settings that flows and priority name, each once."""
    return dict.fromkeys([*(name for flow in model.flows for name in flow), *model.priority])


def _faults_of_shape(model: FlowModel, start: Numbers, month: Month) -> list[str]:
    wanted = (("people at the start", start, model.settings), *_parts(model, month))
    faults = [
        f"The {words} are not given for each of {len(names)} settings or flows."
        for words, part, names in wanted
        if part.ndim != 2 or len(part) != len(names)
    ]
    draws = {part.shape[-1] for _, part, _ in wanted} - {1}
    return faults or ([DRAWS_DIFFER] if len(draws) > 1 else [])


def _parts(model: FlowModel, month: Month) -> tuple[tuple[str, Numbers, tuple[str, ...]], ...]:
    """The parts of a month: in words, the numbers, and what each row is called."""
    flows = tuple(f"{origin} to {destination}" for origin, destination in model.flows)
    return tuple(
        (PARTS[name], rows, flows if name in BY_FLOW else model.settings) for name, rows in month.given.items()
    )


def _faults_of_numbers(model: FlowModel, start: Numbers, month: Month) -> list[str]:
    parts = (("people at the start", start, model.settings), *_parts(model, month))
    faults = [
        f"{name}: the {words} are below 0 or not known."
        for words, part, names in parts
        for name, row in zip(names, part, strict=True)
        if not (row >= 0).all()
    ]
    most = _leaving(model, month).max(axis=1, initial=0)
    return faults + [
        f"{name}: its rates add up to more than 1, so that more people would leave than are there."
        for name, share in zip(model.settings, most, strict=True)
        if share > 1 + ROUNDING
    ]


def unlikely(model: FlowModel, start: Numbers, *, month: Month) -> list[str]:
    """A sentence for each thing that can be run, but is likely to be a slip: empty where there is none.

    A setting with fewer places than people at the start, with places that no flow leads to, or with people whom
    nothing lets leave. Call it only where nothing is impossible.

    Source: convention of this package.
    """
    entered = {destination for _, destination in model.flows}
    held = _leaving(model, month).max(axis=1) == 0
    found = []
    for place, name in enumerate(model.settings):
        if (start[place] > month.capacities[place]).any():
            found.append(f"{name}: it has fewer places than people at the start, so nobody can enter until they leave.")
        if name not in entered and np.isfinite(month.capacities[place]).any():
            found.append(f"{name}: it has places, but people only arrive there, and arrivals are never refused.")
        if held[place]:
            found.append(f"{name}: nobody ever leaves it.")
    return found
