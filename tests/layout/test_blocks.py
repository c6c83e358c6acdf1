"""Blocks as NHS pages: every figure a link, every reason and caveat in sight, nothing that the text can break."""

import json

import pytest
from django.template import engines

from parity.documents.model import Block, Heading
from tests.layout.reading import Element, read_page
from tests.layout.sample import (
    CODE,
    COST,
    FORMULA,
    ILLUSTRATIVE,
    MISSING,
    NOT_PRINTED,
    PEOPLE,
    blocks,
    chart,
    costs,
    expected,
)

FIGURE_URL = "/leicester/figures/expected_people/?area=E06000016&period=2025%2F26&condition=mood+%26+anxiety"


def page(*shown: Block, macro: str = "render_blocks") -> Element:
    source = f'{{% from "layout/blocks.jinja" import {macro} %}}{{{{ {macro}(blocks) }}}}'
    return read_page(engines["jinja2"].from_string(source).render({"blocks": shown}))


def test_a_figure_in_a_sentence_is_a_link_and_a_missing_one_says_why() -> None:
    paragraph = page(blocks()[1]).all("p")[0]
    assert paragraph.text == (
        f"In Leicester 4,252 people; in Rutland not available ({NOT_PRINTED.rstrip('.')}); {CODE}"
    )
    assert next(link.attributes["href"] for link in paragraph.all("a")) == FIGURE_URL
    assert [link.text for link in paragraph.all("a")] == ["4,252", "not available"]


def test_table_has_caption_scopes_and_a_labelled_region_that_takes_focus() -> None:
    table = page(expected())
    region = table.one("div", role="region")
    caption = table.one("caption")
    assert (region.attributes["tabindex"], region.attributes["aria-labelledby"]) == ("0", caption.attributes["id"])
    assert caption.text == "People expected"
    headings = [(each.text, each.attributes["scope"]) for each in table.all("th")]
    assert headings == [
        ("Area", "col"), ("People", "col"), ("Share (%)", "col"), ("Remark", "col"),
        ("Leicester", "row"), ("Rutland", "row"),
    ]  # fmt: skip


def test_table_cells_carry_figures_as_links_and_letters_of_their_notes() -> None:
    table = page(expected())
    assert [cell.text for cell in table.all("td")] == [
        "4,252", "8.7 (8.0 to 9.3)", CODE, "712", "not available[a]", FORMULA,
    ]  # fmt: skip
    assert [link.text for link in table.all("a", class_="app-figure")] == [
        "4,252", "8.7 (8.0 to 9.3)", "712", "not available",
    ]  # fmt: skip
    notes = [note.text for note in table.one("div", class_="app-notes").all("p")]
    assert notes == [
        "Rounded by the source.", "In brackets: 95% Wilson.", f"[a] {NOT_PRINTED}",
        "Source: poppi@1a2b3c4d (seed 003).",
    ]  # fmt: skip
    assert table.one("p", id="note-expected-a").text == f"[a] {NOT_PRINTED}"
    assert table.one("a", href="#note-expected-a").attributes["aria-label"] == "Note a"


def test_each_table_can_be_downloaded() -> None:
    link = page(expected()).one("a", download="expected.csv")
    assert (link.attributes["href"], link.text) == ("?table=expected&format=csv", "Download CSV of People expected")


def test_basis_and_illustrative_inputs_are_said_wherever_the_figure_shows() -> None:
    assert [note.text for note in page(costs()).one("div", class_="app-notes").all("p")] == [
        "[a] Basis: gross.", f"[b] {ILLUSTRATIVE}", "Source: poppi@1a2b3c4d (seed 003).",
    ]  # fmt: skip
    callout = page(blocks()[6])
    assert [each.text for each in callout.all("p")] == ["Take care", "Cost: −£91,000", "Basis: gross.", ILLUSTRATIVE]


def test_chart_stands_without_javascript_and_has_title_description_and_table() -> None:
    figure = page(chart()).one("figure")
    words = f"Bar chart. 2 figures of Sample. Highest: Leicester, 4,252. Lowest: {CODE}, 712."
    drawing = figure.one("img")
    address = "?table=people-chart&format=svg"
    assert (drawing.attributes["src"], drawing.attributes["alt"]) == (address, f"People by area. {words}")
    assert figure.one("p", class_="app-chart__description").text == words
    picture = figure.one("a", download="people-chart.svg")
    assert (picture.attributes["href"], picture.text) == (address, "Download picture of People by area")
    assert figure.one("summary").text == "View data as table: People by area"
    assert [link.text for link in figure.one("details").all("a", class_="app-figure")] == ["4,252", "712"]
    assert figure.one("a", download="people-chart.csv").attributes["href"] == "?table=people-chart&format=csv"


def test_chart_specification_is_data_that_names_no_other_host() -> None:
    script = page(chart()).one("script", type="application/json")
    (written,) = script.children
    spec = json.loads(written)
    assert spec["description"].startswith("People by area. Bar chart.")
    assert [row["label"] for row in spec["data"]["values"]] == ["Leicester", CODE]
    assert [field["field"] for field in spec["layer"][0]["encoding"]["tooltip"]] == ["label", "text"]
    assert {layer["mark"]["aria"] for layer in spec["layer"]} == {False}, "the chart is one image, not many"
    assert ("<" in written, "://" in written) == (False, False)


def test_text_is_never_code() -> None:
    whole = page(*blocks())
    assert {each.attributes.get("type") for each in whole.all("script")} == {"application/json"}
    assert [item.text for item in whole.all("li")] == ["First 4,252", "Second", CODE]
    assert whole.one("ol").attributes["class"] == "nhsuk-list nhsuk-list--number"


def test_headings_keep_their_level() -> None:
    whole = page(*blocks())
    assert [whole.one("h2").text, whole.one("h3").text] == ["Expected", "Costs"]


def test_a_long_page_begins_with_its_parts() -> None:
    parts = [Heading(text) for text in ("How many people", "Ten years on", CODE)]
    links = page(parts[0], Heading("Dementia", 3), *parts[1:], macro="contents").all("a")
    assert [link.text for link in links] == [part.text for part in parts]
    targets = [each.attributes["id"] for each in page(*parts).all("h2")]
    assert [link.attributes["href"] for link in links] == [f"#{target}" for target in targets]
    assert page(*parts[:2], macro="contents").all("nav") == []


def test_no_element_carries_a_style_that_the_security_policy_would_block() -> None:
    assert [each.name for each in page(*blocks()).below() if "style" in each.attributes or each.name == "style"] == []


@pytest.mark.parametrize("shown", [PEOPLE, MISSING, COST])
def test_figure_cell_is_always_a_link(shown: object) -> None:
    source = '{% from "layout/blocks.jinja" import figure_cell %}{{ figure_cell(figure) }}'
    cell = read_page(engines["jinja2"].from_string(source).render({"figure": shown}))
    assert len(cell.all("a")) == 1
