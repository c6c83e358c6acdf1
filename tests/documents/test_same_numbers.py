"""The same cells, notes and numbers stand in every output."""

import io
import re

import docx
import openpyxl
import pytest

from parity.documents.edition import Edition
from parity.documents.number_forms import sheet_value
from tests.documents.pages import read
from tests.documents.sample import AWKWARD
from tests.documents.test_pdf import pages_of


def cell_texts(edition: Edition) -> list[list[list[str]]]:
    return [
        [[cell.text + (f"[{', '.join(cell.marks)}]" if cell.marks else "") for cell in row] for row in grid.rows]
        for grid in edition.grids
    ]


def test_html_tables_hold_the_editions_cells(html: bytes, edition: Edition):
    tables = read(html).find("table")
    bodies = [[[cell.text for cell in row.find("th", "td")] for row in table.find("tr")[1:]] for table in tables]
    assert bodies == cell_texts(edition)


def test_word_tables_hold_the_editions_cells(word: bytes, edition: Edition):
    tables = docx.Document(io.BytesIO(word)).tables
    assert [[[cell.text for cell in row.cells] for row in table.rows[1:]] for table in tables] == cell_texts(edition)


def test_pdf_tables_hold_the_editions_cells_in_order(pdf: bytes, edition: Edition):
    text = "".join(pages_of(pdf)).replace(" ", "")
    for table, grid in zip(cell_texts(edition), edition.grids, strict=True):
        place = text.index(grid.heading.replace(" ", "").replace("🙂", "[slightlysmilingface]"))
        for cell in (cell for row in table for cell in row[1:]):
            place = text.index(cell.replace(" ", ""), place)


def test_workbook_tables_hold_the_editions_values(workbook: bytes, edition: Edition):
    file = openpyxl.load_workbook(io.BytesIO(workbook))
    for grid in edition.grids:
        sheet = file[grid.table.slug]
        figures = [cell.figure for row in grid.rows for cell in row if cell.figure is not None]
        values = [sheet_value(each.indicator.unit, each.value) for each in figures if each.value is not None]
        ends = [sheet_value(each.indicator.unit, end) for each in figures for end in (each.lower, each.upper) if end]
        shown = [
            cell.value for row in sheet.iter_rows(min_row=4) for cell in row if isinstance(cell.value, (int, float))
        ]
        assert sorted(shown) == pytest.approx(sorted(values + ends), rel=1e-14)


def test_sentences_hold_the_same_numbers(html: bytes, word: bytes, pdf: bytes):
    sentences = [
        element.text
        for element in read(html).find("p", "li")
        if re.match(r"Of those|The change|Recovery|In Castle|Spend was", element.text)
    ]
    assert sentences == [
        f"Of those treated, 45.7%[1] recovered; spend was £1,250,000[2]. {AWKWARD}",
        "The change was −3.4 points[3] since the year before.",
        "Recovery again: 45.7%[1].",
        "In Castle not available[4].",
        "Spend was £1,250,000[2] before savings.",
    ]
    in_word = [
        paragraph.text for paragraph in docx.Document(io.BytesIO(word)).paragraphs if paragraph.text in set(sentences)
    ]
    assert in_word == sentences
    printed = " ".join(pages_of(pdf)).replace(" ", "")
    places = [printed.index(text.replace(" ", "").replace("🙂", "[slightlysmilingface]")) for text in sentences]
    assert places == sorted(places)


def test_notes_are_the_same(html: bytes, word: bytes, pdf: bytes, edition: Edition):
    notes = [f"[{number}] {note}" for number, note in enumerate(edition.blocks[-1].notes, start=1)]
    listed = [element.text.removesuffix(" ↩") for element in read(html).find("ol")[-1].find("li")]
    assert [f"[{number}] {note}" for number, note in enumerate(listed, start=1)] == notes
    assert [paragraph.text for paragraph in docx.Document(io.BytesIO(word)).paragraphs][-len(notes) :] == notes
    printed = " ".join(pages_of(pdf)).replace(" ", "")
    assert [note for note in notes if note.replace(" ", "") not in printed] == []
