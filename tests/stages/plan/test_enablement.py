"""Enablement by hand, beside a flow model that tells of the same episodes, and in its chapter."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.assumptions import assumption
from parity.documents.model import Callout, Heading, Paragraph, Table
from parity.methods.flow_case import case_of
from parity.methods.flow_outcome import Outcome, outcome_of
from parity.methods.flow_parameters import Parameter, as_stated
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers
from parity.plan.enablement.documents import ABSENT, NET, chapter
from parity.plan.enablement.indicators import (
    AFTER,
    FREE,
    HOURLY,
    HOURS,
    LASTING,
    OTHERWISE,
    PACKAGE,
    STARTS,
    UNITS,
    WEEKS,
    enablement_break_even,
    enablement_cost,
    enablement_episode_cost,
    enablement_packages_avoided,
    enablement_pays_chance,
    enablement_places,
    enablement_saving,
    enablement_spared,
)
from parity.plan.told_numbers import CERTAIN, RANGES, UNSURE
from parity.sources.brought.programme import house_schemas
from tests.methods.flow_told import number, told_by
from tests.stages.analyse.frames import desk, rows, table

YEAR = assumption("weeks_per_year")
TOLD: dict[str, float] = {
    STARTS: 28,
    WEEKS: 6,
    HOURS: 10,
    HOURLY: 16,
    AFTER: 0.45,
    OTHERWISE: 0.15,
    PACKAGE: 65.7,
    LASTING: 52,
}
WHERE = {"area": "L", "period": "2026/27", "service": "Enabling", "source": "000", "place": "s1"}


def told(intervals: dict[str, tuple[float, float]] | None = None, **changed: float) -> pl.DataFrame:
    """The numbers, some of them changed under the names of the constants, some with an interval."""
    others = {globals()[name]: value for name, value in changed.items()}
    numbers: list[dict[str, Any]] = [
        {"number": name, "value": value, **dict(zip(("lower", "upper"), (intervals or {}).get(name, ()), strict=False))}
        for name, value in {**TOLD, **others}.items()
    ]
    return table("enablement", *numbers, **WHERE)


def test_a_year_of_enablement_by_hand() -> None:
    frame = told()
    assert rows(enablement_episode_cost(frame), "area", "period", "service", "value", "lower") == [
        ("L", "2026/27", "Enabling", 960, None)
    ]
    assert rows(enablement_cost(frame), "value", "basis") == [(26_880, "not_stated")]
    assert rows(enablement_places(frame, replace(YEAR, value=56)), "value") == [(3,)]
    assert rows(enablement_packages_avoided(frame), "value") == [(8.4,)]
    assert rows(enablement_spared(frame), "value") == [(28_697.76,)]
    assert rows(enablement_saving(frame), "value") == [(1_817.76,)]
    assert rows(enablement_break_even(frame), "value") == [(round(960 / 3416.4, 9),)]
    assert rows(enablement_pays_chance(frame), "value", "missing") == [(None, CERTAIN)]


def test_with_intervals_there_are_ranges_and_a_chance() -> None:
    frame = told({AFTER: (0.3, 0.6)})
    ((saving, lower, upper),) = rows(enablement_saving(frame), "value", "lower", "upper")
    assert (saving, lower < 0 < upper) == (1_817.76, True)
    ((chance,),) = rows(enablement_pays_chance(frame), "value")
    assert 0.5 < chance < 0.7
    assert rows(enablement_cost(frame), "lower", "upper") == [(None, None)]


def test_a_package_that_costs_nothing_pays_for_no_episode() -> None:
    assert rows(enablement_break_even(told(PACKAGE=0)), "value", "missing") == [(None, FREE)]


def test_every_number_of_the_table_has_its_unit() -> None:
    offered = [
        name
        for entry in house_schemas()["enablement"].fields
        if entry["name"] == "number"
        for name in entry["constraints"]["enum"]
    ]
    assert offered == list(UNITS)


def in_a_flow(*arrivals: tuple[str, float]) -> Outcome:
    """What becomes of the same people in a flow model: where they arrive, and how many in a month."""
    model = told_by(
        ("Enabling", "Packages"),
        [
            number(Parameter.STAY, "Enabling", TOLD[WEEKS]),
            number(Parameter.COST, "Enabling", TOLD[HOURS] * TOLD[HOURLY]),
            number(Parameter.SHARE, "Enabling", 1 - TOLD[AFTER], to="Packages"),
            number(Parameter.STAY, "Packages", TOLD[LASTING]),
            number(Parameter.COST, "Packages", TOLD[PACKAGE]),
            *(number(Parameter.ARRIVALS, setting, people) for setting, people in arrivals),
        ],
        months=600,
    )
    return outcome_of(case_of(model, as_stated), Levers())


def test_a_flow_model_of_the_same_episodes_tells_the_same() -> None:
    a_month = TOLD[STARTS] / 12
    enabled, as_is = in_a_flow(("Enabling", a_month)), in_a_flow(("Packages", a_month * (1 - TOLD[OTHERWISE])))
    people = enabled.run.series[Series.PERSON_MONTHS][-12:, 0, 0].mean()
    cost = people * TOLD[HOURS] * TOLD[HOURLY] * 52
    frame = told()
    assert people == pytest.approx(enablement_places(frame, YEAR)["value"].item())
    assert cost == pytest.approx(enablement_cost(frame)["value"].item())
    saved = (as_is.net - enabled.net)[-12:, 0].sum()
    assert saved == pytest.approx(enablement_saving(frame)["value"].item())


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_it_costs_and_whether_it_pays(home: Path) -> None:
    title = "Enabling, L, 2026/27"
    blocks = chapter(desk(home, enablement=told({AFTER: (0.3, 0.6)})))
    heading, words, net, listing, numbers, ranges, flow = blocks
    assert isinstance(heading, Heading)
    assert isinstance(words, Paragraph)
    assert isinstance(listing, Table)
    assert isinstance(numbers, Table)
    assert isinstance(flow, Callout)
    assert (heading.text, net, ranges) == (title, Paragraph((NET,)), Paragraph((RANGES,)))
    said = [part for part in words.parts if isinstance(part, str)]
    assert said[3:6] == [". By the numbers as stated ", "it pays for itself and saves ", UNSURE]
    assert (len(listing.rows), len(numbers.rows)) == (8, 8)


@pytest.mark.usefixtures("db")
def test_the_chapter_says_where_it_does_not_pay_and_what_cannot_be_told(home: Path) -> None:
    texts = []
    for frame in (told(AFTER=0.2), told(PACKAGE=0), told().filter(pl.col("number") != HOURS)):
        words = chapter(desk(home, enablement=frame))[1]
        assert isinstance(words, Paragraph)
        texts.append("".join(part if isinstance(part, str) else part.text for part in words.parts))
    assert texts == [
        "A year’s episodes cost £26,880. Packages that they avoid: 1. These would have cost £4,783. By the numbers as "
        "stated it does not pay for itself, as its saving is −£22,097. It pays where it raises the share who need no "
        "package by 28.1 points or more.",
        "A year’s episodes cost £26,880. Packages that they avoid: 8. These would have cost £0. By the numbers as "
        "stated it does not pay for itself, as its saving is −£26,880.",
        "Whether it pays cannot be told. The table does not tell this: hours of support a week.",
    ]


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home)) == [Paragraph((ABSENT,))]
