"""A register's workbook: an empty template to be filled in, or its rows taken out, as one accessible table.

Sheet “Data” holds the table, “Notes” what each column means, “Lists” the values that columns may have. Text is written
as text, whatever it starts with: there is no formula. What is taken out can be brought in again as it is.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from parity.documents.archive import without_clock
from parity.documents.sheet_text import write_text
from parity.terms.errors import Fault, InputRefused
from parity.terms.units import write_number

DATA, NOTES, LISTS = "Data", "Notes", "Lists"
LONGEST_CELL, _UNIT = 32_767, 2
"""Characters that a cell holds: units of UTF-16 of two bytes each, so that an emoji counts twice."""
LAST_ROW = 1_048_575
"""The last row of a sheet, counted from 0; the first is the header."""
_EXACT = 10**15
"""From here on a spreadsheet shows noughts for a whole number's last digits, so that it is written as text."""
_FIRST_DAY, _LAST_DAY = date(1900, 3, 1), date(2199, 12, 31)
"""Days before March 1900 are not counted alike by all spreadsheets."""
_NARROW, _WIDE, _WIDEST = 14, 40, 60
_LISTED = 12
"""Values named in the notes; more are on the sheet “Lists” only."""
_MISSING = "Leave a cell empty where the value is not known. Write 0 only where nothing was counted or paid."
_KINDS = {
    "string": ("text", "any text", "any text"),
    "number": ("number", "a number", "1234.5"),
    "integer": ("whole number", "a whole number", "12"),
    "date": ("date", "a date", "2026-01-31"),
    "boolean": ("true or false", "true or false", "true"),
    "period": ("period", "a year, financial year, quarter or month", "2026/27"),
}
"""What a kind is called, what belongs in its cells, and an example."""
_FORMATS = {"string": "@", "period": "@", "date": "yyyy-mm-dd"}
"""Formats of a column's empty cells: what is typed as text stays text, and a date is shown as it is read."""
_NOTED = ("Column", "Meaning", "Kind", "Unit", "Required", "Allowed values", "Example")
_TEXT = {"font_name": "Arial", "font_size": 11, "valign": "top", "text_wrap": True}
_HEADING = _TEXT | {"bold": True, "bottom": 2, "valign": "bottom"}
_TITLE = {"font_name": "Arial", "font_size": 15, "bold": True, "font_color": "#12436D"}

Value = str | int | float | Decimal | date | None
Row = Sequence[Value]
Texts = Sequence[str] | Mapping[str, str]
"""What a column may hold: the texts, or each text with what it stands for."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of a register: its name as in the header, what it means, and what may stand in it.

    `kind` is string, number, integer, date, boolean or period; the limits are those of a number.
    """

    name: str
    meaning: str
    kind: str = "string"
    unit: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


class _Exactly(float):
    """A number written to a sheet in the fewest digits that give the same number back."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        return repr(float(self))


@dataclass(frozen=True, slots=True)
class _Book:
    """The workbook being written, its title, and the columns with the texts that each may hold."""

    workbook: Workbook
    title: str
    columns: Sequence[TemplateColumn]
    lists: Mapping[str, Texts]

    def styled(self, style: Mapping[str, object]) -> Format:
        """A format."""
        return self.workbook.add_format(dict(style))

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, printed across an A4 page."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet


def write_template(
    columns: Sequence[TemplateColumn], *, title: str, lists: Mapping[str, Texts], version: str = ""
) -> bytes:
    """The workbook's bytes: header and rules on “Data”, what each column means on “Notes”, its values on “Lists”.

    `lists` gives, by the name of a column, the texts that it may hold where the column itself allows any; what they
    stand for is written beside them. `version` is printed in the notes, so that an older template can be told.
    """
    return write_filled(columns, (), title=title, lists=lists, version=version)


def write_filled(
    columns: Sequence[TemplateColumn],
    rows: Iterable[Row],
    *,
    title: str,
    lists: Mapping[str, Texts],
    version: str = "",
) -> bytes:
    """The template's bytes with rows in the order of its columns: numbers as numbers, dates as dates, text as text.

    A whole number of more than 15 digits, a day before March 1900 and an instant are written as text, since a
    spreadsheet would change them. Raises InputRefused where a text is too long for a cell, or the rows for a sheet.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": title, "subject": "Register", "comments": _MISSING})
        workbook.set_custom_property("Language", "en-GB")
        given = {column.name: column.allowed or lists.get(column.name, ()) for column in columns}
        book = _Book(workbook, title, columns, {name: texts for name, texts in given.items() if texts})
        _write_data(book, rows)
        _write_notes(book, version)
        if book.lists:
            _write_lists(book)
    return without_clock(buffer.getvalue())


def _write_data(book: _Book, rows: Iterable[Row]) -> None:
    """The table itself, its header in the first row, with a note and a rule for each column."""
    sheet = book.sheet(DATA)
    places = _list_places(book.lists)
    styles = {kind: book.styled(_TEXT | {"num_format": _FORMATS.get(kind, "General")}) for kind in _KINDS}
    for at, column in enumerate(book.columns):
        sheet.set_column(at, at, _width(column), styles[column.kind])
        sheet.write_comment(0, at, _note(column), {"author": book.title, "x_scale": 2, "y_scale": 2})
        if rule := _rule(column, places.get(column.name, "")):
            sheet.data_validation(1, at, LAST_ROW, at, rule)
    last = 0
    for last, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            _check_fits(book, (last, at), value)
            _write_value(sheet, (last, at), value, styles)
    plain, marked = book.styled(_HEADING), book.styled(_HEADING | {"bg_color": "#FFF2CC"})
    headings = [(column.name, marked if column.required else plain) for column in book.columns]
    _add_table(sheet, headings, name=DATA, first=0, rows=last)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _check_fits(book: _Book, place: tuple[int, int], value: Value) -> None:
    """Nothing. Raises InputRefused for a row or a text that a sheet has no room for."""
    row, at = place
    if row > LAST_ROW:
        raise InputRefused([Fault(book.title, "A sheet has no room for so many rows: take them out as CSV.")])
    if isinstance(value, str) and len(value.encode("utf-16-le")) > LONGEST_CELL * _UNIT:
        sentence = "The text is longer than a cell holds (32,767 characters): take the rows out as CSV."
        raise InputRefused([Fault(book.title, sentence, row + 1, book.columns[at].name)])


def _write_value(sheet: Worksheet, place: tuple[int, int], value: Value, styles: Mapping[str, Format]) -> None:
    """The value in the type that a spreadsheet reads back as the same value; nothing for none."""
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(*place, value, styles["boolean"])
        case float() | int() | Decimal() if _is_exact(value):
            sheet.write_number(*place, _Exactly(value), styles["number"])
        case date() if not isinstance(value, datetime) and value >= _FIRST_DAY:
            sheet.write_datetime(*place, value, styles["date"])
        case date():
            write_text(sheet, place, value.isoformat(), styles["string"])
        case _:
            write_text(sheet, place, str(value), styles["string"])


def _is_exact(value: float | Decimal) -> bool:
    """True for a number that a spreadsheet keeps and shows in full."""
    if isinstance(value, float):
        return True
    return abs(value) < _EXACT and Decimal(repr(float(value))) == value


def _rule(column: TemplateColumn, listed: str) -> dict[str, object]:
    """What a cell of the column may hold, as the spreadsheet checks it while one types; nothing for free text."""
    low, high = column.minimum, column.maximum
    match column.kind:
        case _ if listed:
            rule: dict[str, object] = {"validate": "list", "source": listed}
        case "boolean":
            rule = {"validate": "list", "source": ["true", "false"]}
        case "date":
            rule = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        case "number" | "integer":
            limits = {"minimum": -_EXACT if low is None else low, "maximum": _EXACT if high is None else high}
            rule = {"validate": "integer" if column.kind == "integer" else "decimal", "criteria": "between", **limits}
        case _:
            return {}
    return rule | {"error_title": "Not a value of this column", "error_message": f"Write {_wanted(column, listed)}."}


def _wanted(column: TemplateColumn, listed: str) -> str:
    """What belongs in a cell of the column, in words."""
    if listed:
        return "one of the values on the sheet “Lists”"
    limits = [
        f"{word} {write_number(limit)}"
        for word, limit in (("at least", column.minimum), ("at most", column.maximum))
        if limit is not None
    ]
    return ", ".join([_KINDS[column.kind][1], *limits])


def _note(column: TemplateColumn) -> str:
    """The note on a column's heading: what it means, in which unit, and whether it must be filled in."""
    unit = f"Unit: {column.unit}." if column.unit else ""
    required = "Required." if column.required else "May be left empty."
    return " ".join(
        filter(None, (f"{column.meaning.rstrip('.')}.", unit, f"Kind: {_KINDS[column.kind][0]}.", required))
    )


def _write_notes(book: _Book, version: str) -> None:
    """What the workbook is, how a missing value is written, and what each column means."""
    sheet = book.sheet(NOTES)
    write_text(sheet, (0, 0), book.title, book.styled(_TITLE))
    unwrapped = book.styled(_TEXT | {"text_wrap": False})
    lines = [_MISSING, "The table is on the sheet “Data”. Fill in values, not formulas. Keep the names of the columns."]
    lines += [f"Version of this template: {version}"] if version else []
    for row, line in enumerate(lines, 1):
        write_text(sheet, (row, 0), line, unwrapped)
    plain, heading = book.styled(_TEXT), book.styled(_HEADING)
    first = len(lines) + 1
    _add_table(sheet, [(name, heading) for name in _NOTED], name=NOTES, first=first, rows=len(book.columns))
    for row, column in enumerate(book.columns, first + 1):
        for at, cell in enumerate(_noted(column, tuple(book.lists.get(column.name, ())))):
            write_text(sheet, (row, at), cell, plain)
    for at, width in enumerate((_WIDE, _WIDEST, _NARROW, _NARROW, _NARROW, _WIDEST, _WIDE)):
        sheet.set_column(at, at, width)


def _noted(column: TemplateColumn, listed: Sequence[str]) -> tuple[str, ...]:
    """A column's row of the notes. What does not apply says so."""
    kind, _, example = _KINDS[column.kind]
    allowed = f"{', '.join(listed[:_LISTED])}{', …: see the sheet “Lists”' if len(listed) > _LISTED else ''}"
    return (
        column.name,
        column.meaning,
        kind,
        column.unit or "no unit",
        "yes" if column.required else "no",
        allowed or _wanted(column, ""),
        listed[0] if listed else example,
    )


def _write_lists(book: _Book) -> None:
    """Every text that a column may hold, on a row of its own beside the column's name, with what it stands for."""
    sheet = book.sheet(LISTS)
    told = {
        name: texts if isinstance(texts, Mapping) else dict.fromkeys(texts, "") for name, texts in book.lists.items()
    }
    rows = [(name, *cells) for name, texts in told.items() for cells in texts.items()]
    names = ("Column", "Value", "Stands for") if any(row[-1] for row in rows) else ("Column", "Value")
    heading, plain = book.styled(_HEADING), book.styled(_TEXT)
    _add_table(sheet, [(name, heading) for name in names], name=LISTS, first=0, rows=len(rows))
    for row, cells in enumerate(rows, 1):
        for at, cell in enumerate((cells[0], cells[1], cells[2] or cells[1])[: len(names)]):
            write_text(sheet, (row, at), cell, plain)
    for at, width in enumerate((_WIDE, _WIDEST, _WIDEST)[: len(names)]):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 0)


def _list_places(lists: Mapping[str, Texts]) -> dict[str, str]:
    """Where on the sheet “Lists” the texts of each column stand."""
    places = {}
    row = 2
    for name, texts in lists.items():
        places[name] = f"={LISTS}!$B${row}:$B${row + len(texts) - 1}"
        row += len(texts)
    return places


def _add_table(sheet: Worksheet, headings: Sequence[tuple[str, Format]], *, name: str, first: int, rows: int) -> None:
    """A spreadsheet table with its headings in row `first`, counted from 0; it has one empty row where it has none."""
    columns = [{"header": text, "header_format": style} for text, style in headings]
    options = {"columns": columns, "name": f"Table_{name}", "style": "Table Style Light 1", "autofilter": rows > 1}
    sheet.add_table(first, 0, first + max(rows, 1), len(headings) - 1, options)


def _width(column: TemplateColumn) -> int:
    """A column's width in characters: for words, or as its heading needs."""
    return max(min(len(column.name) + 4, _WIDEST), _WIDE if column.kind == "string" else _NARROW)
