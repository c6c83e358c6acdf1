"""A link of the thread."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Self
from uuid import UUID

import polars as pl
from django.db import models

from parity.register.people.models import Person
from parity.register.policy import Viewer, viewer_of
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS, record_id
from parity.register.thread.rules import FIGURE, misjoined
from parity.sources.brought.csv_text import row_number
from parity.terms.errors import Fault

SIDES = ("from", "to")
LOOKED_UP_AT_ONCE = 500


class Link(Record):
    """A later record points to an earlier one. Each end is a UUID or a figure's key, beside its code.

    Who made it and when stands in its history.
    """

    STEM = "thread"
    KIND = "link"
    LISTED = ("source", "place", "note")
    FILTERS = ("relation", "from_kind", "to_kind")

    from_end = models.CharField(max_length=200)
    to_end = models.CharField(max_length=200)

    @classmethod
    def complete(cls, records: Sequence[Self], *, by: Person, on: date) -> None:
        """Nothing; each end is known by its id.

        A programme's folder means its own records. People mean, of those that they see, their own organisation's, or
        else the first.
        """
        entered = [one for one in records if not one.transcribed]
        named = {(getattr(one, f"{side}_kind"), getattr(one, f"{side}_id")) for one in entered for side in SIDES}
        viewer = viewer_of(by, records[0].programme, on=on)
        found: dict[tuple[str, str, UUID | None], UUID] = {}
        for kind, code, owner, pk in _seen(named, viewer):
            found[kind, code, owner] = pk
            found.setdefault((kind, code, None), pk)
        for link in records:
            for side in SIDES:
                kind, code = getattr(link, f"{side}_kind"), getattr(link, f"{side}_id")
                meant = found.get((kind, code, link.organisation_id)) or found.get((kind, code, None))
                if link.transcribed or meant is None:
                    meant = record_id(link.programme, kind, code)
                end = code if kind == FIGURE else str(meant)
                setattr(link, f"{side}_end", end)

    @classmethod
    def faults_in(cls, rows: pl.DataFrame, viewer: Viewer, *, file: str) -> list[Fault]:
        """A fault for each link that may not join what it joins, or ends at nothing that the viewer sees."""
        named = {(row[f"{side}_kind"], row[f"{side}_id"]) for row in rows.iter_rows(named=True) for side in SIDES}
        ends: dict[str, set[str]] = {}
        for kind, code, _, _ in _seen(named, viewer):
            ends.setdefault(kind, set()).add(code)
        return [Fault(file, words, row_number(place), name) for place, name, words in misjoined(rows, ends)]


def _seen(named: Iterable[tuple[str, str]], viewer: Viewer) -> Iterator[tuple[str, str, UUID, UUID]]:
    """Kind, code, owner and id of each record that is called so and that the viewer sees, the first first."""
    models_by_kind: dict[str, Any] = {model.KIND: model for model in RECORDS.values() if model.KIND}
    codes: dict[str, list[str]] = {}
    for kind, code in sorted(named):
        codes.setdefault(kind, []).append(code)
    for kind in codes.keys() & models_by_kind.keys():
        records = models_by_kind[kind].seen_by(viewer).filter(withdrawn=False).order_by("position", "id")
        for start in range(0, len(codes[kind]), LOOKED_UP_AT_ONCE):
            asked = records.filter(known_as__in=codes[kind][start : start + LOOKED_UP_AT_ONCE])
            for code, owner, pk in asked.values_list("known_as", "organisation", "pk"):
                yield kind, code, owner, pk
