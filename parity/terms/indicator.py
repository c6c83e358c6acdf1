"""Indicators: a plain function from tables to figures, and the decorator that states what it means."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.terms.assumption import Assumption
from parity.terms.basis import Basis
from parity.terms.polarity import Polarity
from parity.terms.units import Unit

MOST_DIMENSIONS = 2
KEYS = ("area", "period")
VALUES = ("value", "lower", "upper", "missing")
EXTRAS = ("basis", "price_year", "note", "unit")
READ_FROM = "read_from"
"""The column that says from which publications' editions a row comes, where its table joins several."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator's definition and its function.

    `tables` and `optional_tables` are the stems the function reads, `assumptions` the keys of its chosen numbers:
    all three are read off the function's parameters, so what is declared is what is used.
    """

    key: str
    rows: tuple[str, ...]
    title: str
    unit: Unit
    numerator: str
    denominator: str
    multiplier: str
    polarity: Polarity
    frequency: str
    purpose: str
    formula: str
    dimensions: tuple[str, ...]
    interval: str
    basis: Basis | None
    stage: str
    topic: str
    method: str
    tables: tuple[str, ...]
    optional_tables: tuple[str, ...]
    assumptions: tuple[str, ...]
    function: Callable[..., pl.DataFrame]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that together name one figure: area, period and the indicator's own dimensions."""
        return (*KEYS, *self.dimensions)


CATALOGUE: dict[str, Indicator] = {}


def indicator(  # noqa: PLR0913 -- each is a field of the definition, named where it is used
    *,
    rows: str,
    title: str,
    unit: Unit,
    numerator: str,
    formula: str,
    purpose: str,
    denominator: str = "none",
    multiplier: str = "1",
    polarity: Polarity = Polarity.NEUTRAL,
    frequency: str = "once per release",
    dimensions: tuple[str, ...] = (),
    interval: str = "",
    basis: Basis | None = None,
) -> Callable[[Callable[..., pl.DataFrame]], Callable[..., pl.DataFrame]]:
    """The decorator that enters a function in the catalogue under its own name and returns it unchanged.

    The function takes frames named after tables (a default of None makes a table optional) and parameters annotated
    `Assumption`. It returns area, period, the named dimensions, value, and where it has them lower, upper, missing (a
    sentence), basis, price_year, note, and where they differ by row unit (its name) and read_from.
    `rows` are the rows of the systems inventory it serves.
    Raises ValueError for a key used twice or for more than two dimensions.
    """
    if len(dimensions) > MOST_DIMENSIONS:
        raise ValueError(f"An indicator has at most {MOST_DIMENSIONS} dimensions beyond area and period.")

    def enter(function: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
        key = function.__name__
        if key in CATALOGUE:
            raise ValueError(f"Two indicators are called {key}.")
        required, optional, assumptions = parameters(function)
        module = function.__module__.split(".")
        stage, topic = (module[1], module[2]) if len(module) > MOST_DIMENSIONS else ("", "")
        CATALOGUE[key] = Indicator(
            key=key,
            rows=tuple(rows.split()),
            title=title,
            unit=unit,
            numerator=numerator,
            denominator=denominator,
            multiplier=multiplier,
            polarity=polarity,
            frequency=frequency,
            purpose=purpose,
            formula=formula,
            dimensions=dimensions,
            interval=interval,
            basis=basis,
            stage=stage,
            topic=topic,
            method=inspect.getdoc(function) or "",
            tables=required,
            optional_tables=optional,
            assumptions=assumptions,
            function=function,
        )
        return function

    return enter


def parameters(
    function: Callable[..., Any],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The function's required tables, optional tables and assumptions, in the order of its parameters.

    A parameter with the default None is optional, one annotated `Assumption` is a chosen number.
    """
    required, optional, assumptions = [], [], []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.annotation is Assumption:
            assumptions.append(name)
        elif parameter.default is None:
            optional.append(name)
        else:
            required.append(name)
    return tuple(required), tuple(optional), tuple(assumptions)
