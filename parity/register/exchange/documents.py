"""What goes out of a register as a sheet, and what an upload would do, in words."""

import copy
import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from parity.documents.template_sheet import TemplateColumn, Texts, write_filled, write_template
from parity.layout.csv_file import safe_text
from parity.register.exchange.actions import ID, KEPT, OWNER, SHARING, VERSION, WITHDRAWN, Change, kept_cells
from parity.register.programmes.models import Programme
from parity.register.records.actions import values_of, written
from parity.register.records.documents import (
    NOTHING,
    SOURCE,
    Entry,
    Names,
    label_of,
    record_name,
    schema_of,
    words_of,
)
from parity.register.records.models import Record
from parity.register.records.rules import digest
from parity.register.sharing.models import Sharing
from parity.sources.brought.cells import HEADER_ROWS
from parity.sources.brought.table_schema import PRINTED
from parity.terms.errors import Fault
from parity.terms.release import ID_LENGTH

LONGEST_SHOWN, LEAD = 160, 40
"""Characters of a text that are shown, and how many of them before the first that differs."""
UNITS = {
    "gbp": "pounds", "months": "months", "people": "people", "score": "points", "weight": "share from 0 to 1",
}  # fmt: skip
"""The unit that a column's last word names."""
_KEPT = {
    ID: TemplateColumn(ID, "Id of the record. Leave it empty in a new row"),
    OWNER: TemplateColumn(OWNER, "Organisation that keeps the record. A sheet does not change it"),
    SHARING: TemplateColumn(SHARING, "With whom the record is shared. A sheet does not change it"),
    VERSION: TemplateColumn(VERSION, "Version of the record that was taken out. Leave it as it is", "integer"),
    WITHDRAWN: TemplateColumn(WITHDRAWN, "Whether the record was withdrawn. A sheet does not change it", "boolean"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that an upload would change: of which record, in which column, from what to what."""

    record: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing wrong with an upload: where it is, what stands there, and what to do."""

    row: str
    column: str
    standing: str
    sentence: str


def template_of(model: type[Record], programme: Programme, names: Names) -> bytes:
    """An empty workbook of a register's columns, with what they mean and what they may hold."""
    columns = _columns(model)
    return write_template(
        columns, title=_title(model, programme), lists=_lists(model, names), version=_version(model)
    )  # fmt: skip


def workbook_of(records: Iterable[Record], model: type[Record], programme: Programme, names: Names) -> bytes:
    """The records in the template's columns, and how each is kept: it can be mended and brought in again."""
    partners = {one.code: one.name for one in programme.organisations.all()}
    lists = {**_lists(model, names), OWNER: partners, SHARING: {one.value: str(one.label) for one in Sharing}}
    rows = ([*values_of(record).values(), *_kept_values(record)] for record in records)
    columns = (*_columns(model), *_KEPT.values())
    return write_filled(columns, rows, title=_title(model, programme), lists=lists, version=_version(model))


def csv_lines(records: Iterable[Record], model: type[Record]) -> Iterator[str]:
    """The same table as lines of comma-separated text, header first; no text can become a formula."""
    writer = csv.writer(_Line())
    yield writer.writerow([*(entry["name"] for entry in schema_of(model).fields), *KEPT])
    for record in records:
        said = ["" if value is None else _cell(value) for value in values_of(record).values()]
        yield writer.writerow([*said, *map(safe_text, kept_cells(record).values())])


def _cell(value: object) -> str:
    """A value as text that reads back as the same value."""
    return safe_text(value) if isinstance(value, str) else written(value)


class _Line:
    """What a line of comma-separated text is written to: it gives the line back."""

    def write(self, line: str) -> str:
        """The line."""
        return line


def _kept_values(record: Record) -> list[str | int | bool]:
    kept = kept_cells(record)
    return [kept[ID], kept[OWNER], kept[SHARING], record.version, record.withdrawn]


def _title(model: type[Record], programme: Programme) -> str:
    return f"{schema_of(model).title}: {programme.title}"


def _version(model: type[Record]) -> str:
    """Names the columns as they are declared now."""
    return digest({"fields": schema_of(model).fields})[:ID_LENGTH]


def _columns(model: type[Record]) -> tuple[TemplateColumn, ...]:
    """The register's columns as the template tells them."""
    return tuple(map(_column, schema_of(model).fields))


def _column(entry: Entry) -> TemplateColumn:
    limits, kind = entry.get("constraints", {}), entry["type"]
    return TemplateColumn(
        name=entry["name"],
        meaning=entry["description"],
        kind="period" if entry.get("kind") == "period" else kind,
        unit=UNITS.get(entry["name"].rpartition("_")[-1], "") if kind != "string" else "",
        required=bool(limits.get("required")),
        allowed=tuple(limits.get("enum", ())),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
    )


def _lists(model: type[Record], names: Names) -> dict[str, Texts]:
    """The codes of areas and of source documents, with their names, by column."""
    schema = schema_of(model)
    documents = {SOURCE: names.documents} if any(each["name"] == SOURCE for each in schema.fields) else {}
    return {**dict.fromkeys(schema.areas, names.areas), **documents}


def differences(changes: Iterable[Change], names: Names) -> Iterator[Difference]:
    """Every cell that the changes would change, in words."""
    for change in changes:
        before, after = change.record, copy.copy(change.record)
        for name, value in change.fields.items():
            setattr(after, name, value)
        entries = {entry["name"]: entry for entry in schema_of(type(before)).fields}
        for name in change.fields:
            if name in entries:
                told = [words_of(record, entries[name], names) or NOTHING for record in (before, after)]
                yield Difference(record_name(before), label_of(entries[name]), *_around_difference(*told))
        for twin in sorted({**before.printed, **after.printed}):
            name, told = twin.removesuffix(PRINTED), [one.printed.get(twin, NOTHING) for one in (before, after)]
            if name not in change.fields and told[0] != told[1]:
                yield Difference(record_name(before), f"{label_of(entries[name])} as printed", *told)


def _around_difference(before: str, after: str) -> tuple[str, str]:
    """Both texts; of long ones the part in which they begin to differ."""
    if max(len(before), len(after)) <= LONGEST_SHOWN:
        return before, after
    pairs = enumerate(zip(before, after, strict=False))
    start = next((place for place, (one, other) in pairs if one != other), min(len(before), len(after)))
    return _part(before, start), _part(after, start)


def _part(text: str, start: int) -> str:
    first = max(start - LEAD, 0)
    last = first + LONGEST_SHOWN
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def misfits(faults: Iterable[Fault], cells: pl.DataFrame, fields: Mapping[str, Entry]) -> Iterator[Misfit]:
    """Each fault with the place and the text of its cell; a place that it does not have is a dash."""
    for fault in faults:
        column = fault.column or ""
        label = label_of(fields[column]) if column in fields else column
        yield Misfit(str(fault.row or "–"), label or "–", _standing(fault, cells), fault.sentence)


def _standing(fault: Fault, cells: pl.DataFrame) -> str:
    """What stands in the cell of which a fault tells."""
    if fault.row is None or fault.row <= HEADER_ROWS or fault.column not in cells.columns:
        return "–"
    text = cells[fault.column][fault.row - HEADER_ROWS - 1]
    return _part(text, 0) if text else "Nothing"
