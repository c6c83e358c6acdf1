"""Forms that bring a sheet for a register, and that take it in."""

from typing import Any

from django import forms

from parity.register.exchange.models import Upload
from parity.register.policy import CHANGE, SHARE, Viewer
from parity.register.programmes.models import Programme
from parity.register.records.forms import (
    FaultForm,
    lot_field,
    owner_field,
    owners,
    reason_field,
    sharing_field,
)
from parity.register.records.models import Record

LONGEST_NAME = 100


class UploadForm(FaultForm):
    """A file for a register, and how the records that it adds are to be kept."""

    def __init__(self, model: type[Record], *, programme: Programme, viewer: Viewer, **more: Any) -> None:
        super().__init__(**more)
        self.model, self.programme, self.viewer = model, programme, viewer
        self.owners = {str(one.pk): one for one in owners(programme, viewer)}
        self.fields["file"] = forms.FileField(
            label="The filled-in sheet", help_text="A workbook (.xlsx) or comma-separated file (.csv) of up to 20 MB.",
            allow_empty_file=True, widget=forms.FileInput({"accept": ".xlsx,.csv"}),
            error_messages={"required": "Choose a file.", "invalid": "Choose a file."},
        )  # fmt: skip
        self.fields["kept_organisation"] = owner_field(self.owners)
        self.fields["kept_sharing"] = sharing_field(viewer)
        self.fields["kept_sharing"].label = "Who may see new records"
        self.fields["kept_lot"] = lot_field(viewer)

    def clean(self) -> None:
        """Nothing; refuses to add or to share for an organisation for which the viewer may not."""
        owner = self.owners.get(self.cleaned_data.get("kept_organisation", ""))
        if owner is None or self.errors:
            return
        draft = self.model(programme=self.programme, organisation=owner, lot=self.cleaned_data["kept_lot"])
        if not CHANGE.holds(self.viewer, draft):
            self.add_error("kept_lot", f"Your role does not let you add what {owner} keeps for this lot.")
        elif self.cleaned_data["kept_sharing"] != draft.sharing and not SHARE.holds(self.viewer, draft):
            self.add_error("kept_sharing", f"Your role does not let you share what {owner} keeps.")

    def upload(self) -> Upload:
        """The upload that was sent, not kept yet and without its cells."""
        said = self.cleaned_data
        return Upload(
            programme=self.programme,
            stem=self.model.STEM,
            organisation=self.owners[said["kept_organisation"]],
            sharing=said["kept_sharing"],
            lot=said["kept_lot"],
            name=said["file"].name[-LONGEST_NAME:],
        )


class ConfirmForm(FaultForm):
    """Why an upload is taken in."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.fields["reason"] = reason_field("")
        self.fields["reason"].help_text = "It stays in the story of each record, for everybody who may read that."

    def ask_why(self, *, restates: bool) -> None:
        """Nothing; the form asks for what must be said where records change, and may be said where they are new."""
        self["reason"].label = "Why these records change" if restates else "Why they are added (optional)"
