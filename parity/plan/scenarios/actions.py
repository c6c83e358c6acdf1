"""What becomes of a trial: its numbers are saved, or it becomes a scenario of its own; and how a model is begun."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from parity.methods.flow_parameters import Parameter
from parity.plan.flow_tables import FROM_COSTS
from parity.plan.scenarios.models import CareModel, CareNumber, CareSetting, Scenario, ScenarioChange
from parity.plan.scenarios.rules import fresh_codes
from parity.register.people.models import Person
from parity.register.programmes.models import Programme
from parity.register.records.actions import Keeping, add_records, as_cells, change_record
from parity.register.records.models import Record
from parity.terms.errors import InputRefused, WrongState

Cells = Mapping[str, str]
STALE = "Somebody changed one of these records since you looked at the trial: look at it again, then save."
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@transaction.atomic
def save_trial(wanted: Sequence[tuple[Record, Cells, int]], *, by: Person, on: date, reason: str) -> list[Record]:
    """The records with the cells that were tried, all or none; each comes with the version that was looked at.

    Raises WrongState where one has changed since, NotAllowed, NotFound, InputRefused.
    """
    return [
        change_record(record, cells, by=by, on=on, reason=reason, seen=version) for record, cells, version in wanted
    ]


@transaction.atomic
def copy_scenario(
    programme: Programme, scenario: Cells, *, changes: Sequence[Cells], keeping: Keeping, by: Person, on: date
) -> Scenario:
    """The new scenario of these cells, with its changes; their codes are the next that nobody of its keeper has."""
    code = _next_letter(_taken(programme, Scenario, keeping))
    codes = fresh_codes(_taken(programme, ScenarioChange, keeping), code, count=len(changes))
    told: dict[str, Any] = {"programme": programme, "keeping": keeping, "by": by, "on": on}
    rows = [{**row, "code": each, "scenario": scenario["scenario"]} for row, each in zip(changes, codes, strict=True)]
    (made,) = _added(Scenario, [{**scenario, "code": code}], **told)
    if rows:
        _added(ScenarioChange, rows, **told)
    return made


@transaction.atomic
def begin_model(
    programme: Programme, model: Cells, *, services: Sequence[Mapping[str, Any]], keeping: Keeping, by: Person, on: date
) -> CareModel:
    """The new model with a setting for each service, and its people and cost left empty: service_costs tells them.

    `services` are rows of that table as services are. Raises WrongState where there is none.
    """
    if not services:
        raise WrongState("There are no services as they are to begin with: bring the table service_costs first.")
    told: dict[str, Any] = {"programme": programme, "keeping": keeping, "by": by, "on": on}
    (made,) = _added(CareModel, [model], **told)
    named = {"model": model["model"]}
    settings = [
        {**named, "setting": row["service"], "setting_group": row["service_group"] or "", **_cited(row)}
        for row in services
    ]
    numbers = [
        {**named, "setting": row["service"], "parameter": parameter.value, **_cited(row)}
        for row in services
        for parameter in _told_by(row)
    ]
    for kind, rows, before in ((CareSetting, settings, "S"), (CareNumber, numbers, "N")):
        codes = fresh_codes(_taken(programme, kind, keeping), before, count=len(rows))
        if rows:
            _added(kind, [{**row, "code": code} for row, code in zip(rows, codes, strict=True)], **told)
    return made


def _told_by(row: Mapping[str, Any]) -> list[Parameter]:
    """What a row of service costs tells of a service: people and the cost of each, or else its cost in all."""
    known = [parameter for parameter, column in FROM_COSTS.items() if row[column] is not None]
    return [one for one in known if one is not Parameter.SETTING_COST or known == [Parameter.SETTING_COST]]


def _cited(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: row[name] or "" for name in ("source", "place")}


def _added(kind: type[Any], rows: Sequence[Cells], *, programme: Programme, **told: Any) -> list[Any]:
    return add_records(programme, kind, as_cells(kind, rows), **told)


def _taken(programme: Programme, kind: type[Record], keeping: Keeping) -> set[str]:
    """The codes that the keeper has used, even of what is withdrawn."""
    kept = kind._default_manager.filter(programme=programme, organisation=keeping.organisation)
    return set(kept.values_list("known_as", flat=True))


def _next_letter(taken: set[str]) -> str:
    """The first capital that is not taken; a pair of capitals after the last."""
    pairs = (first + second for first in LETTERS for second in LETTERS)
    found = next((code for code in (*LETTERS, *pairs) if code not in taken), None)
    if found is None:
        raise InputRefused([])
    return found
