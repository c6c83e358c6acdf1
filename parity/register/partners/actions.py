"""Writing what organisations are: they join a programme, change, close, and others take over; each with an event."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from parity.register.audit.actions import Happening, append_events
from parity.register.organisations.models import Organisation
from parity.register.organisations.rules import KINDS, code_faults, own_code
from parity.register.people.models import Person
from parity.register.policy import Viewer, describes, managers_of, viewer_of
from parity.register.programmes.models import Programme
from parity.register.records.rules import digest
from parity.terms.errors import Fault, InputRefused, NotAllowed

KIND = "organisation"
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Description:
    """What an organisation is called, its kind and codes, and since when it is there."""

    name: str
    kind: str
    ons_code: str = ""
    ods_code: str = ""
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """When an organisation ended, and which took over from it; without a day it has not ended."""

    on: date | None
    successor: Organisation | None = None


@transaction.atomic
def add_organisation(programme: Programme, description: Description, *, by: Person, on: date) -> Organisation:
    """The organisation, which takes part in the programme from now on; one that is known by its code is taken as it is.

    Raises NotAllowed for whoever does not manage the lead, InputRefused for codes of another form and for one that
    takes part already.
    """
    viewer = viewer_of(by, programme, on=on)
    if not may_add(viewer, programme):
        raise NotAllowed("Your role does not let you say who takes part in this programme.")
    _check(description)
    found = _known(description)
    if found is not None and programme.organisations.filter(pk=found.pk).exists():
        raise InputRefused([Fault(KIND, f"{found} takes part in this programme already.", column="name")])
    code = (description.ons_code or description.ods_code or own_code(description.name))[:LONGEST_CODE]
    made = found or _saved(Organisation(code=code, **asdict(description)), by)
    programme.organisations.add(made)
    _tell("joined" if found else "added", made, programme, by=by, on=on, owner=str(programme.lead_id))
    return made


def may_add(viewer: Viewer, programme: Programme) -> bool:
    """True where the viewer may say who takes part: the lead's managers."""
    return managers_of(programme, on=viewer.on).let(viewer, programme.lead_id)


def may_describe(viewer: Viewer, organisation: Organisation, programme: Programme) -> bool:
    """True where the viewer may say what the organisation is called, and that it closed."""
    return describes(viewer, organisation, managers_of(programme, on=viewer.on))


@transaction.atomic
def change_organisation(
    organisation: Organisation, description: Description, *, within: Programme, by: Person, on: date, reason: str = ""
) -> Organisation:
    """The organisation, described so, in every programme; nothing happens where nothing differs.

    Raises NotAllowed, and InputRefused for codes of another form or of another organisation.
    """
    found = _held(organisation, within, by, on)
    _check(description)
    other = _known(description)
    if other is not None and other.pk != found.pk:
        raise InputRefused([Fault(KIND, f"This is what {other} is known by.", column="name")])
    return _update(found, asdict(description), within, by=by, on=on, told=("changed", reason))


@transaction.atomic
def close_organisation(
    organisation: Organisation, closing: Closing, *, within: Programme, by: Person, on: date, reason: str
) -> Organisation:
    """The organisation, closed on a day and followed by another or none; its records stay with it.

    Raises NotAllowed, and InputRefused without a reason, and for a successor that takes no part here, or was itself
    followed by this one.
    """
    found = _held(organisation, within, by, on)
    if not reason.strip():
        raise InputRefused([Fault(KIND, "Say why.", column="reason")])
    if closing.successor is not None:
        _check_successor(found, closing.successor, within)
    if closing.on is not None and not (found.opened_on or closing.on) <= closing.on <= on:
        sentence = "The day must not be before it opened, nor later than today."
        raise InputRefused([Fault(KIND, sentence, column="closed_on")])
    successor = closing.successor if closing.on is not None else None
    changes = {"closed_on": closing.on, "successor": successor}
    return _update(found, changes, within, by=by, on=on, told=("closed" if closing.on else "reopened", reason))


def organisation_content(organisation: Organisation) -> dict[str, object]:
    """What an organisation is: what the hash in its event covers."""
    names = ("code", "name", "kind", "ods_code", "ons_code", "opened_on", "closed_on")
    successor = str(organisation.successor_id or "")
    return {**{name: getattr(organisation, name) for name in names}, "successor": successor}


def _check(description: Description) -> None:
    """Nothing. Raises InputRefused for an empty name, an unknown kind and codes of another form."""
    faults = list(code_faults(ons_code=description.ons_code, ods_code=description.ods_code))
    if description.kind not in KINDS:
        faults.append(("kind", "Choose a kind."))
    if not own_code(description.name):
        faults.append(("name", "Enter the name in letters."))
    if faults:
        raise InputRefused([Fault(KIND, sentence, column=column) for column, sentence in faults])


def _known(description: Description) -> Organisation | None:
    """The organisation that bears one of the codes, or without any the code that its name gives."""
    codes = [code for code in (description.ons_code, description.ods_code) if code] or [own_code(description.name)]
    found = Organisation.objects.filter(code__in=codes)
    if description.ons_code:
        found |= Organisation.objects.filter(ons_code=description.ons_code)
    if description.ods_code:
        found |= Organisation.objects.filter(ods_code=description.ods_code)
    return found.order_by("pk").first()


def _check_successor(organisation: Organisation, successor: Organisation, within: Programme) -> None:
    if successor.pk == organisation.pk or not within.organisations.filter(pk=successor.pk).exists():
        raise InputRefused([Fault(KIND, "Choose another partner of the programme.", column="successor")])
    later: Organisation | None = successor
    while later is not None:
        if later.successor_id == organisation.pk:
            sentence = f"{organisation} took over from {successor}: it cannot be the other way round too."
            raise InputRefused([Fault(KIND, sentence, column="successor")])
        later = later.successor


def _held(organisation: Organisation, within: Programme, by: Person, on: date) -> Organisation:
    """The organisation as it is now, held until the transaction ends. Raises NotAllowed."""
    found = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not may_describe(viewer_of(by, within, on=on), found, within):
        raise NotAllowed("Your role does not let you change this organisation.")
    return found


def _update(
    found: Organisation,
    changes: Mapping[str, object],
    within: Programme,
    *,
    by: Person,
    on: date,
    told: tuple[str, str],
) -> Organisation:
    if all(getattr(found, name) == value for name, value in changes.items()):
        return found
    before = digest(organisation_content(found))
    for name, value in changes.items():
        setattr(found, name, value)
    _saved(found, by)
    verb, reason = told
    _tell(verb, found, within, by=by, on=on, reason=reason, before=before)
    return found


def _saved(organisation: Organisation, by: Person) -> Organisation:
    organisation._history_user = by  # type: ignore[attr-defined]
    organisation.save()
    return organisation


def _tell(verb: str, organisation: Organisation, within: Programme, *, by: Person, on: date, **told: str) -> None:
    """Nothing; the chain of the programme in which it was done has an event about the organisation."""
    owner = told.pop("owner", str(organisation.pk))
    after = digest(organisation_content(organisation))
    happening = Happening(verb, KIND, str(organisation.pk), organisation.name, owner, after=after, **told)
    append_events(within.slug, [happening], by=by, on=on)
