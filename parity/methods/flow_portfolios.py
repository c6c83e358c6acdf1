"""Every portfolio of options that invest to save, run on the same draws: what each costs, and who waits.

An option is a list of levers, a portfolio a set of options. With the extra `fast` the compiled kernel runs them;
without it NumPy does, several side by side as columns, which takes many times as long. No series of a run is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from parity.methods.flow import DRAWS_DIFFER, Month, Numbers
from parity.methods.flow_case import Account, Case
from parity.methods.flow_cost import WITHOUT_LIMIT, monthly_costs
from parity.methods.flow_kernel import NET, Kernel, Task, can_run, kept_in
from parity.methods.flow_levers import Lever, costs_with, months_with
from parity.methods.flow_run import BLOCK, Series, checked_draws, run
from parity.terms.errors import WrongState

Portfolio = tuple[int, ...]
"""The places of its options among all, in their order."""
Decide = Callable[[range], None]
"""Writes down what some of the portfolios come to."""
CHUNK = 64
"""Portfolios that the kernel runs before it tells how far it is."""
OUTCOMES = ("total", "refusals", "still_due")
"""What the kernel calls the outcomes by draw."""
COUNTED = (Series.PEOPLE, Series.PERSON_MONTHS, Series.MOVED, Series.REFUSED, Series.DUE_BY_FLOW)


@dataclass(frozen=True, eq=False)
class Portfolios:
    """What portfolios come to: portfolios × draws, and people as portfolios × settings.

    `net` are the pounds paid less those that come in over all months, as their weights count them; `refused` the people
    refused a place, counted each time; `due` those whom a plan means to move and who have not moved at the end.
    `people` are those in each setting at the end, and `by_month` (portfolios × months) the pounds of each month before
    any weight: both are means of the draws.
    """

    chosen: Sequence[Portfolio]
    net: Numbers
    refused: Numbers
    due: Numbers
    people: Numbers
    by_month: Numbers


@dataclass(frozen=True, eq=False)
class Option:
    """The levers of an option, or of several: on what a month brings, and on each account."""

    flow: Sequence[Lever]
    accounts: Mapping[Account, Sequence[Lever]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Choice:
    """What there is to choose from, and how it is judged.

    `weights` (months) are what a pound of each month is worth today.
    """

    case: Case
    options: Sequence[Option]
    weights: Numbers

    def levers(self, portfolio: Portfolio) -> Option:
        """All levers of a portfolio, those of an earlier option first."""
        options = [self.options[place] for place in portfolio]
        return Option(
            [lever for option in options for lever in option.flow],
            {of: [lever for option in options for lever in option.accounts.get(of, ())] for of in NET},
        )


def every_portfolio(options: int) -> list[Portfolio]:
    """All sets of so many options, the empty one first: 2 to the power of their number.

    Source: each number's binary digits.
    """
    return [tuple(option for option in range(options) if number >> option & 1) for number in range(2**options)]


def portfolios(
    choice: Choice,
    chosen: Sequence[Portfolio],
    *,
    told: Callable[[int, int], None] | None = None,
    threads: int = 1,
    is_compiled: bool = True,
) -> Portfolios:
    """What these portfolios come to, all on the same draws.

    `told` hears now and then how many of how many are done, and may raise to stop. The kernel runs in so many threads,
    which change no number; without it, or where it is not wanted, NumPy runs all in one.

    Source: exhaustive search (Occhipinti and others 2021 rank combinations one by one). Raises WrongState for what is
    impossible, as `flow_run.run` and `flow_cost.monthly_costs` do.
    """
    draws = _checked_draws(choice)
    settings = len(choice.case.model.settings)
    net, refused, due = (np.zeros((len(chosen), draws)) for _ in OUTCOMES)
    people, by_month = (np.zeros((len(chosen), size)) for size in (settings, len(choice.weights)))
    found = Portfolios(chosen, net, refused, due, people=people, by_month=by_month)
    compiled = is_compiled and can_run(choice.case.model)
    decide = _by_kernel(choice, found, threads) if compiled else _by_numpy(choice, found)
    size = CHUNK if compiled else max(BLOCK // draws, 1)
    for first in range(0, len(chosen), size):
        last = min(first + size, len(chosen))
        decide(range(first, last))
        if told:
            told(last, len(chosen))
    return found


def _checked_draws(choice: Choice) -> int:
    """The number of draws of all that there is to choose from."""
    case, levers = choice.case, choice.levers(tuple(range(len(choice.options))))
    every = [*case.growth, *levers.flow, *(lever for own in levers.accounts.values() for lever in own)]
    widths = {checked_draws(case.model, case.start, months=[case.month], keep=(), least=1), case.prices.shape[-1]}
    widths |= {rows.shape[-1] for of in NET for rows in vars(case.accounts[of]).values()}
    widths |= {len(lever.values) for lever in every}
    if len(widths - {1}) > 1:
        raise WrongState(DRAWS_DIFFER)
    if any(np.isnan(lever.values).any() for lever in every):
        raise WrongState("A lever's numbers are not known.")
    return max(widths)


def _by_kernel(choice: Choice, found: Portfolios, threads: int) -> Decide:
    """By the compiled kernel, in which each thread runs portfolios of its own."""
    case, draws = choice.case, found.net.shape[1]
    always: list[tuple[int | None, Account | None, Lever]] = [(None, None, lever) for lever in case.growth]
    placed = always + [
        (number, account, lever)
        for number, option in enumerate(choice.options)
        for account, own in ((None, option.flow), *((of, option.accounts.get(of, ())) for of in NET))
        for lever in own
    ]
    task = Task(
        case.model,
        case.start,
        months=[case.month] * len(choice.weights),
        prices=case.prices,
        weights=choice.weights,
        accounts={of: case.accounts[of] for of in NET},
        levers=[(account, lever) for _, account, lever in placed],
    )
    kernel = Kernel(task, draws)

    def decide(turn: int) -> None:
        chosen = {None, *found.chosen[turn]}
        table = kernel.table([place for place, (option, *_) in enumerate(placed) if option in chosen])
        at_end, cost = np.empty((1, len(case.model.settings), draws)), np.empty((len(choice.weights), 1, draws))
        rows = zip(OUTCOMES, (found.net, found.refused, found.due), strict=True)
        outcomes = {name: row[None, turn, None] for name, row in rows}
        kernel.sweep(table, kept_in({}, at_end=at_end, cost=cost, **outcomes))
        found.people[turn] = at_end[0].mean(axis=1)
        found.by_month[turn] = cost[:, 0].mean(axis=1)

    def decide_all(turns: range) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(decide, turns))
        if not np.isfinite(found.net[turns.start : turns.stop]).all():
            raise WrongState(WITHOUT_LIMIT)

    return decide_all


def _by_numpy(choice: Choice, found: Portfolios) -> Decide:
    """By NumPy, the draws of some portfolios side by side."""
    case, months, draws = choice.case, len(choice.weights), found.net.shape[1]

    def decide_all(turns: range) -> None:
        levers = [choice.levers(found.chosen[turn]) for turn in turns]
        plans = [
            months_with(case.model, case.month, levers=(*case.growth, *each.flow), months=months) for each in levers
        ]
        start = np.tile(np.broadcast_to(case.start, (len(case.start), draws)), len(turns))
        series = run(case.model, start, months=_side_by_side(plans, draws), keep=COUNTED).series
        for place, turn in enumerate(turns):
            own = {name: rows[..., place * draws : (place + 1) * draws] for name, rows in series.items()}
            net = _net(case, own, levers=levers[place], months=plans[place])
            found.net[turn] = choice.weights @ net
            found.by_month[turn] = net.mean(axis=1)
            found.refused[turn] = own[Series.REFUSED].sum(axis=(0, 1))
            found.due[turn] = own[Series.DUE_BY_FLOW][-1].sum(axis=0)
            found.people[turn] = own[Series.PEOPLE][-1].mean(axis=1)

    return decide_all


def _side_by_side(plans: Sequence[Sequence[Month]], draws: int) -> list[Month]:
    """By month what all plans bring, the draws of one after those of the other."""
    known: dict[tuple[int, ...], Month] = {}
    for now in zip(*plans, strict=True):
        if (key := tuple(map(id, now))) not in known:
            parts = {name: [month.given[name] for month in now] for name in now[0].given}
            known[key] = Month(
                **{
                    name: np.concatenate([np.broadcast_to(rows, (len(rows), draws)) for rows in each], axis=1)
                    for name, each in parts.items()
                }
            )
    return [known[tuple(map(id, now))] for now in zip(*plans, strict=True)]


def _net(case: Case, series: Mapping[Series, Numbers], *, levers: Option, months: Sequence[Month]) -> Numbers:
    """Months × draws: pounds paid less those that come in."""
    return sum(
        (
            sign
            * monthly_costs(
                series[Series.PERSON_MONTHS],
                series[Series.MOVED],
                costs=costs_with(case.accounts[of], levers.accounts[of], months=len(months)),
                places=[month.capacities for month in months],
                prices=case.prices,
            )
            for of, sign in NET.items()
        ),
        start=np.zeros((len(months), 1)),
    )
