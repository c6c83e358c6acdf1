"""Checking the thread that a programme's folder brings."""

from collections.abc import Mapping

import polars as pl

from parity.register.records.tables import RECORDS, code_of
from parity.register.thread.rules import misjoined
from parity.sources.brought.csv_text import row_number
from parity.sources.brought.programme import house_schemas
from parity.terms.errors import Fault, InputRefused


def check_thread(links: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> None:
    """Nothing. Raises InputRefused naming each link that joins nothing, or what may not be joined."""
    ends = {
        model.KIND: {code_of(row, house_schemas()[stem].key) for row in tables[stem].iter_rows(named=True)}
        for stem, model in RECORDS.items()
        if model.KIND and stem in tables
    }
    faults = [Fault("thread.csv", words, row_number(place), name) for place, name, words in misjoined(links, ends)]
    if faults:
        raise InputRefused(faults)
