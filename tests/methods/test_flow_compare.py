"""Scenarios beside each other, against sums that are made month by month and draw by draw."""

from math import isnan, nan
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.chance import Chance
from parity.methods.flow_case import Account, case_of
from parity.methods.flow_compare import (
    NEVER_BACK,
    NEVER_OWED,
    by_span,
    paybacks,
    savings,
    years_of,
)
from parity.methods.flow_outcome import Outcome, outcome_of
from parity.methods.flow_parameters import Parameter, as_stated, by_chance
from parity.methods.flow_scenario import Levers, levers_of
from tests.methods.flow_told import PLAN, at_random, change, number, told_by

RATE = 0.035
RATES = [(1, RATE)]
CHANCE = Chance(25, 5)
YEAR = 12

TOLD = told_by(
    ("home", "house"),
    [
        number(Parameter.PEOPLE, "home", 60),
        number(Parameter.COST, "home", 300, lower=250, upper=360),
        number(Parameter.COST, "house", 180),
        number(Parameter.PLACES, "house", 10),
        number(Parameter.INFLATION, "", 0.04),
        number(Parameter.INCOME, "house", 10),
    ],
    changes=[
        change(Parameter.MOVES, "home", 12, to="house"),
        change(Parameter.ONCE, "home", 20_000, scenario=PLAN),
    ],
    months=30,
)


def both(told=TOLD, drawing=None) -> tuple[Outcome, Outcome]:
    drawing = drawing or by_chance(CHANCE)
    case = case_of(told, drawing)
    levers = levers_of(told, case, scenario=PLAN, drawing=drawing)
    return outcome_of(case, Levers()), outcome_of(case, levers)


def plain_payback(saved: list[float]) -> float:
    """Months until the running sum is back at 0, told as one would count."""
    total, was_below = 0.0, False
    for month, each in enumerate(saved):
        before, total = total, total + each
        if was_below and total >= 0:
            return month + -before / each
        was_below = was_below or total < 0
    return nan if was_below else 0.0


def check_row(row: dict, numbers: list[float]) -> None:
    """A row of bands is the value as stated, the mean and the quantiles of the other columns."""
    stated, *draws = numbers if len(numbers) > 1 else numbers * 2
    found = [row[name] for name in ("value", "mean", "lower_95", "upper_95", "lower_80", "upper_80")]
    ends = np.quantile(draws, [0.025, 0.975, 0.1, 0.9]).tolist()
    assert found == pytest.approx([stated, sum(draws) / len(draws), *ends], rel=1e-9, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_savings_are_sums_of_differences(seed: int) -> None:
    told = at_random(Random(seed), months=15)
    base, then = both(told)
    rows = savings(base, {PLAN: then}, periods=told.periods, rates=RATES).rows(named=True)
    columns = np.broadcast_to(base.net - then.net, (15, max(base.net.shape[1], then.net.shape[1]))).T.tolist()
    prices = np.broadcast_to(base.case.prices, (15, len(columns))).T.tolist()
    for month in range(15):
        check_row(rows[month], [column[month] for column in columns])
        check_row(rows[15 + month], [sum(column[: month + 1]) for column in columns])
    check_row(rows[30], [sum(column[:YEAR]) for column in columns])
    check_row(rows[31], [sum(column[YEAR:]) for column in columns])
    check_row(rows[32], [sum(column) for column in columns])
    real = [[each / price for each, price in zip(*pair, strict=True)] for pair in zip(columns, prices, strict=True)]
    check_row(rows[33], [sum(column[:YEAR]) + sum(column[YEAR:]) / (1 + RATE) for column in real])
    spans = ["month", *["so far"] * 15, "year", "year", "in all", "present value"]
    assert [row["span"] for row in rows[14:]] == spans
    (row,) = paybacks(base, {PLAN: then}, periods=told.periods).rows(named=True)
    months = [plain_payback(column) for column in columns]
    draws = months[1:] or months
    assert row["chance"] == pytest.approx(sum(not isnan(each) for each in draws) / len(draws))
    assert row["value"] == (None if isnan(months[0]) else pytest.approx(months[0], abs=1e-6))


def test_payback_tells_the_month_and_the_chance() -> None:
    base, then = both()
    table = paybacks(base, {"plan": then, "the same": base, "worse": outcome_with(base, 5.0)}, periods=TOLD.periods)
    plan, same, worse = table.rows(named=True)
    months = sorted(plain_payback(column) for column in (base.net - then.net).T[1:].tolist())
    assert plan["value"] == pytest.approx(plain_payback((base.net - then.net)[:, 0].tolist()))
    assert plan["period"] == TOLD.periods[int(plan["value"])]
    assert [plan[name] for name in ("lower_95", "upper_95", "lower_80", "upper_80")] == [
        months[0],
        months[-1],
        months[2],
        months[22],
    ]
    assert (plan["chance"], plan["missing"]) == (1, None)
    assert (same["value"], same["period"], same["chance"], same["missing"]) == (0, None, 1, NEVER_OWED)
    assert (worse["value"], worse["lower_80"], worse["chance"], worse["missing"]) == (None, None, 0, NEVER_BACK)


def outcome_with(outcome: Outcome, more: float) -> Outcome:
    """The same, but for so many pounds more each month."""
    accounts = {**outcome.accounts, Account.COST: outcome.accounts[Account.COST] + more}
    return Outcome(outcome.case, outcome.months, outcome.run, accounts)


def test_nothing_drawn_leaves_bands_without_width() -> None:
    base, then = both(drawing=as_stated)
    table = savings(base, {PLAN: then}, periods=TOLD.periods, rates=RATES)
    assert table.filter(pl.col("lower_95") != pl.col("value")).is_empty()
    (row,) = paybacks(base, {PLAN: then}, periods=TOLD.periods).rows(named=True)
    assert row["lower_95"] == row["value"] == row["upper_80"]


def test_years_are_of_twelve_months() -> None:
    assert years_of(TOLD.periods) == ["2026-04 to 2027-03", "2027-04 to 2028-03", "2028-04 to 2028-09"]
    assert years_of([]) == []


def test_flows_are_summed_by_span() -> None:
    table = by_span(np.arange(14.0)[:, None], periods=TOLD.periods[:14], item="x")
    assert table.filter(~pl.col("span").is_in(["month", "so far"])).select(
        "item", "span", "period", "value"
    ).rows() == [
        ("x", "year", "2026-04 to 2027-03", 66),
        ("x", "year", "2027-04 to 2027-05", 25),
        ("x", "in all", "2026-04 to 2027-05", 91),
    ]
    assert table.filter(span="so far")["value"].to_list() == [month * (month + 1) / 2 for month in range(14)]
