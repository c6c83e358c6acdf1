"""Tornado charts: which input moves the result most."""

import pytest

from parity.documents.pictures import svg_of
from parity.documents.tornado import HIGH, LOW, Swing, tornado_chart
from parity.terms.figure import Figure
from tests.documents.sample import SPEND, figure

BASE = figure(SPEND, "Kent", 1000.0)


def swing(name: str, ends: tuple[str, str], results: tuple[float | None, float], **more: tuple[str, str]) -> Swing:
    low, high = (figure(SPEND, "Kent", value) for value in results)
    return Swing(name, ends, (low, high), **more)


SWINGS = [
    swing("Weeks empty", ("1", "9"), (1100.0, 700.0)),
    swing("Moves that succeed", ("70.0%", "95.0%"), (400.0, 1400.0), cited=("A review", "Table 2")),
    swing("Only for the better", ("2", "3"), (1200.0, 1300.0)),
]
TOLD = {"slug": "tornado", "title": "What matters most"}


def test_the_widest_bar_comes_first_with_its_ends_where_they_lie() -> None:
    rows = tornado_chart(BASE, SWINGS, **TOLD).spec["data"]["values"]
    assert [(row["label"], row["low"], row["high"], row["left"], row["right"]) for row in rows] == [
        ("Moves that succeed", 400, 1400, "70.0%", "95.0%"),
        ("Weeks empty", 1100, 700, "9", "1"),
        ("Only for the better", 1200, 1300, "2", "3"),
    ]
    assert [(row["least"], row["most"]) for row in rows] == [(400, 1400), (700, 1100), (1000, 1300)]


def test_words_and_table_tell_the_same() -> None:
    chart = tornado_chart(BASE, SWINGS[:2], **TOLD)
    assert chart.description == (
        "Tornado chart of 2 inputs around £1,000. What moves it most: Moves that succeed, from £400 at 70.0% to £1,400 "
        "at 95.0%; Weeks empty, from £1,100 at 1 to £700 at 9."
    )
    shown = [tuple(cell.text if isinstance(cell, Figure) else cell for cell in row) for row in chart.table.rows]
    assert shown == [
        ("As it stands", "–", "£1,000", "–", "£1,000", "–", "–", "–"),
        ("Moves that succeed", "70.0%", "£400", "95.0%", "£1,400", "£1,000", "A review", "Table 2"),
        ("Weeks empty", "1", "£1,100", "9", "£700", "£400", "not said", "–"),
    ]
    assert chart.table.notes == ("Each input is moved alone, all else as it stands.",)


def test_those_beyond_twelve_are_counted_in_a_note() -> None:
    many = [swing(f"Input {width}", ("1", "2"), (1000.0, 1000.0 + width)) for width in range(14)]
    chart = tornado_chart(BASE, many, **TOLD)
    assert [row["label"] for row in chart.spec["data"]["values"]] == [f"Input {width}" for width in range(13, 1, -1)]
    assert chart.table.notes[1:] == ("Left out: 2 inputs that move the result by no more than £2.",)


def test_it_is_drawn_with_its_base_and_its_key() -> None:
    svg = svg_of(tornado_chart(BASE, SWINGS, **TOLD))
    words = (LOW, HIGH, "As it stands: £1,000", "70.0%", "95.0%")
    assert [svg.count(f">{each}<") for each in words] == [1] * 5


@pytest.mark.parametrize(
    ("base", "swings"),
    [
        (BASE, []),
        (figure(SPEND, "Kent", None), SWINGS),
        (BASE, [*SWINGS, SWINGS[0]]),
        (BASE, [swing("Unknown", ("1", "2"), (None, 1000.0))]),
    ],
    ids=["none", "no base", "one name twice", "no result"],
)
def test_nothing_to_draw_is_said(base: Figure, swings: list[Swing]) -> None:
    with pytest.raises(ValueError, match="tornado: a tornado needs a base with a value, and inputs, each once"):
        tornado_chart(base, swings, **TOLD)
