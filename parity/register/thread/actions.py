"""Checking the thread that a programme's folder brings."""

from collections.abc import Mapping

import polars as pl

from parity.register.records.tables import RECORDS, code_of
from parity.register.thread.rules import FIGURE, why_not_joined
from parity.sources.csv_text import row_number
from parity.sources.programme import house_schemas
from parity.terms.errors import Fault, InputRefused
from parity.terms.indicator import CATALOGUE


def check_thread(links: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> None:
    """Nothing. Raises InputRefused naming each link that joins nothing, or what may not be joined."""
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


def _why_no_end(ends: Mapping[str, set[str]], kind: str, code: str) -> str:
    known = CATALOGUE if kind == FIGURE else ends.get(kind, set())
    return "" if code in known else f"There is no {kind} “{code}” to link: correct its code or add it to its table."
