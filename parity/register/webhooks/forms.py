"""The form that registers a webhook."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from parity.layout.forms import FaultForm
from parity.register.organisations.models import Organisation
from parity.sources.reading.outgoing import LONGEST_ADDRESS


class WebhookForm(FaultForm):
    """Where to send, and for which organisation."""

    organisation = forms.ChoiceField(
        label="For which organisation",
        error_messages={"required": "Choose an organisation.", "invalid_choice": "Choose an organisation."},
    )
    address = forms.CharField(
        label="Address", max_length=LONGEST_ADDRESS, help_text="Such as https://hooks.council.example/parity.",
        widget=forms.TextInput({"spellcheck": "false", "autocapitalize": "none", "inputmode": "url"}),
        error_messages={"required": "Enter the address of the system that is to be told."},
    )  # fmt: skip

    def __init__(self, organisations: QuerySet[Organisation], **more: Any) -> None:
        super().__init__(**more)
        self.managed = {str(one.pk): one for one in organisations}
        choices = [(key, one.name) for key, one in self.managed.items()]
        self.fields["organisation"].choices = choices if len(choices) == 1 else [("", "Choose"), *choices]  # type: ignore[attr-defined]

    def organisation_chosen(self) -> Organisation:
        """The organisation that is to be told."""
        return self.managed[self.cleaned_data["organisation"]]
