"""What a programme declares about its published figures, and the terms it uses."""

import re
import tomllib
from math import nan
from typing import Any

import polars as pl
import pytest

from parity.methods.quantities import EmptyCell, Origin, Quantity, Reader, conditions, number_in
from parity.methods.relations import ROLES, Fit, Relation, RelationFault, fits_from, relations_from

AMOUNT = "a number of 0 or more, and not too large"
SAYS = {"id": "X-1", "source": "000", "place": "p1", "says": "A total"}
SUM = {**SAYS, "kind": "sum", "parts": "sum spend.gbp"}


def declared(**fields: Any) -> dict[str, Any]:
    return {"relation": [{**SUM, **fields}]}


def without(*names: str, **fields: Any) -> dict[str, Any]:
    entry = {**SUM, **fields}
    return {"relation": [{name: value for name, value in entry.items() if name not in names}]}


# Declarations


def test_a_relation_is_read() -> None:
    (relation,) = relations_from(declared(printed="24", exact=["parts"], solve_for="parts", nature="control"))
    assert relation == Relation(
        id="X-1", kind="sum", source="000", place="p1", says="A total", terms={"parts": "sum spend.gbp"}, printed="24",
        exact=("parts",), solve_for="parts", nature="control",
    )  # fmt: skip


@pytest.mark.parametrize(("given", "read"), [(True, ("part", "total")), (False, ()), (["part"], ("part",))])
def test_all_inputs_may_be_exact(given: object, read: tuple[str, ...]) -> None:
    entry = {**SAYS, "kind": "share", "part": "a.b", "total": "a.c", "exact": given}
    (relation,) = relations_from({"relation": [entry]})
    assert relation.exact == read


def test_nothing_declared_is_nothing() -> None:
    assert (relations_from({}), fits_from({})) == ([], {})


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"relation": {"id": "X-1"}}, "Each relation is written as [[relation]] with its fields below."),
        ({"relation": ["X-1"]}, "Each relation is written as [[relation]] with its fields below."),
        ({"relation": [SUM, SUM]}, "Relation X-1 is declared twice: give each its own id."),
        (declared(kind="average"), f"Relation X-1: kind “average” is none of {', '.join(ROLES)}."),
        (without("kind"), f"Relation X-1: kind “” is none of {', '.join(ROLES)}."),
        (without("id"), "Relation (without id): the field “id” is missing."),
        (without("place"), "Relation X-1: the field “place” is missing."),
        (declared(kind=["cost"]), f"Relation X-1: kind “['cost']” is none of {', '.join(ROLES)}."),
        (declared(volume="spend.gbp"), "Relation X-1: there is no field volume."),
        (declared(terms=3), "Relation X-1: there is no field terms."),
        (declared(printd="24"), "Relation X-1: there is no field printd."),
        (declared(printed=24), "Relation X-1: “printed” must be a text in quotation marks."),
        (declared(per="1000"), f"Relation X-1: “per” must be {AMOUNT}."),
        *((declared(per=number), f"Relation X-1: “per” must be {AMOUNT}.") for number in (True, -1, nan, 10**400)),
        (declared(rounded_to=[5]), f"Relation X-1: “rounded_to” must be {AMOUNT}."),
        (declared(hidden="yes"), "Relation X-1: “hidden” must be true or false."),
        (declared(exact="parts"), "Relation X-1: “exact” must be a list of texts."),
        (declared(exact=""), "Relation X-1: “exact” must be a list of texts."),
        (declared(exact=[["parts"]]), "Relation X-1: “exact” must be a list of texts."),
        (declared(exact=["volume"]), "Relation X-1: “exact” names a role that is not given."),
        (declared(parts=[]), "Relation X-1: each role is a term or a list of terms."),
        (declared(parts=7), "Relation X-1: each role is a term or a list of terms."),
        (declared(parts=[["spend.gbp"]]), "Relation X-1: each role is a term or a list of terms."),
        (declared(parts={"Home Care": "spend.gbp"}), "Relation X-1: each role is a term or a list of terms."),
        (declared(parts=["spend.gbp", ""]), "Relation X-1: each role is a term or a list of terms."),
        (
            declared(status="match", printed="1", reason="So."),
            "Relation X-1: arithmetic decides; declared is only cross_check or ambiguous.",
        ),
        (declared(status="ambiguous", printed="1"), "Relation X-1: its status needs “printed” and “reason”."),
        (declared(status="cross_check", reason="So."), "Relation X-1: its status needs “printed” and “reason”."),
        (declared(nature="contrl"), "Relation X-1: its nature is published or control."),
        (declared(solve_for="population"), "Relation X-1: “solve_for” names no input of its own."),
        (declared(solve_for="total"), "Relation X-1: “solve_for” names no input of its own."),
        (
            {"relation": [{**SAYS, "kind": "label", "printed": "per 1,000"}]},
            "Relation X-1: a label needs “printed” and “right”.",
        ),
        (
            {"relation": [{**SUM, "for_each": "service"}]},
            "A relation for each service needs “ids”: one id for each.",
        ),
        (
            declared(for_each=3, ids={"Home Care": "L-1", "Day Care": "L-2"}),
            "Relation L-1, L-2: “for_each” must be a text in quotation marks.",
        ),
        (
            declared(for_each="service", ids={"Home Care": 7}),
            "Relation 7: “id” must be a text in quotation marks.",
        ),
        (
            declared(for_each="service", ids={"Home Care": "L-1"}, says={"Day Care": "A total"}),
            "Relation L-1: the field “says” is missing.",
        ),
        ({"fit": [{"name": "people"}]}, "Fit people: the field “rows” is missing."),
    ],
)
def test_what_cannot_be_read_is_told_with_its_relation(entries: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RelationFault) as fault:
        _ = relations_from(entries), fits_from(entries)
    assert str(fault.value) == sentence


EACH = """
[[relation]]
for_each = "service"
ids = { "Home Care" = "L-1", "Day Care" = "L-2" }
source = "000"
place = "p1"
says = "{service}: cost"
kind = "sum"
parts = ['costs.gbp[service="{service}"]', 'minus costs.grant[service="{service}"]']
solve_for = "parts"
hidden = true

[relation.printed]
"Home Care" = "41.8"

[relation.reason]
"Day Care" = "Of {service}."
"""


def test_one_entry_for_each_is_written_out() -> None:
    home, day = relations_from(tomllib.loads(EACH))
    assert [(one.id, one.says, one.printed, one.reason) for one in (home, day)] == [
        ("L-1", "Home Care: cost", "41.8", ""),
        ("L-2", "Day Care: cost", "", "Of Day Care."),
    ]
    assert (home.hidden, day.solve_for) == (True, "parts")
    assert day.terms == {"parts": ['costs.gbp[service="Day Care"]', 'minus costs.grant[service="Day Care"]']}


FIT = {"name": "people", "rows": "t", "count": "t.n", "rate": "t.r", "per": 1000, "reason": "Not printed."}


def test_a_fit_is_read() -> None:
    assert fits_from({"fit": [{**FIT, "leave_out": ["Any"]}]}) == {
        "people": Fit("people", "t", "t.n", "t.r", 1000, "Not printed.", "least squares", ("Any",))
    }


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"name": "people"}, "Fit people: the field “rows” is missing."),
        ({}, "Fit (without name): the field “name” is missing."),
        ({**FIT, "residual": "count"}, "Fit people: there is no field residual."),
        ({**FIT, "leave_out": [["Any"]]}, "Fit people: “leave_out” must be a list of texts."),
        ({**FIT, "method": "by eye"}, "Fit people: its method is least squares or least absolute deviations."),
        ({**FIT, "per": "1000"}, f"Fit people: “per” must be {AMOUNT}."),
    ],
)
def test_a_fit_that_cannot_be_read_is_told(entry: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RelationFault) as fault:
        fits_from({"fit": [entry]})
    assert str(fault.value) == sentence


# Terms

SPEND = pl.DataFrame(
    {
        "service": ["Home Care", "Day Care", "Meals, at home", "Day Care"],
        "year": [2008.0, 2008.0, 2009.0, 2009.0],
        "gbp": [2_290_500.0, 1_000_000.0, None, 250_000.0],
        "gbp_printed": ["2,290.5", "1,000.0", None, "250.0"],
        "place": ["p1", "p2", "p3", None],
    }
)
FLAGS = pl.DataFrame({"name": ["a", "b"], "agreed": [True, False], "size": [1.0, 2.0]})
OTHER = Quantity(12.5, 0.25, "X-9")


def reader(**tables: pl.DataFrame) -> Reader:
    figures = {"known": 3.5}
    return Reader(
        tables or {"spend": SPEND, "flags": FLAGS},
        lambda key, where: figures.get(key) if where == {"area": "A"} else None,
        {"X-9": OTHER, "X-5": Quantity(2.5)}.__getitem__,
        {"people": Quantity(202_071, 0, "people", True)}.__getitem__,
    )


@pytest.mark.parametrize(
    ("term", "value", "half"),
    [
        ('spend.gbp[service="Home Care"]', 2_290_500, 50),
        ("spend.gbp[service=Home Care]", 2_290_500, 50),
        ('spend.gbp[service="Day Care", year=2008]', 1_000_000, 50),
        ("spend.gbp[year=2008.0,service=Day Care]", 1_000_000, 50),
        ("sum spend.gbp", 3_540_500, 150),
        ('sum spend.gbp[service="Day Care"]', 1_250_000, 100),
        ('mean spend.gbp[service="Day Care"]', 625_000, 50),
        ("minus sum spend.gbp[year=2008]", -3_290_500, 100),
        (["sum spend.gbp[year=2008]", "minus spend.gbp[service=Home Care]"], 1_000_000, 150),
        ("count spend[year=2009]", 2, 0),
        ("count spend", 4, 0),
        ("count spend[year=1066]", 0, 0),
        ("distinct spend.service", 3, 0),
        ("flags.size[agreed=true]", 1, 0),
        ("id:X-9", 12.5, 0.25),
        ("round id:X-9", 13, 0),
        ("round id:X-5", 3, 0),
        ("fit:people", 202_071, 0),
        ("figure known[area=A]", 3.5, 0),
        ("number 31 because days in July", 31, 0),
        ("number -1.5 because of debts", -1.5, 0),
    ],
)
def test_each_term_is_a_quantity(term: str | list[str], value: float, half: float) -> None:
    found = reader().quantity(term)
    assert (found.value, found.half) == (value, half)


def test_a_value_with_a_comma_stands_in_quotes() -> None:
    assert reader().rows('spend[service="Meals, at home"]')[0].height == 1


def test_its_words_say_what_was_printed_where_and_what_was_left_out() -> None:
    assert reader().quantity("sum spend.gbp[year=2009]").words == "250.0; 1 rows without a number left out"
    assert reader().quantity("minus sum spend.gbp[year=2008]").words == "− 2,290.5 (p1) + 1,000.0 (p2)"
    assert reader().quantity("flags.size[name=a]").words == "1.0"
    assert reader().quantity("number 31 because days in July").words == "31 (days in July)"


def test_a_fitted_number_stays_fitted() -> None:
    assert [
        reader().quantity(term).fitted for term in ("fit:people", "round fit:people", ["fit:people"], "id:X-9")
    ] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        ("spend", "“spend” names no column of its table."),
        ("spend.nothing", "“spend.nothing” names no column of its table."),
        ("budget.gbp", "“budget.gbp”: there is no table “budget”."),
        ("spend.gbp[colour=red]", "“spend.gbp[colour=red]”: the table “spend” has no column “colour”."),
        (
            "spend.gbp[service=Day Care]",
            "“spend.gbp[service=Day Care]” finds 2 rows where it must find one; say “sum” if several are meant.",
        ),
        ("spend.gbp[service=Dentist]", "“spend.gbp[service=Dentist]” finds no row."),
        ("sum spend.gbp[year=many]", "“spend.gbp[year=many]” finds no row."),
        ("spend.service[service=Home Care]", "“spend.service[service=Home Care]”: the column holds text, not numbers."),
        ("spend.gbp[service]", "“service” is not a list of key=value."),
        ('spend.gbp[service="Home]', '“service="Home” is not a list of key=value.'),
        ("spend gbp", "“spend gbp” is not of the form table.column[key=value]."),
        ("distinct spend", "“spend” names no column whose values could be told apart."),
        ("figure unknown[area=A]", "The figure unknown[area=A] is missing."),
        ("figure known.value", "“figure known.value” is not of the form figure indicator[key=value]."),
        ("number 31", "“number 31” must read “number N because …”."),
        (f"number {'9' * 400} because so", f"“{'9' * 40}…” is too large a number to be computed with."),
        ("number -1000000000000001 because so", "“-1000000000000001 (so)” is too large a number to be computed with."),
        (
            ["number 999999999999999 because so", "number 2 because so"],
            "“999999999999999 (so) + 2 (so)” is too large a number to be computed with.",
        ),
        ("number 3.1.2 because of this", "“number 3.1.2 because of this” must read “number N because …”."),
    ],
)
def test_a_term_that_stands_for_nothing_is_told(term: str | list[str], sentence: str) -> None:
    with pytest.raises(RelationFault) as fault:
        reader().quantity(term)
    assert str(fault.value) == sentence


def test_cells_without_any_number_are_told_apart_from_no_rows() -> None:
    with pytest.raises(EmptyCell, match=r"^“spend.gbp\[service=\"Meals, at home\"\]” finds no number\.$"):
        reader().quantity('spend.gbp[service="Meals, at home"]')


def test_the_printed_text_of_a_cell() -> None:
    assert reader().printed("spend.gbp[service=Home Care]") == "2,290.5"
    assert reader().printed('spend.gbp[service="Meals, at home"]') == ""
    assert reader().printed("flags.size[name=a]") == "1.0"
    for selector in ("spend.gbp", "spend[service=Home Care]", "spend.gbp[service=Dentist]"):
        with pytest.raises(RelationFault, match=r"rows where it must find one printed text\.$"):
            reader().printed(selector)


@pytest.mark.parametrize(
    ("term", "origin"),
    [
        ("sum spend.gbp[year=2009]", Origin("spend", "gbp", (2, 3))),
        (["minus sum spend.gbp[year=2008]", "flags.size[name=a]"], Origin("spend", "gbp", (0, 1))),
        ("count flags", Origin("flags", None, (0, 1))),
        ("id:X-9", None),
        ("number 31 because days in July", None),
        ("figure known[area=A]", None),
    ],
)
def test_where_cells_stand(term: str | list[str], origin: Origin | None) -> None:
    assert reader().origin(term) == origin


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ('a="x, y", b = z w ,c=', {"a": "x, y", "b": "z w", "c": ""}),
        ('a="",b="="', {"a": "", "b": "="}),
    ],
)
def test_conditions(text: str, found: dict[str, str]) -> None:
    assert conditions(text) == found


@pytest.mark.parametrize("text", ["a", "=1", 'a="1', "a=1,,b=2"])
def test_what_are_no_conditions(text: str) -> None:
    bad = re.escape(f"“{text}” is not a list of key=value.")
    with pytest.raises(RelationFault, match=f"^{bad}$"):
        conditions(text)


@pytest.mark.parametrize(
    ("text", "number", "half"),
    [
        ("24%", 24, 0.5),
        ("61.3%", 61.3, 0.05),
        ("2,290.5", 2290.5, 0.05),
        ("about £1.4m", 1.4, 0.05),
        ("in excess of £450,000", 450_000, 0.5),
        ("-3.25", -3.25, 0.005),
        ("−3", -3, 0.5),
        (".5", 0.5, 0.05),
        ("0", 0, 0.5),
        ("all the targets (37)", 37, 0.5),
        ("195.68", 195.68, 0.005),
    ],
)
def test_a_printed_number_and_half_its_last_digit(text: str, number: float, half: float) -> None:
    found = number_in(text)
    assert (found[0], found[1]) == (number, pytest.approx(half, rel=1e-12))


def test_a_text_without_a_number_is_told() -> None:
    with pytest.raises(RelationFault, match=r"^“many” holds no number\.$"):
        number_in("many")


def test_a_printed_number_too_large_is_told() -> None:
    with pytest.raises(RelationFault, match=r"^“£9,999,999,999,999,999” is too large a number to be computed with\.$"):
        number_in("£9,999,999,999,999,999")
