"""Charts of counts over a model: marks, lines and the band, and what they say in words."""

from dataclasses import replace

import pytest

from parity.documents.counted import counted_chart
from parity.documents.pictures import svg_of
from parity.terms.figure import Figure
from tests.documents.sample import PEOPLE, SHARE, figure

MONTHS = ("2026-04", "2026-05", "2026-07")
TOLD = {"slug": "counts", "title": "Arrived"}


def people(*values: float) -> list[Figure]:
    return [figure(PEOPLE, "Kent", value, month) for value, month in zip(values, MONTHS, strict=True)]


COUNTED, STATED = people(14, 30, 11), people(10, 10, 10)
EXPECTED = [replace(one, lower=6.0, upper=20.0) for one in people(12, 12, 13)]


def test_marks_lines_and_band_come_from_the_figures() -> None:
    chart = counted_chart(COUNTED, stated=STATED, expected=EXPECTED, **TOLD)
    rows = chart.spec["data"]["values"]
    assert rows[1] == {"label": "May 2026", "series": "Counted", "value": 30, "lower": None, "upper": None}
    assert rows[-1] == {"label": "July 2026", "series": "As fitted", "value": 13, "lower": 6, "upper": 20}
    assert [layer["mark"]["type"] for layer in chart.spec["layer"][:4]] == ["area", "line", "line", "point"]
    shown = [tuple(cell.text if isinstance(cell, Figure) else cell for cell in row) for row in chart.table.rows]
    assert shown == [
        ("April 2026", "14", "10", "12"),
        ("May 2026", "30", "10", "12"),
        ("July 2026", "11", "10", "13"),
    ]


def test_a_month_without_a_count_stays_open() -> None:
    chart = counted_chart(COUNTED, stated=STATED, expected=EXPECTED, **TOLD)
    assert chart.spec["encoding"]["x"]["scale"]["domain"] == ["April 2026", "May 2026", "June 2026", "July 2026"]


def test_words_tell_how_many_lie_in_the_band_and_the_last_month() -> None:
    assert counted_chart(COUNTED, stated=STATED, expected=EXPECTED, **TOLD).description == (
        "Counts by month as marks, April 2026 to July 2026, over what the model expects as stated (dashed line) and as "
        "fitted (line). Band: where 95 of 100 such counts would lie; 2 of 3 do. July 2026: counted 11, as stated 10, "
        "as fitted 13 (6 to 20)."
    )


def test_it_is_drawn_with_the_name_of_each_series_at_its_end() -> None:
    svg = svg_of(counted_chart(COUNTED, stated=STATED, expected=EXPECTED, **TOLD), prefix="counts")
    assert [svg.count(f">{words}<") for words in ("Counted: 11", "As stated: 10", "As fitted: 13")] == [1] * 3


@pytest.mark.parametrize(
    ("counted", "stated"),
    [([], []), (COUNTED, STATED[:2]), ([figure(SHARE, "Kent", 0.5, month) for month in MONTHS], STATED)],
    ids=["none", "months", "units"],
)
def test_what_does_not_go_together_is_refused(counted: list[Figure], stated: list[Figure]) -> None:
    with pytest.raises(ValueError, match="counts: counts and what is expected need the same months, and one unit"):
        counted_chart(counted, stated=stated, expected=EXPECTED[: len(counted)], **TOLD)
