"""Django form fields as parameters of the NHS form components, with their errors."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.forms import BoundField, Form

from parity.terms.errors import Fault, InputRefused

Done = TypeVar("Done")
MACROS: dict[type[forms.Widget], str] = {
    forms.PasswordInput: "passwordInput",
    forms.Textarea: "textarea",
    forms.FileInput: "fileUpload",
    forms.SelectDateWidget: "dateInput",
    forms.CheckboxInput: "checkboxes",
    forms.CheckboxSelectMultiple: "checkboxes",
    forms.RadioSelect: "radios",
    forms.Select: "select",
}
GROUPED = ("radios", "checkboxes", "dateInput")
PASSED_ON = ("autocomplete", "inputmode", "spellcheck", "autocapitalize", "rows", "width")
DATE_PARTS = (("day", "2"), ("month", "2"), ("year", "4"))


class FaultForm(forms.Form):
    """A form that is told what was wrong with its content by whoever refused it. Its labels are bold."""

    long = True

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Nothing; each fault stands at its field, or over the form where there is no such field."""
        for fault in faults:
            at = fault.column if fault.column in self.fields else None
            self.add_error(at, self.worded(fault))

    def done(self, act: Callable[[], Done]) -> Done | None:
        """What the act gave; None where nothing was sent, or what was sent is refused: then the form says why."""
        if not self.is_valid():
            return None
        try:
            return act()
        except InputRefused as refused:
            self.refuse(refused.faults)
            return None

    def worded(self, fault: Fault) -> str:
        """The sentence for a fault."""
        return fault.sentence


class DateBoxes(forms.SelectDateWidget):
    """Three boxes for a day, a month and a year. What was entered comes out as `2027-03-31`, even where it is no date.

    So a text field may hold a date that somebody else checks, and nobody has to type the rest again.
    """

    @staticmethod
    def parts(name: str, text: str) -> dict[str, str]:
        """A date as text in the boxes of the field of this name, as a browser would send them."""
        written = dict(zip(("year", "month", "day"), text.split("-", 2), strict=False))
        return {f"{name}_{part}": written.get(part, "") for part, _ in DATE_PARTS}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """Year, month and day as entered, joined by dashes; empty where nothing was."""
        year, month, day = (str(data.get(f"{name}_{part}") or "").strip() for part in ("year", "month", "day"))
        return "-".join((year, _two_digits(month), _two_digits(day))) if year or month or day else ""

    def format_value(self, value: Any) -> dict[str, str | int | None]:
        """The text of each box."""
        text = value.isoformat() if isinstance(value, date) else str(value or "")
        shown = {name.lstrip("_"): part for name, part in self.parts("", text).items()}
        return {part: text.lstrip("0") if part != "year" else text for part, text in shown.items()}


def _two_digits(text: str) -> str:
    """A number of one digit with a nought before it."""
    return text.zfill(2) if text.isdecimal() else text


@dataclass(frozen=True, slots=True)
class NhsField:
    """One field: the name of its NHS component (`hidden` for none) and that component's parameters."""

    macro: str
    parameters: dict[str, Any]


def nhs_fields(form: Form) -> list[NhsField]:
    """The form's fields in order. Text reaches the component as text only, so it is always escaped.

    A form that says it is `long` has bold labels, so that its questions are told apart.
    """
    return [_field(bound) for bound in form]


def nhs_errors(form: Form) -> list[dict[str, str]]:
    """The error summary's list: each sentence once, with a link to its field if that is seen; the form's own first."""
    whole = [{"text": str(sentence)} for sentence in form.non_field_errors()]
    return whole + [
        {"text": str(sentence)} | ({} if bound.is_hidden else {"href": f"#{_first_id(bound)}"})
        for bound in form
        for sentence in bound.errors
    ]


def _field(bound: BoundField) -> NhsField:
    """The field as component and parameters."""
    macro = "hidden" if bound.is_hidden else _macro(bound.field.widget)
    written = bound.value()
    attributes = bound.field.widget.attrs
    label = {"text": bound.label} | ({"size": "s"} if getattr(bound.form, "long", False) else {})
    parameters: dict[str, Any] = {
        "id": _id(bound, macro),
        "idPrefix": bound.auto_id,
        "name": bound.html_name,
        "value": None if written is None or macro == "passwordInput" else str(written),
        "label": label,
        "hint": {"text": str(bound.help_text)} if bound.help_text else None,
        "errorMessage": {"text": " ".join(map(str, bound.errors))} if bound.errors else None,
        "type": getattr(bound.field.widget, "input_type", "text"),
        **{key: attributes[key] for key in PASSED_ON if key in attributes},
    }
    if macro in GROUPED and not isinstance(bound.field.widget, forms.CheckboxInput):
        parameters |= {"fieldset": {"legend": label}}
    if macro in (*GROUPED, "select"):
        parameters["items"] = _items(bound, macro)
    return NhsField(macro, {key: value for key, value in parameters.items() if value is not None})


def _id(bound: BoundField, macro: str) -> str | None:
    """The id of the component: none where its first box has it."""
    if macro in GROUPED:
        return bound.auto_id if macro == "dateInput" else None
    return bound.id_for_label or bound.auto_id


def _macro(widget: forms.Widget) -> str:
    """The component for a widget; a subclass follows its parent, anything else is a text input."""
    return next((MACROS[kind] for kind in type(widget).__mro__ if kind in MACROS), "input")


def _items(bound: BoundField, macro: str) -> list[dict[str, Any]]:
    """The choices of a field, or the three boxes of a date, as the component's items."""
    widget = bound.field.widget
    if macro == "dateInput":
        parts = widget.get_context(bound.html_name, bound.value(), {})["widget"]["value"]
        return [
            {"id": _part_id(bound, part), "name": f"{bound.html_name}_{part}", "label": part.title(), "width": width}
            | {"value": str(parts[part] or ""), "error": bool(bound.errors)}
            for part, width in DATE_PARTS
        ]
    if isinstance(widget, forms.CheckboxInput):
        return [{"value": "on", "text": bound.label, "checked": bool(bound.value())}]
    chosen = bound.value()
    values = {str(one) for one in (chosen if isinstance(chosen, (list, tuple)) else [chosen])}
    mark = "selected" if macro == "select" else "checked"
    return [
        {"value": str(value), "text": str(text), mark: str(value) in values}
        for value, text in bound.field.choices  # type: ignore[attr-defined]
    ]


def _part_id(bound: BoundField, part: str) -> str:
    """The id of one box of a date."""
    return f"{bound.auto_id}_{part}"


def _first_id(bound: BoundField) -> str:
    """The id of the element that a link from the error summary moves to."""
    return _part_id(bound, "day") if _macro(bound.field.widget) == "dateInput" else bound.auto_id
