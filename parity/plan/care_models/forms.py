"""The forms by which a model begins."""

from collections.abc import Mapping
from typing import Any

from django import forms

from parity.layout.forms import DateBoxes
from parity.methods.flow import Rationing
from parity.plan.scenarios.forms import KeptForm, name_field
from parity.register.policy import Viewer
from parity.register.programmes.models import Programme
from parity.register.records.forms import needed
from parity.terms.errors import Fault


class BeginForm(KeptForm):
    """What a model is called that begins with services as they are, when it begins and for how long it is run."""

    def __init__(self, programme: Programme, viewer: Viewer, areas: Mapping[str, str], **more: Any) -> None:
        super().__init__(programme, viewer, **more)
        self.fields["model"] = name_field("Name of the model", "Enter a name.")
        self.fields["area"] = area_field(areas)
        self.fields["starts"] = forms.DateField(
            label="First month", help_text="Any day of it. For example, 1 4 2026.", widget=DateBoxes(),
            error_messages=dict.fromkeys(("required", "invalid"), "First month: enter a real date, such as 1 4 2026."),
        )  # fmt: skip
        self.fields["months"] = forms.CharField(
            label="How many months it is run", initial="60",
            widget=forms.TextInput({"inputmode": "numeric", "width": "3"}),
            error_messages={"required": "Enter how many months it is run."},
        )  # fmt: skip
        self.fields["rationing"] = forms.ChoiceField(
            label="Who gets the free places where more ask than there are", widget=forms.RadioSelect,
            choices=[(one.value, one.value[:1].upper() + one.value[1:]) for one in Rationing],
            initial=Rationing.PROPORTIONAL.value, error_messages=needed("Choose who gets the free places."),
        )  # fmt: skip
        self.add_keeping(viewer)

    def worded(self, fault: Fault) -> str:
        """The sentence for a fault, with its field's name before it."""
        if fault.column not in self.fields:
            return fault.sentence
        return f"{self.fields[fault.column].label}: {fault.sentence[:1].lower()}{fault.sentence[1:]}"

    def cells(self) -> dict[str, str]:
        """The columns of the model."""
        return {name: str(self.cleaned_data[name]) for name in ("model", "area", "starts", "months", "rationing")}


def area_field(areas: Mapping[str, str]) -> forms.ChoiceField:
    """The area of a model; not asked where there is one."""
    choices = list(areas.items())
    if len(choices) == 1:
        return forms.ChoiceField(choices=choices, initial=choices[0][0], widget=forms.HiddenInput)
    return forms.ChoiceField(label="Area", choices=[("", "Choose"), *choices], error_messages=needed("Choose an area."))
