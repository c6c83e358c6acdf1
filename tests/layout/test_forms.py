"""Django forms as NHS components: labels, hints, values, errors at the field and in the summary."""

from django import forms
from django.template import engines

from parity.layout.forms import DateBoxes, nhs_errors, nhs_fields
from tests.layout.reading import Element, read_page


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the letter", error_messages={"required": "Enter a name."})
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    body = forms.ChoiceField(label="Body", choices=[("icb", "NHS"), ("la", "Council")])
    way = forms.ChoiceField(
        label="Way", choices=[("open", "Open"), ("closed", "Closed")], widget=forms.RadioSelect,
        error_messages={"required": "Choose a way."},
    )  # fmt: skip
    lots = forms.MultipleChoiceField(
        label="Lots", choices=[("1", "North"), ("2", "South")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="I agree", error_messages={"required": "Agree first."})
    ends = forms.DateField(
        label="Ends", widget=forms.SelectDateWidget(), error_messages={"required": "Enter an end date."}
    )
    paper = forms.FileField(label="Paper", required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        if self.data.get("name") == "clash":
            raise forms.ValidationError("The name is taken.")


FILLED = {
    "name": "<b>Ana</b>", "note": "two\nlines", "secret": "hush", "body": "la", "way": "open", "lots": ["2"],
    "agreed": "on", "ends_day": "31", "ends_month": "1", "ends_year": "2027", "version": "7",
}  # fmt: skip


def page(form: forms.Form) -> Element:
    source = '{% from "layout/form.jinja" import error_summary, fields %}{{ error_summary(form) }}{{ fields(form) }}'
    return read_page(engines["jinja2"].from_string(source).render({"form": form}))


def test_each_widget_has_its_component() -> None:
    assert [field.macro for field in nhs_fields(SampleForm())] == [
        "input", "textarea", "passwordInput", "select", "radios", "checkboxes", "checkboxes", "dateInput",
        "fileUpload", "hidden",
    ]  # fmt: skip


def test_what_was_entered_comes_back_escaped_and_the_password_does_not() -> None:
    shown = page(SampleForm(FILLED))
    assert shown.one("input", name="name").attributes["value"] == "<b>Ana</b>"
    assert shown.one("textarea").text == "two lines"
    assert "value" not in shown.one("input", name="secret").attributes
    assert shown.one("option", selected="").text == "Council"
    assert [each.attributes["value"] for each in shown.all("input", checked="")] == ["open", "2", "on"]
    assert [shown.one("input", name=f"ends_{part}").attributes["value"] for part in ("day", "month", "year")] == [
        "31", "1", "2027",
    ]  # fmt: skip
    assert shown.one("input", name="version").attributes["type"] == "hidden"


def test_every_visible_field_has_a_label_with_visible_text() -> None:
    shown = page(SampleForm())
    labelled = {each.attributes["for"]: each.text for each in shown.all("label")}
    assert labelled == {
        "id_name": "Name", "id_note": "Note", "id_secret": "Password", "id_body": "Body", "id_way": "Open",
        "id_way-2": "Closed", "id_lots": "North", "id_lots-2": "South", "id_agreed": "I agree",
        "id_ends_day": "Day", "id_ends_month": "Month", "id_ends_year": "Year", "id_paper": "Paper",
    }  # fmt: skip
    assert [each.text for each in shown.all("legend")] == ["Way", "Lots", "Ends"]
    assert shown.one("div", class_="nhsuk-hint").text == "As on the letter"


def test_no_id_stands_twice() -> None:
    ids = [each.attributes["id"] for each in page(SampleForm({})).below() if "id" in each.attributes]
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_a_date_that_is_none_comes_back_as_it_was_entered() -> None:
    class Dated(forms.Form):
        day = forms.CharField(widget=DateBoxes())

    entered = {"day_day": "31", "day_month": "2", "day_year": "20x6"}
    form = Dated(entered)
    assert (form.is_valid(), form.cleaned_data["day"]) == (True, "20x6-02-31")
    boxes = {name: page(form).one("input", name=name).attributes["value"] for name in entered}
    assert boxes == entered
    assert Dated({"day_day": "", "day_month": "", "day_year": ""}).is_valid() is False
    assert DateBoxes.parts("day", "2027-03-01") == {"day_day": "01", "day_month": "03", "day_year": "2027"}


def test_errors_stand_in_the_summary_and_at_the_field() -> None:
    form = SampleForm({"body": "icb"})
    assert nhs_errors(form) == [
        {"text": "Enter a name.", "href": "#id_name"},
        {"text": "Choose a way.", "href": "#id_way"},
        {"text": "Agree first.", "href": "#id_agreed"},
        {"text": "Enter an end date.", "href": "#id_ends_day"},
    ]
    shown = page(form)
    assert shown.one("h2").text == "There is a problem"
    ids = {each.attributes.get("id") for each in shown.all("input")}
    assert {link.attributes["href"].removeprefix("#") for link in shown.all("a")} - ids == set()
    assert [each.text for each in shown.all("span", class_="nhsuk-error-message")] == [
        "Error: Enter a name.", "Error: Choose a way.", "Error: Agree first.", "Error: Enter an end date.",
    ]  # fmt: skip


def test_an_error_of_the_whole_form_stands_first_without_a_link() -> None:
    assert nhs_errors(SampleForm(FILLED | {"name": "clash"})) == [{"text": "The name is taken."}]


def test_a_form_without_errors_has_no_summary() -> None:
    assert page(SampleForm()).all("h2") == []
