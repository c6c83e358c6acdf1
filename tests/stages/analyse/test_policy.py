from pathlib import Path

import pytest

from parity.analyse.policy.documents import chapter
from parity.analyse.policy.indicators import assessment_topics_count, policies_count, policies_without_impact
from parity.documents.model import Callout, Table
from tests.stages.analyse.frames import desk, rows, table

POLICIES = table(
    "policies",
    {"policy": "Care Act", "kind": "act", "dated": "2014", "requirement": "Integrate", "impact": "Buy together"},
    {"policy": "Old Act", "kind": "act"},
    {"policy": "Vision", "kind": "national policy", "impact": "Review the strategy"},
    title="A title",
)
CHECKS = table(
    "assessment_checks",
    {"number": "1", "topic": "Ethnic mix", "fits": "no", "reason": "The counties differ."},
    {"number": "2", "topic": "Dementia", "fits": "yes"},
    {"number": "3", "topic": "Prisons", "fits": "not known", "further_work": "Ask the prison."},
    assessment="City assessment",
    made_for="City",
    area="Shire",
)


def test_policies_are_counted_by_kind_and_by_what_they_mean_here() -> None:
    assert rows(policies_count(POLICIES), "area", "period", "kind", "value") == [
        ("whole programme", "undated", "act", 2),
        ("whole programme", "undated", "national policy", 1),
    ]
    assert rows(policies_without_impact(POLICIES), "area", "value") == [("whole programme", 1)]


def test_topics_are_counted_by_whether_they_fit() -> None:
    assert rows(assessment_topics_count(CHECKS), "area", "period", "assessment", "fits", "value") == [
        ("Shire", "undated", "City assessment", fits, count)
        for fits, count in (("yes", 1), ("in part", 0), ("no", 1), ("not known", 1))
    ]


def test_empty_registers_give_no_figure() -> None:
    assert policies_count(POLICIES.clear()).is_empty()
    assert policies_without_impact(POLICIES.clear()).is_empty()
    assert assessment_topics_count(CHECKS.clear()).is_empty()


@pytest.mark.usefixtures("db")
def test_the_chapter_tells_topic_by_topic_whether_an_assessment_fits(home: Path) -> None:
    areas = table("areas", {"area": "Shire", "name": "The Shire", "kind": "county"})
    blocks = chapter(desk(home, areas=areas, assessment_checks=CHECKS))
    (checks,) = (one for one in blocks if isinstance(one, Table) and one.slug == "assessment-checks-1")
    assert checks.caption == "Does it fit? City assessment, made for City, in The Shire"
    assert [row[:3] for row in checks.rows] == [
        ("Ethnic mix", "no", "The counties differ."),
        ("Dementia", "yes", "–"),
        ("Prisons", "not known", "–"),
    ]
    assert [block.title for block in blocks if isinstance(block, Callout)] == ["Not all is checked"]
    checked = chapter(desk(home / "known", areas=areas, assessment_checks=CHECKS.head(2)))
    assert [block for block in checked if isinstance(block, Callout)] == []
