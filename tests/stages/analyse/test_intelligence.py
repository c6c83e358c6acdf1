from pathlib import Path

import pytest

from parity.analyse.intelligence.documents import chapter
from parity.analyse.intelligence.indicators import theme_mentions, theme_people_share, themes_count
from parity.assumptions import assumption
from parity.documents.model import Heading, Table
from tests.stages.analyse.frames import desk, rows, table

SURE = assumption("confidence_level")
THEMES = table(
    "themes",
    {"theme": "T1", "voice": "carers and families", "dated": "2016", "people": 343, "of_people": 368, "mentions": 400},
    {"theme": "T2", "voice": "Healthwatch or advocates", "people": 0, "of_people": 0},
    {"theme": "T3", "voice": "carers and families", "people": 5, "said": "Nobody answers at night."},
    {"theme": "T4", "voice": "communities"},
    title="Hard to reach",
    gathered_by="Focus group",
)
THREAD = table(
    "thread",
    {"from_kind": "theme", "from_id": "T3", "relation": "evidences", "to_kind": "target", "to_id": "A.1"},
    {"from_kind": "task", "from_id": "T3", "relation": "delivers", "to_kind": "target", "to_id": "A.1"},
)


def test_themes_are_counted_by_voice_and_weighed_by_people() -> None:
    assert rows(themes_count(THEMES), "area", "period", "voice", "value") == [
        ("whole programme", "undated", "carers and families", 2),
        ("whole programme", "undated", "Healthwatch or advocates", 1),
        ("whole programme", "undated", "communities", 1),
    ]
    assert rows(theme_mentions(THEMES), "period", "theme", "value") == [("2016", "T1", 400)]
    found = theme_people_share(THEMES, SURE)
    assert rows(found, "period", "theme", "value", "missing") == [
        ("2016", "T1", round(343 / 368, 9), None),
        ("undated", "T2", None, "The number of all is zero, so nothing can be divided by it."),
        ("undated", "T3", None, "The number of all is not known."),
    ]
    limits = (pytest.approx(0.901639, abs=1e-6), pytest.approx(0.953565, abs=1e-6))
    assert found.select("lower", "upper").row(0) == limits


def test_no_themes_give_no_figure() -> None:
    empty = THEMES.clear()
    assert [len(found) for found in (themes_count(empty), theme_mentions(empty), theme_people_share(empty, SURE))] == [
        *(0, 0, 0)
    ]


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_rests_on_a_theme(home: Path) -> None:
    blocks = chapter(desk(home, themes=THEMES, thread=THREAD))
    (evidence,) = (one for one in blocks if isinstance(one, Table) and one.slug == "themes-evidence")
    assert evidence.rows == (("T3: Hard to reach", "target A.1"),)
    alone = chapter(desk(home / "alone", themes=THEMES.tail(1), thread=THREAD.tail(1)))
    assert [block.text for block in alone if isinstance(block, Heading)] == ["Communities"]
