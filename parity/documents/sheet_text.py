"""Text in a workbook's cell: always the text itself, whatever it looks like.

The writer takes a text from `<r>` to `</r>` for markup of its own and does not escape it.
"""

import re

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f]|_x[0-9a-fA-F]{4}_")
"""What the writer escapes; in pieces it does so twice."""


def write_text(sheet: Worksheet, place: tuple[int, int], text: str, style: Format) -> None:
    """Nothing; the text stands at the row and column, counted from 0, and is neither a formula nor markup.

    Behind a text that looks like markup and holds what is escaped too, a space stands.
    """
    if _looks_like_markup(text) and not ESCAPED.search(text):
        # in two pieces it makes the markup itself, and escapes both
        sheet.write_rich_string(*place, text[:1], style, text[1:], style)
    else:
        sheet.write_string(*place, heading_text(text), style)


def heading_text(text: str) -> str:
    """A table's heading, which the writer takes in one piece: with a space behind it where it looks like markup."""
    return f"{text} " if _looks_like_markup(text) else text


def _looks_like_markup(text: str) -> bool:
    return text.startswith("<r>") and text.endswith("</r>")
