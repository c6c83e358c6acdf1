"""Figures that rest on numbers which a table tells one a row: drawn together, reckoned, and the ranges they leave.

Such a table has area, period, service, number, value, lower, upper, basis, price_year, source, place and note. Its
numbers are columns of their own here, under the words by which the table names them: a method is given those words.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from parity.analyse.pieces import DRAWS, SEED
from parity.documents.figure_tables import SPAN, place_words, titled
from parity.documents.model import Block, Callout, Column, Table
from parity.methods.chance import Chance, band_shares, is_wide, quantiles
from parity.methods.estimates import LEVEL, Estimate, estimate_draws, faults_of_estimate
from parity.terms.basis import Basis
from parity.terms.figure import Figure
from parity.terms.release import Release
from parity.terms.units import Unit, write_number

WHERE = ("area", "period", "service")
CHANCE = Chance(DRAWS, SEED)
BAND = "what 95% of the draws leave, each number drawn from its own interval"
UNLIKE = "The costs that it rests on are on different bases or in prices of different years."
CERTAIN = "No number that it rests on has an interval, so there is no chance to tell."
RANGES = (
    f"Every number that has an interval is drawn from it {Unit.COUNT.write(DRAWS)} times. A value is what follows from "
    "the numbers as stated; the range beside it holds 95 of 100 draws."
)
UNSURE = ", but the range reaches to both sides of £0, so it may save or cost"
FIGURES = {
    **dict.fromkeys(WHERE, pl.String),
    **dict.fromkeys(("value", "lower", "upper"), pl.Float64),
    **dict.fromkeys(("missing", "basis", "price_year"), pl.String),
}
HEADS = ("Number", "Value", "95% interval", "Source", "Place")
_MONEY = (Unit.GBP, Unit.GBP_EXACT, Unit.GBP_PER_WEEK)

Units = Mapping[str, Unit]
"""The numbers that a table may tell, by its own words for them, each with its unit: a share cannot exceed 1."""
_Rows = dict[str, dict[str, Any]]
_Result = dict[str, Any]


def reckoned(told: pl.DataFrame, measure: pl.Expr, *, units: Units, unknown: str = "") -> pl.DataFrame:
    """A row for each area, period and service: the measure of its numbers as stated, its 95% range, basis, price year.

    A number has the same draws wherever it stands for the same service. Where one is not told or cannot be used, or
    costs are unlike, the value is missing and says why; `unknown` says why where the measure itself has none. Where it
    has none in some of the draws there is no range.
    """

    def result(draws: pl.DataFrame) -> _Result:
        found = draws.select(found=measure.cast(pl.Float64))["found"].to_numpy()
        stated = float(found[0])
        if np.isnan(stated):
            return {"missing": unknown}
        lower, upper = (float(end) for end in quantiles(found[1:] if len(found) > 1 else found, band_shares([LEVEL])))
        is_drawn = is_wide(lower, upper, value=stated) and not np.isnan(found).any()
        return {"value": stated, "lower": lower if is_drawn else None, "upper": upper if is_drawn else None}

    return _figures(told, measure, units=units, result=result)


def chance_of(told: pl.DataFrame, condition: pl.Expr, *, units: Units) -> pl.DataFrame:
    """A row for each area, period and service: the share (0–1) of draws in which the condition holds.

    Missing where a number is, as in `reckoned`, and where none is uncertain.
    """

    def result(draws: pl.DataFrame) -> _Result:
        if draws.height == 1:
            return {"missing": CERTAIN}
        holds = draws.select(holds=condition)["holds"][1:].cast(pl.Float64)
        return {"value": holds.sum() / holds.len()}

    return _figures(told, condition, units=units, result=result).drop("lower", "upper", "basis", "price_year")


def numbers_table(told: pl.DataFrame, *, units: Units, slug: str, caption: str) -> Table:
    """Every number of one area, period and service, with its interval, document and place; what to know stands below.

    Numbers that share a note are named together before it.
    """
    rows = [
        (
            titled(row["number"]),
            "not known" if row["value"] is None else _written(units[row["number"]], row["value"]),
            _written(units[row["number"]], *(row[end] for end in ("lower", "upper") if row[end] is not None)),
            row["source"],
            place_words(row["place"]),
        )
        for row in told.to_dicts()
    ]
    noted = told.filter(pl.col("note").is_not_null()).group_by("note", maintain_order=True).agg("number")
    notes = tuple(f"{titled(', '.join(numbers))}: {note}" for note, numbers in noted.rows())
    columns = tuple(Column(head, numeric=head in HEADS[1:3]) for head in HEADS)
    return Table(slug, caption, columns, tuple(rows), notes=notes)


def warned(release: Release) -> list[Block]:
    """A boxed note where numbers of the table stand in for ones that the source does not give."""
    return [Callout("Some of the numbers are illustrative", (release.illustrative,))] if release.illustrative else []


def unsure(saving: Figure) -> str:
    """What to say after a saving of which the range does not tell whether it is one; else nothing."""
    is_open = saving.lower is not None and saving.upper is not None and saving.lower < 0 < saving.upper
    return UNSURE if is_open else ""


def _written(unit: Unit, *numbers: float) -> str:
    """A number in its unit, or the two ends of an interval, or nothing."""
    if unit is Unit.NUMBER:
        return SPAN.join(write_number(number) for number in numbers)
    return unit.write_range(*numbers) if len(numbers) > 1 else "".join(unit.write(number) for number in numbers)


def _figures(
    told: pl.DataFrame, measure: pl.Expr, *, units: Units, result: Callable[[pl.DataFrame], _Result]
) -> pl.DataFrame:
    """The rows of figures that `result` makes of the draws of the numbers which the measure needs."""
    asked = set(measure.meta.root_names())
    needed = [number for number in units if number in asked]
    found = []
    for where, rows in _groups(told):
        reason = _reason(rows, needed, units)
        money = _money(rows, needed, units)
        own = {"missing": reason} if reason else result(_draws(rows, needed, units, service=where["service"]))
        found.append({**where, **own, "basis": money[0][0], "price_year": money[0][1]})
    return pl.DataFrame(found, schema=FIGURES, orient="row") if found else pl.DataFrame(schema=FIGURES)


def _groups(told: pl.DataFrame) -> Iterator[tuple[dict[str, str], _Rows]]:
    """Each area, period and service with its rows by number."""
    for group in told.partition_by(WHERE, maintain_order=True):
        rows = group.to_dicts()
        yield {name: rows[0][name] for name in WHERE}, {row["number"]: row for row in rows}


def _reason(rows: _Rows, needed: list[str], units: Units) -> str:
    """Why nothing can be reckoned; empty where it can."""
    absent = [number for number in needed if number not in rows]
    if absent:
        return f"The table does not tell this: {', '.join(absent)}."
    faults = [
        f"{titled(number)}: {fault}"
        for number in needed
        for fault in faults_of_estimate(_estimate(rows[number], units[number]))
    ]
    if faults:
        return " ".join(faults)
    return UNLIKE if len(_money(rows, needed, units)) > 1 else ""


def _money(rows: _Rows, needed: list[str], units: Units) -> list[tuple[str, str | None]]:
    """What the costs among the numbers count, and the year of their prices: each pair once, at least one."""
    costs = [rows[number] for number in needed if number in rows and units[number] in _MONEY]
    not_stated = Basis.NOT_STATED.name.lower()
    pairs = [(row["basis"] or not_stated, row["price_year"]) for row in costs]
    return list(dict.fromkeys(pairs or [(not_stated, None)]))


def _draws(rows: _Rows, needed: list[str], units: Units, *, service: str) -> pl.DataFrame:
    """The needed numbers as columns: the first row as stated, then the draws of those that have an interval."""
    columns = {
        number: estimate_draws(
            _estimate(rows[number], units[number]), name="|".join(("told", service, number)), chance=CHANCE
        )
        for number in needed
    }
    height = max(len(column) for column in columns.values())
    return pl.DataFrame({number: np.broadcast_to(column, (height,)) for number, column in columns.items()})


def _estimate(row: Mapping[str, Any], unit: Unit) -> Estimate:
    most = 1.0 if unit is Unit.SHARE else np.inf
    return Estimate(row["value"], row["lower"], row["upper"], 0, most)
