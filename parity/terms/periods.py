"""Periods of time as strings: `2008`, `2025/26`, `2026-01`, `2013-Q2`, `2016-01-31`, `2008 to 2015`."""

import re
from datetime import date

_DAY = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")
_FORMS = (
    re.compile(r"[0-9]{4}"),
    re.compile(r"(?P<first>[0-9]{4})/(?P<second>[0-9]{2})"),
    re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    re.compile(r"[0-9]{4}-Q[1-4]"),
    _DAY,
)
SPAN = " to "
"""What joins two periods."""


def is_period(text: str) -> bool:
    """True where the text is a period: a year, financial year, month, quarter, day, or two joined by ` to `."""
    if SPAN in text:
        first, _, last = text.partition(SPAN)
        return is_period(first) and is_period(last) and SPAN not in last
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is None:
            continue
        if "first" in form.groupindex:
            return (int(found["first"]) + 1) % 100 == int(found["second"])
        return "day" not in form.groupindex or _is_day(found["day"])
    return False


def day_of(period: str) -> date | None:
    """The day that a period names; None where it is longer than a day."""
    return date.fromisoformat(period) if _DAY.fullmatch(period) else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def span(first: str, last: str) -> str:
    """The period from one period to another, as written in a figure of change: `2008 to 2015`."""
    return f"{first}{SPAN}{last}"
