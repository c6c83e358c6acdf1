from dataclasses import replace
from pathlib import Path

import pytest

from parity.assumptions import assumption
from parity.documents.model import Chart, Paragraph, Table
from parity.secure.allocation.documents import ABSENT, chapter
from parity.secure.allocation.indicators import (
    allocation_weight,
    factor_effect,
    lot_allocation,
    lot_allocation_with_floor,
    lot_index,
    lot_people,
    lot_rural_share,
    lot_share,
    lot_share_with_floor,
    lot_weighted_people,
)
from parity.terms.assumption import Assumption
from tests.stages.analyse.frames import desk, rows, table


def chosen(key: str, value: float) -> Assumption:
    return replace(assumption(key), value=value)


PREVALENCE = chosen("allocation_prevalence_weight", 0.2)
DEPRIVATION = chosen("allocation_deprivation_weight", 0.3)
RURALITY = chosen("allocation_rurality_factor", 0.1)
FLOOR = chosen("allocation_floor", 0.3)
WEIGHTS = (PREVALENCE, DEPRIVATION, RURALITY)
FACTORS = table(
    "allocation_factors",
    {"area": "Town", "people": 100.0, "prevalence_index": 1.5, "deprivation_index": 1.0, "rural_share": 0.0},
    {"area": "Country", "people": 40.0, "prevalence_index": 1.0, "deprivation_index": 1.0, "rural_share": 0.5},
    period="2015",
)
BUDGETS = table("allocation_budgets", {"allocation": "Lots", "period": "2017/18", "amount_gbp": 1000.0})
TOO_HIGH = "The floor times the number of areas is over the whole budget: choose a lower floor."


def test_what_each_lot_brings_is_as_stated() -> None:
    assert rows(lot_people(FACTORS), "area", "period", "value") == [("Town", "2015", 100), ("Country", "2015", 40)]
    assert rows(lot_index(FACTORS), "area", "factor", "value") == [
        ("Town", "prevalence", 1.5),
        ("Country", "prevalence", 1.0),
        ("Town", "deprivation", 1.0),
        ("Country", "deprivation", 1.0),
    ]
    assert rows(lot_rural_share(FACTORS), "value") == [(0,), (0.5,)]


def test_population_weighs_what_the_indices_leave() -> None:
    assert rows(allocation_weight(FACTORS, *WEIGHTS), "area", "period", "factor", "value") == [
        ("whole programme", "2015", "population", 0.5),
        ("whole programme", "2015", "prevalence", 0.2),
        ("whole programme", "2015", "deprivation", 0.3),
        ("whole programme", "2015", "rurality", 0.1),
    ]


def test_shares_follow_weighted_people() -> None:
    assert rows(lot_weighted_people(FACTORS, *WEIGHTS), "area", "value") == [("Town", 110), ("Country", 42)]
    assert rows(lot_share(FACTORS, *WEIGHTS), "value", "missing") == [
        (round(110 / 152, 9), None),
        (round(42 / 152, 9), None),
    ]
    assert rows(lot_share_with_floor(FACTORS, *WEIGHTS, FLOOR), "value") == [(0.7,), (0.3,)]


def test_pounds_add_up_to_the_budget() -> None:
    assert rows(lot_allocation(FACTORS, BUDGETS, *WEIGHTS), "area", "period", "allocation", "value") == [
        ("Town", "2017/18", "Lots", 724),
        ("Country", "2017/18", "Lots", 276),
    ]
    assert rows(lot_allocation_with_floor(FACTORS, BUDGETS, *WEIGHTS, FLOOR), "value") == [(700,), (300,)]


def test_the_effect_of_a_factor_is_what_changes_without_it() -> None:
    assert rows(factor_effect(FACTORS, BUDGETS, *WEIGHTS), "area", "factor", "value", "missing") == [
        ("Town", "prevalence", 724 - 704, None),
        ("Country", "prevalence", 276 - 296, None),
        ("Town", "deprivation", 0, None),
        ("Country", "deprivation", 0, None),
        ("Town", "rurality", 724 - 733, None),
        ("Country", "rurality", 276 - 267, None),
    ]


def test_a_floor_over_the_whole_leaves_no_share() -> None:
    high = replace(FLOOR, value=0.6)
    assert rows(lot_share_with_floor(FACTORS, *WEIGHTS, high), "value", "missing") == [(None, TOO_HIGH)] * 2
    assert rows(lot_allocation_with_floor(FACTORS, BUDGETS, *WEIGHTS, high), "value", "missing") == [
        (None, TOO_HIGH),
        (None, TOO_HIGH),
    ]


def test_a_missing_factor_leaves_no_share_at_all() -> None:
    gap = FACTORS.with_columns(people=FACTORS["people"].replace(40.0, None))
    reason = "The population of Country is not known, and every share depends on it."
    assert rows(lot_share(gap, *WEIGHTS), "value", "missing") == [(None, reason)] * 2


def test_nobody_anywhere_leaves_no_share() -> None:
    nobody = FACTORS.with_columns(people=FACTORS["people"] * 0)
    reason = "The weighted population is zero everywhere, so there is nothing to share by."
    assert rows(lot_allocation(nobody, BUDGETS, *WEIGHTS), "value", "missing") == [(None, reason)] * 2


def test_without_lots_or_budgets_there_is_no_figure() -> None:
    assert lot_share(FACTORS.clear(), *WEIGHTS).height == 0
    assert lot_allocation(FACTORS.clear(), BUDGETS, *WEIGHTS).height == 0
    assert lot_allocation(FACTORS, BUDGETS.clear(), *WEIGHTS).height == 0
    assert factor_effect(FACTORS, BUDGETS.clear(), *WEIGHTS).height == 0
    assert allocation_weight(FACTORS.clear(), *WEIGHTS).height == 0


def test_a_budget_is_shared_by_the_latest_factors() -> None:
    later = FACTORS.with_columns(period=FACTORS["period"].replace("2015", "2016"), people=FACTORS["people"] * 0 + 1.0)
    both = FACTORS.vstack(later)
    assert lot_share(both, *WEIGHTS).height == 4
    assert lot_allocation(both, BUDGETS, *WEIGHTS).equals(lot_allocation(later, BUDGETS, *WEIGHTS))


@pytest.mark.usefixtures("db")
def test_the_chapter_shows_every_step(home: Path) -> None:
    blocks = chapter(desk(home, allocation_factors=FACTORS, allocation_budgets=BUDGETS))
    slugs = [block.slug for block in blocks if isinstance(block, Table)]
    assert slugs == ["allocation-weights", "allocation-steps-1", "allocation-1", "allocation-effects-1"]
    assert len([block for block in blocks if isinstance(block, Chart)]) == 1


@pytest.mark.usefixtures("db")
def test_the_chapter_says_what_is_missing(home: Path) -> None:
    assert chapter(desk(home / "none")) == [Paragraph((ABSENT,))]
    no_pounds = "The programme has no table “allocation_budgets”, so there are shares but no pounds."
    assert chapter(desk(home / "shares", allocation_factors=FACTORS))[-1] == Paragraph((no_pounds,))
