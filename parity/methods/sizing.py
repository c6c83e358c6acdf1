"""Sizes of options: how much of each to buy within limits, and what more of a limit would bring.

An option is left out or has one of its sizes; what each size is worth and uses is reckoned before. The plan that is
worth most is found by a mixed-integer program.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, inf, isfinite

import numpy as np
import polars as pl
from highspy import Highs, HighsModelStatus, HighsVarType, ObjSense

from parity.methods.flow import ROUNDING, Numbers
from parity.terms.errors import WrongState
from parity.terms.units import Unit, write_number

EXACT: Mapping[str, float | str] = {
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "threads": 1,
    "presolve": "off",
}
"""How the solver is set: to the very best plan, and to the same one each time. It does not presolve, for where pounds
stand beside hundreds of millions that has given a plan which is not the best."""
LEAST_GAIN = 0.5
"""Pounds by which a plan must be worth more to be called better: less is written as £0."""
APART = 1e-8
"""The part of the largest worth by which it must be too, so that the solver tells them apart."""
NO_PLAN = "Nothing"
CHANGES_NOTHING = "More of it alone would change nothing."


@dataclass(frozen=True)
class Size:
    """A size of an option, above 0: 1 is the option as it is stated.

    `worth` are pounds; `uses` has, by the name of a limit, a number for each of the limit's rows, such as its months.
    What it frees is below 0; of a limit that is not named it uses nothing.
    """

    size: float
    worth: float
    uses: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class SizedOption:
    """An option: its sizes, of which at most one is chosen; one of them must be where `is_set`."""

    name: str
    sizes: tuple[Size, ...]
    is_set: bool = False


@dataclass(frozen=True)
class SizeLimit:
    """At most so much of something in every one of its rows: in each month or year, or once.

    What more of it is worth is told for a `step`, and for `one` of its unit in words: a pound, a nurse. What must be
    added to it is told in whole numbers of its `grain`, rounded up, so that it is enough.
    """

    name: str
    most: float
    unit: Unit
    one: str
    step: float = 1.0
    grain: float = 1.0


@dataclass(frozen=True)
class Problem:
    """Options, limits, and pairs of options by name of which at most one is chosen."""

    options: tuple[SizedOption, ...]
    limits: tuple[SizeLimit, ...] = ()
    at_most_one: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class SizedPlan:
    """The best plan: what it is worth in pounds, sizes by option (0 where it is left out), and limits.

    `limits` has a row a limit: limit, used (in the row that uses most), most, left, one_more and words. `one_more` is
    what the best plan gains in pounds where the limit is raised by its step, found by solving again; `words` tell the
    least that must be added to let a better plan in, and what it brings.
    """

    worth: float
    sizes: Mapping[str, float]
    limits: pl.DataFrame


def plan_sizes(problem: Problem) -> SizedPlan:
    """The plan that is worth most; of plans worth the same, that with the smaller sizes of the options named first.

    Raises WrongState where the problem is not well put, and, naming the limits, where no sizes keep them all.

    Source: multiple-choice knapsack with several limits (Sinha and Zoltners 1979), solved without gap by HiGHS
    (Huangfu and Hall 2018); shadow prices by solving again, since sizes come in steps.
    """
    _check(problem)
    program = _Program(problem)
    if not program.can(range(len(problem.limits))):
        raise WrongState(_conflict(problem, program))
    best = program.best()
    sizes = program.sizes(best)
    rows = [_limit_row(problem, program, place, best) for place in range(len(problem.limits))]
    numbers = dict.fromkeys(("used", "most", "left", "one_more"), pl.Float64)
    schema = {"limit": pl.String, **numbers, "words": pl.String}
    return SizedPlan(program.worth(best), sizes, pl.DataFrame(rows, schema=schema, orient="row"))


def plan_worth(problem: Problem, sizes: Mapping[str, float]) -> float:
    """Pounds that a plan is worth: its sizes by option, 0 where one is left out.

    Source: sum over options of what the chosen size is worth.
    """
    return sum(each.worth for option in problem.options for each in _chosen(option, sizes))


def plan_use(problem: Problem, limit: str, sizes: Mapping[str, float]) -> float:
    """What a plan uses of a limit in the row that uses most; 0 where nothing is used at all.

    Source: largest of the sums over options, row by row.
    """
    rows = [each.uses[limit] for option in problem.options for each in _chosen(option, sizes) if limit in each.uses]
    return float(np.sum(rows, axis=0).max()) if rows else 0.0


def plan_name(sizes: Mapping[str, float]) -> str:
    """What a plan is called: the options that are in, joined, each with how many times it is taken unless that is 1.

    Source: convention of this package.
    """
    named = [name if size == 1 else f"{name} ({write_number(size)} times)" for name, size in sizes.items() if size]
    return " + ".join(named) or NO_PLAN


def _chosen(option: SizedOption, sizes: Mapping[str, float]) -> list[Size]:
    return [each for each in option.sizes if each.size == sizes[option.name]]


def _limit_row(problem: Problem, program: "_Program", place: int, best: Numbers) -> tuple[object, ...]:
    """What the plan uses of a limit, and what a step more of it and the least that helps would be worth."""
    limit, worth = problem.limits[place], program.worth(best)
    used = plan_use(problem, limit.name, program.sizes(best))
    gain, words = 0.0, CHANGES_NOTHING
    # where nothing better comes of as much as anybody likes, nothing need be asked of less
    if program.gain(place, inf, worth):
        gain = program.gain(place, limit.step, worth)
        words = _words(problem, program, place, best)
    return limit.name, used, limit.most, limit.most - used, gain, words


def _words(problem: Problem, program: "_Program", place: int, best: Numbers) -> str:
    """What the least that must be added to a limit, to let a better plan in, would bring for each unit of it."""
    limit = problem.limits[place]
    found = program.next_beyond(place, program.worth(best))
    sizes = program.sizes(found)
    added = plan_use(problem, limit.name, sizes) - limit.most
    gain = program.worth(found) - program.worth(best)
    enough = limit.unit.write(ceil(added / limit.grain - ROUNDING) * limit.grain)
    each = Unit.GBP_EXACT if limit.unit is Unit.GBP else Unit.GBP
    return (
        f"The first {enough} more would let in {plan_name(sizes)}, worth {Unit.GBP.write(gain)} more: "
        f"{each.write(gain / added)} for each {limit.one}. Less than that would bring nothing."
    )


class _Program:
    """The mixed-integer program of a problem: a column for each size of each option, and one for each limit's excess.

    Worth and limits are divided by their largest numbers, so that one tolerance fits all.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.columns = [(place, each) for place, option in enumerate(problem.options) for each in option.sizes]
        self.worths = np.array([each.worth for _, each in self.columns])
        self.scale = max(1.0, *np.abs(self.worths))
        self.least_gain = max(LEAST_GAIN, APART * self.scale)
        self.of = np.array([place for place, _ in self.columns])
        self.steps = np.array([each.size for _, each in self.columns])
        self.uses = [self._uses(limit) for limit in problem.limits]
        tops = [max(abs(limit.most), *np.abs(rows).flat) for limit, rows in zip(problem.limits, self.uses, strict=True)]
        self.tops = [top or 1.0 for top in tops]
        self.highs = Highs()
        self.highs.silent()
        for name, value in EXACT.items():
            self.highs.setOptionValue(name, value)
        self._add_columns()
        self._add_choices()
        for place in range(len(problem.limits)):
            self._add_limit(place)
        self.worth_row = self._row(-inf, inf, self.worths / self.scale)
        self.size_rows = [self._row(-inf, inf, self.steps * (self.of == place)) for place in range(self.count)]

    @property
    def count(self) -> int:
        """How many options there are."""
        return len(self.problem.options)

    def sizes(self, chosen: Numbers) -> dict[str, float]:
        """The sizes of a solution by option."""
        return {
            option.name: float(self.steps[(self.of == place) & (chosen > 0)].sum())
            for place, option in enumerate(self.problem.options)
        }

    def worth(self, chosen: Numbers) -> float:
        """Pounds that a solution is worth."""
        return plan_worth(self.problem, self.sizes(chosen))

    def best(self) -> Numbers:
        """The solution worth most, with the smaller sizes of all that are worth the same."""
        self._loosen({})
        return self._smallest(self._solved(self.worths / self.scale, ObjSense.kMaximize))

    def gain(self, place: int, step: float, worth: float) -> float:
        """Pounds that the best gains over this worth where a limit is raised by a step; 0 where it gains nothing."""
        self._loosen({place: step})
        gain = self.worth(self._solved(self.worths / self.scale, ObjSense.kMaximize)) - worth
        return gain if gain >= self.least_gain else 0.0

    def next_beyond(self, place: int, worth: float) -> Numbers:
        """The better solution, which there must be, for which least is added to a limit; of these `best`."""
        self._loosen({place: inf})
        self.highs.changeRowBounds(self.worth_row, (worth + self.least_gain) / self.scale, inf)
        cost = np.zeros(len(self.columns) + len(self.tops))
        cost[len(self.columns) + place] = 1
        found = self._solved(cost, ObjSense.kMinimize)
        # what the chosen sizes use is known to the last digit, what the solver makes of the excess is not
        limit = self.problem.limits[place]
        self._loosen({place: plan_use(self.problem, limit.name, self.sizes(found)) - limit.most})
        return self._smallest(self._solved(self.worths / self.scale, ObjSense.kMaximize))

    def can(self, kept: Iterable[int]) -> bool:
        """Whether there is a solution where only these limits are kept."""
        self._loosen(dict.fromkeys(set(range(len(self.tops))) - set(kept), inf))
        return self._can_solve()

    def _smallest(self, found: Numbers) -> Numbers:
        """Of all solutions worth as much as this one, that with the smaller sizes of the options named first."""
        self.highs.changeRowBounds(self.worth_row, self.worths @ found / self.scale - ROUNDING, inf)
        if self._has_another(found):
            for place, row in enumerate(self.size_rows):
                own = self.steps * (self.of == place)
                found = self._solved(own, ObjSense.kMinimize)
                self.highs.changeRowBounds(row, -inf, own @ found)
        for row in (self.worth_row, *self.size_rows):
            self.highs.changeRowBounds(row, -inf, inf)
        return found

    def _has_another(self, found: Numbers) -> bool:
        """Whether there is a solution beside this one."""
        row = self._row(1 - found.sum(), inf, 1 - 2 * found)
        is_there = self._can_solve()
        self.highs.deleteRows(1, np.array([row], dtype=np.int32))
        return is_there

    def _can_solve(self) -> bool:
        """Whether there is any solution."""
        try:
            self._solved(np.zeros(len(self.columns)), ObjSense.kMaximize)
        except WrongState:
            return False
        return True

    def _solved(self, objective: Numbers, sense: ObjSense) -> Numbers:
        """The solution by column (0 or 1). Raises WrongState where there is none."""
        width = len(self.columns) + len(self.tops)
        cost = np.zeros(width)
        cost[: len(objective)] = objective
        self.highs.clearSolver()
        self.highs.changeColsCost(width, np.arange(width, dtype=np.int32), cost)
        self.highs.changeObjectiveSense(sense)
        self.highs.run()
        if self.highs.getModelStatus() != HighsModelStatus.kOptimal:
            raise WrongState("No sizes keep all limits.")
        return np.round(np.array(self.highs.getSolution().col_value)[: len(self.columns)])

    def _loosen(self, more: Mapping[int, float]) -> None:
        """Nothing; limits may be missed by so much from now on, the others not at all."""
        for place, top in enumerate(self.tops):
            self.highs.changeColBounds(len(self.columns) + place, 0, more.get(place, 0.0) / top)

    def _add_columns(self) -> None:
        width = len(self.columns)
        self.highs.addVars(width, np.zeros(width), np.ones(width))
        kinds = np.array([HighsVarType.kInteger] * width)
        self.highs.changeColsIntegrality(width, np.arange(width, dtype=np.int32), kinds)
        excess = len(self.tops)
        self.highs.addVars(excess, np.zeros(excess), np.zeros(excess))

    def _add_choices(self) -> None:
        """At most one size of each option, and of each pair of options that exclude each other."""
        names = [option.name for option in self.problem.options]
        for place, option in enumerate(self.problem.options):
            self._row(float(option.is_set), 1, (self.of == place).astype(float))
        for pair in self.problem.at_most_one:
            self._row(-inf, 1, np.isin(self.of, [names.index(name) for name in pair]).astype(float))

    def _add_limit(self, place: int) -> None:
        """Every row of a limit, each of which its excess loosens."""
        limit = self.problem.limits[place]
        most = (limit.most + ROUNDING * max(1.0, abs(limit.most))) / self.tops[place]
        for row in self._telling(self.uses[place]):
            whole = np.zeros(len(self.columns) + len(self.tops))
            whole[: len(self.columns)] = row / self.tops[place]
            whole[len(self.columns) + place] = -1
            self._row(-inf, most, whole)

    def _uses(self, limit: SizeLimit) -> Numbers:
        """Rows × columns: what each size uses of a limit; a row of nothing where none uses it."""
        length = max((len(each.uses.get(limit.name, ())) for _, each in self.columns), default=0) or 1
        none = np.zeros(length)
        return np.array([each.uses.get(limit.name, none) for _, each in self.columns], float).T

    def _telling(self, rows: Numbers) -> Numbers:
        """The rows without those that another never lies below."""
        kept: list[Numbers] = []
        for row in rows[np.argsort(-rows.sum(axis=1), kind="stable")]:
            if not any((row <= other).all() for other in kept):
                kept.append(row)
        return np.array(kept)

    def _row(self, lower: float, upper: float, values: Numbers) -> int:
        """The number of a new row."""
        at = np.flatnonzero(values).astype(np.int32)
        self.highs.addRow(lower, upper, len(at), at, values[at])
        return int(self.highs.getNumRow()) - 1


def _conflict(problem: Problem, program: _Program) -> str:
    """A sentence that names limits that no sizes keep together, though they do where any one of them is left out."""
    kept = list(range(len(problem.limits)))
    for place in range(len(problem.limits)):
        fewer = [each for each in kept if each != place]
        if not program.can(fewer):
            kept = fewer
    limits = [problem.limits[place] for place in kept]
    words = _listed([f"“{limit.name}” (at most {limit.unit.write(limit.most)})" for limit in limits])
    due = [option.name for option in problem.options if option.is_set]
    return f"No plan keeps within {words}{f', as {_listed(due)} must be chosen' if due else ''}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if len(words) > 1 else []), words[-1]])


def _check(problem: Problem) -> None:
    """Raises WrongState, naming what is wrong, where a problem is not well put."""
    names = [option.name for option in problem.options]
    if not names or len(set(names)) < len(names):
        raise WrongState("A plan needs options, each with a name of its own.")
    for option in problem.options:
        sizes = [each.size for each in option.sizes]
        if not sizes or len(set(sizes)) < len(sizes) or not all(0 < size < inf for size in sizes):
            raise WrongState(f"{option.name}: an option needs sizes above 0, each of them once.")
        used = [number for each in option.sizes for rows in each.uses.values() for number in rows]
        if not all(map(isfinite, [*used, *(each.worth for each in option.sizes)])):
            raise WrongState(f"{option.name}: what it is worth or uses is not known.")
    every = [each.uses for option in problem.options for each in option.sizes]
    for limit in problem.limits:
        lengths = {len(uses[limit.name]) for uses in every if limit.name in uses}
        if len(lengths) > 1 or 0 in lengths:
            raise WrongState(f"{limit.name}: every size must tell what it uses in the same months or years.")
    set_ones = {option.name for option in problem.options if option.is_set}
    for one, other in problem.at_most_one:
        if unknown := {one, other} - set(names):
            raise WrongState(f"A rule names an option that there is not: {min(unknown)}.")
        if {one, other} <= set_ones:
            raise WrongState(f"{one} and {other} exclude each other, so not both can be set to be chosen.")
