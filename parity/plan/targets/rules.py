"""When a target is due, read from the words in which its source prints the date."""

import re
from datetime import date, timedelta

from parity.methods.dates import MONTHS_OF_A_YEAR, add_months

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_FINANCIAL_YEAR_ENDS_AFTER = 3
_SHORTEST_NAME = 3
_DAY = re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Za-z]+) (?P<year>\d{4})")
_MONTH = re.compile(r"(?P<month>[A-Za-z]+) (?P<year>\d{4})")
_FINANCIAL_YEAR = re.compile(r"(?P<year>\d{4})/\d{1,2}")
_YEAR = re.compile(r"(?P<year>\d{4})")


def last_day(due: str) -> date | None:
    """The last day that meets a due date as printed; None where the words hold no date, or more than one.

    `31 March 2005` is that day, `April 2005` or `Apr 2005` the last of the month, `2003/4` 31 March 2004, and `2004`
    31 December 2004.
    """
    for form, end in ((_DAY, _of_day), (_MONTH, _of_month), (_FINANCIAL_YEAR, _of_financial_year), (_YEAR, _of_year)):
        found = form.fullmatch(due.strip())
        if found is not None:
            return end(found)
    return None


def _of_day(found: re.Match[str]) -> date | None:
    month = _month(found["month"])
    try:
        return date(int(found["year"]), month, int(found["day"])) if month else None
    except ValueError:
        return None


def _of_month(found: re.Match[str]) -> date | None:
    month = _month(found["month"])
    return _end(int(found["year"]), month) if month else None


def _of_financial_year(found: re.Match[str]) -> date:
    return _end(int(found["year"]) + 1, _FINANCIAL_YEAR_ENDS_AFTER)


def _of_year(found: re.Match[str]) -> date:
    return _end(int(found["year"]), MONTHS_OF_A_YEAR)


def _month(name: str) -> int:
    """The number of the month of that name, which may be cut short (`Sept`); 0 where there is none."""
    written = name.lower()
    found = (number for number, month in enumerate(_MONTHS, start=1) if month.startswith(written))
    return next(found, 0) if len(written) >= _SHORTEST_NAME else 0


def _end(year: int, month: int) -> date:
    """The last day of a month."""
    return add_months(date(year, month, 1), 1) - timedelta(days=1)
