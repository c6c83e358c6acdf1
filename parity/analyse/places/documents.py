"""What stands on England's own pages: the catalogue of publications, and the councils most like a place."""

from parity.analyse.places.rules import SUGGESTED, without_neighbours
from parity.documents.figure_tables import joined
from parity.documents.model import Block, Column, Heading, Paragraph, Table
from parity.sources.nearest_neighbours import PUBLICATION
from parity.sources.shelf import SHELF
from parity.tables import ENGLAND_SCOPE, Desk
from parity.terms.areas import Area
from parity.terms.publication import Publication

AMONG = {
    "upper": "Councils that have social care duties are held against each other.",
    "lower": "Districts and unitary councils are held against each other.",
}
NEAR_WORDS = (
    "The councils most like it in people, economy and place, wherever they lie. Distances compare within this table "
    "only, and a council need not be among the nearest of those that are nearest to it."
)
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


def near_councils(desk: Desk, area: Area) -> list[Area]:
    """The councils that are offered to compare an area with, the one most like it first."""
    found = desk.looking_at([area.code]).table("near_councils")
    codes = () if found is None else found[0]["neighbour"].head(SUGGESTED).to_list()
    return [desk.areas[code] for code in codes if code in desk.areas]


def near_words(desk: Desk, area: Area) -> str:
    """Who published when which councils are most like an area, or why nobody did."""
    found = desk.looking_at([area.code]).table("near_councils")
    if found is None or found[0].is_empty():
        return without_neighbours(area)
    tier, year = found[0].select("tier", "period").row(0)
    return f"Statistical nearest neighbours, {PUBLICATION.publisher}, {year}. {AMONG[tier]}"


def near_blocks(desk: Desk, area: Area) -> list[Block]:
    """The councils most like an area, with their distances; of an area without a list, the sentence that says so."""
    title = Heading("Councils most like it")
    figures = desk.looking_at([area.code]).figures("neighbour_distance").all(area=area.code)
    if not figures:
        return [title, Paragraph((without_neighbours(area),))]
    rows = [(dict(figure.where)["neighbour"], str(place), figure) for place, figure in enumerate(figures, start=1)]
    caption = f"Statistical nearest neighbours of {area.name}, {figures[0].period}"
    table = joined("neighbours", caption, ("Council", "Nearest", "Distance"), rows)
    return [title, Paragraph((NEAR_WORDS,)), table]
