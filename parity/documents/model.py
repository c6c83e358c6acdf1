"""The document model: headings, paragraphs, lists, tables, charts and callouts, with figures kept whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from parity.terms.figure import Figure

Cell = str | Figure
"""What stands in a table's cell or in a sentence: words, or a figure that can tell its provenance."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 opens a chapter, 3 a section, 4 a sub-section. The title alone is level 1."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or more, in parts so that a figure inside it keeps its provenance."""

    parts: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of items, numbered or not."""

    items: tuple[tuple[Cell, ...], ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; a numeric column is aligned right. The unit stands in the heading, not in each cell."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with caption; the first cell of a row is the row's heading. Notes are printed under it.

    `slug` names its CSV and its sheet. A figure cell is written bare where its column states the unit. Its interval
    follows in brackets unless `intervals` is off, as it is where the interval has columns of its own. Where `remarks`
    is off, what to know of its figures is told elsewhere, and its notes say where; why one is missing is always told.
    A document that has a workbook leaves an `annexed` table to it, and says so.
    """

    slug: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    bare: bool = False
    intervals: bool = True
    remarks: bool = True
    annexed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: Vega-Lite specification, the sentence that says what it shows, and the table behind it with notes.

    A `small` one can still be read where it is drawn as narrow as a phone.
    """

    title: str
    description: str
    spec: dict[str, Any]
    table: Table
    small: bool = False

    @property
    def undrawn(self) -> str:
        """The sentences that stand where nothing can be drawn, since no figure has a value; empty where one has."""
        figures = list(figures_of(self))
        if not figures or any(figure.value is not None for figure in figures):
            return ""
        reasons = dict.fromkeys(figure.missing for figure in figures if figure.missing)
        return " ".join((f"{self.title}: no chart, since none of its figures is available.", *reasons))


@dataclass(frozen=True, slots=True)
class Callout:
    """A boxed note that must not be missed."""

    title: str
    parts: tuple[Cell, ...]


Block = Heading | Paragraph | Bullets | Table | Chart | Callout


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: title, subtitle, author body, language and blocks. It has no date of its own making.

    `workbook` is the file that holds its annexed tables and those behind its charts, where it has one. `sources` are
    the publications that it lists, by whose number in that list notes name them after naming them once in a chapter.
    """

    title: str
    subtitle: str
    publisher: str
    blocks: tuple[Block, ...]
    language: str = "en-GB"
    facts: tuple[tuple[str, str], ...] = field(default=())
    workbook: str = ""
    sources: tuple[str, ...] = ()

    def figures(self) -> Iterator[Figure]:
        """Every figure in the document, in reading order; one that stands twice comes twice."""
        for block in self.blocks:
            yield from figures_of(block)


def figures_of(block: Block) -> Iterator[Figure]:
    """The figures inside a block, in reading order. A chart's are those of its table."""
    cells: Iterator[Cell]
    match block:
        case Table(rows=rows):
            cells = (cell for row in rows for cell in row)
        case Chart(table=table):
            cells = (cell for row in table.rows for cell in row)
        case Paragraph(parts=parts) | Callout(parts=parts):
            cells = iter(parts)
        case Bullets(items=items):
            cells = (cell for item in items for cell in item)
        case _:
            return
    yield from (cell for cell in cells if isinstance(cell, Figure))


def deeper(blocks: Iterable[Block], by: int) -> Iterator[Block]:
    """The blocks with every heading `by` levels deeper; a negative number lifts them."""
    for block in blocks:
        yield Heading(block.text, block.level + by) if isinstance(block, Heading) else block
