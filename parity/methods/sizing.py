"""Sizes of options: how much of each to buy within budgets and staff, and what one more of a limit would be worth.

An option is left out, or has a size between its least and its most: teams, places, whole or not. What it brings falls
with its size, tier by tier. The plan with the largest net present benefit is found by a mixed-integer program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, isfinite

import polars as pl
from highspy import Highs, HighsModelStatus, HighsVarType
from highspy.highs import highs_linear_expression, highs_var

from parity.methods.flow import ROUNDING
from parity.terms.errors import WrongState
from parity.terms.units import Unit

ONE_OFF, YEARLY = "one-off spending", "yearly spending"
"""What every option may use, in pounds; whatever else it uses has a name of its own, such as nurses."""
EXACT = {"mip_rel_gap": 0.0, "mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9, "threads": 1}
"""How the solver is set: to the very best plan, and to the same one each time."""


@dataclass(frozen=True)
class Amount:
    """So much for each unit of size, and so much for the option as such where it is chosen."""

    each: float = 0.0
    fixed: float = 0.0


@dataclass(frozen=True)
class Tier:
    """The present value in pounds that each unit brings, of those from the tier before up to this size."""

    up_to: float
    each: float


@dataclass(frozen=True)
class SizedOption:
    """An option: its least (above 0) and most size where it is chosen, what units bring, and what it uses, by name.

    Units beyond the last tier bring nothing. `is_whole` says that its size is a whole number, `is_set` that it must be
    chosen. What it frees is an amount below 0.
    """

    name: str
    least: float
    most: float
    tiers: tuple[Tier, ...]
    uses: Mapping[str, Amount]
    is_whole: bool = True
    is_set: bool = False

    def use(self, of: str, size: float) -> float:
        """How much of something it uses at a size, nothing where it is left out."""
        amount = self.uses.get(of, Amount())
        return amount.each * size + amount.fixed if size else 0.0


@dataclass(frozen=True)
class SizeLimit:
    """At most so much of something: of one-off or yearly spending, or of what options use by that name.

    What one more is worth is told for a `step` of it, in words for `one` where there is such a thing: a nurse.
    """

    of: str
    most: float
    unit: Unit
    one: str = ""
    step: float = 1.0


@dataclass(frozen=True)
class Problem:
    """Options, limits, and what a pound a year is worth over the appraisal period: the sum of its discount factors."""

    options: tuple[SizedOption, ...]
    limits: tuple[SizeLimit, ...]
    years_worth: float


@dataclass(frozen=True, eq=False)
class SizedPlan:
    """The best plan: its net present benefit in pounds, sizes by option (0 where it is left out), and limits.

    `options` has a row an option: option, size, benefit, one_off, yearly and worth, in pounds. `limits` has a row a
    limit: limit, used, most, left, one_more, marginal and words; `one_more` is what the best plan gains in pounds where
    the limit is raised by its step, found by solving again; `marginal` the gain for each unit while no whole size
    changes and no option comes or goes, from the linear program that is left.
    """

    worth: float
    sizes: Mapping[str, float]
    options: pl.DataFrame
    limits: pl.DataFrame


def plan_sizes(problem: Problem) -> SizedPlan:
    """The plan with the largest net present benefit.

    Raises WrongState where the problem is not well put, and, naming the limits, where no sizes keep them all.

    Source: mixed-integer program with fixed charges (Nemhauser and Wolsey 1988), solved without gap by HiGHS (Huangfu
    and Hall 2018); concave benefits as tiers that fill in order.
    """
    _check(problem)
    found = _solved(problem)
    if found is None:
        raise WrongState(_conflict(problem))
    sizes, marginal = found
    worth = plan_worth(problem, sizes)
    rows = [_limit_row(problem, place, sizes, (worth, marginal[place])) for place, _ in enumerate(problem.limits)]
    numbers = dict.fromkeys(("used", "most", "left", "one_more", "marginal"), pl.Float64)
    schema = {"limit": pl.String, **numbers, "words": pl.String}
    return SizedPlan(worth, sizes, _option_rows(problem, sizes), pl.DataFrame(rows, schema=schema, orient="row"))


def plan_worth(problem: Problem, sizes: Mapping[str, float]) -> float:
    """Net present benefit in pounds of options at these sizes: benefits less one-off and yearly spending.

    Source: sum over options; yearly spending times what a pound a year is worth.
    """
    return sum(_worth(problem, option, sizes[option.name]) for option in problem.options)


def benefit(option: SizedOption, size: float) -> float:
    """Present value in pounds of what an option of this size brings.

    Source: sum over tiers of the units in it times what each brings.
    """
    starts = [0.0, *(tier.up_to for tier in option.tiers)]
    return sum(
        tier.each * max(0.0, min(size, tier.up_to) - start) for start, tier in zip(starts, option.tiers, strict=False)
    )


def words_for_one_more(limit: SizeLimit, gain: float) -> str | None:
    """A sentence on what one more of a limit would be worth; None where it would be worth nothing.

    Source: convention of this package.
    """
    if gain <= 0:
        return None
    more = (
        f"One more {limit.one}"
        if limit.one and limit.step == 1
        else f"{limit.unit.write(limit.step)} more of {limit.of}"
    )
    return f"{more} would be worth {Unit.GBP.write(gain)} over the appraisal period."


def _worth(problem: Problem, option: SizedOption, size: float) -> float:
    return benefit(option, size) - option.use(ONE_OFF, size) - option.use(YEARLY, size) * problem.years_worth


def _option_rows(problem: Problem, sizes: Mapping[str, float]) -> pl.DataFrame:
    rows = [
        (
            option.name,
            size := sizes[option.name],
            benefit(option, size),
            option.use(ONE_OFF, size),
            option.use(YEARLY, size),
            _worth(problem, option, size),
        )
        for option in problem.options
    ]
    numbers = dict.fromkeys(("size", "benefit", "one_off", "yearly", "worth"), pl.Float64)
    return pl.DataFrame(rows, schema={"option": pl.String, **numbers}, orient="row")


def _limit_row(
    problem: Problem, place: int, sizes: Mapping[str, float], now: tuple[float, float]
) -> tuple[object, ...]:
    """What the plan uses of a limit, and what a step more of it and a unit more of it would be worth."""
    limit = problem.limits[place]
    worth, marginal = now
    used = sum(option.use(limit.of, sizes[option.name]) for option in problem.options)
    raised = replace(limit, most=limit.most + limit.step)
    limits = (*problem.limits[:place], raised, *problem.limits[place + 1 :])
    found = _solved(replace(problem, limits=limits))
    gain = 0.0 if found is None else plan_worth(problem, found[0]) - worth
    told = gain if gain > ROUNDING * max(1.0, abs(worth)) else 0.0
    return limit.of, used, limit.most, limit.most - used, told, marginal, words_for_one_more(limit, told)


def _solved(problem: Problem) -> tuple[dict[str, float], list[float]] | None:
    """The best sizes by option and the marginal value of each limit; None where no sizes keep the limits.

    It is solved twice: first with whole numbers, then for what is not whole, with the whole ones held.
    """
    first = _Program(problem)
    if not first.solve():
        return None
    chosen, whole = ([round(first.highs.val(each)) for each in some] for some in (first.chosen, first.sizes))
    second = _Program(problem)
    for option, is_in, size, *variables in zip(
        problem.options, chosen, whole, second.chosen, second.sizes, strict=True
    ):
        second.hold(variables[0], is_in)
        if option.is_whole:
            second.hold(variables[1], size)
    second.solve()
    free = [second.highs.val(each) for each in second.sizes]
    sizes = {
        option.name: float(size if option.is_whole else exact) if is_in else 0.0
        for option, is_in, size, exact in zip(problem.options, chosen, whole, free, strict=True)
    }
    return sizes, [second.highs.constrDual(row) for row in second.rows]


class _Program:
    """The mixed-integer program of a problem: whether and how large each option is, and the units in its tiers."""

    def __init__(self, problem: Problem) -> None:
        self.highs = Highs()
        self.highs.silent()
        for name, value in EXACT.items():
            self.highs.setOptionValue(name, value)
        kinds = [HighsVarType.kInteger if option.is_whole else HighsVarType.kContinuous for option in problem.options]
        self.chosen = [self.highs.addBinary() for _ in problem.options]
        self.sizes = [
            self.highs.addVariable(0, option.most, type=kind)
            for option, kind in zip(problem.options, kinds, strict=True)
        ]
        for option, chosen, size in zip(problem.options, self.chosen, self.sizes, strict=True):
            self.highs.addConstrs(size <= option.most * chosen, size >= option.least * chosen)
            if option.is_set:
                self.highs.addConstr(chosen >= 1)
        self.rows = [self.highs.addConstr(self._use(problem, limit.of) <= limit.most) for limit in problem.limits]
        brought = [self._brought(option, size) for option, size in zip(problem.options, self.sizes, strict=True)]
        spent = self._use(problem, ONE_OFF) + problem.years_worth * self._use(problem, YEARLY)
        self.worth = self.highs.qsum(brought) - spent

    def solve(self) -> bool:
        """Whether there is a best plan."""
        self.highs.maximize(self.worth)
        return bool(self.highs.getModelStatus() == HighsModelStatus.kOptimal)

    def hold(self, variable: highs_var, value: float) -> None:
        """Lets a variable have this value only."""
        self.highs.setContinuous(variable)
        self.highs.changeColBounds(variable.index, value, value)

    def _use(self, problem: Problem, of: str) -> highs_linear_expression:
        """What all options use of something."""
        amounts = [option.uses.get(of, Amount()) for option in problem.options]
        terms = zip(amounts, self.sizes, self.chosen, strict=True)
        return self.highs.qsum(amount.each * size + amount.fixed * chosen for amount, size, chosen in terms)

    def _brought(self, option: SizedOption, size: highs_var) -> highs_linear_expression:
        """What an option brings; tiers fill in order by themselves, since each brings less than the one before."""
        starts = [0.0, *(tier.up_to for tier in option.tiers)]
        units = [self.highs.addVariable(0, end - start) for start, end in pairwise(starts)]
        self.highs.addConstr(self.highs.qsum(units) <= size)
        return self.highs.qsum(tier.each * unit for tier, unit in zip(option.tiers, units, strict=True))


def _conflict(problem: Problem) -> str:
    """A sentence that names limits that no sizes keep together, though they do where any one of them is left out."""
    kept = list(problem.limits)
    for limit in problem.limits:
        fewer = [each for each in kept if each is not limit]
        if not _Program(replace(problem, limits=tuple(fewer))).solve():
            kept = fewer
    words = _listed([f"{limit.of} of at most {limit.unit.write(limit.most)}" for limit in kept])
    due = [option.name for option in problem.options if option.is_set]
    return f"No plan keeps within {words}{f', as {_listed(due)} must be chosen' if due else ''}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if len(words) > 1 else []), words[-1]])


def _check(problem: Problem) -> None:
    """Raises WrongState, naming the option, where a problem is not well put."""
    names = [option.name for option in problem.options]
    if not names or len(set(names)) < len(names):
        raise WrongState("A plan needs options, each with a name of its own.")
    for option in problem.options:
        ends = [0.0, *(tier.up_to for tier in option.tiers)]
        gains = [*(tier.each for tier in option.tiers), 0.0]
        if not (0 < option.least <= option.most and isfinite(option.most)):
            raise WrongState(f"{option.name}: its least size must be above 0, and its most not below it.")
        if option.is_whole and ceil(option.least) > option.most:
            raise WrongState(f"{option.name}: no whole number lies between its least and its most size.")
        if any(start >= end for start, end in pairwise(ends)) or any(one < other for one, other in pairwise(gains)):
            raise WrongState(f"{option.name}: each tier must end after the one before, and not bring more than it.")
