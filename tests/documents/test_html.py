import re
from itertools import pairwise

import pytest

from parity.documents.edition import Edition
from parity.documents.html import write_html
from parity.documents.model import Callout, Document
from tests.documents.pages import Element, read
from tests.documents.sample import AWKWARD, document


@pytest.fixture(scope="module")
def page(html: bytes) -> Element:
    return read(html)


def test_the_same_document_gives_the_same_bytes(html: bytes):
    assert write_html(document()) == html


def test_the_page_stands_alone(html: bytes, page: Element):
    assert page.find("script", "link", "img", "iframe", "object", "form") == []
    addresses = [
        value
        for element in page.everything
        for name, value in element.attributes.items()
        if name in {"href", "src", "xlink:href", "srcset", "action", "style"} and not str(value).startswith("#")
    ]
    assert addresses == []
    assert re.findall(rb"@import|url\(|javascript:", html) == []


def test_language_title_and_skip_link(page: Element):
    assert page.find("html")[0].attributes == {"lang": "en-GB"}
    assert page.find("title")[0].text == f"Strategy for {AWKWARD}"
    first_link = page.find("a")[0]
    assert (first_link.attributes["href"], page.find("main")[0].attributes["id"]) == ("#main", "main")


def test_ids_are_unique_and_every_link_leads_somewhere(page: Element):
    ids = [element.attributes["id"] for element in page.everything if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = {link.attributes["href"] for link in page.find("a")}
    assert targets - {f"#{identity}" for identity in ids} == set()
    labels = {name for element in page.everything for name in (element.attributes.get("aria-labelledby") or "").split()}
    assert labels - set(ids) == set()


def test_contents_match_the_headings(page: Element, edition: Edition):
    links = [(link.attributes["href"], link.text) for link in page.find("nav")[0].find("a")]
    assert links == [(f"#{title.anchor}", title.text) for title in edition.contents]


def test_heading_levels_never_jump(page: Element):
    levels = [int(heading.tag[1]) for heading in page.find("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(one, two) for one, two in pairwise(levels) if two > one + 1] == []


def test_every_table_has_a_numbered_caption_and_scopes(page: Element, edition: Edition):
    tables = page.find("table")
    assert [table.find("caption")[0].text for table in tables] == [grid.heading for grid in edition.grids]
    for table, grid in zip(tables, edition.grids, strict=True):
        assert {cell.attributes["scope"] for cell in table.find("thead")[0].find("th")} == {"col"}
        rows = table.find("tbody")[0].find("tr")
        assert [[cell.tag for cell in row.find("th", "td")] for row in rows] == [
            ["th", *["td"] * (len(grid.columns) - 1)] for _ in grid.rows
        ]
        assert {cell.attributes["scope"] for row in rows for cell in row.find("th")} <= {"row"}


def test_charts_are_described_and_point_to_their_table(page: Element, edition: Edition):
    pictures = [block for block in edition.blocks if hasattr(block, "chart")]
    drawn = page.find("figure")
    assert [each.find("figcaption")[0].text for each in drawn] == [picture.heading for picture in pictures]
    assert [each.find("desc")[0].text for each in drawn] == [picture.description for picture in pictures]
    assert [each.find("svg")[0].attributes["role"] for each in drawn] == ["img"] * len(pictures)
    assert [each.find("a")[0].text for each in drawn] == [picture.table_label for picture in pictures]


def test_a_callout_is_a_note_with_a_heading(page: Element):
    (aside,) = page.find("aside")
    assert aside.attributes["role"] == "note"
    assert aside.find("h3")[0].text == "Read with care"


def test_notes_lead_back(page: Element):
    notes = page.find("ol")[-1].find("li")
    assert [note.attributes["id"] for note in notes] == ["note-1", "note-2", "note-3", "note-4"]
    backs = [note.find("a")[0].attributes["href"] for note in notes]
    assert backs == ["#mention-1", "#mention-2", "#mention-3", "#mention-4"]


def test_awkward_text_stays_text(page: Element):
    assert page.find("h1")[0].text == f"Strategy for {AWKWARD}"
    assert page.find("tbody")[0].find("th")[-1].text == AWKWARD


def test_a_small_document_has_no_empty_parts():
    page = read(write_html(Document("Title", "", "Council", (Callout("Note", ("text",)),))))
    assert page.find("nav", "dl", "ol", "table") == []
    assert page.find("h2")[0].text == "Note"
