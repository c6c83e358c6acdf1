"""Uploaded sheets: what is refused with which sentence, and that every value comes through as the text it is."""

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import escape

from parity.layout.csv_file import safe_text
from parity.sources.brought import uploads
from parity.sources.brought.sheet_worker import read_cells
from parity.sources.brought.uploads import read_upload
from parity.terms.errors import Fault
from tests.given import HOUSE
from tests.sources.brought.hostile.corpus import (
    CORPUS,
    HEADER,
    MAIN,
    OFFICE,
    book,
    cells,
    packed,
    parts,
    sheet,
    strings,
)

SECONDS, BYTES = 10, 500_000_000
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc"])
TEXTS = st.text(st.one_of(LETTERS, st.sampled_from("=+-@'\t\r\n,\";_x0041＝ ")), max_size=12)


@pytest.mark.parametrize("title", CORPUS)
def test_what_means_harm_is_refused_with_a_sentence(title: str) -> None:
    hostile = CORPUS[title]
    frame, faults = read_upload(hostile.name, hostile.make())
    told = [(fault.file, fault.sentence, fault.row, fault.column) for fault in faults]
    assert (frame.shape, told) == ((0, 0), [(hostile.name, hostile.told, hostile.row, hostile.column)])


@pytest.mark.skipif(sys.platform == "win32", reason="only here is a process asked what it took")
def test_what_means_harm_takes_little_memory_and_time(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sources.brought.hostile.corpus", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=HOUSE)
    taken = json.loads(done.stdout)
    assert list(taken) == list(CORPUS)
    assert {title: used for title, used in taken.items() if used[0] > SECONDS or used[1] > BYTES} == {}


def read(content: bytes, name: str = "a.xlsx") -> list[list[str | None]]:
    """The header and the rows, read without a process of their own; no fault is expected."""
    rows, faults = read_cells(name, content, kind=name.rpartition(".")[2])
    assert faults == []
    return [[cell or None for cell in row] for row in rows]


def written(*rows: Sequence[Any], epoch: bool = False) -> bytes:
    """A workbook by another's hand."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": epoch, "remove_timezone": True}) as workbook:
        page = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "dd/mm/yy;@"})
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                match cell:
                    case str():
                        page.write_string(at, place, cell)
                    case date() | time() | timedelta():
                        page.write_datetime(at, place, cell, day)
                    case _:
                        page.write(at, place, cell)
    return buffer.getvalue()


def test_a_workbook_is_read_as_text_and_so_is_a_csv_file() -> None:
    workbook = written(["a", "b", "c"], ["x", 1, 2.50], [None, True, -3], [], ["=1+1", date(2026, 1, 31), 0.1])
    expected = pl.DataFrame(
        {"a": ["x", None, None, "=1+1"], "b": ["1", "true", None, "2026-01-31"], "c": ["2.5", "-3", None, "0.1"]}
    )
    text = b"\xef\xbb\xbfa,b,c\r\n x ,1,2.5\r\n,true,-3\r\n,,\r\n=1+1,2026-01-31,0.1\r\n,,\r\n"
    assert [faults for _, faults in (read_upload("a.xlsx", workbook), read_upload("a.csv", text))] == [[], []]
    assert read_upload("a.xlsx", workbook)[0].equals(expected)
    assert read_upload("a.csv", text)[0].equals(expected)


def test_a_header_alone_is_a_table_without_rows() -> None:
    frame, faults = read_upload("a.csv", b"a,b\n")
    assert (frame.schema, frame.height, faults) == ({"a": pl.String, "b": pl.String}, 0, [])


def test_a_text_that_starts_as_a_formula_is_a_text_and_our_own_guard_comes_off() -> None:
    assert read(b"a,b\n=cmd|'/c calc'!A0,'=1+1\n-5,''=1\n", "a.csv")[1:] == [
        ["=cmd|'/c calc'!A0", "=1+1"],
        ["-5", "'=1"],
    ]


@settings(deadline=None)
@given(TEXTS.filter(str.strip))
def test_our_csv_is_read_back_as_it_was(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["a"], [safe_text(text.strip())]])
    assert read(out.getvalue().encode(), "a.csv") == [["a"], [text.strip()]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6))
def test_the_frame_is_what_the_file_says(rows: list[tuple[str, str]]) -> None:
    """The cells cross from one process to the other in full."""
    lines = [["a", 'b "\n,'], *([left.strip(), right.strip()] for left, right in rows)]
    filled = [{place: cell for place, cell in enumerate(line) if cell} for line in lines[1:]]
    sent = "\n".join([json.dumps(lines[0]), *map(json.dumps, filled)])
    frame = uploads._frame(sent.encode())
    assert [frame.columns, *map(list, frame.rows())] == [lines[0], *([c or None for c in line] for line in lines[1:])]


DAYS = st.dates(date(1900, 3, 1), date(2199, 12, 31))
CELLS = st.one_of(
    TEXTS,
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: number == 0 or 1e-300 < abs(number) < 1e300),
    st.booleans(),
    st.builds(datetime.combine, DAYS, st.times().map(lambda at: at.replace(microsecond=0))),
    DAYS,
)


def as_text(value: object) -> str | None:
    """The slow twin: what another reader's value is as text."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case int() if abs(value) >= 2**53:
            return repr(float(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return (value + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat()
        case str():
            return escape.unescape(value).strip() or None
    return value if value is None else str(value)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_another_reader_reads_the_same(rows: list[list[Any]]) -> None:
    content = written(["a", "b", "c", "d"], *rows)
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    twin = [[as_text(cell) for cell in row] for row in page.iter_rows(values_only=True, max_col=4)]
    while not any(twin[-1]):
        twin.pop()
    assert read(content) == twin


def test_days_before_march_1900_days_from_1904_and_times() -> None:
    assert read(written(["a"], [date(1900, 1, 1)], [date(1900, 2, 28)], [date(1900, 3, 1)]))[1:] == [
        ["1900-01-01"], ["1900-02-28"], ["1900-03-01"],
    ]  # fmt: skip
    assert read(written(["a"], [date(1904, 1, 2)], [date(2026, 1, 31)], epoch=True))[1:] == [
        ["1904-01-02"], ["2026-01-31"],
    ]  # fmt: skip
    nearly = datetime.combine(date(2026, 1, 31), time(23, 59, 59, 800_000))
    assert read(written(["a"], [time(9, 30)], [nearly]))[1:] == [
        ["09:30:00"], ["2026-02-01"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "serial", "text"),
    [
        ("General", "46053", "46053"),
        ("yyyy-mm-dd", "46053", "2026-01-31"),
        ("[$-809]d mmmm yyyy;@", "46053.5", "2026-01-31T12:00:00"),
        ("[h]:mm", "1.5625", "37:30:00"),
        ("[Red]0.0%", "0.25", "0.25"),
        ('0 "days"', "12", "12"),
        (r"0\d", "12", "12"),
        ("_-* #,##0.00_-", "1.10", "1.1"),
    ],
)
def test_the_format_of_a_cell_tells_dates_from_numbers(code: str, serial: str, text: str) -> None:
    code = code.replace('"', "&quot;")
    styles = f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
    styles += '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    styles += '<cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs></styleSheet>'
    content = book(
        rels=f'<Relationship Id="s" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>',
        sheet=sheet(f'{HEADER}<row><c s="1"><v>{serial}</v></c></row>'),
        extra=[("xl/styles.xml", styles)],
    )
    assert read(content)[1] == [text, None]


@pytest.mark.parametrize("serial", ["60", "-1", "99999999"])
def test_a_date_that_is_none_is_told(serial: str) -> None:
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    content = book(
        rels=f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>',
        sheet=sheet(f'{HEADER}<row><c/><c t="n"><v>{serial}</v></c></row>'),
        extra=[("xl/styles.xml", styles)],
    )
    sentence = "B2 is shown as a date and holds none: write the date as 2026-01-31."
    assert read_cells("a.xlsx", content, kind="xlsx") == ([], [Fault("a.xlsx", sentence, 2, "b")])


def sheets(*named: tuple[str, str]) -> bytes:
    """A workbook of sheets with a name and a state each; the header of each is its number."""
    listed = "".join(
        f'<sheet name="{name}" state="{state}" sheetId="{at}" r:id="s{at}"/>' for at, (name, state) in enumerate(named)
    )
    related = "".join(
        f'<Relationship Id="s{at}" Type="{OFFICE}/worksheet" Target="s{at}.xml"/>' for at in range(len(named))
    )
    row = '<row><c t="inlineStr"><is><t>{}</t></is></c></row>'
    pages = [(f"xl/s{at}.xml", sheet(row.format(at))) for at in range(len(named))]
    workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    return book(workbook=workbook, rels=related, extra=pages)


@pytest.mark.parametrize(
    ("named", "taken"),
    [
        ([("Notes", "visible"), (" DATA", "visible")], "1"),
        ([("Notes", "visible"), ("Data", "hidden")], "1"),
        ([("Secret", "hidden"), ("Table", "visible"), ("More", "veryHidden")], "1"),
    ],
)
def test_the_sheet_called_data_or_the_only_one_in_sight_is_read(named: list[tuple[str, str]], taken: str) -> None:
    assert read(sheets(*named)) == [[taken]]


@pytest.mark.parametrize(("state", "number"), [("visible", 2), ("hidden", 0)])
def test_a_workbook_without_one_sheet_to_read_is_told(state: str, number: int) -> None:
    sentence = f"The workbook has {number} sheets: call the one with the table “Data”, or keep only that one."
    assert read_upload("a.xlsx", sheets(("A", state), ("B", state)))[1] == [Fault("a.xlsx", sentence)]


def test_two_sheets_of_one_name_are_no_workbook() -> None:
    assert [fault.row for fault in read_upload("a.xlsx", sheets(("Data", "visible"), ("data", "visible")))[1]] == [None]


def test_a_workbook_of_the_strict_kind_and_with_prefixes_is_read() -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    rows = '<x:row><x:c t="d"><x:v>2026-01-31T00:00:00</x:v></x:c><x:c t="b"><x:v>0</x:v></x:c></x:row>'
    page = f'<x:worksheet xmlns:x="{strict}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    assert read(book(sheet=page)) == [["2026-01-31", "false"]]


def test_a_text_in_pieces_is_one_and_readings_beside_it_are_left_out() -> None:
    item = '<si><r><t>x</t></r><r><t xml:space="preserve"> _x000D_y</t></r><rPh sb="0" eb="1"><t>z</t></rPh></si>'
    content = book(strings=strings(item), sheet=sheet('<row><c t="s"><v>0</v></c><c t="s"/></row>'))
    assert read(content) == [["x \ry"]]


def test_what_is_only_formatted_is_not_there() -> None:
    rows = '<row r="2"/><row r="3"><c r="A3" t="str"><v> </v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    claim = '<dimension ref="A1:XFD1048576"/>'
    page = sheet(HEADER + rows).replace("<sheetData>", f"{claim}<sheetData>")
    assert read(book(sheet=page)) == [["a", "b"]]


def test_rows_are_counted_as_the_spreadsheet_counts_them() -> None:
    page = sheet(f'{HEADER}<row r="4"><c r="B4"><v>1</v></c></row>')
    assert read(book(sheet=page)) == [["a", "b"], [None, None], [None, None], [None, "1"]]


def test_a_first_row_left_empty_is_told() -> None:
    sentence = "The first row is empty: it must hold the names of the columns."
    faults = read_upload("a.xlsx", book(sheet=sheet('<row r="2"><c><v>1</v></c></row>')))[1]
    assert faults == [Fault("a.xlsx", sentence, 1)]


def test_a_cell_beside_the_table_and_a_header_with_a_gap_are_told() -> None:
    beside = cells('<c r="C2"><v>1</v></c>')
    assert read_upload("a.xlsx", beside)[1] == [
        Fault("a.xlsx", "The row has 3 cells where the header has 2.", 2),
    ]
    gap = read_upload("a.xlsx", book(sheet=sheet('<row><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row>')))[1]
    assert gap == [Fault("a.xlsx", "Column 2 has no name: give it one, or remove it.", 1)]


def test_every_formula_is_told_up_to_a_thousand() -> None:
    page = sheet(HEADER + "<row><c><f/></c><c><v>1</v></c></row>" * 1_500)
    faults = read_upload("a.xlsx", book(sheet=page))[1]
    assert faults == [
        Fault("a.xlsx", f"A{row} holds a formula: put its value in its place.", row, "a") for row in range(2, 1_002)
    ]


def test_unseen_characters_are_told_up_to_a_thousand() -> None:
    faults = read_upload("a.csv", b"a\n" + b"\0\n" * 1_500)[1]
    assert [fault.row for fault in faults] == list(range(2, 1_002))


@pytest.mark.parametrize("name", ["../../etc/b.csv", "C:\\x\\b.csv", "/b.csv", "\nb.csv"])
def test_a_fault_names_the_file_alone(name: str) -> None:
    assert [str(fault).strip() for fault in read_upload(name, b"")[1]] == [
        "b.csv: The file is empty: it needs a header row."
    ]


def test_a_very_long_name_is_cut() -> None:
    assert [fault.file for fault in read_upload("x" * 1_000 + ".csv", b"")[1]] == ["x" * 96 + ".csv"]


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LONGEST_SECONDS", 0.001)
    sentence = "The file takes too long to read: split it, or save it anew."
    assert read_upload("a.csv", b"a\n1\n")[1] == [Fault("a.csv", sentence)]


def test_a_reader_that_dies_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    sentence = "The file takes more memory than one table may: split it, or save it anew."
    assert read_upload("a.csv", b"a\n1\n")[1] == [Fault("a.csv", sentence)]


def test_the_reader_gets_nothing_of_the_environment_but_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    monkeypatch.setenv("PYTHONWARNINGS", "nonsense")
    assert read_upload("a.csv", b"a\n1\n")[0].rows() == [("1",)]


def test_the_smallest_workbook_of_the_corpus_is_sound() -> None:
    """Or every refusal above would be for another reason."""
    assert read(packed(parts().items())) == [["a", "b"]]
