"""What becomes of each flow model and scenario of a programme, month by month: a table that figures are read from."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from parity.documents.figure_tables import period_words
from parity.methods.chance import is_wide
from parity.methods.flow import ROUNDING
from parity.methods.flow_case import Account
from parity.methods.flow_outcome import BANDS
from parity.methods.flow_parameters import Parameter
from parity.plan.flow_courses import AT_START, LASTING, MOVED, PAYBACK, PRESENT_SAVING, course_of, year_ends
from parity.plan.flow_tables import AS_IT_IS, FlowTables, faults_of, tables_of, told_of
from parity.terms.assumption import Assumption
from parity.terms.derived import derived_table

NO_SERIES = "The model has no settings and numbers from which series could be computed."
BAND = "what 95% of the draws leave, each number of the model drawn from its own interval"
NARROW = "what 80% of the draws leave, each number of the model drawn from its own interval"
NO_CHANCE = "None of the numbers that decide it has an interval, so nothing can be said of the chance."
OF_MONTH = "each month"
"""The year of prices of money that inflation is in."""
UNITS = {
    **dict.fromkeys(("people", AT_START, MOVED, "waiting for a place", "waiting for staff"), "people"),
    **dict.fromkeys(("occupancy", f"chance of {PAYBACK}"), "share (0–1)"),
    **dict.fromkeys((PAYBACK, LASTING), "months"),
    "places": "places",
    Account.STAFF.value: "whole-time equivalents",
}
"""By measure its unit; all others are pounds."""
BACK = "Paid back in {}, as stated."
OUT_AT_END = " Later more has been spent again than was saved, and still has at the end."
OUT_AGAIN = " Later more has been spent again than was saved, until {}."
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
    "label": pl.String,
    "is_year_end": pl.Boolean,
}


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


@derived_table(words="What becomes of each flow model and its scenarios, month by month", version=9)
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
    `missing` says what is wrong. What is doubtful of a scenario stands in the `note` of its measure `DOUBT`. `label` is
    what figures call the scenario; `is_year_end` says of a month whether it is the last of twelve of the model's.
    """
    tables = tables_of(flow_models, flow_settings, flow_numbers, scenarios, need_ahead)
    label = scenario_label(flow_models)
    frames = []
    for facts in flow_models.to_dicts():
        named = {name: pl.lit(facts[name], pl.String) for name in ("model", "area", "basis")}
        named["price_year"] = prices_told(flow_numbers, facts, is_real=pl.col("measure") == PRESENT_SAVING)
        found = _paths(tables, facts["model"], weeks=weeks_per_year.value, is_whole=bool(facts["whole_people"]))
        frames.append(pl.concat(found, how="diagonal").with_columns(**named).with_columns(label=label))
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
    is_year_end = pl.col("period").is_in(year_ends(told))
    for scenario in (AS_IT_IS, *told.scenarios):
        yield course_of(told, scenario, is_whole=is_whole).with_columns(is_year_end=is_year_end)


def scenario_label(flow_models: pl.DataFrame) -> pl.Expr:
    """What figures call a scenario: with the name of its model where there are several models."""
    return pl.format("{}: {}", "model", "scenario") if flow_models.height > 1 else pl.col("scenario")


def inflates(numbers: pl.DataFrame, model: str) -> bool:
    """Whether the prices of a model change, so that its money of a month is in the prices of that month."""
    told = numbers.filter(model=model, parameter=Parameter.INFLATION.value)
    return any(value for row in told.select("value", "lower", "upper").rows() for value in row)


def prices_told(numbers: pl.DataFrame, facts: Mapping[str, Any], *, is_real: pl.Expr) -> pl.Expr:
    """The year of prices of rows of a model: as its row says, or each month's own but for rows that are real."""
    year = pl.lit(facts["price_year"], pl.String)
    return pl.when(is_real).then(year).otherwise(pl.lit(OF_MONTH)) if inflates(numbers, facts["model"]) else year


def band_told(level: str = "95") -> tuple[pl.Expr, pl.Expr]:
    """The columns `lower` and `upper`: the ends of the band of this level, empty where it is no more than rounding."""
    ends = (f"lower_{level}", f"upper_{level}")
    is_drawn = is_wide(*map(pl.col, ends), value=pl.col("value"))
    lower, upper = (pl.when(is_drawn).then(end) for end in ends)
    return lower.alias("lower"), upper.alias("upper")


def payback_told(flow_paths: pl.DataFrame) -> pl.LazyFrame:
    """By area and scenario, as figures call it, the note of a payback as stated: its month, and if the money goes out
    again later. It has no row where nothing is paid back."""
    months = flow_paths.lazy().select("area", "measure", "value", month="note", scenario="label")
    back, for_good = (months.filter(pl.col("measure") == name).drop("measure") for name in (PAYBACK, LASTING))
    both = back.filter(pl.col("month").is_not_null()).join(
        for_good, on=["area", "scenario"], how="left", suffix="_for_good", maintain_order="left"
    )
    first, last = (
        pl.col(name).map_elements(period_words, return_dtype=pl.String) for name in ("month", "month_for_good")
    )
    later = (
        pl.when(pl.col("value_for_good").is_null())
        .then(pl.lit(OUT_AT_END))
        .when(pl.col("value_for_good") > pl.col("value") + ROUNDING)
        .then(pl.format(OUT_AGAIN, last))
    )
    return both.select("area", "scenario", note=pl.concat_str(pl.format(BACK, first), later, ignore_nulls=True))


def series_of(paths: pl.DataFrame, model: str) -> pl.DataFrame:
    """Every monthly series of a model, of all its scenarios: what has a value with its unit, or why it has none."""
    rows = paths.filter(model=model).drop("label", "is_year_end").with_columns(pl.col(pl.Float64).fill_nan(None))
    unit = pl.col("measure").replace_strict(UNITS, default="pounds", return_dtype=pl.String)
    rows = rows.with_columns(unit=pl.when(pl.col("measure").is_not_null()).then(unit))
    return rows.filter(pl.col("value").is_not_null() | pl.col("missing").is_not_null())
