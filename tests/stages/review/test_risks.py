from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parity.assumptions import assumption
from parity.documents.model import Callout, Paragraph, Table
from parity.review.risks.documents import ABSENT, AGREE, chapter
from parity.review.risks.indicators import risk_rating, risk_total_score, risks_at, risks_count, risks_in_band
from parity.review.risks.rules import AGREES, DIFFERS, NOT_PRINTED, rated
from tests.stages.analyse.frames import desk, rows, table

LOWEST = (1, 3, 6)
LOW, MEDIUM, HIGH = (
    replace(assumption(f"risk_{name}_from"), value=value)
    for name, value in zip(("low", "medium", "high"), LOWEST, strict=True)
)
SCALE = replace(assumption("risk_scale"), value=2)


def risk(name: str, impact: int | None, probability: int, band: str | None, rating: int | None) -> dict[str, Any]:
    scores = {"impact_score": impact, "probability_score": probability}
    return {"risk": name, **scores, "band_printed": band, "rating": rating, "raised": date(2010, 9, 15)}


RISKS = table(
    "risks",
    risk("R-1", 1, 2, "low", 2),
    risk("R-2", 2, 2, "High", 4),
    risk("R-3", 3, 3, None, None),
    risk("R-4", 2, 2, "Medium", 5),
    title="A risk",
    effect="Delay",
    owner="Director",
    mitigation="Plan",
    action_owner="Lead",
    target_date_printed="31st Dec 20101",
    target_date=date(2010, 12, 31),
    trend="no change",
)


def test_a_rating_is_impact_times_probability() -> None:
    assert rows(risk_rating(RISKS), "area", "period", "risk", "value") == [
        ("whole programme", "2010-09-15", "R-1", 2),
        ("whole programme", "2010-09-15", "R-2", 4),
        ("whole programme", "2010-09-15", "R-3", 9),
        ("whole programme", "2010-09-15", "R-4", 4),
    ]


def test_bands_and_what_is_printed_are_compared() -> None:
    assert rows(rated(RISKS, lowest=LOWEST), "risk", "score", "band", "agreement") == [
        ("R-1", 2, "Low", AGREES),
        ("R-2", 4, "Medium", DIFFERS),
        ("R-3", 9, "High", NOT_PRINTED),
        ("R-4", 4, "Medium", DIFFERS),
    ]


def test_the_register_is_counted() -> None:
    assert rows(risks_count(RISKS), "area", "period", "value") == [("whole programme", "2010-09-15", 4)]
    assert rows(risk_total_score(RISKS), "value") == [(19,)]
    assert rows(risks_in_band(RISKS.head(2), LOW, MEDIUM, HIGH), "band", "value") == [
        ("Low", 1),
        ("Medium", 1),
        ("High", 0),
    ]
    assert rows(risks_at(RISKS, SCALE), "impact", "probability", "value") == [
        ("2", "1", 0),
        ("2", "2", 2),
        ("1", "1", 0),
        ("1", "2", 1),
    ]


def test_risks_raised_on_several_days_have_a_span() -> None:
    later = RISKS.vstack(RISKS.head(1).with_columns(raised=date(2011, 1, 2)))
    assert rows(risks_count(later), "period", "value") == [("2010-09-15 to 2011-01-02", 5)]


def test_no_risks_give_no_figure() -> None:
    empty = RISKS.clear()
    assert risk_rating(empty).height == 0
    assert risks_count(empty).height == 0
    assert risks_in_band(empty, LOW, MEDIUM, HIGH).height == 0
    assert risks_at(empty, SCALE).height == 0


@pytest.mark.usefixtures("db")
def test_the_chapter_puts_the_highest_first_and_warns(home: Path) -> None:
    blocks = chapter(desk(home, risks=RISKS))
    callout = next(block for block in blocks if isinstance(block, Callout))
    assert callout.parts[1:] == ("R-2, R-4", ".")
    tables = {block.slug: block for block in blocks if isinstance(block, Table)}
    assert [row[0] for row in tables["risks"].rows] == ["R-3: A risk", "R-2: A risk", "R-4: A risk", "R-1: A risk"]
    assert [row[0] for row in tables["risk-matrix"].rows] == ["Impact 3", "Impact 2", "Impact 1"]
    assert tables["risk-actions"].rows[0][-2:] == ("31st Dec 20101", "31 December 2010")


@pytest.mark.usefixtures("db")
def test_the_chapter_says_whether_what_is_printed_agrees(home: Path) -> None:
    assert Paragraph((AGREE,)) in chapter(desk(home / "agrees", risks=RISKS.head(1)))
    silent = chapter(desk(home / "silent", risks=RISKS.slice(2, 1)))
    assert Paragraph((AGREE,)) not in silent
    assert [block for block in silent if isinstance(block, Callout)] == []


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home)) == [Paragraph((ABSENT,))]
