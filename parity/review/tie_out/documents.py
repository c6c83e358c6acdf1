"""The chapter and the page of the tie-out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from parity.documents.model import Block, Callout, Column, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.methods.relations import fits_from, relations_from
from parity.methods.tie_out import TieOut
from parity.sources.programme import DECLARED, RELATIONS
from parity.tables import Desk
from parity.terms.release import Release
from parity.terms.units import write_number

RESULTS_HELD = 16
STATUSES = {
    "discrepancy": "Does not follow from its inputs",
    "label_error": "Wrong label",
    "cross_check": "Two statements on different grounds",
    "ambiguous": "Can be read in more than one way",
    "fitted_match": "Agrees, with an unknown solved from the same table",
    "match": "Agrees",
    "derived": "Not printed; computed from what is",
}
"""What each status means to a reader, the ones to look at first."""


@dataclass(frozen=True)
class _Asked:
    """A desk and the releases it shows. Two are equal when the releases are: that is the cache key."""

    releases: tuple[Release, ...]
    desk: Desk = field(compare=False)


def programme_tie_out(desk: Desk) -> pl.DataFrame:
    """The tie-out of a programme's relations over its tables: the columns of `methods.tie_out.COLUMNS`."""
    found = (desk.table(stem) for stem in desk.stems())
    return _computed(_Asked(tuple(offered[1] for offered in found if offered is not None), desk))


@lru_cache(maxsize=RESULTS_HELD)
def _computed(asked: _Asked) -> pl.DataFrame:
    desk = asked.desk
    tables = {stem: found[0] for stem in desk.stems() if (found := desk.table(stem)) is not None}
    declared = json.loads(tables[RELATIONS][DECLARED].item()) if RELATIONS in tables else {}

    def figure(key: str, where: dict[str, str]) -> float | None:
        return desk.figures(key).one(**where).value

    return relations_tie_out(declared, tables, figure)


def relations_tie_out(
    declared: Mapping[str, Any],
    tables: Mapping[str, pl.DataFrame],
    figure: Callable[[str, dict[str, str]], float | None] = lambda key, where: None,
) -> pl.DataFrame:
    """The tie-out of declared relations over any tables. Raises RelationFault naming the relation to mend."""
    relations = {relation.id: relation for relation in relations_from(declared)}
    return TieOut(relations, fits_from(declared), tables, figure).rows()


def result_counts(rows: pl.DataFrame) -> list[tuple[str, int]]:
    """Each status that occurs with its number of figures, the ones to look at first."""
    counted = dict(rows["status"].value_counts().iter_rows())
    return [(status, counted[status]) for status in STATUSES if status in counted]


def chapter(desk: Desk) -> list[Block]:
    """How many published figures agree, and every one that does not, with what would make it right."""
    rows = programme_tie_out(desk)
    if rows.is_empty():
        return [Paragraph(("The programme declares no relation between published figures.",))]
    return [
        Paragraph(
            (
                "Every figure that the documents print was computed again from its own inputs. The tolerance follows "
                "from how many digits were printed and from which inputs are exact.",
            )
        ),
        _counts(rows),
        *_look_first(rows),
        Heading("Every published figure", 3),
        _listing(rows, "tie-out", "The tie-out, figure by figure"),
    ]


def _counts(rows: pl.DataFrame) -> Table:
    heads = (Column("Result"), Column("Meaning"), Column("Figures"))
    counts = result_counts(rows)
    body = tuple((status.replace("_", " "), STATUSES[status], str(count)) for status, count in counts)
    return Table("tie-out-results", "Results of the tie-out", heads, body)


def _look_first(rows: pl.DataFrame) -> list[Block]:
    wrong = rows.filter(pl.col("status") == "discrepancy")
    if wrong.is_empty():
        return [Callout("No discrepancy", ("Every printed result follows from its inputs.",))]
    listing = _listing(wrong, "discrepancies", "Printed results that do not follow from their inputs")
    return [Heading("What does not follow", 3), listing]


def _listing(rows: pl.DataFrame, slug: str, caption: str) -> Table:
    names = (
        "Figure",
        "Says",
        "Document and place",
        "Printed",
        "Recomputed",
        "Tolerance",
        "Result",
        "Would need",
        "Note",
    )
    heads = tuple(Column(name) for name in names)
    return Table(slug, caption, heads, tuple(_cells(row) for row in rows.iter_rows(named=True)))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    recomputed = row["right"] if row["recomputed"] is None else write_number(row["recomputed"])
    implied = row["implied"]
    solved = "" if implied is None else f"{row['solved_for'].replace('_', ' ')} {write_number(implied)}"
    return (
        row["id"],
        row["says"] or "",
        f"{row['source']}, {row['place']}",
        row["printed"] or "",
        f"{recomputed} {row['unit']}" if row["recomputed"] is not None else recomputed or "",
        write_number(row["tolerance"]) if row["tolerance"] is not None else "",
        row["status"].replace("_", " "),
        solved,
        row["note"] or "",
    )


TOPIC = Topic(
    slug="tie-out",
    stage="review",
    title="Tie-out",
    lead="Every published figure computed again from its inputs, and where what was printed does not follow from them.",
    chapter=chapter,
)
