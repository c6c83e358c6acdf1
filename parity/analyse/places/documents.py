"""The catalogue of publications, with what was read of each."""

from parity.documents.model import Block, Column, Heading, Paragraph, Table
from parity.sources.shelf import SHELF
from parity.tables import ENGLAND_SCOPE, Desk
from parity.terms.publication import Publication

NOTHING = "not read yet"


def sources_blocks(desk: Desk) -> list[Block]:
    """Every publication with publisher, licence, address, frequency, what to know of it, and the editions read."""
    read: dict[str, list[str]] = {}
    for release in desk.store.listed(ENGLAND_SCOPE):
        read.setdefault(release.stem, []).append(f"{release.edition} ({release.at[:10]})")
    heads = ("Publication", "Publisher", "Licence", "How often", "Read", "Name here")
    rows = tuple(_row(source, read.get(stem, [])) for stem, source in SHELF.items())
    table = Table("sources", "Publications that can be taken in", tuple(Column(head) for head in heads), rows)
    return [table, *(block for source in SHELF.values() for block in _described(source))]


def _row(source: Publication, read: list[str]) -> tuple[str, ...]:
    editions = ", ".join(sorted(read)) or NOTHING
    return source.title, source.publisher, source.licence, source.frequency, editions, source.stem


def _described(source: Publication) -> list[Block]:
    """What to know of one publication, and its columns."""
    columns = tuple((name, column.kind.value, column.words) for name, column in source.columns.items())
    heads = tuple(Column(head) for head in ("Column", "Kind", "What it holds"))
    return [
        Heading(source.title),
        Paragraph((f"{source.caveat} Published at {source.address}",)),
        Table(f"columns-{source.stem}", f"Columns of {source.stem}", heads, columns),
    ]
