import io
import re

import pikepdf
import pypdfium2
import pytest

from parity.documents.charts import Point, bar_chart
from parity.documents.edition import Edition
from parity.documents.model import Column, Document, Heading, Paragraph, Table
from parity.documents.pdf import _drawable, _letters, write_pdf
from tests.documents.sample import AWKWARD, LONG, PEOPLE, document, figure


@pytest.fixture(scope="module")
def file(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def elements(node: pikepdf.Object) -> list[pikepdf.Dictionary]:
    """Every structure element under a node, in reading order."""
    kids = node.get("/K")
    kids = [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    inner = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    return [each for kid in inner for each in (kid, *elements(kid))]


def tags(file: pikepdf.Pdf) -> list[str]:
    return [str(each.S) for each in elements(file.Root.StructTreeRoot)]


def pages_of(pdf: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in opened]
    opened.close()
    return [re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\ufffe", "")) for text in texts]


def test_the_same_document_gives_the_same_bytes(pdf: bytes):
    assert write_pdf(document()) == pdf


def test_the_file_says_it_is_tagged_in_our_language_and_for_all(file: pikepdf.Pdf):
    assert bool(file.Root.MarkInfo.Marked)
    assert str(file.Root.Lang) == "en-GB"
    assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
    with file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == f"Strategy for {AWKWARD}".replace("🙂", "[slightly smiling face]")
        assert metadata.get("xmp:CreateDate") is None


def test_every_chart_has_its_description(file: pikepdf.Pdf, edition: Edition):
    found = [str(each.Alt) for each in elements(file.Root.StructTreeRoot) if each.S == "/Figure"]
    expected = [block.description for block in edition.blocks if hasattr(block, "chart")]
    assert found == [text.replace("🙂", "[slightly smiling face]") for text in expected]


def test_headings_tables_and_lists_are_tagged(file: pikepdf.Pdf, edition: Edition):
    found = tags(file)
    assert found.count("/Table") == len(edition.grids)
    assert found.count("/TR") == sum(len(grid.rows) + 1 for grid in edition.grids)
    assert found.count("/TH") == sum(len(grid.columns) for grid in edition.grids)
    assert [tag for tag in found if re.fullmatch(r"/H\d", tag)] == [
        "/H1", "/H1", "/H2", "/H3", "/H1", "/H1", "/H1", "/H1"
    ]  # fmt: skip
    assert found.count("/Caption") == len(edition.grids) + 5


def test_only_our_typeface_is_used(file: pikepdf.Pdf):
    names = {
        str(font.BaseFont).split("+")[-1]
        for page in file.pages
        for font in page.Resources.get("/Font", pikepdf.Dictionary()).values()
    }
    assert names == {"LiberationSans", "LiberationSans-Bold"}


def test_long_tables_repeat_their_heading(pdf: bytes):
    pages = [text for text in pages_of(pdf) if re.search(r"\bArea \d+ \d", text)]
    assert len(pages) == 3
    assert [text.count("Area People") for text in pages] == [1, 1, 1]


def test_pages_are_numbered_after_the_cover(pdf: bytes):
    pages = pages_of(pdf)
    found = [re.findall(r"Page (\d+) of (\d+)", text) for text in pages]
    assert found == [[], *([(str(number), str(len(pages)))] for number in range(2, len(pages) + 1))]


def test_wide_tables_turn_the_page(file: pikepdf.Pdf):
    sideways = [page for page in file.pages if page.mediabox[2] > page.mediabox[3]]
    assert len(sideways) == 1


def test_awkward_text_is_printed_as_it_is(pdf: bytes):
    text = " ".join(pages_of(pdf))
    assert text.count(AWKWARD.replace("🙂", "[slightly smiling face]")) >= 3
    assert text.replace(" ", "").count(LONG) == 2


def test_a_small_document_has_a_cover_and_a_page():
    content = write_pdf(Document("Title", "", "Council", (Paragraph(("Only this.",)),), language="cy"))
    assert len(pages_of(content)) == 2
    assert str(pikepdf.open(io.BytesIO(content)).Root.Lang) == "cy"


def test_a_cell_longer_than_a_page_is_broken():
    words = "word " * 4000
    rows = ((words, figure(PEOPLE, "a", 1.0)),)
    table = Table("t", "T", (Column("A"), Column("B", numeric=True)), rows)
    content = write_pdf(Document("Title", "", "Council", (Heading("One"), table)))
    assert sum(text.count("word") for text in pages_of(content)) == 4000


def test_the_typeface_holds_what_our_numbers_need():
    assert set("0123456789£%−,.–—“”’≥→éŵŷ") - _letters() == set()
    assert set("🙂漢") & _letters() == set()


@pytest.mark.parametrize(
    ("text", "drawn"),
    [("Abbey", "Abbey"), ("e\u0301", "é"), ("x\u0301", "x□"), ("a\u200db", "a□b"), ("👩\u200d👩", "□□□"), ("漢", "□")],
)
def test_a_chart_is_printed_whatever_its_words(text: str, drawn: str):
    assert _drawable(text) == drawn
    points = [Point(f"{text} ward", figure(PEOPLE, "Abbey", 5.0)), Point("Castle", figure(PEOPLE, "Castle", 6.0))]
    chart = bar_chart(points, slug="people", title="People", labels="Ward")
    content = write_pdf(Document("Title", "Subtitle", "Publisher", (Heading("People", 2), chart)))
    assert content.startswith(b"%PDF")
