"""The edition: a document made ready to print, with captions numbered and notes written.

Every writer prints the same edition, so numbers, words and notes are the same in all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, groupby

from parity.documents.grid import Grid, PrintedCell, Remark
from parity.documents.model import Block, Bullets, Callout, Cell, Chart, Document, Heading, Paragraph, Table
from parity.documents.printable import clean
from parity.documents.provenance import (
    cited_publications,
    full_note,
    interval_sentence,
    numbered_sources,
    remarks_on,
    source_sentence,
)
from parity.terms.figure import Figure

CHAPTER, CONTENTS_DEPTH = 2, 3
NOTES = "Notes on figures"
CHART_TABLES = "Tables behind the charts"
NO_ROWS = "This table has no rows."


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text; where it is a figure, the number of its note, and whether it is the first with that note."""

    text: str
    note: int | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """A heading with its anchor; level 2 is a chapter."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[tuple[Words, ...], ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A callout; its level is one below the heading it stands under."""

    anchor: str
    title: str
    words: tuple[Words, ...]
    level: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its number, notes, and the table where its numbers stand; no anchor where that is not printed."""

    anchor: str
    label: str
    caption: str
    description: str
    table_label: str
    table_anchor: str
    remarks: tuple[str, ...]
    chart: Chart

    @property
    def heading(self) -> str:
        """The caption with its number."""
        return f"{self.label}: {self.caption}"


@dataclass(frozen=True, slots=True)
class Endnotes:
    """The notes on the figures that stand in sentences, the first numbered 1."""

    notes: tuple[str, ...]


Print = Title | Prose | Items | Box | Grid | Picture | Endnotes


@dataclass(frozen=True, slots=True)
class Edition:
    """A document ready to print."""

    title: str
    subtitle: str
    publisher: str
    language: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Print, ...]

    @property
    def contents(self) -> tuple[Title, ...]:
        """The headings listed in the contents: chapters and sections."""
        return tuple(block for block in self.blocks if isinstance(block, Title) and block.level <= CONTENTS_DEPTH)

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Every table, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))


def edition_of(document: Document) -> Edition:
    """The document ready to print. Raises ValueError where two tables share a slug."""
    setting = _Setting(document, dict(_table_numbers(document)))
    blocks = list(_set(document, setting))
    inserted = {block.slug for block in document.blocks if isinstance(block, Table)}
    behind = {chart.table.slug: chart.table for chart in _charts(document) if chart.table.slug not in inserted}
    if behind and not document.workbook:
        blocks.append(_printed(Heading(CHART_TABLES), setting))
        blocks.extend(_printed(table, setting) for table in behind.values())
    if setting.notes:
        blocks.append(_printed(Heading(NOTES), setting))
        setting.told.update(document.sources)
        blocks.append(Endnotes(tuple(clean(full_note(figure, setting.sources([figure]))) for figure in setting.notes)))
    return Edition(
        title=clean(document.title),
        subtitle=clean(document.subtitle),
        publisher=clean(document.publisher),
        language=document.language,
        facts=tuple((clean(name), clean(value)) for name, value in document.facts),
        blocks=tuple(blocks),
    )


@dataclass(slots=True)
class _Setting:
    """What is counted while a document is set: notes, headings, charts, the level reached, and the sources told."""

    document: Document
    tables: dict[str, int]
    told: set[str] = field(default_factory=set)
    notes: dict[Figure, int] = field(default_factory=dict)
    headings: Iterator[int] = field(default_factory=lambda: count(1))
    charts: Iterator[int] = field(default_factory=lambda: count(1))
    boxes: Iterator[int] = field(default_factory=lambda: count(1))
    level: int = 1

    def words(self, parts: Iterable[Cell]) -> tuple[Words, ...]:
        """The parts as runs of text; the same figure has the same note wherever it stands."""
        return tuple(self.run(part) if isinstance(part, Figure) else Words(clean(part)) for part in parts)

    def run(self, figure: Figure) -> Words:
        """The figure as text with the number of its note."""
        first = figure not in self.notes
        return Words(clean(figure.text), self.notes.setdefault(figure, len(self.notes) + 1), first)

    def sources(self, figures: Iterable[Figure]) -> tuple[str, ...]:
        """The sentence on the figures' sources, by number where the document lists them all."""
        listed = list(figures)
        named = cited_publications(listed)
        if not set(named) <= set(self.document.sources):
            return source_sentence(listed)
        numbers = {name: number for number, name in enumerate(self.document.sources, start=1)}
        return numbered_sources(named, numbers, told=self.told)

    @property
    def kept_apart(self) -> set[str]:
        """The slugs of the tables that stand in the workbook alone."""
        inserted = {block.slug: block.annexed for block in self.document.blocks if isinstance(block, Table)}
        return {slug for slug in self.tables if self.document.workbook and inserted.get(slug, True)}


def _set(document: Document, setting: _Setting) -> Iterator[Print]:
    """The document's blocks as they are printed; a line stands for annexed tables that follow each other."""
    for is_apart, run in groupby(document.blocks, key=lambda block: _is_apart(block, document)):
        if is_apart:
            names = "; ".join(f"Table {setting.tables[table.slug]}, {table.caption}" for table in _tables(run))
            yield Prose((Words(clean(f"In the workbook {document.workbook}: {names}.")),))
        else:
            yield from (_printed(block, setting) for block in run)


def _is_apart(block: Block, document: Document) -> bool:
    return isinstance(block, Table) and block.annexed and bool(document.workbook)


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    return (block for block in blocks if isinstance(block, Table))


def _charts(document: Document) -> Iterator[Chart]:
    return (block for block in document.blocks if isinstance(block, Chart))


def _table_numbers(document: Document) -> Iterator[tuple[str, int]]:
    """Slug and number of every table: those in the text first, then those that stand behind charts."""
    inserted = [block.slug for block in document.blocks if isinstance(block, Table)]
    behind: dict[str, Table] = {}
    for chart in _charts(document):
        if behind.setdefault(chart.table.slug, chart.table) != chart.table:
            raise ValueError(f"Two different tables behind charts are called {chart.table.slug}.")
    if len(set(inserted)) < len(inserted):
        raise ValueError("Two tables of the document share a slug.")
    ordered = [*inserted, *(slug for slug in behind if slug not in inserted)]
    return ((slug, number) for number, slug in enumerate(ordered, start=1))


def _printed(block: object, setting: _Setting) -> Print:
    """The block as it is printed."""
    match block:
        case Heading(text=text, level=level):
            setting.level = level
            if level == CHAPTER:
                setting.told.clear()
            return Title(f"heading-{next(setting.headings)}", clean(text), level)
        case Paragraph(parts=parts):
            return Prose(setting.words(parts))
        case Bullets(items=items, numbered=numbered):
            return Items(tuple(setting.words(item) for item in items), numbered)
        case Callout(title=title, parts=parts):
            anchor = f"box-{next(setting.boxes)}"
            return Box(anchor, clean(title), setting.words(parts), setting.level + 1)
        case Table():
            return _grid(block, setting)
        case Chart(undrawn=words):
            return Prose((Words(clean(words)),)) if words else _picture(block, setting)
    raise TypeError(f"A document has no block of the kind {type(block).__name__}.")


def _picture(chart: Chart, setting: _Setting) -> Picture:
    """The chart with its notes: its table's own, what is true of its figures, and their sources."""
    figures = [cell for row in chart.table.rows for cell in row if isinstance(cell, Figure)]
    told = figures if chart.table.remarks else []
    caveats = dict.fromkeys(caveat for figure in told for caveat in figure.caveats)
    remarks = [*chart.table.notes, *caveats, *setting.sources(figures)]
    number, table_number = next(setting.charts), setting.tables[chart.table.slug]
    is_apart = chart.table.slug in setting.kept_apart
    return Picture(
        anchor=f"chart-{number}",
        label=f"Chart {number}",
        caption=clean(chart.title),
        description=clean(chart.description),
        table_label=f"Table {table_number}{f' of the workbook {setting.document.workbook}' if is_apart else ''}",
        table_anchor="" if is_apart else f"table-{table_number}",
        remarks=tuple(clean(remark) for remark in remarks),
        chart=chart,
    )


def _grid(table: Table, setting: _Setting) -> Grid:
    """The table with its notes: those it carries, what brackets hold, remarks on its figures, sources."""
    figures = [cell for row in table.rows for cell in row if isinstance(cell, Figure)]
    number, letters = setting.tables[table.slug], _letters(figures, table)
    shown = [figure for figure in figures if table.intervals]
    brackets = dict.fromkeys(sentence for figure in shown for sentence in interval_sentence(figure))
    general = [text for text, letter in letters.items() if not letter]
    remarks = [
        *(Remark("", clean(note)) for note in (*table.notes, *([] if table.rows else [NO_ROWS]), *brackets, *general)),
        *(Remark(letter, clean(text)) for text, letter in letters.items() if letter),
        *(Remark("", clean(source)) for source in setting.sources(figures)),
    ]
    return Grid(
        anchor=f"table-{number}",
        label=f"Table {number}",
        caption=clean(table.caption),
        columns=tuple((clean(column.title), column.numeric) for column in table.columns),
        rows=tuple(tuple(_cell(cell, table, letters) for cell in row) for row in table.rows),
        remarks=tuple(remarks),
        table=table,
    )


def _letters(figures: list[Figure], table: Table) -> dict[str, str]:
    """Each remark on the figures with its letter; no letter where it holds for every figure of several."""
    told = [_remarks(figure, table) for figure in figures]
    names = _names()
    return {
        remark: "" if len(figures) > 1 and all(remark in each for each in told) else next(names)
        for remark in dict.fromkeys(remark for each in told for remark in each)
    }


def _remarks(figure: Figure, table: Table) -> tuple[str, ...]:
    """What the table prints of what is to know of a figure: all, or why it is missing."""
    return remarks_on(figure) if table.remarks else tuple(filter(None, (figure.missing,)))


def _names() -> Iterator[str]:
    """The letters a to z, then aa to az, and so on."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    yield from alphabet
    yield from (first + second for first in _names() for second in alphabet)


def _cell(cell: Cell, table: Table, letters: dict[str, str]) -> PrintedCell:
    """The cell as text; a figure with its interval and the letters of the remarks on it."""
    if not isinstance(cell, Figure):
        return PrintedCell(clean(cell))
    text = cell.write(bare=table.bare)
    if table.intervals and cell.lower is not None and cell.upper is not None:
        text = f"{text} ({_interval(cell, bare=table.bare)})"
    marks = sorted((letters[remark] for remark in _remarks(cell, table)), key=lambda letter: (len(letter), letter))
    return PrintedCell(clean(text), tuple(filter(None, marks)), cell)


def _interval(figure: Figure, *, bare: bool) -> str:
    """The figure's interval, without its unit where the column states it."""
    if not bare:
        return figure.interval_text
    unit = figure.unit
    return " to ".join(unit.write(end, bare=True) for end in (figure.lower, figure.upper) if end is not None)
