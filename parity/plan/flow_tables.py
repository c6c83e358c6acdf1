"""The tables of a flow model read: blanks filled from the service costs, and what is wrong with them said."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from parity.methods.flow import Rationing
from parity.methods.flow_case import Told
from parity.methods.flow_levers import Operation
from parity.methods.flow_parameters import MEANINGS, TOTALS, Of, Parameter, faults_of_values
from parity.methods.flow_scenario import IN_ALL
from parity.plan.service_costs.indicators import AS_IS, TO_BE

WHERE = ("setting", "destination")
NUMBERS = ("value", "lower", "upper")
CITED = ("source", "place")
CHANGES = {
    "scenario": pl.String,
    "lever": pl.String,
    "operation": pl.String,
    "starts": pl.Date,
    "ramp_months": pl.Int64,
    "ends": pl.Date,
}
ROWS = dict.fromkeys(("code", "parameter", *WHERE), pl.String) | dict.fromkeys(NUMBERS, pl.Float64)
FROM_COSTS = {Parameter.PEOPLE: "clients", Parameter.COST: "unit_cost_gbp_per_week", Parameter.SETTING_COST: "cost_gbp"}
"""What the table of service costs tells of a service, where a number of a model is left empty."""


@dataclass(frozen=True, eq=False)
class FlowTables:
    """The tables of a programme that tell of flow models, each under its own name; some may be None."""

    flow_models: pl.DataFrame
    flow_settings: pl.DataFrame
    flow_parameters: pl.DataFrame
    scenarios: pl.DataFrame | None = None
    scenario_changes: pl.DataFrame | None = None
    service_costs: pl.DataFrame | None = None


def told_of(tables: FlowTables, model: str, *, weeks: float) -> Told:
    """What the tables tell of the model of this name, which is one of theirs; `weeks` are those of a year.

    A number that is left empty is read from the service costs of the model's area: as they are for the model, or as
    they are to be where only that scenario names the service; as they are to be for a change. People to move, or who
    join, are as many as the clients of a service become fewer, or more.
    """
    (facts,) = tables.flow_models.filter(model=model).to_dicts()
    costs = _costs(tables.service_costs, area=facts["area"])
    parameters = _own(tables.flow_parameters, model, {**ROWS, **dict.fromkeys(CITED, pl.String)})
    changes = _own(tables.scenario_changes, model, {**ROWS, **CHANGES, **dict.fromkeys(CITED, pl.String)})
    named = tables.scenarios
    delays = [] if named is None else named.filter(model=model).select("scenario", "delay_months").rows()
    return Told(
        name=model,
        starts=facts["starts"].replace(day=1),
        months=facts["months"],
        steps=facts["steps"] or 1,
        rationing=Rationing(facts["rationing"]),
        weeks=weeks,
        settings=tables.flow_settings.filter(model=model),
        parameters=_filled(parameters, costs.with_columns(pl.coalesce(AS_IS, TO_BE).alias("found"))),
        changes=_filled(changes, _to_be(costs)),
        delays={scenario: delay or 0 for scenario, delay in delays},
    )


def _own(table: pl.DataFrame | None, model: str, columns: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """The rows of the model, in these columns; texts that are left out are empty."""
    if table is None:
        return pl.DataFrame(schema=columns)
    texts = pl.col(*WHERE).fill_null("")
    return (
        table.filter(model=model)
        .select(*(pl.col(name).cast(kind) for name, kind in columns.items()))
        .with_columns(texts)
    )


def _costs(service_costs: pl.DataFrame | None, area: str) -> pl.DataFrame:
    """A row for each service and what is told of it: setting, parameter, as_is, to_be, and where each is told."""
    columns = {"setting": pl.String, "parameter": pl.String, AS_IS: pl.Float64, TO_BE: pl.Float64}
    if service_costs is None:
        return pl.DataFrame(schema=columns)
    rows = service_costs.filter(area=area)
    named = {parameter.value: pl.col(column).cast(pl.Float64) for parameter, column in FROM_COSTS.items()}
    long = rows.select(pl.col("service").alias("setting"), "scenario", **named).unpivot(
        index=["setting", "scenario"], variable_name="parameter"
    )
    told = {
        state: long.filter(scenario=state).select("setting", "parameter", value="value") for state in (AS_IS, TO_BE)
    }
    both = told[AS_IS].join(told[TO_BE], on=["setting", "parameter"], how="full", coalesce=True, suffix="_then")
    return both.select("setting", "parameter", pl.col("value").alias(AS_IS), pl.col("value_then").alias(TO_BE))


def _to_be(costs: pl.DataFrame) -> pl.DataFrame:
    """What changes are found to be: a number as it is to be, or by how many the clients of a service change."""
    people = costs.filter(parameter=Parameter.PEOPLE.value)
    now, then = pl.col(AS_IS).fill_null(0), pl.col(TO_BE).fill_null(0)
    fewer = people.with_columns(parameter=pl.lit(Parameter.MOVES.value), found=now - then)
    more = people.with_columns(parameter=pl.lit(Parameter.JOINING.value), found=then - now)
    return pl.concat([costs.with_columns(found=TO_BE), fewer, more])


def _filled(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The rows with the numbers that were left empty, where they are found and are not below 0."""
    known = found.filter(pl.col("found") >= 0).select("setting", "parameter", "found").unique(["setting", "parameter"])
    joined = rows.join(known, on=["setting", "parameter"], how="left", maintain_order="left")
    return joined.with_columns(
        pl.coalesce("value", "found").alias("value"), is_found=pl.col("value").is_null() & pl.col("found").is_not_null()
    ).drop("found")


def faults_of(told: Told) -> list[str]:
    """A sentence for each thing in the tables that keeps the model from being run: empty where there is none."""
    rests = told.parameters.filter(pl.col("value").is_null() & (pl.col("parameter") == Parameter.SHARE.value))
    parameters = told.parameters.join(rests, on="code", how="anti", maintain_order="left")
    rows = pl.concat([parameters.with_columns(operation=pl.lit(None, pl.String)), told.changes], how="diagonal_relaxed")
    return [
        *_faults_of_model(told),
        *_faults_of_places(told, rows),
        *_faults_of_places(told, rests),
        *faults_of_values(rows),
        *_faults_of_changes(told),
        *_faults_of_stays(told),
    ]


def _faults_of_model(told: Told) -> Iterator[str]:
    if told.settings.is_empty():
        yield "The model has no settings. Add those between which people move."
    for name in told.settings.filter(pl.col("setting").is_duplicated())["setting"].unique(maintain_order=True):
        yield f"Two settings are called {name}. Give each a name of its own."


def _faults_of_places(told: Told, rows: pl.DataFrame) -> Iterator[str]:
    """Numbers of settings that the model has not, or of a flow without its two ends."""
    known = set(told.settings["setting"])
    for row in rows.iter_rows(named=True):
        of, what = MEANINGS[Parameter(row["parameter"])].of, f"{row['code']} ({row['parameter']})"
        setting, destination = row["setting"], row["destination"]
        if of is Of.MODEL and (setting or destination):
            yield f"{what}: it is of the whole model. Leave setting and destination empty."
        if of is not Of.MODEL and setting not in known:
            yield f"{what}: the model has no setting called “{setting}”."
        if of is Of.SETTING and destination:
            yield f"{what}: it is of one setting. Leave the destination empty."
        if of is Of.FLOW and destination not in known:
            yield f"{what}: the model has no setting called “{destination}” to go to."
        if of is Of.FLOW and setting == destination:
            yield f"{what}: people cannot move from a setting to itself."


def _faults_of_changes(told: Told) -> Iterator[str]:
    for row in told.changes.iter_rows(named=True):
        what, is_total = f"{row['code']} ({row['parameter']})", Parameter(row["parameter"]) in TOTALS
        if is_total != (row["operation"] == IN_ALL):
            others = " or ".join(f"“{one.value}”" for one in Operation)
            yield f"{what}: it is told “{IN_ALL}”." if is_total else f"{what}: it is told as {others}, not “{IN_ALL}”."
        if row["ends"] is not None and row["ends"] < row["starts"]:
            yield f"{what}: it ends before it starts."


def _faults_of_stays(told: Told) -> Iterator[str]:
    """Settings of which both a stay and a rate are told, and doubled numbers."""
    of = {parameter: set(told.parameters.filter(parameter=parameter.value)["setting"]) for parameter in Parameter}
    for name in told.settings["setting"]:
        if name in of[Parameter.STAY] and name in of[Parameter.RATE] | of[Parameter.LEAVING]:
            yield f"{name}: give either a length of stay with shares of where people go, or shares that move a month."
        if name in of[Parameter.SHARE] and name not in of[Parameter.STAY]:
            yield f"{name}: shares of those whose stay ends need its length of stay in weeks."
    keys = ["parameter", *WHERE]
    for row in told.parameters.filter(pl.struct(keys).is_duplicated()).unique(keys, maintain_order=True).to_dicts():
        yield f"{row['code']} ({row['parameter']}): two rows tell this number. Remove one of them."
