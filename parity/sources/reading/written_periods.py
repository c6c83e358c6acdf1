"""Periods as publishers write them, in the one form of ours."""

import re
from collections.abc import Callable
from datetime import date

import polars as pl

from parity.terms.errors import SourceChanged
from parity.terms.periods import is_period, span

TWO_YEARS = re.compile(r"([0-9]{4})\s*[-/–]\s*(?:[0-9]{2})?([0-9]{2})")
QUARTER = re.compile(r"Q([1-4])\s+(.+)")
FIRST_MONTHS = {"1": 4, "2": 7, "3": 10, "4": 1}
DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


def each(column: pl.Series, written: Callable[[str], str]) -> pl.Series:
    """A column of texts, each written anew; a text that comes back in many rows is read once."""
    texts = column.drop_nulls().unique().to_list()
    return column.replace_strict({text: written(text) for text in texts}, return_dtype=pl.String)


def financial_year(text: str) -> str:
    """`2015/16` of 2015-16, 2015/16 or 2015/2016. Raises SourceChanged where the text is no two years in a row."""
    found = TWO_YEARS.fullmatch(text.strip())
    period = f"{found[1]}/{found[2]}" if found else ""
    if not is_period(period):
        raise SourceChanged(f"“{text}” is no financial year.")
    return period


def year_ending(text: str) -> str:
    """`2016/17` of 2017, the year in which a financial year ends."""
    return financial_year(f"{int(text) - 1}-{text}")


def quarter(text: str) -> str:
    """`2022-01 to 2022-03` of Q4 2021-22, a quarter of a financial year; Q1 begins in April."""
    found = QUARTER.fullmatch(text.strip())
    if not found:
        raise SourceChanged(f"“{text}” is no quarter of a financial year.")
    year = int(financial_year(found[2])[:4]) + (found[1] == "4")
    first = FIRST_MONTHS[found[1]]
    return months(date(year, first, 1), date(year, first + 2, 1))


def months(first: date, last: date) -> str:
    """`2024-04`, or `2024-02 to 2024-04`: the months from the first day to the last."""
    begins, ends = (f"{day.year}-{day.month:02d}" for day in (first, last))
    return begins if begins == ends else span(begins, ends)


def day(text: str) -> date:
    """The day that is written as 30/04/2024. Raises SourceChanged where there is none."""
    found = DAY.fullmatch(text.strip())
    try:
        return date(*(int(part) for part in reversed(found.groups()))) if found else date.fromisoformat(text[:10])
    except ValueError:
        raise SourceChanged(f"“{text}” is no day.") from None
