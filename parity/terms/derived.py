"""Derived tables: a plain function from tables to a table that indicators read, computed once for what it read."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from parity.terms.indicator import READ_FROM, parameters
from parity.terms.release import OF_EDITION


@dataclass(frozen=True, slots=True)
class Derived:
    """A table that is computed from others, and kept under the releases that it read.

    `tables`, `optional_tables` and `assumptions` are read off the function's parameters, as an indicator's are.
    `version` is another after each change of what the function computes. A table `by_area` is read for the areas in
    view alone. A table `by_content` is small: its release follows from the rows that it holds, and it is not there
    where it holds none, so that what needs it is then neither computed nor cited. A `lookup` gives no number.
    """

    stem: str
    words: str
    version: int
    by_area: bool
    tables: tuple[str, ...]
    optional_tables: tuple[str, ...]
    assumptions: tuple[str, ...]
    function: Callable[..., pl.DataFrame]
    by_content: bool = False
    lookup: bool = False


DERIVED: dict[str, Derived] = {}


def read_from(stem: str) -> pl.Expr:
    """The column that says from which edition of a publication a row is read, as `Release.edition_name` writes it.

    A table that joins several publications keeps it, so that a figure can name its own row's alone.
    """
    return pl.format(f"{stem}{OF_EDITION}{{}}", "edition").alias(READ_FROM)


def derived_table(
    *, words: str, version: int, by_area: bool = False, by_content: bool = False, lookup: bool = False
) -> Callable[[Callable[..., pl.DataFrame]], Callable[..., pl.DataFrame]]:
    """The decorator that enters a function under its own name as the table's stem, and returns it unchanged.

    `words` say what the table holds. Raises ValueError for a stem used twice.
    """

    def enter(function: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
        stem = function.__name__
        if stem in DERIVED:
            raise ValueError(f"Two derived tables are called {stem}.")
        names = parameters(function)
        DERIVED[stem] = Derived(stem, words, version, by_area, *names, function, by_content, lookup)
        return function

    return enter
