"""Numbers as text: the one place where they are written."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.terms.units import Unit, write_number


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (Unit.PEOPLE, 1234567, "1,234,567"),
        (Unit.PEOPLE, 0.5, "1"),
        (Unit.PEOPLE, 2.5, "3"),
        (Unit.PEOPLE, -2.5, "−3"),
        (Unit.PEOPLE, -0.4, "0"),
        (Unit.COUNT, 999.5, "1,000"),
        (Unit.SHARE, 0.0005, "0.1%"),
        (Unit.SHARE, 0.10049999, "10.0%"),
        (Unit.SHARE, 1.005, "100.5%"),
        (Unit.CHANGE, -0.0725, "−7.3%"),
        (Unit.POINTS, 0.115, "11.5 points"),
        (Unit.RATE_PER_1K, 4.85, "4.9 per 1,000"),
        (Unit.RATE_PER_10K, 40.85, "40.9 per 10,000"),
        (Unit.RATE_PER_100K, 2176.25, "2,176.3 per 100,000"),
        (Unit.RATE_PER_100K_WEIGHTED, 119.065816, "119.07 per 100,000 weighted"),
        (Unit.GBP, -91000, "−£91,000"),
        (Unit.GBP_EXACT, 1234.565, "£1,234.57"),
        (Unit.GBP_PER_HEAD, 58.075, "£58.08 a head"),
        (Unit.GBP_PER_WEEK, 339.9, "£339.90 a week"),
        (Unit.WTE, 2.675, "2.68 WTE"),
        (Unit.PLACES, 75.95, "76.0 places"),
        (Unit.INDEX, 105.85, "105.9"),
        (Unit.RATIO, 1.005, "1.01"),
        (Unit.SCORE, 79.6444, "79.644"),
        (Unit.Z, -1.965, "−1.97"),
        (Unit.RANK, 3, "3"),
        (Unit.YEARS, 1.954, "2.0 years"),
        (Unit.DAYS, 28, "28 days"),
        (Unit.NUMBER, 24.5, "24.50"),
    ],
)
def test_every_unit_is_rounded_half_up_and_named(unit: Unit, value: float, text: str) -> None:
    assert unit.write(value) == text


def test_no_unit_is_left_untested() -> None:
    (marker,) = [mark for mark in test_every_unit_is_rounded_half_up_and_named.pytestmark if mark.name == "parametrize"]
    assert {row[0] for row in marker.args[1]} == set(Unit)


def test_bare_leaves_the_unit_to_the_heading() -> None:
    assert [unit.write(-1234.5, bare=True) for unit in (Unit.GBP, Unit.SHARE, Unit.DAYS)] == [
        "−1,235",
        "−123,450.0",
        "−1,235",
    ]


def test_places_may_be_chosen() -> None:
    assert (Unit.SHARE.write(0.12345, places=3), Unit.GBP.write(10.5, places=0)) == ("12.345%", "£11")


def test_a_range_names_its_unit_once() -> None:
    assert (Unit.SHARE.write_range(0.05, 0.061), Unit.GBP.write_range(1000, 2000)) == (
        "5.0 to 6.1%",
        "£1,000 to £2,000",
    )


def test_every_unit_has_words_of_its_own() -> None:
    assert len({unit.label for unit in Unit}) == len(Unit)


@given(st.sampled_from(list(Unit)), st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_decimals_are_rounded_as_they_are_printed_not_as_floats_store_them(unit: Unit, digits: int, point: int) -> None:
    """The slow twin: the same digits as a whole number, shifted by hand."""
    printed = Decimal(digits).scaleb(-point)
    shown = printed * unit.value.scale
    expected = abs(shown).quantize(Decimal(1).scaleb(-unit.value.places), rounding=ROUND_HALF_UP)
    written = unit.write(float(printed), bare=True)
    assert Decimal(written.replace(",", "").replace("−", "-")) == expected.copy_sign(shown)
    assert ("−" in written) == (shown < 0 and expected != 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0005, "0.0005"),
        (24552.80000001, "24,552.8"),
        (1234567.89, "1,234,568"),
        (-100000, "−100,000"),
        (46.666666666, "46.6667"),
        (100, "100"),
        (1e-9, "0.000000001"),
    ],
)
def test_a_number_of_no_one_unit_keeps_its_whole_digits(value: float, text: str) -> None:
    assert write_number(value) == text


@pytest.mark.parametrize("value", [1.7976931348623157e308, -1e300, 1e29, 5e-324])
def test_every_number_that_a_computer_holds_can_be_written(value: float) -> None:
    written = Unit.GBP_EXACT.write(value, bare=True).replace(",", "").replace("−", "-")
    assert float(written) == round(value, 2)
    assert float(write_number(value).replace(",", "").replace("−", "-")) == pytest.approx(value, rel=1e-5)
