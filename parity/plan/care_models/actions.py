"""How a model comes to be: it begins with services as they are."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from parity.methods.flow_parameters import Parameter
from parity.plan.flow_records import add_rows, fresh_codes, taken_codes
from parity.plan.flow_tables import FROM_COSTS
from parity.plan.scenarios.models import CareModel, CareNumber, CareSetting
from parity.register.people.models import Person
from parity.register.programmes.models import Programme
from parity.register.records.actions import Keeping
from parity.terms.errors import WrongState

Cells = Mapping[str, str]


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
    (made,) = add_rows(CareModel, [model], **told)
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
        codes = fresh_codes(taken_codes(programme, kind, keeping), before, count=len(rows))
        if rows:
            add_rows(kind, [{**row, "code": code} for row, code in zip(rows, codes, strict=True)], **told)
    return made


def _told_by(row: Mapping[str, Any]) -> list[Parameter]:
    """What a row of service costs tells of a service: people and the cost of each, or else its cost in all."""
    known = [parameter for parameter, column in FROM_COSTS.items() if row[column] is not None]
    return [one for one in known if one is not Parameter.SETTING_COST or known == [Parameter.SETTING_COST]]


def _cited(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: row[name] or "" for name in ("source", "place")}
