"""Variants of need: weighted by an index or by ethnic mix, never joined."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.methods.need_variants import joined, weighted_by_ethnic_mix, weighted_by_index
from parity.terms.errors import WrongState
from tests.populations import everywhere

RISKS = pl.DataFrame({"group": ["White", "Black"], "relative_risk": [1.0, 2.0]})


def mix(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    schema = {"area": pl.String, "group": pl.String, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_an_index_weights_people_and_an_area_without_one_is_not_known() -> None:
    people = everywhere(3)
    index = pl.DataFrame({"area": ["A0", "A1"], "index_value": [138.0, None]})
    weighted = weighted_by_index(people, index, name="the York index")
    assert weighted.variant == "weighted by the York index"
    assert weighted.people[0] == pytest.approx(people.people[0] * 1.38)
    assert np.isnan(weighted.people[1:]).all()


def test_an_area_like_the_average_keeps_its_people() -> None:
    people = everywhere(2)
    rows = mix(
        ("E", "White", 0.9), ("E", "Black", 0.1), ("A0", "White", 0.9), ("A0", "Black", 0.1), ("A1", "Black", 1.0)
    )
    weighted = weighted_by_ethnic_mix(people, rows, RISKS, average="E")
    assert weighted.variant == "weighted by ethnic mix"
    assert weighted.people[0] == pytest.approx(people.people[0])
    assert weighted.people[1] == pytest.approx(people.people[1] * 2 / 1.1)


def test_a_group_without_risk_or_share_makes_its_area_unknown() -> None:
    rows = mix(("E", "White", 1.0), ("A0", "Other", 1.0), ("A1", "White", None))
    assert np.isnan(weighted_by_ethnic_mix(everywhere(2), rows, RISKS, average="E").people).all()


@pytest.mark.parametrize("rows", [mix(), mix(("E", "Other", 1.0)), mix(("E", "White", 0.0))])
def test_an_average_without_risk_is_refused(rows: pl.DataFrame) -> None:
    with pytest.raises(WrongState, match="The ethnic mix of E or a risk is missing"):
        weighted_by_ethnic_mix(everywhere(1), rows, RISKS, average="E")


def test_variants_are_not_joined() -> None:
    plain = pl.DataFrame({"area": ["A"], "variant": ["national rates"], "value": [1.0]})
    other = plain.with_columns(variant=pl.lit("weighted by ethnic mix"))
    assert joined(plain, plain).height == 2
    assert joined(plain.clear()).height == 0
    with pytest.raises(WrongState, match="different variants and do not belong in one table: national rates, weighted"):
        joined(plain, other)


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=2, max_size=2), min_size=2, max_size=4))
def test_the_mix_against_a_loop(shares: list[list[float]]) -> None:
    people = everywhere(len(shares))
    rows = mix(
        *(
            (f"A{place}", group, share)
            for place, both in enumerate(shares)
            for group, share in zip(RISKS["group"], both, strict=True)
        )
    )
    weighted = weighted_by_ethnic_mix(people, rows, RISKS, average="A0")
    average = shares[0][0] + 2 * shares[0][1]
    for place, (white, black) in enumerate(shares):
        assert weighted.people[place] == pytest.approx(people.people[place] * (white + 2 * black) / average)
