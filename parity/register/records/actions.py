"""Every write of a record: who may, what is checked, history and event, in one transaction."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from simple_history.utils import bulk_create_with_history

from parity.register.audit.actions import Happening, append_events
from parity.register.audit.models import LISTED
from parity.register.organisations.models import Organisation
from parity.register.people.models import Person
from parity.register.people.rules import May
from parity.register.policy import CHANGE, SHARE, Permission, Viewer, check, viewer_of
from parity.register.programmes.models import Programme
from parity.register.records.models import Record
from parity.register.records.rules import changed_columns, digest
from parity.register.records.tables import code_of
from parity.register.sharing.models import Grant, Sharing
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import PRINTED, check_cells
from parity.tables import Desk, Store
from parity.terms.errors import Fault, InputRefused, NotAllowed, WrongState

ROWS_AT_ONCE = 1000
Kind = TypeVar("Kind", bound=Record)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who keeps a new record, with whom it is shared, for which lot, and who holds it; why, where there is a reason."""

    organisation: Organisation
    sharing: str = Sharing.PRIVATE
    lot: str = ""
    held_by: Person | None = None
    reason: str = ""


def content_of(record: Record) -> dict[str, Any]:
    """What a record says and how it is kept: the part of it that an event's hash covers."""
    granted: Iterable[tuple[str, date, date | None]] = ()
    if record.sharing == Sharing.NAMED:
        granted = Grant.objects.filter(record=record.pk).values_list("organisation__code", "starts_on", "ends_on")
    return {
        **values_of(record),
        "known as": record.known_as,
        "printed": record.printed,
        "organisation": str(record.organisation_id),
        "sharing": record.sharing,
        "shared with": sorted(granted),
        "lot": record.lot,
        "held by": str(record.held_by_id or ""),
        "withdrawn": record.withdrawn,
    }


def values_of(record: Record) -> dict[str, Any]:
    """The record's columns with their values, as its table has them: nothing where there is none."""
    found = {entry["name"]: getattr(record, entry["name"]) for entry in house_schemas()[record.STEM].fields}
    return {name: None if value == "" else value for name, value in found.items()}


def cells_of(record: Record) -> dict[str, str]:
    """The record's columns as text, as they would stand in a sheet; numbers as they were written in digits."""
    numeric = house_schemas()[record.STEM].numeric
    printed = {name: record.printed.get(name + PRINTED) for name in numeric}
    return {
        name: "" if value is None else _in_digits(printed.get(name), value) or written(value)
        for name, value in values_of(record).items()
    }


def written(value: object) -> str:
    """A value as it would stand in a sheet; a whole number without a point."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _in_digits(printed: str | None, value: float) -> str | None:
    """The number as it was printed, where that is the number itself and not words about it such as `£1.2m`."""
    try:
        return printed if printed and float(printed) == value else None
    except ValueError:
        return None


def _printed(record: Record, wanted: Mapping[str, Any]) -> dict[str, str]:
    """What was printed for those of the record's numbers that stay the same."""
    twins = {name: name + PRINTED for name in house_schemas()[record.STEM].numeric}
    kept = {twin: record.printed.get(twin) for name, twin in twins.items() if wanted[name] == getattr(record, name)}
    return {twin: text for twin, text in kept.items() if text is not None}


def as_cells(model: type[Record], rows: Iterable[Mapping[str, str]]) -> pl.DataFrame:
    """The rows as text cells, one column for each of the register's table; what is empty or not named is null.

    What was printed for a number stands in a column of its own. Raises InputRefused for a name that is no column.
    """
    kept, schema = list(rows), house_schemas()[model.STEM]
    given = {name for row in kept for name in row}
    printed = [name + PRINTED for name in schema.numeric if name + PRINTED in given]
    names = [*(entry["name"] for entry in schema.fields), *printed]
    strange = sorted(given - set(names))
    if strange:
        raise InputRefused([Fault(model.STEM, f"There is no column “{name}”.", column=name) for name in strange])
    cells = [[(row.get(name) or "").strip() or None for name in names] for row in kept]
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")


@transaction.atomic
def add_records(
    programme: Programme, model: type[Kind], cells: pl.DataFrame, *, keeping: Keeping, by: Person, on: date
) -> list[Kind]:
    """The new records, one for each row of text cells. Raises InputRefused with every fault, NotAllowed, NotFound."""
    viewer = viewer_of(by, programme, on=on)
    _check_may_add(viewer, keeping)
    # held until the transaction ends, so that two cannot take the same name or place
    Programme.objects.select_for_update().get(pk=programme.pk)
    typed = checked(programme, model, cells)
    codes = [code_of(row, house_schemas()[model.STEM].key) for row in typed.iter_rows(named=True)]
    taken = model._default_manager.filter(
        programme=programme, organisation=keeping.organisation, known_as__in=codes
    ).values_list("known_as", flat=True)
    if taken:
        names = ", ".join(sorted(taken))
        words = f"There is a {model.KIND or 'record'} {names} already: give it another name, or change that one."
        raise InputRefused([Fault(model.STEM, words, column=house_schemas()[model.STEM].key[0])])
    faults = model.faults_in(typed, viewer, file=model.STEM)
    if faults:
        raise InputRefused(faults)
    return create(programme, model, typed, keeping=keeping, by=by, on=on)


def create(
    programme: Programme, model: type[Kind], typed: pl.DataFrame, *, keeping: Keeping, by: Person, on: date
) -> list[Kind]:
    """The new records, one for each typed row, with history and events; asks neither for permission nor for faults."""
    key = house_schemas()[model.STEM].key
    last = model._default_manager.filter(programme=programme).aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    records = [
        model(
            id=uuid.uuid4(),
            programme=programme,
            position=position,
            known_as=code_of(row, key),
            organisation=keeping.organisation,
            sharing=keeping.sharing,
            lot=keeping.lot,
            held_by=keeping.held_by,
            **keep_fields(model, row),
        )
        for position, row in enumerate(typed.iter_rows(named=True), first)
    ]
    insert(programme, records, by=by, on=on, reason=keeping.reason)
    return records


def insert(programme: Programme, records: Sequence[Kind], *, by: Person, on: date, reason: str = "") -> None:
    """Nothing; the records are kept, each with its first history and its event."""
    if not records:
        return
    type(records[0]).complete(records, by=by, on=on)
    bulk_create_with_history(records, type(records[0]), batch_size=ROWS_AT_ONCE, default_user=by)
    tell(programme, [happening("added", record, reason=reason) for record in records], by=by, on=on)


def keep_fields(model: type[Record], row: Mapping[str, Any]) -> dict[str, Any]:
    """A typed row as a record's fields: text that is absent is empty, and what was printed stands beside."""
    names = [entry["name"] for entry in house_schemas()[model.STEM].fields]
    stored = {name: _stored(model, name, row[name]) for name in names}
    printed = {name: text for name, text in row.items() if name.endswith(PRINTED) and text is not None}
    return {**stored, "printed": printed}


def _stored(model: type[Record], name: str, value: Any) -> Any:
    nullable = model._meta.get_field(name).null
    return "" if value is None and not nullable else value


@transaction.atomic
def change_record(
    record: Kind, cells: Mapping[str, str], *, by: Person, on: date, reason: str = "", seen: int | None = None
) -> Kind:
    """The record with other cells; those not named stay. Nothing happens where nothing differs.

    `seen` is the version that the person looked at. Raises WrongState where it has changed since, InputRefused with
    every fault, NotAllowed, NotFound.
    """
    record = locked(record, CHANGE, by, on)
    if seen is not None and seen != record.version:
        raise WrongState("Somebody changed this record since you opened it: look at it again, then make your change.")
    wanted = as_cells(type(record), [{**cells_of(record), **cells}])
    row = checked(record.programme, type(record), wanted).row(0, named=True)
    printed = _printed(record, row)
    row |= {twin: text for twin, text in printed.items() if twin not in cells}
    code = code_of(row, house_schemas()[record.STEM].key)
    if code != record.known_as:
        sentence = (
            f"A {record.KIND or 'record'} keeps its name, {record.known_as}: withdraw it and add another instead."
        )
        raise InputRefused([Fault(record.STEM, sentence, column=house_schemas()[record.STEM].key[0])])
    return update(record, keep_fields(type(record), row), by=by, on=on, told=("changed", reason))


@transaction.atomic
def withdraw_record(record: Kind, *, by: Person, on: date, reason: str) -> Kind:
    """The record, withdrawn: it stays with its story, but no list or figure counts it any more."""
    record = locked(record, SHARE, by, on)
    _check_reason(reason)
    return update(record, {"withdrawn": True}, by=by, on=on, told=("withdrawn", reason))


@transaction.atomic
def restore_record(record: Kind, *, by: Person, on: date, reason: str) -> Kind:
    """The record, no longer withdrawn."""
    record = locked(record, SHARE, by, on)
    _check_reason(reason)
    return update(record, {"withdrawn": False}, by=by, on=on, told=("restored", reason))


@transaction.atomic
def share_record(
    record: Kind, sharing: str, *, named: Mapping[Organisation, date | None], by: Person, on: date, reason: str = ""
) -> Kind:
    """The record, shared as said; `named` are the organisations it is shared with, each until a day or without end."""
    record = locked(record, SHARE, by, on)
    if sharing not in Sharing.values:
        raise InputRefused([Fault(record.STEM, "Choose with whom this record is shared.", column="sharing")])
    if (sharing == Sharing.NAMED) != bool(named):
        raise InputRefused([Fault(record.STEM, "Name at least one organisation, or choose another.", column="named")])
    strangers = set(named) - set(record.programme.organisations.all())
    if strangers:
        words = f"{', '.join(sorted(one.name for one in strangers))} takes no part in this programme."
        raise InputRefused([Fault(record.STEM, words, column="named")])
    before = _as_it_is(record)
    Grant.objects.filter(record=record.pk).delete()
    Grant.objects.bulk_create(
        Grant(programme=record.programme, record=record.pk, organisation=one, starts_on=on, ends_on=until, by=by)
        for one, until in named.items()
    )
    record.sharing = sharing
    return _save(record, before, by=by, on=on, told=("shared", " ".join(filter(None, (_with(named), reason)))))


def _with(named: Mapping[Organisation, date | None]) -> str:
    """The organisations that a record is shared with by name, as a sentence."""
    ends = {one.name: f" (until {until.isoformat()})" if until else "" for one, until in named.items()}
    return f"With {', '.join(name + ends[name] for name in sorted(ends))}." if ends else ""


def update(record: Kind, changes: Mapping[str, Any], *, by: Person, on: date, told: tuple[str, str]) -> Kind:
    """The record with these fields, history and event; unchanged where nothing is new. `told` is verb and reason."""
    if not changed_columns({name: getattr(record, name) for name in changes}, changes):
        return record
    before = _as_it_is(record)
    for name, value in changes.items():
        setattr(record, name, value)
    return _save(record, before, by=by, on=on, told=told)


def _as_it_is(record: Record) -> dict[str, str]:
    """The hash of what the record says, and its owner: whoever hands a record over does so as its owner."""
    return {"before": digest(content_of(record)), "owner": str(record.organisation_id)}


def _save(record: Kind, before: dict[str, str], *, by: Person, on: date, told: tuple[str, str]) -> Kind:
    verb, reason = told
    record.version += 1
    record._history_user = by  # type: ignore[attr-defined]
    record.save()
    tell(record.programme, [happening(verb, record, reason=reason, **before)], by=by, on=on)
    return record


@transaction.atomic
def note_reading(record: Record, *, by: Person, on: date) -> None:
    """Nothing; that a person read this record stands in the chain, where its register is a sensitive one.

    The event holds no hash of the content: only writes say what a record should say now. No figure is computed anew.
    """
    if record.SENSITIVE:
        read = Happening("read", record.STEM, str(record.pk), record.known_as, str(record.organisation_id))
        append_events(record.programme.slug, [read], by=by, on=on)


def note_listing(programme: Programme, records: Iterable[Record], *, by: Person, on: date) -> None:
    """Nothing; that a person was shown these records side by side stands in the chain, where they are sensitive.

    It is one event for each organisation that keeps some of them, whose code are their ids: as many as a page has rows
    would make the chain a log of looks.
    """
    kept: dict[tuple[str, str], list[str]] = {}
    for record in records:
        if record.SENSITIVE:
            kept.setdefault((record.STEM, str(record.organisation_id)), []).append(str(record.pk))
    told = [Happening(LISTED, stem, code=" ".join(keys), organisation=owner) for (stem, owner), keys in kept.items()]
    if told:
        with transaction.atomic():
            append_events(programme.slug, told, by=by, on=on)


def happening(verb: str, record: Record, *, reason: str = "", before: str = "", owner: str = "") -> Happening:
    """What happened to a record, for its event: done for its owner, who may be another afterwards."""
    return Happening(
        verb=verb,
        kind=record.STEM,
        record=str(record.pk),
        code=record.known_as,
        organisation=owner or str(record.organisation_id),
        reason=reason,
        before=before,
        after=digest(content_of(record)),
    )


def tell(programme: Programme, happenings: Sequence[Happening], *, by: Person, on: date) -> None:
    """Nothing; the happenings stand in the programme's chain, and its figures are computed anew."""
    append_events(programme.slug, happenings, by=by, on=on)
    Programme.objects.filter(pk=programme.pk).update(records_version=uuid.uuid4())


def checked(programme: Programme, model: type[Record], cells: pl.DataFrame) -> pl.DataFrame:
    """The cells typed by the register's table. Raises InputRefused with every fault."""
    schema = house_schemas()[model.STEM]
    areas = frozenset(Desk(Store(settings.PARITY_HOME), programme.slug).areas)
    typed, faults = check_cells(cells, schema, file=model.STEM, areas=areas)
    if faults:
        raise InputRefused(faults)
    return typed


def locked(record: Kind, permission: Permission, person: Person, day: date) -> Kind:
    """The record as it is now, held until the transaction ends. Raises NotFound or NotAllowed by the policy."""
    found = type(record)._default_manager.select_for_update().select_related("programme").get(pk=record.pk)
    check(permission, viewer_of(person, found.programme, on=day), found)
    return found


def _check_may_add(viewer: Viewer, keeping: Keeping) -> None:
    own = [one for one in viewer.standings if one.organisation == keeping.organisation.pk]
    may = {what for standing in own if standing.lot in ("", keeping.lot) for what in standing.may}
    if May.EDIT not in may:
        raise NotAllowed("Your role does not let you add records for this organisation.")
    if keeping.sharing != Sharing.PRIVATE and May.SHARE not in may:
        raise NotAllowed("Your role does not let you share what this organisation keeps: add it for yourselves first.")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InputRefused([Fault("reason", "Say why.", column="reason")])
