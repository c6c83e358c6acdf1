"""The decorator that enters an indicator in the catalogue."""

from collections.abc import Iterator

import polars as pl
import pytest

from parity.terms.assumption import Assumption
from parity.terms.basis import Basis
from parity.terms.indicator import CATALOGUE, indicator
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

WORDS = {"title": "People", "numerator": "people", "formula": "people", "purpose": "counts"}


@pytest.fixture(autouse=True)
def _catalogue_as_before() -> Iterator[None]:
    before = dict(CATALOGUE)
    yield
    CATALOGUE.clear()
    CATALOGUE.update(before)


def test_what_is_used_is_read_off_the_parameters() -> None:
    @indicator(rows="A1 A2", unit=Unit.PEOPLE, dimensions=("sex",), basis=Basis.NET, polarity=Polarity.LOW, **WORDS)
    def people_in_a_test(
        population: pl.DataFrame,
        chosen_rate: Assumption,
        extras: pl.DataFrame | None = None,
        *,
        areas: pl.DataFrame,
    ) -> pl.DataFrame:
        """What it does."""
        return population

    entered = CATALOGUE["people_in_a_test"]
    assert entered.function is people_in_a_test
    assert (entered.tables, entered.optional_tables) == (("population", "areas"), ("extras",))
    assert entered.assumptions == ("chosen_rate",)
    assert (entered.rows, entered.keys) == (("A1", "A2"), ("area", "period", "sex"))
    assert (entered.method, entered.basis, entered.polarity) == ("What it does.", Basis.NET, Polarity.LOW)
    assert (entered.denominator, entered.multiplier) == ("none", "1")


def test_stage_and_topic_are_read_off_the_module() -> None:
    def people_elsewhere() -> pl.DataFrame:
        return pl.DataFrame()

    people_elsewhere.__module__ = "parity.analyse.population.indicators"
    indicator(rows="A1", unit=Unit.PEOPLE, **WORDS)(people_elsewhere)
    entered = CATALOGUE["people_elsewhere"]
    assert (entered.stage, entered.topic, entered.method) == ("analyse", "population", "")


def test_two_may_not_share_a_key() -> None:
    def enter() -> None:
        @indicator(rows="A1", unit=Unit.PEOPLE, **WORDS)
        def people_twice() -> pl.DataFrame:
            return pl.DataFrame()

    enter()
    with pytest.raises(ValueError, match=r"^Two indicators are called people_twice\.$"):
        enter()


def test_three_dimensions_are_too_many() -> None:
    with pytest.raises(ValueError, match=r"^An indicator has at most 2 dimensions beyond area and period\.$"):
        indicator(rows="A1", unit=Unit.PEOPLE, dimensions=("sex", "age", "lot"), **WORDS)
