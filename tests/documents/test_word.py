import io
import re
import zipfile

import docx
import pytest
from docx.document import Document as WordFile
from docx.oxml.ns import qn

from parity.documents.edition import Edition
from parity.documents.model import Document, Paragraph
from parity.documents.word import write_word
from tests.documents.sample import AWKWARD, document


@pytest.fixture(scope="module")
def file(word: bytes) -> WordFile:
    return docx.Document(io.BytesIO(word))


def test_the_same_document_gives_the_same_bytes_without_dates(word: bytes):
    assert write_word(document()) == word
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert re.findall(rb"dcterms:(?:created|modified)", archive.read("docProps/core.xml")) == []


def test_properties_and_language(file: WordFile):
    properties = file.core_properties
    found = (properties.title, properties.author, properties.language, properties.comments)
    assert found == (f"Strategy for {AWKWARD}", "Leicester City Council & partners", "en-GB", "")
    assert {each.get(qn("w:val")) for each in file.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_headings_are_headings(file: WordFile, edition: Edition):
    found = [
        (paragraph.text, int(paragraph.style.name.split()[-1]))
        for paragraph in file.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    expected = [(block.text, block.level - 1) for block in edition.blocks if type(block).__name__ == "Title"]
    assert found == expected


def test_cells_leave_the_longest_word_of_a_heading_its_room(file: WordFile):
    tables = list(file.element.body.iter(qn("w:tblPr")))
    margins = [[(each.tag, each.get(qn("w:w"))) for each in table.find(qn("w:tblCellMar"))] for table in tables]
    assert margins == [[(qn("w:left"), "65"), (qn("w:right"), "65")]] * len(file.tables)
    order = [[child.tag for child in table] for table in tables]
    assert {tags.index(qn("w:tblCellMar")) - tags.index(qn("w:tblLayout")) for tags in order} == {1}


def test_no_style_takes_its_typeface_from_the_theme(file: WordFile):
    fonts = list(file.styles.element.iter(qn("w:rFonts")))
    assert {each.get(qn("w:ascii")) for each in fonts} == {"Arial"}
    assert [
        each for each in fonts if any(name.endswith("Theme") or name.endswith("cstheme") for name in each.attrib)
    ] == []


def test_contents_are_filled_and_link_to_bookmarks(file: WordFile, edition: Edition):
    body = file.element.body
    instructions = [each.text for each in body.iter(qn("w:instrText"))]
    assert instructions == [' TOC \\o "1-2" \\h \\z \\u ']
    links = list(body.iter(qn("w:hyperlink")))
    texts = ["".join(text.text for text in each.iter(qn("w:t"))) for each in links]
    assert texts[: len(edition.contents)] == [title.text for title in edition.contents]
    bookmarks = [each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))]
    assert len(bookmarks) == len(set(bookmarks))
    assert {each.get(qn("w:anchor")) for each in links} - set(bookmarks) == set()
    kinds = [each.get(qn("w:fldCharType")) for each in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_header_rows_repeat_and_rows_stay_whole(file: WordFile):
    for table in file.tables:
        headed = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert headed == [True, *[False] * (len(table.rows) - 1)]
        assert [row for row in table.rows if row._tr.trPr.find(qn("w:cantSplit")) is None] == []


def test_pictures_are_described(file: WordFile, edition: Edition):
    pictures = [block for block in edition.blocks if hasattr(block, "chart")]
    found = [shape._inline.docPr for shape in file.inline_shapes]
    assert [each.get("descr") for each in found] == [picture.description for picture in pictures]
    assert [each.get("title") for each in found] == [picture.heading for picture in pictures]


def test_captions_stay_with_what_they_name(file: WordFile, edition: Edition):
    captions = [paragraph.text for paragraph in file.paragraphs if paragraph.style.name == "Caption"]
    expected = [block.heading for block in edition.blocks if hasattr(block, "heading")]
    assert captions == expected
    assert file.styles["Caption"].paragraph_format.keep_with_next is True


def test_wide_tables_turn_the_page(file: WordFile):
    turned = [section.page_width > section.page_height for section in file.sections]
    assert turned == [False, True, False]


def test_each_numbered_list_starts_at_one(file: WordFile):
    numbered = [paragraph for paragraph in file.paragraphs if paragraph.style.name == "List Number"]
    (identity,) = {paragraph._p.pPr.numPr.numId.val for paragraph in numbered}
    number = file.part.numbering_part.element.num_having_numId(identity)
    assert [each.val for each in number.iter(qn("w:startOverride"))] == [1]


def test_a_small_document_has_no_contents():
    file = docx.Document(io.BytesIO(write_word(Document("Title", "", "Council", (Paragraph(("text",)),)))))
    assert [paragraph.text for paragraph in file.paragraphs if paragraph.text.strip()] == ["Title", "Council", "text"]


def test_a_long_title_is_whole_on_the_cover_and_cut_in_the_properties():
    title = "A title " * 50
    file = docx.Document(io.BytesIO(write_word(Document(title.strip(), "", "Publisher", ()))))
    assert (file.paragraphs[0].text, file.core_properties.title) == (title.strip(), title[:255].strip())
