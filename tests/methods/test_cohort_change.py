"""Cohort change: what three years did to each cohort, carried on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.age_bands import AGES
from parity.methods.cohort_change import Change, cohort_change, projected
from parity.terms.errors import WrongState


def test_a_steady_record_goes_on() -> None:
    record = np.full((2, 5, 2, AGES), 100.0)
    record[:, :, :, 90] = 150
    change = cohort_change(record, last=4)
    assert (change.younger.min(), change.younger.max()) == (1, 1)
    assert change.oldest == pytest.approx(np.full((2, 2), 150 / 250))
    *_, after = projected(record[:, 4], change, years=6)
    assert after == pytest.approx(record[:, 4])


def test_too_short_a_record_is_refused() -> None:
    with pytest.raises(WrongState, match="three years"):
        cohort_change(np.ones((1, 4, 2, AGES)), last=2)


def test_an_empty_cohort_counts_as_one() -> None:
    record = np.zeros((1, 4, 2, AGES))
    change = cohort_change(record, last=3)
    assert (change.younger.max(), change.oldest.max(), change.newborn.max()) == (0, 0, 0)


def test_no_years_and_no_areas() -> None:
    change = Change(np.ones((0, 2, 89)), np.ones((0, 2)), np.ones((0, 2)))
    assert list(projected(np.ones((0, 2, AGES)), change, years=0)) == []
    assert [people.shape for people in projected(np.ones((0, 2, AGES)), change, years=2)] == [(0, 2, AGES)] * 2


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 9_999))
def test_a_year_against_a_loop(seed: int) -> None:
    record = np.random.default_rng(seed).integers(1, 500, (2, 6, 2, AGES)).astype(float)
    (after,) = projected(record[:, 4], cohort_change(record, last=4), years=1)
    for area in range(2):
        for sex in range(2):
            for age in range(1, 90):
                was = sum(record[area, year, sex, age - 1] for year in (1, 2, 3))
                now = sum(record[area, year, sex, age] for year in (2, 3, 4))
                assert after[area, sex, age] == pytest.approx(record[area, 4, sex, age - 1] * now / was)
            old = [record[area, year, sex, 89] + record[area, year, sex, 90] for year in range(5)]
            kept = sum(record[area, year, sex, 90] for year in (2, 3, 4)) / sum(old[1:4])
            assert after[area, sex, 90] == pytest.approx(old[4] * kept)
            born = sum(record[area, year, sex, 0] for year in (2, 3, 4))
            women = sum(record[area, year, 0, 20:40].sum() for year in (2, 3, 4))
            assert after[area, sex, 0] == pytest.approx(after[area, 0, 20:40].sum() * born / women)
