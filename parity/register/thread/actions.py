"""Making the thread."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from parity.register.people.models import Person
from parity.register.programmes.models import Programme
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS, code_of, record_id, replace_records
from parity.register.thread.models import Link
from parity.register.thread.rules import why_not_joined
from parity.sources.csv_text import row_number
from parity.sources.programme import house_schemas
from parity.terms.errors import Fault, InputRefused
from parity.terms.indicator import CATALOGUE

FIGURE = "figure"


def replace_thread(
    programme: Programme, links: pl.DataFrame, tables: Mapping[str, pl.DataFrame], *, by: Person, on: date
) -> None:
    """Nothing; the programme's thread is now these links. Raises InputRefused naming each link that joins nothing."""
    ends = {
        model.KIND: {code_of(row, house_schemas()[stem].key) for row in tables[stem].iter_rows(named=True)}
        for stem, model in RECORDS.items()
        if model.KIND and stem in tables
    }
    faults: list[Fault] = []
    for position, row in enumerate(links.iter_rows(named=True)):
        told = {"relation": why_not_joined(row["from_kind"], row["relation"], row["to_kind"])}
        told |= {f"{side}_id": _why_no_end(ends, row[f"{side}_kind"], row[f"{side}_id"]) for side in ("from", "to")}
        faults += [Fault("thread.csv", words, row_number(position), name) for name, words in told.items() if words]
    if faults:
        raise InputRefused(faults)

    def more(link: Record) -> dict[str, Any]:
        joined = {f"{side}_end": _end(programme, link, side) for side in ("from", "to")}
        return {**joined, "by": by, "on": on}

    replace_records(programme, Link, links, more=more)


def _why_no_end(ends: Mapping[str, set[str]], kind: str, code: str) -> str:
    known = CATALOGUE if kind == FIGURE else ends.get(kind, set())
    return "" if code in known else f"There is no {kind} “{code}” to link: correct its code or add it to its table."


def _end(programme: Programme, link: Record, side: str) -> str:
    kind, code = getattr(link, f"{side}_kind"), getattr(link, f"{side}_id")
    return code if kind == FIGURE else str(record_id(programme, kind, code))
