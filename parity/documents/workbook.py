"""A document's tables as an accessible workbook: one table a sheet, numbers as numbers, and a sheet of all figures."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from parity.documents.archive import without_clock
from parity.documents.edition import NO_ROWS, Edition, edition_of
from parity.documents.grid import Grid, PrintedCell
from parity.documents.model import Document
from parity.documents.number_forms import sheet_format, sheet_value
from parity.documents.printable import clean
from parity.documents.sheet_text import heading_text, write_text
from parity.terms.figure import Figure
from parity.terms.release import Release
from parity.terms.units import Unit

ALL_FIGURES = "All figures"
FIGURE_COLUMNS = (
    "Key", "Title", "Programme", "Area code", "Area", "Period", "Dimensions", "Value", "Lower", "Upper", "Unit",
    "As printed", "Basis", "Price year", "Missing because", "Caveats", "Releases",
)  # fmt: skip
_VALUES = (7, 8, 9)
_LONGEST_SHEET_NAME = 31
_LONGEST_CELL = 32_767
_LONGEST_HEADING = 255
_NARROWEST, _WIDEST = 14, 60
_FIRST_ROW = 3
_TITLE_HEIGHT = 24
_READING = (
    "Each table is on a sheet of its own, which starts with the table's title and a link back to the contents.",
    "A missing value is written as a sentence that says why it is missing. It is never an empty cell and never 0.",
    "Letters in the column “Notes” point to the notes on the sheet “Notes”.",
    "Numbers are kept with all their decimals and shown rounded. Shares are kept as shares: 0.25 is shown as 25.0%.",
    "“lower” and “upper” are the ends of a figure's interval.",
)


def write_workbook(document: Document, *, figures: Iterable[Figure] | None = None) -> bytes:
    """The workbook's bytes: cover, contents, notes, a sheet for each table, and every figure on its own row.

    Without `figures` the last sheet lists those of the document, each once. Text is written as text: no formulas.
    """
    edition = edition_of(document)
    listed = list(dict.fromkeys(document.figures() if figures is None else figures))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": edition.title, "subject": edition.subtitle, "author": edition.publisher})
        book = _Book(workbook)
        sheets = _sheet_names(edition.grids)
        _write_cover(book, edition)
        _write_contents(book, edition.grids, sheets)
        _write_notes(book, edition.grids, sheets)
        for grid in edition.grids:
            _write_grid(book, grid, sheets[grid.anchor])
        _write_figures(book, listed)
    return without_clock(buffer.getvalue())


@dataclass(slots=True)
class _Book:
    """The workbook being written, with its formats."""

    workbook: Workbook
    formats: dict[tuple[str, str], Format] = field(default_factory=dict)

    def styled(self, kind: str, number: str = "") -> Format:
        """The one format of a kind (title, heading, link, text) and number format."""
        key = (kind, number)
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(_style(kind) | ({"num_format": number} if number else {}))
        return self.formats[key]

    def sheet(self, name: str, title: str) -> Worksheet:
        """A new sheet with its title in the first cell."""
        sheet = self.workbook.add_worksheet(name)
        write_text(sheet, (0, 0), title[:_LONGEST_CELL], self.styled("title"))
        sheet.set_row(0, _TITLE_HEIGHT)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet


def _style(kind: str) -> dict[str, object]:
    """The look of one kind of cell."""
    base: dict[str, object] = {"font_name": "Arial", "font_size": 11, "valign": "top"}
    special: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 15, "font_color": "#12436D"},
        "heading": {"bold": True, "text_wrap": True, "bottom": 2, "valign": "bottom"},
        "link": {"font_color": "#005EB8", "underline": 1},
        "text": {"text_wrap": True},
        "plain": {},
    }
    return base | special[kind]


def _write_cover(book: _Book, edition: Edition) -> None:
    """What the workbook is, who publishes it, and how to read it."""
    sheet = book.sheet("Cover", edition.title)
    sheet.set_column(0, 0, 100)
    facts = [f"{name}: {value}" for name, value in edition.facts]
    lines = [edition.subtitle, f"Publisher: {edition.publisher}", *facts]
    row = 1
    for line in filter(None, lines):
        write_text(sheet, (row, 0), line, book.styled("text"))
        row += 1
    write_text(sheet, (row + 1, 0), "How to read this workbook", book.styled("heading"))
    for place, line in enumerate(_READING, start=row + 2):
        write_text(sheet, (place, 0), line, book.styled("text"))


def _write_contents(book: _Book, grids: Sequence[Grid], sheets: dict[str, str]) -> None:
    """A list of the sheets that follow, each with a link."""
    rows = [("Notes", "Notes on the tables")]
    rows += [(sheets[grid.anchor], grid.heading) for grid in grids]
    rows += [(ALL_FIGURES, "Every figure on its own row, with its sources")]
    sheet = book.sheet("Contents", "Contents")
    _start_table(book, sheet, ["Sheet", "What it holds"], rows=len(rows), name="Contents")
    for place, (name, text) in enumerate(rows, start=_FIRST_ROW):
        sheet.write_url(place, 0, f"internal:'{name}'!A1", book.styled("link"), name)
        write_text(sheet, (place, 1), text, book.styled("text"))
    sheet.set_column(0, 0, _LONGEST_SHEET_NAME + 2)
    sheet.set_column(1, 1, 90)


def _write_notes(book: _Book, grids: Sequence[Grid], sheets: dict[str, str]) -> None:
    """Every note of every table."""
    rows = [
        (sheets[grid.anchor], remark.letter or "whole table", remark.text) for grid in grids for remark in grid.remarks
    ]
    sheet = book.sheet("Notes", "Notes on the tables")
    _link_back(book, sheet, "")
    _start_table(book, sheet, ["Sheet", "Note", "Text"], rows=len(rows), name="Notes")
    for place, row in enumerate(rows, start=_FIRST_ROW):
        for column, text in enumerate(row):
            write_text(sheet, (place, column), text[:_LONGEST_CELL], book.styled("text"))
    for column, width in enumerate((_LONGEST_SHEET_NAME + 2, 14, 100)):
        sheet.set_column(column, column, width)


def _write_grid(book: _Book, grid: Grid, name: str) -> None:
    """One table on its sheet; intervals and letters of notes stand in columns of their own."""
    sheet = book.sheet(name, grid.heading)
    _link_back(book, sheet, "This sheet holds one table. Its notes are on the sheet “Notes”. ")
    headings, rows = _spread(grid)
    _start_table(book, sheet, headings, rows=len(rows), name=f"Table_{grid.label.split()[-1]}")
    for place, row in enumerate(rows, start=_FIRST_ROW):
        for column, cell in enumerate(row):
            _write_cell(book, sheet, (place, column), cell)
    if not rows:
        write_text(sheet, (_FIRST_ROW, 0), NO_ROWS, book.styled("text"))
    for column, heading in enumerate(headings):
        texts = [_text_of(row[column]) for row in rows if not _is_missing(row[column])]
        sheet.set_column(column, column, _width(heading, texts))


def _write_figures(book: _Book, figures: Sequence[Figure]) -> None:
    """One row a figure, with all that is known of it."""
    sheet = book.sheet(ALL_FIGURES, "Every figure on its own row")
    _link_back(book, sheet, "")
    _start_table(book, sheet, list(FIGURE_COLUMNS), rows=len(figures), name="All_figures")
    for place, figure in enumerate(figures, start=_FIRST_ROW):
        for column, text in _described(figure).items():
            write_text(sheet, (place, column), clean(text)[:_LONGEST_CELL], book.styled("text"))
        ends = zip(_VALUES, (figure.value, figure.lower, figure.upper), strict=True)
        for column, value in ends:
            _write_number(book, sheet, (place, column), (figure.unit, value))
    for column, heading in enumerate(FIGURE_COLUMNS):
        sheet.set_column(column, column, 50 if heading in {"Title", "Missing because", "Caveats", "Releases"} else 18)


def _described(figure: Figure) -> dict[int, str]:
    """The columns of a figure's row that are text, by number. What does not apply says so."""
    texts = {
        "Key": figure.indicator.key,
        "Title": figure.title,
        "Programme": figure.scope,
        "Area code": figure.area.code,
        "Area": figure.area.name,
        "Period": figure.period,
        "Dimensions": "; ".join(f"{name}: {value}" for name, value in figure.where) or "none",
        "Unit": figure.unit.label,
        "As printed": figure.text,
        "Basis": figure.basis or "does not apply",
        "Price year": figure.price_year or "does not apply",
        "Missing because": figure.missing or "not missing",
        "Caveats": " ".join(figure.caveats) or "none",
        "Releases": "; ".join(_read(release) for release in figure.releases) or "none",
    }
    return {FIGURE_COLUMNS.index(name): text for name, text in texts.items()}


def _read(release: Release) -> str:
    """The release with, in brackets, what it cites where it is of something published."""
    return f"{release.name} ({release.cited})" if release.credit else release.name


_Spread = PrintedCell | tuple[Unit, float | None]


def _spread(grid: Grid) -> tuple[list[str], list[list[_Spread]]]:
    """The table's headings and rows with columns added: lower and upper after a figure with one, notes at the end."""
    ranged = [
        grid.table.intervals and any(_has_interval(row[at]) for row in grid.rows) for at in range(len(grid.columns))
    ]
    marked = any(cell.marks for row in grid.rows for cell in row)
    headings: list[str] = []
    for at, (title, _) in enumerate(grid.columns):
        heading = _with_unit(title, [row[at] for row in grid.rows], bare=grid.table.bare)
        headings += [heading, *([f"{heading}, lower", f"{heading}, upper"] if ranged[at] else [])]
    rows = []
    for row in grid.rows:
        cells: list[_Spread] = []
        for at, cell in enumerate(row):
            cells += [cell, *(_ends(cell) if ranged[at] else [])]
        rows.append([*cells, PrintedCell(_marks(grid, row))] if marked else cells)
    return [*headings, *(["Notes"] if marked else [])], rows


def _has_interval(cell: PrintedCell) -> bool:
    return cell.figure is not None and bool(cell.figure.interval_text)


def _ends(cell: PrintedCell) -> list[_Spread]:
    """The ends of the cell's interval."""
    if cell.figure is None:
        return [PrintedCell("no interval"), PrintedCell("no interval")]
    return [(cell.figure.unit, end) for end in (cell.figure.lower, cell.figure.upper)]


def _marks(grid: Grid, row: Sequence[PrintedCell]) -> str:
    """The letters of the notes on a row's cells, each with the column it is on."""
    parts = [
        f"{title}: {', '.join(cell.marks)}" for (title, _), cell in zip(grid.columns, row, strict=True) if cell.marks
    ]
    return "; ".join(parts) or "none"


def _with_unit(title: str, cells: Iterable[PrintedCell], *, bare: bool) -> str:
    """The column's heading with the unit its figures share, unless the heading names it already."""
    units = {cell.figure.unit for cell in cells if cell.figure is not None}
    if bare or len(units) != 1:
        return title
    label = units.pop().label
    return title if label.lower() in title.lower() else f"{title} ({label})"


def _write_cell(book: _Book, sheet: Worksheet, place: tuple[int, int], cell: _Spread) -> None:
    """A number with its number format, the reason where it is missing, or text as text."""
    if not isinstance(cell, PrintedCell):
        _write_number(book, sheet, place, cell)
    elif cell.figure is not None and cell.figure.value is not None:
        _write_number(book, sheet, place, (cell.figure.unit, cell.figure.value))
    else:
        write_text(sheet, place, _text_of(cell)[:_LONGEST_CELL], book.styled("text"))


def _write_number(book: _Book, sheet: Worksheet, place: tuple[int, int], number: tuple[Unit, float | None]) -> None:
    """The value in its unit's format; in words where there is none."""
    unit, value = number
    if value is None:
        write_text(sheet, place, "none", book.styled("text"))
    else:
        sheet.write_number(*place, sheet_value(unit, value), book.styled("plain", sheet_format(unit)))


def _text_of(cell: _Spread) -> str:
    """What the cell shows, for its width and where it is text."""
    if not isinstance(cell, PrintedCell):
        unit, value = cell
        return "none" if value is None else unit.write(value)
    if cell.figure is not None and cell.figure.missing:
        return clean(f"{cell.figure.text}: {cell.figure.missing}")
    return cell.text


def _is_missing(cell: _Spread) -> bool:
    """True for a cell that gives a reason in place of a number; it is written on several lines."""
    return isinstance(cell, PrintedCell) and cell.figure is not None and cell.figure.value is None


def _start_table(book: _Book, sheet: Worksheet, headings: list[str], *, rows: int, name: str) -> None:
    """A spreadsheet table with its header row, frozen under its headings; repeated at the top of printed pages."""
    unique = _unique(headings)
    columns = [{"header": heading, "header_format": book.styled("heading")} for heading in unique]
    last = _FIRST_ROW + max(rows, 1) - 1
    options = {"columns": columns, "name": name, "style": "Table Style Light 1", "autofilter": rows > 1}
    sheet.add_table(_FIRST_ROW - 1, 0, last, len(unique) - 1, options)
    sheet.freeze_panes(_FIRST_ROW, 1 if len(unique) > 1 else 0)
    sheet.repeat_rows(_FIRST_ROW - 1)


def _link_back(book: _Book, sheet: Worksheet, text: str) -> None:
    """The second row: what the sheet holds, and a link to the contents."""
    sheet.write_url(1, 0, "internal:'Contents'!A1", book.styled("link"), f"{text}Back to the contents")


def _unique(headings: Iterable[str]) -> list[str]:
    """The headings, none empty and none twice, as a spreadsheet table demands."""
    seen: dict[str, str] = {}
    for place, heading in enumerate(headings, start=1):
        wanted = heading.strip()[: _LONGEST_HEADING - 8] or f"Column {place}"
        chosen = f"{wanted} ({place})" if wanted.lower() in seen else wanted
        seen[chosen.lower()] = chosen
    return [heading_text(heading) for heading in seen.values()]


def _sheet_names(grids: Iterable[Grid]) -> dict[str, str]:
    """The sheet's name for each table's anchor: its slug, fit for a spreadsheet and used once."""
    taken = {"cover", "contents", "notes", "history", ALL_FIGURES.lower()}
    names: dict[str, str] = {}
    for grid in grids:
        wanted = re.sub(r"[\[\]:*?/\\']", "-", clean(grid.table.slug))[:_LONGEST_SHEET_NAME] or grid.label
        if wanted.lower() in taken:
            ending = f" {grid.label.split()[-1]}"
            wanted = wanted[: _LONGEST_SHEET_NAME - len(ending)] + ending
        taken.add(wanted.lower())
        names[grid.anchor] = wanted
    return names


def _width(heading: str, texts: Iterable[str]) -> int:
    """A column's width in characters, between narrowest and widest, by its longest text and its heading's words."""
    longest = max([len(text) for text in texts] + [len(word) + 4 for word in heading.split()], default=_NARROWEST)
    return min(max(longest + 2, _NARROWEST), _WIDEST)
