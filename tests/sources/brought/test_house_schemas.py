"""The house's schemas are Table Schemas, and its reader refuses what another reader of Table Schemas refuses."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frictionless
import pytest

from parity.register.records.tables import RECORDS
from parity.sources.brought import programme
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import read_table
from parity.terms.areas import ENGLAND

FOLDER = Path(programme.__file__).parent / "schemas"
STEMS = sorted(path.stem for path in FOLDER.glob("*.json"))
RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
SEEN_ALIKE = {"type-error", "constraint-error"}

Row = dict[str, str]


def document(stem: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{stem}.json").read_text(encoding="utf-8"))


def good_cell(field: dict[str, Any], number: int) -> str:
    """A cell that fits its field, another one in every row where the field leaves that open."""
    constraints = field.get("constraints", {})
    if "enum" in constraints:
        return str(constraints["enum"][0])
    if field.get("kind") == "period":
        return str(1900 + number)
    if "pattern" in constraints:
        return str(field["example"])
    least = constraints.get("minimum", constraints.get("exclusiveMinimum", 0) + 1)
    return {
        "string": f"{field['name']} {number}",
        "number": str(least),
        "integer": str(least),
        "date": "2016-01-31",
        "boolean": "true",
    }[field["type"]]


def good_row(fields: list[dict[str, Any]], number: int) -> Row:
    return {field["name"]: good_cell(field, number) for field in fields}


def bad_cells(field: dict[str, Any]) -> Iterator[str]:
    """A cell for each way in which the field can be wrong."""
    constraints = field.get("constraints", {})
    if field["type"] != "string":
        yield "many"
    if constraints.get("required"):
        yield ""
    if "enum" in constraints or "pattern" in constraints:
        yield "something else"
    for word, step in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if word in constraints:
            yield str(constraints[word] + step)


def write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def ours(path: Path, stem: str) -> set[tuple[int | None, str | None]]:
    _, faults = read_table(path, house_schemas()[stem])
    return {(fault.row, fault.column) for fault in faults}


def theirs(path: Path, stem: str) -> list[Any]:
    """What frictionless finds; keys to other tables are left to our own tests."""
    descriptor = {name: value for name, value in document(stem).items() if name != "foreignKeys"}
    told = {"$schema": RESOURCE, "name": "sample", "type": "table", "path": path.name, "schema": descriptor}
    resource = frictionless.Resource.from_descriptor(told, basepath=str(path.parent))
    report = resource.validate()
    return [error for task in report.tasks for error in task.errors]


def test_there_are_schemas() -> None:
    assert list(house_schemas()) == STEMS
    assert len(STEMS) > 30


@pytest.mark.parametrize("stem", STEMS)
def test_it_is_a_table_schema(stem: str) -> None:
    assert list(frictionless.Schema.metadata_validate(document(stem))) == []


@pytest.mark.parametrize("stem", STEMS)
def test_every_column_is_described_and_every_row_cited(stem: str) -> None:
    fields = {field["name"]: field for field in document(stem)["fields"]}
    assert [name for name, field in fields.items() if not field.get("description")] == []
    required = [fields.get(name, {}).get("constraints", {}).get("required", False) for name in ("source", "place")]
    assert required == [stem not in RECORDS] * 2


@pytest.mark.parametrize("stem", STEMS)
def test_every_part_of_a_key_is_required(stem: str) -> None:
    fields = {field["name"]: field for field in document(stem)["fields"]}
    key = document(stem)["primaryKey"]
    assert [name for name in key if not fields[name].get("constraints", {}).get("required")] == []
    assert key != []


@pytest.mark.parametrize("stem", STEMS)
def test_both_accept_what_is_good(stem: str, tmp_path: Path) -> None:
    fields = document(stem)["fields"]
    path = write(tmp_path / f"{stem}.csv", [good_row(fields, number) for number in range(3)])
    assert (ours(path, stem), theirs(path, stem)) == (set(), [])


@pytest.mark.parametrize("stem", STEMS)
def test_both_refuse_the_same_cells(stem: str, tmp_path: Path) -> None:
    """One fault a row: wrong type, empty where required, not in the list, too small, too great."""
    fields = document(stem)["fields"]
    bad = [(field["name"], cell) for field in fields for cell in bad_cells(field)]
    rows = [{**good_row(fields, number), name: cell} for number, (name, cell) in enumerate(bad)]
    path = write(tmp_path / f"{stem}.csv", rows)
    expected = {(number + 2, name) for number, (name, _) in enumerate(bad)}
    found = {(error.row_number, error.field_name) for error in theirs(path, stem) if error.type in SEEN_ALIKE}
    assert (ours(path, stem), found) == (expected, expected)


@pytest.mark.parametrize("stem", STEMS)
def test_both_refuse_a_key_used_twice(stem: str, tmp_path: Path) -> None:
    fields = document(stem)["fields"]
    alone = {field["name"] for field in fields if field.get("constraints", {}).get("unique")}
    third = {name: cell + " again" if name in alone else cell for name, cell in good_row(fields, 0).items()}
    path = write(tmp_path / f"{stem}.csv", [good_row(fields, 0), good_row(fields, 1), third])
    repeated = [error.row_number for error in theirs(path, stem) if error.type == "primary-key"]
    assert (ours(path, stem), repeated) == ({(4, document(stem)["primaryKey"][0])}, [4])


@pytest.mark.parametrize("stem", [stem for stem in STEMS if house_schemas()[stem].areas])
def test_areas_must_be_known(stem: str, tmp_path: Path) -> None:
    schema = house_schemas()[stem]
    row = {**good_row(document(stem)["fields"], 0), **dict.fromkeys(schema.areas, ENGLAND)}
    path = write(tmp_path / f"{stem}.csv", [row])
    assert read_table(path, schema, areas=frozenset({ENGLAND}))[1] == []
    faults = read_table(path, schema, areas=frozenset({"E06000016"}))[1]
    assert [(fault.row, fault.column) for fault in faults] == [(2, name) for name in schema.areas]
