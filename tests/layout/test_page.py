"""A page of blocks: headings under its title, tables found wherever they stand."""

import subprocess
import sys
from dataclasses import replace

from parity.documents.model import Heading, Paragraph
from parity.layout.page import tables_in, under_title
from tests.layout.sample import blocks, chart, expected


def test_a_chapters_headings_move_up_to_stand_under_the_title() -> None:
    moved = under_title([Paragraph(("x",)), Heading("a", 3), Heading("b", 4), Heading("c", 3)])
    assert moved == (Paragraph(("x",)), Heading("a", 2), Heading("b", 3), Heading("c", 2))


def test_headings_that_stand_under_the_title_stay() -> None:
    assert under_title([Heading("a", 2), Heading("b", 3)]) == (Heading("a", 2), Heading("b", 3))
    assert under_title([Paragraph(("x",))]) == (Paragraph(("x",)),)
    assert under_title([]) == ()


def test_tables_behind_charts_are_tables_of_the_page() -> None:
    assert [table.slug for table in tables_in(blocks())] == ["expected", "costs", "people-chart"]


def test_a_printed_table_stands_for_the_one_behind_a_chart_that_has_its_slug() -> None:
    behind = replace(chart().table, slug="expected")
    assert list(tables_in([replace(chart(), table=behind), expected()])) == [expected(), behind]


def test_a_topic_can_be_declared_without_django() -> None:
    asked = "import sys, parity.layout.topic; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"
