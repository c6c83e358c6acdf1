"""The forms by which a model begins, and by which one is brought."""

from collections.abc import Mapping
from typing import Any

from django import forms

from parity.layout.forms import DateBoxes, FaultForm
from parity.methods.flow import Rationing
from parity.plan.care_models.documents import accepted
from parity.plan.scenarios.forms import KeptForm, name_field
from parity.plan.scenarios.models import CareModel
from parity.register.exchange.forms import UploadForm
from parity.register.exchange.models import Upload
from parity.register.policy import Viewer
from parity.register.programmes.models import Programme
from parity.register.records.forms import needed, why_field
from parity.terms.errors import Fault

BROUGHT = "care_models"
"""What an upload is for that is no sheet of one register."""


class BeginForm(KeptForm):
    """What a model is called that begins with services as they are, when it begins and for how long it is run."""

    def __init__(self, programme: Programme, viewer: Viewer, areas: Mapping[str, str], **more: Any) -> None:
        super().__init__(programme, viewer, **more)
        self.fields["model"] = name_field("Name of the model", "Enter a name.")
        self.fields["area"] = area_field(areas)
        self.fields["starts"] = _starts()
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


def _starts() -> forms.DateField:
    """The first month of a model."""
    return forms.DateField(
        label="First month", help_text="Any day of it. For example, 1 4 2026.", widget=DateBoxes(),
        error_messages=dict.fromkeys(("required", "invalid"), "First month: enter a real date, such as 1 4 2026."),
    )  # fmt: skip


class BringForm(UploadForm):
    """A file with a model or a scenario, and how the records that come of it are to be kept."""

    def __init__(self, programme: Programme, viewer: Viewer, **more: Any) -> None:
        super().__init__(CareModel, programme=programme, viewer=viewer, **more)
        field = self.fields["file"]
        field.label = "The file"
        field.help_text = (
            "A model in XMILE (.xmile, .stmx, .xml) or of Vensim (.mdl), or a scenario of Parity (.json): up to 5 MB."
        )
        field.widget = forms.FileInput({"accept": accepted()})

    def upload(self) -> Upload:
        """The upload that was sent, not kept yet and without what was read."""
        upload = super().upload()
        upload.stem = BROUGHT
        return upload


class TakeInForm(FaultForm):
    """What a brought model is called here, of which area it is, and why it is added; when it begins if no file says."""

    def __init__(self, model: Mapping[str, Any], areas: Mapping[str, str], **more: Any) -> None:
        initial = {"model": model["model"], "area": model.get("area")}
        super().__init__(initial=initial, **more)
        self.fields["model"] = name_field("Name of the model", "Enter a name.")
        self.fields["area"] = area_field(areas)
        if "starts" not in model:
            self.fields["starts"] = _starts()
        self.fields["reason"] = why_field()

    def cells(self) -> dict[str, str]:
        """The columns of the model that the form tells."""
        return {name: str(self.cleaned_data[name]) for name in ("model", "area", "starts") if name in self.fields}

    def worded(self, fault: Fault) -> str:
        """The sentence for a fault, with its place where that is no field."""
        return fault.sentence if fault.column in self.fields else str(fault)
