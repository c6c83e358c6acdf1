"""The tables of a flow model read: blanks filled from the service costs, and what is wrong with them said."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import polars as pl

from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow import ROUNDING, Rationing
from parity.methods.flow_case import Told
from parity.methods.flow_levers import Operation
from parity.methods.flow_parameters import MEANINGS, TOTALS, Of, Parameter, faults_of_values
from parity.methods.flow_scenario import IN_ALL, months_between
from parity.plan.flow_growth import GROWS_WITH, faults_of_growth, needs_of
from parity.plan.service_costs.indicators import AS_IS, TO_BE
from parity.terms.units import Unit

AS_IT_IS = "As it is"
"""What the model is called where nothing is changed."""
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
MOST_STEPS = 31
"""Steps in a month: a step of a day is the shortest."""
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
    need_ahead: pl.DataFrame | None = None


def tables_of(
    flow_models: pl.DataFrame,
    flow_settings: pl.DataFrame,
    flow_numbers: pl.DataFrame,
    scenarios: pl.DataFrame | None,
    need_ahead: pl.DataFrame | None = None,
) -> FlowTables:
    """The tables of flow models, of which `flow_numbers` holds the numbers and the changes, with none left empty."""
    is_change = pl.col("scenario").is_not_null()
    parameters, changed = flow_numbers.filter(~is_change), flow_numbers.filter(is_change)
    return FlowTables(flow_models, flow_settings, parameters, scenarios, changed, need_ahead=need_ahead)


def told_of(tables: FlowTables, model: str, *, weeks: float) -> Told:
    """What the tables tell of the model of this name, which is one of theirs; `weeks` are those of a year.

    A number that is left empty is read from the service costs of the model's area: as they are for the model, or as
    they are to be where only that scenario names the service; as they are to be for a change. People to move, or who
    join, are as many as the clients of a service become fewer, or more. What the service costs tell in two ways, or
    what two changes of a scenario would both take from them, stays empty.
    """
    (facts,) = tables.flow_models.filter(model=model).to_dicts()
    costs = _costs(tables.service_costs, area=facts["area"])
    parameters = _own(tables.flow_parameters, model, {**ROWS, **dict.fromkeys((GROWS_WITH, *CITED), pl.String)})
    grown = parameters[GROWS_WITH].drop_nulls().unique(maintain_order=True)
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
        needs=needs_of(grown.to_list(), facts["area"], tables.need_ahead),
        doubled=_doubled(scenario for scenario, _ in delays),
    )


def _doubled(names: Iterable[str]) -> list[str]:
    """The names that stand there more than once, each of them once."""
    return [name for name, count in Counter(names).items() if count > 1]


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
    keys = ["setting", "parameter"]
    known = found.filter(pl.col("found") >= 0).select(*keys, "found").unique()
    once = known.filter(~pl.struct(keys).is_duplicated())
    is_total, is_empty = pl.col("parameter").is_in([one.value for one in TOTALS]), pl.col("value").is_null()
    again = pl.struct(*({*keys, "scenario"} & {*rows.columns}), is_empty).is_duplicated()
    joined = rows.join(once, on=keys, how="left", maintain_order="left")
    filled = pl.when(~(is_total & again)).then("found")
    return joined.with_columns(
        pl.coalesce("value", filled).alias("value"), is_found=is_empty & filled.is_not_null()
    ).drop("found")


def faults_of(told: Told) -> list[str]:
    """A sentence for each thing in the tables that keeps the model from being run: empty where there is none."""
    rests = told.parameters.filter(pl.col("value").is_null() & (pl.col("parameter") == Parameter.SHARE.value))
    parameters = told.parameters.join(rests, on="code", how="anti", maintain_order="left")
    rows = pl.concat([parameters.with_columns(operation=pl.lit(None, pl.String)), told.changes], how="diagonal_relaxed")
    first = [
        *_faults_of_model(told),
        *_faults_of_places(told, pl.concat([rows, rests], how="diagonal_relaxed")),
        *faults_of_values(rows),
        *_faults_of_changes(told),
        *_faults_of_doubles(told, rests),
        *faults_of_growth(told),
    ]
    return first or [*_faults_of_stays(told), *_faults_of_shares(told), *_faults_of_paid_places(told)]


def _faults_of_model(told: Told) -> Iterator[str]:
    if told.months < 1 or told.steps < 1:
        yield "The model has no months or steps. Give it at least one of each."
    if told.settings.is_empty():
        yield "The model has no settings. Add those between which people move."
    for name in told.settings.filter(pl.col("setting").is_duplicated())["setting"].unique(maintain_order=True):
        yield f"Two settings are called {name}. Give each a name of its own."
    for name in told.doubled:
        yield f"Two scenarios are called {name}. Give each a name of its own."
    if AS_IT_IS in told.scenarios:
        yield f"A scenario is called “{AS_IT_IS}”, as services without any change are. Give it another name."


def _faults_of_places(told: Told, rows: pl.DataFrame) -> Iterator[str]:
    """Numbers of settings that the model has not, or of a flow without its two ends."""
    known = set(told.settings["setting"])
    for row in rows.iter_rows(named=True):
        of, what = MEANINGS[Parameter(row["parameter"])].of, _what(row)
        setting, destination = row["setting"], row["destination"]
        if of is Of.MODEL and (setting or destination):
            yield f"{what}: it is of the whole model. Leave setting and destination empty."
        if of is not Of.MODEL and setting not in known:
            yield f"{what}: {_unknown(setting)}."
        if of is Of.SETTING and destination:
            yield f"{what}: it is of one setting. Leave the destination empty."
        if of is Of.FLOW and destination not in known:
            yield f"{what}: {_unknown(destination)} to go to."
        if of is Of.FLOW and setting == destination:
            yield f"{what}: people cannot move from a setting to itself."


def _what(row: dict[str, Any]) -> str:
    return f"{row['code']} ({row['parameter']})"


def _unknown(name: str) -> str:
    return f"the model has no setting called “{name}”" if name else "name the setting"


def _faults_of_changes(told: Told) -> Iterator[str]:
    for row in told.changes.iter_rows(named=True):
        what, is_total = _what(row), Parameter(row["parameter"]) in TOTALS
        if is_total != (row["operation"] == IN_ALL):
            others = " or ".join(f"“{one.value}”" for one in Operation)
            yield f"{what}: it is told “{IN_ALL}”." if is_total else f"{what}: it is told as {others}, not “{IN_ALL}”."
        if row["ends"] is not None and months_between(row["starts"], row["ends"]) < 0:
            yield f"{what}: it ends before it starts."
        if is_total and row["ramp_months"]:
            yield f"{what}: it is spread evenly from its start to its end. Leave ramp_months empty."
        if is_total and months_between(told.starts, row["starts"]) < 0:
            first = told.starts.isoformat()[:7]
            yield f"{what}: it starts before the model, which would miss a part of it. Let it start in {first}."
        if told.delays and row["scenario"] not in told.delays:
            yield f"{what}: there is no scenario called “{row['scenario']}”."


def _faults_of_doubles(told: Told, rests: pl.DataFrame) -> Iterator[str]:
    """Numbers that two rows tell, and settings of which two flows take the rest."""
    keys = ["parameter", *WHERE]
    for row in told.parameters.filter(~pl.struct(keys).is_first_distinct()).to_dicts():
        yield f"{_what(row)}: another row tells this number. Remove one of them."
    for row in rests.filter(~pl.col("setting").is_first_distinct()).to_dicts():
        yield f"{_what(row)}: another flow already takes the rest. Enter the share of one of them."


def _faults_of_stays(told: Told) -> Iterator[str]:
    """Settings of which both a stay and a rate are told, or shares without a stay; stays shorter than a step."""
    has = {
        of: set(told.parameters.filter(parameter=of.value)["setting"])
        | set(told.changes.filter(parameter=of.value)["setting"])
        for of in (Parameter.STAY, Parameter.SHARE, Parameter.RATE, Parameter.LEAVING)
    }
    stays = dict(told.parameters.filter(parameter=Parameter.STAY.value).select("setting", "value").rows())
    for name in told.settings["setting"]:
        if name in stays and name in has[Parameter.RATE] | has[Parameter.LEAVING]:
            yield f"{name}: give either a length of stay with shares of where people go, or shares that move a month."
        if name not in stays and name in has[Parameter.SHARE] | has[Parameter.STAY]:
            yield f"{name}: shares of those whose stay ends, and changes of it, need its length of stay in weeks."
    for row in _rows_of(told, Parameter.STAY):
        least = row["value"] if row["lower"] is None else row["lower"]
        base = stays.get(row["setting"], 0)
        stay = {Operation.TIMES.value: base * least, Operation.PLUS.value: base + least}.get(row["operation"], least)
        yield from _faults_of_stay(told, _what(row), stay)


def _rows_of(told: Told, parameter: Parameter) -> list[dict[str, Any]]:
    """What is told of it and changed in it; the operation of what is told is null."""
    rows = pl.concat([told.parameters, told.changes], how="diagonal_relaxed")
    return rows.filter(parameter=parameter.value).to_dicts()


def _faults_of_stay(told: Told, what: str, stay: float) -> Iterator[str]:
    month = told.weeks / MONTHS_OF_A_YEAR
    if stay * told.steps >= month * (1 - ROUNDING):
        return
    shortest, steps = Unit.NUMBER.write(month / MOST_STEPS, places=2), ceil(month / max(stay, month / MOST_STEPS))
    if stay < month / MOST_STEPS * (1 - ROUNDING):
        yield f"{what}: a stay is at least {shortest} weeks, which is the shortest step."
    else:
        yield f"{what}: the stay, or the lower end of its interval, is shorter than a step. Take {steps} steps a month."


def _faults_of_shares(told: Told) -> Iterator[str]:
    """Settings that more people would leave than are there."""
    ways = {
        "shares of those whose stay ends": [Parameter.SHARE],
        "shares that move or leave services a month": [Parameter.RATE, Parameter.LEAVING],
    }
    for words, parameters in ways.items():
        own = told.parameters.filter(pl.col("parameter").is_in([one.value for one in parameters]))
        sums = own.group_by("setting", maintain_order=True).agg(pl.col("value").sum())
        for name in sums.filter(pl.col("value") > 1 + ROUNDING)["setting"]:
            yield f"{name}: its {words} add up to more than 1."


def _faults_of_paid_places(told: Told) -> Iterator[str]:
    """Places that cost something, in settings without a number of them."""
    counted = set(told.parameters.filter(parameter=Parameter.PLACES.value)["setting"])
    paid = [row for of in (Parameter.PLACE_COST, Parameter.STAFF_PER_PLACE) for row in _rows_of(told, of)]
    for row in paid:
        if row["setting"] not in counted:
            yield f"{_what(row)}: it needs the number of places. Enter “{Parameter.PLACES.value}” of {row['setting']}."


def doubts_of(told: Told) -> list[str]:
    """A sentence for each change that can be run, but is likely to be a slip: empty where there is none.

    One that would hold only after the model's last month, or of which a part would come then, and a team on a flow
    along which no change of its scenario means to move people. Call it only where nothing is wrong.
    """
    found = []
    planned = set(told.changes.filter(parameter=Parameter.MOVES.value).select("scenario", *WHERE).rows())
    for row in told.changes.iter_rows(named=True):
        parameter, what = Parameter(row["parameter"]), _what(row)
        left = told.months - told.delays.get(row["scenario"], 0)
        if parameter is Parameter.TEAM and (row["scenario"], row["setting"], row["destination"]) not in planned:
            found.append(
                f"{what}: no change of the scenario tells how many people to move there, so the team moves nobody."
            )
        if months_between(told.starts, row["starts"]) >= left:
            found.append(f"{what}: it begins after the last month of the model.")
        elif parameter in TOTALS and row["ends"] is not None and months_between(told.starts, row["ends"]) >= left:
            found.append(f"{what}: a part of it comes after the last month of the model.")
    return found
