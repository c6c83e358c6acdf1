"""Errors of projection: learnt from a record, told as numbers, drawn."""

import numpy as np
import polars as pl
import pytest

from parity.methods.age_bands import AGES
from parity.methods.chance import Chance
from parity.methods.headcount import CELLS, Headcount
from parity.methods.projection_error import (
    FIRST_AGES,
    Outlook,
    ProjectionError,
    drawn_errors,
    error_from,
    group_matrix,
    learnt,
    numbers_of,
    trials,
)
from parity.terms.errors import WrongState

CHANCE = Chance(3_000, seed=2)
ERROR = ProjectionError(
    national=(0.004,) * 7,
    area=(0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.04),
    growth=(1.0,) * 7,
    size=(0.5,) * 7,
    region=(0.1,) * 7,
    neighbours=(0.3,) * 7,
    ages=0.25,
    national_ages=0.5,
    rolled_forward=0.5,
)
PLACES = pl.DataFrame(
    {
        "area": ["A", "B", "C", "D", "A, north"],
        "council": ["A", "B", "C", "D", "A"],
        "people": [100_000, 400_000, 100_000, 100_000, 100_000],
        "neighbours": ["N", "N", "M", "O", "N"],
        "region": ["R", "R", "R", "S", "R"],
    }
)
OUTLOOK = Outlook(ERROR, 2018, 2011, PLACES)


def test_groups_hold_each_age_once() -> None:
    matrix = group_matrix()
    assert matrix.sum(axis=0).tolist() == [1] * AGES
    assert [int(row.argmax()) for row in matrix] == list(FIRST_AGES)


def test_numbers_make_the_model_again() -> None:
    assert error_from(numbers_of(ERROR)) == ERROR
    assert error_from(numbers_of(ERROR).reverse()) == ERROR
    with pytest.raises(WrongState, match="no number for ages"):
        error_from(numbers_of(ERROR).filter(pl.col("name") != "ages"))


def spread(year: int, area: str = "A") -> np.ndarray:
    return np.log(drawn_errors(OUTLOOK, [area], chance=CHANCE).factors(year)[0]).std(axis=1)


def test_spreads_grow_with_the_years_and_fall_with_size() -> None:
    assert drawn_errors(OUTLOOK, ["A"], chance=CHANCE).factors(2011) == pytest.approx(np.ones((1, 7, 3_000)))
    ahead, rolled = 5, 0.5 * 7
    steps = np.hypot(ahead, rolled)
    wanted = np.hypot(np.array(ERROR.area) * steps, np.array(ERROR.national) * steps)
    assert spread(2023) == pytest.approx(wanted, rel=0.05)
    smaller = np.hypot(np.array(ERROR.area) * steps / 2, np.array(ERROR.national) * steps)
    assert spread(2023, "B") == pytest.approx(smaller, rel=0.05)
    assert spread(2014) == pytest.approx(wanted * 0.5 * 3 / steps, rel=0.05)


def test_factors_are_one_in_the_mean() -> None:
    factors = drawn_errors(OUTLOOK, ["A", "B"], chance=CHANCE).factors(2030)
    assert factors.mean(axis=2) == pytest.approx(np.ones((2, 7)), abs=0.03)


def test_likeness_of_places_and_ages() -> None:
    drawn = drawn_errors(OUTLOOK, ["A", "B", "C", "D", "A, north"], chance=CHANCE)
    likeness = np.corrcoef(drawn.area[:, 3])
    assert likeness[0] == pytest.approx([1, 0.4, 0.1, 0, 1], abs=0.06)
    between = np.corrcoef(drawn.area[0])
    assert between[np.triu_indices(7, 1)].mean() == pytest.approx(0.25, abs=0.04)
    assert np.corrcoef(drawn.nation)[np.triu_indices(7, 1)].mean() == pytest.approx(0.5, abs=0.04)


def test_an_area_errs_alike_whichever_others_are_asked() -> None:
    together = drawn_errors(OUTLOOK, ["A", "B", "D"], chance=CHANCE).factors(2030)
    assert drawn_errors(OUTLOOK, ["B"], chance=CHANCE).factors(2030)[0] == pytest.approx(together[1])
    assert drawn_errors(OUTLOOK, [], chance=CHANCE).factors(2030).shape == (0, 7, 3_000)


def test_an_area_without_a_place_is_refused() -> None:
    with pytest.raises(WrongState, match="no row for X"):
        drawn_errors(OUTLOOK, ["A", "X"], chance=CHANCE)


def record(councils: int, years: int, *, sway: float) -> Headcount:
    """Councils whose people stay as they are but for a sway of each council's working ages, which adds up."""
    chance = np.random.default_rng(4)
    size = np.geomspace(500, 5_000, councils)
    people = np.repeat(np.tile(size[:, None, None, None], (1, years, 2, AGES)), 1, axis=0)
    drift = np.exp(sway * chance.standard_normal((councils, years)).cumsum(axis=1))
    people[:, :, :, 16:65] *= drift[:, :, None, None]
    names = tuple(f"A{place}" for place in range(councils))
    return Headcount(names, tuple(map(str, range(2000, 2000 + years))), people.reshape(councils, years, CELLS))


def places_of(people: Headcount, regions: int) -> pl.DataFrame:
    codes = [f"R{place % regions}" for place in range(len(people.areas))]
    return pl.DataFrame({"area": people.areas, "neighbours": codes, "region": codes})


def test_what_sways_is_learnt_and_what_stands_still_is_not() -> None:
    people = record(60, 10, sway=0.02)
    error = learnt(people, places=places_of(people, 30), revised_little=0.88)
    assert min(error.area[1:4]) > 0.01
    assert error.area[5] < 0.02 * min(error.area[1:4])
    assert 0.5 < error.growth[2] < 2
    assert abs(error.size[2]) < 0.3
    assert max(*error.region, *error.neighbours) <= 1
    assert error.rolled_forward > 0


def test_a_wider_sway_is_learnt_as_wider() -> None:
    narrow, wide = (
        learnt(people, places=places_of(people, 5), revised_little=0.88)
        for people in (record(40, 8, sway=0.01), record(40, 8, sway=0.03))
    )
    assert wide.area[2] / narrow.area[2] == pytest.approx(3, rel=0.2)
    assert wide.rolled_forward < narrow.rolled_forward


def test_councils_alone_in_their_region_have_no_likeness() -> None:
    people = record(10, 8, sway=0.02)
    error = learnt(people, places=places_of(people, 10), revised_little=0.88)
    assert (error.region, error.neighbours) == ((0.0,) * 7, (0.0,) * 7)


def test_the_smallest_councils_are_not_learnt_from() -> None:
    people = record(12, 8, sway=0.02)
    tiny = people.people.copy()
    tiny[0] = np.random.default_rng(1).integers(1, 60, tiny[0].shape)
    first = learnt(people, places=places_of(people, 3), revised_little=0.88)
    with_tiny = Headcount((*people.areas, "T"), people.periods, np.concatenate([people.people, tiny[:1]]))
    assert learnt(with_tiny, places=places_of(with_tiny, 3).head(12), revised_little=0.88) == first


def test_trials_are_made_from_every_base_and_judged_on_every_later_year() -> None:
    people = record(4, 7, sway=0.02)
    made = trials(people.people.reshape(4, 7, 2, AGES))
    assert made.ahead.tolist() == [1, 2, 3, 1, 2, 1]
    assert (made.nation.shape, made.area.shape, made.total.shape) == ((6, 7), (6, 4, 7), (6, 4))


def test_too_short_a_record_teaches_nothing() -> None:
    with pytest.raises(WrongState, match="too short"):
        trials(np.ones((2, 4, 2, AGES)))
