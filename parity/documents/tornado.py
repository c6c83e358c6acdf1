"""Tornado charts: how far each input alone moves a result, from its low end to its high end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parity.documents.drawing import (
    BAR,
    PALETTE,
    WIDTH,
    Point,
    height_of,
    label_axis,
    labels_of,
    specification,
    value_axis,
)
from parity.documents.model import Cell, Chart, Column, Table
from parity.documents.number_forms import shown_value
from parity.documents.printable import clean
from parity.terms.figure import Figure
from parity.terms.units import Unit

MOST = 12
LOW, HIGH = "input at its low end", "input at its high end"
_FILLS = {LOW: "white", HIGH: "#6BA0CF"}
_LETTER = 7
_HEADS = ("Input", "Low end", "Result there", "High end", "Result there", "Swing", "Source", "Place")
_WORDS = ("Input", "Source", "Place")


@dataclass(frozen=True, slots=True)
class Swing:
    """An input with its low and high ends in words, what the result is at each, all else as it stands, and its source.

    `cited` is the document that tells its ends, and the place in it.
    """

    name: str
    ends: tuple[str, str]
    results: tuple[Figure, Figure]
    cited: tuple[str, str] = ("not said", "–")

    @property
    def values(self) -> tuple[float, float]:
        """The results at the low and at the high end."""
        low, high = (figure.value or 0.0 for figure in self.results)
        return low, high

    @property
    def width(self) -> float:
        """How far apart the two results are, in the result's unit."""
        return abs(self.values[1] - self.values[0])


def tornado_chart(base: Figure, swings: Sequence[Swing], *, slug: str, title: str) -> Chart:
    """Bars from the result at the low end of each input to that at its high end, the widest first, around the base.

    The input's values are written at the ends of its bar. At most 12 are drawn and told; a note says how many moved
    the result less. Raises ValueError for no input, a base or a result without value, or a name that comes twice.
    """
    told = [base, *(figure for swing in swings for figure in swing.results)]
    if len(told) == 1 or any(figure.value is None for figure in told) or _is_twice(swings):
        raise ValueError(f"{slug}: a tornado needs a base with a value, and inputs, each once.")
    ordered = sorted(swings, key=lambda swing: -swing.width)
    drawn, unit = ordered[:MOST], base.unit
    points = [Point(swing.name, base) for swing in drawn]
    middle = shown_value(unit, base.value or 0.0)
    rows = [_row(swing, label, unit, middle) for swing, label in zip(drawn, labels_of(points), strict=True)]
    spec = specification(rows, _layers(rows, base, middle), encoding={"y": label_axis(points)},
                         height=height_of(points))  # fmt: skip
    table = _table(base, drawn, slug, title, left_out=len(ordered) - len(drawn))
    return Chart(title=title, description=_described(base, ordered), spec=spec, table=table)


def _is_twice(swings: Sequence[Swing]) -> bool:
    return len({clean(swing.name) for swing in swings}) < len(swings)


def _row(swing: Swing, label: str, unit: Unit, middle: float) -> dict[str, Any]:
    """The bar's parts, and the words left and right of it: the input's end at the lower and at the higher result."""
    at_low, at_high = (shown_value(unit, value) for value in swing.values)
    left, right = swing.ends if at_low <= at_high else reversed(swing.ends)
    text = ", ".join(f"{figure.text} at {end}" for figure, end in zip(swing.results, swing.ends, strict=True))
    return {"label": label, "low": at_low, "high": at_high, "middle": middle, "left": left, "right": right,
            "least": min(at_low, at_high, middle), "most": max(at_low, at_high, middle), "text": text}  # fmt: skip


def _layers(rows: Sequence[dict[str, Any]], base: Figure, middle: float) -> list[dict[str, Any]]:
    x = value_axis(base.unit) | {"scale": {"domain": _domain(rows), "nice": False, "zero": False}}
    x["axis"] |= {"labelOverlap": True}
    legend = {"symbolStrokeColor": PALETTE[0], "symbolStrokeWidth": 1.5}
    fill = {"type": "nominal", "scale": {"domain": list(_FILLS), "range": list(_FILLS.values())}, "legend": legend}
    bars = [
        {"mark": {"type": "bar", "height": BAR, "stroke": PALETTE[0], "strokeWidth": 1.5},
         "encoding": {"x": x | {"field": end}, "x2": {"field": "middle"}, "fill": {"datum": name, **fill}}}
        for end, name in (("low", LOW), ("high", HIGH))
    ]  # fmt: skip
    words = [
        {"mark": {"type": "text", "align": align, "baseline": "middle", "dx": gap},
         "encoding": {"x": {"field": place, "type": "quantitative"}, "text": {"field": side, "type": "nominal"}}}
        for side, place, align, gap in (("left", "least", "right", -6), ("right", "most", "left", 6))
    ]  # fmt: skip
    once: dict[str, Any] = {"values": [{}]}
    at = {"datum": middle, "type": "quantitative"}
    line = {"data": once, "mark": {"type": "rule", "strokeWidth": 2, "color": PALETTE[4]},
            "encoding": {"x": at, "y": {"value": 0}, "y2": {"value": "height"}}}  # fmt: skip
    named = {"data": once, "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": "bold",
                                    "text": f"As it stands: {base.text}"},
             "encoding": {"x": at, "y": {"value": 0}}}  # fmt: skip
    return [*bars, line, *words, named]


def _domain(rows: Sequence[dict[str, Any]]) -> list[float]:
    """The range of the results with room on both sides for the longest words there."""
    low, high = min(row["least"] for row in rows), max(row["most"] for row in rows)
    left, right = (max(len(row[side]) for row in rows) * _LETTER + 2 * _LETTER for side in ("left", "right"))
    a_pixel = ((high - low) or abs(high) or 1.0) / max(WIDTH - left - right, WIDTH / 2)
    return [low - left * a_pixel, high + right * a_pixel]


def _described(base: Figure, ordered: Sequence[Swing]) -> str:
    """The base and the inputs that move it most, in words."""
    most = ordered[: min(len(ordered), 3)]
    told = "; ".join(
        f"{swing.name}, from {swing.results[0].text} at {swing.ends[0]} to {swing.results[1].text} at {swing.ends[1]}"
        for swing in most
    )
    return f"Tornado chart of {min(len(ordered), MOST)} inputs around {base.text}. What moves it most: {told}."


def _table(base: Figure, drawn: Sequence[Swing], slug: str, title: str, *, left_out: int) -> Table:
    heads = tuple(Column(head, numeric=head not in _WORDS) for head in _HEADS)
    rows: list[tuple[Cell, ...]] = [("As it stands", "–", base, "–", base, "–", "–", "–")]
    for swing in drawn:
        (low, high), (at_low, at_high) = swing.ends, swing.results
        rows.append((swing.name, low, at_low, high, at_high, base.unit.write(swing.width), *swing.cited))
    notes: tuple[str, ...] = ("Each input is moved alone, all else as it stands.",)
    if left_out:
        less = base.unit.write(drawn[-1].width)
        notes += (f"Left out: {left_out} inputs that move the result by no more than {less}.",)
    return Table(slug, title, heads, tuple(rows), notes=notes)
