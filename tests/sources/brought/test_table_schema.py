"""A table read against its schema: every fault with its file, row, column and a plain sentence."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.sources.brought.table_schema import FAULTS_SHOWN, PRINTED, SMALLEST, Schema, read_table, schema_from
from parity.terms.errors import Fault

FIELDS: list[dict[str, Any]] = [
    {"name": "area", "type": "string", "constraints": {"required": True}},
    {"name": "period", "type": "string", "kind": "period", "constraints": {"required": True}},
    {"name": "share", "type": "number", "constraints": {"minimum": 0, "maximum": 1}},
    {"name": "people", "type": "integer", "constraints": {"exclusiveMinimum": 0, "exclusiveMaximum": 1000}},
    {"name": "basis", "type": "string", "constraints": {"enum": ["gross", "net"]}},
    {"name": "on", "type": "date"},
    {"name": "agreed", "type": "boolean"},
    {"name": "code", "type": "string", "constraints": {"unique": True}},
]
AREAS_KEY = {"fields": "area", "reference": {"resource": "areas", "fields": "area"}}
DOCUMENT = {"title": "Sample", "fields": FIELDS, "primaryKey": ["area", "period"], "foreignKeys": [AREAS_KEY]}
SAMPLE = schema_from(json.dumps(DOCUMENT))
HEADER = "area,period,share,people,basis,on,agreed,code"
GOOD = "A,2008,0.5,10,gross,2016-01-31,true,x"

Read = Callable[..., tuple[pl.DataFrame, list[Fault]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads rows below the sample's header, or the whole content where it is given."""

    def reading(
        *rows: str, content: str | bytes = "", schema: Schema = SAMPLE, areas: frozenset[str] | None = None
    ) -> tuple[pl.DataFrame, list[Fault]]:
        path = tmp_path / "sample.csv"
        text = content or "\n".join((HEADER, *rows)) + "\n"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(path, schema, areas=areas)

    return reading


def test_a_good_table_is_typed(read: Read) -> None:
    frame, faults = read(GOOD, "B,2009/10,,,,,,")
    assert faults == []
    assert frame.rows() == [
        ("A", "2008", 0.5, "0.5", 10, "10", "gross", date(2016, 1, 31), True, "x"),
        ("B", "2009/10", None, None, None, None, None, None, None, None),
    ]
    assert dict(frame.schema) == {
        "area": pl.String, "period": pl.String, "share": pl.Float64, "share_printed": pl.String, "people": pl.Int64,
        "people_printed": pl.String, "basis": pl.String, "on": pl.Date, "agreed": pl.Boolean, "code": pl.String,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("A,2010,many,,,,,", "share", "“many” is not a number written with digits and a full stop only."),
        ('A,2010,"1,5",,,,,', "share", "“1,5” is not a number written with digits and a full stop only."),
        ("A,2010,50%,,,,,", "share", "“50%” is not a number written with digits and a full stop only."),
        ("A,2010,NaN,,,,,", "share", "“NaN” is not a number written with digits and a full stop only."),
        ("A,2010,inf,,,,,", "share", "“inf” is not a number written with digits and a full stop only."),
        ("A,2010,-inf,,,,,", "share", "“-inf” is not a number written with digits and a full stop only."),
        ("A,2010,1e999,,,,,", "share", "“1e999” is not a number written with digits and a full stop only."),
        ("A,2010,,10.5,,,,", "people", "“10.5” is not a whole number."),
        ("A,2010,,many,,,,", "people", "“many” is not a whole number."),
        ("A,2010,,99999999999999999999,,,,", "people", "“99999999999999999999” is not a whole number."),
        ("A,2010,,,,2016-02-30,,", "on", "“2016-02-30” is not a date written as 2026-01-31."),
        ("A,2010,,,,1899-12-31,,", "on", "“1899-12-31” is not a date from 1900 to 2199."),
        ("A,2010,,,,9999-12-31,,", "on", "“9999-12-31” is not a date from 1900 to 2199."),
        ("A,2010,1e-300,,,,,", "share", "“1e-300” is too large or too small a number: check it and its unit."),
        ("A,2010,,,,31/01/2016,,", "on", "“31/01/2016” is not a date written as 2026-01-31."),
        ("A,2010,,,,,yes,", "agreed", "“yes” is not true or false."),
        (",2010,,,,,,", "area", "The cell is empty: a value is required here."),
        ("   ,2010,,,,,,", "area", "The cell is empty: a value is required here."),
        ("A,April 2004,,,,,,", "period", "“April 2004” is not a period such as 2008, 2009/10 or 2010-03."),
        ("A,2009/11,,,,,,", "period", "“2009/11” is not a period such as 2008, 2009/10 or 2010-03."),
        ("A,2010,-0.1,,,,,", "share", "-0.1 is below the least allowed value 0."),
        ("A,2010,1.5,,,,,", "share", "1.5 is above the greatest allowed value 1."),
        ("A,2010,,0,,,,", "people", "0 must be above 0."),
        ("A,2010,,1000,,,,", "people", "1000 must be below 1000."),
        ("A,2010,,,brutto,,,", "basis", "“brutto” is none of: gross, net."),
        ("A,2008,,,,,,", "area", "A row with the same area, period stands above: remove one of them."),
    ],
)
def test_each_fault_has_its_row_and_column(read: Read, row: str, column: str, sentence: str) -> None:
    frame, faults = read(GOOD, row, "B,2008,,,,,,")
    assert faults == [Fault("sample.csv", sentence, 3, column)]
    assert frame.is_empty()


def test_what_must_be_unique_is_told_at_every_row(read: Read) -> None:
    _, faults = read(GOOD, "B,2008,,,,,,x", "C,2008,,,,,,y")
    assert faults == [
        Fault("sample.csv", "“x” stands in more than one row.", row, "code") for row in (2, 3)
    ]  # fmt: skip


def test_an_unknown_area_is_told_only_where_areas_are_known(read: Read) -> None:
    assert read(GOOD)[1] == []
    assert read(GOOD, areas=frozenset({"A"}))[1] == []
    assert read(GOOD, "Z,2008,,,,,,", areas=frozenset({"A"}))[1] == [
        Fault("sample.csv", "The area “Z” is not in areas.csv: add it there.", 3, "area")
    ]


def test_a_missing_column_is_told_and_an_optional_one_may_be_absent(read: Read) -> None:
    assert read(content="area,share\nA,0.5\n")[1] == [
        Fault("sample.csv", "The column “period” is missing: add it to the header.", column="period")
    ]
    frame, faults = read(content="period,area\n2008,A\n")
    assert (faults, frame["share"].to_list(), frame["share_printed"].to_list()) == ([], [None], [None])


def test_an_unknown_column_is_told(read: Read) -> None:
    sentence = "The column “{}” is not one of this table's: remove it, or correct its name."
    assert read(content=f"{HEADER},colour,area_printed\n{GOOD},red,A\n")[1] == [
        Fault("sample.csv", sentence.format(name), column=name) for name in ("colour", "area_printed")
    ]


def test_every_fault_is_told_not_only_the_first(read: Read) -> None:
    _, faults = read("A,soon,2,0,gross,,,", ",2008,,,brutto,,,")
    assert sorted((fault.row, fault.column) for fault in faults) == [
        (2, "people"), (2, "period"), (2, "share"), (3, "area"), (3, "basis"),
    ]  # fmt: skip


def test_many_faults_of_one_kind_are_counted(read: Read) -> None:
    _, faults = read(*(f"A{number},2008,many,,,,," for number in range(FAULTS_SHOWN + 5)))
    assert [fault.row for fault in faults] == [*range(2, FAULTS_SHOWN + 2), None]
    assert faults[-1] == Fault("sample.csv", "and 5 more rows with the same fault.", column="share")


# The printed twin


def test_the_printed_twin_is_the_cell_itself_where_none_is_given(read: Read) -> None:
    frame, faults = read(content="area,period,share,share_printed\nA,2008,0.24,24%\nB,2008,0.50,\nC,2008,,n/a\n")
    assert faults == []
    assert frame["share_printed"].to_list() == ["24%", "0.50", "n/a"]
    assert frame["share"].to_list() == [0.24, 0.5, None]


# The file


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\n", Fault("sample.csv", "The file is empty: it needs a header row.")),
        (b",,\n,,\n", Fault("sample.csv", "The file is empty: it needs a header row.")),
        (
            b"area,period\nA,2008\nCaf\xe9,2008\n",
            Fault("sample.csv", "A character here is not UTF-8: save the file as CSV UTF-8.", 3),
        ),
        (
            b'area,period\nA,"2008\nB,2008\n',
            Fault("sample.csv", "The file cannot be read as comma-separated text: unexpected end of data."),
        ),
        (b"area,period\nA,2008,x\n", Fault("sample.csv", "The row has 3 cells where the header has 2.", 2)),
        (b"area,period\nA,2008\nB\n", Fault("sample.csv", "The row has 1 cells where the header has 2.", 3)),
        (b"area,period\n\nA,2008\n", Fault("sample.csv", "The row has 0 cells where the header has 2.", 2)),
        (b"area,area\nA,B\n", Fault("sample.csv", "Two columns are called “area”: name each once.", 1, "area")),
        (b"area,,period\nA,B,2008\n", Fault("sample.csv", "Column 2 has no name: give it one, or remove it.", 1)),
    ],
)
def test_what_is_no_table_is_refused(read: Read, content: bytes, fault: Fault) -> None:
    frame, faults = read(content=content)
    assert (frame.is_empty(), faults) == (True, [fault])


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sample.csv").touch()
    assert read_table(tmp_path / "sample.csv", SAMPLE)[1] == [
        Fault("sample.csv", "The file is empty: it needs a header row.")
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfarea,period\nA,2008\n",
        b"area,period\r\nA,2008\r\n",
        b"area,period\nA,2008",
        b"area,period\nA,2008\n\n,\n\n",
        b' area , period \n" A ", 2008 \n',
    ],
    ids=["byte order mark", "Windows lines", "no last line end", "empty rows at the end", "spaces around"],
)
def test_what_spreadsheets_do_to_files_is_read_all_the_same(read: Read, content: bytes) -> None:
    frame, faults = read(content=content)
    assert (faults, frame.select("area", "period").rows()) == ([], [("A", "2008")])


def test_quoted_cells_may_hold_commas_quotes_and_lines(read: Read) -> None:
    frame, faults = read('"A, ""B""\nC",2008,,,,,,')
    assert (faults, frame["area"].to_list()) == ([], ['A, "B"\nC'])


def test_a_header_alone_is_an_empty_table(read: Read) -> None:
    frame, faults = read()
    assert (faults, frame.height, frame.columns[:2]) == ([], 0, ["area", "period"])


# The schema


def test_a_schema_is_read() -> None:
    assert (SAMPLE.title, SAMPLE.key, SAMPLE.areas, SAMPLE.numeric) == (
        "Sample",
        ("area", "period"),
        ("area",),
        ("share", "people"),
    )


def test_a_pattern_holds_for_the_whole_text(tmp_path: Path) -> None:
    fields = [
        {"name": "code", "constraints": {"pattern": "[A-Z]|[0-9]+"}, "example": "A"},
        {"name": "other", "constraints": {"pattern": "x"}},
    ]
    path = tmp_path / "coded.csv"
    path.write_text("code,other\nA,x\n17,\nAB,x\nA1,xx\n")
    _, faults = read_table(path, schema_from(json.dumps({"fields": fields})))
    assert [(fault.row, fault.column, fault.sentence) for fault in faults] == [
        (4, "code", "“AB” is not written as it should be, such as A."),
        (5, "code", "“A1” is not written as it should be, such as A."),
        (5, "other", "“xx” is not written as it should be."),
    ]


def test_keys_may_be_one_name_or_a_list_and_a_type_may_be_left_out() -> None:
    elsewhere = {"fields": "b", "reference": {"resource": "other", "fields": "b"}}
    several = {"fields": ["a", "b"], "reference": {"resource": "areas", "fields": ["area", "area"]}}
    document = {"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": "a", "foreignKeys": [several, elsewhere]}
    schema = schema_from(json.dumps(document))
    assert (schema.key, schema.areas, schema.title) == (("a",), ("a", "b"), "")
    assert [entry["type"] for entry in schema.fields] == ["string", "string"]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("[]", "it is no Table Schema: it needs a list of fields."),
        ("{}", "it is no Table Schema: it needs a list of fields."),
        ('{"fields": [{"type": "string"}]}', "one of its fields has no name."),
        (
            '{"fields": [{"name": "a", "type": "year"}]}',
            "the type “year” of a is none of string, number, integer, date, boolean.",
        ),
        (
            '{"fields": [{"name": "a", "constraints": {"minLength": 1, "minimum": 2}}]}',
            "the constraint minLength, minimum of a is not checked here.",
        ),
        ('{"fields": [{"name": ["a"]}]}', "one of its fields has no name."),
        ('{"fields": [1]}', "it is not built as a Table Schema is."),
        ('{"fields": [{"name": "a"}], "primaryKey": 5}', "it is not built as a Table Schema is."),
        ('{"fields": [{"name": "a"}], "foreignKeys": [{}]}', "it is not built as a Table Schema is."),
        ("[" * 100_000, "it is not built as a Table Schema is."),
        (
            '{"fields": [{"name": "a", "type": "number", "constraints": {"minimum": "b"}}]}',
            "a limit of a is no number.",
        ),
        (
            '{"fields": [{"name": "a", "constraints": {"enum": [1]}}]}',
            "the values that a may have are texts in a list.",
        ),
        ('{"fields": [{"name": "a", "constraints": {"pattern": "("}}]}', "the pattern of a cannot be read."),
        ('{"fields": [{"name": "a"}], "primaryKey": "b"}', "its keys name fields it does not have: b."),
    ],
)
def test_what_is_no_schema_is_told(document: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence.replace('(', '[(]')}$"):
        schema_from(document)


def test_what_is_no_json_is_told() -> None:
    with pytest.raises(ValueError, match=r"^Expecting"):
        schema_from("{")


# Round trip

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8).map(str.strip)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "area": TEXT.filter(bool),
            "period": st.sampled_from(["2008", "2009/10", "2010-03", "2013-Q2", "2010 to 2025"]),
            "share": st.none() | st.just(0.0) | st.floats(SMALLEST, 1),
            "people": st.none() | st.integers(1, 999),
            "basis": st.none() | st.sampled_from(["gross", "net"]),
            "on": st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
            "agreed": st.none() | st.booleans(),
            "code": st.none(),
        }
    ),
    unique_by=lambda row: (row["area"], row["period"]),
    max_size=6,
)


def written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_a_valid_table_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    """The slow twin is the standard library's writer."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER.split(","))
    writer.writerows([written(row[name]) for name in HEADER.split(",")] for row in rows)
    path = tmp_path_factory.mktemp("round") / "sample.csv"
    path.write_bytes(text.getvalue().encode())
    frame, faults = read_table(path, SAMPLE)
    assert faults == []
    assert frame.select(HEADER.split(",")).to_dicts() == rows
    assert frame["share" + PRINTED].to_list() == [written(row["share"]) or None for row in rows]
