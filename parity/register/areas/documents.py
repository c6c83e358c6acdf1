"""The areas of a programme as a table, each under the one it lies in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from parity.documents.figure_tables import titled
from parity.documents.model import Column, Table

Row = Mapping[str, Any]
COLUMNS = ("Area", "Code", "Kind", "Boundaries of", "Lies in")
KINDS = {"nhs_body": "NHS body"}
"""The kinds of areas whose names are more than their codes."""
NOTHING = "–"


def areas_table(rows: Iterable[Row]) -> Table:
    """The rows of a table of areas from the widest to the narrowest, each after the one it lies in."""
    known = {str(row["area"]): row for row in rows}
    told = tuple(
        (
            str(row["name"]),
            str(row["area"]),
            titled(KINDS.get(row["kind"]) or row["kind"]),
            row.get("boundaries") or NOTHING,
            "; ".join(_within(row, known)) or NOTHING,
        )
        for row in _in_order(known)
    )
    caption = "Areas, each after the one it lies in"
    return Table("areas", caption, tuple(Column(title) for title in COLUMNS), told)


def _within(row: Row, known: Mapping[str, Row]) -> Iterator[str]:
    """The names of the areas in which an area lies, the nearest first."""
    passed = {row["area"]}
    while (above := row["parent"]) is not None and above not in passed:
        passed.add(above)
        if above not in known:
            yield above
            return
        row = known[above]
        yield row["name"]


def _in_order(known: Mapping[str, Row]) -> Iterator[Row]:
    """The areas, each followed by those that lie in it; those of a circle, which lie in no area, last."""
    below: dict[str | None, list[Row]] = {}
    for row in known.values():
        below.setdefault(row["parent"] if row["parent"] in known else None, []).append(row)
    waiting, told = below.get(None, [])[::-1], set()
    while waiting:
        row = waiting.pop()
        told.add(row["area"])
        yield row
        waiting += below.get(row["area"], [])[::-1]
    yield from (row for code, row in known.items() if code not in told)
