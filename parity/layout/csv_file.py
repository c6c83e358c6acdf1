"""A table as CSV: numbers stay numbers, words cannot become formulas."""

import csv
import io
import re
from collections.abc import Iterator

import polars as pl

from parity.documents.model import Cell, Table
from parity.sources.brought.cells import FORMULA_STARTS
from parity.terms.figure import Figure
from parity.terms.units import Unit

SIGNED_NUMBER = re.compile(r"[+-][0-9.,]*[0-9]%?")
PLACES = 10
"""Decimal places kept: more than any table states, few enough to hide binary fractions' noise."""


def table_csv(table: Table) -> str:
    """The table as CSV text: headings, then rows, in the order of the page.

    A figure is its number in the unit shown on the page, unrounded; a missing one is its reason. Where the column's
    heading does not state the unit (`bare` is false), a column of units follows each column that holds figures. Where
    figures rest on what somebody published, a last column names the publications and editions of the row.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    with_unit = _columns_that_need_units(table)
    headings: list[str] = []
    for place, column in enumerate(table.columns):
        headings.append(safe_text(column.title))
        if place in with_unit:
            headings.append(safe_text(f"{column.title} (unit)"))
    published = any(_published(row) for row in table.rows)
    writer.writerow([*headings, *(["Source"] if published else [])])
    for row in table.rows:
        writer.writerow([*_cells(row, with_unit), *([_published(row)] if published else [])])
    return written.getvalue()


def frame_csv(frame: pl.DataFrame) -> str:
    """The frame as CSV text, its numbers as they are and each text safe for a spreadsheet; nothing for a null."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = [_safe_column(frame[name]) for name in texts]
    return frame.with_columns(*safe).write_csv()


def _safe_column(texts: pl.Series) -> pl.Series:
    """The texts made safe: each that occurs is looked at once."""
    known = {text: safe_text(text) for text in texts.unique().drop_nulls()}
    return texts.replace({text: safe for text, safe in known.items() if text != safe})


def safe_text(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would read it as a formula; a number is none.

    A text that looks guarded already gets another apostrophe, so that an upload reads back the same text.
    """
    harmless = not text.lstrip("'").startswith(FORMULA_STARTS) or SIGNED_NUMBER.fullmatch(text)
    return text if harmless else f"'{text}"


def _columns_that_need_units(table: Table) -> frozenset[int]:
    """The places of columns with figures, in a table whose headings do not state units."""
    if table.bare:
        return frozenset()
    return frozenset(place for row in table.rows for place, cell in enumerate(row) if isinstance(cell, Figure))


def _cells(row: tuple[Cell, ...], with_unit: frozenset[int]) -> Iterator[str]:
    """The row's cells as written, with a unit after each cell of a column that needs one."""
    for place, cell in enumerate(row):
        yield _number(cell) if isinstance(cell, Figure) else safe_text(cell)
        if place in with_unit:
            yield _unit_text(cell.unit) if isinstance(cell, Figure) else ""


def _published(row: tuple[Cell, ...]) -> str:
    """The publications and editions that the row's figures rest on, each once; nothing where they rest on none."""
    releases = (release for cell in row if isinstance(cell, Figure) for release in cell.releases)
    named = (part for release in releases if release.credit and not release.lookup for part in release.parts_cited)
    return safe_text("; ".join(dict.fromkeys(named)))


def _number(figure: Figure) -> str:
    """The figure's number as digits with a point, or the words that say why it is missing."""
    if figure.value is None:
        return safe_text(f"{figure.text}: {figure.missing}")
    digits = figure.unit.write(figure.value, places=PLACES, bare=True)
    return digits.replace(",", "").replace("−", "-").rstrip("0").rstrip(".")


def _unit_text(unit: Unit) -> str:
    """The unit as printed beside a number, or its name where numbers stand alone."""
    return (unit.value.prefix + unit.value.suffix).strip() or unit.label
