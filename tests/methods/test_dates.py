"""Dates: months and ends, against a walk along the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.dates import add_months, contract_ends

DAY = st.dates(date(1995, 1, 1), date(2060, 12, 31))


def walked(day: date, months: int) -> date:
    """Step to the first of each next month, then on to the same day as far as the month goes."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(days=31)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


@pytest.mark.parametrize(("months", "extension"), [(0, 0), (-1, 0), (12, -1)])
def test_a_contract_has_a_term(months: int, extension: int) -> None:
    with pytest.raises(ValueError, match="at least one month"):
        contract_ends(date(2025, 4, 1), months=months, extension_months=extension)


def test_months_back() -> None:
    assert add_months(date(2025, 3, 31), -1) == date(2025, 2, 28)


@settings(deadline=None, max_examples=100)
@given(DAY, st.integers(1, 60), st.integers(0, 60))
def test_against_the_calendar(day: date, months: int, extension: int) -> None:
    ends = contract_ends(day, months=months, extension_months=extension)
    assert add_months(day, months) == walked(day, months)
    assert ends.initial + timedelta(days=1) == walked(day, months)
    assert ends.extended + timedelta(days=1) == walked(day, months + extension)
