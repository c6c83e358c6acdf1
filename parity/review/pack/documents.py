"""The strategy of a programme as one document: the sections of a joint commissioning strategy, from live figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from parity.analyse import topics as analyse
from parity.documents.figure_tables import joined, period_words, place_words, shown, titled
from parity.documents.model import Block, Bullets, Callout, Cell, Chart, Document, Heading, Paragraph, Table, deeper
from parity.layout.topic import Topic
from parity.plan import topics as plan
from parity.plan.budget.indicators import CONTROLLABLE, GROSS
from parity.register.catalogue.documents import document_blocks
from parity.register.programmes.models import Programme
from parity.register.thread.documents import table_of, thread_blocks
from parity.review import topics as review
from parity.secure import topics as secure
from parity.tables import Desk
from parity.terms.figure import Figure

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("vision", "Vision and aims", ()),
    ("policy", "Policy and duties", ("policy",)),
    ("views", "What people told us", ("consultation", "intelligence")),
    ("need", "Need", ("population", "circumstances", "need", "groups", "older-people", "access")),
    (
        "performance",
        "Supply and performance",
        (
            *("supply", "workforce", "market", "inpatients", "performance", "comparators", "kpis", "moving-on"),
            "data-quality",
        ),
    ),
    ("resources", "Resources", ("spend", "resource", "opportunities", "budget")),
    ("model", "Model of care", ()),
    ("priorities", "Priorities, outcomes and targets", ("outcomes", "targets", "improvement")),
    (
        "implications",
        "Resource implications",
        (
            *("options", "service-costs", "move-on", "enablement", "scenarios", "reasons", "choice", "sizes"),
            *("calibration", "purchase", "allocation", "tenders", "contracts"),
        ),
    ),
    ("risk", "Risk", ("risks",)),
)
"""Key in `[sections]` of programme.toml, title, and the topics whose chapters stand in the section."""

HEADLINES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("People expected to have a severe and enduring mental illness", "severe_mental_illness_expected", {}),
    ("People with a condition who are not in treatment", "people_untreated", {}),
    ("Gross budget", "budget_total", {"heading": GROSS}),
    ("Controllable budget", "budget_total", {"heading": CONTROLLABLE}),
    ("Staff", "staffing_total", {}),
    ("Net cost a year of option", "option_net", {}),
    ("Net saving a year of services as they are to be", "net_saving", {}),
    ("Targets", "targets_count", {}),
    ("Targets that a task delivers", "targets_linked", {}),
    ("Performance indicators that met their target", "kpis_count", {"state": "met"}),
    ("Performance indicators that missed their target", "kpis_count", {"state": "missed"}),
    ("High risks", "risks_in_band", {"band": "High"}),
)
"""What a summary opens with where a programme has it: name, indicator, and which of its figures."""

OPTION = "option"

ONLY_CHARTS = ("comparators",)
"""Topics whose tables another chapter of the pack already has, with more columns."""

LISTINGS = ("tie-out", "tie-out-labels")
"""The tables of every published figure: too long to read on paper, so they stand in the workbook and on their page."""

TOPICS: Mapping[str, Topic] = {
    topic.slug: topic for stage in (analyse, plan, secure, review) for topic in stage.STAGE.topics
}


def strategy(desk: Desk, programme: Programme) -> Document:
    """The programme's strategy: every section that has something to say, the tie-out, and the documents cited."""
    blocks = [*_opening(desk, programme)]
    for key, title, slugs in SECTIONS:
        inside = [*_statements(desk, programme, key), *_chapters(desk, slugs, under=title)]
        if inside:
            blocks += [Heading(title), *inside]
    blocks += [Heading("How far the published figures tie out"), *_tie_out(desk)]
    blocks += [Heading("The thread"), *deeper(thread_blocks(desk), 1)]
    blocks += [Heading("Sources"), *_left_out(desk), *deeper(document_blocks(programme.described), 1)]
    return Document(
        title=f"{programme.title}: strategy",
        subtitle=period_words(programme.period),
        publisher=programme.publisher,
        blocks=tuple(blocks),
    )


def workbook_document(desk: Desk, document: Document) -> Document:
    """The document with the tables that only the workbook holds: every published figure of the tie-out."""
    listing = (block for block in TOPICS["tie-out"].chapter(desk) if _is_listing(block))
    return replace(document, blocks=(*document.blocks, *listing))


def _opening(desk: Desk, programme: Programme) -> Iterator[Block]:
    """What the programme is, its first figures, and how to read them."""
    yield Heading("Summary")
    yield Paragraph((programme.summary,))
    rows = [
        _headline(f"{name} {figure.address[OPTION]}" if OPTION in figure.address else name, figure)
        for name, key, where in HEADLINES
        for figure in _latest(desk.figures(key).all(**where))
    ]
    if rows:
        yield joined("headlines", "The programme in figures", ("Figure", "Area", "Period", "Value"), rows)
    yield Callout(
        "How to read the figures",
        (
            "Every figure was computed from the documents named under it. A figure that is not available says why. "
            "Money is shown on the basis its source states; figures on different bases are not compared, or the "
            "difference is said. Numbers invented to show a method are marked as illustrative.",
        ),
    )


def _latest(figures: Sequence[Figure]) -> list[Figure]:
    """The figures of the latest period among them."""
    latest = max((figure.period for figure in figures), default="")
    return [figure for figure in figures if figure.period == latest]


def _headline(name: str, figure: Figure) -> tuple[Cell, ...]:
    return name, titled(figure.area.name), titled(shown("period")(figure)), figure


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
    return "; ".join(place_words(place) for place in places)


def _chapters(desk: Desk, slugs: Sequence[str], *, under: str) -> Iterator[Block]:
    """The chapters of those topics that the programme has something on, each under its title.

    A chapter that has the section's own title stands in it without a heading of its own.
    """
    for slug in slugs:
        blocks = list(TOPICS[slug].chapter(desk))
        if slug in ONLY_CHARTS:
            blocks = [block for block in blocks if not isinstance(block, Table)]
        if not _says_something(blocks):
            continue
        if TOPICS[slug].title == under:
            yield from blocks
        else:
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
    """The tie-out without its full listing, and where that stands."""
    blocks = list(TOPICS["tie-out"].chapter(desk))
    places = [place for place, block in enumerate(blocks) if _is_listing(block)]
    yield from blocks[: places[0] - 1] if places else blocks
    if places:
        yield Paragraph(("Every published figure, with both sides and its tolerance, stands in the workbook.",))


def _is_listing(block: Block) -> bool:
    return isinstance(block, Table) and block.slug in LISTINGS
