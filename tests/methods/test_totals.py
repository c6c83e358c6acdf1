"""What adds up to what in a table, and what follows for numbers that are not in it."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.totals import AddedUp, Key, Nesting, added_up, needed, replaced

PLACES: Nesting = {"county": [("north", "south")]}
PEOPLE: Nesting = {"all": [("women", "men")]}
HALVES: Nesting = {"all": [("a", "b")]}


def lines_of(added: AddedUp) -> dict[tuple[Key, ...], int]:
    return {tuple(line.keys): left for line, left in added.lines.items()}


def test_nothing_adds_up_to_nothing() -> None:
    assert added_up({}, [PLACES]) == AddedUp({}, {}, sound=True)
    assert added_up({("county",): 3}, [{}]) == AddedUp({("county",): 3}, {}, sound=True)


def test_a_total_and_what_it_holds_beyond_its_parts() -> None:
    whole = added_up({("county",): 9, ("north",): 4, ("south",): 3}, [PLACES])
    assert lines_of(whole) == {(("county",), ("north",), ("south",)): 2}
    overlapping = added_up({("county",): 5, ("north",): 4, ("south",): 3}, [PLACES])
    assert list(overlapping.lines.values()) == [-2]


@pytest.mark.parametrize(
    ("listed", "counts"),
    [
        ({"county": 9, "north": 4}, {"south": 5}),
        ({"north": 4, "south": 5}, {"county": 9}),
        ({"county": 9, "north": 9}, {"south": 0}),
        ({"county": 9, "north": 10}, {"south": 0}),
    ],
)
def test_one_that_is_not_listed_follows_from_the_others(listed: dict[str, int], counts: dict[str, int]) -> None:
    added = added_up({(place,): count for place, count in listed.items()}, [{"county": [("north", "south")]}])
    occurring = {key[0]: count for key, count in added.counts.items() if key[0] not in listed}
    named = {"county: others 0": "south"}
    assert {named.get(name, name): count for name, count in occurring.items()} == counts


def test_of_several_that_are_not_listed_each_is_nobody_where_nothing_is_left() -> None:
    listed = {("county", "all"): 4, ("north", "all"): 4, ("south", "women"): 0, ("north", "men"): 4}
    added = added_up(listed, [PLACES, PEOPLE])
    assert {key: count for key, count in added.counts.items() if key not in listed} == {
        ("south", "all"): 0,
        ("south", "men"): 0,
        ("north", "women"): 0,
        ("county", "men"): 4,
        ("county", "women"): 0,
    }
    assert set(added.lines.values()) == {0}


def test_values_that_occur_nowhere_are_taken_together() -> None:
    england = {"England": [("county", "Devon", "Dorset")], "county": [("north",)], "Devon": [("Exeter",)]}
    added = added_up({("England",): 10, ("north",): 4}, [england])
    assert added.counts == {("England",): 10, ("north",): 4, ("county",): 4, ("England: others 0",): 6}


def margins(smallest: dict[Key, int], *, over: int) -> dict[Key, int]:
    """What is smallest added up in every way, but only totals of at least so many dimensions."""
    size = len(next(iter(smallest)))
    return {
        key: sum(
            count for one, count in smallest.items() if all(b in ("all", a) for a, b in zip(one, key, strict=True))
        )
        for key in product(("a", "b", "all"), repeat=size)
        if key.count("all") >= over
    }


def test_what_only_totals_tell_is_guessed_so_that_all_adds_up() -> None:
    listed = margins({("a", "a"): 1, ("a", "b"): 5, ("b", "a"): 2, ("b", "b"): 2}, over=1)
    added = added_up(listed, [HALVES, HALVES])
    assert {key: count for key, count in added.counts.items() if key not in listed} == {
        ("a", "a"): 3,
        ("a", "b"): 3,
        ("b", "a"): 0,
        ("b", "b"): 4,
    }
    assert (added.sound, set(added.lines.values())) == (True, {0})


def test_a_guess_that_does_not_add_up_is_told() -> None:
    """Nobody is in all three first halves; the totals leave room for two, but then the rest does not fit."""
    smallest = {key: {3: 0, 2: 2}.get(key.count("a"), 1) for key in product("ab", repeat=3)}
    assert added_up(margins(smallest, over=1), [HALVES] * 3).sound is False
    assert added_up(margins(smallest, over=0), [HALVES] * 3).sound is True


def test_a_part_that_holds_its_own_whole_is_left_out() -> None:
    circle = {"north": [("south",)], "south": [("north",)], "county": [("county", "north")]}
    added = added_up({("north",): 1, ("south",): 1, ("county",): 2}, [circle])
    assert lines_of(added) == {(("county",), ("north",)): 1}


GRID = st.dictionaries(
    st.tuples(st.sampled_from(["north", "south"]), st.sampled_from(["women", "men"])), st.integers(0, 9), min_size=4
)


@settings(max_examples=40)
@given(GRID)
def test_the_lines_left_out_follow_from_those_that_are_needed(grid: dict[Key, int]) -> None:
    def within(value: str, nesting: Nesting) -> tuple[str, ...]:
        return nesting[value][0] if value in nesting else (value,)

    every = [(place, group) for place in ("county", "north", "south") for group in ("all", "women", "men")]
    listed = {
        (place, group): sum(grid[one, each] for one in within(place, PLACES) for each in within(group, PEOPLE))
        for place, group in every
    }
    added = added_up(listed, [PLACES, PEOPLE])
    kept = needed(added.lines)
    assert [line.keys[0] for line in added.lines if line not in kept] == [("county", "all")]
    members = [key for line in kept for key in line.keys]
    assert max(map(members.count, members)) == 2


def test_a_line_that_leaves_something_over_is_needed() -> None:
    listed = {(place, group): 1 for place in ("county", "north", "south") for group in ("all", "women", "men")}
    added = added_up(listed, [PLACES, PEOPLE])
    assert len(needed(added.lines)) == len(added.lines)


def test_a_key_with_another_value() -> None:
    assert replaced(("north", "all"), 1, "men") == ("north", "men")
