"""Move-on: the flow of people and what it saves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.move_on import MoveOn, plan_move_on
from parity.terms.errors import WrongState


def test_nobody_moves() -> None:
    plan = plan_move_on(0, staying=0, others=0, yearly_shares=[], weekly_difference=100, weeks=52)
    assert plan == MoveOn(0, 0, 0, 0, ())


@pytest.mark.parametrize(
    ("numbers", "shares"), [((10, 11, 0), [1]), ((10, -1, 0), [1]), ((10, 5, -1), [1]), ((10, 5, 0), [0.5, 0.4])]
)
def test_what_cannot_be_planned_is_refused(numbers: tuple[int, int, int], shares: list[float]) -> None:
    residents, staying, others = numbers
    with pytest.raises(WrongState):
        plan_move_on(residents, staying=staying, others=others, yearly_shares=shares, weekly_difference=1, weeks=52)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 300), st.integers(0, 300), st.lists(st.integers(1, 9), max_size=5), st.floats(-100, 500))
def test_year_by_year(staying: int, out: int, parts: list[int], difference: float) -> None:
    shares = [part / sum(parts) for part in parts]
    plan = plan_move_on(
        staying + out, staying=staying, others=3, yearly_shares=shares, weekly_difference=difference, weeks=52
    )
    left, wanted = float(staying + out), []
    for share in shares:
        left -= out * share
        wanted.append((left, (staying + out - left) * difference * 52))
    assert [year.number for year in plan.years] == list(range(1, len(shares) + 1))
    assert [(year.staying, year.saving) for year in plan.years] == [
        pytest.approx(pair, rel=1e-9, abs=1e-6) for pair in wanted
    ]
    assert (plan.out, plan.assisted, plan.yearly_saving) == (out, out + 3, pytest.approx(out * difference * 52))
