import io
import zipfile

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from parity.documents.edition import Edition
from parity.documents.model import Column, Document, Table
from parity.documents.workbook import FIGURE_COLUMNS, write_workbook
from tests.documents.sample import AWKWARD, NOT_COUNTED, PEOPLE, SHARE, document, figure


@pytest.fixture(scope="module")
def file(workbook: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook))


def small(*tables: Table) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_workbook(Document("Title", "", "Council", tables))))


def rows_of(file: Workbook, name: str) -> list[list[object]]:
    return [list(row) for row in file[name].iter_rows(min_row=3, values_only=True)]


def test_the_same_document_gives_the_same_bytes_without_dates(workbook: bytes):
    assert write_workbook(document()) == workbook
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_sheets_in_order(file: Workbook):
    assert file.sheetnames == [
        "Cover", "Contents", "Notes", "wards", "areas", "plan", "none", "spend-bar", "line", "grouped", "stacked",
        "All figures",
    ]  # fmt: skip


def test_no_formula_no_merged_cell_no_gap_in_a_table(file: Workbook):
    for sheet in file.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        assert sheet.merged_cells.ranges == set()
        for table in sheet.tables.values():
            body = [cell.value for row in sheet[table.ref] for cell in row]
            assert sheet.title == "none" or None not in body


def test_every_sheet_but_the_cover_holds_one_real_table(file: Workbook):
    assert [len(sheet.tables) for sheet in file.worksheets] == [0, *[1] * (len(file.sheetnames) - 1)]
    assert [sheet.freeze_panes for sheet in file.worksheets[1:]] == ["B4"] * (len(file.sheetnames) - 1)
    names = [name for sheet in file.worksheets for name in sheet.tables]
    assert len(names) == len(set(names))


def test_contents_link_to_every_later_sheet(file: Workbook):
    cells = [row[0] for row in file["Contents"].iter_rows(min_row=4)]
    links = {cell.coordinate: cell.hyperlink.location for cell in cells}
    expected = [name for name in file.sheetnames if name not in {"Cover", "Contents"}]
    assert links == {f"A{row}": f"'{name}'!A1" for row, name in enumerate(expected, start=4)}


def test_a_table_holds_numbers_with_units_intervals_and_notes(file: Workbook):
    rows = rows_of(file, "wards")
    assert rows[0] == [
        "Ward", "Adults in treatment (per 1,000 people)", "Adults in treatment (per 1,000 people), lower",
        "Adults in treatment (per 1,000 people), upper", "Spend (pounds)", "Notes",
    ]  # fmt: skip
    assert rows[1] == ["Abbey", 41.25, 37.125, pytest.approx(45.375), 1_250_000, "Spend: a, b"]
    missing = f"not available: {NOT_COUNTED}"
    assert rows[3] == ["Castle", missing, "none", "none", missing, "Adults in treatment: d; Spend: a, b, d"]
    assert rows[5][0] == AWKWARD
    formats = [file["wards"].cell(4, column).number_format for column in (2, 5)]
    assert formats == ['#,##0.0" per 1,000";"−"#,##0.0" per 1,000"', '"£"#,##0;"−""£"#,##0']


def test_notes_name_sheet_and_letter(file: Workbook, edition: Edition):
    rows = rows_of(file, "Notes")
    assert rows[0] == ["Sheet", "Note", "Text"]
    assert rows[1:4] == [
        ["wards", "whole table", "Wards are those of 2023."],
        ["wards", "whole table", "In brackets: 95% interval, Wilson."],
        ["wards", "a", "Basis: gross."],
    ]
    assert len(rows) == 1 + sum(len(grid.remarks) for grid in edition.grids)


def test_every_figure_has_one_row(file: Workbook):
    rows = rows_of(file, "All figures")
    figures = list(dict.fromkeys(document().figures()))
    assert tuple(rows[0]) == FIGURE_COLUMNS
    assert len(rows) == 1 + len(figures)
    assert dict(zip(FIGURE_COLUMNS, rows[1], strict=True)) == {
        "Key": "share", "Title": "Share of people recovered, Leicester, 2025/26", "Programme": "leicester",
        "Area code": "LEI", "Area": "Leicester", "Period": "2025/26", "Dimensions": "none", "Value": 0.45678,
        "Lower": 0.44, "Upper": 0.47, "Unit": "share", "As printed": "45.7%", "Basis": "does not apply",
        "Price year": "does not apply", "Missing because": "not missing", "Caveats": "none",
        "Releases": "treatment@1a2b3c4d",
    }  # fmt: skip
    assert [row[11] for row in rows[1:]] == [each.text for each in figures]


def test_other_figures_may_be_listed():
    given = [figure(SHARE, "Abbey", 0.5, where=(("sex", "women"), ("age", "18 to 64")))]
    content = write_workbook(document(), figures=given)
    rows = rows_of(openpyxl.load_workbook(io.BytesIO(content)), "All figures")
    assert [row[6] for row in rows[1:]] == ["sex: women; age: 18 to 64"]


def test_headings_and_sheet_names_are_made_fit():
    columns = (Column("A"), Column("a", numeric=True), Column(""))
    one = figure(PEOPLE, "x", 1.0)
    tables = [
        Table("notes", "Named as a sheet of ours", columns, (("x", "y", one),)),
        Table("a/b:c?" + "x" * 40, "Too long", columns, (("x", "y", "z"),)),
        Table("A-b-c-" + "x" * 40, "Clash", columns, (("x", "y", "z"),)),
    ]
    file = small(*tables)
    assert file.sheetnames[3:-1] == ["notes 1", "a-b-c-" + "x" * 25, "A-b-c-" + "x" * 23 + " 3"]
    assert rows_of(file, "notes 1") == [["A", "a (2)", "(people)"], ["x", "y", 1]]


def test_text_that_looks_like_a_formula_or_an_address_stays_text():
    rows = (("=1+1", "https://example.org"), ("@x", "{=1}"), ("+1", "-1"))
    file = small(Table("t", "=T", (Column("=A"), Column("B")), rows))
    assert rows_of(file, "t") == [["=A", "B"], *(list(row) for row in rows)]
    assert {cell.data_type for row in file["t"]["A3:B6"] for cell in row} == {"s"}


def test_an_interval_column_says_where_there_is_none():
    ranged, plain = figure(SHARE, "a", 0.5, lower=0.4, upper=0.6), figure(SHARE, "b", 0.5)
    columns = (Column("Area"), Column("Share", numeric=True))
    file = small(Table("t", "T", columns, (("a", ranged), ("b", plain), ("c", "words"))))
    assert rows_of(file, "t")[1:] == [
        ["a", 0.5, 0.4, 0.6], ["b", 0.5, "none", "none"], ["c", "words", "no interval", "no interval"]
    ]  # fmt: skip


def test_text_that_looks_like_a_workbook_s_markup_is_text():
    markup = "<r><t>&lt;b&gt;</t></r>"
    table = Table("m", markup, (Column("Area"), Column(markup)), ((markup, "<r>\U0001f600 & </r>"),))
    file = openpyxl.load_workbook(
        io.BytesIO(write_workbook(Document(markup, markup, markup, (table,)))), rich_text=False
    )
    assert [file["Cover"]["A1"].value, file["Cover"]["A2"].value] == [markup, markup]
    assert rows_of(file, "m") == [["Area", f"{markup} "], [markup, "<r>\U0001f600 & </r>"]]
