from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.assumptions import assumption
from parity.documents.model import Paragraph, Table
from parity.plan.move_on.documents import ABSENT, chapter
from parity.plan.move_on.indicators import (
    ELSEWHERE,
    NO_COST,
    move_on_assisted,
    move_on_out,
    move_on_people,
    move_on_saving,
    move_on_saving_so_far,
    move_on_staying,
    residential_reduction,
)
from parity.plan.service_costs.indicators import UNLIKE
from tests.stages.analyse.frames import desk, rows, table
from tests.stages.plan.test_service_costs import service

WEEKS = replace(assumption("weeks_per_year"), value=50)
YEARS = replace(assumption("move_on_years"), value=2)
NOTE = (
    "People leave “Residential” for “Assisted”: the accommodation that loses the most clients and the one that gains "
    "the most."
)


def homes(*services: dict[str, Any]) -> pl.DataFrame:
    return table("service_costs", *services, area="L", service_group="accommodation", basis="net")


NOW = (service("as_is", "Residential", 180, 340.0, None), service("as_is", "Extra care", 3, 300.0, None))
STAYING = (service("to_be", "Residential", 96, 330.0, None), service("to_be", "Extra care", 0, 0.0, None))
MOVE = homes(*NOW, *STAYING, service("to_be", "Assisted", 87, 180.0, None))


def test_people_leave_what_loses_most_for_what_gains_most() -> None:
    keys = ("area", "period", "value", "note")
    assert rows(move_on_out(MOVE), *keys) == [("L", "2010 to 2013", 84, NOTE)]
    assert rows(move_on_staying(MOVE), *keys) == [("L", "2010 to 2013", 96, NOTE)]
    assert rows(move_on_assisted(MOVE), *keys) == [("L", "2010 to 2013", 87, NOTE)]
    assert rows(residential_reduction(MOVE), "value") == [(round(84 / 180, 9),)]


def test_the_saving_grows_with_those_who_have_moved() -> None:
    assert rows(move_on_saving(MOVE, WEEKS, YEARS), "period", "value", "missing", "basis") == [
        ("2010 to 2013", 84 * 160 * 50, None, "net"),
    ]
    assert rows(move_on_people(MOVE, WEEKS, YEARS), "year", "value") == [("1", 42), ("2", 84)]
    assert rows(move_on_saving_so_far(MOVE, WEEKS, YEARS), "year", "value") == [("1", 336_000), ("2", 672_000)]


def test_people_leave_a_service_that_closes() -> None:
    closing = homes(*NOW[:1], service("to_be", "Assisted", 200, 180.0, None))
    assert rows(move_on_out(closing), "value", "note") == [(180, NOTE)]
    assert rows(move_on_staying(closing), "value") == [(0,)]
    assert rows(residential_reduction(closing), "value") == [(1,)]
    assert rows(move_on_saving(closing, WEEKS, YEARS), "value") == [(180 * 160 * 50,)]


def test_clients_that_are_not_told_are_not_none() -> None:
    untold = service("as_is", "Assisted", None, 180.0, None)
    assert move_on_out(homes(*NOW, untold, *STAYING, service("to_be", "Assisted", 87, 180.0, None))).height == 0
    is_left = (pl.col("scenario") == "to_be") & (pl.col("service") == "Residential")
    others = MOVE.with_columns(clients=pl.when(is_left).then(None).otherwise("clients"))
    assert rows(move_on_out(others), "value") == [(3,)]


def test_parts_of_people_move_and_save_as_they_are() -> None:
    parts = homes(
        service("as_is", "Residential", 10.5, 340.0, None),
        service("to_be", "Residential", 8.0, 330.0, None),
        service("to_be", "Assisted", 3.0, 180.0, None),
    )
    assert rows(move_on_out(parts), "value") == [(2.5,)]
    assert rows(move_on_people(parts, WEEKS, YEARS), "value") == [(1.25,), (2.5,)]
    assert rows(move_on_saving(parts, WEEKS, YEARS), "value") == [(2.5 * 160 * 50,)]


@pytest.mark.parametrize(
    ("destination", "reason"),
    [
        (service("to_be", "Assisted", 40, 180.0, None), ELSEWHERE),
        (service("to_be", "Assisted", 87, None, None), NO_COST),
        (service("to_be", "Assisted", 87, 180.0, None, price_year="2009/10"), UNLIKE),
    ],
)
def test_a_saving_that_cannot_be_reckoned_says_why(destination: dict[str, Any], reason: str) -> None:
    move = homes(*NOW, *STAYING, destination)
    assert rows(move_on_saving(move, WEEKS, YEARS), "value", "missing") == [(None, reason)]
    assert rows(move_on_saving_so_far(move, WEEKS, YEARS), "value", "missing") == [(None, reason)] * 2
    assert rows(move_on_people(move, WEEKS, YEARS), "value") == [(42,), (84,)]


def test_without_a_loss_or_a_gain_nobody_moves() -> None:
    assert move_on_out(homes(*NOW, *STAYING)).height == 0
    assert move_on_out(homes(service("as_is", "A", 1, 1.0, None), service("to_be", "A", 2, 1.0, None))).height == 0
    assert move_on_out(MOVE.with_columns(service_group=pl.lit("community"))).height == 0
    assert move_on_out(MOVE.with_columns(clients=pl.lit(None, pl.Float64))).height == 0
    assert move_on_saving(MOVE.clear(), WEEKS, YEARS).height == 0
    assert move_on_people(MOVE.clear(), WEEKS, YEARS).height == 0


def test_two_scenarios_of_one_period_keep_it() -> None:
    assert rows(move_on_out(MOVE.with_columns(period=pl.lit("2010"))), "period") == [("2010",)]


@pytest.mark.usefixtures("db")
def test_the_chapter_follows_the_years(home: Path) -> None:
    blocks = chapter(desk(home, service_costs=MOVE))
    listing = next(block for block in blocks if isinstance(block, Table))
    assert [row[0] for row in listing.rows] == ["Year 1", "Year 2", "Year 3"]


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home)) == [Paragraph((ABSENT,))]
