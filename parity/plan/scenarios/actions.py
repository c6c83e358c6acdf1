"""What becomes of a trial: its numbers are saved, or it becomes a scenario of its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from parity.plan.flow_records import add_rows, fresh_codes, next_letter, taken_codes
from parity.plan.scenarios.models import Scenario, ScenarioChange
from parity.register.people.models import Person
from parity.register.programmes.models import Programme
from parity.register.records.actions import Keeping, change_record
from parity.register.records.models import Record

Cells = Mapping[str, str]
STALE = "Somebody changed one of these records since you looked at the trial: look at it again, then save."


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
    code = next_letter(taken_codes(programme, Scenario, keeping))
    codes = fresh_codes(taken_codes(programme, ScenarioChange, keeping), code, count=len(changes))
    told: dict[str, Any] = {"programme": programme, "keeping": keeping, "by": by, "on": on}
    rows = [{**row, "code": each, "scenario": scenario["scenario"]} for row, each in zip(changes, codes, strict=True)]
    (made,) = add_rows(Scenario, [{**scenario, "code": code}], **told)
    if rows:
        add_rows(ScenarioChange, rows, **told)
    return made
