"""Periods of time as strings."""

from datetime import date

import pytest

from parity.terms.periods import day_of, is_period, span


@pytest.mark.parametrize(
    "text",
    [
        "2008", "2025/26", "1999/00", "2000/01", "2026-01", "2026-12", "2013-Q1", "2013-Q4", "2016-01-31", "2016-02-29",
        "2008 to 2015", "2010-08 to 2010-09", "2009/10 to 2011/12",
    ],
)  # fmt: skip
def test_these_are_periods(text: str) -> None:
    assert is_period(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "", "208", "20088", " 2008", "2008 ", "2025/27", "2025/25", "2025/2026", "1999/01", "2026-00", "2026-13",
        "2026-1", "2013-Q0", "2013-Q5", "2013Q1", "2015-02-29", "2016-02-30", "2016-04-31", "2016-01-32", "31/01/2016",
        "2008 to", " to 2015", "2008 to 2010 to 2012", "2008 to yesterday", "2008-2015", "April 2004", "٢٠٠٨",
    ],
)  # fmt: skip
def test_these_are_not(text: str) -> None:
    assert is_period(text) is False


def test_a_span_is_a_period_again() -> None:
    assert span("2008", "2015") == "2008 to 2015"
    assert is_period(span("2009/10", "2010/11"))


def test_only_a_day_is_a_day() -> None:
    found = [day_of(period) for period in ("2026-01-31", "2026-01", "2026", "2026-01-31 to 2026-02-01")]
    assert found == [date(2026, 1, 31), None, None, None]
