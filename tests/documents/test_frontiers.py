"""Frontier charts: portfolios that no other beats, however many others there are."""

import polars as pl
import pytest

from parity.documents.frontiers import COLUMNS, Measure, frontier_chart
from parity.documents.pictures import svg_of
from parity.terms.figure import Figure
from parity.terms.units import Unit
from tests.documents.sample import PEOPLE, SPEND, figure

MEASURES = {"cost": Measure("Cost", Unit.GBP), "gain": Measure("Saving", Unit.GBP)}
TOLD = {"slug": "frontier", "title": "Which mix", **MEASURES}
ROWS = [
    ("Team and homes", 300.0, 500.0, True, True),
    ("Nothing", 0.0, 0.0, True, False),
    ("Team", 100.0, 350.0, True, False),
    ("Homes", 200.0, 150.0, False, False),
]
FRAME = pl.DataFrame(ROWS, schema=COLUMNS, orient="row")
BUDGET = figure(SPEND, "Kent", 250.0)


def test_the_efficient_are_numbered_and_named_by_cost() -> None:
    chart = frontier_chart(FRAME, **TOLD, budget=BUDGET)
    shown = [tuple(cell.text if isinstance(cell, Figure) else cell for cell in row) for row in chart.table.rows]
    assert shown == [
        ("1", "Nothing", "£0", "£0", "–"),
        ("2", "Team", "£100", "£350", "–"),
        ("3", "Team and homes", "£300", "£500", "chosen"),
        ("–", "Budget", "£250", "–", "–"),
    ]
    assert chart.table.notes == ("Others, which cost more or bring less than one of these: 1.",)
    assert chart.description == (
        "4 portfolios by cost and gain. No other beats 3 of them on both. The cheapest of these: Nothing, £0 for £0. "
        "The dearest: Team and homes, £300 for £500. Chosen: Team and homes, £300 for £500. "
        "Within the budget of £250: 3."
    )


def test_it_is_drawn_with_numbers_choice_and_budget() -> None:
    svg = svg_of(frontier_chart(FRAME, **TOLD, budget=BUDGET))
    words = ("1", "2", "chosen: 3", "Budget: £250", "Cost", "Saving")
    assert [svg.count(f">{each}<") for each in words] == [1] * 6


def test_a_choice_off_the_frontier_has_no_number() -> None:
    chosen = FRAME.with_columns(chosen=pl.col("portfolio") == "Homes")
    chart = frontier_chart(chosen, **TOLD)
    assert [row[0] for row in chart.table.rows] == ["1", "2", "–", "3"]
    assert chart.table.notes == ()
    assert svg_of(chart).count(">chosen<") == 1


def test_thousands_are_counted_in_cells_and_the_drawing_stays_small() -> None:
    many = pl.DataFrame({"number": range(8192)}).select(
        portfolio=pl.format("Portfolio {}", "number"),
        cost=(pl.col("number") * 7919 % 8192).cast(pl.Float64),
        gain=(pl.col("number") * 104_729 % 8191).cast(pl.Float64),
        efficient=pl.col("number") % 128 == 0,
        chosen=pl.lit(value=False),
    )
    chart = frontier_chart(many, **TOLD)
    dots = chart.spec["layer"][0]["data"]["values"]
    assert sum(dot["count"] for dot in dots) == 8192 - 64
    assert len(dots) <= 24 * 18
    assert len(svg_of(chart)) < 150_000


def test_frontiers_below_nought_or_of_one_point_are_drawn() -> None:
    one = pl.DataFrame([("Alone", 0.0, 0.0, True, False)], schema=COLUMNS, orient="row")
    below = pl.DataFrame([("Alone", 5.0, -9.0, True, False), ("Next", 7.0, -3.0, True, True)], schema=COLUMNS,
                         orient="row")  # fmt: skip
    assert svg_of(frontier_chart(one, **TOLD)).count(">1<") == 1
    words = "1 portfolio by cost and gain. No other beats 1 of them on both. It is: Alone, £0 for £0."
    assert frontier_chart(one, **TOLD).description == words
    chosen = frontier_chart(one.with_columns(chosen=pl.lit(value=True)), **TOLD)
    assert chosen.description == f"{words} It is chosen."
    assert svg_of(frontier_chart(below, **TOLD)).count(">chosen: 2<") == 1


@pytest.mark.parametrize(
    ("frame", "budget", "words"),
    [
        (FRAME.with_columns(gain=pl.lit(None, pl.Float64)), None, "needs the cost and the gain of every portfolio"),
        (FRAME.with_columns(gain=pl.lit(float("nan"))), None, "needs the cost and the gain of every portfolio"),
        (FRAME.with_columns(efficient=pl.lit(value=False)), None, "has efficient portfolios"),
        (FRAME.with_columns(chosen=pl.lit(value=True)), None, "at most one that is chosen"),
        (FRAME, figure(PEOPLE, "Kent", 1.0), "the budget is not in the unit of the cost"),
    ],
)
def test_what_cannot_be_shown_is_refused(frame: pl.DataFrame, budget: Figure | None, words: str) -> None:
    with pytest.raises(ValueError, match=f"frontier: .*{words}|frontier: {words}"):
        frontier_chart(frame, **TOLD, budget=budget)


def test_an_unknown_budget_is_told_and_not_drawn() -> None:
    chart = frontier_chart(FRAME, **TOLD, budget=figure(SPEND, "Kent", None))
    assert chart.spec["layer"] == frontier_chart(FRAME, **TOLD).spec["layer"]
