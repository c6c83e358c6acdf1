"""Forms that say who acts for whom."""

from typing import Any

from django import forms

from parity.layout.forms import FaultForm
from parity.register.organisations.models import Organisation
from parity.register.people.rules import ROLE_CHOICES
from parity.register.policy import Viewer, managers_of
from parity.register.programmes.models import Programme

LONGEST_LOT = 60
LONGEST_NAME = 150
LONGEST_REASON = 1000


class InvitationForm(FaultForm):
    """Whom to invite, for which organisation, in which role and lot."""

    name = forms.CharField(
        label="Name", max_length=LONGEST_NAME, error_messages={"required": "Enter the person's name."}
    )
    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput({"spellcheck": "false", "autocapitalize": "none"}),
        help_text="Their own at work: they sign in with it.",
        error_messages={
            "required": "Enter the person's e-mail address.",
            "invalid": "Enter an e-mail address like name@council.example.",
        },
    )  # fmt: skip
    organisation = forms.ChoiceField(
        label="Acts for",
        error_messages={"required": "Choose an organisation.", "invalid_choice": "Choose an organisation."},
    )
    role = forms.ChoiceField(
        label="Role", choices=(("", "Choose"), *ROLE_CHOICES),
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role."},
    )  # fmt: skip
    lot = forms.CharField(
        label="Lot (optional)",
        help_text="Only where they act in one lot alone.",
        max_length=LONGEST_LOT,
        required=False,
    )

    def __init__(self, programme: Programme, viewer: Viewer, **more: Any) -> None:
        super().__init__(**more)
        self.viewer, self.managers = viewer, managers_of(programme, on=viewer.on)
        partners = self.managers.managed_by(viewer, programme.organisations.all())
        self.managed = {str(one.pk): one for one in partners}
        choices = [(key, one.name) for key, one in self.managed.items()]
        self.fields["organisation"].choices = choices if len(choices) == 1 else [("", "Choose"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Nothing; refuses a lot in which the viewer does not say who acts."""
        chosen = self.managed.get(self.cleaned_data.get("organisation", ""))
        lot = self.cleaned_data.get("lot", "")
        if chosen is not None and not self.managers.let(self.viewer, chosen.pk, lot):
            self.add_error("lot", f"Enter a lot in which you say who acts for {chosen}.")

    def organisation_chosen(self) -> Organisation:
        """The organisation they are to act for."""
        return self.managed[self.cleaned_data["organisation"]]


class EndingForm(FaultForm):
    """Why a membership ends."""

    reason = forms.CharField(
        label="Why", widget=forms.Textarea({"rows": 3}), max_length=LONGEST_REASON,
        error_messages={"required": "Say why."},
    )  # fmt: skip
