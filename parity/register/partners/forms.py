"""Forms that say what an organisation is, that it closed, and that its successor keeps its records."""

from typing import Any

from django import forms

from parity.layout.forms import DateBoxes, FaultForm
from parity.register.organisations.models import Organisation
from parity.register.organisations.rules import KINDS
from parity.register.partners.actions import Closing, Description
from parity.register.programmes.models import Programme
from parity.register.records.documents import register_of, schema_of
from parity.register.records.forms import needed, reason_field, why_field

LONGEST_NAME, LONGEST_CODE = 200, 12
A_DAY = "1 4 2013"


class DescriptionForm(FaultForm):
    """What an organisation is called, its kind and codes, and since when it is there."""

    def __init__(self, organisation: Organisation | None = None, **more: Any) -> None:
        names = Description.__slots__
        told = {name: getattr(organisation, name) for name in names} if organisation is not None else {}
        super().__init__(initial=told, **more)
        kinds = (("", "Choose"), *KINDS.items())
        self.fields["name"] = forms.CharField(
            label="Name", max_length=LONGEST_NAME, error_messages=needed("Enter its name.")
        )
        self.fields["kind"] = forms.ChoiceField(label="Kind", choices=kinds, error_messages=needed("Choose a kind."))
        self.fields["ons_code"] = _code_field("ONS code (optional)", "Of a council or an area: E06000016, for example.")
        self.fields["ods_code"] = _code_field("ODS code (optional)", "Of an NHS body or a provider: RT5, for example.")
        self.fields["opened_on"] = _day_field("There since (optional)", "")
        if organisation is not None:
            self.fields["reason"] = reason_field("Why it changes (optional)")

    def description(self) -> Description:
        """What was entered."""
        return Description(**{name: self.cleaned_data[name] for name in Description.__slots__})


class ClosingForm(FaultForm):
    """When an organisation ended, which partner took over from it, and how that is known."""

    def __init__(self, organisation: Organisation, programme: Programme, **more: Any) -> None:
        told = {"closed_on": organisation.closed_on, "successor": str(organisation.successor_id or "")}
        super().__init__(initial=told, **more)
        self.partners = {str(one.pk): one for one in programme.organisations.exclude(pk=organisation.pk)}
        self.fields["closed_on"] = _day_field("Closed on", "Leave it empty where it has not closed.")
        self.fields["successor"] = forms.ChoiceField(
            label="Who took over from it (optional)", required=False,
            choices=[("", "None of the partners"), *((key, one.name) for key, one in self.partners.items())],
            error_messages=needed("Choose a partner."),
        )  # fmt: skip
        self.fields["reason"] = why_field()
        self.fields["reason"].help_text = ""

    def closing(self) -> Closing:
        """What was entered."""
        return Closing(self.cleaned_data["closed_on"], self.partners.get(self.cleaned_data["successor"]))


class HandOverForm(FaultForm):
    """The registers whose records go to the successor."""

    def __init__(self, counts: dict[str, int], **more: Any) -> None:
        super().__init__(initial={"stems": list(counts)}, **more)
        choices = [(stem, f"{schema_of(register_of(stem)).title} ({count})") for stem, count in counts.items()]
        self.fields["stems"] = forms.MultipleChoiceField(
            label="Registers", widget=forms.CheckboxSelectMultiple, choices=choices,
            error_messages=needed("Choose at least one register."),
        )  # fmt: skip
        self.fields["reason"] = why_field()


def _code_field(label: str, hint: str) -> forms.CharField:
    widget = forms.TextInput({"width": "10", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=LONGEST_CODE, widget=widget)


def _day_field(label: str, hint: str) -> forms.DateField:
    wrong = {"invalid": f"The day must be a real date, such as {A_DAY}."}
    return forms.DateField(label=label, help_text=hint, required=False, widget=DateBoxes(), error_messages=wrong)
