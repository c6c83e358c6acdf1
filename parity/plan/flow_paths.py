"""What becomes of each flow model and scenario of a programme, month by month: a table that figures are read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.analyse.pieces import DRAWS, SEED
from parity.assumptions.discount_rates import discount_rates
from parity.methods.chance import Chance
from parity.methods.flow import Numbers
from parity.methods.flow_case import MONTHS_A_YEAR, Account, Case, Told, case_of
from parity.methods.flow_compare import IN_ALL, PRESENT, paybacks, savings
from parity.methods.flow_compare import YEAR as YEAR_SPAN
from parity.methods.flow_outcome import BANDS, Outcome, banded, measured, outcome_of
from parity.methods.flow_parameters import Drawing, by_chance
from parity.methods.flow_scenario import Levers, levers_of
from parity.plan.flow_tables import FlowTables, faults_of, told_of
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table

AS_IT_IS = "As it is"
"""What the model is called where nothing is changed."""
SAVING, PAYBACK = "saving", "payback"
YEAR = "twelve months: "
"""What stands before the name of a measure that is added up over the twelve months to its period."""
CHANCE = Chance(DRAWS, SEED)
PATHS = {
    "model": pl.String,
    "area": pl.String,
    "scenario": pl.String,
    "measure": pl.String,
    "item": pl.String,
    "period": pl.String,
    **dict.fromkeys(("value", "mean", *BANDS), pl.Float64),
    "note": pl.String,
    "why": pl.String,
    "missing": pl.String,
    "basis": pl.String,
    "price_year": pl.String,
}


@dataclass(frozen=True, eq=False)
class Forecast:
    """A model that was run: what it was told, its case, and what became of it by scenario, as it is first."""

    told: Told
    case: Case
    drawing: Drawing
    outcomes: Mapping[str, Outcome]


def forecast_of(told: Told, drawing: Drawing, *, is_whole: bool = False) -> Forecast:
    """What becomes of the model as it is and of each of its scenarios, all on the same draws.

    With `is_whole`, people are whole in the draws and chance decides for each. Raises WrongState for what is
    impossible; `faults_of` says before what in the tables is wrong.
    """
    case, chance = case_of(told, drawing), CHANCE if is_whole else None
    found = {AS_IT_IS: outcome_of(case, Levers(), chance=chance)}
    for scenario in told.scenarios:
        levers = levers_of(told, case, scenario=scenario, drawing=drawing)
        found[scenario] = outcome_of(case, levers, chance=chance)
    return Forecast(told, case, drawing, found)


@derived_table(words="The numbers of each flow model and its scenarios, those left empty read elsewhere", version=2)
def flow_numbers(
    flow_models: pl.DataFrame,
    flow_settings: pl.DataFrame,
    flow_parameters: pl.DataFrame,
    scenario_changes: pl.DataFrame | None = None,
    service_costs: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """A row for each number, and for each change (scenario is then not null), with the value that is used.

    `is_found` says that it was left empty and is read from the service costs.
    """
    tables = FlowTables(flow_models, flow_settings, flow_parameters, None, scenario_changes, service_costs)
    found = []
    for model in flow_models["model"].unique(maintain_order=True):
        told = told_of(tables, model, weeks=1)
        found += [rows.with_columns(model=pl.lit(model)) for rows in (told.parameters, told.changes)]
    return pl.concat(found, how="diagonal_relaxed")


@derived_table(words="What becomes of each flow model and its scenarios, month by month", version=3)
def flow_paths(
    flow_models: pl.DataFrame,
    flow_settings: pl.DataFrame,
    flow_numbers: pl.DataFrame,
    weeks_per_year: Assumption,
    scenarios: pl.DataFrame | None = None,
    need_ahead: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """A row for each model, scenario, measure, item (a setting, or none) and month, with its bands.

    `why` says of a row without a value why it has none. A model that cannot be run has one row a scenario, whose
    `missing` says what is wrong.
    """
    changes = pl.col("scenario").is_not_null()
    tables = FlowTables(
        flow_models,
        flow_settings,
        flow_numbers.filter(~changes),
        scenarios,
        flow_numbers.filter(changes),
        need_ahead=need_ahead,
    )
    frames = [
        frame.with_columns(
            **{name: pl.lit(facts[name], pl.String) for name in ("model", "area", "basis", "price_year")}
        )
        for facts in flow_models.to_dicts()
        for frame in _paths(tables, facts["model"], weeks=weeks_per_year.value, is_whole=bool(facts["whole_people"]))
    ]
    return pl.concat([pl.DataFrame(schema=PATHS), *frames], how="diagonal").select(*PATHS)


def _paths(tables: FlowTables, model: str, *, weeks: float, is_whole: bool) -> Iterator[pl.DataFrame]:
    """The rows of each scenario of one model."""
    told = told_of(tables, model, weeks=weeks)
    faults = faults_of(told)
    if faults:
        rows = {"scenario": [AS_IT_IS, *told.scenarios], "period": told.periods[-1], "missing": " ".join(faults)}
        yield pl.DataFrame(rows)
        return
    forecast = forecast_of(told, by_chance(CHANCE), is_whole=is_whole)
    for scenario, outcome in forecast.outcomes.items():
        for measure, frame in rows_of(outcome, told):
            yield frame.with_columns(scenario=pl.lit(scenario), measure=pl.lit(measure))
    base, *others = forecast.outcomes.items()
    if others:
        yield from _savings(base[1], dict(others), told)


def rows_of(outcome: Outcome, told: Told) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each measure of an outcome by name, with its rows: by month, and money also by twelve months to the last."""
    yield from measured(outcome, periods=told.periods)
    money = {account.value: outcome.accounts[account] for account in (Account.COST, Account.INCOME)}
    for name, numbers in (money | {"net cost": outcome.net}).items():
        yield YEAR + name, banded(by_year(numbers)[:, None], items=("",), periods=year_ends(told))


def _savings(base: Outcome, others: Mapping[str, Outcome], told: Told) -> Iterator[pl.DataFrame]:
    """What each scenario saves by year and in all, what that is worth, and when it pays back, as rows of a scenario."""
    rows = savings(base, others, periods=told.periods, rates=discount_rates()).rename({"item": "scenario"})
    names = {YEAR_SPAN: f"{YEAR}{SAVING}", IN_ALL: f"{SAVING} in all", PRESENT: f"{SAVING} at present value"}
    by_year_end = pl.when(pl.col("span") == YEAR_SPAN).then(pl.col("period").str.tail(len("2026-04")))
    spans = rows.with_columns(
        period=by_year_end.otherwise("period"), measure=pl.col("span").replace_strict(names, default=None)
    )
    is_whole = (pl.col("span") != YEAR_SPAN) | pl.col("period").is_in(year_ends(told))
    yield spans.filter(pl.col("measure").is_not_null() & is_whole).drop("span").with_columns(item=pl.lit(""))
    whole = pl.lit(f"{told.periods[0]} to {told.periods[-1]}").alias("period")
    found = paybacks(base, others, periods=told.periods).rename(
        {"item": "scenario", "missing": "why", "period": "note"}
    )
    item = pl.lit("").alias("item")
    bands = pl.col(*BANDS)
    yield found.select("scenario", "why", "value", bands, "note", whole, item, measure=pl.lit(PAYBACK))
    yield found.select("scenario", whole, item, value="chance", measure=pl.lit(f"chance of {PAYBACK}"))


def year_ends(told: Told) -> list[str]:
    """The last month of each whole year of the model."""
    return told.periods[MONTHS_A_YEAR - 1 :: MONTHS_A_YEAR]


def by_year(numbers: Numbers) -> Numbers:
    """Years × columns: months × columns added up by twelve; months that make no whole year are left out."""
    years = len(numbers) // MONTHS_A_YEAR
    whole = numbers[: years * MONTHS_A_YEAR]
    return np.asarray(whole.reshape(years, MONTHS_A_YEAR, -1).sum(axis=1))
