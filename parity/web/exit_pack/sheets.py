"""The tables of an exit pack that people read, each as lines of comma-separated text with its Table Schema."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from parity.layout.csv_file import safe_text
from parity.register.exchange.actions import ID, KEPT
from parity.register.exchange.documents import csv_lines
from parity.register.models import Grant, Membership, Programme
from parity.register.people.rules import ROLES, May
from parity.register.policy import KNOW, Viewer
from parity.register.records.documents import listed
from parity.register.records.tables import RECORDS
from parity.sources.brought.disclosure import DISCLOSURE
from parity.sources.brought.programme import RELATIONS, house_schemas
from parity.sources.brought.table_schema import PRINTED, TYPES
from parity.tables import Desk
from parity.web.exit_pack.package import house_table, table_resource

AT_ONCE = 2000
TYPE_OF = {kind: name for name, kind in TYPES.items()}
KEPT_TYPES = dict(zip(KEPT, ("string", "string", "string", "integer", "boolean"), strict=True))
FROM_UNTIL = {"from": "date", "until": "date"}
"""From the first day to the day before the last: who leaves today acts no longer."""


@dataclass(frozen=True)
class Sheet:
    """A table: what the package says of it, and its lines."""

    resource: Mapping[str, Any]
    lines: Iterable[str]


def sheets_of(programme: Programme, desk: Desk, viewer: Viewer | None) -> Iterator[Sheet]:
    """Every table of the programme as the viewer may see it; all that there is for None, who runs the workspace.

    Numbers are those that pages show: what is small is hidden in them for everybody.
    """
    tables = sorted(stem for stem, release in desk.releases.items() if release.scope == programme.slug)
    shown = [stem for stem in tables if stem not in (DISCLOSURE, RELATIONS)]
    for stem, model in sorted(RECORDS.items()):
        found = listed(programme, model, viewer=viewer, asked={"withdrawn": "yes"})
        schema = _register_schema(stem, with_areas="areas" in shown)
        lines = csv_lines(found.iterator(chunk_size=AT_ONCE), model)
        yield Sheet(table_resource(stem, f"registers/{stem}.csv", schema), lines)
    for stem in shown:
        table = desk.table(stem)
        if table is not None:
            yield _table_sheet(stem, table[0])
    yield from _people_sheets(programme, viewer)


def _register_schema(stem: str, *, with_areas: bool) -> dict[str, Any]:
    """The register's Table Schema with the columns behind its own; a record is known by its id, not by its name."""
    schema = house_table(stem)
    if not with_areas:
        schema.pop("foreignKeys", None)
    kept = [{"name": name, "type": kind, "constraints": {"required": True}} for name, kind in KEPT_TYPES.items()]
    return {**schema, "fields": [*schema["fields"], *kept], "primaryKey": [ID]}


def _table_sheet(stem: str, frame: pl.DataFrame) -> Sheet:
    """A table as pages show it. What is required of its numbers need not hold where some are hidden."""
    house = house_schemas().get(stem)
    known = {entry["name"]: entry for entry in house.fields} if house else {}
    fields = []
    for name, kind in frame.schema.items():
        told = known.get(name, known.get(name.removesuffix(PRINTED), {}))
        meaning = {"description": told["description"]} if "description" in told else {}
        fields.append({"name": name, "type": TYPE_OF.get(kind, "string"), **meaning})
    schema = {"title": house.title if house else stem, "fields": fields, "missingValues": [""]}
    return Sheet(table_resource(stem, f"tables/{stem}.csv", schema), _lines(frame.columns, frame.iter_rows()))


def _people_sheets(programme: Programme, viewer: Viewer | None) -> Iterator[Sheet]:
    """Who takes part, who acts for whom, and which records are shared with whom by name."""
    names = ("code", "name", "kind", "ods_code", "ons_code")
    bodies = programme.organisations.order_by("code").values_list(*names)
    yield _sheet("organisations", dict.fromkeys(names, "string"), bodies)
    texts = dict.fromkeys(("person", "organisation", "role", "lot"), "string")
    yield _sheet("memberships", {**texts, **FROM_UNTIL}, map(_seat, _memberships(programme, viewer)))
    grants = _grants(programme, viewer).values_list("record", "organisation__code", "starts_on", "ends_on")
    yield _sheet("shared_by_name", {ID: "string", "organisation": "string", **FROM_UNTIL}, grants)


def _seat(one: Membership) -> tuple[object, ...]:
    called = one.person.get_full_name() or one.person.get_username()
    return called, one.organisation.code, ROLES[one.role].title, one.lot, one.starts_on, one.ends_on


def _memberships(programme: Programme, viewer: Viewer | None) -> QuerySet[Membership]:
    """Who acts today is known to every partner, and within an organisation; who did before, to those who decide it."""
    found = Membership.objects.filter(programme=programme).select_related("person", "organisation").order_by("pk")
    if viewer is None:
        return found
    own = Q(organisation__in=[standing.organisation for standing in viewer.standings])
    now = Membership.on(viewer.on) & (Q() if viewer.may(May.PARTNER) else own)
    return found.filter(now | Q(organisation__in=viewer.may(May.MANAGE)))


def _grants(programme: Programme, viewer: Viewer | None) -> QuerySet[Grant]:
    """With whom else a record is shared is known to its owner alone."""
    found = Grant.objects.filter(programme=programme).order_by("pk")
    if viewer is None:
        return found
    known = Q(pk__in=())
    for model in RECORDS.values():
        known |= Q(record__in=model._default_manager.filter(KNOW.among(viewer)).values("pk"))
    return found.filter(known)


def _sheet(name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> Sheet:
    fields = [{"name": column, "type": kind} for column, kind in columns.items()]
    schema = {"title": name.replace("_", " ").capitalize(), "fields": fields, "missingValues": [""]}
    return Sheet(table_resource(f"people-{name}", f"people/{name}.csv", schema), _lines(columns, rows))


def _lines(header: Iterable[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The rows as lines of comma-separated text, header first; no text can become a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in (tuple(header), *rows):
        writer.writerow(map(_cell, row))
        yield written.getvalue()
        written.seek(0)
        written.truncate()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return safe_text(value)
        case bool():
            return str(value).lower()
    return str(value)
