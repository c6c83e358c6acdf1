"""Forms for what reaches a person outside the pages: e-mails and tokens."""

from typing import Any

from django import forms

from parity.layout.forms import DateBoxes, FaultForm
from parity.register.notices.rules import PACES, REASONS
from parity.register.tokens.actions import Wish
from parity.register.tokens.models import Scope

LONGEST_TITLE = 100


class ChoiceForm(FaultForm):
    """What to be told by e-mail, and how soon."""

    reasons = forms.MultipleChoiceField(
        label="Tell me when", choices=tuple(REASONS.items()), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Tick nothing to get no e-mails.",
    )  # fmt: skip
    pace = forms.ChoiceField(
        label="How soon", choices=tuple(PACES.items()), widget=forms.RadioSelect,
        error_messages={"required": "Choose how soon you want to be told."},
    )  # fmt: skip


class TokenForm(FaultForm):
    """What a token is for, what it may do, and until when."""

    title = forms.CharField(
        label="Name", max_length=LONGEST_TITLE, help_text="So that you know it from others, such as “monthly upload”.",
        error_messages={"required": "Give the token a name."},
    )  # fmt: skip
    scope = forms.ChoiceField(
        label="What it may do", choices=Scope.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose what the token may do."},
    )  # fmt: skip
    ends_on = forms.DateField(
        label="The day on which it ends", input_formats=("%Y-%m-%d",), widget=DateBoxes,
        help_text="Within a year. It holds until the day before.",
        error_messages={"required": "Enter the day on which it ends.", "invalid": "Enter a day, such as 31 3 2027."},
    )  # fmt: skip

    def wish(self) -> Wish:
        """What is wished for."""
        said: dict[str, Any] = self.cleaned_data
        return Wish(said["title"], said["scope"], said["ends_on"])
