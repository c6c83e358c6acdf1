"""Waterfall charts: from one amount to another by steps that add up."""

import pytest

from parity.documents.drawing import Point
from parity.documents.pictures import svg_of
from parity.documents.steps import DOWN, TOTAL, UP, waterfall_chart
from parity.terms.figure import Figure
from tests.documents.sample import PEOPLE, SPEND, figure

TOLD = {"slug": "steps", "title": "Why the cost changes", "labels": "Step"}


def at(label: str, value: float | None, **more: float) -> Point:
    return Point(label, figure(SPEND, "Kent", value, **more))


START, END = at("As it is", 1000.0), at("To be", 800.0, lower=700.0, upper=900.0)
STEPS = [at("People move on", -500.0, lower=-600.0, upper=-400.0), at("New homes", 300.0)]


def test_each_step_begins_where_the_last_one_ended() -> None:
    rows = waterfall_chart(START, STEPS, END, **TOLD).spec["data"]["values"]
    assert [(row["label"], row["kind"], row["base"], row["reached"], row["text"]) for row in rows] == [
        ("As it is", TOTAL, 0, 1000, "£1,000"),
        ("People move on", DOWN, 1000, 500, "−£500"),
        ("New homes", UP, 500, 800, "+£300"),
        ("To be", TOTAL, 0, 800, "£800"),
    ]
    assert [(row.get("lower"), row.get("upper")) for row in rows] == [(None, None), (400, 600), (None, None),
                                                                      (700, 900)]  # fmt: skip


def test_words_and_table_hold_every_step() -> None:
    chart = waterfall_chart(START, STEPS, END, **TOLD)
    assert chart.description == (
        "Waterfall chart. From £1,000 (As it is) to £800 (To be) in 2 steps: People move on, −£500; New homes, +£300."
    )
    shown = [tuple(cell.text if isinstance(cell, Figure) else cell for cell in row) for row in chart.table.rows]
    assert shown == [("As it is", "£1,000"), ("People move on", "−£500"), ("New homes", "£300"), ("To be", "£800")]


def test_small_steps_of_large_amounts_are_seen_and_the_axis_says_where_it_begins() -> None:
    chart = waterfall_chart(at("Before", 482_400.0), STEPS, at("After", 482_200.0), **TOLD)
    assert [row["base"] for row in chart.spec["data"]["values"]] == [481_500, 482_400, 481_900, 481_500]
    assert chart.description.endswith("The axis begins at £481,500, not at nought.")
    assert svg_of(chart).count(">Pounds (axis begins at £481,500)<") == 1


def test_levels_may_lie_below_nought() -> None:
    chart = waterfall_chart(at("Before", 100.0), STEPS, at("After", -100.0), **TOLD)
    assert [row["reached"] for row in chart.spec["data"]["values"]] == [100, -400, -100, -100]
    assert chart.spec["layer"][1]["encoding"]["x"]["scale"]["domain"] == [-515, 115]


def test_it_is_drawn_with_a_key_and_without_whiskers_where_there_are_none() -> None:
    svg = svg_of(waterfall_chart(START, STEPS, END, **TOLD))
    assert [svg.count(f">{words}<") for words in (UP, DOWN, TOTAL, "−£500", "+£300")] == [1, 1, 0, 1, 1]
    plain = waterfall_chart(START, [at("One", -300.0), at("Two", 0.0)], at("End", 700.0), **TOLD)
    assert [layer["mark"]["type"] for layer in plain.spec["layer"]] == ["line", "bar", "text"]


REFUSED = {
    "has 2 to 10 steps, not 1": (START, STEPS[:1], END),
    "needs a value at every step": (START, [*STEPS, at("Unknown", None)], END),
    "all in one unit": (START, [*STEPS, Point("People", figure(PEOPLE, "Kent", 0.0))], END),
    "needs a name of its own": (START, [*STEPS, at("As it is", 0.0)], END),
    "add up to its end; these do not": (START, STEPS, at("To be", 801.0)),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_shown_is_refused(words: str) -> None:
    start, steps, end = REFUSED[words]
    with pytest.raises(ValueError, match=f"steps: .*{words}"):
        waterfall_chart(start, steps, end, **TOLD)
