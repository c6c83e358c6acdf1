"""The chapter and the page of the tie-out."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import polars as pl

from parity.documents.figure_tables import place_words, titled
from parity.documents.model import Block, Callout, Column, Heading, Paragraph, Table
from parity.layout.topic import Topic
from parity.methods.relations import fits_from, relations_from
from parity.methods.tie_out import TieOut
from parity.sources.brought.programme import DECLARED, RELATIONS
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

REMARKED = {
    "cross_check": (
        "On different grounds",
        "Statements on one subject that rest on different grounds",
        ("Printed", "Other side"),
    ),
    "label_error": (
        "Labelled wrongly",
        "Labels that are wrong, and the right ones",
        ("Printed label", "Right label"),
    ),
    "ambiguous": (
        "Open to more than one reading",
        "Statements that can be read in more than one way",
        ("Printed text", "Other reading"),
    ),
}
"""Statuses that are declared with a reason: heading and caption of their list, and what its two sides are."""

WRITTEN = {"%": ("", "%"), "GBP": ("£", ""), "GBP million": ("£", "m"), "GBP thousand": ("£", "k")}
"""How units of relations are written around a number; other units follow it in words."""

BARE = ("count", "text", "z", "score", "rank", "ratio")
"""Units that say nothing to a reader."""

NUMERIC = ("Figures", "Printed", "Recomputed", "Other side", "Tolerance")
"""Headings of columns that hold numbers, some with a few words around them."""

TOLERANCE_DIGITS = 2


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
        *(block for status in REMARKED for block in _remarked(rows, status)),
        Heading("Every published figure", 3),
        *_listings(rows),
    ]


def _counts(rows: pl.DataFrame) -> Table:
    counts = result_counts(rows)
    body = tuple((titled(status), STATUSES[status], str(count)) for status, count in counts)
    return Table("tie-out-results", "Results of the tie-out", _columns("Result", "Meaning", "Figures"), body)


def _look_first(rows: pl.DataFrame) -> list[Block]:
    wrong = rows.filter(pl.col("status") == "discrepancy")
    if wrong.is_empty():
        return [Callout("No discrepancy", ("Every printed result follows from its inputs.",))]
    heads = _columns("Figure", "Says", "Document and place", "Printed", "Recomputed", "Tolerance", "Would need", "Note")
    body = tuple(_without_result(_cells(row)) for row in wrong.iter_rows(named=True))
    caption = "Printed results that do not follow from their inputs"
    return [
        Heading("What does not follow", 3),
        Table("discrepancies", caption, heads, body),
    ]


def _without_result(cells: tuple[str, ...]) -> tuple[str, ...]:
    return (*cells[:6], *cells[7:])


def _remarked(rows: pl.DataFrame, status: str) -> list[Block]:
    """The statements of this status: both sides, or the printed and the right label, and the reason."""
    found = rows.filter(pl.col("status") == status)
    if found.is_empty():
        return []
    heading, caption, sides = REMARKED[status]
    heads = _columns("Figure", "Says", "Document and place", *sides, "Why")
    cells = (_cells(row) for row in found.iter_rows(named=True))
    body = tuple((*row[:5], row[-1]) for row in cells)
    return [
        Heading(heading, 3),
        Table(status.replace("_", "-"), caption, heads, body),
    ]


def _listings(rows: pl.DataFrame) -> Iterator[Table]:
    """Every figure; and the labels in a table of their own, since its columns hold words."""
    is_label = pl.col("kind") == "label"
    figures, labels = (
        [_cells(row) for row in rows.filter(chosen).iter_rows(named=True)] for chosen in (~is_label, is_label)
    )
    named = ("Figure", "Says", "Document and place")
    heads = _columns(*named, "Printed", "Recomputed", "Tolerance", "Result", "Would need", "Note")
    yield Table("tie-out", "The tie-out, figure by figure", heads, tuple(figures))
    if labels:
        heads = _columns(*named, "Printed label", "Right label", "Result", "Note")
        yield Table("tie-out-labels", "Labels", heads, tuple((*row[:5], row[6], row[8]) for row in labels))


def _columns(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title, numeric=title in NUMERIC) for title in titles)


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    unit = row["unit"]
    recomputed = row["right"] if row["recomputed"] is None else amount_text(_as_close(row), unit)
    implied = row["implied"]
    solved = "" if implied is None else f"{titled(row['solved_for'])}: {write_number(implied)}"
    return (
        row["id"],
        row["says"] or "",
        f"{row['source']}, {place_words(row['place'])}",
        row["printed"] or "",
        recomputed or "",
        "" if row["tolerance"] is None else amount_text(two_digits(row["tolerance"]), unit),
        titled(row["status"]),
        solved,
        row["note"] or "",
    )


def amount_text(value: float, unit: str) -> str:
    """A number with the unit of its relation: `£24.5528m`, `4.9 per 1,000`, `36`."""
    before, after = WRITTEN.get(unit, ("", "" if unit in BARE else f" {unit.replace('GBP', 'pounds')}"))
    number = write_number(value)
    sign = "−" if number.startswith("−") else ""
    return f"{sign}{before}{number.removeprefix('−')}{after}"


def two_digits(value: float) -> float:
    """The number to two significant digits; zero as it is."""
    return round(value, _places(value)) if value else value


def _as_close(row: Mapping[str, Any]) -> float:
    """The recomputed number with as many places as its tolerance is written with; all where it has none."""
    return round(row["recomputed"], _places(row["tolerance"])) if row["tolerance"] else row["recomputed"]


def _places(value: float) -> int:
    """Decimal places of the number's last significant digit that is written."""
    return TOLERANCE_DIGITS - 1 - Decimal(repr(value)).adjusted()


TOPIC = Topic(
    slug="tie-out",
    stage="review",
    title="Tie-out",
    lead="Every published figure computed again from its inputs, and where what was printed does not follow from them.",
    chapter=chapter,
)
