from pathlib import Path

import pytest

from parity.documents.model import Chart, Heading, Paragraph, Table
from parity.plan.budget.documents import chapter
from parity.plan.budget.indicators import (
    AS_PRINTED,
    IN_CASH,
    TOTAL_UNKNOWN,
    budget_amount,
    budget_change,
    budget_controllable,
    budget_gross,
    budget_share,
    budget_total,
    budget_total_change,
    employee_cost_per_wte,
    externally_funded_share,
    income_recovery,
    staffing_change,
    staffing_total,
    staffing_wte,
)
from tests.stages.analyse.frames import desk, rows, table

UNKNOWN = "An expense or the income of this line is not known."
BEFORE = ({"line": "Homes", "amount_gbp": 100.0}, {"line": "Care", "amount_gbp": 0.0})
NOW = (
    {"line": "Homes", "heading": "contracts", "amount_gbp": 150.0},
    {"line": "Homes", "heading": "employee", "amount_gbp": 10.0},
    {"line": "Homes", "heading": "external_income", "amount_gbp": -40.0},
    {"line": "Care", "heading": "contracts", "amount_gbp": 0.0},
    {"line": "Care", "heading": "employee", "amount_gbp": 40.0},
    {"line": "Care", "heading": "external_income", "amount_gbp": 0.0},
)
BUDGET = table(
    "budget",
    *({**row, "period": "2008/09", "heading": "controllable"} for row in BEFORE),
    *({**row, "period": "2009/10"} for row in NOW),
    area="K",
)
GAP = table("budget", *NOW[:3], NOW[3], NOW[5], area="K", period="2009/10")
STAFF = table(
    "staffing",
    {"period": "2008/09", "grade": "High", "wte": 4, "funding": "own"},
    {"period": "2009/10", "grade": "High", "wte": 3, "funding": "own"},
    {"period": "2009/10", "grade": "Low", "wte": 2, "funding": "external"},
    {"period": "2009/10", "grade": "All", "wte": 0.5, "funding": "of which external"},
    area="K",
)


def test_headings_make_gross_and_controllable() -> None:
    assert rows(budget_amount(BUDGET), "line", "heading", "value")[2] == ("Homes", "contracts", 150)
    assert rows(budget_gross(BUDGET), "period", "line", "value", "missing") == [
        ("2009/10", "Homes", 160, None),
        ("2009/10", "Care", 40, None),
    ]
    assert rows(budget_controllable(BUDGET), "period", "line", "value", "note") == [
        ("2008/09", "Homes", 100, AS_PRINTED),
        ("2008/09", "Care", 0, AS_PRINTED),
        ("2009/10", "Homes", 120, None),
        ("2009/10", "Care", 40, None),
    ]


def test_a_line_that_lacks_a_heading_has_no_sum() -> None:
    assert rows(budget_gross(GAP), "line", "value", "missing") == [("Homes", 160, None), ("Care", None, UNKNOWN)]
    assert rows(budget_share(GAP), "value", "missing") == [(None, TOTAL_UNKNOWN)] * 2
    assert rows(income_recovery(GAP), "value", "missing") == [(None, "The income of a line is not known.")]


def test_a_budget_without_income_is_as_controllable_as_it_is_gross() -> None:
    assert rows(budget_controllable(BUDGET.filter(BUDGET["heading"] == "employee")), "line", "value") == [
        ("Homes", 10),
        ("Care", 40),
    ]


def test_totals_are_over_all_lines() -> None:
    assert rows(budget_total(BUDGET), "period", "heading", "value", "basis") == [
        ("2009/10", "contracts", 150, "budget"),
        ("2009/10", "employee", 50, "budget"),
        ("2009/10", "external_income", -40, "budget"),
        ("2009/10", "gross", 200, "gross"),
        ("2008/09", "controllable", 100, "net of income"),
        ("2009/10", "controllable", 160, "net of income"),
    ]
    assert rows(budget_share(BUDGET), "line", "value") == [("Homes", 0.8), ("Care", 0.2)]
    assert rows(income_recovery(BUDGET), "value") == [(0.2,)]


def test_change_is_from_one_year_to_the_next() -> None:
    zero = "The amount of the year before is zero, so nothing can be divided by it."
    assert rows(budget_change(BUDGET), "line", "period", "value", "missing", "note") == [
        ("Homes", "2008/09 to 2009/10", 0.2, None, IN_CASH),
        ("Care", "2008/09 to 2009/10", None, zero, IN_CASH),
    ]
    assert rows(budget_total_change(BUDGET), "period", "value") == [("2008/09 to 2009/10", 0.6)]


def test_a_change_in_stated_prices_needs_no_warning() -> None:
    priced = BUDGET.with_columns(price_year=BUDGET["line"].replace({"Homes": "2009/10", "Care": "2009/10"}))
    assert rows(budget_total_change(priced), "note") == [(None,)]


def test_staff_counted_within_others_are_not_added_again() -> None:
    assert rows(staffing_wte(STAFF), "grade", "funding", "value")[3] == ("All", "of which external", 0.5)
    assert rows(staffing_total(STAFF), "period", "value") == [("2008/09", 4), ("2009/10", 5)]
    assert rows(staffing_change(STAFF), "period", "value", "missing") == [("2008/09 to 2009/10", 1, None)]
    assert rows(externally_funded_share(STAFF), "period", "value", "missing") == [
        ("2008/09", None, "The number of externally funded posts is not known."),
        ("2009/10", 0.5, None),
    ]


def test_employee_cost_needs_staff() -> None:
    assert rows(employee_cost_per_wte(BUDGET, STAFF), "period", "value") == [("2009/10", 10)]
    nobody = STAFF.with_columns(wte=STAFF["wte"] * 0)
    zero = "The staff is zero, so nothing can be divided by it."
    assert rows(employee_cost_per_wte(BUDGET, nobody), "value", "missing") == [(None, zero)]


def test_no_lines_give_no_figure() -> None:
    empty = BUDGET.clear()
    figures = (budget_gross, budget_controllable, budget_total, budget_change, budget_share, income_recovery)
    assert [figure(empty).height for figure in figures] == [0] * len(figures)
    assert staffing_change(STAFF.clear()).height == 0


@pytest.mark.usefixtures("db")
def test_the_chapter_shows_both_years_and_the_staff(home: Path) -> None:
    blocks = chapter(desk(home, budget=BUDGET, staffing=STAFF))
    assert [type(block) for block in blocks] == [
        *(Heading, Table),
        *(Heading, Paragraph, Chart, Table, Table),
        *(Heading, Table, Table),
    ]
    tables = {block.slug: block for block in blocks if isinstance(block, Table)}
    assert [row[0] for row in tables["budget-1"].rows] == ["Homes", "Care", "All lines"]
    assert [column.title for column in tables["budget-headings-2"].columns] == [
        *("Line", "Employees", "Contracts", "External income"),
    ]


@pytest.mark.usefixtures("db")
def test_the_chapter_shows_no_change_where_there_is_one_year(home: Path) -> None:
    blocks = chapter(desk(home, budget=BUDGET.filter(BUDGET["period"] == "2009/10")))
    results = blocks[-1]
    assert isinstance(results, Table)
    assert [row[-1] for row in results.rows] == ["–", "–", "–"]


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    absent = "The programme has no table “budget”, which would hold its lines by heading."
    assert chapter(desk(home)) == [Paragraph((absent,))]
