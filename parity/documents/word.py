"""A document as a Word file: real headings, filled contents, repeated header rows, described pictures."""

import io
from collections.abc import Iterable

import docx
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Emu, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from parity.documents.archive import without_clock
from parity.documents.edition import (
    Box,
    Edition,
    Endnotes,
    Items,
    Picture,
    Prose,
    Title,
    Words,
    edition_of,
)
from parity.documents.grid import Grid, PrintedCell
from parity.documents.model import Document
from parity.documents.orientation import oriented
from parity.documents.pictures import png_of, png_share

FONT = "Arial"
_BLUE = RGBColor(0x12, 0x43, 0x6D)
_HEADING_SIZES = {1: 18, 2: 14, 3: 11.5}
_SIZES = {"Title": 26, "Subtitle": 15, "Normal": 10.5, "Caption": 10.5, "Footer": 8.5}
_NOTE_SIZE, _TABLE_SIZE, _SMALL_TABLE_SIZE = Pt(8.5), Pt(9.5), Pt(8)
_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = Cm(21), Cm(29.7), Cm(2.2)
_SPACE_AFTER = 6
_CELL_MARGIN = 65
"""Twentieths of a point left and right in a cell: Word's own leave too little for the longest word of a heading."""
_LONGEST_PROPERTY = 255
_THEME_FONTS = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def write_word(document: Document) -> bytes:
    """The .docx file's bytes; the same document gives the same bytes. It holds no date."""
    edition = edition_of(document)
    word = docx.Document()
    _set_styles(word, edition.language)
    _set_page(word, edition)
    _set_properties(word, edition)
    _write_cover(word, edition)
    _write_contents(word, edition.contents)
    marks = _Bookmarks()
    for is_turned, blocks in oriented(edition.blocks):
        if is_turned:
            _turn_page(word, sideways=True)
        for block in blocks:
            _write(word, block, marks)
        if is_turned:
            _turn_page(word, sideways=False)
    buffer = io.BytesIO()
    word.save(buffer)
    return without_clock(buffer.getvalue())


class _Bookmarks:
    """Bookmarks, each with a number of its own as Word demands."""

    def __init__(self) -> None:
        self._count = 0

    def put(self, paragraph: WordParagraph, name: str) -> None:
        """Marks the paragraph, so that links reach it."""
        self._count += 1
        start = _element("w:bookmarkStart", id=str(self._count), name=_bookmark(name))
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(_element("w:bookmarkEnd", id=str(self._count)))


def _set_styles(word: WordFile, language: str) -> None:
    """Our typeface, sizes and colours in the styles; the theme's typefaces, which would win, taken out."""
    headings = {f"Heading {level}": size for level, size in _HEADING_SIZES.items()}
    for style in word.styles.element.findall(qn("w:style")):
        for fonts in style.iter(qn("w:rFonts")):
            _plain_fonts(fonts)
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        _plain_fonts(fonts)
    for name, size in {**_SIZES, **headings}.items():
        style = word.styles[name]
        if not isinstance(style, ParagraphStyle):
            raise TypeError(f"The style {name} is not a paragraph's.")
        style.font.size = Pt(size)
        style.font.italic = False
        style.font.color.rgb = _BLUE if name in {"Title", *headings} else RGBColor(0x21, 0x2B, 0x32)
        style.font.bold = name in {"Title", *headings}
        style.paragraph_format.space_after = Pt(_SPACE_AFTER)
        style.paragraph_format.keep_with_next = name in {"Caption", *headings}
    word.styles["Caption"].paragraph_format.space_before = Pt(12)
    for unwanted in (("Title", "w:pBdr"), ("Subtitle", "w:spacing")):
        _strip(word, *unwanted)
    for tongue in word.styles.element.iter(qn("w:lang")):
        tongue.set(qn("w:val"), language)


def _strip(word: WordFile, style: str, tag: str) -> None:
    """Takes a property out of a style: the rule under the title, the wide letters of the subtitle."""
    for found in list(word.styles[style].element.iter(qn(tag))):
        found.getparent().remove(found)


def _plain_fonts(fonts: BaseOxmlElement) -> None:
    for name in _THEME_FONTS:
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)


def _set_page(word: WordFile, edition: Edition) -> None:
    """A4 with the title and the page's number at the foot, but not on the cover."""
    section = word.sections[0]
    section.page_width, section.page_height = _PAGE_WIDTH, _PAGE_HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    section.different_first_page_header_footer = True
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{edition.title} – page ")
    _add_field(foot, "PAGE", "2")


def _turn_page(word: WordFile, *, sideways: bool) -> None:
    """A new page, on its side or upright; the footer goes on."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (_PAGE_HEIGHT, _PAGE_WIDTH) if sideways else (_PAGE_WIDTH, _PAGE_HEIGHT)
    section.different_first_page_header_footer = False


def _set_properties(word: WordFile, edition: Edition) -> None:
    properties = word.core_properties
    publisher = edition.publisher[:_LONGEST_PROPERTY]
    properties.title, properties.subject = edition.title[:_LONGEST_PROPERTY], edition.subtitle[:_LONGEST_PROPERTY]
    properties.language, properties.comments = edition.language, ""
    properties.author, properties.last_modified_by = publisher, publisher


def _write_cover(word: WordFile, edition: Edition) -> None:
    title = word.add_paragraph(edition.title, style="Title")
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(120), Pt(18)
    if edition.subtitle:
        word.add_paragraph(edition.subtitle, style="Subtitle").paragraph_format.space_after = Pt(18)
    word.add_paragraph(edition.publisher)
    for name, value in edition.facts:
        paragraph = word.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(value)
    word.add_page_break()


def _write_contents(word: WordFile, titles: Iterable[Title]) -> None:
    """The contents field with its entries written in; Word adds the page numbers when it updates the field."""
    listed = list(titles)
    if not listed:
        return
    heading = word.add_paragraph("Contents", style="Normal")
    heading.runs[0].bold, heading.runs[0].font.size, heading.runs[0].font.color.rgb = True, Pt(18), _BLUE
    paragraphs = []
    for title in listed:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.8 * (title.level - 2))
        paragraph.paragraph_format.space_after = Pt(2)
        _add_link(paragraph, title.text, title.anchor)
        paragraphs.append(paragraph)
    first, last = paragraphs[0], paragraphs[-1]
    start = [_field_mark("begin", dirty="true"), _instruction('TOC \\o "1-2" \\h \\z \\u'), _field_mark("separate")]
    for place, element in enumerate(start, start=1 if first._p.pPr is not None else 0):
        first._p.insert(place, element)
    last._p.append(_field_mark("end"))
    word.add_page_break()


def _write(word: WordFile, block: object, marks: _Bookmarks) -> None:
    """One block."""
    match block:
        case Title(anchor=anchor, text=text, level=level):
            marks.put(word.add_paragraph(text, style=f"Heading {level - 1}"), anchor)
        case Prose(words=words):
            _add_runs(word.add_paragraph(), words)
        case Items(items=items, numbered=numbered):
            _write_items(word, items, numbered=numbered)
        case Box(title=title, words=words):
            _write_box(word, title, words)
        case Grid():
            _write_grid(word, block, marks)
        case Picture():
            _write_picture(word, block, marks)
        case Endnotes(notes=notes):
            for number, note in enumerate(notes, start=1):
                marks.put(_small(word, f"[{number}] {note}"), f"note-{number}")


def _write_items(word: WordFile, items: Iterable[tuple[Words, ...]], *, numbered: bool) -> None:
    """A list; each numbered list starts at 1."""
    style = "List Number" if numbered else "List Bullet"
    number = _fresh_numbering(word) if numbered else None
    for item in items:
        paragraph = word.add_paragraph(style=style)
        if number is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number
        _add_runs(paragraph, item)


def _fresh_numbering(word: WordFile) -> int:
    """The number of a new numbering that looks like the style's and starts at 1."""
    numbering = word.part.numbering_part.element
    style = word.styles["List Number"].element.pPr.numPr.numId.val
    pattern = numbering.num_having_numId(style).abstractNumId.val
    made = numbering.add_num(pattern)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _write_box(word: WordFile, title: str, words: tuple[Words, ...]) -> None:
    """A callout: two paragraphs in one frame, kept on one page."""
    heading, text = word.add_paragraph(), word.add_paragraph()
    run = heading.add_run(title)
    run.bold, run.font.color.rgb = True, _BLUE
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_after = Pt(2)
    _add_runs(text, words)
    for paragraph in (heading, text):
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(0.4)
        paragraph._p.get_or_add_pPr().insert_element_before(_frame(), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _frame() -> BaseOxmlElement:
    frame = _element("w:pBdr")
    for side, width in (("top", "8"), ("left", "36"), ("bottom", "8"), ("right", "8")):
        frame.append(_element(f"w:{side}", val="single", sz=width, space="6", color=str(_BLUE)))
    return frame


def _write_grid(word: WordFile, grid: Grid, marks: _Bookmarks) -> None:
    """Caption, table with its header row repeated on every page, and notes."""
    caption = _add_caption(word, grid.label, grid.caption)
    marks.put(caption, grid.anchor)
    table = word.add_table(rows=1, cols=len(grid.columns))
    _set_table(table, grid.heading)
    _set_widths(table, grid)
    size = _SMALL_TABLE_SIZE if grid.small else _TABLE_SIZE
    sides = [numeric for _, numeric in grid.columns]
    header = [PrintedCell(title) for title, _ in grid.columns]
    for row, cells in [(table.rows[0], header), *((table.add_row(), cells) for cells in grid.rows)]:
        is_header = cells is header
        for place, numeric, cell in zip(row.cells, sides, cells, strict=True):
            _fill(place, cell, size=size, numeric=numeric, bold=is_header)
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        if is_header:
            properties.append(_element("w:tblHeader"))
    for remark in grid.remarks:
        _small(word, f"[{remark.letter}] {remark.text}" if remark.letter else remark.text)


def _set_table(table: WordTable, description: str) -> None:
    """Lines between rows only, and the title for those who hear the table."""
    properties = table._tbl.tblPr
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="6", space="0", color="768692"))
    properties.append(borders)
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        properties.remove(look)
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(_CELL_MARGIN), type="dxa"))
    properties.append(margins)
    properties.append(_element("w:tblLook", val="00A0", firstRow="1", firstColumn="1", noHBand="1", noVBand="1"))
    properties.append(_element("w:tblCaption", val=description))


def _set_widths(table: WordTable, grid: Grid) -> None:
    """Columns as wide as their texts need, which fill the page together."""
    table.autofit = False
    room = (_PAGE_HEIGHT if grid.wide else _PAGE_WIDTH) - 2 * _MARGIN
    for column, weight in zip(table.columns, grid.weights, strict=True):
        column.width = Emu(room * weight // sum(grid.weights))


def _fill(place: _Cell, cell: PrintedCell, *, size: Length, numeric: bool, bold: bool) -> None:
    """One cell: its text, letters of notes raised, numbers to the right."""
    paragraph = place.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    if numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.keep_with_next = bold
    run = paragraph.add_run(cell.text)
    run.font.size, run.bold = size, bold
    if cell.marks:
        raised = paragraph.add_run(f"[{', '.join(cell.marks)}]")
        raised.font.size, raised.font.superscript = size, True


def _write_picture(word: WordFile, picture: Picture, marks: _Bookmarks) -> None:
    """Caption, chart with its description, where its numbers stand, and notes."""
    marks.put(_add_caption(word, picture.label, picture.caption), picture.anchor)
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    room = _PAGE_WIDTH - 2 * _MARGIN
    png = png_of(picture.chart)
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Emu(int(room * png_share(png))))
    described = shape._inline.docPr
    described.set("descr", picture.description)
    described.set("title", picture.heading)
    described.set("name", picture.label)
    if picture.table_anchor:
        link = _small(word, "The numbers stand in ")
        _add_link(link, picture.table_label, picture.table_anchor, size=_NOTE_SIZE)
        link.add_run(".").font.size = _NOTE_SIZE
    else:
        _small(word, f"The numbers stand in {picture.table_label}.")
    for remark in picture.remarks:
        _small(word, remark)


def _add_caption(word: WordFile, label: str, text: str) -> WordParagraph:
    paragraph = word.add_paragraph(style="Caption")
    paragraph.add_run(f"{label}: ").bold = True
    paragraph.add_run(text)
    return paragraph


def _small(word: WordFile, text: str) -> WordParagraph:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(2), Pt(0)
    paragraph.add_run(text).font.size = _NOTE_SIZE
    return paragraph


def _add_runs(paragraph: WordParagraph, words: Iterable[Words]) -> None:
    """The runs of text, each figure followed by the raised number of its note."""
    for run in words:
        paragraph.add_run(run.text)
        if run.note is not None:
            _add_link(paragraph, f"[{run.note}]", f"note-{run.note}", raised=True)


def _add_link(
    paragraph: WordParagraph, text: str, anchor: str, *, raised: bool = False, size: Length | None = None
) -> None:
    """A link to a bookmark in this document."""
    link = _element("w:hyperlink", anchor=_bookmark(anchor), history="1")
    run = paragraph.add_run(text)
    run.font.color.rgb = RGBColor(0x00, 0x5E, 0xB8)
    run.font.superscript = raised or None
    run.font.size = size
    link.append(run._r)
    paragraph._p.append(link)


def _add_field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    """A field with the text it shows until Word brings it up to date."""
    for element in (_field_mark("begin"), _instruction(instruction), _field_mark("separate")):
        paragraph._p.append(element)
    paragraph.add_run(shown)
    paragraph._p.append(_field_mark("end"))


def _field_mark(kind: str, **more: str) -> BaseOxmlElement:
    run = _element("w:r")
    run.append(_element("w:fldChar", fldCharType=kind, **more))
    return run


def _instruction(text: str) -> BaseOxmlElement:
    run, instruction = _element("w:r"), _element("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {text} "
    run.append(instruction)
    return run


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    """A WordprocessingML element with attributes in its own namespace."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _bookmark(anchor: str) -> str:
    """The anchor as a bookmark's name, in which Word allows no hyphen."""
    return anchor.replace("-", "_")
