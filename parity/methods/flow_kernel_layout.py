"""How the compiled kernel of the flow model has its numbers: arrays by name, made by `flow_kernel`.

Whoever changes this file changes `flow_kernel_source` too: what is compiled is kept on disk until that file changes.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parity.methods.flow import Numbers

Numbered = NDArray[np.int64]


class Rows(NamedTuple):
    """Where the rows of each part of a month begin among all rows; rates stand first, and money last."""

    exits: int
    arrivals: int
    capacities: int
    planned: int
    limits: int


class Net(NamedTuple):
    """The places of settings and flows among their like.

    The flows out of setting s are `out[out_from[s] : out_from[s + 1]]`, and so with those along which plans move people
    (`planned`), and with those into each setting that has a limit (`into`, in the order of `limited`). Of the flows
    `free` nobody need know who moved; of those `asked` it is written down. Money stands in rows, each with a setting or
    flow and with 1 or -1, by which it is counted: of a person, of a move, of a place, and of nothing but the month
    (`whole`). Of the rows `once` numbers may fall below 0. `by_flow` asks who was refused along each flow.
    """

    origin: Numbered
    end: Numbered
    free: Numbered
    asked: Numbered
    limited: Numbered
    into_from: Numbered
    into: Numbered
    out_from: Numbered
    out: Numbered
    planned_from: Numbered
    planned: Numbered
    per_person: Numbered
    per_move: Numbered
    per_place: Numbered
    whole: Numbered
    once: Numbered
    rows: Rows
    steps: int
    by_priority: bool
    by_flow: bool


class Table(NamedTuple):
    """Numbers by month, and the changes of them by levers.

    A number for each draw is a row of `drawn`; one for all draws stands in `shared`, and its place p is written as
    -1 - p. In month m the rows `fresh[fresh_from[m] : fresh_from[m + 1]]` are renewed, from the numbers of `sources`,
    and then the rates and exits of the settings `turned`. Row r is changed by the levers
    `acting[acting_from[r] : acting_from[r + 1]]`, one after the other.
    """

    drawn: Numbers
    shared: Numbers
    start: Numbered
    fresh_from: Numbered
    fresh: Numbered
    sources: Numbered
    turned_from: Numbered
    turned: Numbered
    acting_from: Numbered
    acting: Numbered
    operations: Numbered
    values: Numbered
    profiles: Numbers
    prices: Numbered
    weights: Numbers


class Kept(NamedTuple):
    """What is written down: by month, setting or flow, and draw; empty where it is not asked for."""

    people: Numbers
    person_months: Numbers
    arrived: Numbers
    left: Numbers
    moved: Numbers
    refused: Numbers
    refused_by_flow: Numbers
    due: Numbers
    held: Numbers
    cost: Numbers
    at_end: Numbers
    total: Numbers
    refusals: Numbers
    still_due: Numbers


class Room(NamedTuple):
    """What holds now for a block's draws, and what the step at hand does: settings or flows × draws."""

    now: Numbers
    asking: Numbers
    leaving: Numbers
    people: Numbers
    after: Numbers
    left: Numbers
    moved: Numbers
    plan: Numbers
    refused: Numbers
    not_moved: Numbers
    due: Numbers
    held: Numbers
    scratch: Numbers
    sums: Numbers


class Cut(NamedTuple):
    """A block of draws: the first of them, and how many."""

    low: int
    wide: int
