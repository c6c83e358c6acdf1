"""The tie-out: each relation solved for each unknown, its tolerance, and what arithmetic says of a printed figure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from itertools import product
from math import isfinite, prod
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.methods.quantities import Origin
from parity.methods.relations import ROLES, Fit, Relation, RelationFault, fits_from, relations_from
from parity.methods.tie_out import COLUMNS, TieOut
from parity.terms.errors import NotFound, ParityError

QUICK = settings(deadline=None, max_examples=80)
CITED = {"source": "000", "place": "p1", "says": "A figure"}

Row = dict[str, Any]


def cells(*printed: str) -> pl.DataFrame:
    """A table `t` with one row a printed number, named a, b, c …, in column `x`."""
    names = [chr(ord("a") + place) for place in range(len(printed))]
    values = [float(text.replace(",", "")) for text in printed]
    return pl.DataFrame({"name": names, "x": values, "x_printed": list(printed)})


def no_figure(key: str, where: Mapping[str, str]) -> None:
    """No figure is known."""


def tie_out(
    entries: list[dict[str, Any]],
    *,
    figure: Callable[[str, dict[str, str]], float | None] = no_figure,
    fits: tuple[dict[str, Any], ...] = (),
    **tables: pl.DataFrame,
) -> TieOut:
    relations = relations_from({"relation": [{**CITED, **entry} for entry in entries]})
    return TieOut({one.id: one for one in relations}, fits_from({"fit": list(fits)}), tables, figure)


def one(*printed: str, **entry: Any) -> Row:
    """The tie-out's one row for a relation over the cells."""
    rows = tie_out([{"id": "X-1", **entry}], t=cells(*printed)).rows()
    assert dict(rows.schema) == {name: kind() for name, kind in COLUMNS.items()}
    (row,) = rows.to_dicts()
    return row


def seen(row: Row, *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


A, B, C, ALL = "t.x[name=a]", "t.x[name=b]", "t.x[name=c]", "sum t.x"
MANY = 10**15
MOST = f"number {MANY} because so"

# What is recomputed


@pytest.mark.parametrize(
    ("entry", "recomputed"),
    [
        ({"kind": "sum", "parts": ALL}, 17),
        ({"kind": "sum", "parts": [A, f"minus {B}"]}, 6),
        ({"kind": "share", "part": A, "total": B}, 2.5),
        ({"kind": "share", "share": A, "total": B}, 40),
        ({"kind": "share", "share": A, "part": B}, 0.4),
        ({"kind": "rate", "count": A, "population": B, "per": 100}, 250),
        ({"kind": "rate", "rate": A, "population": B, "per": 100}, 0.4),
        ({"kind": "rate", "rate": A, "count": B, "per": 100}, 40),
        ({"kind": "cost", "volume": A, "unit_cost": B}, 40),
        ({"kind": "cost", "volume": A, "unit_cost": B, "weeks": C}, 120),
        ({"kind": "cost", "cost": A, "unit_cost": B, "weeks": C}, pytest.approx(10 / 12)),
        ({"kind": "cost", "cost": A, "volume": B, "weeks": C}, pytest.approx(10 / 12)),
        ({"kind": "change", "from": B, "to": A}, 1.5),
        ({"kind": "change", "from": A, "change": B}, 50),
        ({"kind": "change", "to": A, "change": B}, 2),
        ({"kind": "equal", "value": A}, 10),
        ({"kind": "at_least", "value": A}, 10),
        ({"kind": "about", "value": A}, 10),
        ({"kind": "share", "part": A, "total": B, "unit": "%"}, 250),
        ({"kind": "change", "from": B, "to": A, "unit": "points"}, 150),
        ({"kind": "sum", "parts": ALL, "unit": "GBP thousand"}, 0.017),
        ({"kind": "sum", "parts": ALL, "unit": "GBP million"}, 0.000017),
    ],
)
def test_each_kind_is_computed_for_each_of_its_unknowns(entry: dict[str, Any], recomputed: float) -> None:
    row = one("10", "4", "3", **entry)
    assert seen(row, "recomputed", "status") == (pytest.approx(recomputed), "derived")
    assert seen(row, "published", "tolerance", "solved_for", "implied") == (None, None, None, None)


@pytest.mark.parametrize(
    ("entry", "implied"),
    [
        ({"kind": "sum", "parts": ALL, "printed": "20", "solve_for": "parts"}, 3),
        ({"kind": "share", "part": A, "total": B, "printed": "5", "solve_for": "part"}, 20),
        ({"kind": "share", "part": A, "total": B, "printed": "5", "solve_for": "total"}, 2),
        ({"kind": "share", "part": A, "total": B, "printed": "500%", "unit": "%", "solve_for": "part"}, 20),
        ({"kind": "share", "share": A, "total": B, "printed": "80", "solve_for": "share"}, 20),
        ({"kind": "rate", "count": A, "population": B, "per": 100, "printed": "500", "solve_for": "count"}, 20),
        ({"kind": "rate", "count": A, "population": B, "per": 100, "printed": "500", "solve_for": "population"}, 2),
        ({"kind": "rate", "rate": A, "population": B, "per": 100, "printed": "8", "solve_for": "population"}, 80),
        ({"kind": "rate", "rate": A, "population": B, "per": 100, "printed": "8", "solve_for": "rate"}, 200),
        ({"kind": "cost", "volume": A, "unit_cost": B, "weeks": C, "printed": "240", "solve_for": "volume"}, 20),
        ({"kind": "cost", "volume": A, "unit_cost": B, "weeks": C, "printed": "240", "solve_for": "unit_cost"}, 8),
        ({"kind": "cost", "volume": A, "unit_cost": B, "weeks": C, "printed": "240", "solve_for": "weeks"}, 6),
        ({"kind": "cost", "volume": A, "unit_cost": B, "printed": "80", "solve_for": "weeks"}, 2),
        ({"kind": "change", "from": B, "to": A, "printed": "4", "solve_for": "to"}, 20),
        ({"kind": "change", "from": B, "to": A, "printed": "4", "solve_for": "from"}, 2),
        ({"kind": "change", "from": A, "change": B, "printed": "110", "solve_for": "change"}, 10),
    ],
)
def test_a_discrepancy_is_solved_for_the_input_that_is_named(entry: dict[str, Any], implied: float) -> None:
    row = one("10", "4", "3", exact=True, **entry)
    assert seen(row, "status", "solved_for", "implied") == (
        "discrepancy",
        entry["solve_for"],
        pytest.approx(implied),
    )


@pytest.mark.parametrize("kind", ["equal", "at_least", "about"])
def test_a_value_that_does_not_agree_would_have_to_be_what_is_printed(kind: str) -> None:
    row = one("10", kind=kind, value=A, printed="GBP 99 million", unit="GBP million")
    assert seen(row, "status", "solved_for", "implied") == ("discrepancy", "value", 99)


NONE = "number 0 because there is none"


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        (
            {"kind": "share", "part": A, "total": B, "printed": "0", "solve_for": "total"},
            "It cannot be solved for the total: a denominator is 0.",
        ),
        (
            {"kind": "cost", "volume": A, "unit_cost": NONE, "printed": "80", "solve_for": "volume", "reason": "Why."},
            "Why. It cannot be solved for the volume: a denominator is 0.",
        ),
        (
            {"kind": "cost", "volume": NONE, "unit_cost": A, "printed": "80", "solve_for": "unit_cost"},
            "It cannot be solved for the unit cost: a denominator is 0.",
        ),
        (
            {"kind": "share", "part": MOST, "total": B, "printed": "0.5", "solve_for": "total"},
            "It cannot be solved for the total: it is too large a number.",
        ),
    ],
)
def test_what_no_value_would_make_right_is_told_and_stops_nothing(entry: dict[str, Any], note: str) -> None:
    entries = [{"id": "X-1", "exact": True, **entry}, {"id": "X-2", "kind": "equal", "value": A, "printed": "10"}]
    told, other = tie_out(entries, t=cells("10", "4")).rows().to_dicts()
    assert seen(told, "status", "implied", "note") == ("discrepancy", None, note)
    assert other["status"] == "match"


# Tolerances


def test_a_total_of_exact_items_may_be_half_a_digit_off() -> None:
    row = one("10", "4", "3", kind="sum", parts=ALL, printed="17", exact=True)
    assert seen(row, "tolerance", "status") == (0.5, "match")


def test_a_total_of_rounded_items_may_be_half_a_digit_off_for_each_and_for_itself() -> None:
    row = one("10.1", "4.2", "3.3", kind="sum", parts=ALL, printed="17.8")
    assert seen(row, "tolerance", "status") == (pytest.approx(0.05 * (3 + 1)), "match")
    assert (
        one("10.1", "4.2", "3.3", kind="sum", parts=ALL, printed="17.9", solve_for="parts")["status"] == "discrepancy"
    )


def test_a_total_at_the_very_edge_of_its_tolerance_agrees() -> None:
    assert one("0.3", kind="equal", value=A, printed="0.4")["status"] == "match"
    assert one("70,000,000.3", kind="equal", value=A, printed="70,000,000.4")["status"] == "match"


def test_a_little_beyond_it_does_not() -> None:
    assert one("0.3", kind="equal", value=A, printed="0.36", exact=True)["status"] == "discrepancy"
    assert one("70,000,000", kind="equal", value=A, printed="70,000,000.51", exact=True)["status"] == "discrepancy"


def test_a_product_of_whole_clients_and_a_rounded_unit_cost() -> None:
    """LEI-118: clients x half a digit of the unit cost x weeks, and half a digit of the printed cost."""
    weeks = "number 52 because weeks in a year"
    entry = {"kind": "cost", "volume": A, "unit_cost": B, "weeks": weeks, "exact": ["volume"], "solve_for": "unit_cost"}
    row = one("3", "298.3", printed="41.8", unit="GBP thousand", **entry)
    assert row["tolerance"] == pytest.approx(3 * 0.05 * 52 / 1000 + 0.05)
    assert seen(row, "status", "recomputed") == ("discrepancy", pytest.approx(46.5348))
    assert row["implied"] == pytest.approx(41_800 / 52 / 3)


def test_a_product_of_rounded_clients_and_a_rounded_unit_cost() -> None:
    """LEI-128: both a half digit up, less the product itself, and half a digit of the printed cost."""
    weeks = "number 52 because weeks in a year"
    row = one(
        "96", "333.8", kind="cost", volume=A, unit_cost=B, weeks=weeks, printed="1,673.1", unit="GBP thousand"
    )  # fmt: skip
    expected = (96.5 * 333.85 - 96 * 333.8) * 52 / 1000 + 0.05
    assert seen(row, "tolerance", "status") == (pytest.approx(expected), "match")
    assert row["tolerance"] == pytest.approx(8.98, abs=0.005)


@pytest.mark.parametrize(
    ("printed", "rounded_to", "half"),
    [("200", 0, 50), ("14%", 0, 0.5), ("450", 0, 5), ("25%", 5, 2.5), ("1.4", 0, 0.05), ("1.50", 0, 0.05)],
)
def test_about_is_as_wide_as_what_it_was_rounded_to(printed: str, rounded_to: float, half: float) -> None:
    row = one("3", kind="about", value=A, exact=True, printed=printed, rounded_to=rounded_to)
    assert row["tolerance"] == pytest.approx(half)


@pytest.mark.parametrize(("value", "status"), [("7", "match"), ("12", "match"), ("6", "match"), ("5", "discrepancy")])
def test_at_least_is_one_sided(value: str, status: str) -> None:
    assert one(value, kind="at_least", value=A, printed="over 7")["status"] == status


NUMBERS = st.tuples(st.integers(20, 5000), st.integers(0, 2)).map(lambda made: f"{made[0] / 10 ** made[1]:.{made[1]}f}")


def half_of(text: str) -> float:
    return 0.5 * 10.0 ** -len(text.partition(".")[2])


def corners(*printed: str) -> Iterator[tuple[float, ...]]:
    """Every way in which each printed number can lie at the one or the other end of what was rounded to it."""
    return product(*((float(text) - half_of(text), float(text) + half_of(text)) for text in printed))


FORMULAE: dict[str, tuple[dict[str, Any], Callable[..., float]]] = {
    "sum": ({"kind": "sum", "parts": ALL}, lambda a, b, c: a + b + c),
    "difference": ({"kind": "sum", "parts": [A, f"minus {B}", f"minus {C}"]}, lambda a, b, c: a - b - c),
    "share": ({"kind": "share", "part": A, "total": [B, C]}, lambda a, b, c: a / (b + c)),
    "part": ({"kind": "share", "share": A, "total": [B, C]}, lambda a, b, c: a * (b + c)),
    "whole": ({"kind": "share", "share": A, "part": [B, C]}, lambda a, b, c: (b + c) / a),
    "rate": ({"kind": "rate", "count": A, "population": [B, C], "per": 1000}, lambda a, b, c: a / (b + c) * 1000),
    "count": ({"kind": "rate", "rate": A, "population": [B, C], "per": 1000}, lambda a, b, c: a * (b + c) / 1000),
    "people": ({"kind": "rate", "rate": A, "count": [B, C], "per": 1000}, lambda a, b, c: (b + c) / a * 1000),
    "cost": ({"kind": "cost", "volume": A, "unit_cost": B, "weeks": C}, lambda a, b, c: prod((a, b, c))),
    "unit cost": ({"kind": "cost", "volume": A, "cost": B, "weeks": C}, lambda a, b, c: b / a / c),
    "volume": ({"kind": "cost", "unit_cost": A, "cost": B, "weeks": C}, lambda a, b, c: b / a / c),
    "change": ({"kind": "change", "from": A, "to": [B, C]}, lambda a, b, c: (b + c - a) / a),
    "change to": ({"kind": "change", "from": A, "change": [B, C]}, lambda a, b, c: a * (1 + b + c)),
    "change from": ({"kind": "change", "to": A, "change": [B, C]}, lambda a, b, c: a / (1 + b + c)),
}


@QUICK
@given(st.sampled_from(list(FORMULAE)), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_no_corner_lies_further_away_than_the_tolerance(name: str, a: str, b: str, c: str, printed: str) -> None:
    """The slow twin: every corner of what the inputs can have been before they were rounded."""
    entry, formula = FORMULAE[name]
    role = "parts" if entry["kind"] == "sum" else next(role for role in entry if role not in ("kind", "per"))
    row = one(a, b, c, printed=printed, solve_for=role, **entry)
    value = formula(*map(float, (a, b, c)))
    reach = max(abs(formula(*corner) - value) for corner in corners(a, b, c))
    assert row["recomputed"] == pytest.approx(value, rel=1e-12, abs=1e-9)
    assert row["tolerance"] == pytest.approx(reach + half_of(printed), rel=1e-9, abs=1e-9)
    agrees = abs(float(printed) - value) <= row["tolerance"]
    assert row["status"] == ("match" if agrees else "discrepancy")


@QUICK
@given(st.sampled_from(list(FORMULAE)), NUMBERS, NUMBERS, NUMBERS)
def test_exact_inputs_leave_only_the_printed_digit(name: str, a: str, b: str, c: str) -> None:
    entry, _ = FORMULAE[name]
    role = "parts" if entry["kind"] == "sum" else next(role for role in entry if role not in ("kind", "per"))
    assert one(a, b, c, printed="7.5", exact=True, solve_for=role, **entry)["tolerance"] == pytest.approx(0.05)


# Labels and declared statuses


def test_a_label_is_listed_with_the_right_one() -> None:
    row = one(kind="label", printed="per 1,000", right="per 100,000", reason="The header is wrong.")
    assert seen(row, "status", "printed", "right", "note") == (
        "label_error",
        "per 1,000",
        "per 100,000",
        "The header is wrong.",
    )
    assert seen(row, "recomputed", "published", "tolerance", "implied") == (None, None, None, None)


def test_a_label_may_be_declared_ambiguous() -> None:
    row = one(kind="label", printed="Appendix D", right="Appendix B", status="ambiguous", reason="Badly read.")
    assert row["status"] == "ambiguous"


@pytest.mark.parametrize("status", ["cross_check", "ambiguous"])
def test_a_declared_status_keeps_both_sides_and_the_reason(status: str) -> None:
    row = one("10", kind="equal", value=A, printed="12", status=status, reason="Two years.")
    assert seen(row, "status", "published", "recomputed", "note") == (status, 12, 10, "Two years.")
    assert seen(row, "solved_for", "implied") == (None, None)


# How relations hang together


def test_a_relation_may_rest_on_another_with_its_tolerance() -> None:
    entries = [
        {"id": "X-1", "kind": "sum", "parts": ALL, "hidden": True},
        {"id": "X-2", "kind": "share", "part": A, "total": "id:X-1", "unit": "%", "printed": "71%"},
    ]
    (row,) = tie_out(entries, t=cells("10", "4")).rows().to_dicts()
    assert seen(row, "id", "recomputed", "inputs") == ("X-2", pytest.approx(1000 / 14), "part 10; total X-1")
    assert row["tolerance"] == pytest.approx((10.5 / 13 - 10 / 14) * 100 + 0.5)


def test_relations_that_go_round_in_a_circle_are_refused() -> None:
    entries = [
        {"id": "X-1", "kind": "sum", "parts": "id:X-2"},
        {"id": "X-2", "kind": "sum", "parts": ["id:X-3"]},
        {"id": "X-3", "kind": "equal", "value": "id:X-1"},
    ]
    with pytest.raises(RelationFault, match=r"^Relation X-1: X-1 → X-2 → X-3 → X-1 go round in a circle\.$"):
        tie_out(entries, t=cells("1")).rows()


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"kind": "equal", "value": "s.x"}, "“s.x”: there is no table “s”."),
        ({"kind": "equal", "value": "t.y[name=a]"}, "“t.y[name=a]” names no column of its table."),
        ({"kind": "equal", "value": "id:X-7"}, "there is no relation X-7."),
        ({"kind": "equal", "value": "fit:people"}, "there is no fit “people”."),
        ({"kind": "equal", "value": "figure nothing[area=A]"}, "No indicator is called “nothing”."),
        ({"kind": "equal"}, "a relation of kind equal needs a value."),
        ({"kind": "sum"}, "a sum gives its parts, and computes the total."),
        ({"kind": "share", "part": A}, "a share gives all of share, part, total but one."),
        ({"kind": "share", "part": A, "total": B, "share": A}, "a share gives all of share, part, total but one."),
        ({"kind": "share", "part": A, "total": [A, f"minus {A}"]}, "its share cannot be computed: a denominator is 0."),
        (
            {"kind": "sum", "parts": [A, MOST]},
            f"“4 + {MANY} (so)” is too large a number to be computed with.",
        ),
        ({"kind": "cost", "volume": MOST, "unit_cost": B}, "its cost cannot be computed: it is too large a number."),
        ({"kind": "equal", "value": "minus " * 5000 + A}, "too many terms rest on one another."),
        ({"kind": "equal", "value": A, "printed": "many"}, "“many” holds no number."),
        (
            {"kind": "share", "part": A, "total": B, "printed": "9"},
            "it does not match, so it must say which input to solve for (solve_for).",
        ),
        (
            {"kind": "share", "part": A, "total": B, "printed": "9", "solve_for": "weeks"},
            "a share cannot be solved for “weeks”.",
        ),
        (
            {"kind": "equal", "value": A, "printed": "cell t.x"},
            "“t.x” finds 2 rows where it must find one printed text.",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_the_relation_s_id(entry: dict[str, Any], sentence: str) -> None:
    def figure(key: str, where: dict[str, str]) -> float:
        raise NotFound(f"No indicator is called “{key}”.")

    with pytest.raises(RelationFault) as fault:
        tie_out([{"id": "X-1", **entry}], figure=figure, t=cells("4", "2")).rows()
    assert str(fault.value) == f"Relation X-1: {sentence}"


def test_a_cell_s_printed_text_may_be_what_was_published() -> None:
    row = one("10", "9.8", kind="equal", value=A, printed=f"cell {B}")
    assert seen(row, "printed", "published", "status") == ("9.8", 9.8, "match")
    blank = pl.DataFrame({"name": ["a"], "x": [10.0], "y": [None], "y_printed": pl.Series([None], dtype=pl.String)})
    (row,) = tie_out([{"id": "X-1", "kind": "equal", "value": A, "printed": "cell t.y"}], t=blank).rows().to_dicts()
    assert seen(row, "printed", "status") == ("", "derived")


def test_a_figure_may_be_an_input() -> None:
    def figure(key: str, where: dict[str, str]) -> float | None:
        return {"gap": 3.5}.get(key) if where == {"area": "A"} else None

    entry = {"id": "X-1", "kind": "equal", "value": "figure gap[area=A]", "printed": "3.5"}
    (row,) = tie_out([entry], figure=figure).rows().to_dicts()
    assert seen(row, "recomputed", "status") == (3.5, "match")


def test_natures_are_told_apart_and_hidden_ones_left_out() -> None:
    entries = [
        {"id": "X-1", "kind": "equal", "value": A},
        {"id": "X-2", "kind": "equal", "value": A, "nature": "control"},
        {"id": "X-3", "kind": "equal", "value": A, "nature": "control", "hidden": True},
    ]
    made = tie_out(entries, t=cells("1"))
    assert made.rows()["id"].to_list() == ["X-1", "X-2"]
    assert made.rows(nature="control")["id"].to_list() == ["X-2"]
    assert tie_out([]).rows().shape == (0, len(COLUMNS))


def test_where_the_first_cells_of_a_relation_stand() -> None:
    entries = [
        {"id": "X-1", "kind": "sum", "parts": ["number 2 because two are missing", f"minus {B}", A]},
        {"id": "X-2", "kind": "share", "part": "id:X-1", "total": A},
        {"id": "X-3", "kind": "equal", "value": "number 2 because two are missing"},
    ]
    made = tie_out(entries, t=cells("1", "2"))
    assert [made.origin(name) for name in ("X-1", "X-2", "X-3")] == [
        Origin("t", "x", (1,)),
        Origin("t", "x", (1,)),
        None,
    ]


# Fits

PRINTED = pl.DataFrame(
    {
        "condition": ["Phobia", "Panic", "Anxiety", "Any", "Other"],
        "people": [1100.0, 300.0, 2000.0, 8000.0, None],
        "people_printed": ["1,100", "300", "2,000", "8,000", None],
        "rate": [500.0, 150.0, 1000.0, 4000.0, 70.0],
        "rate_printed": ["500", "150", "1000", "4000", "70"],
    }
)
PEOPLE = {
    "name": "people", "rows": "t", "count": "t.people[condition={condition}]", "per": 100_000,
    "rate": "t.rate[condition={condition}]", "reason": "Not printed.",
}  # fmt: skip
ANY = {
    "kind": "rate", "count": "t.people[condition=Any]", "population": "fit:people", "per": 100_000,
    "solve_for": "count", "exact": True, "printed": "4000",
}  # fmt: skip
PHOBIA = {**ANY, "count": "t.people[condition=Phobia]", "printed": "500"}


def fitted(**changed: Any) -> tuple[Row, Row]:
    """The rows of a rate that is printed right and of one that is misprinted, over the population that is solved."""
    entries = [{"id": "X-1", **ANY}, {"id": "X-2", **PHOBIA}]
    anybody, phobia = tie_out(entries, fits=({**PEOPLE, **changed},), t=PRINTED).rows().to_dicts()
    return anybody, phobia


def test_least_absolute_deviations_find_the_misprint() -> None:
    anybody, phobia = fitted(method="least absolute deviations")
    assert seen(anybody, "status", "recomputed") == ("fitted_match", 4000)
    assert seen(phobia, "status", "recomputed", "implied") == ("discrepancy", pytest.approx(550), 1000)
    algorithm = "least absolute deviations, each row weighted by the precision of its printed rate"
    assert anybody["inputs"] == f"count 8,000; population people, solved by {algorithm} from 4 rows"


def test_least_squares_are_drawn_to_a_misprint_unless_it_is_left_out() -> None:
    assert fitted(method="least squares")[0]["status"] == "discrepancy"
    anybody, phobia = fitted(method="least squares", leave_out=["Phobia"])
    assert seen(anybody, "status", "recomputed") == ("fitted_match", 4000)
    assert phobia["status"] == "discrepancy"


def test_a_fit_without_rows_is_told() -> None:
    with pytest.raises(RelationFault, match=r"^Relation X-1: the fit “people” has no row to learn from\.$"):
        fitted(rows="t[condition=Nothing]")


def test_a_fit_that_rests_on_itself_is_told() -> None:
    circle = r"^Relation X-1: X-1 → fit:people → fit:people go round in a circle\.$"
    with pytest.raises(RelationFault, match=circle):
        fitted(count="fit:people")


def test_a_fit_of_rates_too_small_to_be_squared_is_told() -> None:
    tiny = PRINTED.with_columns(pl.col("rate") * 1e-300, rate_printed=pl.lit(None, dtype=pl.String))
    with pytest.raises(RelationFault, match=r"^Relation X-1: the fit “people” cannot be solved: its rates are too "):
        tie_out([{"id": "X-1", **ANY}], fits=(PEOPLE,), t=tiny).rows()


# Whatever is declared

ROLE_NAMES = {role for roles in ROLES.values() for role in roles}
KINDS = [ANY, *(entry for entry, _ in FORMULAE.values()), {"kind": "about", "value": ALL, "printed": "about 7"}]
KEYS = sorted({field.name for field in fields(Relation)} | ROLE_NAMES | {"for_each", "ids", "weeks"})
FIT_KEYS = sorted(field.name for field in fields(Fit))
WORDS = (
    "sum ", "mean ", "minus ", "round ", "count ", "distinct ", "figure ", "cell ", "number ", "id:X-1", "fit:people",
    "t", ".x", ".name", "[name=a]", "[name=z]", "-1", "0", "9" * 400, " because", " so", "{a}",
)  # fmt: skip
TERM = st.lists(st.sampled_from(WORDS), max_size=5).map("".join)
PLAIN = (
    TERM
    | st.text(max_size=8)
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.sampled_from([A, B, ALL, "parts", "total", "published", "%", "GBP million", 10**400])
)
DECLARED = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=4,
)


BOTH = pl.concat([PRINTED.head(3), cells("10", "0", "-1")], how="horizontal")


def told_or_shown(relation: dict[str, Any], fit: dict[str, Any]) -> str | list[float]:
    """The sentence that refuses what is declared, or every number that is shown of it."""
    try:
        relations = relations_from({"relation": [{**CITED, "id": "X-1", **relation}]})
        made = TieOut({one.id: one for one in relations}, fits_from({"fit": [fit]}), {"t": BOTH}, no_figure)
        return [cell for row in made.rows().iter_rows() for cell in row if isinstance(cell, float)]
    except ParityError as fault:
        return str(fault)


def check_told_or_shown(found: str | list[float]) -> None:
    assert found.endswith(".") if isinstance(found, str) else all(map(isfinite, found))


@pytest.mark.parametrize("key", KEYS)
@settings(deadline=None, max_examples=40)
@given(value=DECLARED, other=st.dictionaries(st.sampled_from(KEYS), DECLARED, max_size=2), kind=st.sampled_from(KINDS))
def test_whatever_a_relation_holds_is_shown_or_refused(key: str, value: Any, other: Row, kind: Row) -> None:
    check_told_or_shown(told_or_shown({**kind, **other, key: value}, PEOPLE))


@pytest.mark.parametrize("key", FIT_KEYS)
@settings(deadline=None, max_examples=40)
@given(value=DECLARED)
def test_whatever_a_fit_holds_is_shown_or_refused(key: str, value: Any) -> None:
    check_told_or_shown(told_or_shown(ANY, {**PEOPLE, key: value}))
