import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.documents.number_forms import axis_label, says_more_than_a_sign, sheet_format, sheet_value, shown_value
from parity.terms.units import Unit


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [(Unit.SHARE, 0.932, 93.2), (Unit.POINTS, 0.034, 3.4), (Unit.GBP, 12.5, 12.5), (Unit.PEOPLE, 3, 3.0)],
)
def test_shown_value(unit: Unit, value: float, expected: float):
    assert shown_value(unit, value) == expected


@given(st.sampled_from(Unit), st.floats(-1e9, 1e9, allow_nan=False))
def test_shown_value_is_what_the_unit_writes(unit: Unit, value: float):
    shown = f"{abs(shown_value(unit, value)):.12f}"
    assert Unit.NUMBER.write(float(shown), places=0, bare=True) == unit.write(value, places=0, bare=True).lstrip("−")


def test_shares_stay_shares_in_a_sheet_and_points_do_not():
    assert sheet_value(Unit.SHARE, 0.932) == 0.932
    assert sheet_value(Unit.POINTS, 0.034) == 3.4


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit.PEOPLE, '#,##0;"−"#,##0'),
        (Unit.SHARE, '#,##0.0%;"−"#,##0.0%'),
        (Unit.POINTS, '#,##0.0" points";"−"#,##0.0" points"'),
        (Unit.GBP, '"£"#,##0;"−""£"#,##0'),
    ],
)
def test_sheet_format(unit: Unit, expected: str):
    assert sheet_format(unit) == expected


def test_axis_labels_carry_only_signs():
    assert axis_label(Unit.SHARE) == "replace('' + datum.label, /(.*)−/, '−$1') + '%'"
    assert axis_label(Unit.GBP) == "replace('£' + datum.label, /(.*)−/, '−$1') + ''"
    assert axis_label(Unit.RATE_PER_1K) == "replace('' + datum.label, /(.*)−/, '−$1') + ''"


def test_which_units_are_written_in_words():
    assert [says_more_than_a_sign(unit) for unit in (Unit.SHARE, Unit.GBP, Unit.WTE)] == [False, False, True]
