"""Lookups between kinds of area: their columns found by kind, whatever the year, as the publisher names them or not."""

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from parity.sources.reading.official import read_table
from parity.terms.errors import SourceChanged

HEADING = re.compile(r"([a-z]+)(\d{2})_?(code_nhs|code_h|code|name|cdh|cd|nm)")
KINDS = {"lad": "ltla", "wd": "ward", "rgn": "region"}
WORDS = {"cd": "code", "nm": "name", "cdh": "ods", "code_h": "ods", "code_nhs": "ods"}
"""How the publisher's headings, such as LAD24NM, call a kind of area and what they hold of it; others are as here."""


def read_lookup(
    file: Path, columns: Mapping[str, str], *, optional: tuple[str, ...] = ()
) -> tuple[pl.DataFrame, dict[str, str]]:
    """A lookup's columns under our names, and the year of each kind of area in it.

    `columns` says by our name what is wanted, such as `ward_code`, of whatever year; `optional` are those of our names
    that stay empty where the file has nothing for them. Raises SourceChanged naming what else is missing.
    """
    table = read_table(file)
    found: dict[str, str] = {}
    years: dict[str, str] = {}
    for head in table.columns:
        if heading := HEADING.fullmatch(head.lower()):
            kind = KINDS.get(heading[1], heading[1])
            found.setdefault(f"{kind}_{WORDS.get(heading[3], heading[3])}", head)
            years.setdefault(kind, f"20{heading[2]}")
    lacking = [wanted for name, wanted in columns.items() if wanted not in found and name not in optional]
    if lacking:
        raise SourceChanged(f"{file.name} has no column for {', '.join(lacking)}: its layout has changed.")
    empty = pl.lit(None, dtype=pl.String)
    chosen = {name: pl.col(found[wanted]) if wanted in found else empty for name, wanted in columns.items()}
    return table.select(**chosen), years
