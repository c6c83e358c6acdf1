"""The thread in words: what each record points to, and what hangs loose."""

from collections.abc import Mapping

import polars as pl

from parity.documents.model import Block, Callout, Column, Heading, Paragraph, Table
from parity.sources.brought.programme import house_schemas
from parity.tables import Desk
from parity.terms.indicator import CATALOGUE

Titles = Mapping[tuple[str, str], str]

TITLED = {
    "assessment check": ("assessment_checks", "topic"),
    "case finding": ("case_findings", "title"),
    "data issue": ("data_issues", "title"),
    "policy": ("policies", "title"),
    "theme": ("themes", "title"),
    "agreement": ("agreements", "title"),
    "board": ("boards", "title"),
    "board member": ("board_members", "represents"),
    "contract": ("contracts", "title"),
    "decision": ("decisions", "title"),
    "document": ("documents", "title"),
    "engagement": ("engagements", "subject"),
    "interest": ("interests", "concerns"),
    "measure": ("outcomes", "title"),
    "milestone": ("milestones", "text"),
    "change": ("scenario_changes", "lever"),
    "risk": ("risks", "title"),
    "scenario": ("scenarios", "scenario"),
    "setting": ("flow_settings", "setting"),
    "stakeholder": ("stakeholders", "kind"),
    "statement": ("statements", "text"),
    "target": ("targets", "text"),
    "task": ("tasks", "title"),
}
"""By kind of record: its table, and the column that says what the record is. Other kinds are known by their code."""

EXPECTED = (
    ("target", "targets", "target", "to", "delivers", "No task delivers it."),
    ("measure", "outcomes", "outcome", "to", "measures", "No indicator measures it."),
    ("contract", "contracts", "contract", "from", "buys", "It is linked to no task or specification."),
)
"""Kind, its table, its code, which end of a link it should be, by which relation, and what to say where it is not."""


def thread_blocks(desk: Desk) -> list[Block]:
    """Every link both ways, and the records that hang loose."""
    links = table_of(desk, "thread")
    titles = _titles(desk)
    loose = tuple((kind, _named(titles, kind, code), why) for kind, code, why in orphans(desk))
    blocks: list[Block] = [Heading("What hangs loose")]
    if loose:
        blocks += [
            Callout("Loose ends", ("The records below are not joined to what they should rest on or be served by.",)),
            Table("loose-ends", "Records that hang loose", _columns("Kind", "Record", "Why"), loose),
        ]
    else:
        linked = "Every record that should be linked is." if not links.is_empty() else "No record is linked to another."
        blocks.append(Paragraph((linked,)))
    blocks.append(Heading("Links"))
    if links.is_empty():
        return [*blocks, Paragraph(("The programme's documents have no legible link between records.",))]
    heads = _columns("Later record", "Relation", "Earlier records", "Document and place")
    return [*blocks, Table("links", "Links from later records to earlier ones", heads, _grouped(links, titles))]


def _titles(desk: Desk) -> Titles:
    """The title of each record that has one, by kind and code."""
    found = {("figure", key): definition.title for key, definition in CATALOGUE.items()}
    for kind, (stem, title) in TITLED.items():
        records = table_of(desk, stem)
        codes = records.select(pl.concat_str(house_schemas()[stem].key, separator="/")).to_series()
        found |= {(kind, code): words for code, words in zip(codes, records[title], strict=True) if words}
    return found


def _named(titles: Titles, kind: str, code: str) -> str:
    """What a reader calls a record: `A.1: One team for each district`; its code alone where it has no title."""
    title = titles.get((kind, code))
    spaced = code.replace("/", " ")
    return f"{spaced}: {title}" if title else spaced


def _grouped(links: pl.DataFrame, titles: Titles) -> tuple[tuple[str, ...], ...]:
    """One row a later record, relation and kind of earlier record, which stand side by side."""
    keys = ("from_kind", "from_id", "relation", "to_kind")
    told = pl.concat_str("source", "place", separator=", ", ignore_nulls=True)
    cited = told.filter(told != "").unique(maintain_order=True)
    each = links.group_by(keys, maintain_order=True).agg("to_id", cited=cited)
    return tuple(
        (
            f"{kind} {_named(titles, kind, name)}",
            relation,
            f"{to_kind} {'; '.join(_named(titles, to_kind, code) for code in codes)}",
            "; ".join(cited) or "none named",
        )
        for kind, name, relation, to_kind, codes, cited in each.iter_rows()
    )


def _columns(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title) for title in titles)


def orphans(desk: Desk) -> list[tuple[str, str, str]]:
    """Kind, code and reason of each record that no link joins as it should; none for kinds the thread never names."""
    links = table_of(desk, "thread")
    loose: list[tuple[str, str, str]] = []
    for kind, stem, code, end, relation, reason in EXPECTED:
        records = table_of(desk, stem)
        joined = links.filter((pl.col(f"{end}_kind") == kind) & (pl.col("relation") == relation))
        if records.is_empty() or joined.is_empty():
            continue
        codes = records[code].unique(maintain_order=True)
        loose += [(kind, name, reason) for name in codes.filter(~codes.is_in(joined[f"{end}_id"].to_list()))]
    return loose


def table_of(desk: Desk, stem: str) -> pl.DataFrame:
    """The table of this stem, or an empty one with the columns of its schema where the programme has none."""
    found = desk.table(stem)
    return found[0] if found is not None else house_schemas()[stem].empty()
