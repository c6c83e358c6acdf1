"""Forms of a register, made from its Table Schema: what is entered is text, and the one checker says what is wrong."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import QuerySet

from parity.layout.forms import DateBoxes, FaultForm
from parity.register.organisations.models import Organisation
from parity.register.people.models import Membership, Person
from parity.register.people.rules import May
from parity.register.policy import Viewer
from parity.register.programmes.models import Programme
from parity.register.records.actions import Keeping, as_cells, cells_of, checked
from parity.register.records.documents import (
    KNOWN_AS,
    ONE_DAY,
    OWNER,
    PROSE,
    SOURCE,
    WITHDRAWN_TOO,
    Entry,
    Names,
    choice_words,
    columns_listed,
    kind_words,
    label_of,
    last_day,
    meaning_of,
    schema_of,
)
from parity.register.records.models import Record
from parity.register.sharing.models import Grant, Sharing
from parity.sources.brought.table_schema import FIRST_YEAR, LAST_YEAR, Schema
from parity.terms.errors import Fault, InputRefused

RADIOS = 5
"""So many values stand as radio buttons; more stand in a list."""
LONGEST_LOT = 60
LONGEST_REASON = 1000
Choices = tuple[tuple[str, str], ...]
A_DAY = "31 3 2027"
EXAMPLES = {
    "number": "A number in digits, such as 1234.5.",
    "integer": "A whole number in digits.",
    "date": f"For example, {A_DAY}.",
    "period": "For example, 2026/27, 2026 or 2026-03.",
}
DIRECTIONS = {
    "string": ("A to Z", "Z to A"),
    "number": ("lowest first", "highest first"),
    "integer": ("lowest first", "highest first"),
    "date": ("earliest first", "latest first"),
    "boolean": ("no first", "yes first"),
}


class OneOf(forms.ChoiceField):
    """One of several values; whether it is allowed says whoever takes it in."""

    def validate(self, value: Any) -> None:
        """Nothing: the table's checker looks at the value."""


class RecordForm(FaultForm):
    """A record's columns. Every field's value is text, as it would stand in a sheet.

    Nothing is checked but by the table's one checker, so that a form and a file are refused for the same faults.
    """

    model: type[Record]
    programme: Programme
    names: Names
    fixed: Mapping[str, str] = MappingProxyType({})
    """The columns that this form does not ask for."""

    def add_columns(self) -> None:
        """Nothing; the form asks for every column that is not fixed."""
        schema = schema_of(self.model)
        self.entries = {entry["name"]: entry for entry in schema.fields if entry["name"] not in self.fixed}
        for name, entry in self.entries.items():
            self.fields[name] = _field(entry, schema, _choices(entry, schema, self.names))

    def cells(self) -> dict[str, str]:
        """The record's columns as they now are, by name; a browser's line ends as our own."""
        entered = {name: self.cleaned_data.get(name, "").replace("\r\n", "\n") for name in self.entries}
        return {**self.fixed, **entered}

    def clean(self) -> None:
        """Nothing; every fault that the checker finds stands at its field."""
        try:
            checked(self.programme, self.model, as_cells(self.model, [self.cells()]))
        except InputRefused as refused:
            self.refuse(refused.faults)

    def worded(self, fault: Fault) -> str:
        """The sentence for a fault, with the field's name, since the summary shows it far from its field."""
        name = fault.column or ""
        if name not in self.entries:
            return fault.sentence
        label = label_of(self.entries[name])
        if not self[name].value():
            return (
                f"{label}: {'choose one' if isinstance(self.fields[name], forms.ChoiceField) else 'enter something'}."
            )
        if self.entries[name]["type"] == "date":
            return f"{label}: enter a real date from {FIRST_YEAR} to {LAST_YEAR}, such as {A_DAY}."
        return f"{label}: {fault.sentence[:1].lower()}{fault.sentence[1:]}"


class NewRecordForm(RecordForm):
    """A new record: its columns, who keeps it, with whom it is shared, for which lot, and who holds it."""

    def __init__(self, model: type[Record], names: Names, *, programme: Programme, viewer: Viewer, **more: Any) -> None:
        super().__init__(**more)
        self.model, self.names, self.programme, self.viewer = model, names, programme, viewer
        self.owners = {str(one.pk): one for one in owners(programme, viewer)}
        self.holders = {str(one.pk): one for one in holders(programme, viewer)}
        self.add_columns()
        self.fields["kept_organisation"] = owner_field(self.owners)
        self.fields["kept_sharing"] = sharing_field(viewer)
        self.fields["kept_lot"] = lot_field(viewer)
        self.fields["kept_held_by"] = holder_field(self.holders)
        self.fields["kept_reason"] = reason_field("Why it is added (optional)")

    def clean(self) -> None:
        """Nothing; refuses also to share for an organisation whose sharing the viewer does not decide."""
        super().clean()
        owner = self.owners.get(self.cleaned_data.get("kept_organisation", ""))
        shared = self.cleaned_data.get("kept_sharing", Sharing.PRIVATE) != Sharing.PRIVATE
        if owner is not None and shared and owner.pk not in self.viewer.may(May.SHARE):
            self.add_error("kept_sharing", f"Your role does not let you share what {owner} keeps.")

    def keeping(self) -> Keeping:
        """How the new record is kept."""
        said = self.cleaned_data
        return Keeping(
            organisation=self.owners[said["kept_organisation"]],
            sharing=said["kept_sharing"],
            lot=said["kept_lot"],
            held_by=self.holders.get(said["kept_held_by"]),
            reason=said["kept_reason"],
        )


class ChangedRecordForm(RecordForm):
    """A record's columns as they are, to be changed; it knows which version the person saw. A record keeps its name."""

    def __init__(self, record: Record, names: Names, **more: Any) -> None:
        before = cells_of(record)
        super().__init__(initial=before, **more)
        self.model, self.names, self.programme = type(record), names, record.programme
        self.fixed = {name: before[name] for name in schema_of(self.model).key}
        self.add_columns()
        self.fields["kept_seen"] = forms.IntegerField(widget=forms.HiddenInput, initial=record.version)
        self.fields["kept_reason"] = reason_field("Why it changes (optional)")

    def rebased(self, now: Record, sentence: str) -> "ChangedRecordForm":
        """The form on the record as it is now: what the person changed is kept, the rest is as somebody left it.

        It says over its fields, after the sentence, which columns have changed since the person looked.
        """
        seen = now.history.filter(version=self.cleaned_data["kept_seen"]).order_by("-history_date").first()
        before = cells_of(now if seen is None else seen.instance)
        today, sent = cells_of(now), dict(self.data.items())
        for name, text in self.cells().items():
            if text == before[name]:
                sent |= DateBoxes.parts(name, today[name]) | {name: today[name]}
        form = ChangedRecordForm(now, self.names, data=sent | {"kept_seen": str(now.version)})
        moved = [label_of(entry) for name, entry in form.entries.items() if before[name] != today[name]]
        told = f"Since then these have changed: {', '.join(moved)}." if moved else "What it says has not changed."
        form.add_error(None, f"{sentence} {told} What you changed is still here: look through it and save again.")
        return form


class SharingForm(FaultForm):
    """With whom a record is shared; each organisation named may see it until a day, or without end."""

    def __init__(self, record: Record, granted: Iterable[Grant], *, on: date, **more: Any) -> None:
        held = {str(grant.organisation_id): last_day(grant.ends_on) for grant in granted}
        super().__init__(initial={"sharing": record.sharing, "named": list(held)}, **more)
        self.on = on
        others = record.programme.organisations.exclude(pk=record.organisation_id)
        self.others = {str(one.pk): one for one in others}
        self.fields["sharing"] = forms.ChoiceField(
            label="Who may see it", widget=forms.RadioSelect, choices=Sharing.choices,
            error_messages=needed("Choose who may see it."),
        )  # fmt: skip
        self.fields["named"] = forms.MultipleChoiceField(
            label="Organisations we name", widget=forms.CheckboxSelectMultiple, required=False,
            choices=[(key, one.name) for key, one in self.others.items()],
        )  # fmt: skip
        for key, one in self.others.items():
            self.fields[f"until_{key}"] = forms.DateField(
                label=f"Last day for {one.name} (optional)", required=False, widget=DateBoxes(),
                initial=held.get(key),
                error_messages={"invalid": f"The last day for {one.name} must be a real date, such as {A_DAY}."},
            )  # fmt: skip
        self.fields["reason"] = reason_field("Why (optional)")

    def clean(self) -> None:
        """Nothing; refuses a last day that has passed."""
        for key in self.cleaned_data.get("named", ()):
            last = self.cleaned_data.get(f"until_{key}")
            if last is not None and last < self.on:
                self.add_error(f"until_{key}", f"The last day for {self.others[key]} must be today or later.")

    def named(self) -> dict[Organisation, date | None]:
        """The organisations named, each with the first day on which it sees the record no longer."""
        if self.cleaned_data["sharing"] != Sharing.NAMED:
            return {}
        until = {key: self.cleaned_data.get(f"until_{key}") for key in self.cleaned_data["named"]}
        return {self.others[key]: last and last + ONE_DAY for key, last in until.items()}


class ReasonForm(FaultForm):
    """Why something is done."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.fields["reason"] = why_field()


class FilterForm(forms.Form):
    """How a list is searched, narrowed and sorted; an address that asks for something else asks for nothing."""

    q = forms.CharField(label="Search", required=False, widget=forms.TextInput({"type": "search"}))

    def __init__(
        self, model: type[Record], choices: Mapping[str, Choices], partners: Iterable[Organisation], **more: Any
    ) -> None:
        super().__init__(**more)
        entries = {entry["name"]: entry for entry in schema_of(model).fields}
        for name, allowed in choices.items():
            self.fields[name] = _narrowed(label_of(entries[name]), allowed)
        self.fields[OWNER] = _narrowed("Kept by", tuple((one.code, one.name) for one in partners))
        self.fields["sharing"] = _narrowed("Shared with", tuple(Sharing.choices))
        self.fields["sort"] = _narrowed("Sort by", tuple(_orders(model)), "The register's order")
        self.fields["withdrawn"] = _narrowed("Withdrawn records", ((WITHDRAWN_TOO, "Shown too"),), "Not shown")


def _orders(model: type[Record]) -> Iterable[tuple[str, str]]:
    names = [(KNOWN_AS, kind_words(model), "string")]
    names += [(entry["name"], label_of(entry), entry["type"]) for entry in columns_listed(model)]
    for name, label, kind in (*names, (OWNER, "Kept by", "string")):
        up, down = DIRECTIONS[kind]
        yield name, f"{label}: {up}"
        yield f"-{name}", f"{label}: {down}"


def _narrowed(label: str, choices: Choices, every: str = "All") -> forms.ChoiceField:
    return OneOf(label=label, required=False, choices=(("", every), *choices))


def owners(programme: Programme, viewer: Viewer) -> QuerySet[Organisation]:
    """The organisations for which the viewer may add records."""
    return programme.organisations.filter(pk__in=viewer.may(May.EDIT))


def holders(programme: Programme, viewer: Viewer) -> QuerySet[Person]:
    """The people who may hold a record: those who act today for an organisation for which the viewer adds records."""
    held = Membership.objects.filter(
        Membership.on(viewer.on), Membership.taken_up(), programme=programme, organisation__in=viewer.may(May.EDIT)
    )
    return Person.objects.filter(pk__in=held.values("person")).order_by("first_name", "last_name", "username")


def reason_field(label: str) -> forms.CharField:
    """A field for why something is done, which need not be said."""
    return forms.CharField(label=label, required=False, widget=forms.Textarea({"rows": 3}), max_length=LONGEST_REASON)


def why_field() -> forms.CharField:
    """A field for why something is done, which must be said."""
    return forms.CharField(
        label="Why", widget=forms.Textarea({"rows": 3}), max_length=LONGEST_REASON,
        help_text="It stays in the record's story, for everybody who may read that.",
        error_messages={"required": "Say why."},
    )  # fmt: skip


def owner_field(found: Mapping[str, Organisation]) -> forms.ChoiceField:
    """Who keeps a record; not asked where there is one answer."""
    choices = [(key, one.name) for key, one in found.items()]
    sentence = "Choose who keeps it."
    if len(choices) == 1:
        return forms.ChoiceField(choices=choices, initial=choices[0][0], widget=forms.HiddenInput)
    return forms.ChoiceField(label="Kept by", choices=[("", "Choose"), *choices], error_messages=needed(sentence))


def holder_field(found: Mapping[str, Person]) -> forms.ChoiceField:
    """Who answers for a record: nobody by name, or one of these people."""
    people = [(key, one.get_full_name() or one.get_username()) for key, one in found.items()]
    told: dict[str, Any] = {
        "label": "Held by (optional)",
        "help_text": "The person who answers for it, and may change it.",
    }
    return forms.ChoiceField(**told, required=False, choices=[("", "Nobody by name"), *people])


def needed(sentence: str) -> dict[str, str]:
    """The sentence for a choice that was not made, or made otherwise than by the form."""
    return {"required": sentence, "invalid_choice": sentence}


def sharing_field(viewer: Viewer) -> forms.ChoiceField:
    """With whom a new record is shared; with nobody where the viewer decides that for no organisation."""
    open_to = [one for one in Sharing if one != Sharing.NAMED]
    if not viewer.may(May.SHARE) & viewer.may(May.EDIT):
        return forms.ChoiceField(choices=[(Sharing.PRIVATE, "")], initial=Sharing.PRIVATE, widget=forms.HiddenInput)
    return forms.ChoiceField(
        label="Who may see it", choices=[(one.value, one.label) for one in open_to], widget=forms.RadioSelect,
        help_text="To name single organisations, add the record first and then share it.",
        error_messages=needed("Choose who may see it."),
    )  # fmt: skip


def lot_field(viewer: Viewer) -> forms.Field:
    """The lot a record belongs to: any, or one of those that the viewer acts for."""
    lots = {standing.lot for standing in viewer.standings if May.EDIT in standing.may}
    if "" in lots:
        return forms.CharField(label="Lot (optional)", required=False, max_length=LONGEST_LOT)
    return forms.ChoiceField(label="Lot", choices=[(lot, lot) for lot in sorted(lots)])


def _choices(entry: Entry, schema: Schema, names: Names) -> Choices:
    """The values that a column may have, where they are known: its own, areas, documents, yes and no."""
    limits = entry.get("constraints", {})
    if entry["type"] == "boolean":
        return (("true", "Yes"), ("false", "No"))
    if "enum" in limits:
        return tuple((value, choice_words(value)) for value in limits["enum"])
    if entry["name"] in schema.areas:
        return tuple(names.areas.items())
    return tuple(names.documents.items()) if entry["name"] == SOURCE else ()


def _field(entry: Entry, schema: Schema, choices: Choices) -> forms.Field:
    """The field of a column: radio buttons or a list for known values, boxes for a date, a line or an area for text."""
    required = bool(entry.get("constraints", {}).get("required"))
    kind = entry.get("kind", entry["type"])
    example = f"For example, {entry['example']}." if "example" in entry else EXAMPLES.get(kind, "")
    words = [meaning_of(entry, schema), "" if choices else example]
    told: dict[str, Any] = {
        "label": label_of(entry) + ("" if required else " (optional)"),
        "help_text": " ".join(filter(None, words)),
        "required": False,
    }
    if choices and required and len(choices) <= RADIOS:
        return OneOf(**told, choices=choices, widget=forms.RadioSelect)
    if choices:
        return OneOf(**told, choices=(("", "Choose" if required else "None"), *choices))
    return forms.CharField(**told, widget=_widget(kind))


def _widget(kind: str) -> forms.Widget:
    match kind:
        case "date":
            return DateBoxes()
        case "number":
            return forms.TextInput({"inputmode": "decimal", "width": "10"})
        case "integer":
            return forms.TextInput({"inputmode": "numeric", "width": "5"})
        case _ if kind == PROSE:
            return forms.Textarea({"rows": 4})
    return forms.TextInput({"width": "10"} if kind == "period" else {})
