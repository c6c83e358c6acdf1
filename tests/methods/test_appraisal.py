"""Appraisal over time, against loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.assumptions.discount_rates import Discounting, discount_rates
from parity.assumptions.optimism_bias import CAPITAL, optimism_biases
from parity.methods.appraisal import (
    NEVER,
    NO_COST,
    SELDOM,
    Appraisal,
    appraisal_table,
    appraise,
    appraise_months,
    by_year,
    discount_factors,
    payback,
    payback_for_good,
    payback_of_months,
    present_value,
    switching_values,
    with_optimism_bias,
    yearly_equivalent,
)
from parity.methods.flow import Numbers
from parity.terms.errors import WrongState

RATES = [(1, 0.035), (3, 0.03), (4, 0.0)]
FLOWS = st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), min_size=1, max_size=30)


def columns(rows: list[list[int]]) -> Numbers:
    return np.array(rows, float)


def factor(year: int, rates: list[tuple[int, float]]) -> float:
    found = 1.0
    for each in range(1, year + 1):
        found /= 1 + [rate for first, rate in rates if first <= each][-1]
    return found


def paid_back(net: list[float], *, is_at_once: bool) -> float:
    """Period by period: with `is_at_once` a flow falls within its period, else before it."""
    total, owed = 0.0, False
    for period, flow in enumerate(net):
        if owed and total + flow >= 0:
            return period + (0 if is_at_once else -1) - total / flow
        total += flow
        owed = owed or total < 0
    return float("nan") if owed else 0.0


@pytest.mark.parametrize(
    ("discounting", "year", "expected"),
    [
        (Discounting.STANDARD, 40, 0.265105),
        (Discounting.STANDARD, 76, 0.091916),
        (Discounting.HEALTH, 30, 0.639762),
        (Discounting.HEALTH, 31, 0.631615),
        (Discounting.LONG_LIFE, 30, 1.03**-30),
        (Discounting.LONG_LIFE, 31, 1.03**-30 / 1.0257),
    ],
)
def test_factors_at_the_declared_rates(discounting: Discounting, year: int, expected: float) -> None:
    factors = discount_factors(year + 1, rates=discount_rates(discounting))
    assert factors[year] == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 8))
def test_factors_against_a_loop(years: int) -> None:
    found = discount_factors(years, rates=RATES)
    assert found.tolist() == pytest.approx([factor(year, RATES) for year in range(years)])


@pytest.mark.parametrize("rates", [[], [(0, 0.03)], [(2, 0.03)], [(1, 0.03), (1, 0.02)], [(1, 0.03), (9, 0), (5, 0)]])
def test_rates_that_do_not_follow_each_other(rates: list[tuple[int, float]]) -> None:
    with pytest.raises(WrongState, match="year 1"):
        discount_factors(3, rates=rates)


@given(FLOWS)
def test_present_values_of_draws_against_a_loop(rows: list[list[int]]) -> None:
    flows = columns(rows)
    found = present_value(flows, factors=discount_factors(30, rates=RATES))
    wanted = [sum(row[draw] * factor(year, RATES) for year, row in enumerate(rows)) for draw in range(2)]
    assert found.tolist() == pytest.approx(wanted)


def test_too_few_factors() -> None:
    with pytest.raises(WrongState, match="more years"):
        present_value(np.ones((3, 1)), factors=np.ones(2))


@given(FLOWS)
def test_years_of_months_against_a_loop(rows: list[list[int]]) -> None:
    wanted = [[sum(row[draw] for row in rows[at : at + 12]) for draw in range(2)] for at in range(0, len(rows), 12)]
    assert by_year(columns(rows)).tolist() == wanted


def test_no_month_is_no_year() -> None:
    assert by_year(np.zeros((0, 2))).shape == (0, 2)


@given(FLOWS)
def test_payback_against_a_loop(rows: list[list[int]]) -> None:
    net = columns(rows)
    for draw in range(2):
        years, months = (paid_back(net[:, draw].tolist(), is_at_once=is_at_once) for is_at_once in (False, True))
        assert payback(net)[draw] == pytest.approx(years, nan_ok=True)
        assert payback_of_months(net)[draw] == pytest.approx(months, nan_ok=True)


@given(FLOWS)
def test_payback_for_good_against_a_loop(rows: list[list[int]]) -> None:
    net = columns(rows)
    for draw, found in enumerate(payback_for_good(net)):
        month = len(rows)
        while month and net[:month, draw].sum() >= 0:
            month -= 1
        if month == len(rows):
            assert np.isnan(found)
        elif not month:
            assert found == 0
        else:
            assert found == pytest.approx(month - net[:month, draw].sum() / net[month, draw])
    once = (np.diff(np.cumsum(net, axis=0) < 0, axis=0, prepend=False) == 1).sum(axis=0) <= 2
    assert payback_for_good(net)[once] == pytest.approx(payback_of_months(net)[once], nan_ok=True)


def test_payback_of_no_period_and_of_what_is_owed_later_again() -> None:
    assert payback(np.zeros((0, 2))).tolist() == [0, 0]
    assert payback(np.array([[0.0], [-4.0], [4.0], [-1.0]])).tolist() == [2]
    assert np.isnan(payback(np.array([[9.0], [-10.0]]))).tolist() == [True]


@given(st.floats(-1e6, 1e6), st.integers(1, 40), st.sampled_from([0, 0.015, 0.035]))
def test_equal_amounts_are_worth_the_same(value: float, years: int, rate: float) -> None:
    found = yearly_equivalent(np.array([value]), years=years, rate=rate)
    worth = sum(float(found[0]) / (1 + rate) ** year for year in range(1, years + 1))
    assert worth == pytest.approx(value, abs=1e-6)


@given(st.integers(1, 60))
def test_a_part_of_a_year_counts_as_a_part(months: int) -> None:
    equal = [yearly_equivalent(np.ones(1), years=each / 12, rate=0.035)[0] for each in (months, months + 1)]
    assert equal[0] > equal[1]
    undiscounted = yearly_equivalent(np.array([90.0]), years=months / 12, rate=0)
    assert undiscounted[0] == pytest.approx(90 * 12 / months)


def test_equal_amounts_of_no_year() -> None:
    with pytest.raises(WrongState, match="at least a part of one"):
        yearly_equivalent(np.ones(1), years=0, rate=0.035)


def test_optimism_bias_at_every_bound() -> None:
    cost = np.array([[100.0], [50.0]])
    for kind in optimism_biases():
        assert kind.low is not None
        assert kind.high is not None
        bounds = {"lower": kind.low, "upper": kind.high}
        assert with_optimism_bias(cost, **bounds, mitigation=0).tolist() == (cost * (1 + kind.high)).tolist()
        assert with_optimism_bias(cost, **bounds, mitigation=1).tolist() == (cost * (1 + kind.low)).tolist()
    assert len(optimism_biases()) == len(CAPITAL)


@pytest.mark.parametrize("mitigation", [-0.1, 1.1])
def test_causes_under_control_are_a_share(mitigation: float) -> None:
    with pytest.raises(WrongState, match="share"):
        with_optimism_bias(np.ones(1), lower=0.1, upper=0.2, mitigation=mitigation)


@settings(deadline=None)
@given(FLOWS, FLOWS)
def test_an_appraisal_adds_up(gains: list[list[int]], spending: list[list[int]]) -> None:
    years = min(len(gains), len(spending))
    benefits, costs = np.abs(columns(gains[:years])), np.abs(columns(spending[:years])[:, :1])
    found = appraise(benefits, costs, rates=RATES)
    factors = [factor(year, RATES) for year in range(years)]
    assert found.net.tolist() == pytest.approx(
        [sum(f * (b - c[0]) for f, b, c in zip(factors, benefits[:, draw], costs, strict=True)) for draw in range(2)]
    )
    assert (found.costs.shape, found.payback.shape) == ((2,), (2,))
    fall, rise = switching_values(found)
    for draw in range(2):
        if found.benefits[draw]:
            assert found.benefits[draw] * (1 - fall[draw]) == pytest.approx(found.costs[draw])
        if found.costs[draw]:
            assert found.ratio[draw] == pytest.approx(1 + rise[draw])


def test_an_appraisal_of_months_is_that_of_their_years_but_for_what_is_told_by_year() -> None:
    months = np.linspace(0, 5, 30)[:, None]
    costs = np.where(np.arange(30) < 6, 4.0, 0)[:, None]
    found = appraise_months(months, costs, rates=RATES)
    yearly = appraise(by_year(months), by_year(costs), rates=RATES)
    assert (found.net.tolist(), found.ratio.tolist()) == (yearly.net.tolist(), yearly.ratio.tolist())
    assert found.a_year == pytest.approx(yearly_equivalent(found.net, years=2.5, rate=RATES[0][1]))
    assert found.payback.tolist() == (payback_of_months(months - costs) / 12).tolist()


def test_unlike_years() -> None:
    with pytest.raises(WrongState, match="same years"):
        appraise(np.ones((2, 1)), np.ones((3, 1)), rates=RATES)


def test_a_table_says_what_is_missing() -> None:
    benefits = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, 4.0]])
    seldom = appraise(benefits, np.array([[2.0], [0.0]]), rates=[(1, 0.0)])
    assert appraisal_table(seldom, level=0.5).filter(measure="payback").row(0)[1:] == (None, 1, 0.5, None, SELDOM)
    never = appraise(benefits, np.array([[5.0], [0.0]]), rates=[(1, 0.0)])
    assert appraisal_table(never, level=0.5).filter(measure="payback").row(0)[1:] == (None, None, None, None, NEVER)
    free = appraise(benefits, np.zeros((2, 1)), rates=[(1, 0.0)])
    assert appraisal_table(free, level=0.5).filter(measure="ratio").row(0)[1:] == (None, None, None, None, NO_COST)


def test_a_table_of_no_draws() -> None:
    nothing = Appraisal(*[np.zeros(0)] * 6)
    with pytest.raises(WrongState, match="no draws"):
        appraisal_table(nothing, level=0.95)
