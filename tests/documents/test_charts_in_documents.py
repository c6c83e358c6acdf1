"""Spine, funnel and control charts in each kind of document, with their words."""

from io import BytesIO
from zipfile import ZipFile

from parity.documents.control import process_chart
from parity.documents.funnels import funnel_chart
from parity.documents.html import write_html
from parity.documents.model import Document
from parity.documents.pdf import write_pdf
from parity.documents.spine import spine_chart
from parity.documents.word import write_word
from tests.documents import test_control, test_funnels, test_spine

CHARTS = (
    spine_chart([test_spine.HIGH, test_spine.LOW], slug="spine", title="Kent among councils"),
    funnel_chart(test_funnels.POINTS, 0.5, slug="funnel", title="Seen in time", size="Referrals"),
    process_chart(test_control.POINTS, slug="trend", title="Recovered"),
)
DOCUMENT = Document("Charts", "Of every kind", "A council", CHARTS)


def test_a_web_page_draws_and_describes_them() -> None:
    page = write_html(DOCUMENT).decode()
    assert [page.count(f"{chart.description}</desc>") for chart in CHARTS] == [1, 1, 1]


def test_a_word_document_holds_a_picture_of_each() -> None:
    names = ZipFile(BytesIO(write_word(DOCUMENT))).namelist()
    assert len([name for name in names if name.endswith(".png")]) == 3


def test_a_printed_document_is_made_of_them() -> None:
    assert write_pdf(DOCUMENT).startswith(b"%PDF-")
