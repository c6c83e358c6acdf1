"""How much of each option to buy: every option at every size run through the model, and the plan worth most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from parity.methods.appraisal import by_year
from parity.methods.flow import ROUNDING, Numbers
from parity.methods.flow_case import Account, Case, Told
from parity.methods.flow_cost import no_costs
from parity.methods.flow_portfolios import Choice, Option, Portfolios, portfolios
from parity.methods.sizing import Problem, Size, SizedOption, SizedPlan, SizeLimit, plan_name, plan_sizes
from parity.plan.flow_answer import AT_ONCE_LIMIT, IN_YEAR_LIMIT, PLACES, WAITING_LIMIT
from parity.plan.flow_choice import AT_ONCE, WITHOUT_KERNEL, Question, Ready, made_ready, named_of
from parity.terms.errors import WrongState
from parity.terms.units import Unit

STAFF_LIMIT = "Staff beyond those of today, at any time"
STEPS, TIMES = (0.25, 0.5, 1.0), (1, 2, 3)
"""The steps in which an option may come, in parts of what is stated, and the most of it in times of that."""
TOO_MANY = (
    "{sizes} sizes of options on {draws} draws each are {runs} runs of the model, more than the {most} that are worked "
    "out while you wait. Ask about fewer options, larger steps or fewer draws."
)
LIMITS = {
    AT_ONCE_LIMIT: (Unit.GBP, "pound", 10_000.0, 1.0),
    IN_YEAR_LIMIT: (Unit.GBP, "pound", 10_000.0, 1.0),
    STAFF_LIMIT: (Unit.WTE, "whole-time equivalent", 1.0, 0.01),
    WAITING_LIMIT: (Unit.PEOPLE, "person", 1.0, 1.0),
}
"""Of each limit the unit, what one of it is called, the step of which it is told what it would bring, and its grain."""


@dataclass(frozen=True)
class SizesQuestion:
    """What is asked: the options, draws and limits of a question of choice, and in which sizes options may come.

    `step` is a part of what is stated of an option (0.25, 0.5 or 1), `times` how often what is stated may be bought at
    most. `most_staff` are whole-time equivalents beyond those of today, None without limit; `must` are the options that
    have to be in the plan, in whichever size.
    """

    asked: Question
    step: float = 0.5
    times: int = 2
    most_staff: float | None = None
    must: tuple[str, ...] = ()

    @property
    def sizes(self) -> tuple[float, ...]:
        """The sizes in which an option that can be sized may come, 1 as it is stated."""
        return tuple(self.step * number for number in range(1, round(self.times / self.step) + 1))

    @property
    def limits(self) -> tuple[SizeLimit, ...]:
        """The limits that are asked for."""
        mosts = {
            AT_ONCE_LIMIT: self.asked.most_at_once,
            IN_YEAR_LIMIT: self.asked.most_in_year,
            STAFF_LIMIT: self.most_staff,
            WAITING_LIMIT: self.asked.most_waiting,
        }
        told = ((name, most, *LIMITS[name]) for name, most in mosts.items() if most is not None)
        return tuple(SizeLimit(*each) for each in told)


@dataclass(frozen=True)
class Entry:
    """One size of one option, by the option's place among all."""

    place: int
    option: str
    size: float

    @property
    def name(self) -> str:
        """What the option is called at this size."""
        return plan_name({self.option: self.size})


@dataclass(frozen=True, eq=False)
class Uses:
    """What sizes, or plans, come to beside services as they are: each a row an entry.

    `saved` are pounds of today by draw; the others are means of the draws: pounds and staff by month, and people who
    were to move and have not at the end.
    """

    saved: Numbers
    pounds: Numbers
    staff: Numbers
    waiting: Numbers

    @cached_property
    def rows(self) -> Mapping[str, Numbers]:
        """By limit: entries × months or years, what each uses of it; at the start nothing is used."""
        none = np.zeros((len(self.pounds), 1))
        return {
            AT_ONCE_LIMIT: np.hstack([none, self.pounds.cumsum(axis=1)]),
            IN_YEAR_LIMIT: np.hstack([none, by_year(self.pounds.T).T]),
            STAFF_LIMIT: np.hstack([none, self.staff]),
            WAITING_LIMIT: self.waiting[:, None],
        }

    def most(self, limit: str) -> Numbers:
        """By entry: the most that it uses of a limit at any time."""
        return np.asarray(self.rows[limit].max(axis=1))


@dataclass(frozen=True, eq=False)
class Menu:
    """A question made ready to run, with every option at every size."""

    question: SizesQuestion
    ready: Ready
    entries: Sequence[Entry]
    options: Sequence[Option] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The options by name."""
        return self.ready.question.options

    @property
    def runs(self) -> int:
        """Runs of the model, a size with one draw each."""
        return len(self.entries) * self.ready.question.draws


@dataclass(frozen=True, eq=False)
class SizesAnswer:
    """The plan that is worth most where sizes add up, and what becomes of it where they are run together."""

    menu: Menu
    uses: Uses
    plan: SizedPlan
    chosen: Sequence[int]
    together: Uses

    def is_kept(self, limit: SizeLimit) -> bool:
        """Whether the plan keeps a limit where its options are run together."""
        slack = ROUNDING * max(1.0, abs(limit.most))
        return bool(self.together.most(limit.name)[0] <= limit.most + slack)


def menu_of(told: Told, question: SizesQuestion) -> Menu:
    """Every option of the question at every size, ready to run, of a model in whose tables nothing is wrong.

    Raises WrongState where it names what the model has not, or where there is more to run than somebody waits for.
    """
    asked = named_of(told, question.asked)
    unknown = [name for name in question.must if name not in asked.options]
    if unknown:
        raise WrongState(f"“{unknown[0]}” must be in the plan, and is not among the options to choose from.")
    task = made_ready(told, asked)
    entries, options = [], []
    for place, (name, levers) in enumerate(zip(asked.options, task.levers, strict=True)):
        for size in (1.0,) if levers.without_size else question.sizes:
            sized = levers.sized(size)
            entries.append(Entry(place, name, size))
            options.append(Option(sized.flow, sized.accounts))
    menu = Menu(replace(question, asked=asked), task, entries, options)
    if menu.runs > AT_ONCE:
        told_of = {"sizes": len(entries), "draws": asked.draws, "runs": menu.runs, "most": AT_ONCE}
        raise WrongState(TOO_MANY.format(**{name: Unit.COUNT.write(number) for name, number in told_of.items()}))
    return menu


def answer_of(menu: Menu) -> SizesAnswer:
    """The plan worth most among all that keep the limits, and what becomes of it where it is run as a whole.

    Raises WrongState where no plan keeps the limits.
    """
    base = _run(menu, [()])
    uses = _beside(base, _run(menu, [(place,) for place in range(len(menu.entries))]))
    plan = plan_sizes(_problem(menu, uses))
    chosen = [at for at, entry in enumerate(menu.entries) if plan.sizes[entry.option] == entry.size]
    together = _beside(base, _run(menu, [tuple(chosen)]))
    return SizesAnswer(menu, uses, plan, chosen, together)


def _problem(menu: Menu, uses: Uses) -> Problem:
    worth = uses.saved.mean(axis=1)
    sizes: dict[str, list[Size]] = {name: [] for name in menu.names}
    for at, entry in enumerate(menu.entries):
        rows = {name: tuple(every[at]) for name, every in uses.rows.items()}
        sizes[entry.option].append(Size(entry.size, float(worth[at]), rows))
    return Problem(
        tuple(SizedOption(name, tuple(own), name in menu.question.must) for name, own in sizes.items()),
        menu.question.limits,
        tuple((one, other) for one, other, _ in menu.ready.clashes),
    )


def _run(menu: Menu, chosen: Sequence[tuple[int, ...]]) -> tuple[Portfolios, Numbers]:
    """What sets of entries come to, and the staff that they take by month, as means of the draws."""
    is_compiled = menu.runs > WITHOUT_KERNEL
    choice = replace(menu.ready.choice, options=menu.options)
    found = portfolios(choice, chosen, is_compiled=is_compiled)
    staff = _of_staff(choice)
    if staff is None:
        return found, np.zeros_like(found.by_month)
    return found, portfolios(staff, chosen, is_compiled=is_compiled).by_month


def _of_staff(choice: Choice) -> Choice | None:
    """The choice with staff where it has money, so that a month costs those who work in it; None without any staff."""
    case = choice.case
    own = [option.accounts.get(Account.STAFF, ()) for option in choice.options]
    if not any(own) and not any(rows.any() for rows in vars(case.accounts[Account.STAFF]).values()):
        return None
    return Choice(
        _counting_staff(case),
        [Option(option.flow, {Account.COST: levers}) for option, levers in zip(choice.options, own, strict=True)],
        np.ones(len(choice.weights)),
    )


def _counting_staff(case: Case) -> Case:
    none = no_costs(len(case.model.settings), len(case.model.flows))
    accounts = {Account.COST: case.accounts[Account.STAFF], Account.INCOME: none}
    return replace(case, accounts=accounts, prices=np.ones_like(case.prices[:, :1]))


def _beside(base: tuple[Portfolios, Numbers], found: tuple[Portfolios, Numbers]) -> Uses:
    """What was run, beside services as they are."""
    (none, staff_now), (several, staff) = base, found
    return Uses(
        none.net - several.net,
        several.by_month - none.by_month,
        staff - staff_now,
        np.round(several.due.mean(axis=1), PLACES),
    )
