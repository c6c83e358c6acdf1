"""Enablement: episodes counted person by person and week by week."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.columns import numbers
from parity.methods.enablement import difference_to_pay, episode_cost, packages_avoided, people_at_once

QUICK = settings(deadline=None, max_examples=40)
KINDS = {"a": pl.Int64, "b": pl.Float64}


def all_of(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        cost=episode_cost("a", hours="b", hourly=16),
        people=people_at_once("a", 6, weeks_per_year="b"),
        avoided=packages_avoided("a", after="b", otherwise=0.5),
        share=difference_to_pay("a", weekly="b", weeks=52),
    )


def test_empty_table() -> None:
    assert all_of(pl.DataFrame(schema=KINDS)).height == 0


def test_missing_and_zero() -> None:
    found = all_of(pl.DataFrame({"a": [None, 28], "b": [1.0, 0.0]}, schema=KINDS))
    assert found.rows() == [(None, None, None, None), (0.0, None, -14.0, None)]


@QUICK
@given(st.integers(0, 20), st.integers(0, 15), st.integers(0, 40))
def test_an_episode_hour_by_hour(weeks: int, hours: int, hourly: int) -> None:
    (found,) = numbers(episode_cost(weeks, hours=hours, hourly=hourly))
    paid = 0
    for _ in range(weeks):
        for _ in range(hours):
            paid += hourly
    assert found == paid


@QUICK
@given(st.lists(st.integers(0, 51), max_size=40), st.integers(1, 52))
def test_people_at_once_week_by_week(starts: list[int], weeks: int) -> None:
    """Years like this one, one after the other: the mean over its weeks of the people who are in an episode."""
    (found,) = numbers(people_at_once(len(starts), weeks, weeks_per_year=52))
    present = [sum((week - start) % 52 < weeks for start in starts) for week in range(52)]
    assert found == pytest.approx(sum(present) / 52)


@QUICK
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_packages_avoided_person_by_person(people: list[tuple[bool, bool]]) -> None:
    after, otherwise = (sum(one[place] for one in people) / len(people) for place in (0, 1))
    (found,) = numbers(packages_avoided(len(people), after=after, otherwise=otherwise))
    with_episode = sum(1 for needs_none, _ in people if not needs_none)
    without = sum(1 for _, needs_none in people if not needs_none)
    assert found == pytest.approx(without - with_episode, abs=1e-9)


@QUICK
@given(st.integers(1, 5000), st.integers(1, 500), st.integers(1, 104), st.integers(1, 200))
def test_where_it_pays_what_is_spared_is_what_is_spent(episode: int, weekly: int, weeks: int, starts: int) -> None:
    (share,) = numbers(difference_to_pay(episode, weekly=weekly, weeks=weeks))
    (avoided,) = numbers(packages_avoided(starts, after=share, otherwise=0))
    assert avoided * weekly * weeks == pytest.approx(starts * episode)
