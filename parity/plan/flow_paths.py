"""What becomes of each flow model and scenario of a programme, month by month: a table that figures are read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from parity.analyse.pieces import DRAWS, SEED
from parity.assumptions.discount_rates import discount_rates
from parity.methods.appraisal import by_year
from parity.methods.chance import Chance, is_wide
from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow_case import Account, Case, Told, case_of
from parity.methods.flow_compare import IN_ALL, PRESENT, paybacks, savings
from parity.methods.flow_compare import YEAR as YEAR_SPAN
from parity.methods.flow_outcome import BANDS, Outcome, banded, measured, outcomes_of
from parity.methods.flow_parameters import Drawing, by_chance
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from parity.plan.flow_tables import AS_IT_IS, FlowTables, doubts_of, faults_of, tables_of, told_of
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table

SAVING, PAYBACK = "saving", "payback"
AT_START, MOVED, DOUBT = "people at the start", "people who move", "doubt"
YEAR = "twelve months: "
"""What stands before the name of a measure that is added up over the twelve months to its period."""
NO_SERIES = "The model has no settings and numbers from which series could be computed."
BAND = "what 95% of the draws leave, each number of the model drawn from its own interval"
NARROW = "what 80% of the draws leave, each number of the model drawn from its own interval"
NO_CHANCE = "None of the numbers that decide it has an interval, so nothing can be said of the chance."
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
    several = [Levers(), *(levers_of(told, case, scenario=name, drawing=drawing) for name in told.scenarios)]
    outcomes = outcomes_of(case, several, chance=chance)
    found = dict(zip((AS_IT_IS, *told.scenarios), outcomes, strict=True))
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


@derived_table(words="What becomes of each flow model and its scenarios, month by month", version=6)
def flow_paths(
    flow_models: pl.DataFrame,
    flow_settings: pl.DataFrame,
    flow_numbers: pl.DataFrame,
    weeks_per_year: Assumption,
    scenarios: pl.DataFrame | None = None,
    need_ahead: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """A row for each model, scenario, measure, item (a setting, a flow, or none) and month, with its bands.

    `why` says of a row without a value why it has none. A model that cannot be run has one row a scenario, whose
    `missing` says what is wrong. What is doubtful of a scenario stands in the `note` of its measure `DOUBT`.
    """
    tables = tables_of(flow_models, flow_settings, flow_numbers, scenarios, need_ahead)
    frames = []
    for facts in flow_models.to_dicts():
        named = {name: pl.lit(facts[name], pl.String) for name in ("model", "area", "basis", "price_year")}
        found = _paths(tables, facts["model"], weeks=weeks_per_year.value, is_whole=bool(facts["whole_people"]))
        frames.append(pl.concat(found, how="diagonal").with_columns(**named))
    return pl.concat([pl.DataFrame(schema=PATHS), *frames], how="diagonal").select(*PATHS)


def _paths(tables: FlowTables, model: str, *, weeks: float, is_whole: bool) -> Iterator[pl.DataFrame]:
    """The rows of each scenario of one model."""
    told = told_of(tables, model, weeks=weeks)
    faults = faults_of(told)
    if faults:
        names = dict.fromkeys((AS_IT_IS, *told.scenarios))
        rows = {"scenario": list(names), "period": told.periods[-1], "missing": " ".join(faults)}
        yield pl.DataFrame(rows)
        return
    forecast = forecast_of(told, by_chance(CHANCE), is_whole=is_whole)
    for scenario, outcome in forecast.outcomes.items():
        yield from rows_of(outcome, told, scenario=scenario)
    base, *others = forecast.outcomes.items()
    if others:
        yield from _savings(base[1], dict(others), told)
        yield _doubts(told)


def whole_time(told: Told) -> str:
    """All months of the model, from the first to the last, as `2026-04 to 2029-03`."""
    return f"{told.periods[0]} to {told.periods[-1]}"


def _doubts(told: Told) -> pl.DataFrame:
    """A row for each change that is likely to be a slip, under its scenario."""
    found = [
        {"scenario": scenario, "measure": DOUBT, "item": "", "period": told.periods[-1], "note": sentence}
        for scenario in told.scenarios
        for sentence in doubts_of(replace(told, changes=told.changes.filter(scenario=scenario)))
    ]
    texts = ("scenario", "measure", "item", "period", "note")
    return pl.DataFrame(found, schema=dict.fromkeys(texts, pl.String))


def rows_of(outcome: Outcome, told: Told, *, scenario: str) -> Iterator[pl.DataFrame]:
    """The rows of each measure of a scenario's outcome: by month, money also by twelve months to the last, and people
    at the start and those who move, arrive and leave over all whole years.
    """
    yield from measured(outcome, periods=told.periods, scenario=scenario)
    yield from _moves(outcome, told, scenario=scenario)
    ends = year_ends(told)
    money = {account.value: outcome.accounts[account] for account in (Account.COST, Account.INCOME)}
    for name, numbers in (money | {"net cost": outcome.net}).items():
        by_end = by_year(numbers)[: len(ends), None]
        yield banded(by_end, items=("",), periods=ends, measure=YEAR + name, scenario=scenario)


def _moves(outcome: Outcome, told: Told, *, scenario: str) -> Iterator[pl.DataFrame]:
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
    whole = pl.lit(whole_time(told)).alias("period")
    found = paybacks(base, others, periods=told.periods).rename(
        {"item": "scenario", "missing": "why", "period": "note"}
    )
    item = pl.lit("").alias("item")
    bands = pl.col(*BANDS)
    yield found.select("scenario", "why", "value", bands, "note", whole, item, measure=pl.lit(PAYBACK))
    yield found.select("scenario", whole, item, value="chance", measure=pl.lit(f"chance of {PAYBACK}"))


def year_ends(told: Told) -> list[str]:
    """The last month of each whole year of the model."""
    return told.periods[MONTHS_OF_A_YEAR - 1 :: MONTHS_OF_A_YEAR]


def band_told(level: str = "95") -> tuple[pl.Expr, pl.Expr]:
    """The columns `lower` and `upper`: the ends of the band of this level, empty where it is no more than rounding."""
    ends = (f"lower_{level}", f"upper_{level}")
    is_drawn = is_wide(*map(pl.col, ends), value=pl.col("value"))
    lower, upper = (pl.when(is_drawn).then(end) for end in ends)
    return lower.alias("lower"), upper.alias("upper")


def series_of(paths: pl.DataFrame, model: str) -> pl.DataFrame:
    """Every monthly series of a model, of all its scenarios: what has a value, or a reason why it has none."""
    rows = paths.filter(model=model).with_columns(pl.col(pl.Float64).fill_nan(None))
    return rows.filter(pl.col("value").is_not_null() | pl.col("missing").is_not_null())
