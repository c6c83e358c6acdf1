"""The strategy of a programme as one document: the sections of a joint commissioning strategy, from live figures."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from parity.analyse import topics as analyse
from parity.documents.model import Block, Bullets, Callout, Chart, Document, Heading, Paragraph, Table, deeper
from parity.layout.topic import Topic
from parity.plan import topics as plan
from parity.register.catalogue.documents import document_blocks
from parity.register.programmes.models import Programme
from parity.register.thread.documents import table_of, thread_blocks
from parity.review import topics as review
from parity.secure import topics as secure
from parity.tables import Desk

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("vision", "Vision and aims", ()),
    ("policy", "Policy and duties", ()),
    ("views", "What people told us", ("consultation",)),
    ("need", "Need", ("population", "need", "older-people", "access")),
    ("performance", "Supply and performance", ("supply", "performance", "comparators", "kpis")),
    ("resources", "Resources", ("spend", "resource", "budget")),
    ("model", "Model of care", ()),
    ("priorities", "Priorities, outcomes and targets", ("outcomes", "targets", "improvement")),
    (
        "implications",
        "Resource implications",
        ("options", "scenarios", "move-on", "allocation", "tenders", "contracts"),
    ),
    ("risk", "Risk", ("risks",)),
)
"""Key in `[sections]` of programme.toml, title, and the topics whose chapters stand in the section."""


TOPICS: Mapping[str, Topic] = {
    topic.slug: topic for stage in (analyse, plan, secure, review) for topic in stage.STAGE.topics
}


def strategy(desk: Desk, programme: Programme) -> Document:
    """The programme's strategy: every section that has something to say, the tie-out, and the documents cited."""
    blocks = [*_opening(programme)]
    for key, title, slugs in SECTIONS:
        inside = [*_statements(desk, programme, key), *_chapters(desk, slugs)]
        if inside:
            blocks += [Heading(title), *inside]
    blocks += [Heading("How far the published figures tie out"), *_tie_out(desk)]
    blocks += [Heading("The thread"), *deeper(thread_blocks(desk), 1)]
    blocks += [Heading("Sources"), *_left_out(desk), *deeper(document_blocks(programme.described), 1)]
    facts = (("Programme", programme.title), ("Period", programme.period), ("Publisher", programme.publisher))
    return Document(
        title=f"{programme.title}: strategy",
        subtitle=programme.period,
        publisher=programme.publisher,
        blocks=tuple(blocks),
        facts=facts,
    )


def _opening(programme: Programme) -> Iterator[Block]:
    """What the programme is, and how to read its figures."""
    yield Heading("Summary")
    yield Paragraph((programme.summary,))
    yield Callout(
        "How to read the figures",
        (
            "Every figure was computed from the tables named under it. A figure that is not available says why. "
            "Money is shown on the basis its source states; figures on different bases are never compared.",
        ),
    )


def _statements(desk: Desk, programme: Programme, section: str) -> Iterator[Block]:
    """The lists of statements that programme.toml assigns to a section, each under its name with document and place."""
    lists: Sequence[str] = programme.described.get("sections", {}).get(section, ())
    statements = table_of(desk, "statements")
    for name in lists:
        rows = statements.filter(pl.col("list") == name)
        if not rows.is_empty():
            yield Heading(name[0].upper() + name[1:], 3)
            yield Bullets(tuple((text,) for text in rows["text"]), numbered=True)
            yield Paragraph((f"Source: {_cited(rows)}.",))


def _cited(rows: pl.DataFrame) -> str:
    """The documents and places of some rows, each once."""
    places = rows.select(pl.format("document {}, {}", "source", "place")).to_series().unique(maintain_order=True)
    return "; ".join(places)


def _chapters(desk: Desk, slugs: Sequence[str]) -> Iterator[Block]:
    """The chapters of those topics that the programme has something on, each under its title."""
    for slug in slugs:
        blocks = list(TOPICS[slug].chapter(desk))
        if _says_something(blocks):
            yield Heading(TOPICS[slug].title, 3)
            yield from deeper(blocks, 1)


def _says_something(blocks: Sequence[Block]) -> bool:
    """Whether a chapter has more than sentences: where a programme lacks the data, it only says so."""
    return any(isinstance(block, Table | Chart | Bullets) for block in blocks)


def _left_out(desk: Desk) -> Iterator[Block]:
    """One sentence that names the topics the programme has no data on."""
    silent = [topic.title for topic in TOPICS.values() if not _says_something(list(topic.chapter(desk)))]
    if silent:
        yield Paragraph((f"The documents give no data on: {', '.join(silent).lower()}.",))


def _tie_out(desk: Desk) -> Iterator[Block]:
    """The tie-out without its full listing, which stands in the workbook and on its page."""
    blocks = TOPICS["tie-out"].chapter(desk)
    yield from (block for block in blocks if not (isinstance(block, Table) and block.slug == "tie-out"))
