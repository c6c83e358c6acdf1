from pathlib import Path

import pytest

from parity.documents.model import Paragraph, Table
from parity.plan.outcomes.documents import chapter
from parity.plan.outcomes.indicators import measures_count, measures_per_outcome, outcomes_count
from tests.stages.analyse.frames import desk, rows, table

OUTCOMES = table(
    "outcomes",
    {"outcome": "home", "title": "Care at home", "measure": "admissions", "polarity": "low"},
    {"outcome": "home", "title": "Care at home", "measure": "people supported", "polarity": "high"},
    {"outcome": "equity", "title": "Fair access", "measure": "access by age", "polarity": "neutral"},
    benefit="Independence",
)


def test_outcomes_and_measures_are_counted() -> None:
    assert rows(outcomes_count(OUTCOMES), "area", "period", "value") == [("whole programme", "undated", 2)]
    assert rows(measures_count(OUTCOMES), "value") == [(3,)]
    assert rows(measures_per_outcome(OUTCOMES), "outcome", "value") == [("home", 2), ("equity", 1)]


def test_no_outcomes_give_no_figure() -> None:
    assert [figure(OUTCOMES.clear()).height for figure in (outcomes_count, measures_count, measures_per_outcome)] == [
        0,
        0,
        0,
    ]


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    absent = "The programme has no table “outcomes”, which would hold its outcomes and measures."
    assert chapter(desk(home)) == [Paragraph((absent,))]


@pytest.mark.usefixtures("db")
def test_the_chapter_says_when_no_national_outcome_is_stated(home: Path) -> None:
    blocks = chapter(desk(home, outcomes=OUTCOMES))
    assert blocks[-1] == Paragraph(("The source does not say which national outcome each of its outcomes serves.",))
    measures = next(block for block in blocks if isinstance(block, Table) and block.slug == "outcome-measures")
    assert measures.rows == (
        ("Care at home", "admissions", "lower is better"),
        ("Care at home", "people supported", "higher is better"),
        ("Fair access", "access by age", "the source does not say"),
    )


@pytest.mark.usefixtures("db")
def test_the_matrix_shows_which_outcome_serves_which(home: Path) -> None:
    stated = table(
        "outcomes",
        {"outcome": "a", "title": "A", "measure": "x", "national_outcome": "Dignity"},
        {"outcome": "b", "title": "B", "measure": "y", "national_outcome": "Choice"},
        {"outcome": "b", "title": "B", "measure": "z"},
        benefit="Well-being",
        polarity="high",
    )
    matrix = chapter(desk(home, outcomes=stated))[-1]
    assert isinstance(matrix, Table)
    assert matrix.rows == (("A", "serves", "no"), ("B", "no", "serves"))
