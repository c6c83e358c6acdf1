"""A model that is brought, as rows of its registers; and a scenario as the file that is written of it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

import polars as pl

from parity import __version__
from parity.assumptions import assumption
from parity.methods.flow import Rationing
from parity.methods.flow_case import case_of
from parity.methods.flow_parameters import Parameter, as_stated, written
from parity.methods.flow_reading import Brought, Verdict, parameters_of, reading_of
from parity.methods.flow_writing import xmile_of
from parity.plan.flow_asking import tables_on, told_on
from parity.plan.flow_courses import CHANCE
from parity.plan.flow_growth import GROWS_WITH
from parity.plan.flow_tables import FlowTables, faults_of, told_of
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.scenario_file import (
    PARTS,
    Row,
    ScenarioFile,
    cells_from,
    faults_in,
    read_scenario,
    rows_from,
)
from parity.sources.brought.system_dynamics import ENDINGS, read_model
from parity.sources.brought.table_schema import check_cells
from parity.sources.brought.uploads import shown
from parity.tables import Desk
from parity.terms.derived import DERIVED
from parity.terms.errors import Fault, InputRefused, NotFound, WrongState
from parity.terms.system_dynamics import SystemModel, key_of

Notes = Mapping[str, Mapping[str, str]]
"""By table and code of a row, what is noted of it."""
LONGEST_NAME = 120
JSON = ".json"
FOUND = "Read from the service costs."
NOT_YET = "It cannot be run yet, but may be brought and mended here:"
AWAITED = {"area": "told when it is taken in", "starts": "2000-01-01"}
"""What the file of another program does not tell of a model."""
HEADS = ("Number", "Of", "Value", "Source", "Place")
SETTING, NUMBER = "S", "N"
WHOLE = "The model runs here with the numbers of its own program, at the end of each of its {months} months."
NO_NUMBERS = "The model has no settings and numbers yet that could be written."
GROWING = "Arrivals that grow with need cannot be written as XMILE, where each month brings the same."
HELD = "The model runs here with parts held at their starting value, so its numbers are not those of its own program."
NO_NOTES: Notes = MappingProxyType({})


def brought_file(name: str, content: bytes) -> ScenarioFile:
    """What stands in the file: a scenario (.json), or a model of stocks and flows in XMILE or of Vensim.

    Raises InputRefused with every reason why it cannot be run here, WrongState where models cannot be read.
    """
    if PurePath(name).suffix.lower() == JSON:
        found = read_scenario(name, content)
        return replace(found, told=(*found.told, *(f"{NOT_YET} {sentence}" for sentence in _unfit(found))))
    return model_file(shown(name), read_model(name, content), sha256=hashlib.sha256(content).hexdigest())


def model_file(file: str, described: SystemModel, *, sha256: str) -> ScenarioFile:
    """The model of another program as rows, each with its variable. Raises InputRefused as `brought_file`."""
    reading = reading_of(described)
    if reading.brought is None:
        raise InputRefused([Fault(file, sentence) for sentence in reading.sentences])
    brought, title = reading.brought, described.title.strip()[:LONGEST_NAME] or PurePath(file).stem
    verdict = WHOLE.format(months=brought.months) if reading.verdict is Verdict.WHOLE else HELD
    told = (verdict, *reading.sentences)
    own = {"model": title, "source": file}
    rows = {
        "model": [{**own, **_terms(brought), "note": " ".join(told)}],
        "settings": [
            {"code": f"{SETTING}{number:02}", "setting": setting, "place": setting, **own}
            for number, setting in enumerate(brought.model.settings, 1)
        ],
        "parameters": [{**row, **own} for row in _numbers(described, brought)],
        "documents": [_document(file, title, sha256)],
    }
    faults = [fault for part in rows for fault in _faults(file, part, rows[part])]
    if faults:
        raise InputRefused(faults)
    return ScenarioFile(rows, told=told)


def _unfit(file: ScenarioFile) -> list[str]:
    """What keeps the model of a file, whose rows are sound, from being run; what it grows with is the programme's."""
    schemas = house_schemas()
    frames = {
        stem: check_cells(cells_from(file.of(part), stem), schemas[stem], file=part)[0]
        if file.of(part)
        else schemas[stem].empty()
        for part, stem in PARTS.items()
        if part != "documents"
    }
    growing = pl.lit(None, pl.String).alias(GROWS_WITH)
    frames["flow_parameters"] = frames["flow_parameters"].with_columns(growing)
    weeks = assumption("weeks_per_year").value
    return faults_of(told_of(FlowTables(**frames), file.of("model")[0]["model"], weeks=weeks))


def _terms(brought: Brought) -> dict[str, Any]:
    return {
        "months": brought.months,
        "steps": brought.model.steps,
        "rationing": Rationing.PROPORTIONAL.value,
        "whole_people": False,
    }


def _document(file: str, title: str, sha256: str) -> dict[str, str]:
    """The file as a document that numbers cite."""
    summary = f"A model of stocks and flows, brought as a file with SHA-256 {sha256}."
    return {"document": file, "title": f"{title} ({file})", "kind": "other", "summary": summary}


def _numbers(described: SystemModel, brought: Brought) -> Iterable[dict[str, Any]]:
    """The numbers of the model, each with its code and the variable that it is from."""
    for number, row in enumerate(parameters_of(brought).to_dicts(), 1):
        said = {name: value for name, value in row.items() if value is not None}
        yield {"code": f"{NUMBER}{number:02}", **said, "place": _variable(described, row)}


def _variable(described: SystemModel, row: Row) -> str:
    """The name of the variable that a number is from: the flow, or else the stock."""
    stock = described.stocks[key_of(row["setting"])]
    others = [each for each in described.stocks.values() if each is not stock]
    filling = {flow for each in others for flow in each.inflows}
    emptying = {flow for each in others for flow in each.outflows}
    match Parameter(row["parameter"]):
        case Parameter.ARRIVALS:
            found = [flow for flow in stock.inflows if flow not in emptying]
        case Parameter.LEAVING:
            found = [flow for flow in stock.outflows if flow not in filling]
        case Parameter.RATE:
            end = described.stocks[key_of(row["destination"])]
            found = [flow for flow in stock.outflows if flow in end.inflows]
        case _:
            found = []
    return ", ".join(described.flows[flow].name for flow in found if flow in described.flows) or stock.name


def _faults(file: str, part: str, rows: list[dict[str, Any]]) -> Iterable[Fault]:
    """What keeps the rows out of their register, told at the variable, or else the column."""
    checked = [{**row, **(AWAITED if part == "model" else {})} for row in rows]
    for fault in faults_in(file, part, checked):
        place = rows[(fault.row or 1) - 1].get("place") or fault.column
        yield Fault(", ".join(filter(None, (file, place))), fault.sentence)


def number_rows(file: ScenarioFile) -> list[tuple[str, ...]]:
    """Each number of the model in words, with its source and place."""
    titles = {row["document"]: row["title"] for row in file.of("documents")}
    return [
        (
            f"{row['parameter'][:1].upper()}{row['parameter'][1:]}",
            " to ".join(row[name] for name in ("setting", "destination") if name in row),
            _words(row),
            titles.get(row.get("source", ""), row.get("source", "Nobody said")),
            row.get("place", "Nobody said"),
        )
        for row in (*file.of("parameters"), *file.of("changes"))
    ]


def _words(row: Row) -> str:
    """The value of a number in its unit; a change’s with what is done with it."""
    if "value" not in row:
        return "all others" if row["parameter"] == Parameter.SHARE.value else "empty"
    return f"{row.get('operation', '')} {written(row, row['value'])}".strip()


def scenario_file(desk: Desk, code: str, *, notes: Notes = NO_NOTES) -> ScenarioFile:
    """The scenario of this code with its model, as the desk has them. Raises NotFound where there is none.

    What was left empty and is read from the service costs is told as it is used, with a note that says so; `notes` say
    more of rows, by table and code.
    """
    named = _frame(desk, "scenarios", code=code)
    if not named.height:
        raise NotFound("There is no such scenario.")
    (scenario,) = named.to_dicts()
    own = {"model": scenario["model"]}
    changes = {**own, "scenario": scenario["scenario"]}
    frames = {
        "model": _frame(desk, "flow_models", **own),
        "settings": _frame(desk, "flow_settings", **own),
        "parameters": _as_used(desk, _frame(desk, "flow_parameters", **own), own),
        "scenario": named,
        "changes": _as_used(desk, _frame(desk, "scenario_changes", **changes), changes),
    }
    if not frames["model"].height:
        raise NotFound("The model of this scenario is not there, or is not shared with you.")
    noted = {part: _with_notes(frame, notes.get(PARTS[part], {})) for part, frame in frames.items()}
    rows = {part: rows_from(frame, PARTS[part]) for part, frame in noted.items()}
    cited = {row["source"] for part in rows.values() for row in part if "source" in row}
    library = rows_from(_frame(desk, "documents"), "documents")
    rows["documents"] = [row for row in library if row["document"] in cited]
    return ScenarioFile(rows, about=_about(desk, rows["model"][0]))


def model_xmile(desk: Desk, model: str) -> str:
    """The model as it is, as stated, as the text of an XMILE file: people and how they move, without money or staff.

    Raises WrongState where it has no numbers or cannot be run, where what arrives grows with need, and as `xmile_of`.
    """
    tables = tables_on(desk)
    if tables is None:
        raise WrongState(NO_NUMBERS)
    told = told_on(tables, model)
    if faults := faults_of(told):
        raise WrongState(" ".join(faults))
    case = case_of(told, as_stated)
    if case.growth:
        raise WrongState(GROWING)
    return xmile_of(case.model, case.start, month=case.month, months=told.months, title=model)


def _frame(desk: Desk, stem: str, **equal: str) -> pl.DataFrame:
    """The rows of a table of which these columns are so; none where there is no such table."""
    found = desk.table(stem)
    return pl.DataFrame() if found is None else found[0].filter(**equal) if equal else found[0]


def _as_used(desk: Desk, frame: pl.DataFrame, own: Mapping[str, str]) -> pl.DataFrame:
    """The rows, with the values that were left empty and are read elsewhere."""
    used = _frame(desk, "flow_numbers", model=own["model"])
    if used.is_empty() or frame.is_empty():
        return frame
    is_change = pl.col("scenario").is_not_null()
    found = used.filter("is_found", is_change if "scenario" in own else ~is_change)
    values = dict(found.select("code", "value").iter_rows())
    filled = [{**row, "value": values.get(row["code"], row["value"])} for row in frame.to_dicts()]
    return _with_notes(pl.DataFrame(filled, schema=frame.schema), dict.fromkeys(values, FOUND))


def _with_notes(frame: pl.DataFrame, notes: Mapping[str, str]) -> pl.DataFrame:
    """The rows, with these notes after their own, by code."""
    if not notes:
        return frame
    told = [{**row, "note": " ".join(filter(None, (row["note"], notes.get(row["code"]))))} for row in frame.to_dicts()]
    return pl.DataFrame([{**row, "note": row["note"] or None} for row in told], schema=frame.schema)


def _about(desk: Desk, model: Row) -> dict[str, Any]:
    """Where the file was written, what it was computed with, and what its money means."""
    chosen = [assumption(name) for name in DERIVED["flow_paths"].assumptions]
    told = [
        {"key": one.key, "title": one.title, "value": one.value, "unit": one.unit, "reference": one.reference}
        for one in chosen
    ]
    engine = {"version": __version__, "draws": CHANCE.draws, "seed": CHANCE.seed, "assumptions": told}
    prices = {name: model[name] for name in ("basis", "price_year") if name in model}
    return {"programme": desk.scope, "engine": engine, "prices": prices}


def accepted() -> str:
    """The endings of the files that are read, as a form asks for them."""
    return ",".join((*ENDINGS, JSON))
