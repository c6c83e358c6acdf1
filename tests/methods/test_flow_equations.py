"""What equations come to, against the same expressions worked out number by number."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parity.methods.flow_equations import (
    BOUND,
    CONDITION,
    NO_NUMBER,
    OF_PEOPLE,
    ONE,
    UNREADABLE,
    Beyond,
    Floored,
    Limited,
    Ratio,
    Sum,
    Value,
    names_in,
    value_of,
)
from parity.terms.system_dynamics import key_of

STOCKS = ("home", "ward", "flat")
HOME, WARD = Sum(0, {"home": 1}), Sum(0, {"ward": 1})
FREE = Sum(20, {"ward": -1})


def meaning(key: str) -> Value:
    return Sum(0, {key: 1}) if key in STOCKS else Beyond(f"there is no {key}")


def read(equation: str) -> Value:
    return value_of(equation, meaning, key_of)


def worth(value: Value, people: Mapping[str, float]) -> float:
    """What a value is where so many people are."""
    match value:
        case Sum():
            return value.constant + sum(number * people[name] for name, number in value.stocks.items())
        case Floored():
            return max(worth(value.of, people), 0)
        case Ratio():
            return max(worth(value.free, people), 0) / max(worth(value.asking, people), 1e-12)
        case Limited():
            return worth(value.wanted, people) * min(1, worth(value.by, people))
    raise AssertionError(value)


NUMBERS = st.sampled_from(["0", "1", "0.5", "2", ".25", "1e-1", "3.0"])
EXPRESSIONS = st.recursive(
    NUMBERS | st.sampled_from([*STOCKS, '"home"', "Home"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/^"), inner),
        st.builds("-{}".format, inner),
        st.builds("{}({}, {})".format, st.sampled_from(["MAX", "min"]), inner, inner),
        st.builds("MIN(1, MAX(0, {0}) / MAX({1}, 1e-12)) * {1}".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(["EXP", "SQRT", "ABS"]), inner),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS, st.tuples(*[st.floats(0, 50)] * 3))
def test_what_is_followed_is_what_the_numbers_give(equation: str, numbers: tuple[float, ...]) -> None:
    value = read(equation)
    people = dict(zip(STOCKS, numbers, strict=True))
    assume(not isinstance(value, Beyond))
    names = {**people, "Home": people["home"], "MAX": max, "min": min, "MIN": min, "EXP": math.exp, "ABS": abs}
    try:
        wanted = eval(equation.replace("^", "**").replace('"', ""), {**names, "SQRT": math.sqrt})
    except (ArithmeticError, ValueError):
        assume(False)
    assume(isinstance(wanted, float | int) and math.isfinite(wanted) and not isinstance(value, Ratio))
    assume(not isinstance(value, Limited) or worth(value.by.free, people) >= 0)
    assert worth(value, people) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("equation", "value"),
    [
        ("2 * home - home / 4 + 1", Sum(1, {"home": 1.75})),
        ("home - home", Sum(0, {"home": 0})),
        ("+home * 0", Sum(0, {"home": 0})),
        ("{people} 0.5 * home // 2", Sum(0, {"home": 0.25})),
        ("1 - EXP(-0)", Sum(0, {})),
        ("2 ^ 3 + LN(1)", Sum(8, {})),
        ("MAX(2, 3) + min(2, 3)", Sum(5, {})),
        ("MAX(home, 1e-12)", HOME),
        ("MAX(0, 20 - ward)", Floored(FREE)),
        ("2 * MAX(0, 20 - ward)", Floored(FREE.times(2))),
        ("(20 - ward) / home / 2", Ratio(FREE.times(0.5), HOME)),
        ("SAFEDIV(20 - ward, home)", Ratio(FREE, HOME)),
        ("ZIDZ(20 - ward, home, 1)", Ratio(FREE, HOME)),
        ("MIN(1, MAX(0, 20 - ward) / home)", Limited(ONE, Ratio(FREE, HOME))),
        ("home * MIN((20 - ward) / home, 1)", Limited(HOME, Ratio(FREE, HOME))),
        ("MIN(1, (20 - ward) / home) * 0.5 * home", Limited(HOME.times(0.5), Ratio(FREE, HOME))),
        ("MIN(home, 20 - ward)", Limited(HOME, Ratio(FREE, HOME))),
        ("MIN(MAX(20 - ward, 0), home)", Limited(HOME, Ratio(FREE, HOME))),
        ("1e400", Sum(math.inf, {})),
    ],
)
def test_followed(equation: str, value: Value) -> None:
    assert read(equation) == value


@pytest.mark.parametrize(
    ("equation", "why"),
    [
        ("home * ward", OF_PEOPLE),
        ("home * ward / flat", OF_PEOPLE),
        ("home ^ 2", OF_PEOPLE),
        ("MIN(1, (20 - ward) / home) / home", OF_PEOPLE),
        ("home * (MIN(1, (20 - ward) / home) * flat)", OF_PEOPLE),
        ("MIN(home, 20 - ward) + 1", BOUND),
        ("-MAX(0, 20 - ward)", BOUND),
        ("MAX(home, 1)", BOUND),
        ("MIN(20 - ward, 20 - home)", BOUND),
        ("1 / 0", NO_NUMBER),
        ("LN(-1)", NO_NUMBER),
        ("EXP(1e9)", NO_NUMBER),
        ("(-8) ^ 0.5", NO_NUMBER),
        ("IF home > 3 THEN 1 ELSE 2", CONDITION),
        ("home = 3", CONDITION),
        ("NOT home", CONDITION),
        ("", UNREADABLE),
        ("home[north]", UNREADABLE),
        ("(home", UNREADABLE),
        ("home, ward", UNREADABLE),
        ("home ward", UNREADABLE),
        ("2(home)", UNREADABLE),
        ("+" * 20_001, UNREADABLE),
        ("(" * 500 + "home" + ")" * 500, UNREADABLE),
        ("-" * 5_000 + "home", UNREADABLE),
        ("DELAY3(home, 5)", "it uses the function DELAY3"),
        ("ABS(home)", "it uses the function ABS"),
        ("MIN(1, 2, 3)", "it uses the function MIN"),
        ("__import__(home)", "it uses the function _IMPORT_"),
        ("nobody", "there is no nobody"),
        ("-nobody", "there is no nobody"),
        ("nobody + home", "there is no nobody"),
        ("home - nobody", "there is no nobody"),
        ("home * nobody", "there is no nobody"),
        ("home / nobody", "there is no nobody"),
        ("nobody ^ 2", "there is no nobody"),
        ("2 ^ nobody", "there is no nobody"),
        ("MIN(home, nobody)", "there is no nobody"),
        ("home.ward", "there is no home.ward"),
    ],
)
def test_beyond(equation: str, why: str) -> None:
    assert read(equation) == Beyond(why)


def test_an_equation_of_very_many_parts_is_no_harm() -> None:
    assert read("+".join(["home"] * 4_000)) in (Sum(0, {"home": 4_000}), Beyond(UNREADABLE))


def test_names() -> None:
    assert [*names_in('MAX(0, "Acute (18-64)" - 3) {not me} * rate_2')] == ["MAX", '"Acute (18-64)"', "rate_2"]
