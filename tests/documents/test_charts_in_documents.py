"""Charts of every kind in each kind of document, with their words."""

from io import BytesIO
from zipfile import ZipFile

from parity.documents.control import process_chart
from parity.documents.fans import fan_chart
from parity.documents.flow_picture import flow_picture
from parity.documents.frontiers import frontier_chart
from parity.documents.funnels import funnel_chart
from parity.documents.html import write_html
from parity.documents.model import Document
from parity.documents.pdf import write_pdf
from parity.documents.spine import spine_chart
from parity.documents.steps import waterfall_chart
from parity.documents.tornado import tornado_chart
from parity.documents.word import write_word
from tests.documents import (
    test_control,
    test_fans,
    test_flow_picture,
    test_frontiers,
    test_funnels,
    test_spine,
    test_steps,
    test_tornado,
)

CHARTS = (
    spine_chart([test_spine.HIGH, test_spine.LOW], slug="spine", title="Kent among councils"),
    funnel_chart(test_funnels.POINTS, 0.5, slug="funnel", title="Seen in time", size="Referrals"),
    process_chart(test_control.POINTS, slug="trend", title="Recovered"),
    fan_chart(test_fans.months("As it is"), test_fans.ends("As it is"), **test_fans.TOLD),
    flow_picture([test_flow_picture.HOME, test_flow_picture.LIVING], test_flow_picture.FLOWS[:1],
                 **test_flow_picture.TOLD),
    waterfall_chart(test_steps.START, test_steps.STEPS, test_steps.END, **test_steps.TOLD),
    tornado_chart(test_tornado.BASE, test_tornado.SWINGS, **test_tornado.TOLD),
    frontier_chart(test_frontiers.FRAME, **test_frontiers.TOLD, budget=test_frontiers.BUDGET),
)  # fmt: skip
DOCUMENT = Document("Charts", "Of every kind", "A council", CHARTS)


def test_a_web_page_draws_and_describes_them() -> None:
    page = write_html(DOCUMENT).decode()
    assert [page.count(f"{chart.description}</desc>") for chart in CHARTS] == [1] * len(CHARTS)


def test_a_word_document_holds_a_picture_of_each() -> None:
    names = ZipFile(BytesIO(write_word(DOCUMENT))).namelist()
    assert len([name for name in names if name.endswith(".png")]) == len(CHARTS)


def test_a_printed_document_is_made_of_them() -> None:
    assert write_pdf(DOCUMENT).startswith(b"%PDF-")
