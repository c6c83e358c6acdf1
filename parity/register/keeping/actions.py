"""Changing how records are kept: lot, holder and owner; each with history and event."""

from collections.abc import Collection
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from parity.register.organisations.models import Organisation
from parity.register.people.models import Membership, Person
from parity.register.policy import CHANGE, KEEP, SHARE, check, hands_over, viewer_of
from parity.register.programmes.models import Programme
from parity.register.records.actions import locked, update
from parity.register.records.models import Record
from parity.register.records.tables import RECORDS
from parity.terms.errors import Fault, InputRefused, NotAllowed, WrongState

Kind = TypeVar("Kind", bound=Record)
NAMES_TOLD = 10


@transaction.atomic
def keep_record(record: Kind, *, lot: str, held_by: Person | None, by: Person, on: date, reason: str = "") -> Kind:
    """The record in this lot, with this holder or none; nothing happens where both are so already.

    Raises NotAllowed where `by` may not change records of its owner in both lots, InputRefused for a holder who does
    not act for its owner today.
    """
    record, lot = locked(record, CHANGE, by, on), lot.strip()
    viewer = viewer_of(by, record.programme, on=on)
    check(KEEP, viewer, record)
    if not KEEP.holds(viewer, type(record)(programme=record.programme, organisation=record.organisation, lot=lot)):
        raise NotAllowed("Your role does not let you move this record to that lot.")
    if held_by is not None and held_by.pk != record.held_by_id and held_by not in holders_of(record, on=on):
        sentence = f"Choose somebody who acts for {record.organisation} today."
        raise InputRefused([Fault(record.STEM, sentence, column="held_by")])
    return update(record, {"lot": lot, "held_by": held_by}, by=by, on=on, told=("kept otherwise", reason))


def holders_of(record: Record, *, on: date) -> QuerySet[Person]:
    """The people who may hold the record: those who act for its owner on a day."""
    seats = Membership.objects.filter(
        Membership.on(on), Membership.taken_up(), programme=record.programme_id, organisation=record.organisation_id
    )
    return Person.objects.filter(pk__in=seats.values("person")).order_by("first_name", "last_name", "username")


@transaction.atomic
def give_record(record: Kind, to: Organisation, *, by: Person, on: date, reason: str) -> Kind:
    """The record, kept by another partner from now on, with its story; shared as before, and held by nobody by name.

    Raises NotAllowed where `by` may not share it, InputRefused for an organisation that takes no part or keeps it
    already, or has a record of the same name, WrongState for a record that was withdrawn.
    """
    record = locked(record, SHARE, by, on)
    if record.withdrawn:
        raise WrongState("This record was withdrawn: restore it first.")
    if to == record.organisation or to.closed_on or not record.programme.organisations.filter(pk=to.pk).exists():
        raise InputRefused([Fault(record.STEM, "Choose another partner of the programme.", column="organisation")])
    _check_reason(reason)
    _check_names(record.programme, type(record), [record], to)
    return _handed(record, to, by=by, on=on, reason=reason)


@transaction.atomic
def hand_over(
    giver: Organisation, programme: Programme, *, stems: Collection[str], by: Person, on: date, reason: str
) -> int:
    """How many records of these registers went from an organisation that closed to the one that took over from it.

    Raises NotAllowed for whoever does not manage it, WrongState where it has not closed, or its successor takes no part
    in the programme, InputRefused where the successor has records of the same names.
    """
    if not hands_over(viewer_of(by, programme, on=on), giver):
        raise NotAllowed("Your role does not let you hand over what this organisation keeps.")
    to = giver.successor
    if giver.closed_on is None or to is None or not programme.organisations.filter(pk=to.pk).exists():
        raise WrongState(f"{giver} has not closed, or no partner of this programme took over from it.")
    _check_reason(reason)
    # held until the transaction ends, as are the records, so that nobody adds or changes one meanwhile
    Programme.objects.select_for_update().get(pk=programme.pk)
    found = [
        _owned(programme, RECORDS[stem], giver).select_for_update().select_related("programme")
        for stem in sorted(set(stems) & set(RECORDS))
    ]
    for records in found:
        _check_names(programme, records.model, records, to)
    handed = [_handed(one, to, by=by, on=on, reason=reason) for records in found for one in records]
    return len(handed)


def owned_by(programme: Programme, owner: Organisation) -> dict[str, int]:
    """How many records an organisation keeps, by register; none where it keeps none."""
    counts = {stem: _owned(programme, model, owner).count() for stem, model in RECORDS.items()}
    return {stem: count for stem, count in counts.items() if count}


def _owned(programme: Programme, model: type[Kind], owner: Organisation) -> QuerySet[Kind]:
    return model._default_manager.filter(programme=programme, organisation=owner)


def _handed(record: Kind, to: Organisation, *, by: Person, on: date, reason: str) -> Kind:
    told = ("handed over", f"From {record.organisation} to {to}. {reason}")
    return update(record, {"organisation": to, "held_by": None}, by=by, on=on, told=told)


def _check_names(
    programme: Programme, model: type[Record], records: Collection[Record] | QuerySet[Record], to: Organisation
) -> None:
    """Nothing. Raises InputRefused where the receiver has records of the same names already."""
    names = [one.known_as for one in records]
    taken = sorted(_owned(programme, model, to).filter(known_as__in=names).values_list("known_as", flat=True))
    if taken:
        more = f" and {len(taken) - NAMES_TOLD} more" if len(taken) > NAMES_TOLD else ""
        sentence = f"{to} has a {model.KIND or 'record'} {', '.join(taken[:NAMES_TOLD])}{more} already."
        raise InputRefused([Fault(model.STEM, sentence, column="organisation")])


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InputRefused([Fault("reason", "Say why.", column="reason")])
