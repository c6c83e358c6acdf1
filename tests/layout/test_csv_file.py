"""A table as CSV: numbers in the page's unit, units where headings lack them, no cell a formula."""

import csv
import io
import math
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.documents.model import Column, Table
from parity.layout.csv_file import frame_csv, safe_text, table_csv
from parity.sources.brought.cells import without_guard
from parity.terms.release import Release
from parity.terms.units import Unit
from tests.layout.sample import CODE, FORMULA, NOT_PRINTED, PEOPLE, costs, expected, indicator


def rows_of(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table_csv(table), newline="")))


def test_numbers_are_unrounded_in_the_unit_of_the_page_and_text_is_escaped() -> None:
    assert rows_of(expected()) == [
        ["Area", "People", "Share (%)", "Remark"],
        ["Leicester", "4251.6", "8.66", CODE],
        ["Rutland", "712", f"not available: {NOT_PRINTED}", f"'{FORMULA}"],
    ]


def test_units_stand_beside_numbers_where_headings_do_not_state_them() -> None:
    assert rows_of(costs()) == [["Area", "Cost", "Cost (unit)"], ["Leicester", "-91000.25", "£"]]
    assert rows_of(expected(bare=False))[1] == ["Leicester", "4251.6", "people", "8.66", "%", CODE]


def test_whole_tens_keep_their_noughts() -> None:
    table = Table("t", "T", (Column("A"), Column("B")), (("x", replace(PEOPLE, value=1200.0)),), bare=True)
    assert rows_of(table)[1] == ["x", "1200"]


def test_a_row_names_the_publications_that_its_figures_rest_on() -> None:
    waits = Release("waits", "england", "1", "1", "", "", 0, edition="2024", credit="Office, waits")
    join = Release("join", "england", "2", "2", "", "", 0, credit="Office, waits, 2024; Office, beds, 2020")
    lookup = replace(waits, stem="lookup", credit="Office, names", lookup=True)
    rows = (
        ("x", replace(PEOPLE, releases=(waits, lookup))),
        ("y", replace(PEOPLE, releases=(waits, join))),
        ("z", "–"),
    )
    table = Table("t", "T", (Column("A"), Column("B")), rows, bare=True)
    assert [row[-1] for row in rows_of(table)] == [
        "Source", "Office, waits, 2024", "Office, waits, 2024; Office, beds, 2020", "",
    ]  # fmt: skip


def test_empty_table_has_its_headings() -> None:
    assert rows_of(Table("t", "T", (Column("A"), Column("B")), ())) == [["A", "B"]]


@given(st.text())
def test_no_text_starts_as_a_formula_and_the_text_can_be_read_back(text: str) -> None:
    safe = safe_text(text)
    assert safe[:1] not in set("=@\t\r＝＋－＠")
    assert without_guard(safe).strip() == text.strip()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("-5", "-5"),
        ("+3.2%", "+3.2%"),
        ("-1,200", "-1,200"),
        ("-2+3", "'-2+3"),
        ("-5\t", "'-5\t"),
        ("+cmd", "'+cmd"),
        ("＝cmd", "'＝cmd"),
        ("'=cmd", "''=cmd"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_a_signed_number_is_no_formula(text: str, written: str) -> None:
    assert safe_text(text) == written


@given(st.floats(min_value=-1e9, max_value=1e9), st.sampled_from([Unit.SHARE, Unit.GBP, Unit.PEOPLE, Unit.Z]))
def test_numbers_read_back_as_the_value(value: float, unit: Unit) -> None:
    figure = replace(PEOPLE, indicator=indicator("any", unit), value=value)
    table = Table("t", "T", (Column("A"), Column("B")), (("x", figure),), bare=True)
    assert math.isclose(float(rows_of(table)[1][1]) / unit.value.scale, value, rel_tol=1e-12, abs_tol=1e-10)


def test_every_number_of_a_page_is_a_number_in_its_csv() -> None:
    written = rows_of(expected())
    assert [float(row[1]) for row in written[1:]] == [4251.6, 712.0]


def test_a_frame_keeps_its_numbers_and_guards_its_texts() -> None:
    frame = pl.DataFrame({"item": ["=1+1", "Home", None], "value": [-1.5, 2.0, None]})
    assert frame_csv(frame) == "item,value\n'=1+1,-1.5\nHome,2.0\n,\n"
