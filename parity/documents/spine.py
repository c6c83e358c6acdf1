"""Spine charts: many measures of one area, each beside England's and beside all areas of its kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parity.documents.drawing import PALETTE, WIDTH, Point, height_of, label_axis, specification
from parity.documents.model import Cell, Chart, Column, Table
from parity.documents.printable import clean
from parity.terms.figure import Figure
from parity.terms.polarity import Polarity

MIDDLE = 0.5
"""Where England stands on the scale from worst (0) to best (1)."""
UNTOLD = "not told"
MARKS = {
    "better": ("circle", PALETTE[0]), "worse": ("diamond", PALETTE[3]), "higher": ("triangle-up", PALETTE[2]),
    "lower": ("triangle-down", PALETTE[2]), "similar": ("square", PALETTE[4]), UNTOLD: ("cross", PALETTE[4]),
}  # fmt: skip
"""Shape and colour of each verdict against England."""
_ALL, _HALF = "#D8DDE0", "#AEB7BD"
_THICK = 14
_ENDS = ("Lowest", "A quarter lie below", "A quarter lie above", "Highest")


@dataclass(frozen=True, slots=True)
class Vertebra:
    """One measure of an area: its figure, England's, and the lowest, quarter marks and highest of areas of its kind.

    `verdict` is a key of `MARKS`, None where it cannot be told.
    """

    label: str
    figure: Figure
    england: Figure
    spread: tuple[Figure, Figure, Figure, Figure]
    polarity: Polarity = Polarity.NEUTRAL
    verdict: str | None = None

    def places(self) -> tuple[float, ...]:
        """Where the figure and the four ends stand: 0 is worst or lowest, 1 best or highest, England in the middle.

        Nothing where a number is missing, or where no area differs from England.
        """
        known = [one.value for one in (self.figure, *self.spread, self.england) if one.value is not None]
        reach = max((abs(value - known[-1]) for value in known), default=0.0)
        if len(known) < len(self.spread) + 2 or not reach:
            return ()
        side = -1 if self.polarity is Polarity.LOW else 1
        return tuple(MIDDLE + side * (value - known[-1]) / (2 * reach) for value in known[:-1])


def spine_chart(bones: Sequence[Vertebra], *, slug: str, title: str) -> Chart:
    """A row a measure: all areas of the kind from end to end, the middle half darker, England's line, and the area.

    A measure of which a number is missing stands in the table alone. Raises ValueError where nothing can be drawn or a
    label comes twice.
    """
    drawn = [bone for bone in bones if bone.places()]
    if not drawn or len({bone.label for bone in bones}) < len(bones):
        raise ValueError(f"{slug}: a spine chart needs measures with values, each once.")
    points = [Point(bone.label, bone.figure) for bone in drawn]
    spec = specification([_row(bone) for bone in drawn], _layers(), encoding={"y": label_axis(points)},
                         height=height_of(points))  # fmt: skip
    return Chart(title=title, description=_described(drawn), spec=spec, table=_table(bones, slug, title))


def _row(bone: Vertebra) -> dict[str, Any]:
    own, low, first, third, high = bone.places()
    verdict = bone.verdict or UNTOLD
    text = f"{bone.figure.text}; England {bone.england.text}"
    return {"label": clean(bone.label), "own": own, "low": low, "high": high, "first": first, "third": third,
            "verdict": verdict, "text": text}  # fmt: skip


def _layers() -> list[dict[str, Any]]:
    scale = {"domain": [0, 1], "nice": False}
    words = "datum.value == 0 ? 'worse or lower' : datum.value == 1 ? 'better or higher' : 'England'"
    axis = {"values": [0, MIDDLE, 1], "labelExpr": words, "grid": False, "ticks": False, "domain": False,
            "title": None, "labelFlush": True}  # fmt: skip
    x = {"type": "quantitative", "scale": scale, "axis": axis}
    bars = [
        {"mark": {"type": "bar", "color": colour, "height": _THICK},
         "encoding": {"x": {"field": start, **x}, "x2": {"field": end}}}
        for start, end, colour in (("low", "high", _ALL), ("first", "third", _HALF))
    ]  # fmt: skip
    line = {"data": {"values": [{}]}, "mark": {"type": "rule", "strokeWidth": 2, "color": PALETTE[4]},
            "encoding": {"x": {"datum": MIDDLE, **x}, "y": {"value": 0}, "y2": {"value": "height"}}}  # fmt: skip
    shapes, colours = ([mark[place] for mark in MARKS.values()] for place in (0, 1))
    key = {"field": "verdict", "type": "nominal", "legend": {"columns": len(MARKS), "symbolType": None}}
    own = {
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": {
            "x": {"field": "own", **x},
            "shape": key | {"scale": {"domain": list(MARKS), "range": shapes}},
            "color": key | {"scale": {"domain": list(MARKS), "range": colours}},
        },
    }
    texts = {"mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 12},
             "encoding": {"x": {"value": WIDTH}, "text": {"field": "text", "type": "nominal"}}}  # fmt: skip
    return [*bars, line, own, texts]


def _described(bones: Sequence[Vertebra]) -> str:
    """Which measures are better and worse than England's, in words."""
    sentences = [f"Spine chart. {len(bones)} measures, England in the middle, worse or lower to the left."]
    for verdict in MARKS:
        named = [bone.label for bone in bones if (bone.verdict or UNTOLD) == verdict]
        if named:
            words = "Difference from England not told" if verdict == UNTOLD else verdict.capitalize()
            sentences.append(f"{words}: {'; '.join(named)}.")
    return " ".join(sentences)


def _table(bones: Sequence[Vertebra], slug: str, title: str) -> Table:
    heads = (Column("Measure"), *(Column(head, numeric=True) for head in ("Value", "England", *_ENDS)),
             Column("Against England"))  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (bone.label, bone.figure, bone.england, *bone.spread, bone.verdict or UNTOLD) for bone in bones
    ]
    return Table(slug, title, heads, tuple(rows))
