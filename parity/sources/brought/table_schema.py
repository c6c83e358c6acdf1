"""A CSV file read and checked against its Table Schema: a typed frame, or every fault with its row and column."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from parity.sources.brought.csv_text import CONTROL_CHARACTER, read_text, row_number
from parity.terms.errors import Fault
from parity.terms.periods import is_period

FAULTS_SHOWN = 20
LONGEST_CELL = 32_767
"""The most characters that a cell of a workbook can hold."""
PRINTED = "_printed"
TYPES: dict[str, pl.DataType] = {
    "string": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "date": pl.Date(),
    "boolean": pl.Boolean(),
}
NUMERIC = ("number", "integer")
SMALLEST, LARGEST = 1e-12, 1e15
"""Between them every product and quotient that a figure needs can be computed; nothing to be counted lies beyond."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
_MEANT = {
    "number": "a number written with digits and a full stop only",
    "integer": "a whole number",
    "date": "a date written as 2026-01-31",
    "boolean": "true or false",
}


_LIMITS: dict[str, tuple[Callable[[pl.Series, float], pl.Series], str]] = {
    "minimum": (lambda values, limit: values < limit, "is below the least allowed value"),
    "maximum": (lambda values, limit: values > limit, "is above the greatest allowed value"),
    "exclusiveMinimum": (lambda values, limit: values <= limit, "must be above"),
    "exclusiveMaximum": (lambda values, limit: values >= limit, "must be below"),
}


@dataclass(frozen=True, slots=True)
class Schema:
    """A Table Schema: title, fields in order, primary key, and the columns that must hold known areas."""

    title: str
    fields: tuple[dict[str, Any], ...]
    key: tuple[str, ...]
    areas: tuple[str, ...]

    @property
    def numeric(self) -> tuple[str, ...]:
        """The names of the numeric fields; each may have a twin `<name>_printed` with the text as printed."""
        return tuple(entry["name"] for entry in self.fields if entry["type"] in NUMERIC)

    def empty(self) -> pl.DataFrame:
        """A frame of the fields in their types, without a row."""
        return pl.DataFrame(schema={entry["name"]: TYPES[entry["type"]] for entry in self.fields})


def schema_from(text: str) -> Schema:
    """The schema in a Table Schema document (JSON text). A field without a type holds text.

    Raises ValueError with a sentence where it is none, or asks for something that is not checked here.
    """
    try:
        return _schema_in(json.loads(text))
    except (AttributeError, KeyError, RecursionError, TypeError):
        raise ValueError("it is not built as a Table Schema is.") from None


def _schema_in(document: Any) -> Schema:
    if not isinstance(document, dict) or not isinstance(document.get("fields"), list):
        raise ValueError("it is no Table Schema: it needs a list of fields.")
    fields = tuple({"type": "string", **entry} for entry in document["fields"])
    for entry in fields:
        _check_field(entry)
    key = _names(document.get("primaryKey", ()))
    keys = [entry for entry in document.get("foreignKeys", ()) if entry["reference"]["resource"] == "areas"]
    areas = tuple(name for entry in keys for name in _names(entry["fields"]))
    strange = sorted({*key, *areas} - {entry["name"] for entry in fields})
    if strange:
        raise ValueError(f"its keys name fields it does not have: {', '.join(strange)}.")
    return Schema(str(document.get("title", "")), fields, key, areas)


def _names(value: str | Iterable[str]) -> tuple[str, ...]:
    """One name or several, as a Table Schema may write its keys."""
    return (value,) if isinstance(value, str) else tuple(value)


def _check_field(entry: dict[str, Any]) -> None:
    """Nothing. Raises ValueError where the field has no name, or a type or constraint that is not checked here."""
    if not isinstance(entry.get("name"), str) or not entry["name"]:
        raise ValueError("one of its fields has no name.")
    if entry["type"] not in TYPES:
        raise ValueError(f"the type “{entry['type']}” of {entry['name']} is none of {', '.join(TYPES)}.")
    constraints = entry.get("constraints", {})
    checked = {"required", "unique", *(_LIMITS if entry["type"] in NUMERIC else ())}
    checked |= {"enum", "pattern"} if entry["type"] == "string" else set()
    strange = sorted(set(constraints) - checked)
    if strange:
        raise ValueError(f"the constraint {', '.join(strange)} of {entry['name']} is not checked here.")
    if not all(isinstance(constraints[word], int | float) for word in _LIMITS if word in constraints):
        raise ValueError(f"a limit of {entry['name']} is no number.")
    if not all(isinstance(one, str) for one in constraints.get("enum", ())):
        raise ValueError(f"the values that {entry['name']} may have are texts in a list.")
    if "pattern" in constraints:
        _check_pattern(entry["name"], constraints["pattern"])


def _check_pattern(name: str, pattern: object) -> None:
    """Nothing. Raises ValueError where the pattern of a field is none that can be looked for."""
    try:
        pl.Series([""]).str.contains(whole(str(pattern)))
    except pl.exceptions.ComputeError:
        raise ValueError(f"the pattern of {name} cannot be read.") from None


def whole(pattern: str) -> str:
    """The pattern for a text that fits it from beginning to end, as a Table Schema means it."""
    return f"^(?:{pattern})$"


@dataclass
class _Check:
    """The faults found so far in one file, in the order of their rows."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def where(self, bad: pl.Series, cells: pl.Series, sentence: str) -> None:
        """Notes a fault for each row in which `bad` is true; `{cell}` in the sentence is what stands there."""
        if not bad.any():
            return
        positions = bad.arg_true().to_list()
        for position in positions[:FAULTS_SHOWN]:
            words = sentence.replace("{cell}", str(cells[position]))
            self.faults.append(Fault(self.file, words, row_number(position), cells.name))
        if len(positions) > FAULTS_SHOWN:
            more = len(positions) - FAULTS_SHOWN
            self.faults.append(Fault(self.file, f"and {more} more rows with the same fault.", column=cells.name))


def read_table(path: Path, schema: Schema, *, areas: frozenset[str] | None = None) -> tuple[pl.DataFrame, list[Fault]]:
    """The file's typed frame and no fault; or an empty frame and every fault found.

    Every numeric column gets a twin `<name>_printed`: the text as printed, by default the cell's own.
    `areas` are the codes an area may have; None does not check them.
    """
    text, unread = read_text(path)
    return (pl.DataFrame(), unread) if unread else check_cells(text, schema, file=path.name, areas=areas)


def check_cells(
    text: pl.DataFrame, schema: Schema, *, file: str, areas: frozenset[str] | None = None
) -> tuple[pl.DataFrame, list[Fault]]:
    """Cells of text as a typed frame and no fault; or an empty frame and every fault found, named after the file.

    The one check of what people bring: a file, a form or a request to the API.
    """
    check = _Check(file)
    _check_header(text, schema, check)
    if check.faults:
        return pl.DataFrame(), check.faults
    typed = _typed(text, schema, check)
    if not check.faults:
        _check_keys(typed, schema, areas, check)
    return (pl.DataFrame(), check.faults) if check.faults else (typed, [])


def _check_header(text: pl.DataFrame, schema: Schema, check: _Check) -> None:
    names = [entry["name"] for entry in schema.fields]
    optional = {entry["name"] for entry in schema.fields if not entry.get("constraints", {}).get("required")}
    twins = {name + PRINTED for name in schema.numeric}
    for name in names:
        if name not in text.columns and name not in optional:
            check.faults.append(
                Fault(check.file, f"The column “{name}” is missing: add it to the header.", column=name)
            )
    for name in text.columns:
        if name not in names and name not in twins:
            sentence = f"The column “{name}” is not one of this table's: remove it, or correct its name."
            check.faults.append(Fault(check.file, sentence, column=name))


def _typed(text: pl.DataFrame, schema: Schema, check: _Check) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {}
    for entry in schema.fields:
        name = entry["name"]
        given = text[name] if name in text.columns else pl.Series(name, [None] * text.height, dtype=pl.String)
        columns[name] = _column(given, entry, check)
        if entry["type"] in NUMERIC:
            twin = name + PRINTED
            printed = text[twin] if twin in text.columns else given
            columns[twin] = printed.zip_with(printed.is_not_null(), given).alias(twin)
    return pl.DataFrame(columns)


def _column(given: pl.Series, entry: dict[str, Any], check: _Check) -> pl.Series:
    """The column in its type; every cell that does not fit is noted with what belongs there."""
    kind, constraints = entry["type"], entry.get("constraints", {})
    if constraints.get("required"):
        check.where(given.is_null(), given, "The cell is empty: a value is required here.")
    check.where(
        given.str.contains(CONTROL_CHARACTER.pattern), given, "An unseen control character stands here: remove it."
    )
    check.where(given.str.len_chars() > LONGEST_CELL, given, f"The cell has more than {LONGEST_CELL} characters.")
    typed = _cast(given, kind)
    if kind in _MEANT:
        check.where(typed.is_null() & given.is_not_null(), given, f"“{{cell}}” is not {_MEANT[kind]}.")
    if kind in NUMERIC:
        check.where(out_of_range(typed), given, "“{cell}” is too large or too small a number: check it and its unit.")
    if kind == "date":
        bad = ~typed.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
        check.where(bad, given, f"“{{cell}}” is not a date from {FIRST_YEAR} to {LAST_YEAR}.")
    if entry.get("kind") == "period":
        strange = [text for text in given.unique() if text is not None and not is_period(text)]
        check.where(given.is_in(strange), given, "“{cell}” is not a period such as 2008, 2009/10 or 2010-03.")
    _check_constraints(typed, constraints, check)
    if "pattern" in constraints:
        fits = typed.str.contains(whole(constraints["pattern"]))
        check.where(~fits, typed, f"“{{cell}}” is not written as it should be{_such_as(entry)}.")
    return typed


def _such_as(entry: dict[str, Any]) -> str:
    return f", such as {entry['example']}" if "example" in entry else ""


def out_of_range(numbers: pl.Series) -> pl.Series:
    """True for each number too large or, but for 0, too small to be computed with; null where there is none."""
    size = numbers.cast(pl.Float64).abs()
    return (size > LARGEST) | ((size > 0) & (size < SMALLEST))


def _cast(given: pl.Series, kind: str) -> pl.Series:
    match kind:
        case "boolean":
            return (
                given.str.to_lowercase().replace_strict({"true": True, "false": False}, default=None).cast(pl.Boolean)
            )
        case "date":
            return given.str.to_date("%Y-%m-%d", strict=False)
        case "number":
            typed = given.cast(TYPES[kind], strict=False)
            return typed.set(~typed.is_finite(), None)
        case "integer":
            return given.cast(TYPES[kind], strict=False)
        case _:
            return given


def _check_constraints(typed: pl.Series, constraints: dict[str, Any], check: _Check) -> None:
    for word, (beyond, words) in _LIMITS.items():
        if word in constraints:
            check.where(beyond(typed, constraints[word]), typed, f"{{cell}} {words} {constraints[word]}.")
    if "enum" in constraints:
        allowed = constraints["enum"]
        bad = typed.is_not_null() & ~typed.is_in(allowed)
        check.where(bad, typed, f"“{{cell}}” is none of: {', '.join(map(str, allowed))}.")
    if constraints.get("unique"):
        check.where(typed.is_duplicated() & typed.is_not_null(), typed, "“{cell}” stands in more than one row.")


def _check_keys(typed: pl.DataFrame, schema: Schema, areas: frozenset[str] | None, check: _Check) -> None:
    if schema.key:
        repeated = ~typed.select(pl.struct(schema.key).is_first_distinct()).to_series()
        words = ", ".join(schema.key)
        check.where(repeated, typed[schema.key[0]], f"A row with the same {words} stands above: remove one of them.")
    if areas is None:
        return
    for name in schema.areas:
        unknown = typed[name].is_not_null() & ~typed[name].is_in(sorted(areas))
        check.where(unknown, typed[name], "The area “{cell}” is not in areas.csv: add it there.")
