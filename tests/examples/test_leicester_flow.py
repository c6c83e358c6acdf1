"""Leicester's flow model begins as the first table of its strategy says, and ends as the second, service by service."""

import numpy as np
import polars as pl
import pytest

from parity.methods.flow_case import Account, Told, case_of
from parity.methods.flow_levers import costs_with
from parity.methods.flow_outcome import Outcome, outcome_of
from parity.methods.flow_parameters import as_stated
from parity.methods.flow_run import Series
from parity.methods.flow_scenario import Levers, levers_of
from parity.plan.flow_tables import FlowTables, doubts_of, faults_of, told_of
from parity.sources.brought.programme import house_schemas
from parity.sources.brought.table_schema import read_table
from tests.given import EXAMPLES

STEMS = ("flow_models", "flow_settings", "flow_parameters", "scenarios", "scenario_changes", "service_costs")
PRINTED = "To be, as printed"
WEEKS = 52
YEARS = 3
STILL_USED = "Short Term Residential Care"


def read(stem: str) -> pl.DataFrame:
    frame, faults = read_table(EXAMPLES / "leicester" / "tables" / f"{stem}.csv", house_schemas()[stem])
    assert frame is not None
    assert not faults
    return frame


TABLES = FlowTables(*(read(stem) for stem in STEMS))
TOLD = told_of(TABLES, TABLES.flow_models["model"][0], weeks=WEEKS)
CASE = case_of(TOLD, as_stated)
MOVING = levers_of(TOLD, CASE, scenario=PRINTED, drawing=as_stated)


def printed(scenario: str) -> dict[str, tuple[float, float]]:
    """By service: clients and a year's pounds, worked out from clients and unit cost where both are printed."""
    costs = TABLES.service_costs
    assert costs is not None
    return {
        row["service"]: (row["clients"], row["clients"] * row["unit_cost_gbp_per_week"] * WEEKS)
        if row["clients"] is not None
        else (0, row["cost_gbp"])
        for row in costs.filter(scenario=scenario).iter_rows(named=True)
    }


def modelled(outcome: Outcome, levers: Levers, *, month: int) -> dict[str, tuple[float, float]]:
    """By setting: people at the month's end, and twelve times what the month costs."""
    people = outcome.run.series[Series.PEOPLE][month + 1, :, 0]
    costs = costs_with(CASE.accounts[Account.COST], levers.accounts[Account.COST], months=TOLD.months)[month]
    yearly = 12 * (people * costs.per_person[:, 0] + costs.fixed[:, 0])
    return dict(zip(CASE.model.settings, zip(people.tolist(), yearly.tolist(), strict=True), strict=True))


def agree(found: dict[str, tuple[float, float]], wanted: dict[str, tuple[float, float]]) -> None:
    for service in {*found, *wanted}:
        people, cost = found.get(service, (0, 0))
        clients, pounds = wanted.get(service, (0, 0))
        assert cost == pytest.approx(pounds, abs=1e-6), service
        if service != "No longer in these services":
            assert people == pytest.approx(clients, abs=1e-9), service


def test_the_tables_tell_a_model_that_can_be_run() -> None:
    assert isinstance(TOLD, Told)
    assert faults_of(TOLD) == doubts_of(TOLD) == []


def test_as_it_is_nothing_changes() -> None:
    base = outcome_of(CASE, Levers())
    for month in range(TOLD.months):
        agree(modelled(base, Levers(), month=month), printed("as_is"))
    assert np.ptp(base.net) == 0


def test_as_printed_it_ends_as_it_is_to_be() -> None:
    found = outcome_of(CASE, MOVING)
    for month in range(YEARS * 12 - 1, TOLD.months):
        agree(modelled(found, MOVING, month=month), printed("to_be"))
    assert found.net[-1, 0] * 12 == pytest.approx(sum(pounds for _, pounds in printed("to_be").values()))


def test_between_the_two_all_goes_one_way() -> None:
    people = outcome_of(CASE, MOVING).run.series[Series.PEOPLE][:, :, 0]
    steps = np.diff(people[: YEARS * 12 + 1], axis=0)
    assert np.allclose(steps, steps[0], atol=1e-9)
    assert people.sum(axis=1)[[0, -1]].tolist() == pytest.approx([537, 537 + 55 - 41])
    assert np.ptp(people[:, CASE.model.settings.index(STILL_USED)]) == 0
    assert (np.diff(outcome_of(CASE, MOVING).net[:, 0]) <= 1e-6).all()
