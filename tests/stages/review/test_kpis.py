from pathlib import Path

import pytest

from parity.documents.model import Callout, Paragraph, Table
from parity.review.kpis.documents import ABSENT, chapter
from parity.review.kpis.indicators import kpi_estimate, kpi_target, kpi_variance, kpis_count
from tests.stages.analyse.frames import desk, rows, table

KPIS = table(
    "kpis",
    {"code": "more", "target": 0.8, "target_state": "set", "estimate": 0.76, "unit": "share", "polarity": "high"},
    {"code": "less", "target": 40.0, "target_state": "set", "estimate": 35.0, "unit": "number", "polarity": "low"},
    {"code": "either", "target": 2.0, "target_state": "set", "estimate": 2.0, "unit": "count", "polarity": "neutral"},
    {"code": "zero", "target": 0.0, "target_state": "set", "estimate": 1.0, "unit": "count", "polarity": "low"},
    {"code": "new", "target_state": "new", "estimate": 1.0, "unit": "count", "polarity": "low"},
    {"code": "open", "target_state": "pending", "estimate": 1.0, "unit": "count", "polarity": "low"},
    {"code": "none", "target_state": "none", "estimate": 1.0, "unit": "count", "polarity": "low"},
    {"code": "empty", "target": 1.0, "target_state": "set", "unit": "count", "polarity": "low"},
    area="K",
    period="2008/09",
    measure="Something",
    next_target_state="pending",
)
NO_DATA = "The source has no data for an estimate."
NEW = "The indicator is new and has no target yet."
PENDING = "The target is pending."
NONE = "The source sets no target."


def test_estimates_and_targets_keep_their_unit() -> None:
    assert rows(kpi_estimate(KPIS), "code", "value", "unit", "missing")[:1] == [("more", 0.76, "share", None)]
    assert rows(kpi_estimate(KPIS), "code", "value", "missing")[-1] == ("empty", None, NO_DATA)
    assert rows(kpi_target(KPIS), "code", "value", "missing")[4:7] == [
        ("new", None, NEW),
        ("open", None, PENDING),
        ("none", None, NONE),
    ]


def test_a_variance_needs_both_and_a_target_that_is_not_zero() -> None:
    zero = "The target is zero, so nothing can be divided by it."
    assert rows(kpi_variance(KPIS), "area", "period", "code", "value", "missing") == [
        ("K", "2008/09", "more", -0.05, None),
        ("K", "2008/09", "less", -0.125, None),
        ("K", "2008/09", "either", 0, None),
        ("K", "2008/09", "zero", None, zero),
        ("K", "2008/09", "new", None, NEW),
        ("K", "2008/09", "open", None, PENDING),
        ("K", "2008/09", "none", None, NONE),
        ("K", "2008/09", "empty", None, NO_DATA),
    ]


def test_states_follow_polarity() -> None:
    assert rows(kpis_count(KPIS), "state", "value") == [
        ("missed", 2),
        ("met", 1),
        ("neither way is better", 1),
        ("no target yet", 3),
        ("no data", 1),
    ]


def test_no_indicators_give_no_figure() -> None:
    assert [figures(KPIS.clear()).height for figures in (kpi_estimate, kpi_target, kpi_variance, kpis_count)] == [0] * 4


@pytest.mark.usefixtures("db")
def test_the_chapter_says_in_words_how_each_stands(home: Path) -> None:
    blocks = chapter(desk(home, kpis=KPIS))
    listing = blocks[-1]
    assert isinstance(listing, Table)
    assert [(row[0], *row[4:]) for row in listing.rows][:3] == [
        ("more: Something", "missed; higher is better", "pending"),
        ("less: Something", "met; lower is better", "pending"),
        ("either: Something", "neither way is better; neither is better", "pending"),
    ]
    assert [block.title for block in blocks if isinstance(block, Callout)] == ["The next targets are open"]


@pytest.mark.usefixtures("db")
def test_the_chapter_does_not_warn_where_a_next_target_is_set(home: Path) -> None:
    areas = table("areas", {"area": "K", "name": "Kent", "kind": "county"})
    some = KPIS.with_columns(next_target_state=KPIS["code"].replace_strict({"more": "set"}, default="none"))
    blocks = chapter(desk(home, kpis=some, areas=areas))
    assert [block for block in blocks if isinstance(block, Callout)] == []
    listing = blocks[-1]
    assert isinstance(listing, Table)
    assert listing.caption == "Indicators, Kent, 2008/09"


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home)) == [Paragraph((ABSENT,))]
