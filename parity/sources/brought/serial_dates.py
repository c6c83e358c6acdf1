"""Dates and times as a spreadsheet keeps them: days counted from its epoch, told from numbers by the cell's format.

Source: ECMA-376 (Office Open XML), part 1, sections 18.8.30 (number formats) and 18.17.4 (dates and times).
"""

import re
from datetime import date, timedelta
from enum import Enum

_BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The numbers of the built-in formats that show a date or a time; 27–36 and 50–58 do in East Asian versions."""
_BUILT_IN_ELAPSED = {46}
_QUOTED = re.compile(r'"[^"]*"|[\\_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)
_DAY = 86_400
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_PHANTOM = 60
"""Serial of 29 February 1900, a day that was not: spreadsheets count it nonetheless, so earlier days are one off."""


class Style(Enum):
    """What a cell's format says that its number is."""

    NUMBER = "number"
    DATE = "date"
    ELAPSED = "elapsed time"


def style_of(number: int, code: str) -> Style:
    """What a number format shows, by its number where it is built in, else by its code."""
    if code:
        shown = _QUOTED.sub("", code.split(";")[0])
        if _ELAPSED.search(shown):
            return Style.ELAPSED
        return Style.DATE if _DATE.search(shown) else Style.NUMBER
    if number in _BUILT_IN_ELAPSED:
        return Style.ELAPSED
    return Style.DATE if number in _BUILT_IN else Style.NUMBER


def date_text(serial: float, style: Style, *, from_1904: bool = False) -> str:
    """The day as 2026-01-31, with a time of day as 2026-01-31T09:30:00; a time alone as 09:30:00, elapsed as 37:30:00.

    Raises ValueError or OverflowError for a number that is no day of the calendar.
    """
    seconds = round(serial * _DAY)
    days, rest = divmod(seconds, _DAY)
    if style is Style.ELAPSED:
        return _clock(seconds)
    if days == 0:
        return _clock(rest)
    if days < 0 or (days == _PHANTOM and not from_1904):
        raise ValueError
    early = days < _PHANTOM and not from_1904
    day = ((_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(days=days + early)).isoformat()
    return f"{day}T{_clock(rest)}" if rest else day


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
