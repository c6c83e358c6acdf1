"""A choice among the options of a flow model: which there are, which exclude each other, and every portfolio run."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from parity.assumptions.discount_rates import discount_rates
from parity.methods.appraisal import discount_factors
from parity.methods.chance import Chance
from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow import Numbers
from parity.methods.flow_case import Case, Told, case_of
from parity.methods.flow_levers import Operation
from parity.methods.flow_parameters import MEANINGS, Drawing, Parameter, by_chance
from parity.methods.flow_portfolios import Choice, Option, Portfolios, portfolios
from parity.methods.flow_portfolios import every_portfolio as every_set
from parity.methods.flow_scenario import OF_MOVE, STAYS, WORKERS, Change, Levers, levers_of
from parity.methods.portfolios import MOST_OPTIONS
from parity.plan.flow_courses import CHANCE
from parity.terms.errors import WrongState

Heard = Callable[[int, int], None]
AT_ONCE, WITHOUT_KERNEL = 64_000, 16_000
"""Runs, a portfolio with one draw each, that are worked out while somebody waits for the page: seconds; and of these
those for which the compiled kernel is not fetched."""
FEWER, MORE = "fewer people in ", "more people in "
"""What may be wanted beside money: the beginnings of an aim, which a setting's name follows."""
WORKED_OUT = (
    (STAYS, "how long people stay and where they go then"),
    (WORKERS, "the team"),
    (OF_MOVE, "what a move costs"),
)
"""Numbers that are worked out together from all changes of them: of two options, the later would undo the other."""


@dataclass(frozen=True)
class Question:
    """What is asked: among which options of a model to choose, within which limits, on how many draws.

    No options mean all of the model. Limits, None where there is none: pounds that may be out at once before savings
    come back, pounds by which a year may cost more, people who were to move and may not have at the end. `aim` is what
    is wanted beside money: nothing, or people in a setting. With `may_share`, options that move people out of the same
    setting can be combined.
    """

    model: str
    options: tuple[str, ...] = ()
    most_at_once: float | None = None
    most_in_year: float | None = None
    most_waiting: float | None = None
    draws: int = CHANCE.draws
    aim: str = ""
    may_share: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The question as plain values, from which `question_from` makes it again."""
        return {**asdict(self), "options": list(self.options)}

    @property
    def portfolios(self) -> int:
        """How many portfolios its options make."""
        return 1 << len(self.options)

    @property
    def is_large(self) -> bool:
        """Whether it takes so long that it is worked out in the background."""
        return self.portfolios * self.draws > AT_ONCE

    @property
    def setting(self) -> str:
        """The setting of its aim; empty where it has none."""
        return self.aim.removeprefix(FEWER).removeprefix(MORE)


def question_from(values: Mapping[str, Any]) -> Question:
    """The question that `Question.as_dict` gave as plain values."""
    return Question(**{**values, "options": tuple(values["options"])})


def options_of(told: Told) -> tuple[str, ...]:
    """The options of a model: its scenarios; where it has one alone, the levers of that, by name."""
    names = told.scenarios
    if len(names) != 1:
        return tuple(names)
    return tuple(told.changes["lever"].unique(maintain_order=True))


def named_of(told: Told, question: Question) -> Question:
    """The question with the options it means, in the order of the model's.

    Raises WrongState where it names what the model has not.
    """
    every = options_of(told)
    unknown = [name for name in question.options if name not in every]
    if unknown:
        raise WrongState(f"The model has no option called “{unknown[0]}”.")
    if question.setting and question.setting not in set(told.settings["setting"]):
        raise WrongState(f"The model has no setting called “{question.setting}”.")
    kept = tuple(name for name in every if name in question.options) if question.options else every
    return replace(question, options=kept)


def asked_of(told: Told, question: Question) -> Question:
    """The question as `named_of` has it, of options that can be combined in every way.

    Raises WrongState as that does, and for more options than that.
    """
    asked = named_of(told, question)
    if len(asked.options) > MOST_OPTIONS:
        raise WrongState(f"At most {MOST_OPTIONS} options can be combined in every way: choose among fewer.")
    return asked


@dataclass(frozen=True, eq=False)
class Ready:
    """A question made ready to run: the case in prices of its first month, its options' levers, who excludes whom."""

    question: Question
    told: Told
    choice: Choice
    levers: Sequence[Levers]

    @property
    def clashes(self) -> list[tuple[str, str, str]]:
        """Pairs of options of which at most one can be chosen, and why."""
        pairs = combinations(zip(self.question.options, self.levers, strict=True), 2)
        paid_twice = {where[0] for of, where in self.choice.case.values if of in OF_MOVE - {Parameter.MOVE_COST}}
        return [
            (name, other, why)
            for (name, own), (other, others) in pairs
            if (why := self._clash(own.changes, others.changes, paid_twice))
        ]

    def _clash(self, own: Sequence[Change], others: Sequence[Change], paid_twice: Collection[str]) -> str:
        """Why not both can be chosen; empty where they can. Settings are paid twice where a move takes weeks."""
        for one, other in ((one, other) for one in own for other in others):
            for group, words in WORKED_OUT:
                if {one.parameter, other.parameter} <= group and _same_place(one, other):
                    return f"both change {words} ({where_of(one)})"
            if one.where[0] == other.where[0] and _price_a_move(one, other, paid_twice):
                return f"both change what a move out of {one.where[0]} costs"
            is_same = (one.parameter, one.where) == (other.parameter, other.where)
            if is_same and Operation.SET.value in (one.row["operation"], other.row["operation"]):
                return f"both change “{one.parameter.value}” ({where_of(one)})"
            is_move = one.parameter is other.parameter is Parameter.MOVES
            if is_move and one.where[0] == other.where[0] and not self.question.may_share:
                return f"both plan to move people out of {one.where[0]}"
        return ""


def ready(told: Told, question: Question) -> Ready:
    """The question ready to run, of a model in whose tables nothing is wrong; as `asked_of`, of which it raises."""
    return made_ready(told, asked_of(told, question))


def made_ready(told: Told, asked: Question) -> Ready:
    """A question whose options are named, ready to run, however many there are."""
    drawing = _draws_alone(Chance(asked.draws, CHANCE.seed))
    case = case_of(told, drawing)
    levers = list(_levers(told, case, asked, drawing))
    options = [Option(each.flow, each.accounts) for each in levers]
    years = np.arange(told.months) // MONTHS_OF_A_YEAR
    weights = discount_factors(int(years[-1]) + 1, rates=discount_rates())[years]
    # what prices do is left out, so that pounds of all years are those of the first month, as the rates expect
    real = replace(case, prices=np.ones((told.months, 1)))
    return Ready(asked, told, Choice(real, options, weights), levers)


def run(task: Ready, *, heard: Heard | None = None, threads: int = 1) -> Portfolios:
    """What every portfolio of the question comes to, those that exclude each other too.

    `heard` is told now and then how many of how many are done; the number of threads changes no number.
    """
    chosen = every_set(len(task.question.options))
    is_small = task.question.portfolios * task.question.draws <= WITHOUT_KERNEL
    return portfolios(task.choice, chosen, told=heard, threads=threads, is_compiled=not is_small)


def _draws_alone(chance: Chance) -> Drawing:
    """The drawing without the column of what is stated."""
    whole = by_chance(chance)

    def drawing(row: Mapping[str, Any]) -> Numbers:
        found = whole(row)
        return found[1:] if len(found) > 1 else found

    return drawing


def _levers(told: Told, case: Case, question: Question, drawing: Drawing) -> Iterator[Levers]:
    """The levers of each option."""
    names = told.scenarios
    for option in question.options:
        if len(names) == 1:
            yield levers_of(told, case, scenario=names[0], drawing=drawing).only([option])
        else:
            yield levers_of(told, case, scenario=option, drawing=drawing)


def _same_place(one: Change, other: Change) -> bool:
    if one.parameter in STAYS:
        return one.where[0] == other.where[0]
    return one.where == other.where


def _price_a_move(one: Change, other: Change, paid_twice: Collection[str]) -> bool:
    """Whether the weeks in which both places are paid cost other than before by both changes, of one setting."""
    both = {one.parameter, other.parameter}
    if both == {Parameter.COST}:
        return one.where[0] in paid_twice
    return Parameter.COST in both and bool(both & OF_MOVE)


def where_of(change: Change) -> str:
    """Where a change is, in words: a setting, a flow, or the model."""
    return " to ".join(filter(None, change.where)) or MEANINGS[change.parameter].of.value
