"""What the assessment of a place ends with: its publications, short forms, methods, and the numbers that are chosen."""

from collections.abc import Sequence

from parity.documents.figure_tables import annexed, joined
from parity.documents.model import Block, Cell, Column, Heading, Paragraph, Table
from parity.sources.shelf import SHELF
from parity.tables import ENGLAND_SCOPE, Desk
from parity.terms.figure import Figure
from parity.terms.units import write_number

OPEN_LICENCE = (
    "Contains public sector information licensed under the Open Government Licence v3.0, where that licence is named."
)
ADOPTED = "– : numbers that Parity adopts, each with its reference; they are no publication."
SHORT_FORMS = (
    ("ADHD", "attention deficit hyperactivity disorder"),
    ("APMS", "Adult Psychiatric Morbidity Survey, of England"),
    ("CCG", "clinical commissioning group: what bought NHS care for a place until 2022"),
    ("CFAS", "Cognitive Function and Ageing Study"),
    ("ICB", "integrated care board: what buys NHS care for a place since 2022"),
    ("LSOA", "lower layer super output area: a small area of about 1,600 people"),
    ("MRC", "Medical Research Council"),
    ("PANSI", "Projecting Adult Needs and Service Information: a tool for ages 18 to 64"),
    ("POPPI", "Projecting Older People Population Information: a tool for ages 65 and over"),
    ("PTSD", "post-traumatic stress disorder"),
    ("QOF", "Quality and Outcomes Framework, by which general practices keep registers"),
    ("SCMH", "Sainsbury Centre for Mental Health"),
    ("Sub-ICB location", "a part of an integrated care board, mostly a former CCG"),
)
"""Short forms that the publications use, and what they stand for."""


def sources_and_methods(desk: Desk, cited: Sequence[str], figures: Sequence[Figure]) -> list[Block]:
    """The last chapter: the publications cited, in the order of their numbers, and how the figures are worked out."""
    return [
        Heading("Sources and methods"),
        Paragraph((OPEN_LICENCE,)),
        _publications(desk, cited),
        joined("short-forms", "Short forms", ("Short form", "What it stands for"), SHORT_FORMS),
        *_methods(figures),
    ]


def last_reading(desk: Desk) -> str:
    """The last day on which an official publication was read, such as `2026-11-22`; empty where none was."""
    return max((release.at for release in desk.store.listed(ENGLAND_SCOPE)), default="")[:10]


def _publications(desk: Desk, cited: Sequence[str]) -> Table:
    """What the figures cite, by the number that notes name it by, with edition, date of reading and licence."""
    editions = desk.store.listed(ENGLAND_SCOPE)
    known = {release.cited: release for release in (*editions, *desk.store.releases(ENGLAND_SCOPE).values())}
    rows: list[tuple[Cell, ...]] = []
    licences: dict[str, None] = {}
    for number, words in enumerate(cited, start=1):
        release = known.get(words)
        source = SHELF.get(release.stem) if release else None
        told = (words, "–", "–", "–")
        if release is not None and source is not None:
            licences[source.licence] = None
            told = (source.title, source.publisher, release.edition, release.at[:10])
        rows.append((f"S{number}", *told))
    columns = tuple(map(Column, ("Number", "Publication", "Publisher", "Edition", "Read on")))
    notes = (ADOPTED, f"Licences: {'; '.join(licences)}.") if licences else (ADOPTED,)
    return Table("publications", "Publications that the figures rest on", columns, tuple(rows), notes)


def _methods(figures: Sequence[Figure]) -> list[Block]:
    """How each indicator is worked out, and the numbers that the figures rest on and that somebody chose."""
    used = dict.fromkeys(figure.indicator for figure in figures)
    worked = [(one.title, one.formula, one.interval or "none", one.frequency) for one in used]
    chosen = {number.key: number for figure in figures for number in figure.assumptions}
    adopted = [
        (each.title, write_number(each.value), each.unit, each.reference, each.confidence.value)
        for each in chosen.values()
    ]
    method_heads, chosen_heads = (
        ("Figure", "How it is worked out", "Interval", "How often"),
        ("Number", "Value", "Unit", "Reference", "Confidence"),
    )
    return [
        annexed(Table("methods", "How the figures are worked out", tuple(map(Column, method_heads)), tuple(worked))),
        *([Table("chosen-numbers", "Numbers chosen, and why", tuple(map(Column, chosen_heads)), tuple(adopted))]
          if adopted else []),
    ]  # fmt: skip
