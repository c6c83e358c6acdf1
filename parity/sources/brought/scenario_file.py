"""A scenario as one JSON file, `parity-scenario/1`: its schema, how it is written, and how one that is brought is read.

The rows are those of the registers' tables, so the schema follows from the Table Schemas, and the checker of tables
checks a file that is brought.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from parity.sources.brought.csv_text import row_number
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import PRINTED, Schema, check_cells
from parity.sources.brought.upload_guard import refused
from parity.sources.brought.uploads import shown
from parity.terms.errors import Fault, InputRefused
from parity.terms.units import write_number

FORMAT = "parity-scenario/1"
LARGEST_FILE = 5_000_000
"""Bytes: a model of 1,000 numbers takes about 400,000."""
MOST_ROWS = 2_000
"""Rows of one list: the largest model here has 24 numbers."""
ONE = {"model": "flow_models", "scenario": "scenarios"}
MANY = {
    "settings": "flow_settings",
    "parameters": "flow_parameters",
    "changes": "scenario_changes",
    "documents": "documents",
}
PARTS = ONE | MANY
"""The parts of a file that are rows of a register's table, each with that table's name."""
NEEDED = ("format", "model", "settings", "parameters")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDENTITY = "urn:parity:scenario:1"
CHANGED = "The file was changed after it was written: its hash is not that of its numbers."
_NOT_JSON = "The file is no JSON: {}."
_KINDS: dict[str, tuple[dict[str, Any], type | tuple[type, ...], str]] = {
    "string": ({"type": "string"}, str, "a text"),
    "number": ({"type": "number"}, (int, float), "a number"),
    "integer": ({"type": "integer"}, int, "a whole number"),
    "date": ({"type": "string", "format": "date"}, str, "a date written as 2026-01-31"),
    "boolean": ({"type": "boolean"}, bool, "true or false"),
}
"""By the type of a column: how the schema says it, what JSON gives for it, and in words."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class ScenarioFile:
    """What a file holds: rows of each part as JSON has them, one at most of a model and of a scenario.

    `about` is what else it tells when it is written: programme, engine and prices. `told` are sentences on what a
    reader must know.
    """

    rows: Mapping[str, Sequence[Row]]
    about: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[str, ...] = ()

    def of(self, part: str) -> Sequence[Row]:
        """The rows of a part."""
        return self.rows.get(part, ())

    @property
    def hash(self) -> str:
        """The SHA-256 of all rows: the same rows have the same, whoever wrote them down."""
        return hashlib.sha256(_canonical({part: [*self.of(part)] for part in PARTS}).encode()).hexdigest()

    def text(self) -> str:
        """The file."""
        single = {part: self.of(part)[0] for part in ONE if self.of(part)}
        several = {part: [*self.of(part)] for part in MANY}
        whole = {"format": FORMAT, **self.about, "hash": self.hash, **single, **several}
        return json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _canonical(value: Any) -> str:
    """One text for what is the same: names in order, whole numbers without a point."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case float() if value.is_integer():
            return int(value)
    return value


def rows_from(frame: pl.DataFrame | None, stem: str) -> list[dict[str, Any]]:
    """The rows of a register's table as JSON has them: what is empty is left out, days are text."""
    names = _columns(house_schemas()[stem])
    found = [] if frame is None else frame.select(name for name in names if name in frame.columns).to_dicts()
    return [{name: _said(value) for name, value in row.items() if not _is_idle(name, row)} for row in found]


def _is_idle(name: str, row: Row) -> bool:
    """True where a column says nothing: it is empty, or what was printed is the number itself."""
    of = name.removesuffix(PRINTED)
    return row[name] in (None, "") or (of != name and row[name] == _text(row[of]))


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _columns(schema: Schema) -> list[str]:
    """The columns of a table, each number followed by what was printed for it."""
    twins = [[entry["name"], entry["name"] + PRINTED] for entry in schema.fields]
    return [name for pair in twins for name in pair if name in _known(schema)]


def _known(schema: Schema) -> dict[str, dict[str, Any]]:
    """Each column's declaration by its name; what was printed is text."""
    declared = {entry["name"]: entry for entry in schema.fields}
    words = "The number as its document prints it"
    return declared | {
        name + PRINTED: {"name": name + PRINTED, "type": "string", "description": words} for name in schema.numeric
    }


def json_schema() -> dict[str, Any]:
    """The published schema of a file (JSON Schema 2020-12), from the Table Schemas."""
    schemas = house_schemas()
    rows = {stem: _row_schema(schemas[stem]) for stem in PARTS.values()}
    return {
        "$schema": DIALECT,
        "$id": IDENTITY,
        "title": "A scenario of how people flow between settings of care, with its model",
        "description": "Every number with its source. What is empty is left out; the hash is that of all rows.",
        "type": "object",
        "required": [*NEEDED],
        "properties": {
            "format": {"const": FORMAT, "description": "Name and version of this format"},
            "programme": {"type": "string", "description": "The programme it was written in"},
            "engine": {"type": "object", "description": "Version, draws, seed and assumptions it was computed with"},
            "prices": {"type": "object", "description": "What the money counts, and the year of prices"},
            "hash": {"type": "string", "description": "SHA-256 of the rows, names in order, without spaces"},
            **{part: {"$ref": f"#/$defs/{stem}"} for part, stem in ONE.items()},
            **{
                part: {"type": "array", "maxItems": MOST_ROWS, "items": {"$ref": f"#/$defs/{stem}"}}
                for part, stem in MANY.items()
            },
        },
        "$defs": rows,
    }


def _row_schema(schema: Schema) -> dict[str, Any]:
    needed = [entry["name"] for entry in schema.fields if entry.get("constraints", {}).get("required")]
    return {
        "title": schema.title,
        "type": "object",
        "required": needed,
        "additionalProperties": False,
        "properties": {name: _column_schema(_known(schema)[name]) for name in _columns(schema)},
    }


def _column_schema(entry: Mapping[str, Any]) -> dict[str, Any]:
    limits = {name: limit for name, limit in entry.get("constraints", {}).items() if name not in ("required", "unique")}
    return {**_KINDS[entry["type"]][0], "description": entry["description"], **limits}


def read_scenario(name: str, content: bytes) -> ScenarioFile:
    """What stands in a file of this format. Raises InputRefused with every fault, each with its list, row and name."""
    file = shown(name)
    if len(content) > LARGEST_FILE:
        raise refused(file, "The file is larger than 5 MB.")
    whole = _parsed(file, content)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise refused(file, f"Of JSON only scenarios are read whose “format” is “{FORMAT}”.")
    faults = [Fault(file, f"“{part}” is missing.") for part in NEEDED if part not in whole]
    rows = {part: _listed(file, part, whole[part], faults) for part in PARTS if part in whole}
    if rows.get("changes") and "scenario" not in rows:
        faults.append(Fault(file, "“scenario” is missing, of which the changes are."))
    faults += [fault for part in rows for fault in faults_in(file, part, rows[part])] if not faults else []
    faults += _strangers(file, rows) if not faults else []
    if faults:
        raise InputRefused(faults)
    found = ScenarioFile(rows)
    return found if whole.get("hash") in (None, found.hash) else replace(found, told=(CHANGED,))


def _strangers(file: str, rows: Mapping[str, Sequence[Row]]) -> Iterator[Fault]:
    """Rows that are of another model or scenario than the file's."""
    own = {one: rows[one][0][one] for one in ONE if one in rows}
    each = [(part, number, row, one) for part in rows for number, row in enumerate(rows[part], 1) for one in own]
    for part, number, row, one in each:
        if row.get(one, own[one]) != own[one]:
            sentence = f"The row is of another {one} than the file’s, “{own[one]}”."
            yield Fault(f"{file}, {part}", sentence, number, one)


def _parsed(file: str, content: bytes) -> Any:
    """What the JSON text says; numbers that are none are refused."""

    def refuse(word: str) -> None:
        raise refused(file, _NOT_JSON.format(f"{word} is no number"))

    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=refuse)
        # half of a pair of characters can be told in JSON, and not be written down
        json.dumps(found, ensure_ascii=False).encode()
        return found
    except UnicodeError:
        raise refused(file, _NOT_JSON.format("its text is not UTF-8")) from None
    except json.JSONDecodeError as fault:
        raise refused(file, _NOT_JSON.format(f"look at line {fault.lineno}, character {fault.colno}")) from None
    except RecursionError:
        raise refused(file, _NOT_JSON.format("lists stand in lists too deeply")) from None
    except ValueError:
        raise refused(file, _NOT_JSON.format("a number has too many digits")) from None


def _listed(file: str, part: str, given: Any, faults: list[Fault]) -> list[dict[str, Any]]:
    """The rows of a part; what is wrong with their shape joins the faults."""
    rows = [given] if part in ONE else given
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append(Fault(file, f"“{part}” is {'no row' if part in ONE else 'no list of rows'} of names and values."))
        return []
    if len(rows) > MOST_ROWS:
        faults.append(Fault(file, f"“{part}” has more than {write_number(MOST_ROWS)} rows."))
        return []
    return rows


def faults_in(file: str, part: str, rows: Sequence[Row]) -> Iterator[Fault]:
    """What is wrong with the rows of a part: in the kinds of their values, else as the checker of tables says.

    Rows are counted from 1, as a list has no heading.
    """
    schema, place = house_schemas()[PARTS[part]], f"{file}, {part}"
    wrong = [
        Fault(place, sentence, number, name)
        for number, row in enumerate(rows, 1)
        for name, value in row.items()
        if (sentence := _unlike(_known(schema).get(name), name, value))
    ]
    if wrong or not rows:
        yield from wrong
        return
    _, found = check_cells(cells_from(rows, PARTS[part]), schema, file=place)
    for one in found:
        yield Fault(place, one.sentence, one.row and one.row - row_number(0) + 1, one.column)


def _unlike(entry: Mapping[str, Any] | None, name: str, value: Any) -> str:
    """Why the value is none of its column; empty where it is one."""
    if entry is None:
        return f"There is no “{shown(name)}” in such a row: remove it, or correct its name."
    _, kind, words = _KINDS[entry["type"]]
    fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    return "" if fits else f"{words[:1].upper()}{words[1:]} belongs here."


def cells_from(rows: Sequence[Row], stem: str) -> pl.DataFrame:
    """The rows as cells of text, in the columns of the register's table that any of them has."""
    names = [name for name in _columns(house_schemas()[stem]) if any(name in row for row in rows)]
    texts = [[_text(row.get(name)) for name in names] for row in rows]
    return pl.DataFrame(texts, schema=dict.fromkeys(names, pl.String), orient="row")


def _text(value: Any) -> str | None:
    """A value as it would stand in a sheet; nothing for an empty text."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
    return str(value).strip() or None
