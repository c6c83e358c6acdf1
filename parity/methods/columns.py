"""Whole columns: what an argument of a method means, division that can be impossible, totals that can be unknown.

A `Column` is a column's name, a number, or an expression. Methods return Polars expressions, so that one call serves
every area and period of a table. Where an input is missing or a denominator is zero the result is null, never zero.
"""

from typing import Any

import polars as pl

Column = str | float | pl.Expr


def column(given: Column) -> pl.Expr:
    """An expression: the column of that name, the number itself, or the expression unchanged.

    Source: convention of this package.
    """
    if isinstance(given, pl.Expr):
        return given
    return pl.col(given) if isinstance(given, str) else pl.lit(given)


def divide(part: Column, whole: Column, *, per: float = 1) -> pl.Expr:
    """Part over whole times `per`; null where either is missing or the whole is zero.

    Source: arithmetic; an empty denominator gives "not calculable", not zero.
    """
    below = column(whole)
    return pl.when(below != 0).then(column(part) / below * per)


def why_not_divided(
    part: Column, whole: Column, *, part_name: str = "number", whole_name: str = "denominator"
) -> pl.Expr:
    """Text column `missing`: the sentence that says why there is no quotient; null where there is one.

    Source: convention of this package.
    """
    below = column(whole)
    return (
        pl.when(column(part).is_null())
        .then(pl.lit(f"The {part_name} is not known."))
        .when(below.is_null())
        .then(pl.lit(f"The {whole_name} is not known."))
        .when(below == 0)
        .then(pl.lit(f"The {whole_name} is zero, so nothing can be divided by it."))
        .otherwise(pl.lit(None, dtype=pl.String))
        .alias("missing")
    )


def total(part: Column) -> pl.Expr:
    """One number: the sum; null where any item is missing or there is no item at all.

    Source: arithmetic. Polars' own sum counts a missing item as zero, which would understate the total.
    """
    items = column(part)
    return pl.when((items.len() > 0) & (items.null_count() == 0)).then(items.sum())


def numbers(*expressions: pl.Expr) -> tuple[Any, ...]:
    """The values of expressions that read no column: a method used on plain numbers.

    >>> numbers(divide(1, 4), divide(1, 0))
    (0.25, None)

    Source: convention of this package.
    """
    return pl.select(expression.alias(str(place)) for place, expression in enumerate(expressions)).row(0)
