"""Periods as publishers write them become ours, or are refused."""

from datetime import date

import polars as pl
import pytest

from parity.sources.reading.written_periods import day, each, financial_year, months, quarter, year_ending
from parity.terms.errors import SourceChanged
from parity.terms.periods import is_period


@pytest.mark.parametrize("text", ["2015-16", "2015/16", "2015/2016", " 2015 - 2016 ", "2015–16"])
def test_a_financial_year(text: str) -> None:
    assert financial_year(text) == "2015/16"


@pytest.mark.parametrize("text", ["2015", "2015-17", "2015/2017", "15/16", ""])
def test_what_is_no_financial_year(text: str) -> None:
    with pytest.raises(SourceChanged, match=f"“{text}” is no financial year"):
        financial_year(text)


def test_a_year_that_ends() -> None:
    assert (year_ending("2017"), year_ending("2000")) == ("2016/17", "1999/00")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Q1 2019/20", "2019-04 to 2019-06"),
        ("Q2 2019/20", "2019-07 to 2019-09"),
        ("Q3 2019-20", "2019-10 to 2019-12"),
        ("Q4 2019-20", "2020-01 to 2020-03"),
    ],
)
def test_a_quarter_is_three_months(text: str, period: str) -> None:
    assert (quarter(text), is_period(period)) == (period, True)


@pytest.mark.parametrize("text", ["Q5 2019/20", "2019/20", "Q1"])
def test_what_is_no_quarter(text: str) -> None:
    with pytest.raises(SourceChanged, match="is no quarter of a financial year"):
        quarter(text)


def test_months() -> None:
    assert months(date(2024, 2, 1), date(2024, 4, 30)) == "2024-02 to 2024-04"
    assert months(date(2024, 4, 1), date(2024, 4, 30)) == "2024-04"


@pytest.mark.parametrize("text", ["30/04/2024", "2024-04-30", "2024-04-30 00:00:00"])
def test_a_day(text: str) -> None:
    assert day(text) == date(2024, 4, 30)


@pytest.mark.parametrize("text", ["31/04/2024", "2024-04-31", "May", ""])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(SourceChanged, match=f"“{text}” is no day"):
        day(text)


def test_each_text_of_a_column_is_written_anew() -> None:
    column = pl.Series(["2015-16", None, "2015-16", "2016-17"])
    assert each(column, financial_year).to_list() == ["2015/16", None, "2015/16", "2016/17"]
    assert each(pl.Series([], dtype=pl.String), financial_year).to_list() == []
