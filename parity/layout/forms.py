"""Django form fields as parameters of the NHS form components, with their errors."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField, Form

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
PASSED_ON = ("autocomplete", "inputmode", "spellcheck", "autocapitalize")
DATE_PARTS = (("day", "2"), ("month", "2"), ("year", "4"))


@dataclass(frozen=True, slots=True)
class NhsField:
    """One field: the name of its NHS component (`hidden` for none) and that component's parameters."""

    macro: str
    parameters: dict[str, Any]


def nhs_fields(form: Form) -> list[NhsField]:
    """The form's fields in order. Text reaches the component as text only, so it is always escaped."""
    return [_field(bound) for bound in form]


def nhs_errors(form: Form) -> list[dict[str, str]]:
    """The error summary's list: each sentence once, with a link to its field; the form's own errors first."""
    whole = [{"text": str(sentence)} for sentence in form.non_field_errors()]
    return whole + [
        {"text": str(sentence), "href": f"#{_first_id(bound)}"} for bound in form for sentence in bound.errors
    ]


def _field(bound: BoundField) -> NhsField:
    """The field as component and parameters."""
    macro = "hidden" if bound.is_hidden else _macro(bound.field.widget)
    written = bound.value()
    attributes = bound.field.widget.attrs
    parameters: dict[str, Any] = {
        "id": bound.id_for_label or bound.auto_id,
        "idPrefix": bound.auto_id,
        "name": bound.html_name,
        "value": None if written is None or macro == "passwordInput" else str(written),
        "label": {"text": bound.label},
        "hint": {"text": str(bound.help_text)} if bound.help_text else None,
        "errorMessage": {"text": " ".join(map(str, bound.errors))} if bound.errors else None,
        "type": getattr(bound.field.widget, "input_type", "text"),
        **{key: attributes[key] for key in PASSED_ON if key in attributes},
    }
    if macro in GROUPED and not isinstance(bound.field.widget, forms.CheckboxInput):
        parameters |= {"fieldset": {"legend": {"text": bound.label}}}
    if macro in (*GROUPED, "select"):
        parameters["items"] = _items(bound, macro)
    return NhsField(macro, {key: value for key, value in parameters.items() if value is not None})


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
