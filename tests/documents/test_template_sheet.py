"""A register's workbook: what an empty one says and allows, and that a filled one reads back as it was."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from parity.documents.template_sheet import Row, TemplateColumn, Value, write_filled, write_template
from parity.sources.brought.sheet_worker import read_cells
from parity.sources.brought.uploads import read_upload
from parity.terms.errors import Fault, InputRefused

COLUMNS = (
    TemplateColumn("risk", "Number of the risk", required=True),
    TemplateColumn("cost_gbp", "What it would cost", "number", "pounds", minimum=0),
    TemplateColumn("impact", "Impact on people", "integer", minimum=1, maximum=5, required=True),
    TemplateColumn("raised", "Day on which it was raised.", "date"),
    TemplateColumn("open", "Whether it is open", "boolean"),
    TemplateColumn("period", "Year it may fall in", "period"),
    TemplateColumn("state", "State of the answer", allowed=("begun", "done")),
    TemplateColumn("area", "Code of its area"),
)
AREAS = tuple(f"E0600{number:04}" for number in range(40))
TITLE = "Risks of the programme"
MISSING = "Leave a cell empty where the value is not known. Write 0 only where nothing was counted or paid."


@pytest.fixture(scope="module")
def content() -> bytes:
    return write_template(COLUMNS, title=TITLE, lists={"area": AREAS}, version="0a1b2c")


@pytest.fixture(scope="module")
def template(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(rows: Sequence[Row], columns: Sequence[TemplateColumn] = COLUMNS) -> bytes:
    return write_filled(columns, rows, title=TITLE, lists={})


def xml(content: bytes) -> str:
    """All the XML of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def rows_of(template: Workbook, name: str) -> list[list[object]]:
    return [list(row) for row in template[name].iter_rows(values_only=True)]


def test_the_same_columns_give_the_same_bytes(content: bytes) -> None:
    assert write_template(COLUMNS, title=TITLE, lists={"area": AREAS}, version="0a1b2c") == content


def test_the_table_has_its_header_in_the_first_row_and_stays_in_sight(template: Workbook) -> None:
    data = template["Data"]
    assert template.sheetnames == ["Data", "Notes", "Lists"]
    assert rows_of(template, "Data")[0] == [column.name for column in COLUMNS]
    assert (data.freeze_panes, data.print_title_rows, data.page_setup.fitToHeight) == ("A2", "$1:$1", 0)
    assert [cell.font.bold for cell in data[1]] == [True] * len(COLUMNS)
    assert [cell.fill.fill_type for cell in data[1]] == ["solid", None, "solid", None, None, None, None, None]


def test_every_heading_has_a_note(template: Workbook) -> None:
    assert [cell.comment.text for cell in template["Data"][1]] == [
        "Number of the risk. Kind: text. Required.",
        "What it would cost. Unit: pounds. Kind: number. May be left empty.",
        "Impact on people. Kind: whole number. Required.",
        "Day on which it was raised. Kind: date. May be left empty.",
        "Whether it is open. Kind: true or false. May be left empty.",
        "Year it may fall in. Kind: period. May be left empty.",
        "State of the answer. Kind: text. May be left empty.",
        "Code of its area. Kind: text. May be left empty.",
    ]


def test_every_column_but_free_text_has_a_rule_down_to_the_last_row(template: Workbook) -> None:
    rules = template["Data"].data_validations.dataValidation
    told = [(str(rule.sqref), rule.type, rule.formula1, rule.formula2, rule.error) for rule in rules]
    assert told == [
        ("B2:B1048576", "decimal", "0", "1000000000000000", "Write a number, at least 0."),
        ("C2:C1048576", "whole", "1", "5", "Write a whole number, at least 1, at most 5."),
        ("D2:D1048576", "date", "61", "109574", "Write a date."),
        ("E2:E1048576", "list", '"true,false"', None, "Write true or false."),
        ("G2:G1048576", "list", "Lists!$B$2:$B$3", None, "Write one of the values on the sheet “Lists”."),
        ("H2:H1048576", "list", "Lists!$B$4:$B$43", None, "Write one of the values on the sheet “Lists”."),
    ]


def test_the_notes_say_what_each_column_means_and_how_a_missing_value_is_written(template: Workbook) -> None:
    rows = rows_of(template, "Notes")
    assert [row[0] for row in rows[:4]] == [
        TITLE,
        MISSING,
        "The table is on the sheet “Data”. Fill in values, not formulas. Keep the names of the columns.",
        "Version of this template: 0a1b2c",
    ]
    some = "E06000000, E06000001, E06000002, E06000003, E06000004, E06000005, "
    some += "E06000006, E06000007, E06000008, E06000009, E06000010, E06000011, …: see the sheet “Lists”"
    assert rows[4:] == [
        ["Column", "Meaning", "Kind", "Unit", "Required", "Allowed values", "Example"],
        ["risk", "Number of the risk", "text", "no unit", "yes", "any text", "any text"],
        ["cost_gbp", "What it would cost", "number", "pounds", "no", "a number, at least 0", "1234.5"],
        ["impact", "Impact on people", "whole number", "no unit", "yes", "a whole number, at least 1, at most 5", "12"],
        ["raised", "Day on which it was raised.", "date", "no unit", "no", "a date", "2026-01-31"],
        ["open", "Whether it is open", "true or false", "no unit", "no", "true or false", "true"],
        [
            "period", "Year it may fall in", "period", "no unit", "no", "a year, financial year, quarter or month",
            "2026/27",
        ],
        ["state", "State of the answer", "text", "no unit", "no", "begun, done", "begun"],
        ["area", "Code of its area", "text", "no unit", "no", some, "E06000000"],
    ]  # fmt: skip


def test_the_lists_hold_every_value_on_a_row_of_its_own(template: Workbook) -> None:
    expected = [["Column", "Value"], ["state", "begun"], ["state", "done"], *(["area", area] for area in AREAS)]
    assert rows_of(template, "Lists") == expected


def test_the_lists_say_what_a_code_stands_for() -> None:
    content = write_template(COLUMNS, title=TITLE, lists={"area": {"E06000001": "Hart", "E06000002": "<r>=1</r>"}})
    assert rows_of(openpyxl.load_workbook(io.BytesIO(content)), "Lists") == [
        ["Column", "Value", "Stands for"], ["state", "begun", "begun"], ["state", "done", "done"],
        ["area", "E06000001", "Hart"], ["area", "E06000002", "<r>=1</r>"],
    ]  # fmt: skip


def test_a_register_of_free_text_has_no_lists() -> None:
    content = write_template(COLUMNS[:3], title=TITLE, lists={"other": ("x",)})
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Data", "Notes"]
    assert "Version of this template" not in xml(content)


def test_it_is_accessible(template: Workbook) -> None:
    assert [len(sheet.tables) for sheet in template.worksheets] == [1, 1, 1]
    assert [sheet.merged_cells.ranges for sheet in template.worksheets] == [set(), set(), set()]
    assert template.properties.title == TITLE
    assert {each.name: each.value for each in template.custom_doc_props.props} == {"Language": "en-GB"}


def test_an_empty_template_is_a_table_without_rows(content: bytes) -> None:
    frame, faults = read_upload("risks.xlsx", content)
    assert (frame.columns, frame.height, faults) == ([column.name for column in COLUMNS], 0, [])


def test_columns_of_text_keep_what_is_typed_and_dates_are_shown_as_they_are_read(template: Workbook) -> None:
    formats = [template["Data"].column_dimensions[letter].number_format for letter in "ABCDEFG"]
    assert formats == ["@", "General", "General", "yyyy-mm-dd", "General", "@", "@"]


TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=["Cc"]), st.sampled_from("=+-@'\t\r\n<r>/&_x0041＝＋－＠ ")
    ),
    max_size=12,
)
NASTY = st.one_of(
    TEXTS,
    TEXTS.map(lambda text: f"={text}"),
    TEXTS.map(lambda text: f"<r>{text}</r>"),
    st.from_regex(r"[0-9]{15,30}", fullmatch=True),
    st.sampled_from(
        ["=cmd|'/c calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "{=1}", "1e5", "http://x"]
    ),
)
VALUES = st.one_of(
    st.none(),
    NASTY,
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.builds(datetime.combine, st.dates(), st.times()),
)


def as_text(value: Value) -> str | None:
    """The slow twin: what a value is as text, by the rule of the reader."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal() if abs(value) >= 10**15 or Decimal(repr(float(value))) != value:
            return str(value)
        case float() | Decimal():
            number = float(value)
            return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
        case date():
            return value.isoformat()
    return value.strip() or None


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=5))
def test_what_is_taken_out_reads_back_cell_by_cell_and_holds_no_formula(rows: list[Row]) -> None:
    kinds = (TemplateColumn("a", "A"), TemplateColumn("b", "B", "number"), TemplateColumn("c", "C", "date"))
    content = filled(rows, kinds)
    expected = [[as_text(value) or "" for value in row] for row in rows]
    while expected and not any(expected[-1]):
        expected.pop()
    assert read_cells("a.xlsx", content, kind="xlsx") == ([["a", "b", "c"], *expected], [])
    assert re.findall(r"<f[ />]", xml(content)) == []


def test_numbers_and_dates_are_numbers_and_dates() -> None:
    row = ("=1+1", Decimal("-1234.50"), -3, date(2026, 1, 31), True, "2026/27", None, "E06000001")
    page = openpyxl.load_workbook(io.BytesIO(filled([row])))["Data"]
    assert [(cell.value, cell.data_type) for cell in page[2]] == [
        ("=1+1", "s"), (-1234.5, "n"), (-3, "n"), (datetime.combine(date(2026, 1, 31), time()), "d"), (True, "b"),
        ("2026/27", "s"), (None, "n"), ("E06000001", "s"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["x" * 32_768, "😀" * 16_384])
def test_a_text_longer_than_a_cell_is_refused(text: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        filled([("x", 1), ("x" * 32_767, 1), (text, 1)], COLUMNS[:2])
    sentence = "The text is longer than a cell holds (32,767 characters): take the rows out as CSV."
    assert refusal.value.faults == [Fault(TITLE, sentence, 4, "risk")]


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    with pytest.raises(InputRefused) as refusal:
        filled([(None,)] * 1_048_576, COLUMNS[:1])
    assert refusal.value.faults == [Fault(TITLE, "A sheet has no room for so many rows: take them out as CSV.")]
