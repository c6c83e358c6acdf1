"""How a model comes to be: it begins with services as they are, or somebody brings it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from string import digits
from typing import Any

import polars as pl
from django.db import transaction

from parity.methods.flow_parameters import Parameter
from parity.plan.flow_records import add_rows, fresh_codes, next_letter, taken_codes
from parity.plan.flow_tables import FROM_COSTS
from parity.plan.scenarios.models import CareModel, CareNumber, CareSetting, Scenario, ScenarioChange
from parity.register.evidence.models import SourceDocument
from parity.register.exchange.actions import upload_of
from parity.register.exchange.models import Upload
from parity.register.people.models import Person
from parity.register.policy import viewer_of
from parity.register.programmes.models import Programme
from parity.register.records.actions import Keeping, add_records, values_of
from parity.sources.brought.scenario_file import ONE, PARTS, Row, ScenarioFile, cells_from, rows_from
from parity.terms.errors import WrongState
from parity.terms.release import ID_LENGTH

Cells = Mapping[str, str]
PART, TEXT, FILE, TOLD = "part", "text", "file", "told"
"""How an upload holds what was read: the rows as one file, and each sentence on them."""


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


def hold_file(upload: Upload, content: bytes, file: ScenarioFile) -> Upload:
    """The upload, holding what was read from a file of this content; it is not kept yet."""
    cells = [(FILE, file.text()), *((TOLD, sentence) for sentence in file.told)]
    return upload.hold(content, pl.DataFrame(cells, schema={PART: pl.String, TEXT: pl.String}, orient="row"))


def held_file(upload: Upload) -> ScenarioFile:
    """What was read from the upload's file."""
    cells = upload.frame()
    (text,) = cells.filter(pl.col(PART) == FILE)[TEXT]
    whole = json.loads(text)
    rows = {part: [whole[part]] if part in ONE else whole[part] for part in PARTS if part in whole}
    return ScenarioFile(rows, told=(*cells.filter(pl.col(PART) == TOLD)[TEXT],))


@transaction.atomic
def take_in_model(
    upload: Upload, cells: Cells, *, reason: str, by: Person, on: date
) -> tuple[CareModel, Scenario | None]:
    """The new model of the upload, with its settings and numbers, and its scenario with its changes where it has one.

    `cells` are those of the model that the person told. All or nothing; then the upload is kept no more. Rows keep
    their codes where the keeper has not taken them. Raises InputRefused with every fault, NotFound where it was taken
    in already, NotAllowed.
    """
    programme = Programme.objects.select_for_update().get(pk=upload.programme_id)
    upload = upload_of(by, programme, upload.stem, upload.pk)
    why = f"{reason.strip()} From {upload.name}, a file with SHA-256 {upload.sha256[:ID_LENGTH]}…."
    keeping = Keeping(upload.organisation, upload.sharing, upload.lot, reason=why)
    told: dict[str, Any] = {"programme": programme, "keeping": keeping, "by": by, "on": on}
    file = _named(held_file(upload), cells["model"])
    keys = _library(file.of("documents"), **told)
    (made,) = _taken_in(CareModel, [{**file.of("model")[0], **cells}], keys, **told)
    _taken_in(CareSetting, file.of("settings"), keys, **told)
    _taken_in(CareNumber, file.of("parameters"), keys, **told)
    scenarios = _taken_in(Scenario, file.of("scenario"), keys, **told)
    _taken_in(ScenarioChange, file.of("changes"), keys, **told)
    upload.delete()
    return made, next(iter(scenarios), None)


def _named(file: ScenarioFile, model: str) -> ScenarioFile:
    """The file, its model called so."""
    parts = {part: [{**row, "model": model} for row in file.of(part)] for part in PARTS if part != "documents"}
    return replace(file, rows={**parts, "documents": file.of("documents")})


def _taken_in(kind: type[Any], rows: Sequence[Row], keys: Mapping[str, str], **told: Any) -> list[Any]:
    """The new records, their documents under the keys they have here, their codes free ones."""
    if not rows:
        return []
    cited = [{**row, **({"source": keys.get(row["source"], row["source"])} if "source" in row else {})} for row in rows]
    if "code" in rows[0]:
        taken = taken_codes(told["programme"], kind, told["keeping"])
        cited = [{**row, "code": code} for row, code in zip(cited, _codes(cited, taken), strict=True)]
    return add_records(told.pop("programme"), kind, cells_from(cited, kind.STEM), **told)


def _codes(rows: Sequence[Row], taken: set[str]) -> list[str]:
    """The rows' own codes; of those that are taken the next that are free, after the same letters."""
    used = taken | {row["code"] for row in rows}
    found = []
    for row in rows:
        code = row["code"]
        if code in taken:
            letters = code.rstrip(digits)
            code = fresh_codes(used, letters, count=1)[0] if letters != code else next_letter(used)
            used.add(code)
        found.append(code)
    return found


def _library(rows: Sequence[Row], *, programme: Programme, keeping: Keeping, by: Person, on: date) -> dict[str, str]:
    """By the key of each document in the file, its key here; those that are not here are added.

    A document is the same if all that is said of it is; another of the same key gets a key of its own.
    """
    viewer = viewer_of(by, programme, on=on)
    seen = SourceDocument.seen_by(viewer).filter(programme=programme, withdrawn=False)
    stem = SourceDocument.STEM
    here = {row["document"]: row for row in rows_from(pl.DataFrame([values_of(one) for one in seen]), stem)}
    taken = taken_codes(programme, SourceDocument, keeping) | {*here}
    keys = {}
    for row in rows:
        own = row["document"]
        keys[own] = key = own if here.get(own) == row or own not in taken else fresh_codes(taken, f"{own} ", count=1)[0]
        if here.get(key) != row:
            taken.add(key)
            cells = cells_from([{**row, "document": key}], stem)
            add_records(programme, SourceDocument, cells, keeping=keeping, by=by, on=on)
    return keys
