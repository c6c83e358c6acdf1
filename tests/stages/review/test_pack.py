"""The pack: what a summary opens with, the order of sections, and what stands only in the workbook."""

from collections.abc import Callable
from pathlib import Path

import pytest

from parity.documents.model import Chart, Document, Heading, Paragraph, Table
from parity.register.programmes.models import Programme
from parity.review.pack.documents import SECTIONS, strategy, workbook_document
from parity.tables import Desk, Store
from tests.given import EXAMPLES

Load = Callable[[Path], Programme]
Pack = Callable[[str], tuple[Desk, Document]]


@pytest.fixture
def pack(load: Load, store: Store) -> Pack:
    def written(slug: str) -> tuple[Desk, Document]:
        programme = load(EXAMPLES / slug)
        desk = Desk(store, slug)
        return desk, strategy(desk, programme)

    return written


def tables_of(document: Document) -> dict[str, Table]:
    return {block.slug: block for block in document.blocks if isinstance(block, Table)}


def headings_of(document: Document, level: int) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == level]


def test_the_summary_opens_with_figures_of_the_latest_period(pack: Pack) -> None:
    _, document = pack("kent")
    rows = [tuple(str(getattr(cell, "text", cell)) for cell in row) for row in tables_of(document)["headlines"].rows]
    assert rows == [
        ("Gross budget", "Kent", "2009/10", "£24,552,800"),
        ("Controllable budget", "Kent", "2009/10", "£21,719,900"),
        ("Staff", "Kent", "2009/10", "262.02 WTE"),
        ("Performance indicators that met their target", "Kent", "2008/09", "4"),
        ("Performance indicators that missed their target", "Kent", "2008/09", "6"),
    ]


def test_an_option_is_named_by_its_number(pack: Pack) -> None:
    _, document = pack("luton")
    names = [row[0] for row in tables_of(document)["headlines"].rows]
    assert names[1:4] == [f"Net cost a year of option {number}" for number in (1, 2, 3)]


def test_sections_stand_in_the_order_of_a_strategy(pack: Pack) -> None:
    _, document = pack("luton")
    titles = [title for key, title, _ in SECTIONS if key != "risk"]
    last = ["How far the published figures tie out", "The thread", "Sources"]
    assert headings_of(document, 2) == ["Summary", *titles, *last]
    assert document.subtitle == "July 2003"


def test_a_chapter_of_the_sections_own_name_has_no_second_heading(pack: Pack) -> None:
    _, document = pack("luton")
    assert [text for level in (2, 3) for text in headings_of(document, level)].count("Need") == 1


def test_measures_beside_others_stand_in_one_table_and_keep_their_charts(pack: Pack) -> None:
    _, document = pack("kent")
    assert [slug for slug in tables_of(document) if slug.startswith(("performance", "comparators"))] == [
        "performance-1"
    ]
    charts = [block.table.slug for block in document.blocks if isinstance(block, Chart)]
    assert charts[:3] == ["comparators-1-D41", "comparators-1-C31", "comparators-1-D55"]


def test_every_published_figure_stands_in_the_workbook_only(pack: Pack) -> None:
    desk, document = pack("luton")
    listed = tables_of(workbook_document(desk, document))
    assert [slug for slug in listed if slug not in tables_of(document)] == ["tie-out", "tie-out-labels"]
    assert sum(len(listed[slug].rows) for slug in ("tie-out", "tie-out-labels")) == 53
    words = Paragraph(("Every published figure, with both sides and its tolerance, stands in the workbook.",))
    assert words in document.blocks
    assert "Every published figure" not in headings_of(document, 3)
