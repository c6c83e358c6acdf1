from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from parity.assumptions import assumption
from parity.documents.model import Chart, Paragraph, Table
from parity.plan.service_costs.documents import chapter
from parity.plan.service_costs.indicators import (
    NOT_DISTINCT,
    PRINTED_COST_USED,
    SOME_LEFT_OUT,
    UNLIKE,
    annual_cost,
    annual_cost_printed,
    clients,
    net_saving,
    net_saving_printed,
    saving_share,
    saving_share_printed,
    scenario_clients,
    scenario_cost,
    scenario_cost_printed,
    weekly_cost,
)
from parity.plan.totals import UNKNOWN
from tests.stages.analyse.frames import desk, rows, table

WEEKS = replace(assumption("weeks_per_year"), value=50)


def service(scenario: str, name: str, *numbers: float | None, **more: Any) -> dict[str, Any]:
    keys = ("clients", "unit_cost_gbp_per_week", "cost_gbp")
    period = "2010" if scenario == "as_is" else "2013"
    return {
        "scenario": scenario, "service": name, "period": period, **dict(zip(keys, numbers, strict=True)), **more,
    }  # fmt: skip


def costs(*services: dict[str, Any], **common: Any) -> pl.DataFrame:
    return table("service_costs", *services, **{"area": "L", "service_group": "community", "basis": "net", **common})


NOW = (service("as_is", "Home care", 10, 4, 2100), service("as_is", "Day care", 6, 10, 2900))
THEN = (service("to_be", "Home care", 5, 4, 1000), service("to_be", "Enabling", None, None, 400))
COSTS = costs(*NOW, *THEN)


def test_what_the_source_states_is_kept_and_what_it_leaves_out_is_said() -> None:
    no_clients, no_cost = "The source gives no number of clients.", "The source gives no weekly cost."
    assert rows(clients(COSTS), "scenario", "service", "value", "missing") == [
        ("as_is", "Home care", 10, None),
        ("as_is", "Day care", 6, None),
        ("to_be", "Home care", 5, None),
        ("to_be", "Enabling", None, no_clients),
    ]
    assert rows(weekly_cost(COSTS), "value", "missing", "basis")[2:] == [(4, None, "net"), (None, no_cost, "net")]
    assert rows(annual_cost_printed(COSTS.with_columns(cost_gbp=None)), "value", "missing")[0] == (
        None,
        "The source prints no yearly cost.",
    )


def test_a_cost_is_reckoned_and_only_else_printed() -> None:
    assert rows(annual_cost(COSTS, WEEKS), "service", "value", "missing", "note") == [
        ("Home care", 2000, None, None),
        ("Day care", 3000, None, None),
        ("Home care", 1000, None, None),
        ("Enabling", 400, None, PRINTED_COST_USED),
    ]
    nothing = costs(service("as_is", "Meals", 5, None, None))
    neither = "The source gives neither clients with a weekly cost nor a yearly cost."
    assert rows(annual_cost(nothing, WEEKS), "value", "missing", "note") == [(None, neither, None)]


def test_a_scenario_is_the_sum_of_its_services() -> None:
    assert rows(scenario_clients(COSTS), "scenario", "value", "missing", "note") == [
        ("as_is", 16, None, NOT_DISTINCT),
        ("to_be", 5, None, SOME_LEFT_OUT),
    ]
    assert rows(scenario_cost(COSTS, WEEKS), "scenario", "value") == [("as_is", 5000), ("to_be", 1400)]
    assert rows(scenario_cost_printed(COSTS), "scenario", "value") == [("as_is", 5000), ("to_be", 1400)]
    none = costs(service("to_be", "Enabling", None, None, 400))
    assert rows(scenario_clients(none), "value", "missing") == [
        (None, "The source gives no clients in this scenario."),
    ]


def test_the_saving_is_what_the_new_services_cost_less() -> None:
    assert rows(net_saving(COSTS, WEEKS), "area", "period", "value") == [("L", "2010 to 2013", 3600)]
    assert rows(net_saving_printed(COSTS), "value", "basis") == [(3600, "net")]
    assert rows(saving_share(COSTS, WEEKS), "value") == [(0.72,)]
    assert rows(saving_share_printed(COSTS), "value", "missing") == [(0.72, None)]


def test_two_scenarios_of_one_period_keep_it() -> None:
    assert rows(net_saving_printed(COSTS.with_columns(period=pl.lit("2010"))), "period") == [("2010",)]


def test_there_is_no_saving_between_unlike_or_unknown_costs() -> None:
    unlike = costs(*NOW, service("to_be", "Home care", 5, 4, 1000, basis="gross"))
    assert rows(net_saving_printed(unlike), "value", "missing") == [(None, UNLIKE)]
    unknown = costs(*NOW, service("to_be", "Home care", 5, 4, None))
    assert rows(net_saving_printed(unknown), "value", "missing") == [(None, UNKNOWN)]
    assert rows(saving_share_printed(unknown), "value", "missing") == [(None, UNKNOWN)]
    free = costs(service("as_is", "Home care", 0, 4, 0), *THEN)
    zero = "The cost of the services as they are is zero, so nothing can be divided by it."
    assert rows(saving_share(free, WEEKS), "value", "missing") == [(None, zero)]


def test_nothing_costs_nothing_and_one_scenario_saves_nothing() -> None:
    assert annual_cost(COSTS.clear(), WEEKS).height == 0
    assert net_saving(COSTS.clear(), WEEKS).height == 0
    assert net_saving_printed(costs(*NOW)).height == 0


@pytest.mark.usefixtures("db")
def test_the_chapter_shows_both_scenarios_and_the_saving(home: Path) -> None:
    blocks = chapter(desk(home, service_costs=COSTS))
    assert [block.slug for block in blocks if isinstance(block, Table)] == ["scenario-1", "scenario-2", "net-saving"]
    chart = next(block for block in blocks if isinstance(block, Chart))
    assert [row[0] for row in chart.table.rows] == ["Home care", "Day care", "Enabling"]
    last = next(block for block in blocks if isinstance(block, Table)).rows[-1]
    assert (last[0], last[2]) == ("All services", "–")


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    absent = "The programme has no table “service_costs”, which would hold what services cost."
    assert chapter(desk(home)) == [Paragraph((absent,))]
    free = desk(home / "free", service_costs=costs(service("as_is", "Home care", 0, 4, 0)))
    alone = "Only one scenario is given, so there is no saving to show."
    assert [type(block) for block in chapter(free)] == [Paragraph, Table, Paragraph]
    assert chapter(free)[-1] == Paragraph((alone,))
