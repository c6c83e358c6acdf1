"""The tables of a flow model read: blanks filled from the service costs, and what is wrong with them said."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import Any

import polars as pl

from parity.methods.dates import MONTHS_OF_A_YEAR
from parity.methods.flow import ROUNDING, Rationing
from parity.methods.flow_case import Told
from parity.methods.flow_levers import Operation
from parity.methods.flow_parameters import MEANINGS, TOTALS, Of, Parameter, faults_of_values
from parity.methods.flow_scenario import IN_ALL, months_between
from parity.plan.flow_bounds import faults_of_bounds
from parity.plan.flow_growth import GROWS_WITH, faults_of_growth, needs_of
from parity.plan.flow_names import faults_of_names
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
Rows = Sequence[Mapping[str, Any]]
Place = tuple[str, str]
"""A setting, and what is told of it."""
Stated = Mapping[tuple[str, str, str], float | None]
"""By parameter, setting and destination what is told; null takes what others leave."""
Found = Mapping[Place, Collection[float | None]]
"""By place all numbers that are found for it."""
Costs = Mapping[Place, Collection[tuple[float | None, float | None]]]
"""By place what the service costs tell of it: as it is, and as it is to be."""
STAYS_OR_RATES = (Parameter.STAY, Parameter.SHARE, Parameter.RATE, Parameter.LEAVING)
"""What tells how long people stay in a setting and where they go."""
MOST_STEPS = 31
"""Steps in a month: a step of a day is the shortest."""
IDLE = "no change of the scenario tells how many people to move there, so the team moves nobody."
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
        parameters=_filled(parameters, _as_is(costs)),
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
    cast = (pl.col(name).cast(kind) for name, kind in columns.items())
    return table.lazy().filter(model=model).select(*cast).with_columns(pl.col(*WHERE).fill_null("")).collect()


def _costs(service_costs: pl.DataFrame | None, area: str) -> Costs:
    """What the services of an area cost and how many people they have: every pair of what is told now and then."""
    told: dict[str, dict[Place, list[float | None]]] = {AS_IS: {}, TO_BE: {}}
    rows = [] if service_costs is None else service_costs.filter(area=area).to_dicts()
    for row in rows:
        for parameter, column in FROM_COSTS.items():
            told[row["scenario"]].setdefault((row["service"], parameter.value), []).append(row[column])
    now, then = told[AS_IS], told[TO_BE]
    return {place: {*product(now.get(place, [None]), then.get(place, [None]))} for place in now | then}


def _as_is(costs: Costs) -> Found:
    """What numbers are found to be: as they are, or as they are to be where only that is told."""
    return {place: {then if now is None else now for now, then in told} for place, told in costs.items()}


def _to_be(costs: Costs) -> Found:
    """What changes are found to be: a number as it is to be, or by how many the clients of a service change."""
    found: dict[Place, Collection[float | None]] = {}
    for (setting, parameter), told in costs.items():
        found[setting, parameter] = {then for _, then in told}
        if parameter == Parameter.PEOPLE.value:
            fewer = {(now or 0) - (then or 0) for now, then in told}
            found[setting, Parameter.MOVES.value] = fewer
            found[setting, Parameter.JOINING.value] = {0 - people for people in fewer}
    return found


def _filled(rows: pl.DataFrame, found: Found) -> pl.DataFrame:
    """The rows with the numbers that were left empty, where one alone is found for them that is not below 0."""
    known = {place: {value for value in told if value is not None and value >= 0} for place, told in found.items()}
    empty = [(number, row) for number, row in enumerate(rows.to_dicts()) if row["value"] is None]
    times = Counter(_taken(row) for _, row in empty)
    values, is_found = rows["value"].to_list(), [False] * rows.height
    for number, row in empty:
        once = known.get((row["setting"], row["parameter"]), ())
        is_again = Parameter(row["parameter"]) in TOTALS and times[_taken(row)] > 1
        if len(once) == 1 and not is_again:
            (values[number],), is_found[number] = once, True
    told = (pl.Series("value", values, dtype=pl.Float64), pl.Series("is_found", is_found, dtype=pl.Boolean))
    return rows.with_columns(*told)


def _taken(row: Mapping[str, Any]) -> tuple[str | None, ...]:
    """What a number that is left empty takes from the service costs, in its scenario."""
    return row.get("scenario"), row["setting"], row["parameter"]


def faults_of(told: Told) -> list[str]:
    """A sentence for each thing in the tables that keeps the model from being run: empty where there is none."""
    numbers = [{**row, "operation": None} for row in told.parameters.to_dicts()]
    changes = told.changes.to_dicts()
    rests = [row for row in numbers if _is_rest(row)]
    valued = [*(row for row in numbers if not _is_rest(row)), *changes]
    first = [
        *_faults_of_model(told),
        *_faults_of_places(told, [*valued, *rests]),
        *faults_of_values(valued),
        *_faults_of_changes(told, changes),
        *_faults_of_doubles(numbers, rests),
        *faults_of_growth(told),
    ]
    second = first or [
        *_faults_of_stays(told, numbers, changes),
        *_faults_of_shares(numbers),
        *_faults_of_paid_places(numbers, changes),
    ]
    return second or [*faults_of_bounds(told)]


def _is_rest(row: Mapping[str, Any]) -> bool:
    """Whether the row tells of a flow that takes the rest of those whose stay ends."""
    return row["value"] is None and row["parameter"] == Parameter.SHARE.value


def _faults_of_model(told: Told) -> Iterator[str]:
    if told.months < 1 or told.steps < 1:
        yield "The model has no months or steps. Give it at least one of each."
    if told.settings.is_empty():
        yield "The model has no settings. Add those between which people move."
    for name in _doubled(told.settings["setting"]):
        yield f"Two settings are called {name}. Give each a name of its own."
    for name in told.doubled:
        yield f"Two scenarios are called {name}. Give each a name of its own."
    if AS_IT_IS in told.scenarios:
        yield f"A scenario is called “{AS_IT_IS}”, as services without any change are. Give it another name."
    yield from faults_of_names(told)


def _faults_of_places(told: Told, rows: Rows) -> Iterator[str]:
    """Numbers of settings that the model has not, or of a flow without its two ends."""
    known = set(told.settings["setting"])
    for row in rows:
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


def _what(row: Mapping[str, Any]) -> str:
    return f"{row['code']} ({row['parameter']})"


def _unknown(name: str) -> str:
    return f"the model has no setting called “{name}”" if name else "name the setting"


def _faults_of_changes(told: Told, changes: Rows) -> Iterator[str]:
    for row in changes:
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


def _faults_of_doubles(numbers: Rows, rests: Rows) -> Iterator[str]:
    """Numbers that two rows tell, and settings of which two flows take the rest."""
    for row in _again(numbers, "parameter", *WHERE):
        yield f"{_what(row)}: another row tells this number. Remove one of them."
    for row in _again(rests, "setting"):
        yield f"{_what(row)}: another flow already takes the rest. Enter the share of one of them."


def _again(rows: Rows, *keys: str) -> Iterator[Mapping[str, Any]]:
    """The rows before which another has the same keys."""
    seen = set()
    for row in rows:
        place = tuple(row[key] for key in keys)
        if place in seen:
            yield row
        seen.add(place)


def _faults_of_stays(told: Told, numbers: Rows, changes: Rows) -> Iterator[str]:
    """Settings of which both a stay and a rate are told, or shares without a stay; stays shorter than a step."""
    has = {of: {row["setting"] for row in _of((*numbers, *changes), of)} for of in STAYS_OR_RATES}
    stays = {row["setting"]: row["value"] for row in _of(numbers, Parameter.STAY)}
    for name in told.settings["setting"]:
        if name in stays and name in has[Parameter.RATE] | has[Parameter.LEAVING]:
            yield f"{name}: give either a length of stay with shares of where people go, or shares that move a month."
        if name not in stays and name in has[Parameter.SHARE] | has[Parameter.STAY]:
            yield f"{name}: shares of those whose stay ends, and changes of it, need its length of stay in weeks."
    for row in _of((*numbers, *changes), Parameter.STAY):
        least = row["value"] if row["lower"] is None else row["lower"]
        base = stays.get(row["setting"], 0)
        stay = {Operation.TIMES.value: base * least, Operation.PLUS.value: base + least}.get(row["operation"], least)
        yield from _faults_of_stay(told, _what(row), stay)


def _of(rows: Rows, parameter: Parameter) -> list[Mapping[str, Any]]:
    """The rows of one parameter."""
    return [row for row in rows if row["parameter"] == parameter.value]


def _faults_of_stay(told: Told, what: str, stay: float) -> Iterator[str]:
    month = told.weeks / MONTHS_OF_A_YEAR
    if stay * told.steps >= month * (1 - ROUNDING):
        return
    shortest, steps = Unit.NUMBER.write(month / MOST_STEPS, places=2), ceil(month / max(stay, month / MOST_STEPS))
    if stay < month / MOST_STEPS * (1 - ROUNDING):
        yield f"{what}: a stay is at least {shortest} weeks, which is the shortest step."
    else:
        yield f"{what}: the stay, or the lower end of its interval, is shorter than a step. Take {steps} steps a month."


def _faults_of_shares(numbers: Rows) -> Iterator[str]:
    """Settings that more people would leave than are there."""
    ways = {
        "shares of those whose stay ends": {Parameter.SHARE},
        "shares that move or leave services a month": {Parameter.RATE, Parameter.LEAVING},
    }
    for words, parameters in ways.items():
        sums: dict[str, float] = {}
        for row in (row for row in numbers if Parameter(row["parameter"]) in parameters):
            sums[row["setting"]] = sums.get(row["setting"], 0) + (row["value"] or 0)
        for name, whole in sums.items():
            if whole > 1 + ROUNDING:
                yield f"{name}: its {words} add up to more than 1."


def _faults_of_paid_places(numbers: Rows, changes: Rows) -> Iterator[str]:
    """Places that cost something, in settings without a number of them."""
    counted = {row["setting"] for row in _of(numbers, Parameter.PLACES)}
    paid = [row for of in (Parameter.PLACE_COST, Parameter.STAFF_PER_PLACE) for row in _of((*numbers, *changes), of)]
    for row in paid:
        if row["setting"] not in counted:
            yield f"{_what(row)}: it needs the number of places. Enter “{Parameter.PLACES.value}” of {row['setting']}."


def doubts_of(told: Told) -> list[str]:
    """A sentence for each change that can be run, but is likely to be a slip: empty where there is none.

    One that would hold only outside the model's months, or of which a part would come after them; one that is never
    whole; one that changes nothing, of a number without limit or of 0; and a team on a flow along which no change of
    its scenario means to move people. Call it only where nothing is wrong.
    """
    stated = {_place(row): row["value"] for row in told.parameters.iter_rows(named=True)}
    planned = set(told.changes.filter(parameter=Parameter.MOVES.value).select("scenario", *WHERE).rows())
    others = Counter((row["scenario"], _place(row)) for row in told.changes.iter_rows(named=True))
    found = []
    for row in told.changes.iter_rows(named=True):
        is_idle = row["parameter"] == Parameter.TEAM.value and (row["scenario"], *_place(row)[1:]) not in planned
        doubts = (
            IDLE if is_idle else "",
            _doubt_of_dates(told, row),
            _doubt_of_number(row, stated) if others[row["scenario"], _place(row)] == 1 else "",
        )
        found += [f"{_what(row)}: {doubt}" for doubt in doubts if doubt]
    return found


def _place(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["parameter"], row["setting"], row["destination"]


def _doubt_of_dates(told: Told, row: Mapping[str, Any]) -> str:
    """What is doubtful of when a change holds; empty where nothing is."""
    delay = told.delays.get(row["scenario"], 0)
    first, end = months_between(told.starts, row["starts"]) + delay, told.months - 1
    last = end if row["ends"] is None else months_between(told.starts, row["ends"]) + delay
    holds, ramp = min(last, end) - first + 1, row["ramp_months"] or 0
    if first > end:
        return "it begins after the last month of the model."
    if last < 0:
        return "it ends before the first month of the model."
    if Parameter(row["parameter"]) in TOTALS and last > end:
        return "a part of it comes after the last month of the model."
    if ramp > holds:
        return f"it grows over {ramp} months and holds for {holds}, so it is never whole."
    return ""


def _doubt_of_number(row: Mapping[str, Any], stated: Stated) -> str:
    """Why a change that is the only one of its number changes nothing; empty where it may."""
    is_told, is_places = _place(row) in stated, row["parameter"] == Parameter.PLACES.value
    if is_places and not is_told and row["operation"] != Operation.SET.value:
        return "the setting has no limit of places, so nothing changes. Enter its places, or set them."
    if row["operation"] == Operation.TIMES.value and stated.get(_place(row), 0) == 0:
        return "it multiplies a number that is 0, so nothing changes."
    return ""
