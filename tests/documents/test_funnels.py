"""Funnel charts: places by size, the limits around the average, and the words that go with them."""

from dataclasses import replace

import pytest

from parity.documents.funnels import COMPARED, NARROW, OWN, WIDE, FunnelPoint, funnel_chart
from parity.documents.pictures import svg_of
from parity.terms.figure import Figure
from tests.documents.sample import RATE, SHARE, figure

POINTS = [
    FunnelPoint(figure(SHARE, "Kent", 0.75), 400, (0.45, 0.55), (0.42, 0.58), "far above", OWN),
    FunnelPoint(figure(SHARE, "Essex", 0.5), 100, (0.4, 0.6), (0.35, 0.65), "as expected", COMPARED),
    FunnelPoint(figure(SHARE, "Devon", 0.25), 1600, (0.475, 0.525), (0.46, 0.54), "far below"),
]
TOLD = {"slug": "funnel", "title": "Seen in time", "size": "Referrals"}


def test_limits_run_from_the_smallest_place_to_the_largest() -> None:
    spec = funnel_chart(POINTS, 0.5, **TOLD).spec
    limits = [(row["of"], row["value"], row["limits"], row["end"]) for row in spec["layer"][0]["data"]["values"]]
    assert limits[:4] == [(100, 40, NARROW, "lower"), (100, 60, NARROW, "upper"), (100, 35, WIDE, "lower"),
                          (100, 65, WIDE, "upper")]  # fmt: skip
    assert [size for size, *_ in limits[::4]] == [100, 400, 1600]


def test_the_area_is_drawn_last_and_named_with_those_compared() -> None:
    rows = funnel_chart(POINTS, 0.5, **TOLD).spec["data"]["values"]
    assert [(row["label"], row["named"], row["text"]) for row in rows] == [
        ("Devon", "", "25.0% of 1,600"),
        ("Essex", "Essex", "50.0% of 100"),
        ("Kent", "Kent", "75.0% of 400"),
    ]


def test_its_table_holds_every_place_and_its_words_the_few() -> None:
    chart = funnel_chart(POINTS, 0.5, **TOLD)
    shown = [tuple(cell.text if isinstance(cell, Figure) else cell for cell in row) for row in chart.table.rows]
    assert shown == [
        ("Essex", "100", "50.0%", "40.0 to 60.0%", "35.0 to 65.0%", "as expected"),
        ("Kent", "400", "75.0%", "45.0 to 55.0%", "42.0 to 58.0%", "far above"),
        ("Devon", "1,600", "25.0%", "47.5 to 52.5%", "46.0 to 54.0%", "far below"),
    ]
    assert chart.description == (
        "Funnel chart. 3 places around 50.0%; 2 lie outside the 99.8% limits. Kent: 75.0%, far above. "
        "Essex: 50.0%, as expected."
    )


def test_it_is_drawn_with_both_names_and_its_key() -> None:
    svg = svg_of(funnel_chart(POINTS, 0.5, **TOLD), prefix="funnel")
    assert [svg.count(f">{words}<") for words in ("Kent", "Essex", "Devon", NARROW, WIDE, "Referrals")] == [
        1, 1, 0, 1, 1, 1,
    ]  # fmt: skip


UNKNOWN = replace(POINTS[0], figure=figure(SHARE, "Kent", None))
OTHER_UNIT = replace(POINTS[0], figure=figure(RATE, "Kent", 1.0))


@pytest.mark.parametrize("points", [[], [UNKNOWN], [*POINTS, OTHER_UNIT]], ids=["none", "no value", "two units"])
def test_nothing_to_draw_is_said(points: list[FunnelPoint]) -> None:
    with pytest.raises(ValueError, match="funnel: a funnel chart needs places with values in one unit"):
        funnel_chart(points, 0.5, **TOLD)
