"""What a page needs of a block beyond its own words: a table's grid with lettered notes, and notes on other figures."""

from parity.documents.edition import edition_of
from parity.documents.grid import Grid
from parity.documents.model import Block, Chart, Document, Table, figures_of
from parity.documents.provenance import interval_sentence, remarks_on
from parity.terms.figure import Figure


def grid_of(table: Table) -> Grid:
    """The table as it is printed in every document: cells with marks, and the remarks that stand under it."""
    return edition_of(Document(title="", subtitle="", publisher="", blocks=(table,))).grids[0]


def most_marks(grid: Grid) -> tuple[int, ...]:
    """The most letters that stand beside one cell, for each column; the page leaves room for so many."""
    return tuple(max((len(row[at].marks) for row in grid.rows), default=0) for at in range(len(grid.columns)))


def block_notes(block: Block) -> tuple[str, ...]:
    """The sentences to print under a block, each once: what its figures' intervals are and what to know of them.

    A table's own remarks come with its grid; a chart prints its table's notes and the caveats, since the table under
    it has the rest.
    Why a figure is missing stands beside it, so it is not repeated here.
    """
    figures = tuple(figures_of(block))
    if isinstance(block, Chart):
        told = figures if block.table.remarks else ()
        return tuple(dict.fromkeys((*block.table.notes, *(caveat for figure in told for caveat in figure.caveats))))
    sentences = (sentence for figure in figures for sentence in (*interval_sentence(figure), *_remarks(figure)))
    return tuple(dict.fromkeys(sentences))


def _remarks(figure: Figure) -> tuple[str, ...]:
    return tuple(remark for remark in remarks_on(figure) if remark != figure.missing)
