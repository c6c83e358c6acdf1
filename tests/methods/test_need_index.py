"""Index of need: what is missing, and loops in plain Python."""

from math import exp, fsum

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.need_index import composite_index, fitted_index
from parity.terms.errors import WrongState

AREAS = {"area": pl.String, "period": pl.String, "people": pl.Int64, "x": pl.Float64, "y": pl.Float64}
PEOPLE = {"area": pl.String, "period": pl.String, "sex": pl.String, "band": pl.String, "people": pl.Int64}
COSTS = pl.DataFrame({"sex": ["men", "women"], "band": "65+", "cost": [2.0, 3.0]})
HALVES = {"x": 0.5, "y": 0.5}
ABOVE = st.floats(0.01, 100)
QUICK = settings(deadline=None, max_examples=40)


def areas(*rows: tuple[str, str, int | None, float | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, AREAS, orient="row")


def people(*rows: tuple[str, str, int | None]) -> pl.DataFrame:
    return pl.DataFrame([(area, "2026", sex, "65+", count) for area, sex, count in rows], PEOPLE, orient="row")


def measures(**x: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"area": list(x), "period": "2026", "x": list(x.values())},
        schema={"area": pl.String, "period": pl.String, "x": pl.Float64},
    )


def test_what_is_not_known_or_not_above_nought_has_no_index() -> None:
    frame = areas(
        ("A", "2026", 10, 1, 1),
        ("B", "2026", 30, 4, 1),
        ("C", "2026", 10, None, 0),
        ("D", "2026", 0, 1, 1),
        ("E", "2027", None, 1, 1),
    )
    found = composite_index(frame, weights=HALVES)
    assert found.select("area", "index", "weighted_people", "missing").rows() == [
        ("A", pytest.approx(400 / 7), pytest.approx(40 / 7), None),
        ("B", pytest.approx(800 / 7), pytest.approx(240 / 7), None),
        ("C", None, None, "x is not known, or not above 0. y is not known, or not above 0."),
        ("D", None, None, "people is not known, or not above 0."),
        ("E", None, None, "people is not known, or not above 0."),
    ]


def test_weights_add_up() -> None:
    with pytest.raises(WrongState, match="add up to 1"):
        composite_index(areas(), weights={"x": 0.5, "y": 0.6})


def test_what_a_model_lacks_is_named() -> None:
    population = people(("A", "men", 10), ("B", "men", None), ("C", "other", 5), ("C", "men", 5), ("D", "men", 0))
    found = fitted_index(population, COSTS, measures(A=1, B=1, C=None, D=1), coefficients={"x": 1})
    assert found.select("area", "people", "index", "missing").rows() == [
        ("A", 10, pytest.approx(100), None),
        ("B", None, None, "The people of men, 65+ are not known."),
        ("C", 10, None, "The cost of other, 65+ is not known. x is not known."),
        ("D", 0, None, "There is nobody."),
    ]


def test_empty_tables() -> None:
    found = composite_index(areas(), weights=HALVES)
    assert (found.columns, found.height) == ([*AREAS, "index", "weighted_people", "missing"], 0)
    other = fitted_index(people(), COSTS, measures(), coefficients={"x": 1})
    assert (other.columns, other.height) == (["area", "period", "people", "index", "weighted_people", "missing"], 0)


@QUICK
@given(
    st.lists(st.tuples(st.sampled_from(["2026", "2027"]), st.integers(1, 9999), ABOVE, ABOVE), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_measures_multiplied_against_a_loop(rows: list[tuple[str, int, float, float]], weight: float) -> None:
    frame = areas(*((f"E{place}", *row) for place, row in enumerate(rows)))
    found = composite_index(frame, weights={"x": weight, "y": 1 - weight})
    england = (3.0, 0.2)
    raw = [(x / england[0]) ** weight * (y / england[1]) ** (1 - weight) for _, _, x, y in rows]
    for period in ("2026", "2027"):
        inside = [place for place, row in enumerate(rows) if row[0] == period]
        counted = sum(rows[place][1] for place in inside)
        average = fsum(rows[place][1] * raw[place] for place in inside) / counted if counted else None
        part = found.filter(period=period)
        assert part["index"].to_list() == pytest.approx([100 * raw[place] / average for place in inside])
        assert part["weighted_people"].sum() == pytest.approx(counted)


@QUICK
@given(st.lists(st.tuples(st.integers(1, 999), st.integers(0, 999), st.floats(-2, 2)), min_size=1, max_size=5))
def test_a_model_against_a_loop(rows: list[tuple[int, int, float]]) -> None:
    population = people(
        *(
            (f"E{place}", sex, count)
            for place, row in enumerate(rows)
            for sex, count in zip(("men", "women"), row[:2], strict=True)
        )
    )
    given_measures = measures(**{f"E{place}": row[2] for place, row in enumerate(rows)})
    found = fitted_index(population, COSTS, given_measures, coefficients={"x": 0.7})
    need = [(2 * men + 3 * women) * exp(0.7 * x) for men, women, x in rows]
    everyone = sum(men + women for men, women, _ in rows)
    wanted = [
        100 * each / (men + women) / (fsum(need) / everyone) for each, (men, women, _) in zip(need, rows, strict=True)
    ]
    assert found["index"].to_list() == pytest.approx(wanted)
    assert found["weighted_people"].sum() == pytest.approx(everyone)
