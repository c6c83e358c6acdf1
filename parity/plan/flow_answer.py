"""The answer to a question of choice as one table: every portfolio, option and limit, and what is best."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil
from typing import Any

import numpy as np
import polars as pl

from parity.methods.appraisal import by_year
from parity.methods.chance import band_shares, is_wide, quantiles
from parity.methods.flow import ROUNDING, Numbers
from parity.methods.flow_portfolios import Portfolios
from parity.methods.information import Choice, weigh
from parity.methods.portfolios import (
    Limit,
    Options,
    Truths,
    broken,
    efficient,
    every_portfolio,
    inclusion_table,
    limits_table,
    portfolio_names,
    rules,
)
from parity.plan.flow_choice import FEWER, Heard, Question, Ready, asked_of, options_of, ready, run
from parity.plan.flow_tables import FlowTables, faults_of, tables_of, told_of
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table
from parity.terms.errors import WrongState
from parity.terms.units import Unit

REAL = "In prices of the model's first month."
PORTFOLIO, OPTION, LIMIT, WHOLE = "portfolio", "option", "limit", "choice"
"""What a row of the answer is of."""
AT_ONCE_LIMIT = "Out at once before savings come back"
IN_YEAR_LIMIT = "Extra cost of any one year"
WAITING_LIMIT = "People who were to move and have not at the end"
LEVEL = 0.95
PLACES = 6
"""To a millionth of a pound or a person: what differs by less is the same."""
MOST_SHOWN = 12
"""Portfolios that have figures of their own, beside those that no other beats, each option alone and none."""
TOO_MANY = (
    "This model has {options} options, which make {portfolios} portfolios: too many to work out while a page is read. "
    "Ask for them on the page of choices, where they are worked out in the background."
)
NO_CHOICE = "None of the portfolios keeps within the limits, not even that services stay as they are."
NUMBERS = (
    "worth", "worth_lower", "worth_upper", "at_once", "in_year", "waiting", "refused", "people", "gain", "chance_best",
    "regret", "share_of_best", "chance_in_best", "lost_without", "lost_with", "used", "most", "left", "evpi",
    "evpi_error", "draws", "portfolios", "allowed",
)  # fmt: skip
TRUTHS = ("is_allowed", "is_best", "is_efficient", "is_shown")
TEXTS = ("model", "area", "part", "item", "aim", "unit", "words", "missing", "period", "basis", "price_year")
COLUMNS = {
    **dict.fromkeys(TEXTS, pl.String),
    "place": pl.Int64,
    **dict.fromkeys(NUMBERS, pl.Float64),
    **dict.fromkeys(TRUTHS, pl.Boolean),
}


@derived_table(words="Every portfolio of the options of each flow model: what it is worth, costs and leaves", version=3)
def flow_portfolios(
    flow_models: pl.DataFrame,
    flow_settings: pl.DataFrame,
    flow_numbers: pl.DataFrame,
    weeks_per_year: Assumption,
    scenarios: pl.DataFrame | None = None,
    need_ahead: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The answers to the question of each model that has options: all of them, without limits.

    A model that cannot be run, or whose portfolios are too many to be worked out at once, has one row that says so.
    """
    tables = tables_of(flow_models, flow_settings, flow_numbers, scenarios, need_ahead)
    found = [answer(tables, Question(model), weeks=weeks_per_year.value) for model in flow_models["model"]]
    return pl.concat([pl.DataFrame(schema=COLUMNS), *found])


def answer(tables: FlowTables, question: Question, *, weeks: float) -> pl.DataFrame:
    """The answer to a question that is not large, in `COLUMNS`; a row that says why, where there can be none."""
    told = told_of(tables, question.model, weeks=weeks)
    facts = tables.flow_models.filter(model=question.model).row(0, named=True)
    faults = faults_of(told)
    every = question.options or options_of(told)
    if not faults and not every:
        return pl.DataFrame(schema=COLUMNS)
    if not faults and replace(question, options=every).is_large:
        faults = [TOO_MANY.format(options=len(every), portfolios=Unit.COUNT.write(1 << len(every), bare=True))]
    if faults:
        span = f"{told.periods[0]} to {told.periods[-1]}" if told.periods else ""
        none = pl.DataFrame({"part": [WHOLE], "item": [""], "missing": [" ".join(faults)], "period": [span]})
        return framed(none, facts)
    return answered(ready(told, asked_of(told, question)), facts)


def answered(task: Ready, facts: Mapping[str, Any], *, heard: Heard | None = None, threads: int = 1) -> pl.DataFrame:
    """The answer to a question made ready, in `COLUMNS`; `facts` are those of its model's row.

    Raises WrongState where no portfolio keeps within the limits.
    """
    weighed = _weighed(task, run(task, heard=heard, threads=threads))
    period = f"{task.told.periods[0]} to {task.told.periods[-1]}"
    parts = [_portfolios(weighed), _options(weighed), _limits(weighed), _whole(weighed)]
    return framed(pl.concat(parts, how="diagonal").with_columns(period=pl.lit(period)), facts)


def digest_of(frame: pl.DataFrame) -> str:
    """The SHA-256 of an answer: the same for the same question and tables, in however many threads or processes."""
    return sha256(frame.write_csv().encode()).hexdigest()


TAKEN = (
    "item", "words", "worth", "at_once", "in_year", "waiting", "refused", "aim", "people", "gain", "chance_best",
    "regret", *TRUTHS[:3],
)  # fmt: skip


def portfolio_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """A row for every portfolio of an answer: what it is called, worth, needs and leaves, and what it breaks."""
    rows = frame.filter(part=PORTFOLIO)
    found = rows.select("model", "period", "basis", "price_year", *TAKEN)
    return found.rename({"item": PORTFOLIO, "words": "breaks", "worth": "net_present_value_gbp"})


@dataclass(frozen=True, eq=False)
class _Weighed:
    """The portfolios of a question with what each uses of the limits, and the choice among those that are allowed.

    `least` are pounds that rounding alone may make of what portfolios cost: those that differ by no more tie.
    """

    task: Ready
    found: Portfolios
    options: Options
    held: Truths
    breaks: Truths
    saved: Numbers
    measures: Mapping[str, Numbers]
    choice: Choice
    least: float

    @property
    def allowed(self) -> Truths:
        return _none_of(self.breaks)

    @property
    def best(self) -> int:
        """The place of the best among all portfolios."""
        return int(np.flatnonzero(self.allowed)[self.choice.best])

    @property
    def gain(self) -> Numbers:
        """By portfolio: how many people fewer, or more, are in the setting that is asked about, than with no option."""
        apart = self.measures["people"] - self.measures["people"][0]
        return (-apart if self.task.question.aim.startswith(FEWER) else apart) + 0.0

    @property
    def is_certain(self) -> bool:
        """Whether several portfolios are allowed, and none of them is worth more in one draw than in another."""
        saved = self.saved[self.allowed]
        is_drawn = is_wide(saved.min(axis=1), saved.max(axis=1), value=saved.mean(axis=1))
        return len(saved) > 1 and not is_drawn.any()

    def spread(self, values: Numbers) -> Numbers:
        """Values of the allowed portfolios at the places of all; NaN at the others."""
        whole = np.full(len(self.held), np.nan)
        whole[self.allowed] = values
        return whole


def _none_of(breaks: Truths) -> Truths:
    return np.logical_not(np.logical_or.reduce(breaks, axis=0))


def _weighed(task: Ready, found: Portfolios) -> _Weighed:
    question = task.question
    measures = _measures(task, found)
    options = Options(
        question.options, _asked_limits(question, measures), tuple((one, other) for one, other, _ in task.clashes)
    )
    held = every_portfolio(options)
    breaks = broken(options, held=held)
    if not _none_of(breaks).any():
        raise WrongState(NO_CHOICE)
    saved = found.net[0] - found.net
    least = ROUNDING * float(max(found.net.max(), -found.net.min()))
    choice = weigh([saved[_none_of(breaks)]], least=least)
    return _Weighed(task, found, options, held, breaks, saved, measures, choice, least)


def _measures(task: Ready, found: Portfolios) -> dict[str, Numbers]:
    """By portfolio, the means of the draws: what is out at once, what a year costs more, who has not moved, people."""
    more = found.by_month - found.by_month[0]
    setting, settings = task.question.setting, task.choice.case.model.settings
    return {
        "at_once": np.maximum(more.cumsum(axis=1).max(axis=1), 0),
        "in_year": np.maximum(by_year(more.T).max(axis=0), 0),
        "waiting": np.round(found.due.mean(axis=1), PLACES),
        "refused": found.refused.mean(axis=1),
        "people": found.people[:, settings.index(setting)] if setting else np.zeros(len(more)),
    }


def _asked_limits(question: Question, measures: Mapping[str, Numbers]) -> tuple[Limit, ...]:
    asked = (
        (AT_ONCE_LIMIT, question.most_at_once, Unit.GBP, "at_once"),
        (IN_YEAR_LIMIT, question.most_in_year, Unit.GBP, "in_year"),
        (WAITING_LIMIT, question.most_waiting, Unit.PEOPLE, "waiting"),
    )
    return tuple(Limit(name, most, unit, {}, measures[key]) for name, most, unit, key in asked if most is not None)


def _portfolios(weighed: _Weighed) -> pl.DataFrame:
    """A row a portfolio, in the order of every set; without a chance to be best where nothing is uncertain."""
    worth, aim = weighed.saved.mean(axis=1), weighed.task.question.aim
    is_efficient = _efficient(weighed, worth)
    is_best = np.arange(len(worth)) == weighed.best
    is_shown = _shown(weighed, worth) | is_efficient | is_best
    ends = np.full((len(worth), 2), np.nan)
    is_drawn = is_shown & is_wide(weighed.saved.min(axis=1), weighed.saved.max(axis=1), value=worth)
    ends[is_drawn] = quantiles(np.ascontiguousarray(weighed.saved[is_drawn]), band_shares((LEVEL,)))
    told = rules(weighed.options)
    words = [", ".join(told[rule] for rule in np.flatnonzero(column)) or None for column in weighed.breaks.T]
    columns = {
        "item": portfolio_names(weighed.options, held=weighed.held),
        "place": np.arange(len(worth)),
        "worth": worth,
        "worth_lower": ends[:, 0],
        "worth_upper": ends[:, 1],
        **weighed.measures,
        "gain": weighed.gain,
        "chance_best": np.nan if weighed.is_certain else weighed.spread(weighed.choice.chance_best),
        "regret": weighed.spread(weighed.choice.regret),
        "is_allowed": weighed.allowed,
        "is_best": is_best,
        "is_efficient": is_efficient,
        "is_shown": is_shown,
        "words": words,
    }
    made = pl.DataFrame(columns, schema_overrides={"words": pl.String}).with_columns(
        aim=pl.lit(aim or None, pl.String), part=pl.lit(PORTFOLIO)
    )
    return made if aim else made.drop("people", "gain")


def _efficient(weighed: _Weighed, worth: Numbers) -> Truths:
    """Which of the allowed no other beats: on worth and what is out at once, or on the aim and what it costs."""
    less = -worth if weighed.task.question.aim else weighed.measures["at_once"]
    more = weighed.gain if weighed.task.question.aim else worth
    both = np.column_stack([more, -less])[weighed.allowed]
    found = np.zeros(len(worth), bool)
    found[weighed.allowed] = efficient(np.round(both, PLACES))
    return found


def _shown(weighed: _Weighed, worth: Numbers) -> Truths:
    """Which portfolios have figures of their own: those worth most, each option alone, and none."""
    order = np.argsort(np.where(weighed.allowed, -worth, np.inf), kind="stable")[:MOST_SHOWN]
    found = weighed.held.sum(axis=1) <= 1
    found[order[weighed.allowed[order]]] = True
    return found


def _options(weighed: _Weighed) -> pl.DataFrame:
    """A row an option; without a chance where nothing is uncertain."""
    table = inclusion_table(weighed.options, weighed.choice, held=weighed.held[weighed.allowed])
    told = table.drop("chance_in_best") if weighed.is_certain else table
    return told.rename({"option": "item", "in_best": "is_best"}).with_columns(part=pl.lit(OPTION))


def _limits(weighed: _Weighed) -> pl.DataFrame:
    """A row a limit and a row a pair of options that exclude each other."""
    worth = weighed.saved.mean(axis=1)
    table = limits_table(weighed.options, worth, held=weighed.held, least=weighed.least)
    clashes, limits = weighed.task.clashes, weighed.options.limits
    why = [f"{why[:1].upper()}{why[1:]}." for *_, why in clashes]
    names = [*(limit.name for limit in limits), *(f"“{one}” or “{other}”, not both" for one, other, _ in clashes)]
    more = [_more(weighed, place, worth) for place in range(len(limits))] + why
    # what the best would be worth without a rule is told of limits alone: options that clash cannot be run together
    is_limit = pl.Series([True] * len(limits) + [False] * len(clashes), dtype=pl.Boolean)
    words = pl.when(is_limit).then("words")
    return table.select(
        "used", "most", "left", gain=pl.when(is_limit).then("gain"),
        item=pl.Series(names, dtype=pl.String), is_best="is_binding",
        words=pl.concat_str(words, pl.Series(more, dtype=pl.String), separator=" ", ignore_nulls=True),
        unit=pl.Series([limit.unit.name for limit in limits] + [None] * len(why), dtype=pl.String),
        part=pl.lit(LIMIT),
    )  # fmt: skip


def _more(weighed: _Weighed, place: int, worth: Numbers) -> str:
    """What the least that must be added to a limit, to let a better portfolio in, would bring for each unit of it.

    It is told in whole pounds or people, rounded up, so that it is enough.
    """
    limit = weighed.options.limits[place]
    used = weighed.measures[_MEASURE_OF[limit.name]]
    others = _none_of(np.delete(weighed.breaks, place, axis=0))
    now = worth[weighed.best]
    better = others & weighed.breaks[place] & (worth > now + ROUNDING * max(1.0, abs(now)))
    if not better.any():
        return "A larger limit alone would change nothing."
    least = int(np.where(better, used, np.inf).argmin())
    added, gain = float(used[least] - limit.most), float(worth[least] - now)
    (name,) = portfolio_names(weighed.options, held=weighed.held[[least]])
    enough = limit.unit.write(ceil(added - ROUNDING))
    return (
        f"The first {enough} more would let in {name}, worth {Unit.GBP.write(gain)} more: "
        f"{Unit.GBP_EXACT.write(gain / added)} for each {_ONE[limit.unit]}. Less than that would bring nothing."
    )


_MEASURE_OF = {AT_ONCE_LIMIT: "at_once", IN_YEAR_LIMIT: "in_year", WAITING_LIMIT: "waiting"}
_ONE = {Unit.GBP: "pound", Unit.PEOPLE: "person"}


def _whole(weighed: _Weighed) -> pl.DataFrame:
    """The row of the choice as a whole."""
    return pl.DataFrame(
        {
            "part": [WHOLE],
            "item": [""],
            "evpi": [weighed.choice.evpi],
            "evpi_error": [weighed.choice.evpi_error],
            "draws": [float(weighed.saved.shape[1])],
            "portfolios": [float(len(weighed.held))],
            "allowed": [float(weighed.allowed.sum())],
        }
    )


def framed(frame: pl.DataFrame, facts: Mapping[str, Any], *, columns: Mapping[str, Any] = COLUMNS) -> pl.DataFrame:
    """The rows in these columns, with what is so of the whole model; what is not a number is empty."""
    named = {name: pl.lit(facts[name], pl.String) for name in ("model", "area", "basis", "price_year")}
    whole = pl.concat([pl.DataFrame(schema=dict(columns)), frame.with_columns(**named)], how="diagonal_relaxed")
    return whole.select(*columns).with_columns(pl.col(pl.Float64).fill_nan(None))


def answered_part(frame: pl.DataFrame, part: str, name: str, *, key: str = "") -> pl.DataFrame:
    """The rows of a part of an answer, or those that say why there are none, with the column of this name as value.

    What a row is of stands under `key`, where one is given.
    """
    rows = frame.filter((pl.col("part") == part) | pl.col("missing").is_not_null())
    kept = rows.filter(pl.col(name).is_not_null() | pl.col("missing").is_not_null())
    named = [pl.col("item").alias(key)] if key else []
    return kept.select("area", "period", "model", *named, "missing", value=name)


def in_real_pounds(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the basis and the price year that the answer has of their model, and what prices they are in."""
    known = frame.select("model", "basis", "price_year").unique(maintain_order=True)
    return rows.join(known, on="model", how="left", maintain_order="left").with_columns(note=pl.lit(REAL))
