"""Spine charts: where an area stands between the worst and the best, with England in the middle."""

from dataclasses import replace

import pytest

from parity.documents.pictures import svg_of
from parity.documents.spine import MARKS, UNTOLD, Vertebra, spine_chart
from parity.terms.polarity import Polarity
from tests.documents.sample import SHARE, figure


def bone(label: str, value: float | None, polarity: Polarity, verdict: str | None = None) -> Vertebra:
    ends = tuple(figure(SHARE, "All", end) for end in (0.25, 0.375, 0.625, 1.0))
    return Vertebra(label, figure(SHARE, "Kent", value), figure(SHARE, "England", 0.5), ends, polarity, verdict)


HIGH = bone("Seen in time", 0.75, Polarity.HIGH, "better")
LOW = bone("Waits over a year", 0.75, Polarity.LOW, "worse")
NEUTRAL = bone("On a register", 0.375, Polarity.NEUTRAL)
ABSENT = bone("Never counted", None, Polarity.HIGH)


def test_the_best_stands_to_the_right_whichever_way_is_good() -> None:
    assert HIGH.places() == (0.75, 0.25, 0.375, 0.625, 1.0)
    assert LOW.places() == (0.25, 0.75, 0.625, 0.375, 0.0)
    assert NEUTRAL.places() == (0.375, 0.25, 0.375, 0.625, 1.0)


def test_nothing_stands_where_a_number_is_missing_or_all_are_alike() -> None:
    assert ABSENT.places() == ()
    half = figure(SHARE, "England", 0.5)
    assert replace(HIGH, figure=half, spread=(half,) * 4).places() == ()


def test_what_cannot_be_drawn_stands_in_the_table() -> None:
    chart = spine_chart([HIGH, LOW, NEUTRAL, ABSENT], slug="spine", title="Kent among councils")
    assert [row["label"] for row in chart.spec["data"]["values"]] == [HIGH.label, LOW.label, NEUTRAL.label]
    assert [(row[0], row[-1]) for row in chart.table.rows] == [
        ("Seen in time", "better"),
        ("Waits over a year", "worse"),
        ("On a register", UNTOLD),
        ("Never counted", UNTOLD),
    ]
    assert chart.description == (
        "Spine chart. 3 measures, England in the middle, worse or lower to the left. Better: Seen in time. "
        "Worse: Waits over a year. Difference from England not told: On a register."
    )


def test_it_is_drawn_with_words_beside_each_bar_and_a_key_of_shapes() -> None:
    svg = svg_of(spine_chart([HIGH, LOW], slug="spine", title="Kent"), prefix="spine")
    assert [svg.count(f">{words}<") for words in (*MARKS, "75.0%; England 50.0%")] == [1, 1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("bones", [[], [ABSENT], [HIGH, HIGH]], ids=["none", "no value", "one label twice"])
def test_nothing_to_draw_is_said(bones: list[Vertebra]) -> None:
    with pytest.raises(ValueError, match="spine: a spine chart needs measures with values, each once"):
        spine_chart(bones, slug="spine", title="Kent")
