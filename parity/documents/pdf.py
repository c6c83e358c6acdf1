"""A document as a tagged PDF (PDF/UA-1), set by Typst from a template that receives the document as JSON."""

import json
import re
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import typst

from parity.documents.edition import (
    Box,
    Edition,
    Endnotes,
    Items,
    Picture,
    Print,
    Prose,
    Title,
    Words,
    edition_of,
)
from parity.documents.grid import Grid
from parity.documents.model import Document
from parity.documents.orientation import oriented
from parity.documents.pictures import svg_of, svg_share

_FONTS = Path(__file__).parent / "fonts"
_TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
_SHORT_TABLE, _SHORT_REMARKS = 18, 900
"""Lines of a table that is kept on one page, and letters of the notes under it."""
_LOW_CELL = 400
_LONGEST_UNBROKEN = 24
_BREAK = "\u200b"
_SHAPELESS = ("Cf", "Me", "Mn")
_UNBROKEN = re.compile(rf"\S{{{_LONGEST_UNBROKEN}}}(?=\S)")


def write_pdf(document: Document) -> bytes:
    """The PDF's bytes; the same document gives the same bytes. It holds no date.

    A character that the typeface lacks is written as its Unicode name in square brackets.
    Raises RuntimeError where Typst warns, for a warning would be a fault in the printed page.
    """
    edition = edition_of(document)
    inputs = {"edition": _printable(json.dumps(_as_json(edition), ensure_ascii=False))}
    compiler = typst.Compiler(_TEMPLATE, font_paths=[_FONTS], ignore_system_fonts=True, sys_inputs=inputs)
    content, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"])
    if not isinstance(content, bytes):
        raise TypeError("Typst gives a PDF as one sequence of bytes.")
    if warnings:
        raise RuntimeError("; ".join(warning.message for warning in warnings))
    return content


def _as_json(edition: Edition) -> dict[str, Any]:
    """The edition as the template reads it."""
    language, _, region = edition.language.partition("-")
    return {
        "title": _breakable(edition.title),
        "subtitle": _breakable(edition.subtitle),
        "publisher": edition.publisher,
        "language": language,
        "region": region or None,
        "facts": edition.facts,
        "contents": bool(edition.contents),
        "runs": [{"turned": turned, "blocks": _run(blocks)} for turned, blocks in oriented(edition.blocks)],
    }


def _run(blocks: list[Print]) -> list[dict[str, Any]]:
    """The blocks; a paragraph under a heading is kept with what follows it, so that the two never stand alone."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        told = {"kind": type(block).__name__, **_block(block)}
        if isinstance(block, Prose):
            told["leads"] = bool(found) and found[-1].get("leads", found[-1]["kind"] == "Title")
        found.append(told)
    return found


def _block(block: Print) -> dict[str, Any]:
    """One block as the template reads it."""
    match block:
        case Title(anchor=anchor, text=text, level=level):
            return {"anchor": anchor, "text": _breakable(text), "level": level}
        case Prose(words=words):
            return {"words": _runs(words)}
        case Items(items=items, numbered=numbered):
            return {"items": [_runs(item) for item in items], "numbered": numbered}
        case Box(title=title, words=words):
            return {"title": _breakable(title), "words": _runs(words)}
        case Grid():
            return _grid(block)
        case Picture():
            return _picture(block)
        case Endnotes(notes=notes):
            return {"notes": [_breakable(note) for note in notes]}


def _runs(words: tuple[Words, ...]) -> list[dict[str, Any]]:
    return [{"text": _breakable(run.text), "note": run.note} for run in words]


def _grid(grid: Grid) -> dict[str, Any]:
    """A table with the relative widths of its columns."""
    columns = [
        {"title": _breakable(title), "numeric": numeric, "weight": weight}
        for (title, numeric), weight in zip(grid.columns, grid.weights, strict=True)
    ]
    rows = [[{"text": _breakable(cell.text), "marks": list(cell.marks)} for cell in row] for row in grid.rows]
    remarks = [{"letter": remark.letter, "text": _breakable(remark.text)} for remark in grid.remarks]
    return {
        "anchor": grid.anchor,
        "label": grid.label,
        "caption": _breakable(grid.caption),
        "columns": columns,
        "rows": rows,
        "remarks": remarks,
        "small": grid.small,
        "short": grid.lines <= _SHORT_TABLE and _noted(grid) <= _SHORT_REMARKS,
        "whole_rows": _low(grid),
    }


def _picture(picture: Picture) -> dict[str, Any]:
    """A chart as SVG, with the share of the page's width that gives all charts letters of one size."""
    svg = _drawable(svg_of(picture.chart, prefix=picture.anchor))
    return {
        "anchor": picture.anchor,
        "label": picture.label,
        "caption": _breakable(picture.caption),
        "description": picture.description,
        "table_label": picture.table_label,
        "table_anchor": picture.table_anchor,
        "remarks": [_breakable(remark) for remark in picture.remarks],
        "svg": svg,
        "share": svg_share(svg),
    }


def _drawable(svg: str) -> str:
    """The drawing with a box for each character that the typeface lacks, or that has no shape of its own.

    A name in brackets would outgrow the place kept for a label.
    """
    composed = unicodedata.normalize("NFC", svg)
    shown = _letters()
    return "".join(
        letter if letter in shown and unicodedata.category(letter) not in _SHAPELESS else "□" for letter in composed
    )


def _low(grid: Grid) -> bool:
    """True where no cell holds so much text that its row could outgrow what is left of a page."""
    return all(len(cell.text) <= _LOW_CELL for row in grid.rows for cell in row)


def _noted(grid: Grid) -> int:
    """The letters of all notes under the table."""
    return sum(len(remark.text) for remark in grid.remarks)


def _breakable(text: str) -> str:
    """The text with places to break in words too long for a line."""
    return _UNBROKEN.sub(lambda found: found[0] + _BREAK, text)


def _printable(text: str) -> str:
    """The text with each character the typeface lacks named in square brackets."""
    known = _letters() | {_BREAK, "\n"}
    return "".join(
        letter if letter in known else f"[{unicodedata.name(letter, 'unknown sign').lower()}]" for letter in text
    )


@cache
def _letters() -> frozenset[str]:
    """The characters the vendored typeface can print, read from its table `cmap` (OpenType, format 4)."""
    font = (_FONTS / "LiberationSans-Regular.ttf").read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * at) for at in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (maps,) = struct.unpack_from(">H", font, start + 2)
    entries = (struct.unpack_from(">HHL", font, start + 4 + 8 * at) for at in range(maps))
    four = start + next(offset for platform, kind, offset in entries if (platform, kind) == (3, 1))
    (doubled,) = struct.unpack_from(">H", font, four + 6)
    segments = doubled // 2
    lasts = struct.unpack_from(f">{segments}H", font, four + 14)
    firsts = struct.unpack_from(f">{segments}H", font, four + 16 + doubled)
    ranges = (range(first, last + 1) for first, last in zip(firsts, lasts, strict=True) if first < 0xFFFF)
    return frozenset(chr(code) for span in ranges for code in span)
