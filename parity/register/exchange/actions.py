"""Taking a sheet into a register: what it would do, and doing it, all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from parity.register.audit.actions import Happening, append_events
from parity.register.exchange.models import Upload
from parity.register.people.models import Person
from parity.register.policy import CHANGE, SEE, Viewer, viewer_of
from parity.register.programmes.models import Programme
from parity.register.records.actions import (
    ROWS_AT_ONCE,
    Keeping,
    add_records,
    content_of,
    happening,
    keep_fields,
    tell,
    written,
)
from parity.register.records.models import Record
from parity.register.records.rules import changed_columns, digest
from parity.register.records.tables import RECORDS, code_of
from parity.sources.brought.csv_text import row_number
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import PRINTED, Schema, check_cells
from parity.tables import Desk, Store
from parity.terms.errors import Fault, InputRefused, NotFound, WrongState
from parity.terms.release import ID_LENGTH

ID, OWNER, SHARING, VERSION, WITHDRAWN = KEPT = (
    "record_id", "record_owner", "record_sharing", "record_version", "record_withdrawn",
)  # fmt: skip
"""The columns that an export has behind those of the register's table. An upload may have them too."""
LOOKED_UP_AT_ONCE = 500
CHANGED_SINCE = "Meanwhile the register was changed, and this upload would do something else than it said: look again."


def kept_cells(record: Record) -> dict[str, str]:
    """How a record is kept, as an export says it."""
    withdrawn = written(record.withdrawn)
    told = (str(record.pk), record.organisation.code, record.sharing, str(record.version), withdrawn)
    return dict(zip(KEPT, told, strict=True))


@dataclass(frozen=True, slots=True)
class Change:
    """A record as it is, and those of its fields that would be different."""

    record: Record
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an upload would do: cells of new records, changes, how many rows say nothing new; or what is wrong."""

    added: pl.DataFrame = field(default_factory=pl.DataFrame)
    changed: tuple[Change, ...] = ()
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def seal(self) -> str:
        """A hash of what would be added and changed: by it is told that the person saw this very outcome."""
        changed = [
            [str(one.record.pk), one.record.version, *([name, repr(value)] for name, value in one.fields.items())]
            for one in self.changed
        ]
        return digest({"added": self.added.rows(), "changed": changed})


def outcome_of(upload: Upload, *, viewer: Viewer, hold: bool = False) -> Outcome:
    """What the upload would do, as the records are now; with `hold` they are held until the transaction ends.

    A row means the record of its `record_id`, else the owner's record of the same name, else a new one. Records that
    no row means stay as they are, and so do columns that the file does not have.
    """
    model, cells = RECORDS[upload.stem], upload.frame()
    schema = house_schemas()[upload.stem]
    rows = cells.drop(name for name in KEPT if name in cells.columns)
    areas = frozenset(Desk(Store(settings.PARITY_HOME), upload.programme.slug).areas)
    # two owners may call their records the same: whether a row means the same as another is asked below
    typed, faults = check_cells(rows, replace(schema, key=()), file=upload.name, areas=areas)
    if faults:
        return Outcome(faults=tuple(faults))
    told = [{name: text for name, text in row.items() if name in KEPT and text} for row in cells.iter_rows(named=True)]
    meant = [
        _Row(row_number(place), code_of(values, schema.key), values, said)
        for place, (values, said) in enumerate(zip(typed.iter_rows(named=True), told, strict=True))
    ]
    reading = _Reading(upload, model, schema, frozenset(rows.columns))
    for start in range(0, len(meant), LOOKED_UP_AT_ONCE):
        reading.look_up(meant[start : start + LOOKED_UP_AT_ONCE], viewer, hold=hold)
    found = [reading.read(row) for row in meant]
    new = {row.number for row, one in zip(meant, found, strict=True) if one is None}
    wrong = tuple(one for one in found if isinstance(one, Fault))
    wrong += tuple(one for one in model.faults_in(typed, viewer, file=upload.name) if one.row in new)
    if wrong:
        return Outcome(faults=wrong)
    changes = [one for one in found if isinstance(one, Change)]
    added = rows.filter(pl.Series([one is None for one in found], dtype=pl.Boolean))
    return Outcome(added, tuple(one for one in changes if one.fields), sum(not one.fields for one in changes))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the sheet: its number there, what its record is called, its values, and how it says that is kept."""

    number: int
    code: str
    values: Mapping[str, Any]
    said: Mapping[str, str]


@dataclass(slots=True)
class _Reading:
    """The records that an upload's rows may mean, and which of them the viewer may see and change."""

    upload: Upload
    model: type[Record]
    schema: Schema
    columns: frozenset[str]
    records: dict[str, Record] = field(default_factory=dict)
    ours: dict[str, Record] = field(default_factory=dict)
    seen: set[UUID] = field(default_factory=set)
    changeable: set[UUID] = field(default_factory=set)
    meant: set[str] = field(default_factory=set)

    def look_up(self, rows: Sequence[_Row], viewer: Viewer, *, hold: bool) -> None:
        """Nothing; from now on the records of these rows are known. They are held in one order, so that none waits."""
        by_id = Q(pk__in=[key for row in rows if (key := _id(row.said.get(ID, "")))])
        ours = Q(organisation=self.upload.organisation, known_as__in=[row.code for row in rows if ID not in row.said])
        found = self.model._default_manager.filter(by_id | ours, programme=self.upload.programme)
        self.seen |= set(found.filter(SEE.among(viewer)).values_list("pk", flat=True))
        self.changeable |= set(found.filter(SEE.among(viewer), CHANGE.among(viewer)).values_list("pk", flat=True))
        held = found.select_for_update(of=("self",)) if hold else found
        for record in held.select_related("organisation").order_by("pk"):
            record.programme = self.upload.programme
            self.records[str(record.pk)] = record
            if record.organisation_id == self.upload.organisation_id:
                self.ours[record.known_as] = record

    def read(self, row: _Row) -> Fault | Change | None:
        """What the row would do: change a record, perhaps in nothing, or add one (None); or what is wrong with it."""
        record = self._meant_by(row)
        if isinstance(record, Fault):
            return record
        target = f"new {row.code}" if record is None else str(record.pk)
        if target in self.meant:
            return self._wrong(row, self.schema.key[0], f"A row above means the same {self._kind}: remove one of them.")
        self.meant.add(target)
        stale = record is not None and row.said.get(VERSION, str(record.version)) != str(record.version)
        if not stale and (moved := self._kept_otherwise(row, record)):
            return moved
        return None if record is None else self._changed(row, record, stale=stale)

    def _meant_by(self, row: _Row) -> Record | Fault | None:
        """The record that the row means, None for a new one; or why it can mean none."""
        key = self.schema.key[0]
        if ID in row.said:
            record = self.records.get(str(_id(row.said[ID])))
            if record is None or record.pk not in self.seen:
                words = "There is no such record that you may see: empty the cell to add the row as a new one."
                return self._wrong(row, ID, words)
            if record.known_as != row.code:
                words = f"A {self._kind} keeps its name, {record.known_as}: put that back, or empty the cell {ID}."
                return self._wrong(row, key, words)
            return record
        record = self.ours.get(row.code)
        if record is not None and record.pk not in self.seen:
            words = f"There is a {self._kind} {row.code} already that you may not see: give this one another name."
            return self._wrong(row, key, words)
        return record

    def _kept_otherwise(self, row: _Row, record: Record | None) -> Fault | None:
        """A fault where the row says of how its record is kept what is not so: a sheet does not change that."""
        new = {OWNER: self.upload.organisation.code, SHARING: self.upload.sharing, WITHDRAWN: "false"}
        kept = new if record is None else kept_cells(record)
        for name in (OWNER, SHARING, WITHDRAWN):
            if row.said.get(name, kept[name]).lower() != kept[name].lower():
                return self._wrong(row, name, f"A sheet does not change this: write “{kept[name]}”, or nothing.")
        return None

    def _changed(self, row: _Row, record: Record, *, stale: bool) -> Fault | Change:
        """The change that the row makes to the record; or why it may make none."""
        wanted = {**self._fields(row), "printed": self._printed(row, record)}
        names = changed_columns({name: getattr(record, name) for name in wanted}, wanted)
        change = Change(record, {name: wanted[name] for name in names})
        if not names or (record.pk in self.changeable and not stale):
            return change
        if record.withdrawn:
            words = f"This {self._kind} was withdrawn: restore it before you change it."
        elif record.pk not in self.changeable:
            words = f"Your role does not let you change this {self._kind}: put back what it said."
        else:
            words = f"Somebody changed this {self._kind} since you took it out: take it out again, or empty {VERSION}."
        return self._wrong(row, names[0] if names[0] != "printed" else self.schema.key[0], words)

    def _fields(self, row: _Row) -> dict[str, Any]:
        """The record's columns as the row has them, without those that the sheet does not have."""
        fields = keep_fields(self.model, row.values)
        return {name: value for name, value in fields.items() if name in self.columns}

    def _printed(self, row: _Row, record: Record) -> dict[str, str]:
        """What is printed beside the record's numbers: as the sheet says, else as it was where the number stays."""
        printed = dict(record.printed)
        for name in self.columns & set(self.schema.numeric):
            twin = name + PRINTED
            if twin in self.columns or row.values[name] != getattr(record, name):
                printed.pop(twin, None)
                printed |= {twin: row.values[twin]} if row.values[twin] is not None else {}
        return printed

    @property
    def _kind(self) -> str:
        return self.model.KIND or "record"

    def _wrong(self, row: _Row, column: str, sentence: str) -> Fault:
        return Fault(self.upload.name, sentence, row.number, column)


def _id(text: str) -> UUID | None:
    """The id in a cell; None where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def upload_of(person: Person, programme: Programme, stem: str, key: UUID) -> Upload:
    """The person's upload of this id. Raises NotFound where there is none any more."""
    kept = Upload.objects.filter(Upload.kept(timezone.now()), person=person, programme=programme, stem=stem, pk=key)
    found = kept.select_related("programme", "organisation").first()
    if found is None:
        raise NotFound("This upload is not kept any more: upload the file again.")
    return found


@transaction.atomic
def keep_upload(upload: Upload, *, by: Person) -> Upload:
    """The upload, kept in place of the one before it until it is taken in, or for a day. No record is touched."""
    now = timezone.now()
    Upload.objects.filter(~Upload.kept(now) | Q(person=by, programme=upload.programme, stem=upload.stem)).delete()
    upload.person, upload.made_at = by, now
    upload.save(force_insert=True)
    return upload


@transaction.atomic
def take_in(upload: Upload, *, seen: str, reason: str, by: Person, on: date) -> Outcome:
    """What was done: all that the upload says, with one event for each record; then it is kept no more.

    `seen` is the seal of the outcome that the person saw. Raises WrongState where the upload would now do something
    else, InputRefused with every fault, NotFound where it was taken in already, NotAllowed.
    """
    programme = Programme.objects.select_for_update().get(pk=upload.programme_id)
    if not Upload.objects.filter(pk=upload.pk, person=by).exists():
        raise NotFound("This upload is not kept any more: upload the file again.")
    outcome = outcome_of(upload, viewer=viewer_of(by, programme, on=on), hold=True)
    if outcome.faults:
        raise InputRefused(list(outcome.faults))
    if outcome.seal != seen:
        raise WrongState(CHANGED_SINCE)
    if outcome.changed and not reason.strip():
        raise InputRefused([Fault(upload.name, "Say why these records change.", column="reason")])
    why = " ".join(filter(None, (reason.strip(), f"From a file with SHA-256 {upload.sha256[:ID_LENGTH]}….")))
    if outcome.added.height:
        keeping = Keeping(upload.organisation, upload.sharing, upload.lot, reason=why)
        add_records(programme, RECORDS[upload.stem], outcome.added, keeping=keeping, by=by, on=on)
    _restate(programme, outcome.changed, reason=why, by=by, on=on)
    upload.delete()
    return outcome


def _restate(programme: Programme, changes: Sequence[Change], *, reason: str, by: Person, on: date) -> None:
    """Nothing; the records are changed, each with its history and its event, as one by one but in a few queries."""
    if not changes:
        return
    told, touched = [], {"version"}
    for change in changes:
        record = change.record
        before, fields = digest(content_of(record)), _stored(record)
        for name, value in change.fields.items():
            setattr(record, name, value)
        record.version += 1
        touched |= set(changed_columns(fields, _stored(record)))
        told.append(happening("changed", record, reason=reason, before=before))
    records = [change.record for change in changes]
    model = type(records[0])
    # the records are there, and held: to insert them again is the quickest way to update many at once
    model._default_manager.bulk_create(
        records, ROWS_AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=sorted(touched)
    )
    history = get_history_manager_for_model(model)
    history.bulk_history_create(records, batch_size=ROWS_AT_ONCE, update=True, default_user=by)
    tell(programme, told, by=by, on=on)


def _stored(record: Record) -> dict[str, Any]:
    """The fields that the database keeps of a record, by name."""
    return {each.name: getattr(record, each.attname) for each in record._meta.concrete_fields if not each.primary_key}


@transaction.atomic
def note_taking_out(records: QuerySet[Any], programme: Programme, *, by: Person, on: date) -> None:
    """Nothing; that a person took these records out stands in the chain, where their register is a sensitive one."""
    model = records.model
    if not model.SENSITIVE:
        return
    rows = records.order_by("position", "id").values_list("pk", "known_as", "organisation")
    told = [Happening("read", model.STEM, str(key), code, str(owner)) for key, code, owner in rows]
    append_events(programme.slug, told, by=by, on=on)
