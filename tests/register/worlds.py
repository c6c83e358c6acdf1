"""A small workspace made by hand: organisations, programmes, people and records, without a folder to load."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from parity.register.models import Organisation, Person, Programme
from parity.register.records.actions import Keeping, add_records
from parity.register.records.models import Record
from parity.sources.brought.programme import house_schemas

TODAY = date(2026, 1, 2)
LINKED = {
    "from_kind": "figure", "from_id": "treatment_gap_share", "relation": "evidences", "to_kind": "statement",
    "to_id": "words/1",
}  # fmt: skip
"""A link to the statement that `row_of` makes."""
BY_KIND = {
    "string": "words",
    "number": "0.5",
    "integer": "1",
    "date": "2026-01-31",
    "boolean": "true",
    "period": "2026",
}


def organisation(code: str) -> Organisation:
    return Organisation.objects.create(code=code, name=f"{code.title()} council", kind="council")


def programme(slug: str, *partners: Organisation, by: Person) -> Programme:
    """A programme of these partners, the first of which leads it."""
    told = {"title": slug.title(), "publisher": partners[0].name, "period": "2026", "summary": "A programme."}
    made = Programme.objects.create(
        slug=slug, **told, home_area="", described={}, lead=partners[0], loaded_by=by, loaded_on=TODAY
    )
    made.organisations.add(*partners)
    return made


def person(name: str) -> Person:
    return Person.objects.create(username=name, first_name=name.title())


def row_of(model: type[Record], /, **cells: str) -> dict[str, str]:
    """Cells of text that make a sound row of the model's table: the required columns, and those given."""
    row = {}
    for entry in house_schemas()[model.STEM].fields:
        limits = entry.get("constraints", {})
        if limits.get("required"):
            usual = BY_KIND.get(entry.get("kind", ""), BY_KIND[entry["type"]])
            row[entry["name"]] = limits["enum"][0] if "enum" in limits else usual
    return {**row, **(LINKED if model.STEM == "thread" else {}), **cells}


def add(model: type[Record], into: Programme, /, *, keeping: Keeping, by: Person, **cells: str) -> Any:
    """The one record that was added."""
    frame = pl.DataFrame([row_of(model, **cells)])
    return add_records(into, model, frame, keeping=keeping, by=by, on=TODAY)[0]


def in_its_own_connection(work: Callable[[], Any]) -> Any:
    """What the work gives, in a thread whose connection to the database is its own and closed afterwards."""
    try:
        return work()
    finally:
        connection.close()
