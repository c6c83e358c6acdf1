"""Control charts: a series with its mean, its limits and the points that are more than chance."""

import pytest

from parity.documents.control import COMMON, ControlPoint, process_chart, said
from parity.documents.pictures import svg_of
from parity.terms.figure import Figure
from tests.documents.sample import RATE, SHARE, figure

ENDS = {"mean": 0.5, "lower": 0.4, "upper": 0.6}
POINTS = [
    ControlPoint(figure(SHARE, "Kent", 0.5, "2025-01"), **ENDS, verdict=COMMON),
    ControlPoint(figure(SHARE, "Kent", None, "2025-02"), **ENDS),
    ControlPoint(figure(SHARE, "Kent", 0.625, "2025-03"), **ENDS, rule="outside", verdict="improvement"),
    ControlPoint(figure(SHARE, "Kent", 0.55, "2025-04"), **ENDS, rule="shift", verdict="neutral"),
]
KEY = ("no more than chance", "improvement", "concern", "a change, neither good nor bad")
TOLD = {"slug": "trend", "title": "Recovered"}


def test_a_row_a_month_with_the_lines_it_is_judged_by() -> None:
    rows = process_chart(POINTS, **TOLD).spec["data"]["values"]
    assert rows[1:3] == [
        {"label": "February 2025", "value": None, "mean": 50, "lower": 40, "upper": 60, "verdict": COMMON,
         "text": "not available"},
        {"label": "March 2025", "value": 62.5, "mean": 50, "lower": 40, "upper": 60, "verdict": "improvement",
         "text": "62.5%"},
    ]  # fmt: skip


def test_words_and_table_say_what_each_point_tells() -> None:
    chart = process_chart(POINTS, **TOLD)
    assert chart.description == (
        "Control chart of 4 periods. Last: April 2025, 55.0%: part of a run on one side of the mean, a change, neither "
        "good nor bad. Mean 50.0%, limits 40.0 to 60.0%. Points that show improvement: 1. "
        "Points that show a change, neither good nor bad: 1."
    )
    shown = [tuple(cell.text if isinstance(cell, Figure) else cell for cell in row) for row in chart.table.rows]
    assert [(row[0], *row[2:]) for row in shown[:3]] == [
        ("January 2025", "50.0%", "40.0 to 60.0%", "no more than chance"),
        ("February 2025", "50.0%", "40.0 to 60.0%", "no value"),
        ("March 2025", "50.0%", "40.0 to 60.0%", "outside the limits, improvement"),
    ]


def test_without_limits_there_are_none() -> None:
    alone = ControlPoint(figure(SHARE, "Kent", 0.5, "2025-01"))
    assert said(alone) == "no limits"
    chart = process_chart([alone], **TOLD)
    assert chart.table.rows[0][2:] == ("–", "–", "no limits")
    assert chart.description == "Control chart of 1 periods. Last: January 2025, 50.0%: no limits."


def test_it_is_drawn_with_a_key_of_shapes_and_its_last_value() -> None:
    svg = svg_of(process_chart(POINTS, **TOLD), prefix="trend")
    assert [svg.count(f">{words}<") for words in (*KEY, "55.0%", "April 2025")] == [1] * 6


@pytest.mark.parametrize(
    "points", [[], [POINTS[1]], [*POINTS, ControlPoint(figure(RATE, "Kent", 1.0))]], ids=["none", "no value", "units"]
)
def test_nothing_to_draw_is_said(points: list[ControlPoint]) -> None:
    with pytest.raises(ValueError, match="trend: a control chart needs values in one unit"):
        process_chart(points, **TOLD)
