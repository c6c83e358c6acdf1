"""Headcounts: people by area, period, sex and age, and areas made of others."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.age_bands import AGES
from parity.methods.headcount import CELLS, Headcount, Whole, headcount, in_groups, rolled_up, shared_out, whole_of
from parity.terms.errors import WrongState
from tests.populations import counted, everywhere, population


def test_rows_take_their_place_and_what_is_not_there_is_not_known() -> None:
    people = headcount(
        population(("B", "2030", "male", 90, 7), ("A", "2030", "female", 0, 5), ("B", "2031", "male", 1, None))
    )
    assert (people.areas, people.periods, people.people.shape) == (("B", "A"), ("2030", "2031"), (2, 2, CELLS))
    assert (people.people[0, 0, AGES + 90], people.people[1, 0, 0]) == (7, 5)
    assert int((~np.isnan(people.people)).sum()) == 2
    assert people.variant == "national rates"


def test_categories_and_whole_numbers_are_taken_as_they_come() -> None:
    rows = population(("A", "2030", "female", 3, 5)).with_columns(
        pl.col("area", "sex").cast(pl.Categorical), pl.col("period").cast(pl.Int16), pl.col("people").cast(pl.Int32)
    )
    assert headcount(rows).people[0, 0, 3] == 5


def test_an_empty_population() -> None:
    assert headcount(population()).people.shape == (0, 0, CELLS)


@pytest.mark.parametrize(
    "row", [("A", "2030", "persons", 3, 5), ("A", "2030", "male", 91, 5), ("A", "2030", "male", -1, 5)]
)
def test_other_sexes_and_ages_are_refused(row: tuple[str, str, str, int, float]) -> None:
    with pytest.raises(WrongState, match="female and male and by ages"):
        headcount(population(row))


def test_a_row_that_stands_twice_is_refused() -> None:
    with pytest.raises(WrongState, match="stands twice"):
        headcount(population(("A", "2030", "male", 3, 5), ("A", "2030", "male", 3, 5)))


CELLS_GIVEN = st.dictionaries(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["2030", "2031"]),
        st.sampled_from(["female", "male"]),
        st.integers(0, 90),
    ),
    st.none() | st.integers(0, 999),
    min_size=1,
    max_size=12,
)


@given(CELLS_GIVEN)
def test_cells_against_a_dictionary(rows: dict[tuple[str, str, str, int], int | None]) -> None:
    people = headcount(population(*((*key, value) for key, value in rows.items())))
    for place, area in enumerate(people.areas):
        for when, period in enumerate(people.periods):
            for cell in range(CELLS):
                wanted = rows.get((area, period, "female" if cell < AGES else "male", cell % AGES))
                found = people.people[place, when, cell]
                assert np.isnan(found) if wanted is None else found == wanted


def test_only_groups_that_need_an_unknown_count_are_unknown() -> None:
    matrix = np.array([[1, 0.5, 0], [0, 0, 2.0]])
    found = in_groups(np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]]), matrix)
    assert found[1].tolist() == [2, 6]
    assert (np.isnan(found[0, 0]), found[0, 1]) == (True, 6)


def test_wholes_add_up_their_parts() -> None:
    people = counted(("A", "2030", "male", 3, 5), ("B", "2030", "male", 3, 7), ("C", "2030", "male", 3, 11))
    parts = pl.DataFrame({"area": ["E", "E", "B", "F"], "part": ["A", "C", "B", "C"], "weight": [1.0, 1.0, 1.0, 0.5]})
    whole = whole_of(parts, people.areas)
    assert whole.areas == ("E", "B", "F")
    assert rolled_up(whole, people.people)[:, 0, AGES + 3].tolist() == [16, 7, 5.5]


def test_an_unknown_part_makes_its_wholes_unknown() -> None:
    values = np.array([[1.0, np.nan], [2.0, 3.0]])
    found = rolled_up(Whole(("E", "F"), np.array([[1.0, 1.0], [0.0, 1.0]])), values)
    assert found[:, 0].tolist() == [3, 2]
    assert (np.isnan(found[0, 1]), found[1, 1]) == (True, 3)


def test_parts_that_are_not_there_or_stand_twice_are_refused() -> None:
    with pytest.raises(WrongState, match=r"no population of A, B, C and 1 more\."):
        whole_of(pl.DataFrame({"area": ["E"] * 4, "part": list("DCBA")}), ("X",))
    with pytest.raises(WrongState, match=r"no population of A\."):
        whole_of(pl.DataFrame({"area": ["E"], "part": ["A"]}), ("X",))
    with pytest.raises(WrongState, match="stands twice"):
        whole_of(pl.DataFrame({"area": ["E", "E"], "part": ["A", "A"]}), ("A",))


def test_no_parts_make_no_wholes() -> None:
    whole = whole_of(pl.DataFrame({"area": [], "part": []}, schema={"area": pl.String, "part": pl.String}), ("A",))
    assert rolled_up(whole, np.ones((1, 2, 3))).shape == (0, 2, 3)
    assert isinstance(counted(("A", "2030", "male", 3, 5)), Headcount)


def shares(*rows: tuple[str, str, int, float | None]) -> pl.DataFrame:
    schema = {"area": pl.String, "whole": pl.String, "age": pl.Int64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


SHARES_GIVEN = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.integers(0, 90)), st.none() | st.floats(0, 1), min_size=1, max_size=8
)


@given(SHARES_GIVEN)
def test_shares_of_people_against_a_loop(given_shares: dict[tuple[str, int], float | None]) -> None:
    people = everywhere(2)
    wholes = {"a": "A0", "b": "A1", "c": "A1"}
    rows = [(area, wholes[area], age, share) for (area, age), share in given_shares.items()]
    found = shared_out(people, shares(*rows))
    for place, area in enumerate(found.areas):
        for cell in range(CELLS):
            share = given_shares.get((area, cell % AGES))
            wanted = None if share is None else people.people[people.areas.index(wholes[area]), :, cell] * share
            own = found.people[place, :, cell]
            assert np.isnan(own).all() if wanted is None else np.array_equal(own, wanted)


def test_shares_that_add_up_to_one_add_up_to_the_whole() -> None:
    people = everywhere(1)
    rows = [(area, "A0", age, share) for area, share in (("a", 0.25), ("b", 0.75)) for age in range(AGES)]
    assert np.allclose(shared_out(people, shares(*rows)).people.sum(axis=0), people.people[0])


def test_a_part_of_two_or_of_none_is_refused() -> None:
    with pytest.raises(WrongState, match="a part of two"):
        shared_out(everywhere(2), shares(("a", "A0", 1, 0.5), ("a", "A1", 1, 0.5)))
    with pytest.raises(WrongState, match="are not there"):
        shared_out(everywhere(1), shares(("a", "elsewhere", 1, 0.5)))


def test_no_shares_make_no_areas() -> None:
    assert shared_out(everywhere(2), shares()).people.shape == (0, 2, CELLS)
