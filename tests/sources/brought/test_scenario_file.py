"""Scenarios as files: whatever rows are written are read again the same, and fit the published schema."""

import json
from typing import Any

import jsonschema
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.sources.brought.programme import house_schemas
from parity.sources.brought.scenario_file import (
    CHANGED,
    FORMAT,
    LARGEST_FILE,
    PARTS,
    ScenarioFile,
    cells_from,
    json_schema,
    read_scenario,
    rows_from,
)
from parity.sources.brought.table_schema import check_cells
from parity.terms.errors import InputRefused

VALIDATOR = jsonschema.Draft202012Validator(json_schema(), format_checker=jsonschema.FormatChecker())
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
NUMBERS = st.floats(-1e14, 1e14).filter(lambda number: number == 0 or abs(number) > 1e-11)
KINDS = {
    "string": WORDS,
    "number": NUMBERS | st.integers(-1000, 1000),
    "integer": st.integers(1, 12),
    "date": st.dates().filter(lambda day: 1900 <= day.year < 2200).map(str),
    "boolean": st.booleans(),
}


def value_of(entry: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a column may hold."""
    limits = entry.get("constraints", {})
    if entry.get("kind") == "period":
        return st.just("2026-03")
    return st.sampled_from(limits["enum"]) if "enum" in limits else KINDS[entry["type"]]


def rows_of(part: str, **own: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Sound rows of a part, each with a key of its own, all of the same model and scenario."""
    schema = house_schemas()[PARTS[part]]
    fields = {entry["name"]: value_of(entry) for entry in schema.fields}
    needed = {entry["name"] for entry in schema.fields if entry.get("constraints", {}).get("required")}
    row = st.fixed_dictionaries(
        {name: fields[name] for name in fields if name in needed},
        optional={name: fields[name] for name in fields if name not in needed},
    ).map(lambda found: {**found, **{name: text for name, text in own.items() if name in fields}})
    many = part not in ("model", "scenario")
    key = schema.key[0]
    return st.lists(row, min_size=0 if many else 1, max_size=3 if many else 1, unique_by=lambda found: found[key])


OWN = {"model": "Care", "scenario": "Move on"}
FILES = st.fixed_dictionaries({part: rows_of(part, **OWN) for part in PARTS}).map(ScenarioFile)


@settings(deadline=None)
@given(FILES)
def test_what_is_written_is_read_again_and_fits_the_schema(file: ScenarioFile) -> None:
    text = file.text()
    assert list(VALIDATOR.iter_errors(json.loads(text))) == []
    again = read_scenario("a.json", text.encode())
    assert {part: [*again.of(part)] for part in PARTS} == {part: [*file.of(part)] for part in PARTS}
    assert (again.text(), again.hash, again.told) == (text, file.hash, ())


@settings(deadline=None)
@given(FILES)
def test_rows_become_tables_and_rows_again(file: ScenarioFile) -> None:
    for part, stem in PARTS.items():
        if rows := file.of(part):
            typed, faults = check_cells(cells_from(rows, stem), house_schemas()[stem], file=part)
            assert faults == []
            again = ScenarioFile({part: rows_from(typed, stem)})
            assert again.hash == ScenarioFile({part: rows}).hash


def test_what_was_printed_is_told_where_it_is_more_than_the_number() -> None:
    rows = [{"code": "N1", "model": "Care", "parameter": "places", "value": 46.7, "value_printed": "46.70"}]
    typed, _ = check_cells(cells_from(rows, "flow_parameters"), house_schemas()["flow_parameters"], file="a")
    assert rows_from(typed, "flow_parameters") == rows
    plain = typed.with_columns(value_printed=pl.lit("46.7"))
    del rows[0]["value_printed"]
    assert rows_from(plain, "flow_parameters") == rows


CARE = {"model": "Care", "area": "E1", "starts": "2026-04-01", "months": 12, "rationing": "longest wait first"}
SMALL = ScenarioFile({"model": [CARE]})
JSONS = st.recursive(
    st.none() | st.booleans() | WORDS | NUMBERS,
    lambda one: st.lists(one) | st.dictionaries(WORDS, one),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.binary(max_size=60) | JSONS.map(lambda one: json.dumps(one).encode()))
def test_whatever_is_brought_is_read_or_refused(content: bytes) -> None:
    with pytest.raises(InputRefused):
        read_scenario("a.json", content)


@settings(deadline=None)
@given(st.sampled_from([*PARTS, "format", "hash"]), JSONS)
def test_no_part_of_a_file_can_be_anything(part: str, value: Any) -> None:
    content = json.dumps({**json.loads(SMALL.text()), part: value}).encode()
    found, places = None, []
    try:
        found = read_scenario("a.json", content)
    except InputRefused as refusal:
        places = [str(fault).partition(",")[0].partition(":")[0] for fault in refusal.faults]
    assert {*places} == ({"a.json"} if found is None else set())
    if found is not None:
        assert part == "hash" or value == []
        assert found.told == ((CHANGED,) if part == "hash" and value is not None else ())


def test_a_file_without_a_hash_is_read_and_one_of_another_is_told() -> None:
    whole = json.loads(SMALL.text())
    del whole["hash"]
    assert read_scenario("a.json", json.dumps(whole).encode()).told == ()
    whole["hash"] = "0"
    assert read_scenario("a.json", json.dumps(whole).encode()).told == (CHANGED,)


def test_a_large_file_is_not_read() -> None:
    with pytest.raises(InputRefused, match="larger than 5 MB"):
        read_scenario("a.json", b" " * (LARGEST_FILE + 1))


def test_the_schema_is_one_and_says_what_is_needed() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert [error.message for error in VALIDATOR.iter_errors({"format": FORMAT})] == [
        f"'{part}' is a required property" for part in ("model", "settings", "parameters")
    ]
