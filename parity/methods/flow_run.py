"""A flow model run over months: only the series that are asked for are kept, draws on the last axis."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parity.methods.chance import Chance, generator
from parity.methods.flow import DRAWS_DIFFER, FlowModel, Month, Numbers, Rationing, impossible, in_steps
from parity.methods.flow_steps import Expected, Row, Step, Steps, WholePeople, network_of
from parity.terms.errors import WrongState

BLOCK = 2500
LISTED_BLOCK = 1000
"""Draws that are run together, so that they stay in the processor's cache; fewer where lists of waiters are kept."""


class Series(Enum):
    """What a run can keep, each by month and draw."""

    PEOPLE = "people in each setting: at the start, then at each month's end"
    PERSON_MONTHS = "people in each setting, the mean of the ends of the month's steps"
    ARRIVED = "people who arrived in each setting in the month"
    LEFT = "people who left services from each setting in the month"
    MOVED = "people who moved along each flow in the month"
    REFUSED = "people refused a place in each setting in the month; under longest wait, those who joined its list"
    REFUSED_BY_FLOW = "people refused a place in the month, by the flow they asked for"
    LISTED_BY_FLOW = "people on the list for each flow at the month's end; kept under longest wait alone"
    DUE_BY_FLOW = "people whom a plan means to move along each flow, and who have not moved at the month's end"
    HELD_BY_FLOW = "those of them for whom staff had no time in the month's last step"


BY_FLOW = frozenset(
    {Series.MOVED, Series.REFUSED_BY_FLOW, Series.LISTED_BY_FLOW, Series.DUE_BY_FLOW, Series.HELD_BY_FLOW}
)
FOUND: Mapping[Series, Callable[[Step], Sequence[Row | None]]] = {
    Series.PERSON_MONTHS: lambda step: step.people,
    Series.ARRIVED: lambda step: step.arrived,
    Series.LEFT: lambda step: step.left,
    Series.MOVED: lambda step: step.moved,
    Series.REFUSED: lambda step: step.refused_by_setting,
    Series.REFUSED_BY_FLOW: lambda step: step.refused,
}
"""What a step tells of each series that adds up over the steps of a month."""
LEFT_OVER: Mapping[Series, Callable[[Steps, int], Row | float]] = {
    Series.LISTED_BY_FLOW: lambda steps, flow: steps.queue(flow),
    Series.DUE_BY_FLOW: lambda steps, flow: steps.plans.due.get(flow, 0.0),
    Series.HELD_BY_FLOW: lambda steps, flow: steps.plans.held.get(flow, 0.0),
}
"""What is left over for each flow after the last step of a month."""


@dataclass(frozen=True, eq=False)
class Run:
    """Each series that was kept: months × settings (or flows) × draws, in the order of the model's names.

    The series of people has a month more than the others: it begins with the start.
    """

    model: FlowModel
    series: Mapping[Series, NDArray[Any]]


def blocks(model: FlowModel, draws: int) -> Iterator[slice]:
    """The parts into which a run's draws may be divided, to show how far it is, to stop it or to share it out.

    Source: convention of this package.
    """
    size = LISTED_BLOCK if model.rationing is Rationing.LONGEST_WAIT else BLOCK
    return (slice(first, min(first + size, draws)) for first in range(0, draws, size))


def run(
    model: FlowModel,
    start: Numbers,
    *,
    months: Sequence[Month],
    keep: Collection[Series],
    chance: Chance | None = None,
    part: slice | None = None,
) -> Run:
    """The series to keep of a model that starts with so many people in each setting (settings × draws, or × 1).

    `months` holds what each month brings; where nothing changes, the same object may stand many times. In each step
    a share of a setting's people leaves services, which nothing holds up, and others ask for a place elsewhere. A
    setting with a limit has the places that are free at the step's beginning, and those of the people who leave
    services from it in the step; those of people who move on are free in the next. With `chance`, people are whole and
    each one's fate is drawn, in as many draws: who leaves or asks is binomial, who arrives Poisson, and lots decide
    among equals; start and places are then rounded down, and what a plan or its staff would do of a person in a step is
    kept until it makes a whole one. These draws belong to the seed and to their block. `part` is one of `blocks`: the
    draws to run, where not all are.

    Whom a plan means to move asks for a place among all others, as far as staff can manage and people are there who
    neither leave nor ask otherwise; who could not be moved is moved later.

    Source: the month rule of Parity's flow model; Euler's method for stocks and flows (Forrester 1961). Raises
    WrongState for what is impossible, for a list that the rule does not keep, and for another part than a block.
    """
    draws = checked_draws(model, start, months=months, keep=keep, least=chance.draws if chance else 1)
    whole = list(blocks(model, draws))
    if part is not None and part not in whole:
        raise WrongState("The part to run is not one of the blocks of draws.")
    chosen = [part] if part is not None else whole
    first = chosen[0].start
    kept = room_for(model, keep, months=len(months), draws=chosen[-1].stop - first)
    network = network_of(model, months)
    for block in chosen:
        sharing = WholePeople(generator(chance, f"flow|{block.start}")) if chance else Expected()
        room = {series: rows[..., block.start - first : block.stop - first] for series, rows in kept.items()}
        people = [sharing.counted(row) for row in _of_block(start, block)]
        steps = Steps(network, model.rationing, sharing=sharing)
        _run_block(model, steps, people=people, months=months, block=block, room=room)
    return Run(model, kept)


def joined(runs: Sequence[Run]) -> Run:
    """One run of the draws of several, one after the other.

    Source: convention of this package.
    """
    series = {name: np.concatenate([each.series[name] for each in runs], axis=-1) for name in runs[0].series}
    return Run(runs[0].model, series)


def checked_draws(
    model: FlowModel, start: Numbers, *, months: Sequence[Month], keep: Collection[Series], least: int
) -> int:
    """The number of draws of a run that can be.

    Source: convention of this package. Raises WrongState for what is impossible, and for a list that the rule does not
    keep.
    """
    distinct = list({id(month): month for month in months}.values())
    faults = dict.fromkeys(fault for month in distinct for fault in impossible(model, start, month=month))
    counts = {least, start.shape[-1], *(month.draws for month in distinct)}
    if len(counts - {1}) > 1:
        faults[DRAWS_DIFFER] = None
    if faults:
        raise WrongState(" ".join(faults))
    if Series.LISTED_BY_FLOW in keep and model.rationing is not Rationing.LONGEST_WAIT:
        raise WrongState("A list of those who wait is kept only where the longest wait goes first.")
    return max(counts)


def room_for(model: FlowModel, keep: Collection[Series], *, months: int, draws: int) -> dict[Series, Numbers]:
    """Room for each series to keep: months × settings or flows × draws of 0.

    Source: convention of this package.
    """
    return {
        series: np.zeros(
            (
                months + (series is Series.PEOPLE),
                len(model.flows if series in BY_FLOW else model.settings),
                draws,
            )
        )
        for series in Series
        if series in keep
    }


def _run_block(
    model: FlowModel,
    steps: Steps,
    *,
    people: list[Row],
    months: Sequence[Month],
    block: slice,
    room: Mapping[Series, Numbers],
) -> None:
    """Run the months for a block of draws, and write what they did into the room."""
    if Series.PEOPLE in room:
        room[Series.PEOPLE][0] = people
    during = [series for series in room if series in FOUND]
    left_over = [series for series in room if series in LEFT_OVER]
    for number, now in enumerate(_brought(model, months, block=block)):
        for turn in range(model.steps):
            step = steps.take(people, now)
            people = step.people
            for series in during:
                _add(FOUND[series](step), room[series][number], is_first=not turn)
        if Series.PEOPLE in room:
            room[Series.PEOPLE][number + 1] = people
        if Series.PERSON_MONTHS in room:
            room[Series.PERSON_MONTHS][number] /= model.steps
        for series in left_over:
            for flow, row in enumerate(room[series][number]):
                row[:] = LEFT_OVER[series](steps, flow)


def _brought(model: FlowModel, months: Sequence[Month], *, block: slice) -> Iterator[Month]:
    """What each step of each month brings to the block's draws; it is worked out anew only where months differ."""
    last = None
    for month in months:
        if month is not last:
            parts = {name: _of_block(rows, block) for name, rows in month.given.items()}
            last, step = month, in_steps(model, Month(**parts))
        yield step


def _of_block(rows: Numbers, block: slice) -> Numbers:
    """Rows × the block's draws."""
    cut = rows[:, block] if rows.shape[-1] > 1 else rows
    return np.broadcast_to(cut, (len(rows), block.stop - block.start))


def _add(rows: Sequence[Row | None], room: Numbers, *, is_first: bool) -> None:
    """Write what the month's first step found, and add what the others did; where it found nothing, all stays 0."""
    for found, row in zip(rows, room, strict=True):
        if found is None:
            continue
        if is_first:
            row[:] = found
        else:
            row += found
