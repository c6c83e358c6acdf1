from itertools import islice

import pytest

from parity.documents.edition import Endnotes, Items, Prose, Title, Words, _names, edition_of
from parity.documents.model import Chart, Column, Document, Heading, Paragraph, Table
from tests.documents.sample import NOT_COUNTED, PEOPLE, RATE, charts, document, figure, wards

COLUMNS = (Column("Area"), Column("Value", numeric=True))


def edition(*blocks: object):
    return edition_of(Document("Title", "", "Council", blocks))


def test_captions_are_numbered_in_order_with_tables_behind_charts_last():
    printed = edition_of(document())
    assert [(grid.label, grid.table.slug) for grid in printed.grids] == [
        ("Table 1", "wards"), ("Table 2", "areas"), ("Table 3", "plan"), ("Table 4", "none"),
        ("Table 5", "spend-bar"), ("Table 6", "line"), ("Table 7", "grouped"), ("Table 8", "stacked"),
    ]  # fmt: skip
    pictures = [(block.label, block.table_label) for block in printed.blocks if hasattr(block, "chart")]
    assert pictures == [
        ("Chart 1", "Table 1"), ("Chart 2", "Table 5"), ("Chart 3", "Table 6"), ("Chart 4", "Table 7"),
        ("Chart 5", "Table 8"),
    ]  # fmt: skip


def test_contents_list_chapters_and_sections_and_the_chapters_at_the_end():
    assert [(title.text, title.level) for title in edition_of(document()).contents] == [
        ("What we found", 2), ("By ward", 3), ("Over time", 2), ("Long and wide", 2), ("Tables behind the charts", 2),
        ("Notes on figures", 2),
    ]  # fmt: skip


def test_the_same_figure_has_one_note_and_one_first_mention():
    known = figure(RATE, "Abbey", 1.0)
    assert edition(Paragraph((known, " and ", known))).blocks == (
        Prose((Words("1.0 per 1,000", 1, True), Words(" and "), Words("1.0 per 1,000", 1, False))),
        Title("heading-1", "Notes on figures", 2),
        Endnotes(
            ("Adults in treatment, Abbey, 2025/26: 1.0 per 1,000. Source: treatment@1a2b3c4d (seed 000, table 4).",)
        ),
    )


def test_a_document_without_figures_has_no_notes():
    assert edition(Heading("One", 3), Paragraph(("text",))).blocks == (
        Title("heading-1", "One", 3),
        Prose((Words("text"),)),
    )


def test_a_remark_on_some_cells_is_lettered_and_on_all_is_not():
    some = Table("t", "T", COLUMNS, (("a", figure(PEOPLE, "a", None)), ("b", figure(PEOPLE, "b", 1.0))))
    every = Table("t", "T", COLUMNS, (("a", figure(PEOPLE, "a", None)), ("b", figure(PEOPLE, "b", None))))
    source = ("", "Source: treatment@1a2b3c4d (seed 000, table 4).")
    assert [(each.letter, each.text) for each in edition(some).grids[0].remarks] == [("a", NOT_COUNTED), source]
    assert [row[1].marks for row in edition(some).grids[0].rows] == [("a",), ()]
    assert [(each.letter, each.text) for each in edition(every).grids[0].remarks] == [("", NOT_COUNTED), source]
    assert [row[1].text for row in edition(every).grids[0].rows] == ["not available", "not available"]


def test_intervals_follow_their_figures_unless_switched_off():
    ranged = figure(RATE, "a", 2.0, lower=1.0, upper=3.0)
    rows = (("a", ranged),)
    plain = edition(Table("t", "T", COLUMNS, rows)).grids[0]
    bare = edition(Table("t", "T", COLUMNS, rows, bare=True)).grids[0]
    off = edition(Table("t", "T", COLUMNS, rows, intervals=False)).grids[0]
    texts = [grid.rows[0][1].text for grid in (plain, bare, off)]
    assert texts == ["2.0 per 1,000 (1.0 to 3.0 per 1,000)", "2.0 (1.0 to 3.0)", "2.0 per 1,000"]
    assert [len(grid.remarks) for grid in (plain, bare, off)] == [2, 2, 1]


def test_an_empty_table_says_so():
    assert [each.text for each in edition(Table("t", "T", COLUMNS, ())).grids[0].remarks] == ["This table has no rows."]


def test_two_tables_with_one_slug_are_refused():
    with pytest.raises(ValueError, match=r"^Two tables of the document share a slug.$"):
        edition(wards(), wards())


def test_two_charts_may_share_a_table_but_not_a_slug():
    line, bar = charts()["line"], charts()["bar"]
    assert len(edition(line, line).grids) == 1
    clash = Chart("Other", "Other", bar.spec, Table("line", "Other", COLUMNS, ()))
    with pytest.raises(ValueError, match=r"^Two different tables behind charts are called line.$"):
        edition(line, clash)


def test_an_unknown_block_is_refused():
    with pytest.raises(TypeError, match=r"^A document has no block of the kind int.$"):
        edition(3)


def test_letters_go_on_after_z():
    assert list(islice(_names(), 24, 29)) == ["y", "z", "aa", "ab", "ac"]


def test_lists_keep_their_items():
    assert [block.numbered for block in edition_of(document()).blocks if isinstance(block, Items)] == [False, True]
