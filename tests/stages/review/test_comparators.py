from pathlib import Path

import pytest

from parity.documents.model import Chart, Paragraph, Table
from parity.review.comparators.documents import ABSENT, chapter
from tests.stages.analyse.frames import desk, table

NAMES = ("a", "b", "c", "d", "e")
MEASURES = table(
    "measures",
    *(
        {"area": area, "code": code, "measure": f"Measure {code}", "value": float(value), "polarity": polarity}
        for code, polarity, values in (
            ("a", "high", (1, 2, 3)),
            ("b", "high", (3, 2, 1)),
            ("c", "low", (2, 1, 3)),
            ("d", "low", (9, 8, 7)),
            ("e", "neutral", (1, 1, 1)),
        )
        for area, value in zip(("K", "L", "M"), values, strict=True)
    ),
    {"area": "Z", "code": "a", "measure": "Measure a", "value": 9.0, "polarity": "high"},
    period="2009/10",
    unit="number",
)
COMPARED = table(
    "comparators",
    {"area": "K", "comparator": "L", "use": "performance"},
    {"area": "K", "comparator": "M", "use": "performance"},
    {"area": "K", "comparator": "Z", "use": "need"},
)


@pytest.mark.usefixtures("db")
def test_charts_show_the_measures_that_rank_lowest(home: Path) -> None:
    blocks = chapter(desk(home, measures=MEASURES, comparators=COMPARED))
    charts = [block for block in blocks if isinstance(block, Chart)]
    assert [chart.title for chart in charts] == [
        "Measure a (higher is better), 2009/10",
        "Measure d (lower is better), 2009/10",
        "Measure c (lower is better), 2009/10",
    ]
    assert [row[0] for row in charts[0].table.rows] == ["M", "L", "K"]
    listing = next(block for block in blocks if isinstance(block, Table))
    assert [str(row[0])[0] for row in listing.rows] == list(NAMES)


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home / "none")) == [Paragraph((ABSENT,))]
    assert chapter(desk(home / "alone", measures=MEASURES)) == [Paragraph((ABSENT,))]
