"""Taking in a programme's folder: all of it or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import polars as pl
from django.db import transaction

from parity.methods.quantities import Origin
from parity.methods.relations import RelationFault, fits_from, relations_from
from parity.methods.tie_out import TieOut
from parity.register.audit.actions import Happening
from parity.register.audit.models import Event
from parity.register.evidence.models import SourceDocument
from parity.register.organisations.models import Organisation
from parity.register.organisations.rules import codes_in
from parity.register.partners.actions import KIND as ORGANISATION
from parity.register.people.models import Person
from parity.register.programmes.models import Programme
from parity.register.records.actions import insert, keep_fields, tell, update
from parity.register.records.models import Record
from parity.register.records.rules import digest
from parity.register.records.tables import RECORDS, code_of, record_id
from parity.register.sharing.models import Sharing
from parity.register.thread.actions import check_thread
from parity.register.thread.models import Link
from parity.sources.brought.csv_text import row_number
from parity.sources.brought.programme import ProgrammeFolder, house_schemas
from parity.tables import Store
from parity.terms.errors import Fault, InputRefused
from parity.terms.units import write_number

TRANSCRIPTION = "transcription"
CONTROL = "control"
ROWS_TOLD = 20
DESCRIBED = ("title", "publisher", "period", "summary", "home_area")


def enlist_transcriber() -> Person:
    """The person in whose name examples are loaded; cannot sign in."""
    person, made = Person.objects.get_or_create(username=TRANSCRIPTION, defaults={"first_name": "Transcription"})
    if made:
        person.set_unusable_password()
        person.save()
    return person


def load_programme(folder: ProgrammeFolder, store: Store, *, by: Person, on: date) -> Programme:
    """The programme, now exactly as its folder says. Loading the same folder again changes nothing but the date.

    Raises InputRefused, and keeps nothing, where a control relation does not hold or the thread joins nothing.
    """
    frames = {stem: frame for stem, (frame, _) in folder.tables.items()}
    check_relations(folder, frames)
    with transaction.atomic():
        described = {name: folder.described[name] for name in DESCRIBED}
        organisations = _organisations(folder)
        told = {**described, "described": dict(folder.described), "loaded_by": by, "loaded_on": on}
        programme, _ = Programme.objects.update_or_create(
            slug=folder.slug, defaults=told, create_defaults={**told, "lead": organisations[0]}
        )
        programme.organisations.add(*organisations)
        check_thread(frames.get(Link.STEM, pl.DataFrame()), frames)
        records = {SourceDocument.STEM: _library(folder), **frames}
        kept = [
            name
            for stem, model in RECORDS.items()
            for name in restate_records(programme, model, records.get(stem), by=by, on=on)
        ]
        pk, lead = str(programme.pk), str(programme.lead_id)
        loaded = Happening("loaded", "programme", pk, programme.slug, lead, reason=_kept(kept))
        tell(programme, [loaded], by=by, on=on)
        store.save(folder.slug, [pair for stem, pair in folder.tables.items() if stem not in RECORDS])
    return programme


def _library(folder: ProgrammeFolder) -> pl.DataFrame:
    """The documents that the folder declares, as rows of the evidence library."""
    empty = house_schemas()[SourceDocument.STEM].empty()
    rows = [
        {"document": entry["key"], "title": entry["title"], "published": entry.get("date"), "kind": "other"}
        for entry in folder.described.get("document", ())
    ]
    return pl.DataFrame(rows, schema=empty.schema, orient="row") if rows else empty


def _kept(names: Sequence[str]) -> str:
    return f"As people changed them here, and not as the folder says, are: {', '.join(names)}." if names else ""


def restate_records(
    programme: Programme, model: type[Record], frame: pl.DataFrame | None, *, by: Person, on: date
) -> list[str]:
    """The names of records that stay as people changed them, though the folder says something new of them.

    All others that the folder brings are now as it says, and those it brought before and no longer has are withdrawn.
    What people entered is left alone.
    """
    schema = house_schemas()[model.STEM]
    before = {one.pk: one for one in model._default_manager.filter(programme=programme).exclude(transcribed="")}
    new, kept = [], []
    for position, row in enumerate((schema.empty() if frame is None else frame).iter_rows(named=True)):
        code, given = code_of(row, schema.key), keep_fields(model, row)
        read, pk = digest(given), record_id(programme, model.KIND or model.STEM, code)
        record = before.pop(pk, None)
        if record is None:
            found = model(id=pk, programme=programme, organisation=programme.lead, known_as=code, **given)
            found.sharing = programme.described.get("sharing", Sharing.PARTNERS)
            found.transcribed, found.position = read, position
            new.append(found)
        elif record.transcribed == read and not record.withdrawn:
            continue
        elif _untouched(record, by):
            told = {**given, "transcribed": read, "position": position, "withdrawn": False}
            update(record, told, by=by, on=on, told=("restated", "The programme's folder was loaded anew."))
        elif record.transcribed != read:
            kept.append(str(record))
    insert(programme, new, by=by, on=on)
    for record in before.values():
        if _untouched(record, by) and not record.withdrawn:
            gone = "It is no longer in the programme's folder."
            update(record, {"withdrawn": True}, by=by, on=on, told=("withdrawn", gone))
    return kept


def _untouched(record: Record, by: Person) -> bool:
    """True where the record still says what was read: nobody else has changed or withdrawn it since."""
    if record.withdrawn and record.history.latest().history_user_id != by.pk:
        return False
    names = [entry["name"] for entry in house_schemas()[record.STEM].fields]
    return digest({name: getattr(record, name) for name in (*names, "printed")}) == record.transcribed


def _organisations(folder: ProgrammeFolder) -> list[Organisation]:
    found = []
    for entry in folder.described.get("organisation", ()):
        told = {"name": entry["name"], "kind": entry["kind"], **codes_in(entry["code"])}
        organisation, made = Organisation.objects.get_or_create(code=entry["code"], defaults=told)
        if not made and not Event.objects.filter(kind=ORGANISATION, record=str(organisation.pk)).exists():
            # what people said of it here stands
            Organisation.objects.update_or_create(pk=organisation.pk, defaults=told)
        found.append(organisation)
    if not found:
        defaults = {"name": folder.described["publisher"], "kind": "other"}
        found.append(Organisation.objects.get_or_create(code=folder.slug, defaults=defaults)[0])
    return found


def check_relations(folder: ProgrammeFolder, frames: Mapping[str, pl.DataFrame]) -> None:
    """Nothing where every relation fits the tables and every control relation holds; otherwise raises InputRefused."""
    try:
        relations = {relation.id: relation for relation in relations_from(folder.relations)}
        fits = fits_from(folder.relations)
    except RelationFault as fault:
        raise InputRefused([Fault("relations.toml", str(fault))]) from None
    awaited: list[str] = []
    tie_out = TieOut(relations, fits, frames, lambda key, where: awaited.append(key))
    faults = [Fault("relations.toml", sentence) for sentence in _unfit(tie_out, awaited)]
    if faults:
        raise InputRefused(faults)
    controls = tie_out.rows(nature=CONTROL)
    for row in controls.filter(pl.col("status") == "discrepancy").iter_rows(named=True):
        sentence = (
            f"The control total {row['id']} ({row['says']}) does not add up: {row['printed']} is printed, "
            f"the rows give {write_number(row['recomputed'])} {row['unit']}. Correct the rows, or the total in "
            "relations.toml if it was misread."
        )
        faults.append(_fault_at(tie_out.origin(row["id"]), sentence))
    if faults:
        raise InputRefused(faults)


def _unfit(tie_out: TieOut, awaited: list[str]) -> Iterator[str]:
    """A sentence for each relation whose terms do not fit the tables, but for those that wait for a figure.

    `awaited` takes the keys of the figures asked for: they are computed after the load. A control total rests on the
    programme's own rows and cannot wait for one.
    """
    for identity, relation in tie_out.relations.items():
        awaited.clear()
        try:
            tie_out.row(identity)
        except RelationFault as fault:
            if relation.nature == CONTROL or not awaited:
                yield str(fault)


def _fault_at(origin: Origin | None, sentence: str) -> Fault:
    """The fault at the first row a control total adds up; at the relations where it adds up none."""
    if origin is None or not origin.positions:
        return Fault("relations.toml", sentence)
    rows = ", ".join(str(row_number(position)) for position in origin.positions[:ROWS_TOLD])
    more = len(origin.positions) - ROWS_TOLD
    told = f"{rows} and {more} more" if more > 0 else rows
    return Fault(f"{origin.stem}.csv", f"{sentence} Rows: {told}.", row_number(origin.positions[0]), origin.column)
