"""The flow model by the compiled kernel of the extra `fast`: the numbers of `flow_run`, many times faster.

It runs expected numbers under the rules that keep no list of who waits; chance and the longest wait stay with NumPy.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parity.methods import flow_kernel_source as source
from parity.methods.flow import BY_FLOW, PARTS, FlowModel, Month, Numbers, Rationing
from parity.methods.flow_case import Account
from parity.methods.flow_cost import Costs
from parity.methods.flow_kernel_layout import Kept, Net, Numbered, Rows, Table
from parity.methods.flow_levers import Lever, Operation
from parity.methods.flow_run import Run, Series, checked_draws, room_for
from parity.methods.kernels import compiled, is_there

NET = {Account.COST: 1, Account.INCOME: -1}
"""The accounts of which net cost is made, and how they count."""
MONTH = tuple(PARTS)
END = "end"
"""Where all rows end, of which those of a month stand first, then money."""
OPERATIONS = {Operation.SET: 0, Operation.TIMES: 1, Operation.PLUS: 2}
BY_FLOW_KEPT = frozenset({Series.MOVED, Series.REFUSED_BY_FLOW})
TOLD = {
    Series.PEOPLE: "people",
    Series.PERSON_MONTHS: "person_months",
    Series.ARRIVED: "arrived",
    Series.LEFT: "left",
    Series.MOVED: "moved",
    Series.REFUSED: "refused",
    Series.REFUSED_BY_FLOW: "refused_by_flow",
    Series.DUE_BY_FLOW: "due",
    Series.HELD_BY_FLOW: "held",
}


def can_run(model: FlowModel) -> bool:
    """Whether the extra is there, and the model is one that the kernel runs.

    Source: convention of this package.
    """
    return model.rationing is not Rationing.LONGEST_WAIT and is_there()


def run(
    model: FlowModel, start: Numbers, *, months: Sequence[Month], keep: Collection[Series], threads: int = 1
) -> Run:
    """The series to keep, as `flow_run.run` gives them for expected numbers; call it only where the kernel can run.

    Source: as for `flow_run.run`. Raises WrongState as it does.
    """
    draws = checked_draws(model, start, months=months, keep=keep, least=1)
    task = Task(model, start, months=months, prices=np.ones((len(months), 1)), weights=np.zeros(len(months)))
    room = room_for(model, keep, months=len(months), draws=draws)
    kernel = Kernel(task, draws, by_flow=not BY_FLOW_KEPT.isdisjoint(keep))
    kernel.sweep(kernel.table(()), kept_in(room), threads=threads)
    return Run(model, room)


MONEY_COLUMNS = 3
"""What is told of money: its row, its setting or flow, and how it counts."""


@dataclass(frozen=True, eq=False)
class Task:
    """What the kernel is to run: what each month brings before levers, what it costs, and the levers that may act.

    A lever acts on what a month brings, or on the account it comes with. By month, `prices` (× (1 or draws)) and
    `weights` tell what a pound counts.
    """

    model: FlowModel
    start: Numbers
    months: Sequence[Month]
    prices: Numbers
    weights: Numbers
    accounts: Mapping[Account, Costs] = field(default_factory=dict)
    levers: Sequence[tuple[Account | None, Lever]] = ()


def kept_in(series: Mapping[Series, Numbers], **outcomes: Numbers) -> Kept:
    """Room in which the kernel writes series and, by name, outcomes (1 × rows × draws); what is not given is not kept.

    Source: convention of this package.
    """
    named = {TOLD[name]: rows for name, rows in series.items()} | outcomes
    return Kept(**{name: named.get(name, np.empty((0, 0, 0))) for name in Kept._fields})


class Pool:
    """Numbers put one below the other: those with one for each draw, and those with one for all."""

    def __init__(self, draws: int) -> None:
        self.drawn: list[Numbers] = [np.empty((0, draws))]
        self.shared: list[Numbers] = [np.empty((0, 1))]
        self.known: dict[int, tuple[Numbers, Numbered]] = {}

    def places(self, rows: Numbers) -> Numbered:
        """The places of the rows, which are put into the pool unless they stand there."""
        if id(rows) not in self.known:
            is_shared = rows.shape[-1] == 1
            pool = self.shared if is_shared else self.drawn
            places = sum(map(len, pool)) + np.arange(len(rows))
            pool.append(rows)
            self.known[id(rows)] = rows, -1 - places if is_shared else places
        return self.known[id(rows)][1]


class Kernel:
    """A task made ready for the compiled kernel, to be run with any choice of its levers."""

    def __init__(self, task: Task, draws: int, *, by_flow: bool = False) -> None:
        self.task, self.draws = task, draws
        self.first = _first_rows(task)
        pool = Pool(draws)
        self.start, self.prices = pool.places(task.start), pool.places(task.prices)
        values = [pool.places(lever.values[None]) for _, lever in task.levers]
        self.values = np.concatenate([np.empty(0, np.int64), *values])
        parts = {id(month): _parts(task, month) for month in task.months}
        places = {key: np.concatenate([pool.places(rows) for rows in each]) for key, each in parts.items()}
        self.sources = np.array([places[id(month)] for month in task.months], np.int64).reshape(-1, self.rows)
        self.drawn, self.shared = np.concatenate(pool.drawn), np.concatenate(pool.shared)[:, 0]
        self.operations = np.array([OPERATIONS[lever.operation] for _, lever in task.levers], np.int64)
        self.acted = np.array([self.first[of, lever.part.value] + lever.row for of, lever in task.levers], np.int64)
        self.profiles = np.array([lever.profile for _, lever in task.levers], float).reshape(
            len(task.levers), len(task.months)
        )
        self.owners = self._owners()
        self.always, self.when = self._changes()
        self.net = self._net(by_flow)

    @property
    def rows(self) -> int:
        """How many rows a month has."""
        return self.first[None, END]

    @property
    def is_by_priority(self) -> bool:
        """Whether those from an earlier setting go first."""
        return self.task.model.rationing is Rationing.PRIORITY

    def _owners(self) -> Numbered:
        """By row: the setting whose people leave or ask as it says, or -1."""
        owners = np.full(self.rows, -1)
        for flow, (origin, _) in enumerate(self.task.model.flows):
            owners[flow] = self.task.model.settings.index(origin)
        exits, settings = self.first[None, "exits"], len(self.task.model.settings)
        owners[exits : exits + settings] = np.arange(settings)
        return owners

    def _changes(self) -> tuple[Numbered, list[Numbered]]:
        """Where rows are renewed (month times rows, plus row): whatever levers act, and for each lever."""
        differs = np.ones(self.sources.shape, bool)
        differs[1:] = self.sources[1:] != self.sources[:-1]
        turns = np.diff(self.profiles, axis=1, prepend=0) != 0
        return np.flatnonzero(differs), [
            np.flatnonzero(turn) * self.rows + row for turn, row in zip(turns, self.acted, strict=True)
        ]

    def _matters(self, row: int, test: Callable[[Numbers], NDArray[Any]]) -> bool:
        """Whether a number in the row, or a lever on it, makes it matter."""
        return row in self.acted or any(test(numbers).any() for numbers in self._numbers(row))

    def _numbers(self, row: int) -> Iterator[Numbers]:
        """All numbers that stand in the row before levers act."""
        for place in np.unique(self.sources[:, row]):
            yield self.drawn[place] if place >= 0 else self.shared[-1 - place, None]

    def _net(self, by_flow: bool) -> Net:
        """The network, with what is to be counted of it."""
        model = self.task.model
        place = {name: number for number, name in enumerate(model.settings)}
        origins, ends = ([place[flow[side]] for flow in model.flows] for side in range(2))
        flows, settings = range(len(model.flows)), range(len(place))
        order = {place[name]: turn for turn, name in enumerate(model.priority)}
        turns = sorted(flows, key=lambda flow: order[origins[flow]]) if self.is_by_priority else flows
        limited = [here for here in settings if self._matters(self.first[None, "capacities"] + here, np.isfinite)]
        planned = {flow for flow in flows if self._matters(self.first[None, "planned"] + flow, np.sign)}
        out_of = [[flow for flow in flows if origins[flow] == here] for here in settings]
        per_move = self._money("per_move")
        moved_by_plan = {origins[flow] for flow in planned}
        told = {flow for flow in flows if ends[flow] in limited or origins[flow] in moved_by_plan}
        told = set(flows) if by_flow or len(per_move) else told
        lists: tuple[Numbered, ...] = (
            *(np.array(each, np.int64) for each in (origins, ends, sorted(set(flows) - told), sorted(told), limited)),
            *_listed([[flow for flow in turns if ends[flow] == here] for here in limited]),
            *_listed(out_of),
            *_listed([[flow for flow in out if flow in planned] for out in out_of]),
            *(self._money("per_person"), per_move, self._money("per_place"), self._money("fixed", "once")),
            self._money("once")[:, 0],
        )
        return Net(
            **dict(zip(Net._fields, lists, strict=False)),
            rows=Rows(**{name: self.first[None, name] for name in Rows._fields}),
            steps=model.steps,
            by_priority=self.is_by_priority,
            by_flow=by_flow or bool(planned),
        )

    def _money(self, *parts: str) -> Numbered:
        """The rows of these parts in all accounts that matter: row, setting or flow, and how it counts."""
        found = [
            (row, place, NET[account])
            for account, costs in self.task.accounts.items()
            for part in parts
            for place in range(len(getattr(costs, part)))
            if self._matters(row := self.first[account, part] + place, np.sign)
        ]
        return np.array(found, np.int64).reshape(-1, MONEY_COLUMNS)

    def table(self, chosen: Sequence[int]) -> Table:
        """The numbers by month when these of the levers act, in the order of all."""
        months, settings = len(self.task.months), len(self.task.model.settings)
        levers = np.array(sorted(chosen), np.int64)
        codes = np.unique(np.concatenate([self.always, *(self.when[lever] for lever in levers)]))
        month, row = np.divmod(codes, self.rows)
        owner = self.owners[row]
        turned = np.unique((month * settings + owner)[owner >= 0])
        acting = levers[np.argsort(self.acted[levers], kind="stable")]
        return Table(
            self.drawn,
            self.shared,
            self.start,
            np.searchsorted(month, np.arange(months + 1)),
            row,
            self.sources[month, row],
            np.searchsorted(turned, np.arange(months + 1) * settings),
            turned % settings,
            np.searchsorted(self.acted[acting], np.arange(self.rows + 1)),
            acting,
            self.operations,
            self.values,
            self.profiles,
            self.prices,
            self.task.weights,
        )

    def sweep(self, table: Table, kept: Kept, *, threads: int = 1) -> None:
        """Nothing; all draws are run, shared out among so many threads, and what is kept of them is written down."""
        work = compiled(source.sweep)
        size = -(-self.draws // (threads * source.BLOCK)) * source.BLOCK
        parts = [(first, min(first + size, self.draws)) for first in range(0, self.draws, size)]
        if len(parts) == 1:
            work(self.net, table, kept, *parts[0])
            return
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda part: work(self.net, table, kept, *part), parts))


def _first_rows(task: Task) -> dict[tuple[Account | None, str], int]:
    """Where the rows of each part begin, of a month and of each account, and how many rows there are."""
    flows, settings = len(task.model.flows), len(task.model.settings)
    first: dict[tuple[Account | None, str], int] = {}
    total = 0
    for name in MONTH:
        first[None, name] = total
        total += flows if name in BY_FLOW else settings
    for account, costs in task.accounts.items():
        for part in fields(costs):
            first[account, part.name] = total
            total += len(getattr(costs, part.name))
    first[None, END] = total
    return first


def _parts(task: Task, month: Month) -> list[Numbers]:
    """The parts of a month, and of the money: those that are not given as they would change nothing."""
    given = month.given
    nothing, endless = (np.full((len(task.model.flows), 1), value) for value in (0, np.inf))
    parts = [given.get(name, endless if name == "limits" else nothing) for name in MONTH]
    return parts + [getattr(costs, part.name) for costs in task.accounts.values() for part in fields(costs)]


def _listed(groups: Sequence[Sequence[int]]) -> tuple[Numbered, Numbered]:
    """Where each group begins among all, and all of them one after the other."""
    starts = np.array([0, *accumulate(map(len, groups))], np.int64)
    return starts, np.array([each for group in groups for each in group], np.int64)
