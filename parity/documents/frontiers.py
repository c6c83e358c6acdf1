"""Frontier charts: portfolios by what they cost and bring, with those that no other beats on both."""

import math
import textwrap
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.documents.drawing import LINE_HEIGHT, PALETTE, WIDTH, specification, value_axis
from parity.documents.model import Cell, Chart, Column, Table
from parity.documents.number_forms import shown_value
from parity.documents.printable import clean
from parity.terms.figure import Figure
from parity.terms.units import Unit

COLUMNS = ("portfolio", "cost", "gain", "efficient", "chosen")
CHOSEN = "chosen"
_CELLS = (24, 18)
"""Into how many cells, across and up, the others are counted where there are more of them than cells."""
_ACROSS, _DIGITS, _TITLE = WIDTH + 60, 6, 46
_OTHERS, _LINE, _CHOSEN = "#AEB7BD", PALETTE[0], PALETTE[2]
_APART, _LETTER = 16, 7
_SIZES = (14, 110)
_TOLD = (("number", "Number"), ("name", "Portfolio"), ("text", "What it costs and brings"))


@dataclass(frozen=True, slots=True)
class Measure:
    """What an axis measures: its heading and its unit."""

    title: str
    unit: Unit


def frontier_chart(
    portfolios: pl.DataFrame,
    *,
    slug: str,
    title: str,
    cost: Measure,
    gain: Measure,
    budget: Figure | None = None,
) -> Chart:
    """Every portfolio at its cost and gain, and a line through the efficient ones, which are numbered and named.

    `portfolios` has a row a portfolio: `COLUMNS`, of which the last two are true or false; at most one is chosen, and
    more gain is better. Where there are many others, a dot stands for those close together, larger for more.
    `budget`, a figure in the unit of the cost, is a line. Numbers are plain, as thousands of portfolios have no
    figures of their own. Raises ValueError where none is efficient, several are chosen, a number is missing, or the
    budget has another unit.
    """
    _check(portfolios, slug, cost, budget)
    ordered = portfolios.sort("cost", "gain", "portfolio").with_columns(
        number=pl.when("efficient").then(pl.col("efficient").cum_sum())
    )
    layers = [*_dots(_shown(ordered, cost, gain), cost, gain), *_budget(budget)]
    spec = specification([], layers, encoding={}, height=LINE_HEIGHT)
    spec["width"] = _ACROSS
    table = _table(ordered, (cost, gain), slug=slug, title=title, budget=budget)
    return Chart(title=title, description=_described(ordered, cost, gain, budget), spec=spec, table=table)


def _check(portfolios: pl.DataFrame, slug: str, cost: Measure, budget: Figure | None) -> None:
    if portfolios.select(~pl.col("cost", "gain").is_finite().fill_null(value=False)).sum().sum_horizontal().sum():
        raise ValueError(f"{slug}: a frontier needs the cost and the gain of every portfolio.")
    if not portfolios["efficient"].any() or portfolios["chosen"].sum() > 1:
        raise ValueError(f"{slug}: a frontier has efficient portfolios, and at most one that is chosen.")
    if budget is not None and budget.unit is not cost.unit:
        raise ValueError(f"{slug}: the budget is not in the unit of the cost.")


def _shown(frame: pl.DataFrame, cost: Measure, gain: Measure) -> pl.DataFrame:
    """Cost and gain on the scale readers see."""
    scales = {"cost": shown_value(cost.unit, 1.0), "gain": shown_value(gain.unit, 1.0)}
    return frame.with_columns((pl.col(name) * scale).round_sig_figs(_DIGITS) for name, scale in scales.items())


def _counted(others: pl.DataFrame) -> pl.DataFrame:
    """A row a portfolio; where there are more than cells, a row a cell that holds any, at the mean of those in it."""
    if others.height <= math.prod(_CELLS):
        return others.select("cost", "gain", count=pl.lit(1))
    cells = [_cell(name, number).alias(f"cell_{name}") for name, number in zip(("cost", "gain"), _CELLS, strict=True)]
    means = pl.col("cost", "gain").mean().round_sig_figs(_DIGITS)
    grouped = others.group_by(cells, maintain_order=True).agg(means, count=pl.len())
    return grouped.select("cost", "gain", "count")


def _cell(name: str, number: int) -> pl.Expr:
    column = pl.col(name)
    reach = column.max() - column.min()
    return ((column - column.min()) / pl.when(reach > 0).then(reach).otherwise(1) * number).floor().clip(0, number - 1)


def _dots(shown: pl.DataFrame, cost: Measure, gain: Measure) -> list[dict[str, Any]]:
    """The others as dots, the efficient as a numbered line, and the one that is chosen."""
    x = _axis(cost, "cost", shown)
    y = _axis(gain, "gain", shown)
    place: dict[str, Any] = {"x": x, "y": y}
    others = _counted(shown.filter(~(pl.col("efficient") | pl.col("chosen")))).to_dicts()
    best = _told(shown.filter("efficient"), cost, gain)
    size = {"field": "count", "type": "quantitative", "legend": None,
            "scale": {"type": "sqrt", "domain": [1, max((row["count"] for row in others), default=1)],
                      "range": list(_SIZES)} if len(others) > 1 else None}  # fmt: skip
    tip = [{"field": name, "type": "nominal", "title": title}
           for name, title in _TOLD]  # fmt: skip
    count = [{"field": "count", "type": "quantitative", "title": "Portfolios here"}]
    layers: list[dict[str, Any]] = [
        {"data": {"values": others}, "mark": {"type": "point", "filled": True, "opacity": 1, "color": _OTHERS},
         "encoding": {**place, "size": size, "tooltip": count}},
        {"data": {"values": best}, "mark": {"type": "line", "strokeWidth": 2, "color": _LINE},
         "encoding": {**place, "order": {"field": "number", "type": "quantitative"}}},
        {"data": {"values": best}, "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "color": _LINE},
         "encoding": {**place, "tooltip": tip}},
    ]  # fmt: skip
    chosen = _told(shown.filter("chosen"), cost, gain)
    mark = {"type": "point", "shape": "diamond", "filled": True, "size": 260, "opacity": 1, "color": _CHOSEN,
            "stroke": "white", "strokeWidth": 1.5}  # fmt: skip
    layers += [{"data": {"values": chosen}, "mark": mark, "encoding": {**place, "tooltip": tip}}] if chosen else []
    return [*layers, *_numbers(shown, place)]


def _axis(measure: Measure, field: str, shown: pl.DataFrame) -> dict[str, Any]:
    """The axis of a measure with nought; where there is nothing below nought it begins there."""
    low = min(0.0, *shown[field])
    scale = {"zero": True, "nice": True} | ({} if low < 0 else {"domainMin": 0})
    axis = value_axis(measure.unit) | {"field": field, "scale": scale}
    axis["axis"] |= {"title": textwrap.wrap(clean(measure.title), _TITLE), "grid": field == "gain"}
    return axis


def _told(rows: pl.DataFrame, cost: Measure, gain: Measure) -> list[dict[str, Any]]:
    back = {"cost": shown_value(cost.unit, 1.0), "gain": shown_value(gain.unit, 1.0)}
    return [
        {"cost": row["cost"], "gain": row["gain"], "number": row["number"], "name": clean(row["portfolio"]),
         "text": f"{cost.unit.write(row['cost'] / back['cost'])}, {gain.unit.write(row['gain'] / back['gain'])}"}
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def _numbers(shown: pl.DataFrame, place: dict[str, Any]) -> list[dict[str, Any]]:
    """The numbers of efficient portfolios, above their points where there is room, the chosen one first.

    They stand left of their points, or right where the axis is in the way.
    """
    across, up = (max(0.0, *shown[name]) - min(0.0, *shown[name]) or 1.0 for name in ("cost", "gain"))
    low = min(0.0, *shown["cost"])
    written: list[tuple[float, float, float]] = []
    sides: dict[str, list[dict[str, Any]]] = {"right": [], "left": []}
    ordered = shown.filter(pl.col("efficient") | pl.col("chosen")).sort("chosen", "number", descending=[True, False])
    for row in ordered.iter_rows(named=True):
        number = "" if row["number"] is None else str(row["number"])
        text = f"{CHOSEN}: {number}".removesuffix(": ") if row["chosen"] else number
        wide, x = len(text) * _LETTER, (row["cost"] - low) / across * _ACROSS
        side = "right" if x >= wide else "left"
        at = (x if side == "right" else x + wide, row["gain"] / up * LINE_HEIGHT, wide)
        if not any(_touch(at, other) for other in written):
            written.append(at)
            sides[side].append({"cost": row["cost"], "gain": row["gain"], "text": text})
    words = {"field": "text", "type": "nominal"}
    return [
        {"data": {"values": rows},
         "mark": {"type": "text", "align": side, "baseline": "bottom", "dx": -5 if side == "right" else 9, "dy": -4},
         "encoding": {**place, "text": words}}
        for side, rows in sides.items()
        if rows
    ]  # fmt: skip


def _touch(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two words would touch, each given by its right end, its height and its width."""
    x, y, width = one
    other_x, other_y, other_width = other
    beside = x + _LETTER < other_x - other_width or other_x + _LETTER < x - width
    return abs(y - other_y) < _APART and not beside


def _budget(budget: Figure | None) -> list[dict[str, Any]]:
    """A line at the budget, named above the chart."""
    if budget is None or budget.value is None:
        return []
    once: dict[str, Any] = {"values": [{}]}
    at = {"datum": shown_value(budget.unit, budget.value), "type": "quantitative"}
    line = {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.5, "color": _CHOSEN}
    words = {"type": "text", "baseline": "bottom", "dy": -4, "color": _CHOSEN, "text": f"Budget: {budget.text}"}
    top, bottom = {"value": 0}, {"value": "height"}
    return [
        {"data": once, "mark": line, "encoding": {"x": at, "y": top, "y2": bottom}},
        {"data": once, "mark": words, "encoding": {"x": at, "y": top}},
    ]


def _described(ordered: pl.DataFrame, cost: Measure, gain: Measure, budget: Figure | None) -> str:
    """How many portfolios there are, where the frontier begins and ends, and which is chosen, in words."""
    best = ordered.filter("efficient").rows(named=True)
    parts = [f"{_counted_words(ordered.height)} by cost and gain. No other beats {len(best)} of them on both."]
    ends = (("The cheapest of these", best[0]), ("The dearest", best[-1])) if len(best) > 1 else (("It is", best[0]),)
    parts += [f"{words}: {_sentence(row, cost, gain)}." for words, row in ends]
    chosen = ordered.filter("chosen").rows(named=True)
    parts += [f"Chosen: {_sentence(row, cost, gain)}." for row in chosen if best != [row]]
    parts += ["It is chosen." for row in chosen if best == [row]]
    if budget is not None and budget.value is not None:
        within = (ordered["cost"] <= budget.value).sum()
        parts.append(f"Within the budget of {budget.text}: {within}.")
    return " ".join(parts)


def _counted_words(number: int) -> str:
    return f"{number} portfolio{'' if number == 1 else 's'}"


def _sentence(row: dict[str, Any], cost: Measure, gain: Measure) -> str:
    return f"{row['portfolio']}, {cost.unit.write(row['cost'])} for {gain.unit.write(row['gain'])}"


def _table(
    ordered: pl.DataFrame, measures: tuple[Measure, Measure], *, slug: str, title: str, budget: Figure | None
) -> Table:
    """The efficient portfolios by number, and the chosen one where it is not among them."""
    cost, gain = measures
    heads = (Column("Number"), Column("Portfolio"), Column(cost.title, numeric=True), Column(gain.title, numeric=True),
             Column("Chosen"))  # fmt: skip
    named = ordered.filter(pl.col("efficient") | pl.col("chosen"))
    rows: list[tuple[Cell, ...]] = [
        (str(row["number"] or "–"), row["portfolio"], cost.unit.write(row["cost"]), gain.unit.write(row["gain"]),
         CHOSEN if row["chosen"] else "–")
        for row in named.iter_rows(named=True)
    ]  # fmt: skip
    if budget is not None:
        rows.append(("–", "Budget", budget, "–", "–"))
    notes = (f"Others, which cost more or bring less than one of these: {ordered.height - named.height}.",)
    return Table(slug, title, heads, tuple(rows), notes=notes if ordered.height > named.height else ())
