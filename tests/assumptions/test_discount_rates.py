"""Discount rates and optimism bias."""

import pytest

from parity.assumptions.discount_rates import Discounting, all_discount_rates, discount_rates
from parity.assumptions.optimism_bias import CAPITAL, DURATION, OPERATING, optimism_biases


@pytest.mark.parametrize("discounting", Discounting)
def test_rates_start_with_year_1_and_fall(discounting: Discounting) -> None:
    steps = discount_rates(discounting)
    assert [first for first, _ in steps] == [1, 31, 76, 126, 201, 301]
    assert list(steps) == sorted(steps, key=lambda step: -step[1])


def test_every_kind_of_discounting_has_a_column() -> None:
    assert all_discount_rates().columns == ["from_year", *(each.name.lower() for each in Discounting)]
    assert discount_rates()[:2] == ((1, 0.035), (31, 0.03))


@pytest.mark.parametrize("keys", [DURATION, CAPITAL, OPERATING])
def test_bounds_of_optimism(keys: tuple[str, ...]) -> None:
    found = optimism_biases(keys)
    assert [each.key for each in found] == list(keys)
    assert [each.key for each in found if each.low is None or each.value != each.high] == []
    assert [each.key for each in found if each.family != "optimism_bias"] == []
