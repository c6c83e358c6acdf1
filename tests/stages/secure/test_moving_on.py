from pathlib import Path

import pytest

from parity.analyse.shares import TOO_MANY
from parity.assumptions import assumption
from parity.documents.model import Paragraph, Table
from parity.secure.moving_on.documents import ABSENT, COUNTED, LASTING, chapter
from parity.secure.moving_on.indicators import UNKNOWN, moving_on_people, moving_on_sustained_share
from parity.tables import Desk, Store
from tests.stages.analyse.frames import desk, rows, table

PREPARED, MOVED = "prepared before the move", "moved in the period"
RETURNS = table(
    "move_on_returns",
    {"period": "2012-03", "stage": PREPARED, "people": 20},
    {"period": "2012-03", "stage": MOVED, "people": 8},
    {"period": "2012-06", "stage": PREPARED, "people": None},
    {"period": "2012-06", "stage": MOVED, "people": 10},
    {"period": "2012-06", "stage": "still there after 3 months", "people": 9, "of_people": 10},
    {"period": "2012-06", "stage": "still there after 6 months", "people": None, "of_people": 8},
    {"period": "2012-06", "stage": "still there after 12 months", "people": 3, "of_people": 2},
    area="L",
    setting="residential care",
)
CONFIDENCE = assumption("confidence_level")


def test_people_are_told_by_step_and_nobody_is_taken_for_none() -> None:
    assert rows(moving_on_people(RETURNS), "area", "period", "setting", "stage", "value", "missing") == [
        ("L", "2012-03", "residential care", PREPARED, 20, None),
        ("L", "2012-03", "residential care", MOVED, 8, None),
        ("L", "2012-06", "residential care", PREPARED, None, UNKNOWN),
        ("L", "2012-06", "residential care", MOVED, 10, None),
    ]


def test_a_move_lasts_for_a_share_of_those_who_were_followed() -> None:
    found = moving_on_sustained_share(RETURNS, CONFIDENCE)
    assert rows(found, "months", "value") == [("3 months", 0.9), ("6 months", None), ("12 months", None)]
    lower, upper = found.select("lower", "upper").row(0)
    # Wilson's interval of 9 in 10, as printed by statistical packages
    assert (lower, upper) == (pytest.approx(0.5958, abs=5e-5), pytest.approx(0.9821, abs=5e-5))
    assert found["missing"].to_list()[1:] == ["The number counted is not known.", TOO_MANY]


def test_the_chapter_shows_steps_by_period_and_what_lasts(tmp_path: Path) -> None:
    words, steps, lasting_words, lasting = chapter(desk(tmp_path, move_on_returns=RETURNS))
    assert (words, lasting_words) == (Paragraph((COUNTED,)), Paragraph((LASTING,)))
    assert isinstance(steps, Table)
    assert [column.title for column in steps.columns][-2:] == ["March 2012", "June 2012"]
    assert len(steps.rows) == 2
    assert isinstance(lasting, Table)
    assert len(lasting.rows) == 3


def test_without_returns_the_chapter_says_what_to_bring(tmp_path: Path) -> None:
    assert chapter(Desk(Store(tmp_path), "sample")) == [Paragraph((ABSENT,))]
