from dataclasses import replace
from itertools import islice

import pytest

from parity.documents.charts import bar_chart
from parity.documents.drawing import Point
from parity.documents.edition import Endnotes, Items, Prose, Title, Words, _names, edition_of
from parity.documents.model import Chart, Column, Document, Heading, Paragraph, Table
from parity.documents.orientation import oriented
from tests.documents.sample import NOT_COUNTED, PEOPLE, RATE, charts, document, figure, release, wards

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


def test_a_chart_without_any_value_is_a_sentence():
    points = [Point(name, figure(PEOPLE, name, None)) for name in ("Abbey", "Castle")]
    empty = bar_chart(points, slug="empty", title="People by ward", labels="Ward")
    known = bar_chart([*points, Point("Aylestone", figure(PEOPLE, "Aylestone", 1.0))], slug="known", title="T",
                      labels="Ward")  # fmt: skip
    first, second = edition(empty, known).blocks[:2]
    sentence = "People by ward: no chart, since none of its figures is available. Nobody was counted in this area."
    assert first == Prose((Words(sentence),))
    assert (second.label, known.undrawn, empty.undrawn) == ("Chart 1", "", sentence)
    assert charts()["bar"].undrawn == ""


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


# What is left to a workbook, and sources named by number


def numbers() -> Chart:
    return replace(
        charts()["bar"], table=Table("behind", "Behind", COLUMNS, (("a", figure(PEOPLE, "a", 1.0)),), ("Credit.",))
    )


def test_annexed_tables_and_those_behind_charts_are_left_to_the_workbook_with_their_numbers():
    rows = (("a", figure(PEOPLE, "a", 1.0)),)
    tables = [Table(slug, slug.upper(), COLUMNS, rows, annexed=slug != "one") for slug in ("one", "two", "three")]
    document = Document("T", "", "C", (*tables, numbers()), workbook="figures.xlsx")
    printed = edition_of(document)
    assert [type(block).__name__ for block in printed.blocks] == ["Grid", "Prose", "Picture"]
    assert printed.blocks[1].words == (Words("In the workbook figures.xlsx: Table 2, TWO; Table 3, THREE."),)
    picture = printed.blocks[2]
    assert (picture.table_label, picture.table_anchor) == ("Table 4 of the workbook figures.xlsx", "")
    assert picture.remarks[0] == "Credit."
    held = edition_of(replace(document, workbook=""))
    assert [(grid.label, grid.table.slug) for grid in held.grids] == [
        ("Table 1", "one"), ("Table 2", "two"), ("Table 3", "three"), ("Table 4", "behind"),
    ]  # fmt: skip


def test_a_source_is_named_in_full_once_a_chapter_and_then_by_its_number():
    first, second = (replace(release("waits"), credit=f"Office, {name}", edition="2024") for name in ("waits", "beds"))
    seen, both = figure(PEOPLE, "a", 1.0, releases=(second,)), figure(PEOPLE, "b", 1.0, releases=(first, second))
    tables = [Table(f"t{place}", "T", COLUMNS, (("a", each),)) for place, each in enumerate((seen, both, seen))]
    blocks = (Heading("One"), *tables[:2], Heading("Two"), tables[2], Paragraph((both,)))
    printed = edition_of(Document("T", "", "C", blocks, sources=("Office, waits, 2024", "Office, beds, 2024")))
    alone, together = "Source: Office, beds, 2024 (S2).", "Sources: Office, waits, 2024 (S1); S2."
    assert [grid.remarks[-1].text for grid in printed.grids] == [alone, together, alone]
    assert printed.blocks[-1] == Endnotes(("People in contact, b, 2025/26: 1. Sources: S1, S2.",))
    unlisted = edition_of(Document("T", "", "C", (tables[0],), sources=("Another",)))
    assert unlisted.grids[0].remarks[-1].text == "Source: Office, beds, 2024."


def test_where_remarks_are_told_elsewhere_only_reasons_for_gaps_stand_under_a_table():
    rows = (("a", figure(PEOPLE, "a", None, note="Of old.")), ("b", figure(PEOPLE, "b", 1.0, note="Of old.")))
    grid = edition(Table("t", "T", COLUMNS, rows, ("See elsewhere.",), remarks=False)).grids[0]
    assert [each.text for each in grid.remarks][:2] == ["See elsewhere.", NOT_COUNTED]
    assert [row[1].marks for row in grid.rows] == [("a",), ()]


def test_a_table_is_as_large_as_its_words_allow():
    def grid(columns: int, text: str):
        return edition(Table("t", "T", tuple(Column(text) for _ in range(columns)), ((text,) * columns,))).grids[0]

    found = [
        (grid(*asked).small, grid(*asked).wide) for asked in ((3, "few"), (7, "few"), (6, "a" * 15), (9, "a" * 12))
    ]
    assert found == [(False, False), (True, False), (True, False), (True, True)]
    assert [grid(2, text).lines for text in ("few", "word " * 40)] == [2, 10]


def test_wide_tables_are_turned_with_the_headings_and_paragraphs_before_them():
    wide = Table("w", "W", tuple(Column("a" * 12) for _ in range(9)), (("a",) * 9,))
    others = [replace(wide, slug=slug) for slug in ("x", "y")]
    plain = Table("t", "T", COLUMNS, (("a", figure(PEOPLE, "a", 1.0)),))
    after = replace(plain, slug="u")
    lead = (Heading("One", 2), Heading("Two", 3), Paragraph(("Lead.",)))
    blocks = (plain, Paragraph(("Last.",)), *lead, wide, others[0], after, Paragraph(("Alone.",)), others[1])
    found = [(turned, [type(block).__name__ for block in run]) for turned, run in oriented(edition(*blocks).blocks)]
    assert found == [
        (False, ["Grid", "Prose"]),
        (True, ["Title", "Title", "Prose", "Grid", "Grid"]),
        (False, ["Grid", "Prose"]),
        (True, ["Grid"]),
    ]
