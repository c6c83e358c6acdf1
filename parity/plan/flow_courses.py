"""The course of each scenario of a flow model, as rows, each run once for as long as the tables tell the same of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from hashlib import sha256
from math import ceil, isnan

import numpy as np
import polars as pl

from parity.analyse.pieces import DRAWS, SEED
from parity.assumptions.discount_rates import discount_rates
from parity.methods.appraisal import by_year, payback_for_good
from parity.methods.chance import Chance
from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow_case import Account, Told, case_of
from parity.methods.flow_compare import IN_ALL, MONTH, PRESENT, SO_FAR, paybacks, savings
from parity.methods.flow_compare import YEAR as YEAR_SPAN
from parity.methods.flow_growth import Need
from parity.methods.flow_measures import saving
from parity.methods.flow_outcome import BANDS, Outcome, banded, measured, outcome_of
from parity.methods.flow_parameters import by_chance
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from parity.plan.flow_tables import AS_IT_IS, doubts_of

SAVING, SAVED, PAYBACK, LASTING = "saving", "saved so far", "payback", "payback for good"
PRESENT_SAVING = f"{SAVING} at present value"
AT_START, MOVED, DOUBT = "people at the start", "people who move", "doubt"
YEAR = "twelve months: "
"""What stands before the name of a measure that is added up over the twelve months to its period."""
CHANCE = Chance(DRAWS, SEED)
HELD, BASES_HELD = 64, 16
"""Scenarios whose rows are held, half a megabyte or so each, and models as they are, about two with their money: so a
trial of one scenario does not run the others anew."""
FLOW = ("parameter", "setting", "destination")
"""The columns of a change that say between which settings it moves people."""


def course_of(told: Told, scenario: str, *, is_whole: bool = False) -> pl.DataFrame:
    """The rows of what becomes of a scenario, or of the model as it is: what happens, what it saves, what is doubtful.

    With `is_whole`, people are whole in the draws and chance decides for each. All scenarios of a model have the same
    draws. Raises WrongState for what is impossible; `faults_of` says before what in the tables is wrong.
    """
    base = _asked(told, AS_IT_IS, is_whole=is_whole)
    return _base(base)[0] if scenario == AS_IT_IS else _course(_asked(told, scenario, is_whole=is_whole), base)


@dataclass(frozen=True)
class _Asked:
    """A scenario of a model, or the model as it is. Two are equal where all that is told of them is: the cache key."""

    scenario: str
    is_whole: bool
    content: str
    told: Told = field(compare=False)


def _asked(told: Told, scenario: str, *, is_whole: bool) -> _Asked:
    """The question of a scenario alone: of what others change, it matters only between which settings people move."""
    is_own = pl.col("scenario") == scenario
    changes = told.changes.with_columns(pl.when(is_own).then(pl.exclude(*FLOW)))
    delays = {name: delay for name, delay in told.delays.items() if name == scenario}
    alone = replace(told, changes=changes, delays=delays)
    return _Asked(scenario, is_whole, _content(alone), alone)


def _content(told: Told) -> str:
    """The SHA-256 of all that is told."""
    return sha256("\n".join(_text(getattr(told, each.name)) for each in fields(told)).encode()).hexdigest()


def _text(value: object) -> str:
    if isinstance(value, pl.DataFrame):
        return f"{value.schema} {value.rows()}"
    if isinstance(value, Mapping):
        return repr({name: _text(each) for name, each in value.items()})
    if isinstance(value, Need):
        return f"{value.years} {sha256(value.people.tobytes()).hexdigest()}"
    return repr(value)


@lru_cache(maxsize=BASES_HELD)
def _base(asked: _Asked) -> tuple[pl.DataFrame, Outcome]:
    """The rows of the model as it is, and its money, from which savings are counted."""
    outcome = outcome_of(case_of(asked.told, by_chance(CHANCE)), Levers(), chance=_chance(asked))
    return pl.concat(_rows(outcome, asked.told, AS_IT_IS)), outcome.of_money


@lru_cache(maxsize=HELD)
def _course(asked: _Asked, base: _Asked) -> pl.DataFrame:
    told, scenario = asked.told, asked.scenario
    _, as_it_is = _base(base)
    levers = levers_of(told, as_it_is.case, scenario=scenario, drawing=by_chance(CHANCE))
    outcome = outcome_of(as_it_is.case, levers, chance=_chance(asked))
    saved = _savings(as_it_is, outcome, told, scenario)
    return pl.concat([*_rows(outcome, told, scenario), *saved, _doubts(told, scenario)], how="diagonal")


def _chance(asked: _Asked) -> Chance | None:
    return CHANCE if asked.is_whole else None


def whole_time(told: Told) -> str:
    """All months of the model, from the first to the last, as `2026-04 to 2029-03`."""
    return f"{told.periods[0]} to {told.periods[-1]}"


def _doubts(told: Told, scenario: str) -> pl.DataFrame:
    """A row for each change of the scenario that is likely to be a slip."""
    sentences = doubts_of(replace(told, changes=told.changes.filter(scenario=scenario)))
    named = {"scenario": scenario, "measure": DOUBT, "item": "", "period": told.periods[-1]}
    texts = dict.fromkeys((*named, "note"), pl.String)
    return pl.DataFrame([{**named, "note": sentence} for sentence in sentences], schema=texts)


def _rows(outcome: Outcome, told: Told, scenario: str) -> Iterator[pl.DataFrame]:
    """The rows of each measure of a scenario's outcome: by month, money also by twelve months to the last, and people
    at the start and those who move, arrive and leave over all whole years.
    """
    yield from measured(outcome, periods=told.periods, scenario=scenario)
    yield from _moves(outcome, told, scenario)
    ends = year_ends(told)
    money = {account.value: outcome.accounts[account] for account in (Account.COST, Account.INCOME)}
    for name, numbers in (money | {"net cost": outcome.net}).items():
        by_end = by_year(numbers)[: len(ends), None]
        yield banded(by_end, items=("",), periods=ends, measure=YEAR + name, scenario=scenario)


def _moves(outcome: Outcome, told: Told, scenario: str) -> Iterator[pl.DataFrame]:
    model, series = outcome.case.model, outcome.run.series
    months = told.months - told.months % MONTHS_OF_A_YEAR
    start = series[Series.PEOPLE][:1]
    yield banded(start, items=model.settings, periods=told.periods[:1], measure=AT_START, scenario=scenario)
    ways = {
        Series.MOVED: [flow_name(*flow) for flow in model.flows],
        Series.ARRIVED: [arriving(setting) for setting in model.settings],
        Series.LEFT: [leaving(setting) for setting in model.settings],
    }
    numbers = np.concatenate([series[of][:months].sum(axis=0) for of in ways])
    whole = f"{told.periods[0]} to {told.periods[max(months, 1) - 1]}"
    items = [name for names in ways.values() for name in names]
    yield banded(numbers[None], items=items, periods=(whole,), measure=MOVED, scenario=scenario)


def flow_name(origin: str, destination: str) -> str:
    """What a flow from a setting to another is called in tables and figures."""
    return f"{origin} to {destination}"


def arriving(setting: str) -> str:
    """What the way into a setting from outside the model is called."""
    return f"arriving in {setting}"


def leaving(setting: str) -> str:
    """What the way out of services from a setting is called."""
    return f"leaving services from {setting}"


def _savings(base: Outcome, then: Outcome, told: Told, scenario: str) -> Iterator[pl.DataFrame]:
    """What a scenario saves by month, by year and in all, what that is worth, and when it pays back."""
    others = {scenario: then}
    rows = savings(base, others, periods=told.periods, rates=discount_rates()).rename({"item": "scenario"})
    by_month = {MONTH: SAVING, SO_FAR: SAVED}
    names = by_month | {YEAR_SPAN: f"{YEAR}{SAVING}", IN_ALL: f"{SAVING} in all", PRESENT: PRESENT_SAVING}
    by_year_end = pl.when(pl.col("span") == YEAR_SPAN).then(pl.col("period").str.tail(len("2026-04")))
    spans = rows.with_columns(period=by_year_end.otherwise("period"), measure=pl.col("span").replace_strict(names))
    is_whole = (pl.col("span") != YEAR_SPAN) | pl.col("period").is_in(year_ends(told))
    yield spans.filter(is_whole).drop("span").with_columns(item=pl.lit(""))
    whole = pl.lit(whole_time(told)).alias("period")
    found = paybacks(base, others, periods=told.periods).rename(
        {"item": "scenario", "missing": "why", "period": "note"}
    )
    item = pl.lit("").alias("item")
    bands = pl.col(*BANDS)
    yield found.select("scenario", "why", "value", bands, "note", whole, item, measure=pl.lit(PAYBACK))
    yield found.select("scenario", whole, item, value="chance", measure=pl.lit(f"chance of {PAYBACK}"))
    months = float(payback_for_good(saving(base, then)[:, 0]))
    if not isnan(months):
        back = told.periods[ceil(months) - 1] if months else None
        lasting = {"scenario": scenario, "item": "", "measure": LASTING, "value": months, "note": back}
        yield pl.DataFrame([lasting], schema_overrides={"note": pl.String}).with_columns(whole)


def year_ends(told: Told) -> list[str]:
    """The last month of each whole year of the model."""
    return told.periods[MONTHS_OF_A_YEAR - 1 :: MONTHS_OF_A_YEAR]
