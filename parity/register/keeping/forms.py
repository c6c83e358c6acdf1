"""Forms that change how records are kept."""

from typing import Any

from django import forms

from parity.layout.forms import FaultForm
from parity.register.keeping.actions import holders_of
from parity.register.organisations.models import Organisation
from parity.register.people.models import Person
from parity.register.policy import Viewer
from parity.register.records.forms import holder_field, lot_field, needed, reason_field, why_field
from parity.register.records.models import Record


class KeepingForm(FaultForm):
    """The lot that a record belongs to, and who holds it."""

    def __init__(self, record: Record, viewer: Viewer, **more: Any) -> None:
        super().__init__(initial={"lot": record.lot, "held_by": str(record.held_by_id or "")}, **more)
        self.holders = {str(one.pk): one for one in holders_of(record, on=viewer.on)}
        if record.held_by is not None:
            self.holders.setdefault(str(record.held_by.pk), record.held_by)
        self.fields["lot"] = lot_field(viewer)
        self.fields["held_by"] = holder_field(self.holders)
        self.fields["reason"] = reason_field("Why it changes (optional)")

    def holder(self) -> Person | None:
        """The person chosen, or nobody."""
        return self.holders.get(self.cleaned_data["held_by"])


class GivingForm(FaultForm):
    """The partner that keeps a record from now on."""

    def __init__(self, record: Record, **more: Any) -> None:
        super().__init__(**more)
        others = record.programme.organisations.exclude(pk=record.organisation_id).filter(closed_on=None)
        self.partners = {str(one.pk): one for one in others}
        self.fields["organisation"] = forms.ChoiceField(
            label="Who keeps it from now on",
            choices=[("", "Choose"), *((key, one.name) for key, one in self.partners.items())],
            error_messages=needed("Choose a partner."),
        )
        self.fields["reason"] = why_field()

    def partner(self) -> Organisation:
        """The partner chosen."""
        return self.partners[self.cleaned_data["organisation"]]
